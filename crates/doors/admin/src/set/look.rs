//! `/a/settings/brand/look`: a mail and a page in a brand that nobody has saved yet.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use kernel::{Brand, Error, Result, Shop};
use messaging::specimen;
use staff::{Member, Permission};
use web::headers::Framing;
use web::{Failure, Form, HtmlPage};

use super::fields::Fields;
use crate::door::Door;

/// Makes the newest order's page as its customer would see it in another brand; none while there is no order.
pub type PageInBrand =
    Arc<dyn Fn(Brand) -> Pin<Box<dyn Future<Output = Result<Option<String>>> + Send>> + Send + Sync>;

/// `GET /a/settings/brand/look?as=mail&…`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    RawQuery(query): RawQuery,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let form = Form::parse(query.unwrap_or_default().as_bytes())?;
    let fields = Fields::read(&form);
    if !fields.faults().is_empty() {
        return Err(nothing().into());
    }
    let (html, framing) = match form.text("as") {
        "mail" => (mail(&door, fields, false).await?, Framing::Shown),
        "dark" => (mail(&door, fields, true).await?, Framing::Shown),
        "page" => (page(&door, &fields).await?, Framing::ShownPage),
        _ => return Err(nothing().into()),
    };
    Ok(HtmlPage::new(html).framing(framing))
}

fn brand(door: &Door, fields: &Fields) -> Result<Brand> {
    Ok(fields.brand(&door.db.wiring().get_arc::<Shop>()?.brand))
}

async fn page(door: &Door, fields: &Fields) -> Result<String> {
    let made = (door.page_in_brand)(brand(door, fields)?).await?;
    Ok(made.unwrap_or_else(|| {
        "<!doctype html><title>No order yet</title><p>It shows here with the first order.</p>".to_owned()
    }))
}

async fn mail(door: &Door, fields: Fields, is_dark: bool) -> Result<String> {
    let brand = brand(door, &fields)?;
    let read = door.db.read("settings.look", move |r| specimen::mail_in(r, &brand));
    let html = read.await?.html;
    Ok(if is_dark { specimen::forced_dark(&html) } else { specimen::forced_light(&html) })
}

/// A text in this brand.
pub(super) async fn text(door: &Door, fields: Fields) -> Result<String> {
    let brand = brand(door, &fields)?;
    door.db.read("settings.look_text", move |r| specimen::text_in(r, &brand)).await
}

#[track_caller]
fn nothing() -> Error {
    Error::not_found("There is nothing to look at yet.")
}
