//! What is of no use to anybody any more is forgotten by itself, and nothing before its time.

use std::time::Duration;

use db::params;
use kernel::{MessageId, Phone};
use messaging::sms::incoming::{IncomingText, take_text};
use messaging::sms::reports::{Report, take_report};
use messaging::sms::status::DeliveryStatus;
use staff::Role;
use stories::stage::Stage;
use stories::stories;

use crate::staff::joined;

db::sql_file!(pub OUTLIVED_SQL = "outlived.sql" { OUTLIVED = "outlived" });

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
/// More than one write forgets.
const REPORTS: i64 = 501;

/// A day much later: each schedule runs as it does after a long stop.
async fn days_later(stage: &Stage, days: u32) {
    stage.clock.move_to(stage.now() + days * DAY);
    stage.pass(MINUTE).await;
}

/// Texts, reports, sessions and links that are still there.
async fn kept(stage: &Stage) -> [i64; 4] {
    let count = stage.house.db.read("story.outlived", |r| {
        let row = r.one(&OUTLIVED, params![])?;
        Ok([row.get("texts")?, row.get("reports")?, row.get("sessions")?, row.get("links")?])
    });
    count.await.unwrap()
}

stories! {
    async fn what_nobody_needs_any_more_is_forgotten_in_its_time(stage: &Stage) {
        joined(stage, Role::Owner, "priya@northwind.test").await;
        let text = IncomingText {
            gateway: "story",
            id: Some("t1".to_owned()),
            sent_at: String::new(),
            from: Phone::parse("+447700900123").unwrap(),
            to: "13013".to_owned(),
            body: "Is the shop open on Sunday?".to_owned(),
            is_answered: false,
            understood: None,
        };
        let told = stage.house.db.write("story.told", move |w| {
            let message = MessageId::new(w.now, w.dice);
            for nth in 0..REPORTS {
                let report = Report {
                    message: message.clone(),
                    gateway: "story",
                    status: DeliveryStatus::Delivered,
                    detail: nth.to_string(),
                    number_fault: None,
                };
                take_report(w, &report)?;
            }
            take_text(w, &text)
        });
        told.await.unwrap();
        stage.settle().await;
        assert_eq!(kept(stage).await, [1, REPORTS, 1, 1]);
        days_later(stage, 40).await;
        assert_eq!(kept(stage).await, [1, REPORTS, 1, 0], "a link that stopped working a month ago");
        days_later(stage, 10).await;
        assert_eq!(kept(stage).await, [1, REPORTS, 0, 0], "and a browser that was signed out a month ago");
        days_later(stage, 45).await;
        assert_eq!(kept(stage).await, [1, 0, 0, 0], "all reports, one write after the other");
        days_later(stage, 630).await;
        assert_eq!(kept(stage).await, [1, 0, 0, 0]);
        days_later(stage, 10).await;
        assert_eq!(kept(stage).await, [0, 0, 0, 0]);
    }
}
