//! A message as it would look: with sample content, in a brand that may not be the shop's yet.

use db::Read;
use kernel::{Brand, Error, Result, Shop};

pub use crate::inbox::view::{forced_dark, forced_light};
use crate::letter::Rendered;
use crate::render;
use crate::template::{Given, Template, Templates};
use crate::wording::Wording;

/// The first message of the program, as a mail in this brand.
pub fn mail_in(r: &Read<'_>, brand: &Brand) -> Result<Rendered> {
    with_sample(r, brand, |template, given| {
        let letter = (template.write)(given)?;
        Ok(render::render(&letter, &given.shop.brand, given.wording))
    })
}

/// The same as a text.
pub fn text_in(r: &Read<'_>, brand: &Brand) -> Result<String> {
    with_sample(r, brand, |template, given| Ok((template.text)(given)?.body(&given.shop.brand.name)))
}

fn with_sample<T>(
    r: &Read<'_>,
    brand: &Brand,
    write: impl FnOnce(&Template, &Given<'_>) -> Result<T>,
) -> Result<T> {
    let shop = Shop { brand: brand.clone(), ..r.wired::<Shop>()?.clone() };
    let wording = r.wired::<Wording>()?;
    let template =
        r.wired::<Templates>()?.all().first().ok_or_else(|| Error::internal("no template at all"))?;
    let context = (template.sample)();
    let given = Given { shop: &shop, wording, locale: &shop.locale, written_at: r.now, context: &context };
    write(template, &given)
}
