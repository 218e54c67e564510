//! WooCommerce's REST API (v3): the list of changed orders, and its webhooks.
//!
//! Pages are numbered, and an order that changes while they are read moves to the end, so that what followed it is
//! passed over. So the list is read on from the time of the last order instead, a second back; page numbers only serve
//! within one second that fills more than a page.

use std::time::Duration;

use egress::{Answer, Request};
use kernel::{Error, Kind, Result, Timestamp};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use url::Url;

use crate::connections::Api;
use crate::health::Subscription;
use crate::poll::{Ask, Change, Fetched, Hook, Mend, Page};
use crate::reading::{Plain, unreadable};

/// How many orders a page holds; the most there may be.
const PER_PAGE: usize = 100;
/// WooCommerce tells whole seconds.
const SECOND: Duration = Duration::from_secs(1);

/// Where the list goes on: from this time, and which page of what has changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    from: Timestamp,
    page: u32,
}

impl Place {
    fn of(ask: &Ask) -> Result<Place> {
        let Some(next) = &ask.next else { return Ok(Place { from: ask.since, page: 1 }) };
        let read = next.split_once('.').and_then(|(from, page)| {
            Some(Place { from: Timestamp::from_ms(from.parse().ok()?), page: page.parse().ok()? })
        });
        read.ok_or_else(|| Error::internal("a place in WooCommerce's list can't be read"))
    }

    fn word(self) -> String {
        format!("{}.{}", self.from.ms(), self.page)
    }
}

/// A request with the key: consumer key and secret, joined by a colon.
pub(crate) fn authorised(api: &Api, method: &'static str, path: &str) -> Result<Request> {
    let (key, secret) = api.key.split_once(':').ok_or_else(wrong_key)?;
    let url = Url::parse(&format!("{}/wp-json/wc/v3{path}", api.url)).map_err(|_| wrong_key())?;
    Ok(Request::new(method, url).basic_auth(key, secret))
}

/// What a key must look like.
pub(crate) fn wrong_key() -> Error {
    Error::field("/api_key", "not_a_key", "Write WooCommerce's key and secret joined by a colon: ck_…:cs_…")
}

/// Asks for orders that have changed.
pub(crate) fn orders_request(api: &Api, ask: &Ask) -> Result<Request> {
    let Place { from, page } = Place::of(ask)?;
    // WordPress asks for what is later than this, so a second earlier is what has changed at this time too.
    let after = seconds(from - SECOND);
    let mut request = authorised(api, "GET", "/orders")?;
    request
        .url
        .query_pairs_mut()
        .append_pair("modified_after", &after)
        .append_pair("dates_are_gmt", "true")
        .append_pair("orderby", "modified")
        .append_pair("order", "asc")
        .append_pair("per_page", &PER_PAGE.to_string())
        .append_pair("page", &page.to_string());
    Ok(request)
}

