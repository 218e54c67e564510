//! A merchant's own design of a message: written, looked at, tested, used, brought back; and that no design loses a
//! message, shows what it must not, or reaches further than its words.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{StatusCode, header};
use db::params;
use kernel::{CustomerId, Email, Locale, MessageId, Timestamp};
use messaging::design::{Design, offer::Offer};
use messaging::letter::Block;
use messaging::smtp::{SmtpProvider, SmtpSettings};
use messaging::{Given, NewMessage, Recipient};
use serde_json::json;
use staff::Role;
use stories::letters::OFFER;
use stories::smtp_sink::{Script, SmtpSink};
use stories::stage::{Answer, Mail, Stage};
use stories::{postgres, stories};
use world::samples::{Bend, order};
use world::scripts::scripts;

use crate::inert::shapes;
use crate::letters::shop;
use crate::staff::{get, joined, post};

db::sql_file!(pub DESIGNS = "designs.sql" {
    PUT_VERSION = "put_version",
    COUNT_OF_DESIGNS = "count_of_designs",
});

const CONFIRMATION: &str = "/a/templates/order.confirmation";

async fn priya(stage: &Stage) -> String {
    joined(stage, Role::Manager, "priya@northwind.test").await
}

/// A press of a button of the editor, with what stands in its fields.
async fn press(stage: &Stage, cookie: &str, base: u32, fields: &[(&str, &str)]) -> Answer {
    let base = base.to_string();
    let shown = [("base", base.as_str()), ("language", "en"), ("view", "desktop"), ("with", "newest")];
    post(stage, CONFIRMATION, cookie, &[&shown, fields].concat()).await
}

async fn saved(stage: &Stage, cookie: &str, base: u32, fields: &[(&str, &str)]) {
    let answer = press(stage, cookie, base, &[fields, &[("do", "save")]].concat()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header(header::LOCATION).contains("did=saved"), "{}", answer.header(header::LOCATION));
}

