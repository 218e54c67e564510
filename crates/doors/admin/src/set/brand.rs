//! `/a/settings/brand`: how the shop looks in every mail, page and text.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::brand::{Accents, Rgb};
use kernel::{Brand, Kind, Result, Shop};
use serde::Serialize;
use settings::Section;
use staff::{Member, Permission};
use web::headers::Framing;
use web::{Failure, Form, HtmlPage};

use super::fields::{Fault, Fields};
use super::{After, look, version_of};
use crate::door::{Door, see_other};

const PATH: &str = "/a/settings/brand";

/// What `admin/set-brand.html` is given as `page`.
#[derive(Debug, Serialize)]
struct BrandPage {
    fields: Fields,
    version: i64,
    /// Whether this page decides, and not the file.
    is_set: bool,
    is_saved: bool,
    faults: Vec<Fault>,
    /// Why nothing was saved, when no field is to blame.
    notice: Option<String>,
    /// What we made of the colour so that it can be read, where that is another one.
    walked: Option<Walked>,
    /// Where the looks are asked for; none while the fields can't be meant.
    looks: Option<String>,
    /// How a text begins.
    text: Option<String>,
}

#[derive(Debug, Serialize)]
struct Walked {
    light: String,
    dark: String,
}

/// `GET /a/settings/brand`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(after): Query<After>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let (fields, version, is_set) = stored(&door).await?;
    let page = BrandPage { version, is_set, is_saved: after.saved.is_some(), ..page(&door, fields).await? };
    Ok(door.page("admin/set-brand.html", "Brand", &page)?.framing(Framing::Shows))
}

async fn stored(door: &Door) -> Result<(Fields, i64, bool)> {
    let read = door.db.read("settings.brand", |r| {
        let stored = settings::find::<Brand>(r, Section::Brand)?;
        let brand = stored.value.as_ref().unwrap_or(&r.wired::<Shop>()?.brand);
        Ok((Fields::of(brand), stored.version, stored.value.is_some()))
    });
    read.await
}

/// The page around these fields, with what they come to.
async fn page(door: &Door, fields: Fields) -> Result<BrandPage> {
    let faults = fields.faults();
    let looked = faults.is_empty().then(|| fields.clone());
    let text = match looked {
        Some(looked) => Some(look::text(door, looked).await?),
        None => None,
    };
    Ok(BrandPage {
        version: 0,
        is_set: true,
        is_saved: false,
        notice: None,
        walked: walked(&fields.color),
        looks: text.is_some().then(|| format!("{PATH}/look?{}", fields.query())),
        text,
        faults,
        fields,
    })
}

fn walked(color: &str) -> Option<Walked> {
    let brand = Rgb::parse(color).ok()?;
    let Accents { light, dark, .. } = Accents::of(brand);
    (light != brand.hex()).then_some(Walked { light, dark })
}

/// `POST /a/settings/brand`: looks at it, saves it, or goes back to the file.
pub(crate) async fn change(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let (fields, version) = (Fields::read(&form), version_of(form.text("version")));
    let is_clearing = form.text("do") == "file";
    let is_looking = form.text("do") == "look";
    let faults = fields.faults();
    if is_looking || !(is_clearing || faults.is_empty()) {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(again(&door, fields, version, None, status).await?);
    }
    let kept = fields.clone();
    let saved = door.db.write("settings.save_brand", move |w| {
        if is_clearing {
            return settings::clear(w, Section::Brand, version, &member.id);
        }
        let before = settings::find::<Brand>(w, Section::Brand)?.value;
        let before = before.unwrap_or(w.wired::<Shop>()?.brand.clone());
        settings::save(w, Section::Brand, &fields.brand(&before), version, &member.id)
    });
    match saved.await {
        Ok(()) => Ok(see_other("/a/settings/brand?saved=1", None)?),
        Err(error) if error.kind() == Kind::Conflict => {
            // What is saved next is saved over what they have seen.
            let (_, newest, _) = stored(&door).await?;
            let notice = Some(error.words().to_owned());
            Ok(again(&door, kept, newest, notice, StatusCode::CONFLICT).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(
    door: &Door,
    fields: Fields,
    version: i64,
    notice: Option<String>,
    status: StatusCode,
) -> Result<Response> {
    let is_set = version > 0;
    let page = BrandPage { version, is_set, notice, ..page(door, fields).await? };
    let html = door.page("admin/set-brand.html", "Brand", &page)?;
    Ok(html.framing(Framing::Shows).status(status).into_response())
}
