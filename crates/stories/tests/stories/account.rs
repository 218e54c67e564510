//! A customer's way in, `/you`: a code at an address of theirs, in the browser that asked, and what that is worth.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::{Channel, CustomerId, Phone};
use orders::incoming::IncomingOrder;
use serde_json::Value;
use stories::stage::{Answer, Stage};
use stories::stories;
use web::markup::assert_html;
use world::samples::{Bend, order};

use crate::kit::{cookies, form, get_with, path_in};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// Sends a form of ours from a browser with these cookies.
pub async fn send(stage: &Stage, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Answer {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    stage.http(form(path, cookies, &pairs.join("&"))).await
}

/// Asks for a code in a browser, and lets what follows happen. The browser's cookies from then on.
pub async fn asks(stage: &Stage, address: &str, before: &str) -> String {
    // A millisecond after what was before it, so that mails have an order.
    stage.pass(Duration::from_millis(1)).await;
    let answer = send(stage, "/you/code", before, &[("address", address)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    stage.settle().await;
    joined(before, &cookies(&answer))
}

/// The cookies of a browser that was given others: of one name the newer, and none that has ended.
fn joined(before: &str, after: &str) -> String {
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for (name, value) in
        [before, after].iter().flat_map(|all| all.split("; ")).filter_map(|c| c.split_once('='))
    {
        kept.retain(|(known, _)| *known != name);
        kept.push((name, value));
    }
    kept.retain(|(_, value)| *value != "done");
    kept.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

/// The code in the newest mail.
pub async fn mailed_code(stage: &Stage) -> String {
    let mails = stage.mails().await;
    let subject = &mails.last().expect("a mail").subject;
    let code: String = subject.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(code.len(), 6, "{subject}");
    code
}

/// A browser that has signed in with a code from a mail: its cookies.
pub async fn signed_in(stage: &Stage, address: &str) -> String {
    let asked = asks(stage, address, "").await;
    let code = mailed_code(stage).await;
    let entered = send(stage, "/you/enter", &asked, &[("code", &code)]).await;
    assert_eq!(entered.header(header::LOCATION), "/orders", "{}", entered.body);
    cookies(&entered)
}

/// Signed in by text.
async fn signed_in_by_text(stage: &Stage, number: &str, before: &str) -> String {
    let asked = asks(stage, number, before).await;
    let texts = stage.texts().await;
    let (to, body) = texts.last().expect("a text");
    assert_eq!(to, number);
    let code: String = body.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
    let entered = send(stage, "/you/enter", &asked, &[("code", &code)]).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    cookies(&entered)
}

/// As the listening socket says where a request comes from.
pub fn from_peer(address: &str) -> axum::extract::ConnectInfo<std::net::SocketAddr> {
    axum::extract::ConnectInfo((address.parse::<std::net::IpAddr>().unwrap(), 5_000).into())
}

/// An answer without what tells it from any other: the name of its request.
pub fn unquoted(answer: &Answer) -> (StatusCode, String) {
    let body =
        answer.body.split("req_").map(|part| part.trim_start_matches(|c: char| c.is_ascii_alphanumeric()));
    (answer.status, body.collect())
}

/// Whether a browser is signed in.
async fn is_in(stage: &Stage, cookies: &str) -> bool {
    get_with(stage, "/orders", cookies).await.status == StatusCode::OK
}

/// An order of somebody who is known to the shop by no account.
fn guests(number: u32, stage: &Stage, email: Option<&str>, phone: Option<&str>) -> IncomingOrder {
    let mut order = order(number, stage.now()).paid().without_consent();
    order.customer.external_id = None;
    order.customer.email = email.map(|email| kernel::Email::parse(email).unwrap());
    order.customer.phone = phone.map(|phone| Phone::parse(phone).unwrap());
    order.customer.preferred_channel = None;
    order
}

/// The same of somebody with an account.
fn accounts(number: u32, stage: &Stage, account: &str, email: &str) -> IncomingOrder {
    let mut order = guests(number, stage, Some(email), None);
    order.customer.external_id = Some(account.to_owned());
    order
}

async fn take(stage: &Stage, order: &IncomingOrder) -> CustomerId {
    let taken = stage.take(order).await;
    stage.settle().await;
    stage.order(&taken.order).await.customer
}

/// The numbers of the orders that a browser sees.
async fn seen(stage: &Stage, cookies: &str) -> Vec<String> {
    let page = get_with(stage, "/orders", cookies).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let cards = page.body.split("<section class=\"card order\"").skip(1);
    let number = |card: &str| card.split("Order ").nth(1)?.split(' ').next().map(plain);
    cards.filter_map(number).collect()
}

fn plain(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_graphic()).collect()
}

async fn person(stage: &Stage, id: &CustomerId) -> customers::Person {
    let id = id.clone();
    stage.house.db.read("story.person", move |r| customers::person(r, &id)).await.unwrap()
}

stories! {
    async fn a_code_lets_the_browser_in_that_asked_and_shows_its_orders(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        take(stage, &order(7, stage.now()).paid().by("ben@example.test", "Ben")).await;
        let asked = stage.get("/you").await;
        assert_html("the way in", &asked.body);
        let browser = asks(stage, " AMINA@Example.test ", "").await;
        assert_html("typing the code", &get_with(stage, "/you/code", &browser).await.body);
        let mail = stage.mails().await.pop().unwrap();
        assert_eq!(mail.to, "amina@example.test");
        let code = mailed_code(stage).await;
        let entered = send(stage, "/you/enter", &browser, &[("code", &format!(" {} {} ", &code[..3], &code[3..]))]).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        assert_eq!(entered.header(header::LOCATION), "/orders");
        let set = entered.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap().to_owned());
        let set = set.collect::<Vec<_>>().join("\n");
        for part in ["shopper=", "HttpOnly", "SameSite=Lax", "sign_in_asked=done", "Max-Age=0"] {
            assert!(set.contains(part), "{part} in {set}");
        }
        let inside = cookies(&entered);
        assert_eq!(seen(stage, &inside).await, ["#1042"], "their own and nobody else's");
        let you = get_with(stage, "/you", &inside).await;
        assert_html("you", &you.body);
        for said in ["Amina Khan", "amina@example.test", "+447700900123", "This browser"] {
            assert!(you.body.contains(said), "{said} in {}", you.body);
        }
        assert_eq!(you.headers["x-robots-tag"], "noindex");
        assert_eq!(you.header(header::CACHE_CONTROL), "no-store");
    }

    /// Neither the answer nor the work of it, nor what a wrong code is answered with.
    async fn whether_anybody_is_known_at_an_address_can_not_be_told(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        // The first time, PostgreSQL prepares what is asked.
        asks(stage, "first@example.test", "").await;
        let mut told = Vec::new();
        for address in ["amina@example.test", "nobody@example.test", "+447700900123", "+447700900999"] {
            stage.pass(MINUTE).await;
            let before = stage.house.db.stats();
            let answer = send(stage, "/you/code", "", &[("address", address)]).await;
            let after = stage.house.db.stats();
            let work = (after.statements - before.statements, after.closures - before.closures);
            let browser = cookies(&answer);
            stage.settle().await;
            let page = get_with(stage, "/you/code", &browser).await.body.replace(address, "ADDRESS");
            let mut wrong = Vec::new();
            for _ in 0..6 {
                let answer = send(stage, "/you/enter", &browser, &[("code", "000000")]).await;
                wrong.push(answer.header(header::LOCATION).to_owned());
            }
            let location = answer.header(header::LOCATION).to_owned();
            told.push((answer.status, location, answer.body, page, wrong, work));
        }
        assert_eq!(told[0], told[1], "an address that is known, and one that is not");
        assert_eq!(told[2], told[3], "a number that is known, and one that is not");
        assert_eq!(told[0].4[5], "/you?said=over&next=orders", "five tries are enough: {:?}", told[0].4);
        let codes = stage.messages().await.into_iter().filter(|message| message.template == "account.code");
        assert_eq!(codes.count(), 2, "nobody else was written to");
    }

    async fn a_code_works_once_and_for_ten_minutes(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let browser = asks(stage, "amina@example.test", "").await;
        let code = mailed_code(stage).await;
        stage.pass(10 * MINUTE).await;
        let late = send(stage, "/you/enter", &browser, &[("code", &code)]).await;
        assert_eq!(late.header(header::LOCATION), "/you?said=over&next=orders");
        let page = stage.get(late.header(header::LOCATION)).await;
        assert!(page.body.contains("work any more"), "{}", page.body);
        let browser = asks(stage, "amina@example.test", "").await;
        let code = mailed_code(stage).await;
        stage.pass(9 * MINUTE).await;
        let first = send(stage, "/you/enter", &browser, &[("code", &code)]).await;
        let again = send(stage, "/you/enter", &browser, &[("code", &code)]).await;
        assert!(is_in(stage, &cookies(&first)).await);
        assert_eq!(again.header(header::LOCATION), "/you?said=over&next=orders", "once is all");
        assert!(again.headers.get(header::SET_COOKIE).is_none());
    }

    async fn five_wrong_tries_end_a_code_even_for_who_types_it_right_then(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let browser = asks(stage, "amina@example.test", "").await;
        let code = mailed_code(stage).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            let answer = send(stage, "/you/enter", &browser, &[("code", wrong)]).await;
            assert_eq!(answer.header(header::LOCATION), "/you/code?said=wrong&next=orders");
        }
        let page = get_with(stage, "/you/code?said=wrong", &browser).await;
        assert!(page.body.contains("aria-invalid=\"true\""), "{}", page.body);
        let right = send(stage, "/you/enter", &browser, &[("code", &code)]).await;
        assert_eq!(right.header(header::LOCATION), "/you?said=over&next=orders");
    }

    async fn a_code_is_worth_nothing_in_another_browser_and_two_at_once_have_one_each(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let first = asks(stage, "amina@example.test", "").await;
        let firsts = mailed_code(stage).await;
        let second = asks(stage, "amina@example.test", "").await;
        let seconds = mailed_code(stage).await;
        assert_ne!((&first, &firsts), (&second, &seconds));
        let crossed = send(stage, "/you/enter", &second, &[("code", &firsts)]).await;
        assert_eq!(crossed.header(header::LOCATION), "/you/code?said=wrong&next=orders");
        let without = send(stage, "/you/enter", "", &[("code", &firsts)]).await;
        assert_eq!(without.header(header::LOCATION), "/you?said=over&next=orders");
        for forged in ["sign_in_asked=x", &format!("{first}0"), &first.replace("sic_", "sic_0")] {
            let answer = send(stage, "/you/enter", forged, &[("code", &firsts)]).await;
            assert_eq!(answer.header(header::LOCATION), "/you?said=over&next=orders", "{forged}");
        }
        for (browser, code) in [(&first, &firsts), (&second, &seconds)] {
            let entered = send(stage, "/you/enter", browser, &[("code", code)]).await;
            assert!(is_in(stage, &cookies(&entered)).await);
        }
    }

    /// Some scanners fetch links, some run scripts and press buttons. None has the cookie of the browser that asked.
    async fn a_scanner_that_presses_every_button_lets_nobody_in_and_uses_nothing_up(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let browser = asks(stage, "amina@example.test", "").await;
        let link = path_in(&stage.mails().await.pop().unwrap(), "/you/in/");
        for cookies in ["", "sign_in_asked=sic_00000000000000000000.00000000000000000000000000000000"] {
            let page = get_with(stage, &link, cookies).await;
            assert_html("the link elsewhere", &page.body);
            assert!(page.body.contains("Go back to where you asked") && !page.body.contains("<form"), "{}", page.body);
            let pressed = stage.http(form(&link, cookies, "")).await;
            assert_eq!(pressed.header(header::LOCATION), link);
            assert!(pressed.headers.get(header::SET_COOKIE).is_none());
            assert_eq!(stage.http(Request::head(&link).body(Body::empty()).unwrap()).await.status, StatusCode::OK);
        }
        let page = get_with(stage, &link, &browser).await;
        assert_html("the link", &page.body);
        assert!(page.body.contains(&format!("<form method=\"post\" action=\"{link}\"")), "{}", page.body);
        let opened = stage.http(form(&link, &browser, "")).await;
        assert_eq!(opened.header(header::LOCATION), "/orders");
        assert!(is_in(stage, &cookies(&opened)).await);
        let again = get_with(stage, &link, &browser).await;
        assert!(again.body.contains("This link doesn’t work any more"), "{}", again.body);
        assert_eq!(stage.http(form(&link, &browser, "")).await.header(header::LOCATION), "/you?said=over&next=orders");
        for forged in ["/you/in/x".to_owned(), format!("{link}x"), "/you/in/%FF".to_owned(), "/you/in/%00".to_owned()] {
            assert_eq!(get_with(stage, &forged, &browser).await.status, StatusCode::NOT_FOUND, "{forged}");
            assert_eq!(stage.http(form(&forged, &browser, "")).await.status, StatusCode::NOT_FOUND, "{forged}");
        }
    }

    async fn signing_in_makes_a_session_of_its_own_whatever_cookie_was_there(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let planted = "shopper=0000000000000000000000000000000000000000000000000000000000000000";
        let browser = asks(stage, "amina@example.test", planted).await;
        let code = mailed_code(stage).await;
        let entered = send(stage, "/you/enter", &browser, &[("code", &code)]).await;
        let inside = cookies(&entered);
        assert!(!inside.contains(planted) && is_in(stage, &inside).await);
        assert!(!is_in(stage, planted).await, "what was known before is worth nothing");
        // Adding an address is signing in again: the cookie from before ends.
        take(stage, &guests(7, stage, Some("a.khan@example.test"), None)).await;
        let adding = asks(stage, "a.khan@example.test", &inside).await;
        let code = mailed_code(stage).await;
        let added = cookies(&send(stage, "/you/enter", &adding, &[("code", &code), ("next", "you")]).await);
        assert!(!is_in(stage, &inside).await && is_in(stage, &added).await);
        assert_eq!(seen(stage, &added).await, ["#7", "#1042"]);
    }

    /// Somebody signs out of a browser that others use, too.
    async fn a_code_that_was_asked_for_before_signing_out_brings_nobody_back(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        take(stage, &order(7, stage.now()).paid().by("ben@example.test", "Ben")).await;
        let aminas = signed_in(stage, "amina@example.test").await;
        let adding = asks(stage, "ben@example.test", &aminas).await;
        let code = mailed_code(stage).await;
        send(stage, "/you/sign-out", &aminas, &[]).await;
        let entered = send(stage, "/you/enter", &adding, &[("code", &code)]).await;
        assert_eq!(seen(stage, &cookies(&entered)).await, ["#7"], "Amina has signed out");
        // Asked for before signing in: not an address that is added.
        let asked = asks(stage, "ben@example.test", "").await;
        let bens = mailed_code(stage).await;
        let aminas = signed_in(stage, "amina@example.test").await;
        let entered = send(stage, "/you/enter", &joined(&aminas, &asked), &[("code", &bens)]).await;
        assert_eq!(seen(stage, &cookies(&entered)).await, ["#7"]);
        assert!(!is_in(stage, &aminas).await, "a browser is signed in once");
    }

    async fn a_session_ends_by_its_owner_by_idleness_and_by_age(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let (phone, desk) = (signed_in(stage, "amina@example.test").await, signed_in(stage, "amina@example.test").await);
        let page = get_with(stage, "/you", &desk).await;
        let other = page.body.split("action=\"/you/sessions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        take(stage, &order(7, stage.now()).paid().by("ben@example.test", "Ben")).await;
        let ben = signed_in(stage, "ben@example.test").await;
        let foreign = send(stage, &format!("/you/sessions/{other}"), &ben, &[]).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "somebody else's browser is not there");
        assert!(is_in(stage, &phone).await);
        let ended = send(stage, &format!("/you/sessions/{other}"), &desk, &[]).await;
        assert_eq!(ended.header(header::LOCATION), "/you?said=ended");
        assert!(!is_in(stage, &phone).await && is_in(stage, &desk).await);
        let out = send(stage, "/you/sign-out", &desk, &[]).await;
        assert_eq!(cookies(&out), "shopper=out");
        assert!(!is_in(stage, &desk).await, "the cookie is of no use to who has kept it");
        stage.pass(DAY).await;
        let (one, two) = (signed_in(stage, "amina@example.test").await, signed_in(stage, "amina@example.test").await);
        send(stage, "/you/sign-out-everywhere", &one, &[]).await;
        assert!(!is_in(stage, &one).await && !is_in(stage, &two).await);
        assert!(is_in(stage, &ben).await, "nobody else is signed out");
        stage.pass(DAY).await;
        let (idle, busy) = (signed_in(stage, "amina@example.test").await, signed_in(stage, "amina@example.test").await);
        for day in 1..=90 {
            stage.pass(DAY).await;
            assert_eq!(is_in(stage, &busy).await, day < 90, "day {day}: in use it lasts ninety days");
            if day == 30 {
                assert!(!is_in(stage, &idle).await, "a month without use");
            }
        }
    }

    async fn whoever_asks_too_often_is_told_to_wait_and_nobody_else_is(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let ask = |address: &str, from: &str| {
            let body = format!("address={}", address.replace('@', "%40"));
            let mut request = form("/you/code", "", &body);
            request.extensions_mut().insert(from_peer(from));
            request
        };
        for n in 0..5 {
            let from = format!("192.0.2.{n}");
            assert_eq!(stage.http(ask("amina@example.test", &from)).await.status, StatusCode::SEE_OTHER);
        }
        let sixth = stage.http(ask("amina@example.test", "192.0.2.9")).await;
        assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(sixth.header(header::RETRY_AFTER), "3600");
        assert_html("too often", &sixth.body);
        assert_eq!(stage.http(ask("AMINA@example.test", "192.0.2.9")).await.status, StatusCode::TOO_MANY_REQUESTS);
        for n in 0..5 {
            let unknown = stage.http(ask("nobody@example.test", &format!("198.51.100.{n}"))).await;
            assert_eq!(unknown.status, StatusCode::SEE_OTHER);
        }
        let unknown = stage.http(ask("nobody@example.test", "198.51.100.9")).await;
        assert_eq!(unquoted(&unknown), unquoted(&sixth), "known or not, the same");
        stage.settle().await;
        let mails = stage.mails().await.len();
        assert_eq!(mails, 6, "the confirmation and five codes");
        // One network that goes from address to address is stopped as well, and its neighbours in IPv6 with it.
        for n in 0..20 {
            let answer = stage.http(ask(&format!("a{n}@example.test"), "2001:db8:1:2::5")).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{n}");
        }
        let neighbour = stage.http(ask("a99@example.test", "2001:db8:1:2:ffff::1")).await;
        assert_eq!(neighbour.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(stage.http(ask("a99@example.test", "2001:db8:9:9::1")).await.status, StatusCode::SEE_OTHER);
        stage.pass(Duration::from_secs(3_601)).await;
        assert_eq!(stage.http(ask("amina@example.test", "192.0.2.9")).await.status, StatusCode::SEE_OTHER);
    }

    async fn nonsense_is_said_to_be_and_changes_nothing(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let huge = "a".repeat(20_000) + "@example.test";
        for typed in ["", "amina", "07700 900123", "a@x.test\r\nBcc: b@x.test", "\u{0}", "<script>alert(1)</script>", huge.as_str()] {
            let answer = send(stage, "/you/code", "", &[("address", typed)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
            assert_html("a fault", &answer.body);
            assert!(answer.body.contains("aria-invalid") && !answer.body.contains("<script>"), "{}", answer.body);
            assert!(answer.headers.get(header::SET_COOKIE).is_none());
        }
        let flood = stage.http(form("/you/code", "", &"a=1&".repeat(500))).await;
        assert_eq!(flood.status, StatusCode::PAYLOAD_TOO_LARGE);
        for (path, cookies) in [("/you/code", ""), ("/you/enter", "sign_in_asked=x")] {
            let mut foreign = form(path, cookies, "address=amina%40example.test&code=000000");
            foreign.headers_mut().insert("Sec-Fetch-Site", "cross-site".parse().unwrap());
            assert_eq!(stage.http(foreign).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 1, "the confirmation");
    }

    /// What proves that an address is somebody's must not reach them at another.
    async fn a_code_goes_to_the_address_that_was_asked_for_whatever_they_prefer(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid().preferring(Channel::Sms)).await;
        let texts = stage.texts().await.len();
        asks(stage, "amina@example.test", "").await;
        assert_eq!(stage.texts().await.len(), texts, "the number was not asked for");
        assert_eq!(stage.mails().await.pop().unwrap().to, "amina@example.test");
        let mails = stage.mails().await.len();
        asks(stage, "+44 7700 900123", "").await;
        let (to, body) = stage.texts().await.pop().unwrap();
        assert_eq!(to, "+447700900123");
        assert!(!body.contains("http"), "a code and a link in one text is what thieves send: {body}");
        assert_eq!(stage.mails().await.len(), mails);
    }

    async fn guests_are_adopted_by_the_code_and_the_timeline_says_so(stage: &Stage) {
        // The same person: an account, a guest with another address, and a guest with a number only.
        let account = take(stage, &accounts(1, stage, "c9", "liu@example.test")).await;
        stage.pass(MINUTE).await;
        let guest = take(stage, &guests(2, stage, Some("liu.home@example.test"), None)).await;
        stage.pass(MINUTE).await;
        let number = take(stage, &guests(3, stage, None, Some("+447700900555"))).await;
        assert!(account != guest && guest != number);
        let browser = signed_in(stage, "liu@example.test").await;
        assert_eq!(seen(stage, &browser).await, ["#1"], "nothing that was not proved");
        let asked = asks(stage, "liu.home@example.test", &browser).await;
        let code = mailed_code(stage).await;
        let browser = cookies(&send(stage, "/you/enter", &asked, &[("code", &code)]).await);
        assert_eq!(seen(stage, &browser).await, ["#2", "#1"]);
        let browser = signed_in_by_text(stage, "+447700900555", &browser).await;
        assert_eq!(seen(stage, &browser).await, ["#3", "#2", "#1"]);
        let one = person(stage, &number).await;
        assert_eq!((one.id.clone(), one.others.len()), (account, 2), "one person, and the account stays");
        let events = stage.events().await;
        assert_eq!(events.iter().filter(|kind| *kind == "customer.merged").count(), 4, "told of both, twice");
        // From then on either address opens all of it that it was given with.
        let again = signed_in(stage, "liu@example.test").await;
        assert_eq!(seen(stage, &again).await, ["#1"]);
    }

    async fn two_accounts_on_one_mailbox_stay_two_people(stage: &Stage) {
        let first = take(stage, &accounts(1, stage, "c1", "family@example.test")).await;
        stage.pass(MINUTE).await;
        let second = take(stage, &accounts(2, stage, "c2", "family@example.test")).await;
        assert_ne!(first, second);
        let browser = signed_in(stage, "family@example.test").await;
        assert_eq!(seen(stage, &browser).await, ["#2", "#1"], "both were written to this mailbox");
        assert_eq!((person(stage, &first).await.id, person(stage, &second).await.id), (first, second));
    }

    /// A shop believes addresses that nobody has checked: somebody opened an account with a stranger's, ordered, and changed it.
    async fn an_address_that_nobody_proved_opens_nothing_that_was_placed_with_another(stage: &Stage) {
        let victim = take(stage, &guests(1, stage, Some("victim@example.test"), None)).await;
        stage.pass(MINUTE).await;
        assert_eq!(take(stage, &accounts(2, stage, "thief", "victim@example.test")).await, victim, "as the shop tells it");
        stage.pass(MINUTE).await;
        assert_eq!(take(stage, &accounts(3, stage, "thief", "thief@example.test")).await, victim);
        let thief = signed_in(stage, "thief@example.test").await;
        assert_eq!(seen(stage, &thief).await, ["#3"]);
        let page = get_with(stage, "/you", &thief).await;
        assert!(!page.body.contains("victim@") && !page.body.contains("/you/delete"), "{}", page.body);
        assert_eq!(get_with(stage, "/you/data.json", &thief).await.header(header::LOCATION), "/you");
        assert_eq!(send(stage, "/you/delete", &thief, &[]).await.header(header::LOCATION), "/you");
        assert_eq!(person(stage, &victim).await.erased_at, None);
        let own = signed_in(stage, "victim@example.test").await;
        assert_eq!(seen(stage, &own).await, ["#2", "#1"]);
    }

    async fn a_number_shows_a_year_and_opens_nobody_who_is_known_by_more(stage: &Stage) {
        let mut first = guests(1, stage, None, Some("+447700900321"));
        first.placed_at = stage.now();
        let before = take(stage, &first).await;
        stage.pass(366 * DAY).await;
        let after = take(stage, &guests(2, stage, None, Some("+447700900321"))).await;
        assert_eq!(before, after, "by the number alone nobody can tell them apart");
        let browser = signed_in_by_text(stage, "+447700900321", "").await;
        assert_eq!(seen(stage, &browser).await, ["#2"], "numbers are given to somebody else");
        assert_eq!(get_with(stage, "/you/data.json", &browser).await.status, StatusCode::SEE_OTHER);
        take(stage, &order(1042, stage.now()).paid()).await;
        let aminas = signed_in_by_text(stage, "+447700900123", "").await;
        assert_eq!(seen(stage, &aminas).await, ["#1042"], "it was placed with this number");
        let page = get_with(stage, "/you", &aminas).await;
        assert!(!page.body.contains("amina@example.test") && !page.body.contains("Amina Khan"), "{}", page.body);
    }

    async fn everything_that_is_known_is_taken_along_as_a_file(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid().with_note("Leave it <with> the neighbour")).await;
        let browser = signed_in(stage, "amina@example.test").await;
        let file = get_with(stage, "/you/data.json", &browser).await;
        assert_eq!(file.status, StatusCode::OK, "{}", file.body);
        assert_eq!(file.header(header::CONTENT_TYPE), "application/json");
        assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
        assert!(!file.body.contains(['<', '>', '&']), "inert to whoever opens it");
        let told: Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!(told["format"], "aftercare.customer");
        for table in ["orders", "order_people", "contact_points", "consents", "customer_sessions", "customer_proofs", "sign_in_codes"] {
            assert!(!told["tables"][table].as_array().unwrap().is_empty(), "{table}: {}", file.body);
        }
        assert_eq!(stage.get("/you/data.json").await.header(header::LOCATION), "/you?next=you");
    }

    async fn deleting_asks_first_then_forgets_and_signs_out(stage: &Stage) {
        let id = take(stage, &order(1042, stage.now()).paid()).await;
        let (browser, other) = (signed_in(stage, "amina@example.test").await, signed_in(stage, "amina@example.test").await);
        let page = get_with(stage, "/you/delete", &browser).await;
        assert_html("before deleting", &page.body);
        assert!(page.body.contains("can’t be undone") && page.body.contains("the law asks for it"), "{}", page.body);
        stage.settle().await;
        assert_eq!(person(stage, &id).await.erased_at, None, "looking does nothing");
        let mut foreign = form("/you/delete", &browser, "");
        foreign.headers_mut().insert("Sec-Fetch-Site", "cross-site".parse().unwrap());
        assert_eq!(stage.http(foreign).await.status, StatusCode::FORBIDDEN);
        assert_eq!(send(stage, "/you/delete", "", &[]).await.header(header::LOCATION), "/you?next=delete");
        let done = send(stage, "/you/delete", &browser, &[]).await;
        assert_eq!(done.header(header::LOCATION), "/you?said=deleted");
        stage.settle().await;
        assert!(!is_in(stage, &browser).await && !is_in(stage, &other).await, "signed out everywhere");
        let gone = person(stage, &id).await;
        assert!(gone.erased_at.is_some() && gone.name.is_none() && gone.contact_points.is_empty());
        let erased = stage.house.db.read("story.erased", move |r| customers::erasure(r, &id)).await.unwrap();
        assert!(erased.unwrap().finished_at.is_some());
        asks(stage, "amina@example.test", "").await;
        assert!(!stage.subjects().await.iter().any(|subject| subject.contains("is your code")), "nothing is left, and nobody is written to");
        let again = signed_in_anew(stage).await;
        assert_eq!(seen(stage, &again).await, ["#7"], "what was bought before has no face");
    }

    async fn what_is_old_is_deleted_and_what_works_is_not(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let idle = signed_in(stage, "amina@example.test").await;
        let counted = |stage: &Stage| {
            let db = stage.house.db.clone();
            async move {
                let read = db.read("story.rows", |r| {
                    let rows = stories::personal::every_row(r)?;
                    let ours = ["sign_in_codes", "customer_sessions", "customer_proofs", "customer_asks", "order_searches"];
                    Ok(rows.into_iter().filter(|(table, _)| ours.contains(&table.as_str())).map(|(table, rows)| (table, rows.len())).collect::<Vec<_>>())
                });
                read.await.unwrap().into_iter().filter(|(_, rows)| *rows > 0).collect::<Vec<_>>()
            }
        };
        assert_eq!(counted(stage).await.len(), 4);
        stage.pass(4 * DAY).await;
        assert!(is_in(stage, &idle).await, "a session is not old after four days");
        let left = counted(stage).await.into_iter().map(|(table, _)| table).collect::<Vec<_>>();
        assert_eq!(left, ["customer_proofs", "customer_sessions"]);
        stage.pass(33 * DAY).await;
        assert_eq!(counted(stage).await, []);
    }

    async fn looking_at_ones_own_pages_changes_nothing(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        let browser = signed_in(stage, "amina@example.test").await;
        let before = stage.house.db.stats().closures;
        for path in ["/you", "/you/code", "/you/updates", "/you/data.json", "/you/delete", "/orders", "/orders?q=tea", "/find", "/find?sent=1", "/"] {
            for cookies in [browser.as_str(), ""] {
                let page = get_with(stage, path, cookies).await;
                assert!(!page.status.is_server_error() && !page.status.is_client_error(), "{path}: {}", page.status);
            }
        }
        for path in ["/you/enter", "/you/sign-out", "/you/sign-out-everywhere", "/you/sessions/shs_1"] {
            assert_eq!(get_with(stage, path, &browser).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        }
        assert_eq!(stage.house.db.stats().closures, before);
    }

    async fn who_is_signed_in_comes_to_the_page_about_our_messages(stage: &Stage) {
        take(stage, &order(1042, stage.now()).paid()).await;
        assert_eq!(stage.get("/you/updates").await.header(header::LOCATION), "/you?next=updates");
        let browser = signed_in(stage, "amina@example.test").await;
        let answer = get_with(stage, "/you/updates", &browser).await;
        let page = stage.get(answer.header(header::LOCATION)).await;
        assert!(page.body.contains("We write to you by email"), "{}", page.body);
    }
}

/// Orders anew, a day after, and signs in.
async fn signed_in_anew(stage: &Stage) -> String {
    stage.pass(DAY).await;
    take(stage, &order(7, stage.now()).paid()).await;
    signed_in(stage, "amina@example.test").await
}
