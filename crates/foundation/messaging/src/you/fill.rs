//! Fills the pages from how things stand, in the reader's language.

use customers::{OwnHours, SuppressionReason};
use kernel::words::Arg;
use kernel::{Channel, Email, Locale, Phone, Shop, Timestamp, Zone};
use web::Link;

use super::form::{Brought, PACES, SPANS, way_value, ways_shown};
use super::view::{
    Buttons, Card, ChannelCard, Choice, HoursCard, Note, Notice, Pace, PauseCard, StopCard, TopicChoice,
    TopicsCard, Undo, UnsubscribePage, UpdatesPage, Way,
};
use crate::Wording;
use crate::decide::{Address, Verdict, Why};
use crate::topics::Topic;

/// How things stand with a person.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What would become of a message about their order now.
    pub verdict: Verdict,
    /// Where they can be reached, best first.
    pub addresses: Vec<Address>,
    /// The channels something can be sent on.
    pub connected: Vec<Channel>,
    /// What of each topic they get.
    pub topics: Vec<TopicStanding>,
    /// Until when they asked to be left in peace, while that lasts.
    pub paused_until: Option<Timestamp>,
    /// The quiet hours they chose.
    pub own_hours: Option<OwnHours>,
    /// Their clock, or the shop's.
    pub zone: Zone,
    /// Now.
    pub now: Timestamp,
}

/// What somebody gets of a topic.
#[derive(Clone, Debug)]
pub struct TopicStanding {
    /// The topic.
    pub topic: &'static Topic,
    /// Whether they get it at all.
    pub is_on: bool,
    /// The ways it may come, of those that are open.
    pub by: Vec<Channel>,
    /// At most once in so many days.
    pub every_days: u32,
}

impl Standing {
    /// The channels they can choose between: connected, with an address that lives and was not stopped.
    pub fn open_channels(&self) -> Vec<&Address> {
        let open =
            |channel: &Channel| self.addresses.iter().find(|a| a.channel == *channel && self.is_open(a));
        Channel::ALL.iter().filter_map(open).collect()
    }

    fn is_open(&self, address: &Address) -> bool {
        let is_stopped = address.suppressed == Some(SuppressionReason::Stopped);
        !address.dead && !is_stopped && self.connected.contains(&address.channel)
    }

    /// On which channel they are reached now.
    pub fn channel(&self) -> Option<Channel> {
        match &self.verdict {
            Verdict::Send { channel, .. } => Some(*channel),
            Verdict::Hold { .. } | Verdict::Drop { .. } => None,
        }
    }
}

/// The words, and where the forms go.
pub struct Fill<'a> {
    shop: &'a Shop,
    wording: &'a Wording,
    locale: Locale,
    token: &'a str,
}

impl<'a> Fill<'a> {
    /// In the person's language, or the shop's; in English where we don't speak it wholly.
    pub fn new(shop: &'a Shop, wording: &'a Wording, locale: Option<&Locale>, token: &'a str) -> Self {
        let locale = kernel::choose(wording.catalogue(), None, locale, &shop.locale).locale;
        Fill { shop, wording, locale, token }
    }

    /// The language of the page.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The first page; `done` is what a form has just done, and `was` what that has ended.
    pub fn updates(&self, standing: &Standing, done: &str, was: &Brought) -> UpdatesPage {
        let (heading, address, why) = self.answer(&standing.verdict);
        UpdatesPage {
            path: format!("/you/updates/{}", self.token),
            heading,
            address,
            why,
            notice: self.notice(done, was),
            channel: self.channel(standing),
            topics: self.topics(standing),
            pause: self.pause(standing),
            hours: self.hours(standing),
            stop: self.stop(standing),
            stays: Card { heading: self.say("you-stays-heading"), text: self.say("you-stays-text") },
        }
    }

