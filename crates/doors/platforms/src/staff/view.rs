//! What the pages of connected shops show.

use kernel::{ShopClock, Timestamp};
use serde::Serialize;

use super::forms::Typed;
use super::guide::{ApiGuide, Guide, Mails, SECRET, SecretOf, Step, WEBHOOK, WEBHOOK_WITH_TOKEN, guide};
use crate::health::{ConnectionHealth, Health, Subscription};
use crate::manage::Managed;
use crate::platform::Platform;
use crate::replay::{InboxRow, in_words};
use crate::store::State;

/// What `platforms/staff-list.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ListPage {
    pub rows: Vec<ConnectionRow>,
    /// Shops that can be connected.
    pub shops: Vec<Choice>,
    /// Services that can.
    pub services: Vec<Choice>,
    pub done: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct ConnectionRow {
    pub href: String,
    pub name: String,
    pub platform: &'static str,
    pub tone: &'static str,
    pub standing: &'static str,
    pub trouble: Option<String>,
    pub webhook: String,
    pub polled: String,
}

/// A platform that can be connected.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    pub href: String,
    pub name: &'static str,
    pub about: &'static str,
}

/// What `platforms/staff-new.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NewPage {
    pub platform: &'static str,
    pub name: &'static str,
    /// "shop" or "service".
    pub kind: &'static str,
    pub about: &'static str,
    pub api: Option<ApiGuide>,
    /// Whether the platform makes the secret, so that it may be known already.
    pub takes_secret: bool,
    pub form: Typed,
}

/// What `platforms/staff-one.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OnePage {
    pub path: String,
    pub name: String,
    /// "shop" or "service".
    pub kind: &'static str,
    /// Where the steps are done.
    pub place: &'static str,
    pub tone: &'static str,
    pub standing: &'static str,
    pub trouble: Option<String>,
    pub facts: Vec<(&'static str, String)>,
    pub is_paused: bool,
    pub webhook_url: String,
    /// The secret, this once.
    pub secret: Option<String>,
    pub is_new: bool,
    pub done: Option<&'static str>,
    pub steps: Vec<ShownStep>,
    pub mails: Option<Mails>,
    pub api: Option<ApiGuide>,
    pub takes_secret: bool,
    pub form: Typed,
    pub rows: Vec<WebhookRow>,
    pub older: Option<String>,
    pub newest: Option<String>,
}

/// A step with the address and the secret in it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownStep {
    pub words: &'static str,
    /// The field, and its value; none for the secret, which was shown before.
    pub fields: Vec<(&'static str, Option<String>)>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct WebhookRow {
    pub id: String,
    pub topic: String,
    pub tone: &'static str,
    pub standing: &'static str,
    pub reason: Option<String>,
    pub order: Option<String>,
    pub may_again: bool,
    pub at: String,
    pub when: String,
}

/// The shops that can be connected, or the services.
pub(super) fn choices(are_shops: bool) -> Vec<Choice> {
    let choice = |platform: Platform| {
        let guide = guide(platform);
        Choice {
            href: format!("/a/connections/new/{}", platform.as_str()),
            name: guide.name,
            about: guide.about,
        }
    };
    Platform::ALL.into_iter().filter(|platform| platform.is_shop() == are_shops).map(choice).collect()
}

fn kind(platform: Platform) -> &'static str {
    if platform.is_shop() { "shop" } else { "service" }
}

pub(super) fn new(platform: Platform, form: Typed) -> NewPage {
    let guide = guide(platform);
    NewPage {
        platform: platform.as_str(),
        name: guide.name,
        kind: kind(platform),
        about: guide.about,
        api: guide.api,
        takes_secret: guide.secret == SecretOf::Platform,
        form,
    }
}

pub(super) fn row(shop: &Managed, clock: &ShopClock<'_>) -> ConnectionRow {
    let (tone, standing) = standing(shop);
    ConnectionRow {
        href: format!("/a/connections/{}", shop.health.id),
        name: shop.health.name.clone(),
        platform: guide(shop.health.platform).name,
        tone,
        standing,
        trouble: trouble(shop),
        webhook: when_or(shop.health.webhook_at, clock, "None yet"),
        polled: polled(&shop.health, clock),
    }
}

