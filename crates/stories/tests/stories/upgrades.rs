//! A database that an earlier version has filled keeps all it holds.

use std::sync::Arc;

use aftercare::lists::migrations::MIGRATIONS;
use db::{DatabaseUrl, Db, Engine, Mode, Options, Wiring, params};
use kernel::{Dice, VirtualClock};
use stories::stage;

use crate::post::run_on;

db::sql_file!(pub UPGRADES = "upgrades.sql" {
    INSERT_CONNECTION = "insert_connection",
    INSERT_WEBHOOK = "insert_webhook",
    INSERT_CUSTOMER = "insert_customer",
    INSERT_ORDER = "insert_order",
    INSERT_TOLD = "insert_told",
    KEPT = "kept",
});

const TOLD: &str =
    r#"{"confirmed":true,"awaiting_payment":false,"cancelled":false,"visible":null,"untold_since":null}"#;

/// How many migrations there were before connections were made anew and refunds told.
fn before() -> usize {
    MIGRATIONS.iter().position(|migration| migration.name.ends_with("_connections")).expect("it is there")
}

async fn connections_and_what_was_told_are_kept(engine: Engine) {
    let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
    let options = Options { mode: Mode::Inline, ..Options::new(clock, Dice::seeded(1), Wiring::new()) };
    let db = Db::open(&DatabaseUrl::parse(&stage::fresh_url(engine)).unwrap(), options).unwrap();
    db.migrate(&MIGRATIONS[..before()]).unwrap();
    let filled = db.write("story.fill", |w| {
        w.execute(&INSERT_CONNECTION, params![&b"{}"[..]])?;
        w.execute(&INSERT_WEBHOOK, params![&b"{}"[..]])?;
        w.execute(&INSERT_CUSTOMER, params![])?;
        w.execute(&INSERT_ORDER, params![])?;
        w.execute(&INSERT_TOLD, params![TOLD])
    });
    filled.await.unwrap();
    db.migrate(MIGRATIONS).unwrap();
    let kept = db.read("story.kept", |r| {
        let row = r.one(&KEPT, params![&b"{}"[..]])?;
        Ok((row.get::<i64>("connections")?, row.get::<i64>("webhooks")?, row.get::<String>("told")?))
    });
    let (connections, webhooks, told) = kept.await.unwrap();
    assert_eq!((connections, webhooks), (1, 1));
    let told: orders::tell::Told = serde_json::from_str(&told).unwrap();
    assert_eq!((told.confirmed, told.refunded), (true, 700), "what went back before is not told now");
    db.close().await;
}

#[test]
fn connections_and_what_was_told_are_kept_on_sqlite() {
    run_on(Engine::Sqlite, connections_and_what_was_told_are_kept(Engine::Sqlite));
}

#[test]
fn connections_and_what_was_told_are_kept_on_postgres() {
    run_on(Engine::Postgres, connections_and_what_was_told_are_kept(Engine::Postgres));
}
