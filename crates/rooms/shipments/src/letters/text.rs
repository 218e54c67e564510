//! The same messages as texts: one fact and one link.

use kernel::words::Arg;
use kernel::{Result, text};
use messaging::Given;
use messaging::text_letter::TextLetter;

use crate::letters::letter::Parts;

/// That parcels are on their way.
pub fn shipped(given: &Given<'_>) -> Result<TextLetter> {
    let parts = Parts::of(given)?;
    let fullest = match parts.arriving() {
        Some(_) => "parcel-shipped-text-arriving",
        None => "parcel-shipped-text",
    };
    Ok(letter(given, &parts, &[fullest, "parcel-shipped-text", "parcel-shipped-text-short"]))
}

/// That it goes under another number.
pub fn new_number(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "new-number")
}

/// That it comes today.
pub fn out(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "out")
}

/// That it waits to be collected.
pub fn ready(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "ready")
}

/// That it still waits.
pub fn reminder(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "reminder")
}

/// That nobody was there.
pub fn missed(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "missed")
}

/// That it is not there after all.
pub fn corrected(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "corrected")
}

/// That it is back at the shop.
pub fn returned(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "returned")
}

/// That something is wrong with it.
pub fn problem(given: &Given<'_>) -> Result<TextLetter> {
    plain(given, "problem")
}

/// That it is there.
pub fn delivered(given: &Given<'_>) -> Result<TextLetter> {
    let parts = Parts::of(given)?;
    let fullest = match parts.context.all_here {
        true => "parcel-delivered-text-all",
        false => "parcel-delivered-text",
    };
    Ok(letter(given, &parts, &[fullest, "parcel-delivered-text-short"]))
}

/// That it does not leave by the promised day, and what silence means where it means something.
pub fn late_leaving(given: &Given<'_>) -> Result<TextLetter> {
    let parts = Parts::of(given)?;
    let fullest = match parts.context.cancels_on {
        Some(_) => "parcel-late-leaving-text-cancels",
        None => "parcel-late-leaving-text",
    };
    Ok(letter(given, &parts, &[fullest, "parcel-late-leaving-text-short"]))
}

/// That it does not arrive by the promised day.
pub fn late_arriving(given: &Given<'_>) -> Result<TextLetter> {
    let parts = Parts::of(given)?;
    let fullest = match parts.context.expected {
        Some(_) => "parcel-late-arriving-text-new",
        None => "parcel-late-arriving-text",
    };
    Ok(letter(given, &parts, &[fullest, "parcel-late-arriving-text-short"]))
}

fn plain(given: &Given<'_>, name: &str) -> Result<TextLetter> {
    let parts = Parts::of(given)?;
    let (full, short) = (format!("parcel-{name}-text"), format!("parcel-{name}-text-short"));
    Ok(letter(given, &parts, &[&full, &short]))
}

fn letter(given: &Given<'_>, parts: &Parts<'_>, keys: &[&str]) -> TextLetter {
    let context = &parts.context;
    let link = context.short_url.clone().unwrap_or_else(|| context.url.clone());
    TextLetter { facts: keys.iter().map(|key| say(given, parts, key)).collect(), link: Some(link) }
}

/// Never isolated: two invisible marks would make a text of one segment one of three.
fn say(given: &Given<'_>, parts: &Parts<'_>, key: &str) -> String {
    let context = &parts.context;
    let today = given.written_at.date_in(&given.shop.zone);
    let words = given.wording.catalogue();
    let day =
        |day: Option<kernel::Date>| day.map(|day| words.date(given.locale, day, today)).unwrap_or_default();
    let (expected, dates) =
        (day(context.cancels_on.or(context.expected)), parts.arriving().unwrap_or_default());
    let carrier = parts.parcel().and_then(|parcel| parcel.carrier.clone());
    let carrier = carrier.unwrap_or_else(|| given.wording.say(given.locale, "parcel-the-carrier", &[]));
    let args = [
        ("number", Arg::from(&context.number)),
        ("carrier", (&carrier).into()),
        ("date", (&expected).into()),
        ("dates", (&dates).into()),
    ];
    text::capitalised(&given.wording.say(given.locale, key, &args))
}