/// The page of one shop; `secret` is there only in the answer that made it.
pub(super) fn one(
    shop: &Managed,
    public_url: &str,
    secret: Option<String>,
    clock: &ShopClock<'_>,
) -> OnePage {
    let guide = guide(shop.health.platform);
    let (tone, standing) = standing(shop);
    let webhook_url = format!("{public_url}{}", shop.webhook_path());
    OnePage {
        path: format!("/a/connections/{}", shop.health.id),
        name: shop.health.name.clone(),
        kind: kind(shop.health.platform),
        place: guide.place,
        tone,
        standing,
        trouble: trouble(shop),
        facts: facts(shop, clock),
        is_paused: shop.paused_at.is_some(),
        steps: steps(&guide, &webhook_url, secret.as_deref()),
        webhook_url,
        secret,
        is_new: false,
        done: None,
        mails: guide.mails,
        api: guide.api,
        takes_secret: guide.secret == SecretOf::Platform,
        form: Typed { api_url: shop.api_url.clone().unwrap_or_default(), ..Typed::default() },
        rows: Vec::new(),
        older: None,
        newest: None,
    }
}

fn steps(guide: &Guide, webhook_url: &str, secret: Option<&str>) -> Vec<ShownStep> {
    let value = |value: &str| match value {
        WEBHOOK => Some(webhook_url.to_owned()),
        SECRET => secret.map(str::to_owned),
        WEBHOOK_WITH_TOKEN => secret.map(|secret| format!("{webhook_url}?token={secret}")),
        other => Some(other.to_owned()),
    };
    let shown = |step: &Step| ShownStep {
        words: step.words,
        fields: step.fields.iter().map(|(field, text)| (*field, value(text))).collect(),
    };
    guide.steps.iter().map(shown).collect()
}

/// How a shop is, in a tone and a word.
fn standing(shop: &Managed) -> (&'static str, &'static str) {
    let health = &shop.health;
    match (shop.paused_at, health.is_well(), health.webhook_at.or(health.polled_at)) {
        (Some(_), _, _) => ("warn", "Paused"),
        (None, false, _) => ("bad", "In trouble"),
        (None, true, Some(_)) => ("ok", "Working"),
        (None, true, None) => ("info", "Nothing came yet"),
    }
}

/// What is wrong and what to do, in words.
fn trouble(shop: &Managed) -> Option<String> {
    let health = &shop.health;
    if shop.paused_at.is_some() {
        return None;
    }
    let said = health.last_error.as_ref().map(|(words, _)| format!("{words} ")).unwrap_or_default();
    let reading = match health.health {
        Health::Unknown | Health::Well | Health::Limited => None,
        Health::Unreachable => {
            Some("It is asked again every minute. If this stays: is the shop up, and its address right?")
        }
        Health::Refused => {
            Some("Make a new key at the shop and give it here, under “Reading its list of orders”.")
        }
        Health::Nonsense => {
            Some("Is the address right? Correct it here, under “Reading its list of orders”.")
        }
    };
    if let Some(words) = reading {
        return Some(format!("{said}{words}"));
    }
    let words = match health.subscription {
        Subscription::Unknown | Subscription::Active | Subscription::Mended => return None,
        Subscription::Paused => {
            "Somebody at the shop has paused the webhook. Set it to active in the shop’s settings."
        }
        Subscription::Off => "The shop has switched the webhook off. Switch it on in the shop’s settings.",
        Subscription::Missing => "The shop has no webhook for us. Make it again, as the steps say.",
    };
    Some(words.to_owned())
}

fn facts(shop: &Managed, clock: &ShopClock<'_>) -> Vec<(&'static str, String)> {
    let health = &shop.health;
    let all = [
        ("Platform", Some(guide(health.platform).name.to_owned())),
        ("Connected", Some(clock.short(shop.created_at))),
        ("Paused", shop.paused_at.map(|at| clock.short(at))),
        ("Last webhook", Some(when_or(health.webhook_at, clock, "None yet"))),
        ("Its list of orders", Some(polled(health, clock))),
        ("Its address", shop.api_url.clone()),
        ("The secret before", shop.old_secret_until.map(|at| format!("is taken until {}", clock.short(at)))),
        (
            "Last trouble",
            health.last_error.as_ref().map(|(words, at)| format!("{} · {words}", clock.short(*at))),
        ),
    ];
    all.into_iter().filter_map(|(label, value)| value.map(|value| (label, value))).collect()
}

