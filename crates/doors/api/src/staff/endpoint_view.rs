//! What the pages of webhook endpoints show.

use kernel::ShopClock;
use serde::Serialize;

use super::endpoint_forms::Typed;
use crate::webhooks::Endpoint;
use crate::webhooks::kinds::{KINDS, Wanted, words};
use crate::webhooks::store::Due;

/// What `api/staff-webhooks.html` is given as `page`.
#[derive(Debug, Serialize)]
pub(super) struct ListPage {
    pub rows: Vec<EndpointRow>,
    pub done: Option<&'static str>,
    pub form: FormView,
}

#[derive(Debug, Serialize)]
pub(super) struct EndpointRow {
    pub href: String,
    pub url: String,
    pub description: Option<String>,
    pub wants: String,
    pub tone: &'static str,
    pub standing: &'static str,
    pub why: Option<String>,
}

/// What `api/staff-webhook.html` is given as `page`.
#[derive(Debug, Serialize)]
pub(super) struct OnePage {
    pub path: String,
    pub url: String,
    pub tone: &'static str,
    pub standing: &'static str,
    pub why: Option<String>,
    pub facts: Vec<(&'static str, String)>,
    pub is_on: bool,
    /// The secret, this once, and what there is to say about it.
    pub secret: Option<(String, String)>,
    pub done: Option<&'static str>,
    pub form: FormView,
    pub rows: Vec<DeliveryRow>,
    pub older: Option<String>,
    pub newest: Option<String>,
}

/// The fields of an endpoint, as a form shows them.
#[derive(Debug, Serialize)]
pub(super) struct FormView {
    pub url: String,
    pub description: String,
    pub wants_all: bool,
    pub kinds: Vec<KindChoice>,
    pub fault: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct KindChoice {
    pub kind: &'static str,
    pub means: &'static str,
    pub is_chosen: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct DeliveryRow {
    pub id: String,
    pub kind: String,
    pub tone: &'static str,
    pub standing: &'static str,
    pub answer: String,
    pub attempts: u32,
    pub next: Option<String>,
    pub at: String,
    pub when: String,
}

pub(super) fn form(typed: Typed) -> FormView {
    let choice = |kind: &&'static str| KindChoice {
        kind,
        means: words(kind),
        is_chosen: typed.kinds.iter().any(|chosen| chosen == kind),
    };
    FormView {
        kinds: KINDS.iter().map(choice).collect(),
        url: typed.url,
        description: typed.description,
        wants_all: typed.wants_all,
        fault: typed.fault,
    }
}

/// An endpoint's own fields, for changing them.
pub(super) fn typed(endpoint: &Endpoint) -> Typed {
    Typed {
        url: endpoint.url.clone(),
        description: endpoint.description.clone().unwrap_or_default(),
        kinds: endpoint.wanted.list(),
        wants_all: endpoint.wanted == Wanted::All,
        fault: None,
    }
}

pub(super) fn row(endpoint: &Endpoint, clock: &ShopClock<'_>) -> EndpointRow {
    let (tone, standing) = standing(endpoint);
    EndpointRow {
        href: format!("/a/webhooks/{}", endpoint.id),
        url: endpoint.url.clone(),
        description: endpoint.description.clone(),
        wants: wants(&endpoint.wanted),
        tone,
        standing,
        why: why(endpoint, clock),
    }
}

pub(super) fn one(endpoint: &Endpoint, form: FormView, clock: &ShopClock<'_>) -> OnePage {
    let (tone, standing) = standing(endpoint);
    OnePage {
        path: format!("/a/webhooks/{}", endpoint.id),
        url: endpoint.url.clone(),
        tone,
        standing,
        why: why(endpoint, clock),
        facts: facts(endpoint, clock),
        is_on: endpoint.disabled_at.is_none(),
        secret: None,
        done: None,
        form,
        rows: Vec::new(),
        older: None,
        newest: None,
    }
}

fn standing(endpoint: &Endpoint) -> (&'static str, &'static str) {
    match (endpoint.disabled_at, endpoint.failing_since) {
        (Some(_), _) => ("warn", "Switched off"),
        (None, Some(_)) => ("bad", "Failing"),
        (None, None) => ("ok", "On"),
    }
}

fn why(endpoint: &Endpoint, clock: &ShopClock<'_>) -> Option<String> {
    match (&endpoint.disabled_reason, endpoint.failing_since) {
        (Some(reason), _) if endpoint.disabled_at.is_some() => Some(reason.clone()),
        (_, Some(since)) if endpoint.disabled_at.is_none() => Some(format!(
            "It has not taken anything since {}. What waits is tried again.",
            clock.short(since)
        )),
        (_, _) => None,
    }
}

fn wants(wanted: &Wanted) -> String {
    match wanted {
        Wanted::All => "Every event".to_owned(),
        Wanted::Some(kinds) => kinds.iter().cloned().collect::<Vec<_>>().join(", "),
    }
}

fn facts(endpoint: &Endpoint, clock: &ShopClock<'_>) -> Vec<(&'static str, String)> {
    let old = endpoint.old_secret.as_ref();
    let all = [
        ("What it is for", endpoint.description.clone()),
        ("It hears", Some(wants(&endpoint.wanted))),
        ("Made", Some(clock.short(endpoint.created_at))),
        ("Failures in a row", Some(endpoint.failures.to_string()).filter(|_| endpoint.failures > 0)),
        ("The secret before", old.map(|(_, until)| format!("signs too until {}", clock.short(*until)))),
    ];
    all.into_iter().filter_map(|(label, value)| value.map(|value| (label, value))).collect()
}

pub(super) fn delivery(due: &Due, clock: &ShopClock<'_>) -> DeliveryRow {
    let (tone, standing) = match (due.state.as_str(), due.attempts) {
        ("delivered", _) => ("ok", "Delivered"),
        ("failed", _) => ("bad", "Given up"),
        (_, 0) => ("info", "Waiting"),
        (_, _) => ("warn", "Tried again"),
    };
    let status = due.status.map(|status| status.to_string());
    let answer = [status, due.outcome.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    DeliveryRow {
        id: due.id.as_str().to_owned(),
        kind: due.kind.clone(),
        tone,
        standing,
        answer: if answer.is_empty() { "Not tried yet".to_owned() } else { answer },
        attempts: due.attempts,
        next: due.finished_at.is_none().then(|| clock.short(due.due_at)),
        at: due.created_at.to_string(),
        when: clock.short(due.created_at),
    }
}
