//! `/a/keys` and `/a/webhooks`: who may call the API, and which programs are told what happens, for the people who run the
//! shop.
//!
//! A key or a secret is shown once, in the answer to the form that made it. Every change is in the audit log.

mod endpoint_forms;
mod endpoint_view;
mod endpoints;
mod keys;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use db::Db;
use kernel::Result;
use serde::Serialize;
use web::{HtmlPage, PageShell, Template};

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "api/staff-keys.html", source: include_str!("templates/keys.html") },
    Template { name: "api/staff-webhooks.html", source: include_str!("templates/webhooks.html") },
    Template { name: "api/staff-webhook.html", source: include_str!("templates/webhook.html") },
    Template { name: "api/staff-webhook-parts.html", source: include_str!("templates/parts.html") },
];

#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The routes, dressed by `shell`. Whoever mounts them lets nobody in but the staff.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new()
        .route("/a/keys", get(keys::list).post(keys::make))
        .route("/a/keys/{id}/revoke", post(keys::revoke))
        .route("/a/webhooks", get(endpoints::list).post(endpoints::add))
        .route("/a/webhooks/{id}", get(endpoints::one).post(endpoints::change))
        .route("/a/webhooks/{id}/rotate", post(endpoints::rotate))
        .route("/a/webhooks/{id}/switch", post(endpoints::switch))
        .route("/a/webhooks/{id}/test", post(endpoints::test))
        .route("/a/webhooks/{id}/remove", post(endpoints::remove))
        .route("/a/webhooks/{id}/deliveries/{delivery}/again", post(endpoints::send_again))
        .with_state(Door { db, shell })
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}
