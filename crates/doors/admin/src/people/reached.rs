//! What is known of a customer, and who told.

use customers::{Person, Suppression, SuppressionReason};
use db::Read;
use kernel::{Channel, Result, Shop, ShopClock, Timestamp, Zone};
use messaging::topics;
use serde::Serialize;

use super::stream::Team;

/// Something that is known, and from where.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    label: String,
    value: String,
    from: String,
}

/// Everything that is known of a person, but for what happened.
#[derive(Debug, Serialize)]
pub(super) struct Known {
    facts: Vec<Fact>,
    consents: Vec<Fact>,
    topics: Vec<Fact>,
    suppressions: Vec<Fact>,
}

/// Looks everything up.
pub(super) fn known(r: &mut Read<'_>, person: &Person, team: &Team) -> Result<Known> {
    let (zone, now) = (r.wired::<Shop>()?.zone.clone(), r.now);
    let words = Words { zone, now, team };
    let mut facts: Vec<Fact> = person.contact_points.iter().map(|point| words.point(point)).collect();
    for id in person.ids() {
        facts.extend(customers::identities(r, &id)?.iter().map(|identity| words.identity(identity)));
    }
    facts.extend(words.language(person));
    let mut topics = Vec::new();
    for id in person.ids() {
        topics.extend(customers::topic_choices(r, &id)?);
    }
    topics.sort_by_key(|choice| std::cmp::Reverse(choice.said_at));
    let mut suppressions = Vec::new();
    for point in &person.contact_points {
        let wished = customers::suppression_history(r, point.channel, &point.key)?;
        suppressions.extend(wished.iter().rev().map(|wish| words.suppression(&point.address, wish)));
    }
    Ok(Known {
        facts,
        consents: person.consents.iter().map(|answer| words.consent(answer)).collect(),
        topics: topics
            .iter()
            .filter(|choice| topics::switch_named(&choice.topic).is_some())
            .map(|choice| words.topic(choice))
            .collect(),
        suppressions,
    })
}

struct Words<'a> {
    zone: Zone,
    now: Timestamp,
    team: &'a Team,
}

impl Words<'_> {
    fn when(&self, at: Timestamp) -> String {
        ShopClock::new(&self.zone, self.now).short(at)
    }

    /// `from web, Fri 20 Nov, 10:00`.
    fn from(&self, source: Option<&str>, at: Timestamp) -> String {
        let told = source.map_or_else(
            || "told before this was kept".to_owned(),
            |told| format!("from {}", self.team.told_by(told)),
        );
        format!("{told}, {}", self.when(at))
    }

    fn point(&self, point: &customers::ContactPoint) -> Fact {
        let dead = point.dead_at.map(|at| format!(" (reaches nobody since {})", self.when(at)));
        Fact {
            label: channel_word(point.channel).to_owned(),
            value: format!("{}{}", point.address, dead.unwrap_or_default()),
            from: self.from(point.source.as_deref(), point.first_seen_at),
        }
    }

    fn identity(&self, identity: &customers::Identity) -> Fact {
        let label = match (identity.kind.as_str(), &identity.of_source) {
            (_, Some(source)) => format!("Account of {source}"),
            ("email", None) => "Recognised by e-mail".to_owned(),
            _ => "Recognised by phone".to_owned(),
        };
        Fact {
            label,
            value: identity.value.clone(),
            from: self.from(identity.source.as_deref(), identity.claimed_at),
        }
    }

    fn language(&self, person: &Person) -> Vec<Fact> {
        let stated = person.preferred_at.map(|at| format!("stated {}", self.when(at)));
        let preferred = person.preferred_channel.map(|channel| match channel {
            Channel::Email => "by e-mail",
            Channel::Sms => "by text",
        });
        let all = [
            ("Wants to be told", preferred.map(str::to_owned), stated.unwrap_or_default()),
            ("Language", person.locale.as_ref().map(ToString::to_string), "told with an order".to_owned()),
            (
                "Time zone",
                person.zone.as_ref().map(|zone| zone.name().to_owned()),
                "told with an order".to_owned(),
            ),
        ];
        let known = all.into_iter().filter_map(|(label, value, from)| {
            value.map(|value| Fact { label: label.to_owned(), value, from })
        });
        known.collect()
    }

    fn consent(&self, answer: &customers::Answer) -> Fact {
        let consent = &answer.consent;
        Fact {
            label: question(consent),
            value: if consent.granted { "yes" } else { "no" }.to_owned(),
            from: self.from(Some(&answer.source), consent.said_at),
        }
    }

    fn topic(&self, choice: &customers::TopicChoice) -> Fact {
        Fact {
            label: super::view::sentence(&choice.topic),
            value: if choice.wanted { "wanted" } else { "switched off" }.to_owned(),
            from: self.from(Some(&choice.source), choice.said_at),
        }
    }

    fn suppression(&self, address: &str, wish: &Suppression) -> Fact {
        let lifted = wish.lifted_at.map(|at| format!(" (lifted {})", self.when(at)));
        Fact {
            label: address.to_owned(),
            value: format!("{}{}", suppression_words(wish), lifted.unwrap_or_default()),
            from: self.from(Some(&wish.source), wish.since),
        }
    }
}

/// `marketing by e-mail`.
pub(super) fn question(consent: &customers::Consent) -> String {
    let by = match consent.channel {
        Channel::Email => "e-mail",
        Channel::Sms => "text",
    };
    format!("{} by {by}", super::view::sentence(consent.purpose.as_str()))
}

/// `E-mail` or `Phone`.
pub(crate) fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "E-mail",
        Channel::Sms => "Phone",
    }
}

/// What a suppression keeps back, in words.
pub(crate) fn suppression_words(wish: &Suppression) -> String {
    let reason = match wish.reason {
        SuppressionReason::Unsubscribed => "unsubscribed",
        SuppressionReason::Complained => "complained",
        SuppressionReason::Stopped => "answered STOP",
    };
    match &wish.topic {
        Some(topic) => format!("{reason} from {topic}"),
        None => reason.to_owned(),
    }
}
