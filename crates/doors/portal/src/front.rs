//! The page at `/`: whose place this is, and how to get to an order.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use kernel::Result;
use serde::Serialize;
use web::{Failure, Frame, HtmlPage, Link, value};

use crate::Portal;

/// What `portal/front.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct FrontPage {
    /// The first heading.
    pub heading: String,
    /// What this place is.
    pub lead: String,
    /// Over the list.
    pub how_heading: String,
    /// Ways to an order, the surest first.
    pub how: Vec<String>,
    /// To the page that sends the link again.
    pub find: Link,
    /// To all orders of who signs in.
    pub all: Link,
}

/// The portal's own routes.
pub fn router<S: Clone + Send + Sync + 'static>(portal: Arc<Portal>) -> Router<S> {
    Router::new().route("/", get(front)).with_state(portal)
}

async fn front(State(portal): State<Arc<Portal>>) -> Result<HtmlPage, Failure> {
    let say = |key: &str| portal.say(portal.locale(), key);
    let page = FrontPage {
        heading: say("front-heading"),
        lead: say("front-lead"),
        how_heading: say("front-how-heading"),
        how: vec![say("front-how-mail"), say("front-how-spam"), say("front-how-help")],
        find: Link::new(say("front-find"), "/find"),
        all: Link::new(say("front-all"), "/orders"),
    };
    let title = say("front-title");
    let frame = Frame { template: "portal/front.html", locale: portal.locale(), title: &title };
    Ok(HtmlPage::new(portal.open_page(&frame, value(&page))?).indexed())
}

#[cfg(test)]
mod tests;
