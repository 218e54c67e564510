//! The list of changed orders that our plugin serves in a Vendure shop, in the shape of its webhooks.
//!
//! The list is read on from where the page before ended. An order stands on it once for each part of it that changed,
//! with the newest state each time; what is fetched twice is known by its content.

use egress::{Answer, Request};
use kernel::{Error, Result, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::connections::Api;
use crate::poll::{Ask, Fetched, Page};
use crate::reading::unreadable;

/// How many changes a page holds: each order is some queries to the shop.
const PER_PAGE: &str = "50";

/// Asks for orders that have changed.
pub(crate) fn orders_request(api: &Api, ask: &Ask) -> Result<Request> {
    let url = Url::parse(&format!("{}/aftercare/orders", api.url));
    let mut url = url.map_err(|_| Error::field("/api_url", "not_an_api_address", "This is no address."))?;
    let (name, from) = match &ask.next {
        Some(next) => ("after", next.clone()),
        None => ("since", ask.since.to_string()),
    };
    url.query_pairs_mut().append_pair("limit", PER_PAGE).append_pair(name, &from);
    Ok(Request::new("GET", url).header("authorization", format!("Bearer {}", api.key)))
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    has_more: bool,
    next: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stamp {
    updated_at: Option<String>,
}

/// Reads a page of orders.
pub(crate) fn orders_page(answer: &Answer) -> Result<Page> {
    let list: List<'_> =
        serde_json::from_slice(&answer.body).map_err(|error| unreadable("a list of orders", &error))?;
    let next = list.next.filter(|_| list.has_more);
    Ok(Page { orders: list.data.into_iter().map(fetched).collect(), next })
}

fn fetched(order: &RawValue) -> Fetched {
    let stamp: Stamp = serde_json::from_str(order.get()).unwrap_or_default();
    let updated_at = stamp.updated_at.and_then(|text| Timestamp::parse(&text).ok());
    Fetched { body: order.get().as_bytes().to_vec(), updated_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn asked(next: Option<&str>) -> Request {
        let api = Api {
            url: "https://shop.example".to_owned(),
            key: "a key".to_owned(),
            hook_url: "https://orders.example/hooks/vendure/con_1".to_owned(),
        };
        orders_request(&api, &Ask { since: at("2026-11-20T10:00:00Z"), next: next.map(str::to_owned) })
            .unwrap()
    }

    fn page(body: &str) -> Result<Page> {
        orders_page(&Answer {
            status: 200,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            is_whole: true,
        })
    }

    #[test]
    fn a_list_is_begun_with_a_time_and_read_on_with_the_word_of_the_page_before() {
        let first = asked(None);
        let url = "https://shop.example/aftercare/orders?limit=50&since=2026-11-20T10%3A00%3A00Z";
        assert_eq!(first.url.as_str(), url);
        assert!(first.headers.contains(&("authorization".to_owned(), "Bearer a key".to_owned())));
        let second = asked(Some("WyJ+"));
        assert_eq!(second.url.as_str(), "https://shop.example/aftercare/orders?limit=50&after=WyJ%2B");
    }

    #[test]
    fn orders_are_kept_byte_for_byte_with_the_time_of_their_change() {
        let order = r#"{ "updated_at": "2026-11-20T10:00:00.123Z",  "number":"1" }"#;
        let body = |more: bool| {
            format!(r#"{{"read_at":"x","data":[{order},{{"updated_at":7}}],"has_more":{more},"next":"w"}}"#)
        };
        let read = page(&body(true)).unwrap();
        assert_eq!(read.orders[0].body, order.as_bytes());
        assert_eq!(read.orders[0].updated_at, Some(at("2026-11-20T10:00:00.123Z")));
        assert_eq!((read.orders[1].updated_at, read.next.as_deref()), (None, Some("w")));
        assert_eq!(page(&body(false)).unwrap().next, None);
        for nonsense in ["", "[]", "{}", "<html>", r#"{"data":[],"has_more":"yes"}"#] {
            assert!(page(nonsense).is_err(), "{nonsense}");
        }
    }
}