/// `2026-11-20T10:00:00`: whole seconds, no zone.
fn seconds(at: Timestamp) -> String {
    let whole = Timestamp::from_ms(at.ms().div_euclid(1_000) * 1_000).to_string();
    whole.chars().take(19).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stamp {
    date_modified_gmt: Plain,
}

/// Reads a page of orders.
pub(crate) fn orders_page(answer: &Answer, ask: &Ask) -> Result<Page> {
    let place = Place::of(ask)?;
    let list: Vec<&RawValue> =
        serde_json::from_slice(&answer.body).map_err(|error| unreadable("a list of orders", &error))?;
    let orders: Vec<Fetched> = list.iter().map(|order| fetched(order)).collect();
    let pages: Option<u32> = answer.header("x-wp-totalpages").and_then(|pages| pages.trim().parse().ok());
    let is_last = orders.is_empty() || pages.map_or(orders.len() < PER_PAGE, |pages| place.page >= pages);
    let next = (!is_last).then(|| place_after(place, &orders).word());
    Ok(Page { orders, next })
}

fn fetched(order: &RawValue) -> Fetched {
    let stamp: Stamp = serde_json::from_str(order.get()).unwrap_or_default();
    let updated_at =
        stamp.date_modified_gmt.text().and_then(|text| Timestamp::parse(&format!("{text}Z")).ok());
    Fetched { body: order.get().as_bytes().to_vec(), updated_at }
}

/// From the time of the last order where that leads on; the next page where it does not, and where the list is not in
/// the order that was asked for.
fn place_after(place: Place, orders: &[Fetched]) -> Place {
    let is_sorted = orders.is_sorted_by_key(|order| order.updated_at);
    match orders.last().and_then(|last| last.updated_at).filter(|last| is_sorted && *last > place.from) {
        Some(last) => Place { from: last, page: 1 },
        None => Place { page: place.page + 1, ..place },
    }
}

/// Asks for the shop's webhooks.
pub(crate) fn hooks_request(api: &Api) -> Result<Request> {
    authorised(api, "GET", "/webhooks?per_page=100")
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    id: Plain,
    topic: Plain,
    delivery_url: Plain,
    status: Plain,
}

/// Reads the shop's webhooks.
pub(crate) fn hooks(answer: &Answer) -> Result<Vec<Hook>> {
    let told: Vec<Told> =
        serde_json::from_slice(&answer.body).map_err(|error| unreadable("a list of webhooks", &error))?;
    let hook = |told: Told| {
        let text = |plain: &Plain| plain.text().unwrap_or_default().to_owned();
        // The identifier becomes part of an address.
        let id = text(&told.id);
        let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let hook =
            Hook { id, topic: text(&told.topic), url: text(&told.delivery_url), status: text(&told.status) };
        is_number
            .then_some(hook)
            .ok_or_else(|| Error::new(Kind::Unreadable, "unreadable", "A webhook has no number."))
    };
    told.into_iter().map(hook).collect()
}

/// What to do about the webhooks that come to us. `disabled` is what WooCommerce does after failures; `paused` is what
/// a person at the shop wanted.
pub(crate) fn mend(ours: &[Hook]) -> Mend {
    let off: Vec<&Hook> = ours.iter().filter(|hook| hook.status == "disabled").collect();
    let nothing = |found: Subscription, words| Mend { found, requests: Vec::new(), then: (found, words) };
    if !off.is_empty() {
        let body = json!({ "status": "active" }).to_string();
        let switch_on = |hook: &&Hook| Change {
            method: "PUT",
            path: format!("/webhooks/{}", hook.id),
            body: body.clone(),
        };
        let words = "WooCommerce had switched its webhook off after failures. It is switched on again, and what was \
                     missed has been fetched.";
        let requests = off.iter().map(switch_on).collect();
        return Mend { found: Subscription::Off, requests, then: (Subscription::Mended, Some(words)) };
    }
    match ours.iter().find(|hook| hook.status == "active") {
        Some(_) => nothing(Subscription::Active, None),
        None if ours.is_empty() => {
            let words = "WooCommerce has no webhook for this connection: make it under Settings → Advanced → Webhooks.";
            nothing(Subscription::Missing, Some(words))
        }
        None => nothing(Subscription::Paused, Some("Somebody at the shop has paused WooCommerce's webhook.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn ask(next: Option<&str>) -> Ask {
        Ask { since: at("2026-11-20T10:00:00Z"), next: next.map(str::to_owned) }
    }

    fn answer(times: &[&str], pages: &str) -> Answer {
        let orders: Vec<_> = times.iter().map(|at| json!({ "id": 1, "date_modified_gmt": at })).collect();
        let headers = vec![("x-wp-totalpages".to_owned(), pages.to_owned())];
        Answer { status: 200, headers, body: json!(orders).to_string().into_bytes(), is_whole: true }
    }

    fn api() -> Api {
        Api {
            url: "https://shop.example".to_owned(),
            key: "ck_1:cs_1".to_owned(),
            hook_url: "https://orders.example/hooks/woocommerce/con_1".to_owned(),
        }
    }

    #[test]
    fn the_request_asks_for_what_changed_since_in_utc() {
        let url = orders_request(&api(), &ask(None)).unwrap().url;
        let expected = "https://shop.example/wp-json/wc/v3/orders?modified_after=2026-11-20T09%3A59%3A59\
                        &dates_are_gmt=true&orderby=modified&order=asc&per_page=100&page=1";
        assert_eq!(url.as_str(), expected);
        let without_colon = Api { key: "ck_1".to_owned(), ..api() };
        assert!(orders_request(&without_colon, &ask(None)).is_err());
    }

    #[test]
    fn the_list_goes_on_from_the_last_time_and_within_a_full_second_by_pages() {
        let page =
            orders_page(&answer(&["2026-11-20T10:00:01", "2026-11-20T10:00:07"], "3"), &ask(None)).unwrap();
        let next = page.next.unwrap();
        assert_eq!(
            Place::of(&ask(Some(&next))).unwrap(),
            Place { from: at("2026-11-20T10:00:07Z"), page: 1 }
        );
        let same = answer(&["2026-11-20T10:00:07", "2026-11-20T10:00:07"], "3");
        let next = orders_page(&same, &ask(Some(&next))).unwrap().next.unwrap();
        assert_eq!(
            Place::of(&ask(Some(&next))).unwrap(),
            Place { from: at("2026-11-20T10:00:07Z"), page: 2 }
        );
        let unsorted = answer(&["2026-11-20T10:00:09", "2026-11-20T10:00:01"], "3");
        let next = orders_page(&unsorted, &ask(None)).unwrap().next.unwrap();
        assert_eq!(Place::of(&ask(Some(&next))).unwrap().page, 2);
        assert_eq!(orders_page(&answer(&["2026-11-20T10:00:01"], "1"), &ask(None)).unwrap().next, None);
        assert_eq!(orders_page(&answer(&[], "9"), &ask(None)).unwrap().next, None);
    }

    #[test]
    fn orders_are_kept_byte_for_byte() {
        let body =
            br#"[{"id":1,  "price":16.66500000000000000001,"date_modified_gmt":"2026-11-20T10:00:01"}]"#;
        let answer = Answer { status: 200, headers: Vec::new(), body: body.to_vec(), is_whole: true };
        let page = orders_page(&answer, &ask(None)).unwrap();
        assert_eq!(page.orders[0].body, &body[1..body.len() - 1]);
        for hostile in ["{}", "7", "", "[", "{\"code\":\"rest_forbidden\"}"] {
            let answer = Answer { body: hostile.as_bytes().to_vec(), ..answer.clone() };
            assert!(orders_page(&answer, &ask(None)).is_err(), "{hostile}");
        }
    }

    #[test]
    fn a_webhook_that_was_switched_off_is_switched_on_and_a_paused_one_left() {
        let hook = |id: &str, status: &str| Hook {
            id: id.to_owned(),
            topic: "order.updated".to_owned(),
            url: api().hook_url,
            status: status.to_owned(),
        };
        let off = mend(&[hook("5", "disabled"), hook("6", "active")]);
        assert_eq!((off.requests.len(), off.requests[0].path.as_str()), (1, "/webhooks/5"));
        assert_eq!((off.found, off.then.0), (Subscription::Off, Subscription::Mended));
        let cases = [
            (vec![hook("5", "active")], Subscription::Active),
            (vec![hook("5", "paused")], Subscription::Paused),
            (Vec::new(), Subscription::Missing),
        ];
        for (hooks, found) in cases {
            let mend = mend(&hooks);
            assert_eq!((mend.requests.len(), mend.then.0), (0, found));
        }
        let nasty = json!([{ "id": "5/../../orders", "status": "disabled" }]).to_string().into_bytes();
        assert!(
            super::hooks(&Answer { status: 200, headers: Vec::new(), body: nasty, is_whole: true }).is_err()
        );
    }
}