/// Everything that a press has led to.
async fn then(stage: &Stage, cookie: &str, answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let path = answer.header(header::LOCATION).split('#').next().unwrap().to_owned();
    let page = get(stage, &path, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    page.body
}

async fn confirmed(stage: &Stage, number: u32) -> Mail {
    let email = format!("c{number}@example.test");
    stage.take(&order(number, stage.now()).paid().by(&email, "Amina Khan")).await;
    stage.settle().await;
    stage.mails().await.into_iter().find(|mail| mail.to == email).expect("the confirmation")
}

async fn put_version(stage: &Stage, template: &'static str, source: &'static str) {
    let put = stage
        .house
        .db
        .write("story.put_version", move |w| w.execute(&PUT_VERSION, params![template, 1u32, source]));
    assert_eq!(put.await.unwrap(), 1);
    stage.house.refresh().await.unwrap();
}

/// Versions, drafts, lines of the audit log.
async fn counted(stage: &Stage) -> [i64; 3] {
    let read = stage.house.db.read("story.count_of_designs", |r| {
        let row = r.one(&COUNT_OF_DESIGNS, params![])?;
        Ok([row.get("versions")?, row.get("drafts")?, row.get("audited")?])
    });
    read.await.unwrap()
}

/// Writes a message of a story's template that waits for its first try.
async fn write(stage: &Stage, customer: &CustomerId, said: &'static str) -> MessageId {
    let customer = customer.clone();
    let written = stage.house.db.write("story.write", move |w| {
        let now = w.now;
        let message = NewMessage {
            customer: &customer,
            template: OFFER,
            subject: ("customer", customer.as_str()),
            trigger: said,
            thread: said,
            recipient: Recipient { email: Email::parse("c1@example.test").ok(), ..Recipient::default() },
            context: json!({ "said": said }),
            not_before: now,
            not_after: Some(now + Duration::from_secs(86_400)),
        };
        messaging::queue(w, &message)
    });
    written.await.unwrap().expect("it is new")
}

stories! {
    async fn what_the_merchant_saves_is_what_customers_get(stage: &Stage) {
        let priya = priya(stage).await;
        let before = confirmed(stage, 1).await;
        assert!(get(stage, "/a/templates", &priya).await.body.contains("As it came"));
        let added = press(stage, &priya, 0, &[("do", "add-text:see_order")]).await;
        assert!(added.header(header::LOCATION).ends_with("#piece-own-1"), "{}", added.header(header::LOCATION));
        let page = then(stage, &priya, &added).await;
        assert!(page.contains("Your text was added as block 5 of 12") && page.contains("your draft is not saved"), "{page}");
        let nothing_yet = confirmed(stage, 2).await;
        assert_eq!(nothing_yet.subject, before.subject.replace('1', "2"), "a draft changes nothing");

        let words = "Dear {{name}},\r\nthe kettle is on{{#if gift}} for two{{/if}}: {{#each items}}{{this.title}}{{/each}}.";
        let fields = [
            ("subject", "Tea for {{name}}: {{number}}"),
            ("words-own-1", words),
            ("text", "{{name}}, {{number}} is with us"),
            ("note", "Warmer"),
        ];
        saved(stage, &priya, 0, &fields).await;
        let after = confirmed(stage, 3).await;
        assert_eq!(after.subject, "Tea for Amina: #3");
        let lines = ["Dear Amina,", "the kettle is on: First Flush Darjeeling."];
        assert!(lines.iter().all(|line| after.html.contains(line) && after.text.contains(line)), "{}", after.text);
        assert!(after.html.find("See your order").unwrap() < after.html.find("Dear Amina").unwrap());

        let hidden = press(stage, &priya, 1, &[("do", "hide:progress")]).await;
        assert!(then(stage, &priya, &hidden).await.contains("Where the order stands is hidden."));
        saved(stage, &priya, 1, &[]).await;
        let fourth = confirmed(stage, 4).await;
        assert!(!fourth.html.contains("Packed") && after.html.contains("Packed"));
        let audit = stage.house.db.read("story.audit", |r| staff::audited(r, 10)).await.unwrap();
        let change = ("template.saved", Some("version 1"), Some("version 2"));
        let is_written_down = audit.iter().any(|entry| {
            (entry.action.as_str(), entry.before.as_deref(), entry.after.as_deref()) == change
        });
        assert!(is_written_down, "{audit:?}");
    }

    async fn a_message_is_written_in_the_version_it_was_begun_in(stage: &Stage) {
        let priya = priya(stage).await;
        let first = confirmed(stage, 1).await;
        let latest = stage.house.db.read("story.latest", |r| messaging::latest(r, 1)).await.unwrap().remove(0);
        let customer = {
            let id = latest.id.clone();
            stage.house.db.read("story.customer", move |r| messaging::find(r, &id)).await.unwrap().unwrap().customer
        };
        write(stage, &customer, "the first flush").await;
        let offer = "/a/templates/story.offer";
        let fields = [("base", "0"), ("language", "en"), ("subject", "News: {{said}}"), ("do", "save")];
        assert_eq!(post(stage, offer, &priya, &fields).await.status, StatusCode::SEE_OTHER);
        write(stage, &customer, "the second flush").await;
        let fields = [("base", "1"), ("language", "en"), ("subject", "Latest: {{said}}"), ("do", "save")];
        assert_eq!(post(stage, offer, &priya, &fields).await.status, StatusCode::SEE_OTHER);
        write(stage, &customer, "the third flush").await;
        stage.settle().await;
        let mut subjects = stage.subjects().await;
        subjects.sort();
        assert_eq!(subjects, ["Latest: the third flush", "News: the second flush", &first.subject, "the first flush"]);

        let log = get(stage, "/a/messages", &priya).await.body;
        let mut told = Vec::new();
        for path in log.split("href=\"/a/messages/msg_").skip(1) {
            let path = format!("/a/messages/msg_{}", path.split('"').next().unwrap());
            let page = get(stage, &path, &priya).await.body;
            let version = ["as it came", "your version 1", "your version 2"].into_iter().find(|words| page.contains(words));
            told.push((page.split("<h1><bdi>").nth(1).unwrap().split('<').next().unwrap().to_owned(), version.unwrap()));
        }
        told.sort();
        let wanted = [
            ("Latest: the third flush".to_owned(), "your version 2"),
            ("News: the second flush".to_owned(), "your version 1"),
            (first.subject.clone(), "as it came"),
            ("the first flush".to_owned(), "as it came"),
        ];
        assert_eq!(told, wanted, "what was sent is shown as it was sent");
        let mail = stage.mails().await.into_iter().find(|mail| mail.subject.starts_with("Latest")).unwrap();
        assert!(mail.html.contains("/unsubscribe/"), "a design keeps the way out");
    }

    async fn two_who_edit_at_once_lose_nothing(stage: &Stage) {
        let priya = priya(stage).await;
        let liu = joined(stage, Role::Owner, "liu@northwind.test").await;
        press(stage, &liu, 0, &[("do", "keep"), ("subject", "Liu’s {{number}}"), ("preheader", "Liu’s own")]).await;
        saved(stage, &priya, 0, &[("subject", "Priya’s {{number}}")]).await;
        let told = press(stage, &liu, 0, &[("do", "save"), ("subject", "Liu’s better {{number}}")]).await;
        assert_eq!(told.status, StatusCode::CONFLICT);
        for words in ["saved version 1", "<del>Priya’s </del><ins>Liu’s better </ins>", "Preheader (en): Liu’s own"] {
            assert!(told.body.contains(words), "{words}: {}", told.body);
        }
        assert_eq!(confirmed(stage, 7).await.subject, "Priya’s #7", "the second changed nothing");
        let editor = get(stage, CONFIRMATION, &liu).await.body;
        assert!(editor.contains("saved version 1 since you began") && editor.contains("Liu’s better {{number}}"), "{editor}");
        assert_eq!(get(stage, &format!("{CONFIRMATION}/meanwhile"), &liu).await.status, StatusCode::OK);
        let going_on = press(stage, &liu, 1, &[("do", "go-on")]).await;
        let editor = then(stage, &liu, &going_on).await;
        assert!(editor.contains("Liu’s better {{number}}") && !editor.contains("since you began"), "{editor}");
        saved(stage, &liu, 1, &[]).await;
        assert_eq!(confirmed(stage, 8).await.subject, "Liu’s better #8");

        press(stage, &priya, 2, &[("do", "keep"), ("subject", "Priya’s last {{number}}")]).await;
        saved(stage, &liu, 2, &[("subject", "Liu’s last {{number}}")]).await;
        assert_eq!(press(stage, &priya, 2, &[("do", "save")]).await.status, StatusCode::CONFLICT);
        let over = press(stage, &priya, 3, &[("do", "save-over")]).await;
        assert!(over.header(header::LOCATION).contains("did=saved"), "{}", over.body);
        assert_eq!(confirmed(stage, 9).await.subject, "Priya’s last #9");
        press(stage, &liu, 4, &[("do", "keep"), ("subject", "no")]).await;
        let dropped = press(stage, &liu, 4, &[("do", "drop")]).await;
        assert!(then(stage, &liu, &dropped).await.contains("Priya’s last {{number}}"));
        assert_eq!(counted(stage).await[..2], [4, 0], "four versions, no drafts");
    }

    async fn each_language_has_words_of_its_own_and_a_save_pressed_twice_is_one(stage: &Stage) {
        let priya = priya(stage).await;
        press(stage, &priya, 0, &[("do", "keep"), ("subject", "Tea for {{name}}")]).await;
        let german = [
            ("base", "0"),
            ("language", "de"),
            ("subject", "Tee für {{name}}"),
            ("text", "{{number}} ist da"),
            ("do", "save"),
        ];
        for _ in 0..2 {
            let answer = post(stage, CONFIRMATION, &priya, &german).await;
            let page = then(stage, &priya, &answer).await;
            assert!(page.contains("Tee für {{name}}") && !page.contains("not saved"), "{page}");
        }
        assert_eq!(counted(stage).await[..2], [1, 0]);
        assert_eq!(confirmed(stage, 1).await.subject, "Tea for Amina");
        stage.pass(Duration::from_secs(1)).await;
        stage.take(&order(2, stage.now()).paid().by("heike@example.test", "Heike").in_language("de-AT")).await;
        stage.settle().await;
        assert_eq!(stage.subjects().await.pop().unwrap(), "Tee für Heike");
        let editor = get(stage, &format!("{CONFIRMATION}?view=sms&language=de"), &priya).await.body;
        assert!(editor.contains("Northwind Tea: #2 ist da") && editor.contains("isn’t written in English"), "{editor}");
    }

    async fn what_is_brought_back_is_a_new_version(stage: &Stage) {
        let priya = priya(stage).await;
        let shipped = confirmed(stage, 1).await.subject;
        saved(stage, &priya, 0, &[("subject", "One {{number}}"), ("note", "First try")]).await;
        saved(stage, &priya, 1, &[("subject", "Two {{number}}")]).await;
        let versions = get(stage, &format!("{CONFIRMATION}/versions?from=1&to=2"), &priya).await.body;
        assert!(versions.contains("<del>One </del><ins>Two </ins>") && versions.contains("First try"), "{versions}");
        let back = format!("{CONFIRMATION}/versions/1/bring-back");
        let answer = post(stage, &back, &priya, &[("base", "2")]).await;
        assert!(answer.header(header::LOCATION).contains("did=saved"), "{}", answer.body);
        assert_eq!(confirmed(stage, 2).await.subject, "One #2");
        let late = post(stage, &back, &priya, &[("base", "2")]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.body.contains("Somebody saved another version meanwhile"), "{}", late.body);
        let came = post(stage, &format!("{CONFIRMATION}/versions/0/bring-back"), &priya, &[("base", "3")]).await;
        assert_eq!(came.status, StatusCode::SEE_OTHER);
        assert_eq!(confirmed(stage, 3).await.subject, shipped.replace('1', "3"));
        let nothing = post(stage, &format!("{CONFIRMATION}/versions/99/bring-back"), &priya, &[("base", "4")]).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
        for number in 4..60 {
            saved(stage, &priya, number, &[("subject", &format!("{number} {{{{number}}}}"))]).await;
        }
        let first = get(stage, &format!("{CONFIRMATION}/versions"), &priya).await.body;
        let older = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        let second = get(stage, older, &priya).await.body;
        let rows = |page: &str| page.matches("<th scope=\"row\">Version ").count();
        assert_eq!((rows(&first), rows(&second)), (50, 10));
    }

    async fn hostile_words_are_refused_at_save_and_nothing_typed_is_lost(stage: &Stage) {
        let priya = priya(stage).await;
        let added = press(stage, &priya, 0, &[("do", "add-text:answer")]).await;
        then(stage, &priya, &added).await;
        let deep = "{{#if name}}".repeat(200) + &"{{/if}}".repeat(200);
        let long = "x".repeat(20_000);
        let hostile = [
            (deep.as_str(), "blocks into one another"),
            ("{{#each items}}{{#each ../items}}{{#each ../../items}}{{/each}}{{/each}}{{/each}}", "inside another each"),
            ("{{#each items}}{{this.password}}{{/each}}", "{{this.title}}, {{this.detail}}, {{this.price}}"),
            ("{{@root.secret}}", "isn&#39;t known here"),
            ("{{lookup this name}}", "can&#39;t be used here"),
            ("{{> footer}}", "can&#39;t be used here"),
            ("{{name", "has no }}"),
            (long.as_str(), "at most 4096 bytes"),
        ];
        for (words, reason) in hostile {
            let refused = press(stage, &priya, 0, &[("do", "save"), ("words-own-1", words)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words:.60}");
            assert!(refused.body.contains(reason) && refused.body.contains("href=\"#words-own-1\""), "{}", refused.body);
            let again = get(stage, CONFIRMATION, &priya).await.body;
            let kept = words.replace('<', "&lt;").replace('>', "&gt;");
            assert!(again.contains(&kept), "what was typed is still there: {words:.60}");
            let html = get(stage, &format!("{CONFIRMATION}/html"), &priya).await;
            assert!(html.status == StatusCode::OK && html.body.contains("</html>"), "the preview lives: {words:.60}");
        }
        assert_eq!(counted(stage).await[..2], [0, 1]);
        let broken = press(stage, &priya, 0, &[("do", "add-button:own-1"), ("words-own-1", "Hello")]).await;
        then(stage, &priya, &broken).await;
        let fields = [("do", "save"), ("label-own-2", "Go"), ("href-own-2", "javascript:alert(1)")];
        let refused = press(stage, &priya, 0, &fields).await;
        assert!(refused.body.contains("Write a whole address that begins with https://"), "{}", refused.body);
        let code = [("base", "0"), ("language", "en"), ("do", "save"), ("text", "A code for {{number}}")];
        let refused = post(stage, "/a/templates/order.code", &priya, &code).await;
        assert!(refused.body.contains("Name {{code}}: without it this text is of no use."), "{}", refused.body);
        assert_eq!(confirmed(stage, 1).await.subject, "We’ve got your order #1");
    }

    async fn what_lies_in_the_database_loses_no_message_and_no_way_out(stage: &Stage) {
        let customer = crate::held::amina(stage).await;
        put_version(stage, "order.updated", "no JSON at all").await;
        put_version(stage, "order.payment_received", r#"{"subject":{"en":"{{> evil}}"},"pieces":[]}"#).await;
        let hides = r#"{"pieces":[{"kind":"shipped","name":"footer","hidden":true},{"kind":"shipped","name":"brand","hidden":true}]}"#;
        put_version(stage, OFFER, hides).await;
        stage.take(&order(2, stage.now()).pending().by("late@example.test", "Late")).await;
        stage.settle().await;
        stage.pass(Duration::from_secs(60)).await;
        stage.take(&order(2, stage.now()).by("late@example.test", "Late").paid()).await;
        stage.settle().await;
        let subjects = stage.subjects().await;
        assert!(subjects.iter().any(|subject| subject == "Payment received for order #2"), "{subjects:?}");
        stage.say(&customer, OFFER, "an offer").await;
        let offer = stage.mails().await.pop().unwrap();
        assert!(offer.html.contains("/unsubscribe/") && offer.html.contains("Northwind Tea"), "{}", offer.html);
        let priya = priya(stage).await;
        for path in ["", "/html", "/versions"] {
            let page = get(stage, &format!("/a/templates/order.updated{path}"), &priya).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        }
        let page = get(stage, "/a/templates/order.payment_received", &priya).await;
        assert!(page.status == StatusCode::OK && page.body.contains("can&#39;t be used here"), "{}", page.body);
    }

    async fn scripts_in_words_notes_and_names_run_nowhere(stage: &Stage) {
        let priya = priya(stage).await;
        then(stage, &priya, &press(stage, &priya, 0, &[("do", "add-text:answer")]).await).await;
        let calm = ["calm words", "quite different"].map(str::to_owned);
        // The way to older versions comes with the fifty-first.
        let mut known = BTreeSet::from(["a class= rel= href=".to_owned()]);
        for (base, words) in calm.iter().chain(&scripts()).enumerate() {
            // What the language of placeholders refuses is no script.
            let words = words.replace("{{", "{ {").replace(|c: char| c.is_control() && c != '\n', " ");
            let fields = [("do", "save"), ("subject", words.as_str()), ("words-own-1", &words), ("note", &words)];
            let answer = press(stage, &priya, base as u32, &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{words}: {}", answer.body);
            let pages = [
                CONFIRMATION.to_owned(),
                format!("{CONFIRMATION}?view=text"),
                format!("{CONFIRMATION}?view=sms"),
                format!("{CONFIRMATION}/versions?from={base}&to={}", base + 1),
                format!("{CONFIRMATION}/html"),
            ];
            for path in pages {
                let page = get(stage, &path, &priya).await.body;
                let shapes = shapes(&page);
                if base < calm.len() {
                    known.extend(shapes);
                } else {
                    let new: Vec<_> = shapes.difference(&known).collect();
                    assert!(new.is_empty(), "{words} on {path}: {new:?}");
                }
            }
        }
    }

    async fn only_managers_change_what_messages_say(stage: &Stage) {
        let manager = priya(stage).await;
        saved(stage, &manager, 0, &[("subject", "Hello {{number}}")]).await;
        let agent = joined(stage, Role::Agent, "liu@northwind.test").await;
        let before = counted(stage).await;
        for path in ["/a/templates", CONFIRMATION, "/a/templates/order.confirmation/versions"] {
            let page = get(stage, path, &agent).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.body.contains("value=\"save\"") && !page.body.contains("bring-back"), "{path}");
        }
        for word in ["save", "keep", "test-mail", "add-text:answer", "drop"] {
            let refused = press(stage, &agent, 1, &[("do", word), ("subject", "Mine")]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{word}");
        }
        let back = format!("{CONFIRMATION}/versions/0/bring-back");
        assert_eq!(post(stage, &back, &agent, &[("base", "1")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(counted(stage).await, before);
        for nobody in [CONFIRMATION, "/a/templates", &format!("{CONFIRMATION}/html")] {
            assert_eq!(stage.get(nobody).await.status, StatusCode::SEE_OTHER, "{nobody}");
        }
        for unknown in ["/a/templates/order.nothing", "/a/templates/text.stopped", "/a/templates/order.nothing/versions"] {
            assert_eq!(get(stage, unknown, &manager).await.status, StatusCode::NOT_FOUND, "{unknown}");
        }
    }

    async fn a_preview_is_filled_with_a_real_order_in_each_language_and_changes_nothing(stage: &Stage) {
        let priya = priya(stage).await;
        let html = |query: &str| format!("{CONFIRMATION}/html?{query}");
        let sample = get(stage, &html(""), &priya).await;
        assert!(sample.body.contains("First Flush Darjeeling"), "the sample while nobody has ordered");
        confirmed(stage, 4711).await;
        let before = counted(stage).await;
        let english = get(stage, &html("language=en"), &priya).await.body;
        let german = get(stage, &html("language=de"), &priya).await.body;
        assert!(english.contains("#4711") && english.contains("See your order"), "{english}");
        assert!(german.contains("#4711") && german.contains("Bestellung") && german.contains("lang=\"de\""), "{german}");
        assert!(get(stage, &html("with=sample"), &priya).await.body.contains("#1042"));
        let dark = get(stage, &html("view=dark"), &priya).await;
        assert!(dark.header(header::CONTENT_SECURITY_POLICY).starts_with("sandbox"));
        assert_ne!(dark.body, english);
        for view in ["desktop", "phone", "dark", "text", "sms", "nonsense"] {
            for language in ["en", "de", "nonsense"] {
                let path = format!("{CONFIRMATION}?view={view}&language={language}");
                let page = get(stage, &path, &priya).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                assert!(page.body.len() < 120_000, "{path}: {} bytes", page.body.len());
            }
        }
        let texted = get(stage, &format!("{CONFIRMATION}?view=sms"), &priya).await.body;
        assert!(texted.contains("1 segment") && texted.contains("GSM-7"), "{texted}");
        let message = get(stage, "/a/messages", &priya).await.body;
        let message = message.split("/a/messages/msg_").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mine = html(&format!("with=msg_{message}"));
        assert!(get(stage, &mine, &priya).await.body.contains("#4711"));
        let others = format!("/a/templates/order.updated/html?with=msg_{message}");
        assert_eq!(get(stage, &others, &priya).await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(stage, &html("version=3"), &priya).await.status, StatusCode::NOT_FOUND);
        assert_eq!(counted(stage).await, before, "a look changes nothing");
        let english = get(stage, &html("language=en"), &priya).await.body;
        let way_out = english.split("/you/updates/").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(stage.get(&format!("/you/updates/{way_out}")).await.status, StatusCode::NOT_FOUND, "the links are nobody’s");
    }

    async fn a_test_reaches_whoever_asks_and_is_no_customers(stage: &Stage) {
        let priya = priya(stage).await;
        confirmed(stage, 4711).await;
        let (messages, events) = (stage.messages().await.len(), stage.events().await.len());
        let fields = [("do", "test-mail"), ("subject", "Try {{number}}"), ("test_mail", "priya@northwind.test")];
        let sent = press(stage, &priya, 0, &fields).await;
        assert!(then(stage, &priya, &sent).await.contains("The test is on its way."));
        let mail = stage.mails().await.into_iter().find(|mail| mail.to == "priya@northwind.test").unwrap();
        assert_eq!(mail.subject, "[Test] Try #1042", "our sample, and what was just typed");
        assert!(!mail.html.contains("4711") && !mail.html.contains("c4711@example.test"));
        assert_eq!((stage.messages().await.len(), stage.events().await.len()), (messages, events));
        assert!(get(stage, CONFIRMATION, &priya).await.body.contains("Try {{number}}"), "what was typed is kept");
        let wrong = press(stage, &priya, 0, &[("do", "test-mail"), ("test_mail", "nobody")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Write the e-mail address") && wrong.body.contains("value=\"nobody\""), "{}", wrong.body);
        let text = press(stage, &priya, 0, &[("do", "test-text"), ("test_text", "+447700900123")]).await;
        assert!(then(stage, &priya, &text).await.contains("The test is on its way."));
        let texts = stage.texts().await;
        assert!(texts.len() == 1 && texts[0].1.starts_with("[Test] Northwind Tea: "), "{texts:?}");
        for _ in 0..18 {
            press(stage, &priya, 0, &fields).await;
        }
        let enough = press(stage, &priya, 0, &fields).await;
        assert!(enough.body.contains("20 tests within an hour"), "{}", enough.body);
        stage.pass(Duration::from_secs(3_601)).await;
        assert_eq!(press(stage, &priya, 0, &fields).await.status, StatusCode::SEE_OTHER);
    }

    async fn a_test_that_is_refused_says_the_providers_own_words(stage: &Stage) {
        let sink = SmtpSink::start().await.unwrap();
        let provider = SmtpProvider::new(SmtpSettings::parse(&sink.url()).unwrap(), stage.clock.clone()).unwrap();
        let stage = Stage::with_mail(stage.house.db.engine(), Some(Arc::new(provider))).await;
        let priya = priya(&stage).await;
        sink.script(Script::greeting_421());
        let fields = [("do", "test-mail"), ("test_mail", "priya@northwind.test")];
        let refused = press(&stage, &priya, 0, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("The provider said: ") && refused.body.contains("421"), "{}", refused.body);
        sink.recover();
        assert_eq!(press(&stage, &priya, 0, &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(sink.received().len(), 1);
        stage.end().await;
    }
}

/// What one node has saved, another writes as soon as it has heard; and before it has, a message of the new version is
/// written in it all the same.
#[test]
fn what_one_node_saves_the_others_write() {
    if !postgres::wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = stories::stage::fresh_url(db::Engine::Postgres);
        let clock = Arc::new(kernel::VirtualClock::at(stories::stage::at(stories::stage::BEGINNING)));
        let here = Stage::at(&url, clock.clone(), None).await;
        let there = Stage::at(&url, clock, None).await;
        let priya = priya(&here).await;
        saved(&here, &priya, 0, &[("subject", "Of one node {{number}}")]).await;
        there.house.refresh().await.unwrap();
        assert_eq!(confirmed(&there, 1).await.subject, "Of one node #1");
        there.end().await;
        here.end().await;
    });
}

/// A template's letters and facts are what it offers, in every language.
#[test]
fn every_letter_has_the_blocks_and_facts_that_its_template_offers() {
    let (shop, wording) =
        (shop(), aftercare::lists::words::wording(&Locale::default(), Default::default()).unwrap());
    let templates = aftercare::lists::messages::templates();
    let offered = templates.all().iter().filter_map(|template| Some((template, template.offer?)));
    let mut looked_at = 0;
    for (template, offer) in offered {
        for language in aftercare::lists::words::LANGUAGES {
            let (locale, context) = (Locale::parse(language).unwrap(), (template.sample)());
            let written_at = Timestamp::from_ms(1_795_168_800_000);
            let given =
                Given { shop: &shop, wording: &wording, locale: &locale, written_at, context: &context };
            let letter = (template.write)(&given).unwrap();
            assert_in_order(template.id, offer, letter.blocks.iter().map(|named| named.name));
            let is_foot = |block: &Block| matches!(block, Block::Footer { .. });
            assert!(letter.shown().last().is_some_and(is_foot), "{}: the foot comes last", template.id);
            for channel in kernel::Channel::ALL {
                let told = (offer.tell)(&given, channel).unwrap();
                let mut names: Vec<&str> = offer.facts.iter().map(|fact| fact.name).collect();
                names.sort_unstable();
                assert_eq!(told.keys().map(String::as_str).collect::<Vec<_>>(), names, "{}", template.id);
            }
        }
        let design = Design::shipped(offer);
        assert_eq!(design.pieces.len(), offer.blocks.len(), "{}", template.id);
        looked_at += 1;
    }
    assert_eq!(looked_at, 7);
}

fn assert_in_order<'a>(template: &str, offer: &Offer, names: impl Iterator<Item = &'a str>) {
    let mut offered = offer.blocks.iter();
    for name in names {
        assert!(offered.any(|block| block.name == name), "{template}: {name} is not offered, or elsewhere");
    }
}
