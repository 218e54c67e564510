//! Who sees the full delivery address: everybody with a young link until it is delivered, afterwards only the browser
//! that entered a code which went to the order's own address.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use customers::SuppressionReason;
use kernel::Channel;
use orders::incoming::IncomingOrder;
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};
use world::shopping::delivered;

use crate::kit::{cookies, form, get_with, page_in, rows};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// An order that was confirmed and then delivered, and the path of its page.
async fn brought(stage: &Stage, order: &IncomingOrder) -> String {
    stage.take(order).await;
    stage.settle().await;
    let path = page_in(stage.mails().await.last().expect("a confirmation"));
    stage.take(&delivered(order, stage.now())).await;
    stage.pass(MINUTE).await;
    path
}

fn shows_all(page: &Answer) -> bool {
    page.body.contains("14 Elm Row") && page.body.contains("LS6 2AB")
}

/// Town and the last characters, and nothing else of the address.
fn shows_little(page: &Answer) -> bool {
    let hidden = ["14 Elm Row", "LS6", "Amina Khan"].iter().all(|part| !page.body.contains(part));
    hidden && page.body.contains("Leeds") && page.body.contains("2AB")
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header(header::LOCATION).to_owned()
}

/// Asks for a code as a browser does; its cookies and the code that came by mail.
async fn asked(stage: &Stage, path: &str) -> (String, String) {
    let before = stage.mails().await.len();
    let answer = stage.http(form(&format!("{path}/code"), "", "")).await;
    assert!(location(&answer).contains("code=sent"), "{}", location(&answer));
    stage.settle().await;
    let mails = stage.mails().await;
    assert_eq!(mails.len(), before + 1, "one code, one mail");
    let mail = &mails[before];
    assert_eq!(mail.to, "amina@example.test");
    let code: String = mail.subject.chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(code.len(), 6, "{}", mail.subject);
    assert!(mail.text.contains(&code) && mail.html.contains(&code));
    (cookies(&answer), code)
}

