//! Shopify's REST Admin API: the list of changed orders, and our subscriptions.
//!
//! The list goes on by a word in the `Link` header. Only that word is used: an address that an answer names is never
//! followed, for the key would go with it.

use egress::{Answer, Request};
use kernel::{Error, Result, Timestamp};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use url::Url;

use crate::connections::Api;
use crate::health::Subscription;
use crate::poll::{Ask, Change, Fetched, Hook, Mend, Page};
use crate::reading::{Plain, unreadable};

/// The version whose order we read. Shopify answers with its oldest one when this is gone.
const VERSION: &str = "2026-10";
/// How many orders a page holds; the most there may be.
const LIMIT: &str = "250";
/// The topics a shop has to tell us of.
const TOPICS: [&str; 5] =
    ["orders/create", "orders/updated", "orders/paid", "orders/cancelled", super::REFUND];

/// A request with the key: the access token of an app of the shop's own.
pub(crate) fn authorised(api: &Api, method: &'static str, path: &str) -> Result<Request> {
    let url = Url::parse(&format!("{}/admin/api/{VERSION}{path}", api.url))
        .map_err(|_| Error::internal("an address of Shopify's API can't be read"))?;
    Ok(Request::new(method, url).header("X-Shopify-Access-Token", api.key.clone()))
}

/// Asks for orders that have changed.
pub(crate) fn orders_request(api: &Api, ask: &Ask) -> Result<Request> {
    let mut request = authorised(api, "GET", "/orders.json")?;
    let mut query = request.url.query_pairs_mut();
    query.append_pair("limit", LIMIT);
    match &ask.next {
        // The word knows what was asked for; anything beside it is refused.
        Some(next) => query.append_pair("page_info", next),
        None => query
            .append_pair("status", "any")
            .append_pair("updated_at_min", &ask.since.to_string())
            .append_pair("order", "updated_at asc"),
    };
    drop(query);
    Ok(request)
}

#[derive(Deserialize)]
struct Orders<'a> {
    #[serde(borrow)]
    orders: Vec<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stamp {
    updated_at: Plain,
}

/// Reads a page of orders.
pub(crate) fn orders_page(answer: &Answer) -> Result<Page> {
    let told: Orders<'_> =
        serde_json::from_slice(&answer.body).map_err(|error| unreadable("a list of orders", &error))?;
    let fetched = |order: &&RawValue| {
        let stamp: Stamp = serde_json::from_str(order.get()).unwrap_or_default();
        let updated_at = stamp.updated_at.text().and_then(|text| Timestamp::parse(text).ok());
        Fetched { body: order.get().as_bytes().to_vec(), updated_at }
    };
    let next = answer.header("link").and_then(next_page);
    Ok(Page { orders: told.orders.iter().map(fetched).collect(), next })
}

/// The word for the next page: `<https://…?page_info=WORD&limit=250>; rel="next"`.
fn next_page(link: &str) -> Option<String> {
    let next = link.split(',').find(|part| part.contains("rel=\"next\"") || part.contains("rel=next"))?;
    let (from, to) = (next.find('<')?, next.find('>')?);
    let url = Url::parse(next.get(from + 1..to)?).ok()?;
    url.query_pairs().find(|(name, _)| name == "page_info").map(|(_, word)| word.into_owned())
}

/// Asks for our subscriptions.
pub(crate) fn hooks_request(api: &Api) -> Result<Request> {
    let mut request = authorised(api, "GET", "/webhooks.json")?;
    request.url.query_pairs_mut().append_pair("limit", LIMIT).append_pair("address", &api.hook_url);
    Ok(request)
}

#[derive(Deserialize)]
struct Webhooks {
    webhooks: Vec<Told>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    id: Plain,
    topic: Plain,
    address: Plain,
}

/// Reads our subscriptions.
pub(crate) fn hooks(answer: &Answer) -> Result<Vec<Hook>> {
    let told: Webhooks =
        serde_json::from_slice(&answer.body).map_err(|error| unreadable("a list of webhooks", &error))?;
    let text = |plain: &Plain| plain.text().unwrap_or_default().to_owned();
    let hook = |told: &Told| Hook {
        id: text(&told.id),
        topic: text(&told.topic),
        url: text(&told.address),
        status: String::new(),
    };
    Ok(told.webhooks.iter().map(hook).collect())
}