    /// The second page; `done` is what a form has just done.
    pub fn unsubscribe(&self, topic: &Topic, more: Option<String>, done: &str) -> UnsubscribePage {
        let name = self.topic(topic);
        let named = |key: &str| self.with(key, &[("topic", (&name).into())]);
        let (heading, text, buttons) = match done {
            "topic" => (named("you-out-done-heading"), self.say("you-out-done-text"), None),
            "all" => (self.say("you-out-done-all-heading"), self.say("you-out-done-text"), None),
            _ => {
                let buttons = Buttons { topic: self.say("you-out-button"), all: self.say("you-out-all") };
                (named("you-out-heading"), self.say("you-out-text"), Some(buttons))
            }
        };
        let path = format!("/unsubscribe/{}", self.token);
        let more = more.map(|href| Link::new(self.say("you-out-more"), href));
        UnsubscribePage { path, heading, text, buttons, more }
    }

    /// The words beside the box of a topic: what somebody says yes to by ticking it.
    pub fn box_words(&self, topic: &Topic) -> String {
        format!("{}: {}", self.topic(topic), self.say(&format!("you-topic-{}-hint", topic.id)))
    }

    fn answer(&self, verdict: &Verdict) -> (String, Option<String>, String) {
        let Verdict::Send { channel, address, why } = verdict else {
            return (self.say("you-heading-none"), None, self.say("you-why-none"));
        };
        let why = match why {
            Why::StatedChannel => "you-why-stated",
            Why::ShopDefault => "you-why-default",
            Why::AfterStop => "you-why-after-stop",
            _ => "you-why-only",
        };
        let heading = self.say(&format!("you-heading-{}", channel.as_str()));
        (heading, Some(masked(*channel, address)), self.say(why))
    }

    fn notice(&self, done: &str, was: &Brought) -> Option<Notice> {
        let (tone, key) = match done {
            "channel" => ("ok", "you-done-channel"),
            "topics" => ("ok", "you-done-topics"),
            "stopped" => ("ok", "you-done-stopped"),
            "paused" => ("ok", "you-done-paused"),
            "resumed" => ("ok", "you-done-resumed"),
            "hours" => ("ok", "you-done-hours"),
            "not-possible" => ("warn", "you-done-not-possible"),
            "no-clock" => ("warn", "you-done-no-clock"),
            _ => return None,
        };
        let undo = (done == "stopped" && !was.is_empty()).then(|| self.undo(was));
        Some(Notice { tone, text: self.say(key), undo })
    }

    /// Brings back what one button has stopped. The words stand beside it: what is marketing needs a yes to them.
    fn undo(&self, was: &Brought) -> Undo {
        Undo {
            fields: was.fields(),
            words: was.topics().map(|topic| self.box_words(topic)).collect(),
            button: self.say("you-stop-undo"),
        }
    }

    fn channel(&self, standing: &Standing) -> ChannelCard {
        let open = standing.open_channels();
        let no_choice = match (open.is_empty(), standing.connected.as_slice()) {
            (true, _) => "you-channel-none",
            (false, [Channel::Email]) => "you-channel-shop",
            (false, _) => "you-channel-one",
        };
        let choice = |address: &&Address| Choice {
            value: address.channel.as_str(),
            label: self.say(&format!("you-channel-{}", address.channel.as_str())),
            hint: masked(address.channel, &address.address),
            checked: standing.channel() == Some(address.channel),
        };
        ChannelCard {
            heading: self.say("you-channel-heading"),
            choices: open.iter().map(choice).collect(),
            no_choice: self.say(no_choice),
            notes: standing.addresses.iter().filter_map(|address| self.note(address)).collect(),
            save: self.say("you-channel-save"),
        }
    }

    fn note(&self, address: &Address) -> Option<Note> {
        let key = match address {
            Address { dead: true, .. } => "you-note-dead",
            Address { suppressed: Some(SuppressionReason::Stopped), .. } => "you-note-stopped",
            _ => return None,
        };
        Some(Note { address: masked(address.channel, &address.address), text: self.say(key) })
    }

    fn topics(&self, standing: &Standing) -> TopicsCard {
        let open: Vec<Channel> = standing.open_channels().iter().map(|address| address.channel).collect();
        let choice = |standing: &TopicStanding| TopicChoice {
            value: standing.topic.id,
            label: self.topic(standing.topic),
            hint: self.say(&format!("you-topic-{}-hint", standing.topic.id)),
            checked: standing.is_on,
            by_label: self.with("you-by", &[("topic", (&self.topic(standing.topic)).into())]),
            shown: ways_shown(standing.topic),
            ways: if open.len() > 1 { self.ways(standing, &open) } else { Vec::new() },
            pace_label: self.with("you-pace", &[("topic", (&self.topic(standing.topic)).into())]),
            paces: if standing.topic.can_wait() { self.paces(standing.every_days) } else { Vec::new() },
        };
        TopicsCard {
            heading: self.say("you-topics-heading"),
            choices: standing.topics.iter().map(choice).collect(),
            save: self.say("you-topics-save"),
        }
    }

