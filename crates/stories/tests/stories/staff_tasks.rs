//! Long work that the staff asks for: files of customers, orders and messages.

use std::fs;
use std::time::Duration;

use axum::http::{StatusCode, header};
use stories::app::{App, Settings};
use stories::postgres::{self, Cluster};
use stories::process;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use crate::staff::{get, joined, post as send};
use staff::Role;

/// Orders of so many people, in rows, without a word to anybody.
async fn people(stage: &Stage, count: u32) {
    let now = stage.now();
    for begin in (0..count).step_by(50) {
        let many: Vec<_> = (begin..count.min(begin + 50))
            .map(|n| order(n, now).paid().by(&format!("c{n}@example.test"), "Somebody"))
            .collect();
        let write = stage.house.db.write("story.past", move |w| {
            many.iter().try_for_each(|order| orders::take_history(w, order).map(drop))
        });
        write.await.unwrap();
    }
}

async fn export(stage: &Stage, list: &str, who: &str, query: &str) -> String {
    let begun = send(stage, &format!("/a/{list}/export"), who, &[("query", query)]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    begun.header(header::LOCATION).to_owned()
}

stories! {
    async fn a_file_holds_everybody_once_and_no_formula(stage: &Stage) {
        let manager = joined(stage, Role::Manager, "priya@northwind.test").await;
        people(stage, 523).await;
        let formula = order(9_000, stage.now()).by("eve@example.test", "=HYPERLINK(\"http://evil.example\")");
        stage.take(&formula).await;
        stage.settle().await;
        let task = export(stage, "customers", &manager, "").await;
        let waiting = get(stage, &task, &manager).await.body;
        assert!(waiting.contains("It has not begun.") && waiting.contains("Stop it"), "{waiting}");
        assert_eq!(get(stage, &format!("{task}/file"), &manager).await.status, StatusCode::NOT_FOUND, "half a file is none");
        stage.settle().await;
        let done = get(stage, &task, &manager).await.body;
        assert!(done.contains("524 of 524 customers") && done.contains("Take customers.csv"), "{done}");
        let file = get(stage, &format!("{task}/file"), &manager).await;
        assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
        let lines: Vec<&str> = file.body.lines().collect();
        assert_eq!(lines.len(), 525, "a line for each, and the names of the columns");
        let mut ids: Vec<&str> = lines.iter().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 524, "each of them once");
        assert!(file.body.contains("'=HYPERLINK") && !file.body.contains(",=") && !file.body.contains(",\"="), "a formula is text");
        assert_eq!(file.header(header::CONTENT_LENGTH).parse::<usize>().unwrap_or(file.body.len()), file.body.len());
        stage.pass(jobs::tasks::KEPT_FOR + Duration::from_secs(86_400)).await;
        let manager = crate::staff::joined(stage, Role::Manager, "ben@northwind.test").await;
        assert_eq!(get(stage, &format!("{task}/file"), &manager).await.status, StatusCode::NOT_FOUND);
        assert!(get(stage, &task, &manager).await.body.contains("The file is too old and was removed."));
    }

    async fn a_file_holds_what_the_filters_say(stage: &Stage) {
        let manager = joined(stage, Role::Manager, "priya@northwind.test").await;
        stage.take(&order(1, stage.now()).paid().by("a@example.test", "Aya").with_note("=1+1")).await;
        stage.take(&order(2, stage.now()).pending().by("b@example.test", "Bo").without_consent()).await;
        stage.settle().await;
        stage.pass(Duration::from_secs(60)).await;
        for (list, query, lines) in [
            ("orders", "", 2),
            ("orders", "payment=pending", 1),
            ("orders", "status=cancelled", 0),
            ("orders", "product=first%20flush", 2),
            ("orders", "payment=pending&product=TEA%2D1", 1),
            ("orders", "product=sencha", 0),
            ("messages", "", 2),
            ("messages", "template=order%2Econfirmation&show=accepted", 2),
            ("messages", "show=held", 0),
            ("customers", "email=yes", 1),
            ("customers", "email=no&orders=yes", 1),
            ("customers", "orders=no", 0),
            ("customers", "country=GB", 2),
            ("customers", "orders=no&country=GB", 0),
        ] {
            let task = export(stage, list, &manager, query).await;
            stage.settle().await;
            let file = get(stage, &format!("{task}/file"), &manager).await.body;
            assert_eq!(file.lines().count(), lines + 1, "{list} {query}: {file}");
            let page = get(stage, &format!("/a/{list}?{query}"), &manager).await.body;
            let shown = page.matches(&format!("<th scope=\"row\"><a href=\"/a/{list}/")).count();
            assert_eq!(shown, lines, "the list shows the same: {list} {query}");
        }
        let tasks = get(stage, "/a/tasks", &manager).await.body;
        assert_eq!(tasks.matches("badge ok\">Done").count(), 14, "{tasks}");
    }

    async fn only_a_manager_takes_data_out_and_it_is_written_down(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "liu@northwind.test").await;
        let owner = joined(stage, Role::Owner, "priya@northwind.test").await;
        people(stage, 3).await;
        for list in ["customers", "orders", "messages"] {
            assert_eq!(send(stage, &format!("/a/{list}/export"), &agent, &[]).await.status, StatusCode::FORBIDDEN);
            assert!(!get(stage, &format!("/a/{list}"), &agent).await.body.contains("Make a file"));
        }
        let (task, same) = (export(stage, "orders", &owner, "").await, export(stage, "orders", &owner, "").await);
        assert_eq!(task, same, "asking twice is asking once");
        stage.settle().await;
        let seen = get(stage, &task, &agent).await.body;
        assert!(seen.contains("Only a manager can take it.") && !seen.contains("/file"), "{seen}");
        assert_eq!(get(stage, &format!("{task}/file"), &agent).await.status, StatusCode::FORBIDDEN);
        assert!(get(stage, "/a/team", &owner).await.body.contains("orders exported"));
        assert_eq!(get(stage, "/a/tasks/tsk_00000000000000000000", &owner).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_fails_again_and_again_says_so_and_can_be_let_go_on_or_stopped(stage: &Stage) {
        let manager = joined(stage, Role::Manager, "priya@northwind.test").await;
        let broken = serde_json::json!({ "ids": ["no order"] });
        let start = move |w: &mut db::Write<'_>| jobs::tasks::start(w, "orders.export", &broken, None);
        let task = format!("/a/tasks/{}", stage.house.db.write("story.broken", start).await.unwrap());
        // It takes days until something is given up; whoever looks in each day stays signed in.
        for _ in 0..6 {
            stage.pass(Duration::from_secs(86_400)).await;
            get(stage, &task, &manager).await;
        }
        let page = get(stage, &task, &manager).await.body;
        assert!(page.contains("badge bad\">Stands still") && page.contains("It failed again and again"), "{page}");
        assert_eq!(send(stage, &format!("{task}/go-on"), &manager, &[]).await.status, StatusCode::SEE_OTHER);
        assert!(!get(stage, &task, &manager).await.body.contains("It failed again and again"), "it tries again");
        stage.settle().await;
        send(stage, &format!("{task}/stop"), &manager, &[]).await;
        stage.settle().await;
        assert!(get(stage, &task, &manager).await.body.contains("It was stopped."));
    }

    async fn what_is_stopped_does_nothing_more(stage: &Stage) {
        let manager = joined(stage, Role::Manager, "priya@northwind.test").await;
        let agent = joined(stage, Role::Agent, "liu@northwind.test").await;
        people(stage, 3).await;
        let task = export(stage, "orders", &manager, "").await;
        assert_eq!(send(stage, &format!("{task}/stop"), &agent, &[]).await.status, StatusCode::FORBIDDEN);
        send(stage, &format!("{task}/stop"), &manager, &[]).await;
        stage.settle().await;
        let page = get(stage, &task, &manager).await.body;
        assert!(page.contains("It was stopped. 0 were done"), "{page}");
        send(stage, &format!("{task}/go-on"), &manager, &[]).await;
        stage.settle().await;
        assert!(get(stage, &task, &manager).await.body.contains("It was stopped."), "stopped is stopped");
        let anew = export(stage, "orders", &manager, "").await;
        assert_ne!(anew, task, "and can be asked for anew");
        stage.settle().await;
        send(stage, &format!("{anew}/stop"), &manager, &[]).await;
        assert!(get(stage, &anew, &manager).await.body.contains("badge ok\">Done"), "what is done is done");
    }
}

/// Long enough to be killed in the middle.
const MANY: usize = 3_000;
const IN_THE_END: Duration = Duration::from_secs(90);

/// A form of the staff at the running program.
fn submit(app: &App, path: &str, cookie: &str, body: &str) -> stories::app::Response {
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "same-origin"),
        ("Cookie", cookie),
    ];
    app.post(path, &headers, body.as_bytes())
}

