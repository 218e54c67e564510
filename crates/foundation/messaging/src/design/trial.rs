//! A design, tried in every language before a customer sees it.

use db::Read;
use kernel::{Channel, Result, Shop};

use super::checks::{self, Check, Tone};
use super::compile::{Compiled, Fault, Unfillable};
use super::offer::{Facts, Offer};
use super::preview::{Filling, Spoken, Writer, Written, spoken};
use super::source::Design;
use crate::sms::price::SegmentPrice;
use crate::template::Template;
use crate::wording::Wording;

/// A design and what was found.
pub(super) struct Trial {
    /// All of it that can be used.
    pub compiled: Compiled,
    /// What can't, and what should be changed.
    pub checks: Vec<Check>,
}

/// Compiles a design, filling every sentence in with the sample in every language and with nothing.
pub(super) fn compiled(
    r: &Read<'_>,
    template: &Template,
    offer: &Offer,
    design: Design,
) -> Result<(Compiled, Vec<Fault>)> {
    let (shop, wording) = (r.wired::<Shop>()?, r.wired::<Wording>()?);
    let filling = Filling::sample(template, r.now);
    let facts = |spoken: &Spoken| {
        let writer = Writer { shop, wording, template, filling: &filling, locale: &spoken.locale };
        (offer.tell)(&writer.given(), Channel::Email)
    };
    let samples: Vec<Facts> = spoken(wording, &shop.locale).iter().map(facts).collect::<Result<_>>()?;
    Ok(Compiled::of(design, offer, &samples))
}

/// Everything there is to say about a design, language by language, as its sample reads.
pub(super) fn whole(r: &Read<'_>, template: &Template, offer: &Offer, design: Design) -> Result<Trial> {
    let (compiled, faults) = compiled(r, template, offer, design)?;
    let (shop, wording) = (r.wired::<Shop>()?, r.wired::<Wording>()?);
    let mut found: Vec<Check> = faults.iter().map(checks::of_fault).collect();
    let filling = Filling::sample(template, r.now);
    for spoken in spoken(wording, &shop.locale) {
        let writer = Writer { shop, wording, template, filling: &filling, locale: &spoken.locale };
        let written = writer.written(&compiled)?;
        let in_language =
            |check: Check| Check { words: format!("{}: {}", spoken.name, check.words), ..check };
        found.extend(of_written(&written, &writer, SegmentPrice(None)).into_iter().map(in_language));
    }
    Ok(Trial { compiled, checks: found })
}

/// What there is to say about one message as a design has it.
pub(super) fn of_written(written: &Written, writer: &Writer<'_>, price: SegmentPrice) -> Vec<Check> {
    let (shop, topic) = (writer.shop, &writer.template.topic);
    let mut found: Vec<Check> = written.unfillable.iter().map(unfillable).collect();
    found.extend(checks::of_mail(&written.letter, &written.rendered, &shop.brand, topic));
    found.extend(checks::of_text(&written.text, price, &shop.locale));
    found
}

fn unfillable(fault: &Unfillable) -> Check {
    let words =
        "With these values it grows too long, so this customer gets the message as it came. Shorten it.";
    Check { tone: Tone::Bad, what: "Words", words: words.to_owned(), field: Some(fault.field.clone()) }
}
