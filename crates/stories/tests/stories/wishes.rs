//! How somebody wants to hear of what they did not switch off: which way, how often, when not; and that what waits already
//! obeys.

use std::time::Duration;

use axum::http::{StatusCode, header};
use kernel::{Channel, CustomerId, Purpose};
use messaging::decide::Why;
use stories::letters::{LATER, OFFER, QUESTION, TIP};
use stories::stage::{Answer, Stage};
use stories::stories;
use web::markup::assert_html;
use world::samples::{Bend, order};

use crate::account::send;
use crate::held::amina;
use crate::kit::path_in;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

async fn own_page(stage: &Stage) -> String {
    path_in(stage.mails().await.last().expect("a mail"), "/you/updates/")
}

/// Sends a form of the page and follows where it leads.
async fn says(stage: &Stage, path: &str, which: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = send(stage, &format!("{path}/{which}"), "", fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    stage.settle().await;
    let page = stage.get(answer.header(header::LOCATION)).await;
    assert_html(which, &page.body);
    page
}

async fn last(stage: &Stage) -> (String, String) {
    let message = stage.messages().await.pop().expect("a message");
    (message.state, message.reason)
}

fn held(why: Why) -> (String, String) {
    ("held".to_owned(), why.words().to_owned())
}

fn never(why: Why) -> (String, String) {
    ("dropped".to_owned(), why.words().to_owned())
}

/// Amina, who can be texted as well as mailed, and her page.
async fn on_both(stage: &Stage) -> (CustomerId, String) {
    let customer = amina(stage).await;
    (customer, own_page(stage).await)
}

/// What the form of topics says of these topics by these ways.
fn wanting<'a>(ways: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
    let mut fields = Vec::new();
    for (topic, channel) in ways {
        fields.push(("topic", (*topic).to_owned()));
        fields.push(("by", format!("{topic}.")));
        fields.push(("by", format!("{topic}.{channel}")));
    }
    fields
}

async fn wants(stage: &Stage, path: &str, ways: &[(&str, &str)], more: &[(&str, &str)]) -> Answer {
    let owned = wanting(ways);
    let mut fields: Vec<(&str, &str)> = owned.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend(more);
    says(stage, path, "topics", &fields).await
}

async fn yes(stage: &Stage, customer: &CustomerId, channel: Channel) -> bool {
    let id = customer.clone();
    let answers = stage.house.db.read("story.consents", move |r| customers::consents(r, &id)).await.unwrap();
    customers::is_granted(&answers, channel, Purpose::Marketing)
}

