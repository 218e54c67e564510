//! Getting in as staff, staying in, and being let out; and that nobody else gets in.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use kernel::Email;
use messaging::decide::Why;
use staff::Role;
use stories::letters::{OFFER, TIP};
use stories::stage::{Answer, Stage};
use stories::stories;
use timeline::{Actor, IncidentKind};
use world::samples::{Bend, order};

const PASSWORD: &str = "a sentence about tea";

/// A form sent by a browser that shows `cookie`, from our own page.
pub async fn post(stage: &Stage, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .body(Body::from(pairs.join("&")));
    stage.http(request.unwrap()).await
}

pub async fn get(stage: &Stage, path: &str, cookie: &str) -> Answer {
    stage.http(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

async fn invited(stage: &Stage, role: Role, email: &str) -> String {
    let email = Email::parse(email).unwrap();
    let token =
        stage.house.db.write("story.invite", move |w| staff::invite(w, role, Some(&email), None)).await;
    format!("/a/welcome/{}", token.unwrap())
}

/// The cookie that an answer sets.
fn cookie(answer: &Answer) -> String {
    answer.header(header::SET_COOKIE).split(';').next().unwrap().to_owned()
}

/// Somebody who has joined as this, signed in.
pub async fn joined(stage: &Stage, role: Role, email: &str) -> String {
    let link = invited(stage, role, email).await;
    let answer = post(stage, &link, "", &[("name", "Priya"), ("password", PASSWORD)]).await;
    assert_eq!(
        (answer.status, answer.header(header::LOCATION)),
        (StatusCode::SEE_OTHER, "/a"),
        "{}",
        answer.body
    );
    cookie(&answer)
}

async fn signed_in(stage: &Stage, email: &str, password: &str) -> Answer {
    post(stage, "/a/sign-in", "", &[("email", email), ("password", password), ("next", "/a/orders")]).await
}

stories! {
    async fn an_invitation_lets_in_once(stage: &Stage) {
        let link = invited(stage, Role::Owner, "priya@northwind.test").await;
        let looked = stage.get(&link).await;
        assert!(looked.body.contains("priya@northwind.test"), "a look uses nothing up");
        let weak = post(stage, &link, "", &[("name", "Priya"), ("password", "short")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(weak.body.contains("at least 12 characters") || weak.body.contains("At least 12 characters"));
        let first = post(stage, &link, "", &[("name", "Priya"), ("password", PASSWORD)]).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
        assert!(get(stage, "/a", &cookie(&first)).await.body.contains("Hello, <bdi>Priya</bdi>"));
        let again = post(stage, &link, "", &[("name", "Mallory"), ("password", PASSWORD)]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }

    async fn links_end_with_what_they_were_for(stage: &Stage) {
        let mut firsts = Vec::new();
        for _ in 0..2 {
            let made = stage.house.db.write("story.first", |w| staff::invite(w, Role::Owner, None, None)).await;
            firsts.push(format!("/a/welcome/{}", made.unwrap()));
        }
        let fields = [("email", "priya@northwind.test"), ("name", "Priya"), ("password", PASSWORD)];
        let owner = cookie(&post(stage, &firsts[0], "", &fields).await);
        let stolen = [("email", "mallory@northwind.test"), ("name", "Mallory"), ("password", PASSWORD)];
        assert_eq!(post(stage, &firsts[1], "", &stolen).await.status, StatusCode::NOT_FOUND, "the first has come");

        let lower = invited(stage, Role::Agent, "Priya@northwind.test").await;
        let refused = post(stage, &lower, "", &[("name", "Priya"), ("password", PASSWORD)]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "the last owner stays one");
        assert_eq!(get(stage, "/a/team", &owner).await.status, StatusCode::OK, "and stays in");

        let (mistaken, meant) =
            (invited(stage, Role::Owner, "Liu@northwind.test").await, invited(stage, Role::Agent, "liu@northwind.test").await);
        post(stage, &meant, "", &[("name", "Liu"), ("password", PASSWORD)]).await;
        assert_eq!(stage.get(&mistaken).await.status, StatusCode::NOT_FOUND, "one link was followed, all are used up");
        let later = invited(stage, Role::Agent, "liu@northwind.test").await;
        let people = stage.house.db.read("story.people", staff::accounts).await.unwrap();
        let liu = people.iter().find(|one| one.name == "Liu").unwrap().id.to_string();
        post(stage, &format!("/a/team/{liu}/remove"), &owner, &[]).await;
        assert_eq!(stage.get(&later).await.status, StatusCode::NOT_FOUND, "who is removed has no link either");
    }

    async fn nobody_gets_in_without_a_password(stage: &Stage) {
        joined(stage, Role::Agent, "priya@northwind.test").await;
        let wrong = signed_in(stage, "priya@northwind.test", "a sentence about coffee").await;
        let nobody = signed_in(stage, "nobody@northwind.test", PASSWORD).await;
        assert_eq!((wrong.status, nobody.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
        let told = |answer: &Answer| answer.body.contains("do not belong together");
        assert!(told(&wrong) && told(&nobody), "who has an account is not told");
        let right = signed_in(stage, "Priya@Northwind.test", PASSWORD).await;
        assert_eq!(right.header(header::LOCATION), "/a/orders");
        let set = right.header(header::SET_COOKIE);
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
        for stranger in ["", "staff=", "staff=0000", "other=1"] {
            let answer = get(stage, "/a/orders", stranger).await;
            assert_eq!(answer.header(header::LOCATION), "/a/sign-in?next=%2Fa%2Forders", "{stranger}");
        }
    }

    async fn guessing_ends_and_locks_nobody_out(stage: &Stage) {
        joined(stage, Role::Agent, "priya@northwind.test").await;
        for _ in 0..5 {
            assert!(signed_in(stage, "priya@northwind.test", "wrong wrong wrong").await.body.contains("do not belong"));
        }
        let refused = signed_in(stage, "priya@northwind.test", PASSWORD).await;
        assert!(refused.body.contains("Too many wrong passwords from here"), "{}", refused.body);
        joined(stage, Role::Agent, "liu@northwind.test").await;
        stage.pass(staff::attempts::COUNTS_FOR + std::time::Duration::from_secs(1)).await;
        assert_eq!(signed_in(stage, "priya@northwind.test", PASSWORD).await.status, StatusCode::SEE_OTHER);
    }

    async fn whoever_signs_out_is_out(stage: &Stage) {
        let first = joined(stage, Role::Agent, "priya@northwind.test").await;
        let second = cookie(&signed_in(stage, "priya@northwind.test", PASSWORD).await);
        assert_ne!(first, second, "each browser has a token of its own");
        post(stage, "/a/account/sign-out", &first, &[]).await;
        assert_eq!(get(stage, "/a", &first).await.status, StatusCode::SEE_OTHER);
        assert_eq!(get(stage, "/a", &second).await.status, StatusCode::OK);
        post(stage, "/a/account/sign-out-everywhere", &second, &[]).await;
        assert_eq!(get(stage, "/a", &second).await.status, StatusCode::SEE_OTHER);
        let third = cookie(&signed_in(stage, "priya@northwind.test", PASSWORD).await);
        stage.pass(staff::SESSION_LASTS).await;
        assert_eq!(get(stage, "/a", &third).await.status, StatusCode::SEE_OTHER, "a session ends by itself");
    }

    async fn with_a_second_factor_the_password_is_not_enough(stage: &Stage) {
        let cookie_of_priya = joined(stage, Role::Agent, "priya@northwind.test").await;
        let offered = post(stage, "/a/account/second-factor", &cookie_of_priya, &[]).await.body;
        let address = offered.split("href=\"otpauth:").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let shown = |stage: &Stage| staff::totp::code_at(&address, stage.now()).unwrap();
        let confirm = "/a/account/second-factor/confirm";
        let wrong = post(stage, confirm, &cookie_of_priya, &[("code", "000000")]).await;
        assert!(wrong.body.contains("not the code that the app shows"), "{}", wrong.body);
        assert_eq!(signed_in(stage, "priya@northwind.test", PASSWORD).await.header(header::LOCATION), "/a/orders");
        let on = post(stage, confirm, &cookie_of_priya, &[("code", &shown(stage))]).await.body;
        let codes: Vec<_> = on.split("Recovery codes\">").nth(1).unwrap().split("</pre>").next().unwrap().lines().collect();
        assert_eq!(codes.len(), 10, "{on}");

        let half = signed_in(stage, "priya@northwind.test", PASSWORD).await;
        assert_eq!(half.header(header::LOCATION), "/a/sign-in/code?next=%2Fa%2Forders");
        let half = cookie(&half);
        assert_eq!(get(stage, "/a", &half).await.status, StatusCode::SEE_OTHER, "half in is outside");
        let used = post(stage, "/a/sign-in/code", &half, &[("code", &shown(stage)), ("next", "/a/orders")]).await;
        assert!(used.body.contains("not the code that the app shows"), "a code works once");
        stage.pass(std::time::Duration::from_secs(30)).await;
        let entered = post(stage, "/a/sign-in/code", &half, &[("code", &shown(stage)), ("next", "/a/orders")]).await;
        assert_eq!(entered.header(header::LOCATION), "/a/orders", "{}", entered.body);
        let whole = cookie(&entered);
        assert_ne!(half, whole, "what was known before is worth nothing after");
        assert_eq!(get(stage, "/a", &whole).await.status, StatusCode::OK);
        assert_eq!(get(stage, "/a", &half).await.status, StatusCode::SEE_OTHER);

        let recovered = |half: String, code: String| async move {
            post(stage, "/a/sign-in/code", &half, &[("code", &code)]).await
        };
        let half = cookie(&signed_in(stage, "priya@northwind.test", PASSWORD).await);
        let typed = codes[3].to_uppercase().replace('-', " ");
        assert_eq!(recovered(half, typed.clone()).await.status, StatusCode::SEE_OTHER);
        let half = cookie(&signed_in(stage, "priya@northwind.test", PASSWORD).await);
        assert!(recovered(half.clone(), typed).await.body.contains("not the code"), "a recovery code works once");
        for _ in 0..2 {
            let kept = post(stage, "/a/account/second-factor/end", &whole, &[("code", "123456")]).await;
            assert!(kept.body.contains("not the code"), "{}", kept.body);
        }
        for _ in 0..3 {
            post(stage, "/a/sign-in/code", &half, &[("code", "123456")]).await;
        }
        let guessed = post(stage, "/a/account/second-factor/end", &whole, &[("code", "123456")]).await;
        assert!(guessed.body.contains("Too many wrong passwords"), "{}", guessed.body);
        let refused = post(stage, "/a/sign-in/code", &half, &[("code", codes[4])]).await;
        assert!(refused.body.contains("Too many wrong passwords"), "{}", refused.body);
        stage.pass(staff::attempts::COUNTS_FOR).await;
        let late = post(stage, "/a/sign-in/code", &half, &[("code", codes[4])]).await;
        assert_eq!(late.header(header::LOCATION), "/a/sign-in", "the password is asked for again");

        let link = invited(stage, Role::Agent, "priya@northwind.test").await;
        let again = post(stage, &link, "", &[("name", "Priya"), ("password", PASSWORD)]).await;
        assert_eq!(again.header(header::LOCATION), "/a", "a new link is the way back without the telephone");
        assert_eq!(get(stage, "/a", &whole).await.status, StatusCode::SEE_OTHER, "and ends what was open");
    }

    async fn a_form_from_elsewhere_does_nothing(stage: &Stage) {
        let cookie = joined(stage, Role::Owner, "priya@northwind.test").await;
        for site in ["cross-site", "same-site"] {
            let request = Request::builder()
                .method(Method::POST)
                .uri("/a/account/sign-out-everywhere")
                .header("sec-fetch-site", site)
                .header(header::COOKIE, &cookie)
                .body(Body::empty());
            assert_eq!(stage.http(request.unwrap()).await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(get(stage, "/a", &cookie).await.status, StatusCode::OK);
    }

    async fn only_an_owner_decides_who_works_here(stage: &Stage) {
        let owner = joined(stage, Role::Owner, "priya@northwind.test").await;
        for role in [Role::Manager, Role::Agent] {
            let other = joined(stage, role, &format!("{}@northwind.test", role.as_str())).await;
            assert_eq!(get(stage, "/a/team", &other).await.status, StatusCode::FORBIDDEN);
            let asked = post(stage, "/a/team/invite", &other, &[("email", "x@y.test"), ("role", "owner")]).await;
            assert_eq!(asked.status, StatusCode::FORBIDDEN);
        }
        let made = post(stage, "/a/team/invite", &owner, &[("email", "liu@northwind.test"), ("role", "agent")]).await;
        let link = made.body.split("/a/welcome/").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let liu = post(stage, &format!("/a/welcome/{link}"), "", &[("name", "Liu"), ("password", PASSWORD)]).await;
        let liu = cookie(&liu);
        assert_eq!(get(stage, "/a", &liu).await.status, StatusCode::OK);
        let people = stage.house.db.read("story.people", staff::accounts).await.unwrap();
        let of = |name: &str| people.iter().find(|one| one.email.starts_with(name)).unwrap().id.to_string();
        let (liu_id, priya_id) = (of("liu"), of("priya"));
        post(stage, &format!("/a/team/{liu_id}/remove"), &owner, &[]).await;
        assert_eq!(get(stage, "/a", &liu).await.status, StatusCode::SEE_OTHER, "who is removed is out at once");
        assert!(signed_in(stage, "liu@northwind.test", PASSWORD).await.body.contains("do not belong"));
        let last = post(stage, &format!("/a/team/{priya_id}/remove"), &owner, &[]).await;
        assert_eq!(last.status, StatusCode::CONFLICT, "the last owner stays");
        let team = get(stage, "/a/team", &owner).await.body;
        assert!(team.contains("staff invited (agent)") && team.contains("staff removed"), "{team}");
    }

    async fn every_page_of_the_staff_is_for_the_staff(stage: &Stage) {
        let taken = stage.take(&order(1042, stage.now()).paid()).await;
        stage.settle().await;
        let told = stage
            .house
            .db
            .read("story.told", move |r| messaging::told_about(r, "order", taken.order.as_str(), 10))
            .await
            .unwrap();
        let order_id = stage.house.db.read("story.latest", orders::latest).await.unwrap().unwrap();
        let customer = stage.order(&order_id).await.customer;
        let message = &told[0].id;
        let pages = [
            "/a".to_owned(),
            "/a/search?q=none".to_owned(),
            "/a/customers".to_owned(),
            format!("/a/customers/{customer}"),
            "/a/orders".to_owned(),
            format!("/a/orders/{order_id}"),
            "/a/messages".to_owned(),
            "/a/messages?show=trouble".to_owned(),
            "/a/messages?show=held".to_owned(),
            "/a/messages?show=dropped".to_owned(),
            format!("/a/messages/{message}"),
            format!("/a/messages/{message}/html"),
            "/a/account".to_owned(),
            "/a/team".to_owned(),
            format!("/a/customers/{customer}/consents"),
            format!("/a/customers/{customer}/merge"),
            format!("/a/customers/{customer}/erase"),
            "/a/suppressions".to_owned(),
            "/a/why".to_owned(),
            "/a/tasks".to_owned(),
            "/a/search?q=amina&format=json".to_owned(),
            "/a/orders?mark=held&from=2026-01-01".to_owned(),
            "/a/customers?email=yes".to_owned(),
        ];
        let cookie = joined(stage, Role::Owner, "priya@northwind.test").await;
        for page in &pages {
            let stranger = stage.get(page).await;
            assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{page}");
            assert!(stranger.header(header::LOCATION).starts_with("/a/sign-in?next="), "{page}");
            assert!(stranger.body.is_empty(), "{page}");
            let answer = get(stage, page, &cookie).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.body);
            assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{page}");
        }
        let acts = ["notes", "contacts", "incidents", "pause", "resume", "merge", "unmerge", "export", "erase"];
        let acts = acts.map(|act| format!("/a/customers/{customer}/{act}"));
        for action in acts.iter().map(String::as_str).chain(["/a/suppressions", "/a/suppressions/lift", "/a/suppressions/import"]) {
            let stranger = post(stage, action, "", &[("typed", "ERASE")]).await;
            assert_eq!(stranger.header(header::LOCATION), "/a/sign-in?next=%2Fa", "{action}");
        }
        let of_order = |what: &str| format!("/a/orders/{order_id}/{what}");
        let actions = [
            "/a/account/sign-out".to_owned(),
            "/a/team/invite".to_owned(),
            "/a/team/stf_0000000000000000000000000/remove".to_owned(),
            format!("/a/messages/{message}/act"),
            "/a/messages/act".to_owned(),
            "/a/messages/export".to_owned(),
            "/a/orders/act".to_owned(),
            "/a/orders/resend".to_owned(),
            "/a/orders/export".to_owned(),
            of_order("mark"),
            of_order("resend"),
            of_order("notes"),
            "/a/customers/export".to_owned(),
            "/a/views".to_owned(),
            "/a/tasks/tsk_00000000000000000000/stop".to_owned(),
            "/a/tasks/tsk_00000000000000000000/go-on".to_owned(),
        ];
        for action in &actions {
            let stranger = post(stage, action, "", &[]).await;
            assert_eq!(stranger.header(header::LOCATION), "/a/sign-in?next=%2Fa", "{action}");
        }
    }

    async fn what_was_not_sent_is_found_with_its_reason(stage: &Stage) {
        let cookie = joined(stage, Role::Agent, "priya@northwind.test").await;
        let taken = stage.take(&order(1042, stage.now()).paid().without_consent()).await;
        stage.settle().await;
        let customer = stage.order(&taken.order).await.customer;
        stage.say(&customer, OFFER, "an offer").await;
        let lost = customer.clone();
        let opened = stage.house.db.write("story.lost", move |w| {
            timeline::open_incident(w, IncidentKind::Lost, ("parcel", "p1"), &lost, Actor::Rule("story"))
        });
        opened.await.unwrap();
        stage.say(&customer, TIP, "a tip").await;
        for (show, words) in [("dropped", Why::NotOptedIn.words()), ("held", Why::Incident.words())] {
            let log = get(stage, &format!("/a/messages?show={show}"), &cookie).await.body;
            assert_eq!(log.matches("/a/messages/msg_").count(), 1, "{show}: {log}");
            assert!(log.contains(words), "{show}: {log}");
        }
        let trouble = get(stage, "/a/messages?show=trouble", &cookie).await.body;
        assert!(trouble.contains("Nothing is in trouble"), "{trouble}");
        let all = get(stage, "/a/messages", &cookie).await.body;
        assert_eq!(all.matches("/a/messages/msg_").count(), 3);
        let person = get(stage, &format!("/a/customers/{customer}"), &cookie).await.body;
        assert!(person.contains("Incident opened") && person.contains(Why::NotOptedIn.words()), "{person}");
    }

    async fn long_lists_are_read_page_by_page(stage: &Stage) {
        let cookie = joined(stage, Role::Agent, "priya@northwind.test").await;
        for number in 1..=60 {
            let somebody = format!("c{number}@example.test");
            stage.take(&order(number, stage.now()).paid().by(&somebody, "Somebody")).await;
        }
        stage.settle().await;
        for (list, link) in [("messages", "/a/messages/msg_"), ("orders", "/a/orders/ord_"), ("customers", "/a/customers/cus_")] {
            let first = get(stage, &format!("/a/{list}"), &cookie).await.body;
            let older = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
            let second = get(stage, &older.replace("&amp;", "&"), &cookie).await.body;
            let links = |page: &str| page.matches(link).count();
            assert_eq!((links(&first), links(&second)), (50, 10), "{list}");
            assert!(!second.contains("rel=\"next\"") && second.contains("rel=\"prev\""), "{list}");
        }
    }

    async fn a_message_says_why_and_what_was_sent(stage: &Stage) {
        let cookie = joined(stage, Role::Agent, "priya@northwind.test").await;
        stage.take(&order(1042, stage.now()).paid()).await;
        stage.settle().await;
        let log = get(stage, "/a/messages", &cookie).await.body;
        assert!(log.contains("amina@example.test") && log.contains("Order confirmation"), "{log}");
        let path = log.split("href=\"/a/messages/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let page = get(stage, &format!("/a/messages/{path}"), &cookie).await.body;
        let mail = stage.mails().await.remove(0);
        assert!(page.contains(&mail.subject.replace('&', "&amp;")), "{page}");
        assert!(page.contains("Why this message") && page.contains("Message accepted"), "{page}");
        let html = get(stage, &format!("/a/messages/{path}/html"), &cookie).await;
        assert!(html.header(header::CONTENT_SECURITY_POLICY).starts_with("sandbox"));
        assert!(html.body.contains("First Flush Darjeeling"));
        let found = get(stage, "/a/search?q=%231042", &cookie).await;
        assert!(found.header(header::LOCATION).starts_with("/a/orders/ord_"), "{}", found.body);
        let order_page = get(stage, found.header(header::LOCATION), &cookie).await.body;
        assert!(order_page.contains("Order placed") && order_page.contains("What we told"), "{order_page}");
        let customer = get(stage, "/a/search?q=amina%40example.test", &cookie).await;
        let customer = get(stage, customer.header(header::LOCATION), &cookie).await.body;
        assert!(customer.contains("Amina Khan") && customer.contains("Consent given"), "{customer}");
    }
}
