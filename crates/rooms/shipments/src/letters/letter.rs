//! The letters: which blocks, in which order. The answer first; what it means; everything else behind it.

use kernel::words::Arg;
use kernel::{Date, Result, text};
use messaging::Given;
use messaging::letter::{Block, Fact, Item, Letter, Named};
use serde::Deserialize;

use crate::days::spread;
use crate::incoming::{DateRange, PickupPoint};
use crate::letters::context::{ItemTold, ParcelContext, ParcelTold};

/// Where the order stands when this is told: the step of the progress bar.
const ON_ITS_WAY: usize = 2;
const DELIVERED: usize = 3;

/// The button that leads to the order's page.
const SEE_ORDER: &str = "see_order";

/// That parcels are on their way.
pub fn shipped(given: &Given<'_>) -> Result<Letter> {
    let (parts, say) = (Parts::of(given)?, "shipped");
    let heading = match (parts.context.parcels.len(), parts.arriving()) {
        (0 | 1, Some(dates)) => parts.say("parcel-shipped-heading-arriving", &[("dates", (&dates).into())]),
        (0 | 1, None) => parts.say("parcel-shipped-heading", &[]),
        (parcels, _) => parts.say("parcel-shipped-heading-several", &[("parcels", (parcels as i64).into())]),
    };
    let line = match parts.is_one_of_several() {
        true => "parcel-shipped-line-part",
        false => "parcel-shipped-line",
    };
    Ok(parts.letter(say, heading, parts.said(line), Some(ON_ITS_WAY)))
}

/// That it goes under another number.
pub fn new_number(given: &Given<'_>) -> Result<Letter> {
    plain(given, "new-number", Some(ON_ITS_WAY))
}

/// That it comes today.
pub fn out(given: &Given<'_>) -> Result<Letter> {
    plain(given, "out", Some(ON_ITS_WAY))
}

/// That it waits to be collected.
pub fn ready(given: &Given<'_>) -> Result<Letter> {
    plain(given, "ready", None)
}

/// That it still waits.
pub fn reminder(given: &Given<'_>) -> Result<Letter> {
    plain(given, "reminder", None)
}

/// That nobody was there.
pub fn missed(given: &Given<'_>) -> Result<Letter> {
    plain(given, "missed", None)
}

/// That it is not there after all.
pub fn corrected(given: &Given<'_>) -> Result<Letter> {
    plain(given, "corrected", Some(ON_ITS_WAY))
}

/// That it is back at the shop.
pub fn returned(given: &Given<'_>) -> Result<Letter> {
    plain(given, "returned", None)
}

/// That something is wrong with it: said by its name.
pub fn problem(given: &Given<'_>) -> Result<Letter> {
    let parts = Parts::of(given)?;
    let heading = parts.said(&format!("parcel-problem-heading-{}", parts.problem()));
    let line = parts.said(&format!("parcel-problem-line-{}", parts.problem()));
    Ok(parts.letter("problem", heading, line, None))
}

/// That it is there, and where it was left.
pub fn delivered(given: &Given<'_>) -> Result<Letter> {
    let parts = Parts::of(given)?;
    let heading = match parts.context.all_here {
        true => parts.said("parcel-delivered-heading-all"),
        false => parts.said("parcel-delivered-heading"),
    };
    let line = match parts.parcel().and_then(|parcel| parcel.reason.as_deref()) {
        Some("neighbour") => "parcel-delivered-line-neighbour",
        Some("safe_place") => "parcel-delivered-line-safe-place",
        Some("locker") => "parcel-delivered-line-locker",
        _ => "parcel-delivered-line",
    };
    Ok(parts.letter("delivered", heading, parts.said(line), Some(DELIVERED)))
}

/// That it does not leave by the promised day, what may be done about it, and what silence means.
pub fn late_leaving(given: &Given<'_>) -> Result<Letter> {
    let parts = Parts::of(given)?;
    let heading = parts.said("parcel-late-leaving-heading");
    let why = parts.said(&format!("parcel-late-leaving-line-{}", parts.context.basis.as_str()));
    let mut letter = parts.letter("late-leaving", heading, format!("{why} {}", parts.silence()), Some(0));
    if let Some(button) = letter.blocks.iter_mut().find(|block| block.name == SEE_ORDER) {
        *button = parts.button("parcel-keep-or-cancel", format!("{}#delay", parts.context.url));
    }
    Ok(letter)
}

