//! A backup, restored while the shop it was taken of has sent everything: nothing goes out twice by itself.

use std::collections::BTreeSet;

use stories::app::App;
use stories::process;
use stories::smtp_sink::{Script, SmtpSink};

use super::kit::{back_up, places, restore_ok, schema, settings};
use crate::post::message_id;
use crate::program::{IN_THE_END, assert_all_arrive, key, metric, numbers, post_ok};

const ORDERS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_into_a_live_shop_sends_nothing_twice_until_it_is_let_go() {
    for from in places() {
        for to in places() {
            let (before, after) = (SmtpSink::start().await.unwrap(), SmtpSink::start().await.unwrap());
            let to = to.map(|_| schema());
            let from = from.as_ref().map(|_| schema());
            tokio::task::block_in_place(|| told(from, to, &before, &after));
        }
    }
}

fn told(from: Option<String>, to: Option<String>, before: &SmtpSink, after: &SmtpSink) {
    let mut old = settings(from);
    old.mail_url = Some(before.url());
    let old = App::start(old);
    let key = key(&old);
    (0..40).for_each(|_| before.script(Script::greeting_421()));
    (1..=ORDERS).for_each(|number| post_ok(&old, &key, number));
    let (_, file) = back_up(&old, "shop.backup");
    assert_eq!(before.received().len(), 0);
    // The shop goes on and tells everybody.
    before.recover();
    let orders: BTreeSet<usize> = (1..=ORDERS).collect();
    assert_all_arrive(&old, before, &orders);
    assert!(old.stop());

    let mut new = settings(to);
    new.mail_url = Some(after.url());
    let new = App::idle(new);
    let restored = restore_ok(&new, &file);
    new.restart();
    let held = || (metric(&new, "aftercare_messages{state=\"held\"}") == Some(ORDERS)).then_some(());
    assert!(process::wait_for(IN_THE_END, held).is_some(), "{}", new.logs());
    assert_eq!(metric(&new, "aftercare_restore_hold"), Some(1));
    assert_eq!(metric(&new, "aftercare_restore_held_messages"), Some(ORDERS));
    post_ok(&new, &key, 99);
    assert_all_arrive(&new, after, &BTreeSet::from([99]));
    assert_eq!(numbers(&after.received()), [99], "only what is new has left");
    let doctor = new.cli(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("✘ restore"), "{doctor:?}");

    let release = |time: &str| new.cli_ok(&["messages", "release", "--due-before", time]);
    assert_eq!(release("2020-01-01T00:00:00Z"), "0");
    assert_eq!(new.cli(&["messages", "release", "--due-before", "soon"]).status.code(), Some(2));
    let restored_at = restored["restored_at"].as_str().unwrap();
    assert_eq!(release(restored_at), ORDERS.to_string());
    assert_eq!(release(restored_at), "0");
    assert_all_arrive(&new, after, &orders);
    let ids = |sink: &SmtpSink| {
        let mut ids: Vec<String> = sink.received().iter().map(message_id).collect();
        ids.sort();
        ids
    };
    let mut again = ids(after);
    again.retain(|id| ids(before).contains(id));
    assert_eq!(again, ids(before), "each once, under the Message-ID of before");
    assert_eq!(after.received().len(), ORDERS + 1);
    let doctor = new.cli(&["doctor", "--json"]);
    let findings: serde_json::Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let about = findings.as_array().unwrap().iter().filter(|finding| finding["check"] == "restore");
    assert_eq!(about.count(), 0, "nothing is held any more: {findings}");
}