async fn typed(stage: &Stage, path: &str, cookies: &str, code: &str) -> Answer {
    stage.http(form(&format!("{path}/address"), cookies, &format!("code={code}"))).await
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

stories! {
    async fn the_address_is_open_until_it_is_delivered_and_then_the_town_remains(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        stage.take(&first).await;
        stage.settle().await;
        let path = page_in(&stage.mails().await[0]);
        assert!(shows_all(&stage.get(&path).await));
        stage.take(&delivered(&first, stage.now())).await;
        let page = stage.get(&path).await;
        assert!(shows_little(&page), "{}", page.body);
        assert!(page.body.contains("send me a code"), "{}", page.body);
        web::markup::assert_html("a masked address", &page.body);
    }

    async fn the_customers_note_is_shown_with_the_address_and_hidden_with_it(stage: &Stage) {
        let first = order(1042, stage.now()).paid().with_note("The door code is 4711#");
        stage.take(&first).await;
        stage.settle().await;
        let path = page_in(&stage.mails().await[0]);
        let shows_note = |page: &Answer| page.body.contains("4711#");
        assert!(shows_note(&stage.get(&path).await));
        stage.take(&delivered(&first, stage.now())).await;
        stage.pass(MINUTE).await;
        let (browser, code) = asked(stage, &path).await;
        for asked in ["", "?code=sent", "?code=wrong", "?code=too-many", "?code=no-contact", "?code=shown"] {
            assert!(!shows_note(&get_with(stage, &format!("{path}{asked}"), &browser).await), "{asked}");
        }
        let granted = cookies(&typed(stage, &path, &browser, &code).await);
        let page = get_with(stage, &path, &granted).await;
        assert!(shows_all(&page) && shows_note(&page), "{}", page.body);
    }

    async fn a_link_older_than_sixty_days_shows_the_town_only(stage: &Stage) {
        stage.take(&order(1042, stage.now()).paid()).await;
        stage.settle().await;
        let path = page_in(&stage.mails().await[0]);
        stage.pass(59 * DAY).await;
        assert!(shows_all(&stage.get(&path).await), "59 days");
        stage.pass(2 * DAY).await;
        let page = stage.get(&path).await;
        assert!(shows_little(&page), "61 days: {}", page.body);
    }

    async fn a_code_from_the_mail_opens_the_address_in_the_browser_that_asked(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let (browser, code) = asked(stage, &path).await;
        let page = get_with(stage, &format!("{path}?code=sent"), &browser).await;
        assert!(page.body.contains("a…@example.test") && shows_little(&page), "{}", page.body);
        web::markup::assert_html("asking for a code", &page.body);
        let answer = typed(stage, &path, &browser, &code).await;
        assert!(location(&answer).contains("code=shown"));
        let set = answer.header(header::SET_COOKIE).to_owned();
        for rule in ["HttpOnly", "SameSite=Lax", "Max-Age=1800", "Path=/"] {
            assert!(set.contains(rule), "{set}");
        }
        let page = get_with(stage, &path, &cookies(&answer)).await;
        assert!(shows_all(&page), "{}", page.body);
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
        assert!(shows_little(&stage.get(&path).await), "nobody else sees more");
        assert!(shows_little(&stage.get(&format!("{path}?code=shown")).await), "the words open nothing");
    }

    async fn a_code_may_be_typed_with_spaces(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let (browser, code) = asked(stage, &path).await;
        let spaced = format!("+{}%20{}+", &code[..3], &code[3..]);
        assert!(location(&typed(stage, &path, &browser, &spaced).await).contains("code=shown"));
    }

    async fn a_scanner_without_the_cookie_opens_nothing_and_spoils_nothing(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let (browser, code) = asked(stage, &path).await;
        let made_up = ["order_code=AAAAAAAAAAAAAAAAAAAAAA", "order_address=1.AAAA", "order_address=99999999999999."];
        let strangers = made_up.into_iter().chain([""]);
        for stranger in strangers {
            let answer = typed(stage, &path, stranger, &code).await;
            assert!(!location(&answer).contains("shown"), "{stranger}");
            assert!(cookies(&answer).is_empty());
            assert!(shows_little(&get_with(stage, &path, stranger).await), "{stranger}");
        }
        assert!(location(&typed(stage, &path, &browser, &code).await).contains("code=shown"));
        assert!(!location(&typed(stage, &path, &browser, &code).await).contains("shown"), "a code opens once");
    }

    async fn after_five_wrong_tries_the_right_code_is_of_no_use(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let (browser, code) = asked(stage, &path).await;
        for _ in 0..5 {
            let answer = typed(stage, &path, &browser, &another(&code)).await;
            assert!(location(&answer).contains("code=wrong") && cookies(&answer).is_empty());
        }
        let answer = typed(stage, &path, &browser, &code).await;
        assert!(location(&answer).contains("code=too-many") && cookies(&answer).is_empty());
        let page = stage.get(&format!("{path}?code=too-many")).await;
        assert!(shows_little(&page) && page.body.contains("Too many tries"), "{}", page.body);
        stage.pass(SECOND).await;
        let (browser, code) = asked(stage, &path).await;
        assert!(location(&typed(stage, &path, &browser, &code).await).contains("code=shown"), "a new code works");
    }

    async fn a_code_works_for_ten_minutes(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let (browser, code) = asked(stage, &path).await;
        stage.pass(10 * MINUTE - SECOND).await;
        assert!(location(&typed(stage, &path, &browser, &code).await).contains("code=shown"));
        let (browser, code) = asked(stage, &path).await;
        stage.pass(10 * MINUTE).await;
        let answer = typed(stage, &path, &browser, &code).await;
        assert!(location(&answer).contains("code=expired") && cookies(&answer).is_empty());
        assert!(stage.get(&format!("{path}?code=expired")).await.body.contains("run out"));
    }

    async fn only_the_newest_code_works(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let (older_browser, older) = asked(stage, &path).await;
        stage.pass(SECOND).await;
        let (browser, code) = asked(stage, &path).await;
        assert!(!location(&typed(stage, &path, &older_browser, &older).await).contains("shown"));
        assert!(location(&typed(stage, &path, &browser, &code).await).contains("code=shown"));
    }

    async fn the_sixth_code_within_an_hour_is_refused(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        for _ in 0..5 {
            asked(stage, &path).await;
            stage.pass(MINUTE).await;
        }
        let before = rows(stage).await;
        let answer = stage.http(form(&format!("{path}/code"), "", "")).await;
        assert!(location(&answer).contains("code=too-many") && cookies(&answer).is_empty());
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
        stage.pass(56 * MINUTE).await;
        asked(stage, &path).await;
    }

    async fn two_presses_at_the_same_moment_leave_a_code_that_works(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let before = stage.mails().await.len();
        let press = || stage.http(form(&format!("{path}/code"), "", ""));
        let (first, second) = tokio::join!(press(), press());
        stage.settle().await;
        let mails = &stage.mails().await[before..];
        let codes: Vec<String> = mails.iter().map(|mail| mail.subject.chars().take(6).collect()).collect();
        // The browser keeps what was answered last, which is what was made last, whichever press that was.
        let jars: Vec<String> = [&first, &second].map(cookies).into_iter().filter(|jar| !jar.is_empty()).collect();
        let mut opened = false;
        for (jar, code) in jars.iter().flat_map(|jar| codes.iter().map(move |code| (jar, code))) {
            opened |= location(&typed(stage, &path, jar, code).await).contains("code=shown");
        }
        assert!(opened, "{codes:?}");
    }

    async fn the_open_address_is_one_orders_and_for_half_an_hour(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let other = brought(stage, &order(1043, stage.now()).paid()).await;
        let (browser, code) = asked(stage, &path).await;
        assert!(!location(&typed(stage, &other, &browser, &code).await).contains("shown"));
        let granted = cookies(&typed(stage, &path, &browser, &code).await);
        assert!(shows_all(&get_with(stage, &path, &granted).await));
        assert!(shows_little(&get_with(stage, &other, &granted).await));
        stage.pass(30 * MINUTE - SECOND).await;
        assert!(shows_all(&get_with(stage, &path, &granted).await));
        stage.pass(SECOND).await;
        assert!(shows_little(&get_with(stage, &path, &granted).await));
    }

    async fn forms_from_another_site_do_nothing(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let (browser, code) = asked(stage, &path).await;
        let before = rows(stage).await;
        let elsewhere: [&[(&str, &str)]; 3] = [
            &[("Origin", "https://evil.example"), ("Host", "127.0.0.1:4080")],
            &[("Sec-Fetch-Site", "cross-site"), ("Origin", "http://127.0.0.1:4080")],
            &[("Origin", "null")],
        ];
        for said in elsewhere {
            for (action, body) in [("code", String::new()), ("address", format!("code={code}"))] {
                let mut request = Request::post(format!("{path}/{action}")).header(header::COOKIE, &browser);
                for (name, value) in said {
                    request = request.header(*name, *value);
                }
                let answer = stage.http(request.body(Body::from(body)).expect("a request")).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{said:?}");
                assert!(cookies(&answer).is_empty());
                web::markup::assert_html("a refused form", &answer.body);
            }
        }
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
        assert!(location(&typed(stage, &path, &browser, &code).await).contains("code=shown"), "no try was used up");
    }

    async fn a_bent_link_sends_no_code(stage: &Stage) {
        let path = brought(stage, &order(1042, stage.now()).paid()).await;
        let before = rows(stage).await;
        for action in ["code", "address"] {
            let answer = stage.http(form(&format!("{path}x/{action}"), "", "code=123456")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
    }

    async fn nobody_is_told_of_a_code_that_can_go_nowhere(stage: &Stage) {
        let call = order(1042, stage.now()).paid().by_phone_only();
        let taken = stage.take(&delivered(&call, stage.now())).await;
        let url = stage.house.db.read("story.link", move |r| {
            Ok(orders::OrderLink::new(taken.order.clone(), r.now).token(&r.wired::<kernel::Shop>()?.keys))
        });
        let path = format!("/o/{}", url.await.expect("a link is made"));
        let number = call.customer.phone.expect("a number");
        let stop = stage.house.db.write("story.stop", move |w| {
            customers::suppress(w, Channel::Sms, number.as_str(), SuppressionReason::Stopped, "text")
        });
        assert!(stop.await.expect("it is stopped"));
        let answer = stage.http(form(&format!("{path}/code"), "", "")).await;
        assert!(location(&answer).contains("code=no-contact"), "no mail, and no more texts");
        let page = stage.get(&format!("{path}?code=no-contact")).await;
        assert!(page.body.contains("no address to send a code to"), "{}", page.body);
    }
}