stories! {
    async fn a_topic_comes_the_way_it_is_wanted_and_no_other(stage: &Stage) {
        let (customer, path) = on_both(stage).await;
        let page = wants(stage, &path, &[("tips", "sms"), ("feedback", "email"), ("news", "sms")], &[]).await;
        assert!(page.body.contains("value=\"tips.sms\" checked") && !page.body.contains("value=\"tips.email\" checked"), "{}", page.body);
        let (mails, texts) = (stage.mails().await.len(), stage.texts().await.len());
        stage.say(&customer, TIP, "a tip").await;
        stage.say(&customer, OFFER, "an offer").await;
        stage.say(&customer, QUESTION, "a question").await;
        assert_eq!((stage.mails().await.len(), stage.texts().await.len()), (mails + 1, texts + 2));
        assert!(yes(stage, &customer, Channel::Sms).await && !yes(stage, &customer, Channel::Email).await, "what is marketing is agreed to way by way");
        stage.say(&customer, LATER, "your order").await;
        assert_eq!(stage.mails().await.len(), mails + 2, "what belongs to the purchase comes as always");
        stage.pass(HOUR).await;
        wants(stage, &path, &[("tips", "sms"), ("feedback", "email"), ("news", "email")], &[]).await;
        assert!(!yes(stage, &customer, Channel::Sms).await && yes(stage, &customer, Channel::Email).await);
    }

    async fn who_wants_a_topic_no_way_at_all_does_not_want_it(stage: &Stage) {
        let (customer, path) = on_both(stage).await;
        let page = says(stage, &path, "topics", &[("topic", "tips"), ("by", "tips."), ("topic", "news")]).await;
        assert!(!page.body.contains("value=\"tips\" checked"), "{}", page.body);
        stage.say(&customer, TIP, "a tip").await;
        assert_eq!(last(stage).await, never(Why::TopicOff));
    }

    async fn a_topic_comes_as_seldom_as_it_is_wanted(stage: &Stage) {
        let (customer, path) = on_both(stage).await;
        let all = [("tips", "email"), ("feedback", "email"), ("news", "email")];
        let page = wants(stage, &path, &all, &[("pace-tips", "7"), ("pace-news", "30")]).await;
        assert_eq!(page.body.matches(" selected>At most once a week").count(), 1, "{}", page.body);
        assert_eq!(page.body.matches(" selected>At most once a month").count(), 1);
        assert!(!page.body.contains("name=\"pace-feedback\""), "a question can't wait");
        let before = stage.mails().await.len();
        stage.say(&customer, TIP, "the first tip").await;
        stage.say(&customer, TIP, "the second tip").await;
        assert_eq!(last(stage).await, held(Why::Pace));
        stage.say(&customer, OFFER, "an offer").await;
        stage.say(&customer, QUESTION, "a question").await;
        assert_eq!(stage.subjects().await.split_off(before), ["the first tip", "an offer", "a question"]);
        stage.pass(6 * DAY).await;
        assert_eq!(stage.mails().await.len(), before + 3, "six days are no week");
        stage.pass(2 * DAY).await;
        assert_eq!(stage.subjects().await.pop().unwrap(), "the second tip");
        // What waits already obeys the newer word at once.
        stage.say(&customer, TIP, "the third tip").await;
        assert_eq!(last(stage).await, held(Why::Pace));
        wants(stage, &path, &all, &[("pace-tips", "0"), ("pace-news", "30")]).await;
        assert_eq!(stage.subjects().await.pop().unwrap(), "the third tip");
    }

    async fn a_break_lasts_as_long_as_was_asked_for_and_ends_by_one_press(stage: &Stage) {
        let (customer, path) = on_both(stage).await;
        let page = says(stage, &path, "pause", &[("days", "60")]).await;
        assert!(page.body.contains("until Tuesday 19 January 2027") && page.body.contains("End the break"), "{}", page.body);
        let before = stage.mails().await.len();
        stage.say(&customer, QUESTION, "a question").await;
        assert_eq!(last(stage).await, held(Why::Paused));
        stage.say(&customer, LATER, "your order").await;
        assert_eq!(stage.mails().await.len(), before + 1);
        stage.pass(DAY).await;
        let page = says(stage, &path, "pause", &[("days", "")]).await;
        assert!(page.body.contains("Welcome back") && !page.body.contains("End the break"), "{}", page.body);
        assert_eq!(stage.subjects().await.pop().unwrap(), "a question", "what waited comes");
        for nonsense in ["1", "-30", "9999999", "x"] {
            let page = says(stage, &path, "pause", &[("days", nonsense)]).await;
            assert!(!page.body.contains("End the break"), "{nonsense}");
        }
    }

    /// It is ten in the morning, in London too.
    async fn quiet_hours_are_their_own_by_their_own_clock(stage: &Stage) {
        let (customer, path) = on_both(stage).await;
        let before = stage.mails().await.len();
        let page = says(stage, &path, "hours", &[("from", "9"), ("to", "12"), ("zone", "Europe/London")]).await;
        assert!(page.body.contains("You chose them."), "{}", page.body);
        stage.say(&customer, TIP, "a tip").await;
        assert_eq!(last(stage).await, held(Why::QuietHours));
        stage.pass(HOUR).await;
        assert_eq!(stage.mails().await.len(), before);
        stage.pass(HOUR + Duration::from_secs(60)).await;
        assert_eq!(stage.subjects().await.pop().unwrap(), "a tip");
        // An order that tells another zone changes nothing of it.
        let mut travelling = order(1043, stage.now()).paid();
        travelling.customer.time_zone = kernel::Zone::parse("Asia/Tokyo").ok();
        stage.take(&travelling).await;
        let page = says(stage, &path, "hours", &[("from", "22"), ("to", "7"), ("zone", "America/New_York")]).await;
        assert!(page.body.contains("value=\"America/New_York\""), "{}", page.body);
        stage.say(&customer, QUESTION, "a question").await;
        assert_eq!(stage.subjects().await.pop().unwrap(), "a question", "seven in the morning in New York");
        let page = says(stage, &path, "hours", &[("shops", "1")]).await;
        assert!(!page.body.contains("You chose them."), "{}", page.body);
        for (from, to, zone) in [("24", "7", "UTC"), ("", "7", "UTC"), ("x", "7", "UTC"), ("1", "2", "Mars/Base"), ("1", "2", "")] {
            let page = says(stage, &path, "hours", &[("from", from), ("to", to), ("zone", zone)]).await;
            assert!(page.body.contains("nothing was changed"), "{from} {to} {zone}");
        }
    }

    async fn what_one_press_has_stopped_another_brings_back(stage: &Stage) {
        let (customer, path) = on_both(stage).await;
        wants(stage, &path, &[("tips", "email"), ("news", "email")], &[("pace-tips", "7")]).await;
        let page = says(stage, &path, "stop", &[]).await;
        assert!(page.body.contains("Bring these back") && page.body.contains("News and offers: What is new at Northwind Tea"), "{}", page.body);
        assert!(!yes(stage, &customer, Channel::Email).await);
        let form = page.body.split("Bring these back").next().unwrap().rsplit("<form").next().unwrap().to_owned();
        let fields: Vec<(&str, &str)> = form
            .split("<input type=\"hidden\" name=\"")
            .skip(1)
            .filter_map(|field| field.split_once("\" value=\""))
            .map(|(name, rest)| (name, rest.split('"').next().unwrap()))
            .collect();
        stage.pass(HOUR).await;
        let page = says(stage, &path, "topics", &fields).await;
        for (topic, is_on) in [("tips", true), ("feedback", false), ("news", true)] {
            assert_eq!(page.body.contains(&format!("value=\"{topic}\" checked")), is_on, "{topic}: what was off stays off");
        }
        assert!(yes(stage, &customer, Channel::Email).await && !yes(stage, &customer, Channel::Sms).await);
        assert!(page.body.contains(" selected>At most once a week"), "how often it may come is as it was");
        // An address that somebody made up brings nothing back by itself, and fills nothing in that is not ours.
        for made_up in ["stopped&was=orders.codes", "stopped&was=%3Cscript%3E", "stopped&was="] {
            let page = stage.get(&format!("{path}?done={made_up}")).await;
            assert!(!page.body.contains("Bring these back"), "{made_up}");
        }
    }

    async fn every_word_is_kept_with_its_source_and_its_time(stage: &Stage) {
        let (customer, path) = on_both(stage).await;
        stage.pass(Duration::from_millis(1)).await;
        let before = stage.events().await.len();
        wants(stage, &path, &[("tips", "sms"), ("feedback", "email"), ("news", "email")], &[("pace-tips", "30")]).await;
        says(stage, &path, "pause", &[("days", "30")]).await;
        says(stage, &path, "hours", &[("from", "9"), ("to", "12"), ("zone", "Europe/London")]).await;
        let events = stage.events().await.split_off(before);
        assert_eq!(events.iter().filter(|kind| *kind == "customer.changed").count(), 5, "{events:?}");
        let rows = stage.house.db.read("story.limits", |r| {
            let rows = stories::personal::every_row(r)?;
            let limits = rows.into_iter().find(|(table, _)| table == "topic_limits").map(|(_, rows)| rows);
            limits.unwrap_or_default().iter().map(|row| row.get::<String>("source")).collect::<kernel::Result<Vec<_>>>()
        });
        assert_eq!(rows.await.unwrap(), ["you_updates"; 3]);
        let events = stage.events().await.len();
        wants(stage, &path, &[("tips", "sms"), ("feedback", "email"), ("news", "email")], &[("pace-tips", "30")]).await;
        says(stage, &path, "hours", &[("from", "9"), ("to", "12"), ("zone", "Europe/London")]).await;
        assert_eq!(stage.events().await.len(), events, "the same word again is none");
        let told = stage.house.db.read("story.export", move |r| {
            let person = customers::person(r, &customer)?;
            customers::export(r, &person)
        });
        assert_eq!(told.await.unwrap()["tables"]["topic_limits"].as_array().unwrap().len(), 3);
    }
}
