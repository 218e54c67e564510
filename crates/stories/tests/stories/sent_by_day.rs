//! How much was sent by day, and whether it arrives: on the first page, and on the page about domains.

use std::time::Duration;

use db::params;
use staff::Role;
use stories::smtp_sink::{Moment, Script};
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use crate::post::{self, Post, told_by};
use crate::staff::{get, joined, post as send};

db::sql_file!(pub SENT = "sent_by_day.sql" {
    MANY_EVENTS = "many_events",
    MANY_MAILS = "many_mails",
});

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

async fn home(stage: &Stage, cookie: &str) -> String {
    get(stage, "/a", cookie).await.body
}

/// The fourth number of the first page, and the words beside its picture.
fn sent(home: &str) -> (String, String) {
    let tile = home.split("<li class=\"card\">").nth(4).unwrap_or_else(|| panic!("{home}"));
    let between =
        |from: &str, to: &str| tile.split(from).nth(1).unwrap().split(to).next().unwrap().to_owned();
    assert!(tile.contains("messages sent in thirty days") && tile.contains("class=\"spark\""), "{tile}");
    (between("<b>", "</b>"), between("</svg></span><span class=\"meta\">", "</span>"))
}

fn said(number: &str, words: &str) -> (String, String) {
    (number.to_owned(), words.to_owned())
}

async fn many_events(stage: &Stage, from: i64, until: i64) {
    let write = move |w: &mut db::Write<'_>| {
        let now = w.now;
        w.execute(&MANY_EVENTS, params![from, until, now])
    };
    stage.house.db.write("story.many", write).await.unwrap();
}

stories! {
    async fn what_was_sent_is_told_at_once_and_by_its_day(stage: &Stage) {
        let cookie = joined(stage, Role::Manager, "mei@northwind.test").await;
        assert_eq!(sent(&home(stage, &cookie).await), said("0", "Today 0, yesterday 0"));
        for number in 1..4 {
            stage.take(&order(number, stage.now()).paid()).await;
        }
        stage.settle().await;
        assert_eq!(sent(&home(stage, &cookie).await), said("3", "Today 3, yesterday 0"), "before anybody counted");
        stage.pass(4 * HOUR).await;
        assert_eq!(sent(&home(stage, &cookie).await), said("3", "Today 3, yesterday 0"), "and none is counted twice");
        stage.take(&order(4, stage.now()).paid()).await;
        stage.settle().await;
        assert_eq!(sent(&home(stage, &cookie).await), said("4", "Today 4, yesterday 0"));
        stage.pass(DAY).await;
        assert_eq!(sent(&home(stage, &cookie).await), said("4", "Today 0, yesterday 4"));
        let domains = get(stage, "/a/domains", &cookie).await.body;
        assert!(domains.contains("0 of 4 mails") && domains.contains("Most were sent on 20 Nov: 4."), "{domains}");
        assert!(domains.contains("Too few to say") && domains.contains("Mails are counted until"), "{domains}");
    }

    async fn a_lot_is_counted_stretch_by_stretch_and_no_page_waits_for_it(stage: &Stage) {
        let cookie = joined(stage, Role::Manager, "mei@northwind.test").await;
        many_events(stage, 1, 12_345).await;
        let (number, words) = sent(&home(stage, &cookie).await);
        assert_eq!((&*number, &*words), ("10,000+", "Today 10,000+, yesterday 0"), "no more is looked at");
        stage.pass(4 * HOUR).await;
        assert_eq!(sent(&home(stage, &cookie).await), said("12,345", "Today 12,345, yesterday 0"));
        many_events(stage, 12_346, 12_355).await;
        stage.pass(DAY).await;
        assert_eq!(sent(&home(stage, &cookie).await), said("12,355", "Today 0, yesterday 12,355"));
    }

    async fn complaints_are_held_against_their_limits(stage: &Stage) {
        let cookie = joined(stage, Role::Manager, "mei@northwind.test").await;
        let agent = joined(stage, Role::Agent, "sam@northwind.test").await;
        stage.house.db.write("story.mails", |w| w.execute(&MANY_MAILS, params!["2026-11-19", 2_500_i64, 20_i64])).await.unwrap();
        let domains = get(stage, "/a/domains", &cookie).await.body;
        assert!(domains.contains("0 of 2,500 mails") && domains.contains("20 of 2,520 mails"), "{domains}");
        assert!(!domains.contains("Watch</span>") && !home(stage, &cookie).await.contains("mails of thirty days"), "{domains}");
        let complains = async |address: &str| {
            send(stage, "/a/suppressions", &cookie, &[("address", address), ("reason", "complained")]).await
        };
        for number in 0..3 {
            complains(&format!("c{number}@example.test")).await;
        }
        let unsubscribed = [("address", "u@example.test"), ("reason", "unsubscribed")];
        send(stage, "/a/suppressions", &cookie, &unsubscribed).await;
        send(stage, "/a/suppressions", &cookie, &[("address", "+447700900123"), ("reason", "complained")]).await;
        let domains = get(stage, "/a/domains", &cookie).await.body;
        assert!(domains.contains("3 of 2,500 mails") && domains.contains("badge warn\">Watch"), "{domains}");
        let page = home(stage, &cookie).await;
        assert!(page.contains("href=\"/a/domains\">0.12% of the mails of thirty days brought a complaint"), "{page}");
        for number in 3..8 {
            complains(&format!("c{number}@example.test")).await;
        }
        let domains = get(stage, "/a/domains", &cookie).await.body;
        assert!(domains.contains("0.32%") && domains.contains("badge bad\">Too many"), "{domains}");
        assert!(!home(stage, &agent).await.contains("brought a complaint"), "for those who can mend it");
    }
}

told_by! { post::tell:
    async fn mails_that_are_refused_for_good_are_counted(post: &mut Post) {
        let cookie = joined(&post.stage, Role::Manager, "mei@northwind.test").await;
        post.order(1).await;
        post.scripts([Script::Reject(Moment::Dot, 554, "5.7.1 We don’t take this".to_owned())]);
        post.order(2).await;
        post.stage.pass(4 * HOUR).await;
        let domains = get(&post.stage, "/a/domains", &cookie).await.body;
        assert!(domains.contains("1 of 2 mails") && domains.contains("50.00%"), "{domains}");
        assert!(domains.contains("<th scope=\"row\"><bdi>20 Nov</bdi></th><td><bdi>1</bdi></td><td><bdi>1</bdi></td>"), "{domains}");
        let page = home(&post.stage, &cookie).await;
        assert!(!page.contains("were refused for good"), "nothing is concluded from two: {page}");
    }
}