fn polled(health: &ConnectionHealth, clock: &ShopClock<'_>) -> String {
    match (health.is_polled && health.platform.is_polled(), health.polled_at) {
        (false, _) if !health.platform.is_shop() => "It has none".to_owned(),
        (false, _) => "Not read: no key".to_owned(),
        (true, None) => "Not read to its end yet".to_owned(),
        (true, Some(at)) => format!("Read {}", clock.short(at)),
    }
}

fn when_or(at: Option<Timestamp>, clock: &ShopClock<'_>, none: &str) -> String {
    at.map_or_else(|| none.to_owned(), |at| clock.short(at))
}

pub(super) fn webhook(row: &InboxRow, platform: Platform, clock: &ShopClock<'_>) -> WebhookRow {
    let (tone, standing) = match (row.state, row.waits, &row.reason) {
        (State::Received, _, _) => ("info", "Waiting"),
        (State::Done, _, _) => ("ok", "Taken in"),
        (State::Parked, true, _) => ("info", "Waits for its order"),
        (State::Parked, false, _) => ("bad", "Parked"),
        (State::Ignored, _, None) => ("info", "Not read"),
        (State::Ignored, _, Some(_)) => ("info", "Discarded"),
    };
    WebhookRow {
        id: row.id.as_str().to_owned(),
        topic: row.topic.clone(),
        tone,
        standing,
        reason: row.reason.as_deref().map(in_words),
        order: row.order.as_ref().map(|order| format!("/a/orders/{order}")),
        may_again: row.state != State::Received && platform.reads(&row.topic),
        at: row.received_at.to_string(),
        when: clock.short(row.received_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ConnectionId;

    fn shop(health: Health, subscription: Subscription) -> Managed {
        let at = |seconds: i64| Timestamp::from_ms(1_800_000_000_000 + seconds * 1_000);
        Managed {
            health: ConnectionHealth {
                id: ConnectionId::stored("con_1".to_owned()),
                platform: Platform::Woocommerce,
                name: "Northwind".to_owned(),
                is_polled: true,
                health,
                subscription,
                polled_at: Some(at(0)),
                webhook_at: None,
                last_error: Some(("The platform refuses the key (401).".to_owned(), at(1))),
            },
            api_url: None,
            created_at: at(0),
            paused_at: None,
            old_secret_until: None,
        }
    }

    #[test]
    fn a_shop_that_is_not_well_is_said_with_what_mends_it() {
        for (health, subscription, word, fix) in [
            (Health::Well, Subscription::Active, "Working", None),
            (Health::Limited, Subscription::Mended, "Working", None),
            (Health::Refused, Subscription::Active, "In trouble", Some("Make a new key")),
            (Health::Unreachable, Subscription::Unknown, "In trouble", Some("every minute")),
            (Health::Nonsense, Subscription::Unknown, "In trouble", Some("Is the address right?")),
            (Health::Well, Subscription::Paused, "In trouble", Some("to active")),
            (Health::Well, Subscription::Off, "In trouble", Some("Switch it on")),
            (Health::Well, Subscription::Missing, "In trouble", Some("Make it again")),
        ] {
            let shop = shop(health, subscription);
            assert_eq!(standing(&shop).1, word, "{health:?} {subscription:?}");
            let said = trouble(&shop);
            assert_eq!(said.is_some(), fix.is_some(), "{health:?} {subscription:?}");
            assert!(said.unwrap_or_default().contains(fix.unwrap_or_default()));
            let paused = Managed { paused_at: Some(shop.created_at), ..shop };
            assert_eq!((standing(&paused).1, trouble(&paused)), ("Paused", None));
        }
    }

    #[test]
    fn the_secret_stands_in_the_steps_only_where_it_was_made() {
        let shown = |secret| {
            let steps = steps(&guide(Platform::Generic), "https://a.example/hooks/generic/con_1", secret);
            steps.into_iter().flat_map(|step| step.fields).map(|(_, value)| value).collect::<Vec<_>>()
        };
        let address = Some("https://a.example/hooks/generic/con_1".to_owned());
        let kind = Some("order.updated".to_owned());
        assert_eq!(shown(Some("whsec_x")), [address.clone(), Some("whsec_x".to_owned()), kind.clone()]);
        assert_eq!(shown(None), [address, None, kind]);
    }
}
