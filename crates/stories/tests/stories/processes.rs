//! The program as a process: killed, stopped, in parts, and with its database taken away.
//!
//! Everything else is told in one process, where time can be moved; what is told here needs a real one.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use stories::app::{App, Settings};
use stories::postgres::{self, Cluster};
use stories::process::{self, Folder};
use stories::smtp_sink::{Moment, Script, SmtpSink};

use crate::post::message_id;
use crate::program::{
    IN_THE_END, Lock, SmallDisk, Worker, assert_all_arrive, assert_becomes, assert_inbox_gets,
    assert_put_off, key, limit_files, mailing, metric, numbers, order, post, post_ok,
};

/// As many sessions as the program opens to a mail server at once.
const SESSIONS: usize = 4;

/// Kills the program while mails are out and orders come in, and starts it again.
async fn nothing_acknowledged_is_lost_by_kill_9(database_url: Option<String>) {
    let sink = SmtpSink::start().await.unwrap();
    let app = App::start(mailing(&sink, database_url));
    let key = key(&app);
    (0..SESSIONS).for_each(|_| sink.script(Script::Hang(Moment::Dot)));
    let acknowledged: BTreeSet<usize> = tokio::task::block_in_place(|| {
        let acknowledged = std::thread::scope(|scope| {
            let posting = scope.spawn(|| post_until_refused(&app, &key));
            let in_flight = || (sink.received().len() >= SESSIONS).then_some(());
            assert!(process::wait_for(IN_THE_END, in_flight).is_some(), "{}", app.logs());
            app.kill9();
            posting.join().unwrap()
        });
        assert!(acknowledged.len() >= SESSIONS, "{acknowledged:?}");
        app.restart();
        assert_all_arrive(&app, &sink, &acknowledged);
        acknowledged
    });
    let mails = sink.received();
    let in_flight: BTreeSet<_> = mails[..SESSIONS].iter().map(message_id).collect();
    let mut ids = BTreeSet::new();
    let repeated: BTreeSet<_> = mails.iter().map(message_id).filter(|id| !ids.insert(id.clone())).collect();
    assert!(repeated.is_subset(&in_flight), "only what was out at the kill may come twice: {repeated:?}");
    assert!(numbers(&mails).len() >= acknowledged.len());
    assert_eq!(sink.violations(), Vec::<String>::new());
}