/// That it does not arrive by the promised day, and when it does, if somebody knows.
pub fn late_arriving(given: &Given<'_>) -> Result<Letter> {
    let parts = Parts::of(given)?;
    let known = match parts.context.expected {
        Some(_) => "new",
        None => "unknown",
    };
    let heading = parts.said(&format!("parcel-late-arriving-heading-{known}"));
    let line = parts.said(&format!("parcel-late-arriving-line-{known}"));
    Ok(parts.letter("late-arriving", heading, line, Some(ON_ITS_WAY)))
}

fn plain(given: &Given<'_>, name: &str, step: Option<usize>) -> Result<Letter> {
    let parts = Parts::of(given)?;
    let heading = parts.said(&format!("parcel-{name}-heading"));
    let line = parts.said(&format!("parcel-{name}-line"));
    Ok(parts.letter(name, heading, line, step))
}

/// Parcels with the words to tell them.
pub struct Parts<'a> {
    given: &'a Given<'a>,
    /// What is told.
    pub context: ParcelContext,
    number: String,
    shop: String,
    carrier: String,
}

impl<'a> Parts<'a> {
    /// The parts of one message.
    pub fn of(given: &'a Given<'a>) -> Result<Self> {
        let context = ParcelContext::deserialize(given.context)?;
        let isolated = |words: &str| text::isolated_in(words, given.locale);
        let carrier = context.parcels.first().and_then(|parcel| parcel.carrier.as_deref()).map(isolated);
        let carrier = carrier.unwrap_or_else(|| given.wording.say(given.locale, "parcel-the-carrier", &[]));
        let (number, shop) = (isolated(&context.number), isolated(&given.shop.brand.name));
        Ok(Parts { given, context, number, shop, carrier })
    }

    /// The first parcel that is told of.
    pub fn parcel(&self) -> Option<&ParcelTold> {
        self.context.parcels.first()
    }

