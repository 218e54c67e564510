//! `/healthz`, `/readyz`, `/metrics`: for whoever watches over the process.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use db::Db;
use kernel::{Result, Timestamp};
use messaging::Providers;
use tokio::sync::Mutex;
use web::{Failure, Gate};

/// How long a page of metrics is good for: counting reads whole tables, and whoever asks more often gets the last one.
const METRICS_KEEP: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Watch {
    db: Db,
    providers: Arc<Providers>,
    gates: Arc<Vec<Arc<Gate>>>,
    /// The last page, and when it was counted. Whoever comes while it is being counted waits for it.
    metrics: Arc<Mutex<Option<(Timestamp, String)>>>,
}

/// The routes.
pub fn router(db: Db, providers: Arc<Providers>, gates: Vec<Arc<Gate>>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Watch { db, providers, gates: Arc::new(gates), metrics: Arc::default() })
}

/// Ready when the database answers; a process without one serves nobody.
async fn ready(State(watch): State<Watch>) -> Result<Response, Failure> {
    watch.db.read("operations.ready", |r| jobs::next_due(r).map(|_| ())).await?;
    Ok((StatusCode::OK, "ready\n").into_response())
}

/// In the text format of Prometheus 0.0.4. Counts only, nothing personal.
async fn metrics(State(watch): State<Watch>) -> Result<Response, Failure> {
    let now = watch.db.now();
    let mut last = watch.metrics.lock().await;
    let page = match last.take() {
        Some((at, page)) if now.since(at) < METRICS_KEEP => (at, page),
        _ => (now, counted(&watch).await?),
    };
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let response = (kind, page.1.clone()).into_response();
    *last = Some(page);
    Ok(response)
}

async fn counted(watch: &Watch) -> Result<String> {
    let (tally, messages, webhooks, orders, customers, held, connections) = watch
        .db
        .read("operations.metrics", |r| {
            Ok((
                jobs::tally(r)?,
                messaging::count_by_state(r)?,
                api::webhooks::count_by_state(r)?,
                orders::count(r)?,
                customers::count(r)?,
                messaging::held_by_restore(r)?,
                platforms::health(r)?,
            ))
        })
        .await?;
    let mut page = Page::default();
    page.gauge("aftercare_orders", "Orders stored.", &[("", orders)]);
    page.gauge("aftercare_customers", "Customers known.", &[("", customers)]);
    let messages: Vec<(&str, i64)> = messages.iter().map(|(state, n)| (state.as_str(), *n)).collect();
    page.labelled("aftercare_messages", "Messages by state.", "state", &messages);
    let webhooks: Vec<(&str, i64)> = webhooks.iter().map(|(state, n)| (state.as_str(), *n)).collect();
    page.labelled("aftercare_webhook_deliveries", "Webhooks out by state.", "state", &webhooks);
    let on = i64::from(held.is_some());
    page.gauge("aftercare_restore_hold", "1 while what was due before a restore is held.", &[("", on)]);
    let held = held.map_or(0, |held| held.messages as i64);
    page.gauge("aftercare_restore_held_messages", "Messages that a restore holds.", &[("", held)]);
    let jobs = [
        ("due", tally.due),
        ("waiting", tally.waiting),
        ("running", tally.running),
        ("parked", tally.parked),
    ];
    page.labelled("aftercare_jobs", "Jobs by state; parked ones wait for a person.", "state", &jobs);
    let breakers: Vec<(&str, i64)> =
        watch.providers.open_breakers().into_iter().map(|(name, open)| (name, i64::from(open))).collect();
    page.labelled(
        "aftercare_provider_breaker_open",
        "1 while a provider is left alone.",
        "provider",
        &breakers,
    );
    let well: Vec<(&str, i64)> =
        connections.iter().map(|c| (c.id.as_str(), i64::from(c.is_well()))).collect();
    let help = "1 while a connected shop can be read and tells us of its orders; see aftercare connections.";
    page.labelled("aftercare_connection_well", help, "connection", &well);
    let seconds = |at: Option<Timestamp>| at.map_or(0, |at| at.ms() / 1_000);
    let polled: Vec<(&str, i64)> =
        connections.iter().map(|c| (c.id.as_str(), seconds(c.polled_at))).collect();
    let help = "When a shop's list of orders was last read to its end, in Unix seconds; 0 for never.";
    page.labelled("aftercare_connection_polled_at", help, "connection", &polled);
    page.gates(&watch.gates);
    let stats = watch.db.stats();
    page.gauge("aftercare_db_commits_total", "Commits of the writer.", &[("", stats.commits as i64)]);
    page.gauge(
        "aftercare_db_writes_total",
        "Writes committed together in those.",
        &[("", stats.closures as i64)],
    );
    page.gauge(
        "aftercare_db_retries_total",
        "Writes run again after a conflict.",
        &[("", stats.retries as i64)],
    );
    page.gauge("aftercare_db_queued", "Writes waiting for the writer.", &[("", stats.queued as i64)]);
    Ok(page.0)
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn gauge(&mut self, name: &str, help: &str, values: &[(&str, i64)]) {
        self.head(name, help);
        for (_, value) in values {
            let _ = writeln!(self.0, "{name} {value}");
        }
    }

    fn labelled(&mut self, name: &str, help: &str, label: &str, values: &[(&str, i64)]) {
        self.head(name, help);
        for (which, value) in values {
            let _ = writeln!(self.0, "{name}{{{label}=\"{which}\"}} {value}");
        }
    }

    fn gates(&mut self, gates: &[Arc<Gate>]) {
        let counted = |count: fn(&Gate) -> i64| -> Vec<(&str, i64)> {
            gates.iter().map(|gate| (gate.name(), count(gate))).collect()
        };
        let inside = counted(|gate| gate.inside() as i64);
        self.labelled("aftercare_requests_inside", "Requests being answered, by gate.", "gate", &inside);
        let turned_away = counted(|gate| gate.turned_away() as i64);
        let help = "Requests answered with 503 because their gate was full.";
        self.labelled("aftercare_requests_turned_away_total", help, "gate", &turned_away);
    }

    fn head(&mut self, name: &str, help: &str) {
        let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }
}