fn an_export_that_is_killed_in_the_middle_is_whole(database_url: Option<String>) {
    let app = App::idle(Settings { database_url, ..Settings::default() });
    let rows =
        (0..MANY).map(|n| format!("A{n},c{n}@example.test,Somebody,2026-11-19,GBP,12.00,Tea,1,12.00,T1\n"));
    let columns = "external_id,email,name,placed_at,currency,total,title,quantity,unit_price,sku\n";
    fs::write(app.file("past.csv"), std::iter::once(columns.to_owned()).chain(rows).collect::<String>())
        .unwrap();
    app.cli_ok(&["import", "orders", "past.csv"]);
    let link = app.cli_ok(&["staff", "add", "priya@northwind.test", "--role", "owner"]);
    app.restart();
    let welcome = &link[link.find("/a/welcome/").unwrap()..];
    let joined = submit(&app, welcome, "", "name=Priya&password=a+sentence+about+tea");
    let cookie = joined.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    let page =
        |path: &str| app.request("GET", path, &[("Cookie", &cookie)], b"").ok().map(|answer| answer.text());

    let begun = submit(&app, "/a/customers/export", &cookie, "query=");
    let task = begun.header("Location").unwrap().to_owned();
    let in_the_middle =
        || page(&task).filter(|page| page.contains(" of 3,000 customers") && !page.contains(">0 of"));
    process::wait_for(IN_THE_END, in_the_middle).expect("it begins");
    app.kill9();
    app.restart();
    let done = || page(&task).filter(|page| page.contains("Take customers.csv"));
    assert!(process::wait_for(IN_THE_END, done).is_some(), "{:?}\n{}", page(&task), app.logs());
    let file = page(&format!("{task}/file")).unwrap();
    let mut ids: Vec<&str> = file.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(ids.len(), MANY, "nobody is left out, and nobody is there twice");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), MANY);
}

#[test]
fn an_export_that_is_killed_in_the_middle_is_whole_on_sqlite() {
    an_export_that_is_killed_in_the_middle_is_whole(None);
}

#[test]
fn an_export_that_is_killed_in_the_middle_is_whole_on_postgres() {
    if postgres::wanted() {
        an_export_that_is_killed_in_the_middle_is_whole(Some(
            Cluster::shared().url(&Cluster::shared().fresh_schema()),
        ));
    }
}