    /// A sentence in the reader's language.
    pub fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.given.wording.say(self.given.locale, key, args)
    }

    /// A sentence with everything that sentences about parcels may name.
    pub fn said(&self, key: &str) -> String {
        let days = [self.context.promised, self.context.expected].map(|day| day.map(|day| self.date(day)));
        let [promised, expected] = days.map(Option::unwrap_or_default);
        let args = [
            ("number", Arg::from(&self.number)),
            ("shop", (&self.shop).into()),
            ("carrier", (&self.carrier).into()),
            ("promised", (&promised).into()),
            ("date", (&expected).into()),
        ];
        text::capitalised(&self.say(key, &args))
    }

    /// What it means when nobody answers.
    pub fn silence(&self) -> String {
        let Some(day) = self.context.cancels_on else { return self.said("parcel-silence-keeps") };
        let written_on = self.given.written_at.date_in(&self.given.shop.zone);
        if day <= written_on {
            return self.said("parcel-silence-cancels-now");
        }
        text::capitalised(&self.say("parcel-silence-cancels", &[("date", (&self.date(day)).into())]))
    }

    /// What is wrong, as a part of a key.
    pub fn problem(&self) -> &'static str {
        match self.parcel().and_then(|parcel| parcel.reason.as_deref()) {
            Some("address") => "address",
            Some("customs") => "customs",
            Some("damaged") => "damaged",
            Some("lost") => "lost",
            Some("refused") => "refused",
            Some("not_collected") => "not-collected",
            _ => "returning",
        }
    }

    /// Whether more of the order is to come, or has come, in other parcels.
    pub fn is_one_of_several(&self) -> bool {
        self.context.of_parcels > self.context.parcels.len()
    }

    /// The days it should arrive: the carrier's, else those told with the order.
    pub fn arriving(&self) -> Option<String> {
        let range = |(from, to)| DateRange { from, to };
        let comes = self.context.parcels.iter().filter(|parcel| !parcel.is_there);
        let own = spread(comes.map(|parcel| parcel.expected.map(range)));
        let DateRange { from, to } = own.or(self.context.arrives.map(range))?;
        let written_on = self.given.written_at.date_in(&self.given.shop.zone);
        // Nobody is told that something comes on a day that has passed.
        if to < written_on {
            return None;
        }
        let words = self.given.wording.catalogue();
        Some(words.date_range(self.given.locale, from.max(written_on), to, written_on))
    }

    fn date(&self, day: Date) -> String {
        let today = self.given.written_at.date_in(&self.given.shop.zone);
        self.given.wording.catalogue().date(self.given.locale, day, today)
    }

    /// The whole letter.
    fn letter(&self, name: &str, heading: String, line: String, step: Option<usize>) -> Letter {
        let mut blocks =
            vec![Block::BrandBar.called("brand"), Block::Answer { heading, line }.called("answer")];
        blocks.extend(step.map(|step| self.progress(step)));
        blocks.push(self.button("mail-see-order", self.context.url.clone()));
        if !self.context.parcels.is_empty() {
            blocks.push(Block::Divider.called("line_before_facts"));
            blocks.push(Block::Facts(self.facts()).called("facts"));
            let (heading, items) = (self.said("parcel-items"), self.items());
            if !items.is_empty() {
                blocks.push(Block::Divider.called("line_before_items"));
                blocks.push(Block::Items { heading, items }.called("items"));
            }
        }
        blocks.push(self.footer());
        Letter {
            locale: self.given.locale.clone(),
            subject: self.said(&format!("parcel-{name}-subject")),
            preheader: text::shortened(&self.said(&format!("parcel-{name}-preheader")), 90),
            blocks,
            json_ld: None,
        }
    }

    fn button(&self, key: &str, href: String) -> Named {
        Block::Button { label: self.said(key), href }.called(SEE_ORDER)
    }

    fn progress(&self, current: usize) -> Named {
        let steps = ["mail-step-ordered", "mail-step-packed", "mail-step-shipped", "mail-step-delivered"];
        let steps = steps.iter().map(|key| self.said(key)).collect();
        Block::Progress { steps, current }.called("progress")
    }

    /// Carrier and number of each parcel, and when it comes.
    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        for parcel in &self.context.parcels {
            // A name that somebody gave stands where words of ours do: it must not turn what follows around.
            let carrier = parcel.carrier.as_deref().map(text::without_bidi_controls);
            let label = carrier.unwrap_or_else(|| self.said("parcel-tracking"));
            let lines =
                [parcel.number.clone(), parcel.link.clone()].into_iter().flatten().collect::<Vec<_>>();
            if !lines.is_empty() {
                facts.push(Fact { label, lines });
            }
            let point = parcel.pickup.as_ref().filter(|_| !parcel.is_there);
            facts.extend(point.into_iter().flat_map(|point| self.pickup(point)));
        }
        let comes = |parcel: &ParcelTold| !parcel.is_there && parcel.state != "available_for_pickup";
        let arrives = self.arriving().filter(|_| self.context.parcels.iter().any(comes));
        let arrives = arrives.filter(|_| self.context.expected.is_none() && self.context.promised.is_none());
        facts.extend(arrives.map(|days| Fact { label: self.said("mail-arrives"), lines: vec![days] }));
        facts
    }

    /// Where it waits, and until when.
    fn pickup(&self, point: &PickupPoint) -> Vec<Fact> {
        let lines = [Some(point.name.clone()), point.address.clone(), point.hours.clone()];
        let place =
            Fact { label: self.said("parcel-collect-at"), lines: lines.into_iter().flatten().collect() };
        let until = point
            .until
            .map(|day| Fact { label: self.said("parcel-collect-by"), lines: vec![self.date(day)] });
        std::iter::once(place).chain(until).collect()
    }

    /// What is in them.
    pub fn items(&self) -> Vec<Item> {
        let items = self.context.parcels.iter().flat_map(|parcel| &parcel.items);
        items.map(|item| self.item(item)).collect()
    }

    fn item(&self, item: &ItemTold) -> Item {
        let pieces = self.say("mail-pieces", &[("n", i64::from(item.quantity).into())]);
        let detail = match &item.variant {
            Some(variant) => {
                let variant = text::isolated_in(variant, self.given.locale);
                self.say("mail-item-about", &[("variant", (&variant).into()), ("pieces", (&pieces).into())])
            }
            None => pieces,
        };
        let (title, image_url, url) = (item.title.clone(), item.image_url.clone(), item.url.clone());
        Item { title, detail, price: String::new(), image_url, url }
    }

    fn footer(&self) -> Named {
        let faq = self.given.shop.brand.faq_url.clone().map(|url| (self.said("mail-faq"), url));
        Block::Footer { why: self.said("mail-why-order"), links: faq.into_iter().collect() }.called("footer")
    }
}