/// Posts orders one after the other until nobody answers. Returns those that were taken in.
fn post_until_refused(app: &App, key: &str) -> BTreeSet<usize> {
    let bearer = format!("Bearer {key}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let taken = |number: &usize| {
        let answer = app.request("POST", "/v1/orders", &headers, order(*number).as_bytes());
        answer.is_ok_and(|answer| answer.status == 201)
    };
    (1_000..).take_while(taken).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_9_on_sqlite() {
    nothing_acknowledged_is_lost_by_kill_9(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_9_on_postgres() {
    if postgres::wanted() {
        nothing_acknowledged_is_lost_by_kill_9(Some(schema())).await;
    }
}

fn schema() -> String {
    Cluster::shared().url(&Cluster::shared().fresh_schema())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_finishes_what_has_begun_and_calls_it_a_success() {
    let sink = SmtpSink::start().await.unwrap();
    let app = App::start(mailing(&sink, None));
    let key = key(&app);
    sink.script(Script::SlowDrip(Duration::from_millis(40)));
    tokio::task::block_in_place(|| {
        post_ok(&app, &key, 1042);
        let in_flight = || (!sink.received().is_empty()).then_some(());
        assert!(process::wait_for(IN_THE_END, in_flight).is_some(), "{}", app.logs());
        assert!(app.stop(), "{}", app.logs());
        app.restart();
        post_ok(&app, &key, 1043);
        assert_all_arrive(&app, &sink, &BTreeSet::from([1042, 1043]));
        assert!(app.stop(), "{}", app.logs());
    });
    assert_eq!(numbers(&sink.received()), [1042, 1043], "what had begun was finished, and not begun again");
}

#[test]
fn a_second_server_on_the_same_file_is_refused_in_words() {
    let app = App::start(Settings::default());
    let second = app.cli(&["serve"]);
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("Another process serves aftercare.db already"), "{said}");
    assert!(said.contains("PostgreSQL"), "it says what to do: {said}");
    assert_eq!(app.get("/readyz", &[]).status, 200, "the first one goes on");
}

#[test]
fn sqlite_is_served_by_one_process_that_does_everything() {
    let app = App::start(Settings::default());
    app.kill9();
    for role in ["web", "worker"] {
        let refused = app.cli(&["serve", "--role", role]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--role"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_posted_to_the_web_process_is_mailed_by_the_worker() {
    if !postgres::wanted() {
        return;
    }
    let sink = SmtpSink::start().await.unwrap();
    let url = schema();
    let web = Settings { role: Some("web"), ..mailing(&sink, Some(url.clone())) };
    let web = App::start(web);
    let key = key(&web);
    tokio::task::block_in_place(|| {
        post_ok(&web, &key, 1042);
        let folder = Folder::fresh("worker").unwrap();
        let worker = Worker::start(&url, &sink, &folder);
        assert_all_arrive(&web, &sink, &BTreeSet::from([1042]));
        post_ok(&web, &key, 1043);
        assert_all_arrive(&web, &sink, &BTreeSet::from([1042, 1043]));
        assert!(worker.stop(), "a worker stops in order too");
    });
    assert_eq!(sink.received().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_away_is_a_503_and_the_program_recovers_by_itself() {
    if !postgres::wanted() {
        return;
    }
    let cluster = Cluster::start();
    let sink = SmtpSink::start().await.unwrap();
    let app = App::start(mailing(&sink, Some(cluster.url("shop"))));
    let key = key(&app);
    tokio::task::block_in_place(|| {
        post_ok(&app, &key, 1042);
        cluster.stop();
        assert_put_off(&post(&app, &key, 1043));
        assert_eq!((app.get("/healthz", &[]).status, app.get("/readyz", &[]).status), (200, 503));
        cluster.restart();
        assert_becomes(&app, "/readyz", 200);
        post_ok(&app, &key, 1043);
        assert_all_arrive(&app, &sink, &BTreeSet::from([1042, 1043]));
        cluster.stop();
        assert!(app.stop(), "it can be stopped without a database: {}", app.logs());
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_killed_under_load_loses_nothing_and_repeats_nothing() {
    if !postgres::wanted() {
        return;
    }
    let cluster = Cluster::start();
    let sink = SmtpSink::start().await.unwrap();
    let app = App::start(mailing(&sink, Some(cluster.url("shop"))));
    let key = key(&app);
    let over = AtomicBool::new(false);
    let acknowledged: BTreeSet<usize> = tokio::task::block_in_place(|| {
        let acknowledged = std::thread::scope(|scope| {
            let posting = scope.spawn(|| {
                let numbers = (1_000..).take_while(|_| !over.load(Ordering::SeqCst));
                numbers.filter(|number| post(&app, &key, *number).status == 201).collect()
            });
            let goes_on = [10, 30].into_iter().all(|already| {
                let arrived = || (sink.received().len() >= already).then_some(());
                let goes_on = process::wait_for(IN_THE_END, arrived).is_some();
                cluster.kill9();
                cluster.restart();
                goes_on
            });
            over.store(true, Ordering::SeqCst);
            assert!(goes_on, "{}", app.logs());
            posting.join().unwrap()
        });
        assert_all_arrive(&app, &sink, &acknowledged);
        acknowledged
    });
    assert!(acknowledged.len() >= 30, "{acknowledged:?}");
    let ids: Vec<_> = sink.received().iter().map(message_id).collect();
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "this process lived: it knows what it has sent"
    );
}

#[test]
fn a_file_locked_by_another_program_is_a_503_and_the_program_recovers_by_itself() {
    let app = App::start(Settings::default());
    let key = key(&app);
    post_ok(&app, &key, 1042);
    let lock = Lock::on(&app.file("aftercare.db"));
    assert_put_off(&post(&app, &key, 1043));
    assert_eq!(app.get("/healthz", &[]).status, 200);
    lock.release();
    post_ok(&app, &key, 1043);
    assert_inbox_gets(&app, 2);
}

#[test]
fn files_that_may_not_grow_are_a_503_and_the_program_recovers_by_itself() {
    // Without this a process that writes too much is ended by a signal.
    let through = ["env", "--ignore-signal=XFSZ"].map(str::to_owned).to_vec();
    let app = App::start(Settings { through, ..Settings::default() });
    let key = key(&app);
    post_ok(&app, &key, 1042);
    assert_inbox_gets(&app, 1);
    limit_files(&app, "1");
    assert_put_off(&post(&app, &key, 1043));
    assert_eq!((app.get("/healthz", &[]).status, app.get("/inbox", &[]).status), (200, 200));
    limit_files(&app, "unlimited");
    post_ok(&app, &key, 1043);
    assert_inbox_gets(&app, 2);
}

#[test]
fn a_full_disk_is_a_503_that_leaves_nothing_half_written_and_the_program_recovers_by_itself() {
    let Some(disk) = SmallDisk::mounted() else { return };
    let url = format!("sqlite:{}", disk.path().join("shop.db").display());
    let app = App::start(Settings { database_url: Some(url), ..Settings::default() });
    let key = key(&app);
    post_ok(&app, &key, 1042);
    assert_inbox_gets(&app, 1);
    let filler = disk.fill();
    let put_off = (2_000..2_400).find(|number| post(&app, &key, *number).status != 201);
    let put_off = put_off.expect("the disk is full");
    assert_put_off(&post(&app, &key, put_off));
    assert_eq!(
        (app.get("/healthz", &[]).status, app.get("/inbox", &[]).status),
        (200, 200),
        "it can still be read"
    );
    fs::remove_file(filler).unwrap();
    post_ok(&app, &key, put_off);
    let taken = put_off - 2_000 + 2;
    assert_inbox_gets(&app, taken);
    assert_eq!(
        metric(&app, "aftercare_orders"),
        Some(taken),
        "as many orders as were acknowledged, and no half one"
    );
    assert!(app.stop(), "{}", app.logs());
}
