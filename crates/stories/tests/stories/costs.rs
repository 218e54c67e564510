//! What the hot path costs: statements per order and per message, and indexes instead of scans.
//!
//! Counted, not timed: a count is the same on every machine, and a query too many shows the day it is written.

use db::Engine;
use kernel::Timestamp;
use orders::incoming::IncomingOrder;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

/// Statements of one paid order with one line: recognise the customer (11), store and compare it (11), record what
/// happened (4), look up the picture it lacks (2), write its short link, its message and its jobs (9).
const MOST_PER_ORDER: u64 = 37;
/// Statements of handing one message over (claim, look, mark, record and tell the timeline: 29), and of the catalogue
/// looking at the order behind it (11). Look and mark each ask what a restore holds, and the timeline asks whether a
/// webhook is wanted.
const MOST_PER_MESSAGE: u64 = 40;

/// Queries that run for every order, message, job or page.
const HOT: &[&str] = &[
    "claim_due",
    "next_due",
    "finish_job",
    "holds_lease",
    "holder_of_identity",
    "source_ids_of",
    "contact_points_of",
    "find_customer",
    "consents_that_count",
    "suppressions_holding",
    "topic_choices_of",
    "topic_limits_of",
    "last_of_topic",
    "live_shopper_session",
    "proofs_of",
    "shopper_sessions_at",
    "count_asks",
    "seen_by_email",
    "seen_by_phone",
    "incident_holds_until",
    "handed_over_lately",
    "held_of_customer",
    "holders_of_address",
    "find_by_external",
    "find_order",
    "lines_of",
    "places_of_order",
    "find_told",
    "find_message",
    "thread_before",
    "thread_after",
    "messages_of_subject",
    "set_outcome",
    "mark_handing_off",
    "codes_since",
    "find_event",
    "find_product_by_key",
    "find_product_by_sku",
    "variants_of",
    "care_of",
    "told_better_by_sku",
    "told_better_by_title",
    "known_by_sku",
    "candidates_by_sku",
    "candidates_by_title",
    "everybody_at_address",
    "live_session",
    "failures",
    "log_all",
    "log_in_trouble",
    "log_held",
    "log_dropped",
    "log_of_customer",
    "events_about",
    "events_of_customer",
    "orders_numbered",
    "list_orders_of",
    "list_customers",
    "orders_numbered_from",
    "walk_orders",
    "walk_not_placed",
    "walk_not_paid",
    "order_placed_at",
    "next_source",
    "with_orders_between",
    "consents_between",
    "listed_customer",
    "emails_from",
    "names_from",
    "last_names_from",
    "names_without_keys",
    "log_row",
    "tries_of",
    "find_marks",
    "find_task",
    "latest_tasks",
    "find_part",
    "audit_about",
    "staff_notes_about",
    "views_of",
    "merged_into",
    "events_of_customer_about",
    "find_note",
    "notes_of_customer",
    "incidents_of_customer",
    "open_wrongs",
    "count_cancel_asked",
    "count_stray_numbers",
    "count_unlinked",
    "walk_told",
    "ledger_of_customer",
    "identities_of_customer",
    "list_suppressions",
    "written_to",
    "under_way",
    "search_webhooks",
    "inbox_of",
    "parked_webhooks",
    "list_parked",
    "parked_page",
    "list_audit",
    "audit_of_action",
    "audit_of_person",
    "audit_of_machine",
    "list_keys",
    "list_deliveries",
    "latest_version",
    "find_version",
    "versions_before",
    "find_draft",
    "drafts_of",
    "events_to_tally",
    "days_since",
    "sent_lately",
    "count_complaints",
    "count_in_trouble",
    "list_of_country",
    "unplaced",
    "next_title",
    "next_sku",
    "walk_title",
    "walk_sku",
    "lines_without_keys",
    "last_address",
    "forget_sessions",
    "forget_reports",
    "forget_old_texts",
];