    fn ways(&self, standing: &TopicStanding, open: &[Channel]) -> Vec<Way> {
        let way = |channel: &Channel| Way {
            value: way_value(standing.topic, *channel),
            label: self.say(&format!("you-channel-{}", channel.as_str())),
            checked: standing.by.contains(channel),
        };
        open.iter().map(way).collect()
    }

    fn paces(&self, every_days: u32) -> Vec<Pace> {
        let pace = |days: &u32| Pace {
            value: *days,
            label: self.say(&format!("you-pace-{days}")),
            chosen: *days == every_days,
        };
        PACES.iter().map(pace).collect()
    }

    fn pause(&self, standing: &Standing) -> PauseCard {
        let text = match standing.paused_until {
            Some(until) => {
                let (zone, catalogue) = (&standing.zone, self.wording.catalogue());
                let date = catalogue.date(&self.locale, until.date_in(zone), standing.now.date_in(zone));
                self.with("you-pause-is", &[("date", (&date).into())])
            }
            None => self.say("you-pause-text"),
        };
        let span = |days: &u32| (*days, self.say(&format!("you-pause-{days}")));
        PauseCard {
            heading: self.say("you-pause-heading"),
            text,
            spans: SPANS.iter().map(span).collect(),
            resume: standing.paused_until.is_some().then(|| self.say("you-pause-end")),
        }
    }

    fn hours(&self, standing: &Standing) -> HoursCard {
        let own = standing.own_hours.as_ref();
        let hours = own.map_or(self.shop.policy.quiet_hours, |own| own.hours);
        let choices = |chosen: u8| {
            let hour = |hour: i8| Pace {
                value: u32::from(hour.unsigned_abs()),
                label: self.wording.catalogue().time(&self.locale, hour, 0),
                chosen: hour.unsigned_abs() == chosen,
            };
            (0..24).map(hour).collect::<Vec<_>>()
        };
        HoursCard {
            heading: self.say("you-hours-heading"),
            text: self.say(if own.is_some() { "you-hours-own" } else { "you-hours-shops" }),
            from_label: self.say("you-hours-from"),
            from: choices(hours.from),
            to_label: self.say("you-hours-to"),
            to: choices(hours.to),
            zone_label: self.say("you-hours-zone"),
            zone_hint: self.say("you-hours-zone-hint"),
            zone: standing.zone.name().to_owned(),
            save: self.say("you-hours-save"),
            shops: own.is_some().then(|| self.say("you-hours-give-up")),
        }
    }

    fn stop(&self, standing: &Standing) -> StopCard {
        let is_something_on = standing.topics.iter().any(|topic| topic.is_on);
        StopCard {
            heading: self.say("you-stop-heading"),
            text: self.say(if is_something_on { "you-stop-text" } else { "you-stop-is" }),
            button: is_something_on.then(|| self.say("you-stop-button")),
        }
    }

    fn topic(&self, topic: &Topic) -> String {
        self.say(&format!("you-topic-{}", topic.id))
    }

    fn say(&self, key: &str) -> String {
        self.with(key, &[])
    }

    fn with(&self, key: &str, more: &[(&str, Arg<'_>)]) -> String {
        let mut args = vec![("shop", Arg::from(&self.shop.brand.name))];
        for (name, arg) in more {
            if let Arg::Text(text) = arg {
                args.push((*name, Arg::Text(text)));
            }
        }
        self.wording.say(&self.locale, key, &args)
    }
}

/// An address as it may stand on a page that nobody signed in to.
fn masked(channel: Channel, address: &str) -> String {
    let masked = match channel {
        Channel::Email => Email::parse(address).map(|email| email.masked()),
        Channel::Sms => Phone::parse(address).map(|phone| phone.masked()),
    };
    masked.unwrap_or_else(|_| "…".to_owned())
}