/// What to do about subscriptions. Shopify deletes them after failures. Those a person made in the admin are not in
/// this list, so one that was never seen is not missed: only what was here before is made again.
pub(crate) fn mend(api: &Api, ours: &[Hook], before: Subscription) -> Mend {
    let was_here = matches!(before, Subscription::Active | Subscription::Mended | Subscription::Off);
    if ours.is_empty() && !was_here {
        let found = Subscription::Unknown;
        return Mend { found, requests: Vec::new(), then: (found, None) };
    }
    let missing = TOPICS.iter().filter(|topic| !ours.iter().any(|hook| hook.topic == **topic));
    let make = |topic: &&str| Change {
        method: "POST",
        path: "/webhooks.json".to_owned(),
        body: json!({ "webhook": { "topic": topic, "address": api.hook_url, "format": "json" } }).to_string(),
    };
    let requests: Vec<Change> = missing.map(make).collect();
    if requests.is_empty() {
        return Mend { found: Subscription::Active, requests, then: (Subscription::Active, None) };
    }
    let words =
        "Shopify had no webhook for some topics. They are made again, and what was missed has been fetched.";
    Mend { found: Subscription::Off, requests, then: (Subscription::Mended, Some(words)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api() -> Api {
        Api {
            url: "https://example-shop.myshopify.com".to_owned(),
            key: "shpat_1".to_owned(),
            hook_url: "https://orders.example/hooks/shopify/con_1".to_owned(),
        }
    }

    fn answer(link: Option<&str>, body: &str) -> Answer {
        let headers = link.map(|link| ("link".to_owned(), link.to_owned())).into_iter().collect();
        Answer { status: 200, headers, body: body.as_bytes().to_vec(), is_whole: true }
    }

    #[test]
    fn the_first_request_says_what_and_the_next_only_where() {
        let ask = Ask { since: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(), next: None };
        let first = orders_request(&api(), &ask).unwrap().url;
        assert!(
            first.as_str().starts_with("https://example-shop.myshopify.com/admin/api/2026-10/orders.json?")
        );
        for part in ["status=any", "updated_at_min=2026-11-20T10%3A00%3A00", "limit=250"] {
            assert!(first.query().unwrap().contains(part), "{part} in {first}");
        }
        let next = orders_request(&api(), &Ask { next: Some("abc==".to_owned()), ..ask }).unwrap().url;
        assert_eq!(next.query(), Some("limit=250&page_info=abc%3D%3D"));
    }

    #[test]
    fn only_the_word_of_the_next_page_is_taken_from_a_link() {
        let page = |link| orders_page(&answer(Some(link), "{\"orders\":[]}")).unwrap().next;
        let both = "<https://a.example/o.json?page_info=p1&limit=9>; rel=\"previous\", \
                    <https://evil.example/o.json?limit=9&page_info=p2>; rel=\"next\"";
        assert_eq!(page(both).as_deref(), Some("p2"));
        for none in [
            "<https://a.example/?page_info=p1>; rel=\"previous\"",
            "nonsense",
            "<>; rel=\"next\"",
            ">; rel=next<",
        ] {
            assert_eq!(page(none), None, "{none}");
        }
        for hostile in ["[]", "{}", "{\"orders\":7}", "{\"errors\":\"x\"}", ""] {
            assert!(orders_page(&answer(None, hostile)).is_err(), "{hostile}");
        }
    }

    #[test]
    fn only_what_was_here_before_is_made_again() {
        let hook = |topic: &str| Hook {
            id: "1".to_owned(),
            topic: topic.to_owned(),
            url: api().hook_url,
            status: String::new(),
        };
        assert_eq!(mend(&api(), &[], Subscription::Unknown).then.0, Subscription::Unknown);
        assert_eq!(mend(&api(), &[], Subscription::Active).requests.len(), TOPICS.len());
        let all = TOPICS.map(hook);
        assert_eq!(mend(&api(), &all, Subscription::Unknown).then.0, Subscription::Active);
        let some = mend(&api(), &all[..4], Subscription::Unknown);
        assert_eq!((some.requests.len(), some.then.0), (1, Subscription::Mended));
        assert!(some.requests[0].body.contains("refunds/create"));
    }
}