/// Orders that a shop has taken before, and how much dearer the next one may be for it.
const PAST: u32 = 1_500;
const DEARER_BY: f64 = 1.2;

/// An order of somebody who has an account with the shop.
fn somebodys(number: u32, customer: u32, now: Timestamp) -> IncomingOrder {
    let mut order = order(number, now).paid().by(&format!("c{customer}@example.test"), "Somebody");
    order.customer.external_id = Some(format!("c{customer}"));
    order
}

/// What SQLite does for one order, until its confirmation has left.
async fn steps_to_confirm(stage: &Stage, order: &IncomingOrder) -> u64 {
    let before = stage.house.db.stats().steps;
    stage.take(order).await;
    stage.settle().await;
    stage.house.db.stats().steps - before
}

async fn statements(stage: &Stage) -> u64 {
    stage.house.db.stats().statements
}

stories! {
    async fn an_order_costs_a_bounded_number_of_statements(stage: &Stage) {
        stage.take(&order(1, stage.now()).paid()).await;
        stage.settle().await;
        let before = statements(stage).await;
        stage.take(&order(2, stage.now()).paid()).await;
        let taken = statements(stage).await;
        stage.settle().await;
        let sent = statements(stage).await;
        println!("statements: {} to take an order, {} to send its message", taken - before, sent - taken);
        assert!(taken - before <= MOST_PER_ORDER, "{} statements to take an order", taken - before);
        assert!(sent - taken <= MOST_PER_MESSAGE, "{} statements to send a message", sent - taken);
    }

    async fn an_order_costs_the_same_however_many_there_are(stage: &Stage) {
        if stage.house.db.engine() == Engine::Postgres {
            // The queries and the indexes are the same; only SQLite counts its steps.
            return;
        }
        for n in 1..10 {
            steps_to_confirm(stage, &somebodys(n, n, stage.now())).await;
        }
        let few = steps_to_confirm(stage, &somebodys(10, 5, stage.now())).await;
        let now = stage.now();
        let past = (11..PAST).map(|n| somebodys(n, n, now)).collect::<Vec<_>>();
        stage
            .house
            .db
            .write("story.past", move |w| {
                past.iter().try_for_each(|order| orders::take_history(w, order).map(drop))
            })
            .await
            .unwrap();
        stage.settle().await;
        let many = steps_to_confirm(stage, &somebodys(PAST, 5, stage.now())).await;
        println!("steps: {few} with nine orders before it, {many} with {PAST}");
        assert!((many as f64) < few as f64 * DEARER_BY, "an order took {few} steps, and takes {many} now");
    }

    async fn hot_queries_use_indexes(stage: &Stage) {
        let mut looked_at = 0;
        for file in aftercare::lists::queries::queries() {
            for query in file.bound.iter().filter(|query| HOT.contains(&query.name())) {
                let plan = stage.house.db.read("law.explain", |r| r.explain(query)).await.unwrap();
                let scans: Vec<_> = plan.lines().filter(|line| is_scan(stage.house.db.engine(), line)).collect();
                assert!(scans.is_empty(), "{}: {} scans: {scans:?}\n{plan}", file.origin, query.name());
                looked_at += 1;
            }
        }
        assert!(looked_at >= HOT.len(), "a hot query is gone: {looked_at} of {}", HOT.len());
    }
}

/// Whether a line of a plan reads a whole table. A scan of an index in its order, of a subquery's few
/// rows, or of a list that was bound (a virtual table), is none.
fn is_scan(engine: Engine, line: &str) -> bool {
    match engine {
        Engine::Sqlite => {
            line.trim_start().starts_with("SCAN ")
                && !line.contains("USING")
                && !line.contains("SCAN ranked")
                && !line.contains("(subquery")
                && !line.contains("VIRTUAL TABLE")
        }
        Engine::Postgres => line.contains("Seq Scan"),
    }
}
