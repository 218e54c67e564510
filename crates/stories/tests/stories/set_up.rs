//! What the staff sets on its pages is how the shop looks and speaks from the next message on, without a restart.

use axum::http::{StatusCode, header};
use db::Engine;
use kernel::{Phone, Policy};
use staff::Role;
use stories::stage::{Stage, fresh_url, tell_on};
use stories::stories;
use world::samples::{Bend, order};

use crate::held::amina;
use crate::kit::page_in;
use crate::staff::{get, joined, post};

const BRAND: &str = "/a/settings/brand";
const RULES: &str = "/a/settings/rules";
const TEST: &str = "/a/settings/channels/test";
const SUBJECT: &str = "/a/settings/wording/mail-confirmation-subject";

/// The form of the brand's page, with everything that has to stand in it.
fn brand<'a>(name: &'a str, version: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let form = [("name", name), ("color", "#7A1FB8"), ("version", version), ("do", "save")];
    // Of a field that is sent twice the last one counts.
    [&form, more].concat()
}

/// Sends a form that is saved. A program that runs hears of it at once; on the stage it is told.
async fn save(stage: &Stage, path: &str, cookie: &str, fields: &[(&str, &str)]) {
    let answer = post(stage, path, cookie, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header(header::LOCATION).contains("saved=1"));
    stage.house.refresh().await.unwrap();
}

async fn manager(stage: &Stage) -> String {
    joined(stage, Role::Manager, "maya@northwind.test").await
}

stories! {
    async fn a_brand_that_is_saved_is_in_the_next_mail_and_on_every_page(stage: &Stage) {
        let maya = manager(stage).await;
        let answer = post(stage, BRAND, &maya, &brand("Southwind Coffee", "0", &[("hours", "Mondays")])).await;
        assert_eq!(answer.header(header::LOCATION), "/a/settings/brand?saved=1", "{}", answer.body);
        let after = get(stage, BRAND, &maya).await;
        assert!(after.body.contains("value=\"Southwind Coffee\"") && after.body.contains("Use aftercare.toml again"));
        amina(stage).await;
        let mail = stage.mails().await.pop().expect("a mail");
        assert!(mail.html.contains("Southwind Coffee") && !mail.html.contains("Northwind Tea"), "the mail");
        let page = stage.get(&page_in(&mail)).await;
        assert!(page.body.contains("Southwind Coffee") && page.body.contains("/assets/brand-7A1FB8-"));
        let sheet = page.body.split("href=\"/assets/brand-").nth(1).and_then(|rest| rest.split('"').next());
        let sheet = stage.get(&format!("/assets/brand-{}", sheet.expect("its colours"))).await;
        assert_eq!(sheet.status, StatusCode::OK);
        save(stage, BRAND, &maya, &[("version", "1"), ("do", "file")]).await;
        assert!(stage.get("/").await.body.contains("Northwind Tea"), "and the file counts again");
    }

    async fn of_two_who_change_the_brand_the_second_is_told_and_nothing_is_lost(stage: &Stage) {
        let maya = manager(stage).await;
        save(stage, BRAND, &maya, &brand("First", "0", &[])).await;
        let late = post(stage, BRAND, &maya, &brand("Second", "0", &[])).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("Somebody else saved this meanwhile") && late.body.contains("value=\"Second\""));
        assert!(late.body.contains("name=\"version\" value=\"1\""), "what is saved next is saved over the first");
        assert!(stage.get("/").await.body.contains("First"));
    }

    async fn a_brand_is_looked_at_before_it_is_saved(stage: &Stage) {
        let maya = manager(stage).await;
        amina(stage).await;
        let looked = post(stage, BRAND, &maya, &brand("Southwind", "0", &[("do", "look")])).await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(looked.body.contains("Southwind: "), "a text begins with the name");
        let src = looked.body.split("<iframe").nth(1).and_then(|frame| frame.split("src=\"").nth(1)).unwrap();
        let src = src.split('"').next().unwrap().replace("&amp;", "&");
        for shown in ["mail", "dark", "page"] {
            let look = get(stage, &src.replace("as=mail", &format!("as={shown}")), &maya).await;
            assert!(look.status == StatusCode::OK && look.body.contains("Southwind"), "{shown}: {}", look.body);
            let policy = look.header(header::CONTENT_SECURITY_POLICY);
            assert!(policy.starts_with("sandbox") && !policy.contains("allow-scripts"), "{policy}");
        }
        assert!(stage.get("/").await.body.contains("Northwind Tea"), "nobody else has seen it");
    }

    async fn what_can_not_be_meant_is_named_and_nothing_is_saved(stage: &Stage) {
        let maya = manager(stage).await;
        let wrong = [("color", "red"), ("logo_url", "javascript:alert(1)"), ("email", "help")];
        let refused = post(stage, BRAND, &maya, &brand("", "0", &wrong)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["#name", "six hexadecimal digits", "begins with https://", "like help@northwind.example"] {
            assert!(refused.body.contains(words), "{words}");
        }
        assert!(!refused.body.contains("<iframe"), "there is nothing to look at");
        let refused = post(stage, RULES, &maya, &[("channel", "pigeon"), ("version", "0")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stage.get("/").await.body.contains("Northwind Tea"));
    }

    async fn rules_hold_from_the_moment_they_are_saved(stage: &Stage) {
        let maya = manager(stage).await;
        let first = stage.take(&order(1042, stage.now()).paid()).await;
        stage.settle().await;
        assert_eq!((stage.mails().await.len(), stage.texts().await.len()), (1, 0), "{first:?}");
        let rules = [("channel", "sms"), ("from", "22"), ("to", "7"), ("messages", "3"), ("days", "10"), ("holdout", "5")];
        let parcels = [
            ("live_cap_hours", "2"), ("digest_minutes", "5"), ("unpacked_days", "2"), ("unscanned_days", "2"),
            ("silent_days", "4"), ("lost_days", "9"), ("pickup_reminder_days", "2"), ("silence_days", "0"),
        ];
        let saving = [&rules[..], &parcels, &[("version", "0"), ("do", "save")]].concat();
        save(stage, RULES, &maya, &saving).await;
        let page = get(stage, RULES, &maya).await.body;
        for words in ["messages by text", "From 22:00 to 07:00", "After 3 messages in 10 days", "5 of 100 customers", "silent for 4 working days"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let mut second = order(1043, stage.now()).by("bo@example.test", "Bo").paid();
        second.customer.phone = Some(Phone::parse("+447700900456").unwrap());
        second.customer.preferred_channel = None;
        stage.take(&second).await;
        stage.settle().await;
        assert_eq!((stage.mails().await.len(), stage.texts().await.len()), (1, 1), "who stated nothing is texted now");
        save(stage, RULES, &maya, &[("version", "1"), ("do", "file")]).await;
        assert!(get(stage, RULES, &maya).await.body.contains("messages by e-mail"), "the file counts again");
        assert_eq!(stage.house.shop().unwrap().policy, Policy::default());
    }

    async fn a_sentence_is_said_in_the_merchants_words_from_the_next_message_on(stage: &Stage) {
        let maya = manager(stage).await;
        let listed = get(stage, "/a/settings/wording?q=confirmation-subject", &maya).await.body;
        assert!(listed.contains(&format!("{SUBJECT}?language=en")), "{listed}");
        let said = [("language", "en"), ("text", "Hooray for {{number}}"), ("version", "0"), ("do", "save")];
        save(stage, SUBJECT, &maya, &said).await;
        amina(stage).await;
        assert_eq!(stage.subjects().await, ["Hooray for #1042"]);
        let german = get(stage, &format!("{SUBJECT}?language=de"), &maya).await.body;
        assert!(!german.contains("Hooray"), "another language is said as before");
        save(stage, SUBJECT, &maya, &[("language", "en"), ("version", "1"), ("do", "ours")]).await;
        assert!(!get(stage, SUBJECT, &maya).await.body.contains("Hooray"));
    }

    async fn a_sentence_that_could_harm_is_refused_with_the_reason(stage: &Stage) {
        let maya = manager(stage).await;
        let deep = "{{#if number}}".repeat(20_000);
        let loops = "{{#each number}}{{#each this}}{{#each this}}x{{/each}}{{/each}}{{/each}}";
        let long = "x".repeat(5_000);
        for text in ["{{secret}}", "{{> file}}", "{{#if number}}", "{{lookup number 1}}", &deep[..4_000], loops, &long] {
            let fields = [("language", "en"), ("text", text), ("version", "0"), ("do", "save")];
            let refused = post(stage, SUBJECT, &maya, &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{text:.40}");
            assert!(refused.body.contains("class=\"fault\""), "{text:.40}");
        }
        let script = [("language", "en"), ("text", "<script>alert(1)</script>"), ("version", "0"), ("do", "save")];
        save(stage, "/a/settings/wording/mail-confirmation-heading", &maya, &script).await;
        amina(stage).await;
        let mail = stage.mails().await.pop().expect("a mail");
        assert!(!mail.html.contains("<script>alert"), "words are words");
        let unknown = post(stage, "/a/settings/wording/no-such-sentence", &maya, &script).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    }

    async fn a_test_reaches_the_inbox_and_no_timeline(stage: &Stage) {
        let maya = manager(stage).await;
        let tested = post(stage, TEST, &maya, &[("channel", "email"), ("address", "maya@northwind.test")]).await;
        assert!(tested.body.contains("It was taken for maya@northwind.test"), "{}", tested.body);
        let texted = post(stage, TEST, &maya, &[("channel", "sms"), ("address", "+447700900123")]).await;
        assert!(texted.body.contains("It was taken for +447700900123"), "{}", texted.body);
        assert_eq!(stage.subjects().await, ["[Test] Northwind Tea can send mail"]);
        assert_eq!(stage.texts().await.len(), 1);
        assert!(stage.messages().await.is_empty() && stage.events().await.is_empty());
        let wrong = post(stage, TEST, &maya, &[("channel", "email"), ("address", "maya")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for _ in 2..20 {
            post(stage, TEST, &maya, &[("channel", "email"), ("address", "maya@northwind.test")]).await;
        }
        let over = post(stage, TEST, &maya, &[("channel", "email"), ("address", "maya@northwind.test")]).await;
        assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS, "nobody's mailbox is filled from here");
        assert_eq!(stage.mails().await.len(), 19);
    }

    async fn how_the_shop_is_set_up_is_for_managers(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "ada@northwind.test").await;
        for path in [BRAND, RULES, "/a/settings/wording", SUBJECT, "/a/settings/channels", "/a/settings/brand/look?as=mail&name=x&color=%23000000"] {
            assert_eq!(get(stage, path, &agent).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for (path, fields) in [
            (BRAND, brand("Mine", "0", &[])),
            (RULES, vec![("do", "file"), ("version", "1")]),
            (SUBJECT, vec![("text", "x"), ("language", "en"), ("version", "0")]),
            (TEST, vec![("channel", "email"), ("address", "ada@northwind.test")]),
        ] {
            assert_eq!(post(stage, path, &agent, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert!(stage.mails().await.is_empty());
    }

    async fn the_guide_follows_what_was_done(stage: &Stage) {
        let maya = manager(stage).await;
        assert!(get(stage, "/a", &maya).await.body.contains("1 of 5 done"), "the brand stands in the file");
        post(stage, TEST, &maya, &[("channel", "email"), ("address", "maya@northwind.test")]).await;
        joined(stage, Role::Agent, "ada@northwind.test").await;
        amina(stage).await;
        assert!(get(stage, "/a", &maya).await.body.contains("4 of 5 done"));
        let agent = joined(stage, Role::Agent, "bo@northwind.test").await;
        assert!(!get(stage, "/a", &agent).await.body.contains("of 5 done"), "an agent sets nothing up");
        post(stage, "/a/guide/put-away", &maya, &[]).await;
        assert!(!get(stage, "/a", &maya).await.body.contains("of 5 done"));
        assert!(get(stage, "/a/guide", &maya).await.body.contains("4 of 5 done"), "it can still be looked up");
    }
}

#[test]
fn what_one_node_sets_another_says() {
    tell_on(Engine::Postgres, |stage| Box::pin(on_two_nodes(stage)));
}

async fn on_two_nodes(stage: &Stage) {
    let url = fresh_url(Engine::Postgres);
    let here = Stage::at(&url, stage.clock.clone(), None).await;
    let there = Stage::at(&url, stage.clock.clone(), None).await;
    let maya = manager(&here).await;
    save(&here, BRAND, &maya, &brand("Southwind", "0", &[])).await;
    there.house.refresh().await.unwrap();
    assert!(there.get("/").await.body.contains("Southwind"));
}
