//! What the staff does with orders: marks, notes, confirmations sent again; and how they are found.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use staff::Role;
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};
use world::scripts;

use crate::inert::shapes;
use crate::staff::{get, joined, post as send};

async fn one_order(stage: &Stage) -> String {
    let taken = stage.take(&order(1042, stage.now()).paid()).await;
    stage.settle().await;
    format!("/a/orders/{}", taken.order)
}

async fn mark(stage: &Stage, path: &str, who: &str, word: &str, because: &str) -> Answer {
    let path = format!("{path}/mark");
    send(stage, &path, who, &[("mark", word), ("because", because)]).await
}

/// The value of a hidden field.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let at = format!("name=\"{name}\" value=\"");
    page.split(at.as_str()).nth(1).unwrap_or_else(|| panic!("no {name}: {page}")).split('"').next().unwrap()
}

stories! {
    async fn anything_is_found_by_how_it_begins(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        stage.take(&order(1042, stage.now()).paid().by("amina@example.test", "Amina Khan")).await;
        stage.take(&order(1043, stage.now()).paid().by("bo@example.test", "Bo")).await;
        stage.settle().await;
        let found = async |q: &str| {
            let answer = get(stage, &format!("/a/search?format=json&q={q}"), &agent).await;
            assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
            let found = answer.json()["found"].as_array().unwrap().clone();
            found.iter().map(|hit| format!("{} {}", hit["kind"].as_str().unwrap(), hit["label"].as_str().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(found("%23104").await, ["Order #1042", "Order #1043"]);
        assert_eq!(found("1042").await, ["Order #1042"]);
        assert_eq!(found("Amin").await, ["Customer Amina Khan", "Message Order confirmation"]);
        assert_eq!(found("kha").await, ["Customer Amina Khan", "Message Order confirmation"], "by the last name too");
        assert_eq!(found("AMINA%20K").await.len(), 2);
        assert_eq!(found("files").await, ["Page Long work and files"]);
        assert_eq!(found("%25_%27--").await, Vec::<String>::new());
        assert!(found("").await.contains(&"Page Home".to_owned()));
        let page = get(stage, "/a/search?q=104", &agent).await.body;
        assert!(page.contains("#1042") && page.contains("#1043"), "the page finds the same: {page}");
        let whole = get(stage, "/a/search?q=1042", &agent).await;
        assert!(whole.header(header::LOCATION).starts_with("/a/orders/ord_"), "a whole number leads there at once");
    }

    async fn a_confirmation_that_is_sent_again_by_pressing_twice_goes_once(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        let path = one_order(stage).await;
        let page = get(stage, &path, &agent).await.body;
        assert!(page.contains("It goes to <bdi>amina@example.test or +447700900123</bdi>"), "{page}");
        let seen = hidden(&page, "seen").to_owned();
        let bare = send(stage, &format!("{path}/resend"), &agent, &[]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "without the page nothing is pressed");
        let seen = [("seen", seen.as_str())];
        let first = send(stage, &format!("{path}/resend"), &agent, &seen).await;
        let second = send(stage, &format!("{path}/resend"), &agent, &seen).await;
        assert!(first.header(header::LOCATION).ends_with("?did=resent"), "{}", first.body);
        assert!(second.header(header::LOCATION).ends_with("?did=already"), "{}", second.body);
        let waits = get(stage, &path, &agent).await.body;
        assert!(waits.contains("Its confirmation is still under way."), "{waits}");
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 2, "the first, and once more");
        let page = get(stage, &path, &agent).await.body;
        assert_eq!(hidden(&page, "seen"), "2", "and later it may be sent once more");
    }

    async fn what_was_imported_or_cancelled_is_not_confirmed_again(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        let past = order(7, stage.now());
        let imported = stage.house.db.write("story.past", move |w| orders::take_history(w, &past)).await.unwrap();
        let path = format!("/a/orders/{}", imported.order);
        let page = get(stage, &path, &agent).await.body;
        assert!(page.contains("It was imported: nothing is sent about it."), "{page}");
        let forced = send(stage, &format!("{path}/resend"), &agent, &[("seen", "0")]).await;
        assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 0);
    }

    async fn an_order_is_marked_and_everybody_sees_it(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        let path = one_order(stage).await;
        let silent = mark(stage, &path, &agent, "hold", " ").await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.body.contains("Say why it is held, for whoever packs."), "{}", silent.body);
        assert_eq!(mark(stage, &path, &agent, "hold", "Amina calls back").await.status, StatusCode::SEE_OTHER);
        let refused = mark(stage, &path, &agent, "pack", "").await;
        assert!(refused.body.contains("It is held. Let it go first."), "{}", refused.body);
        let page = get(stage, &path, &agent).await.body;
        assert!(page.contains("<bdi>Amina calls back</bdi>") && page.contains("Order held"), "{page}");
        let list = get(stage, "/a/orders?mark=held", &agent).await.body;
        assert!(list.contains("#1042") && list.contains("badge warn\">Held"), "{list}");
        mark(stage, &path, &agent, "let_go", "").await;
        mark(stage, &path, &agent, "pack", "").await;
        let packed = get(stage, "/a/orders?mark=packed", &agent).await.body;
        assert!(packed.contains("badge ok\">Packed"), "{packed}");
        assert!(get(stage, "/a/orders?mark=held", &agent).await.body.contains("<b>Marked: <bdi>Held</bdi></b>"));
        mark(stage, &path, &agent, "unpack", "").await;
        let events = stage.events().await;
        for kind in ["order.held", "order.released", "order.packed", "order.unpacked"] {
            assert!(events.contains(&kind.to_owned()), "{kind}: {events:?}");
        }
    }

    async fn a_note_is_for_the_staff_and_goes_by_its_writer_or_a_manager(stage: &Stage) {
        let priya = joined(stage, Role::Agent, "priya@northwind.test").await;
        let liu = joined(stage, Role::Agent, "liu@northwind.test").await;
        let manager = joined(stage, Role::Manager, "ben@northwind.test").await;
        let path = one_order(stage).await;
        let notes = format!("{path}/notes");
        let empty = send(stage, &notes, &priya, &[("body", "  ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        for body in ["She wants it wrapped", "And a card"] {
            assert_eq!(send(stage, &notes, &priya, &[("body", body)]).await.status, StatusCode::SEE_OTHER);
        }
        let page = get(stage, &path, &liu).await.body;
        assert!(page.contains("She wants it wrapped") && !page.contains("/remove"), "{page}");
        let page = get(stage, &path, &priya).await.body;
        let remove: Vec<_> = page.split("action=\"").filter_map(|rest| rest.split('"').next()).filter(|path| path.ends_with("/remove")).map(str::to_owned).collect();
        assert_eq!(remove.len(), 2);
        assert_eq!(send(stage, &remove[0], &liu, &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(send(stage, &remove[0], &manager, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(send(stage, &remove[1], &priya, &[]).await.status, StatusCode::SEE_OTHER);
        assert!(!get(stage, &path, &priya).await.body.contains("wrapped"));
        assert_eq!(send(stage, &remove[1], &priya, &[]).await.status, StatusCode::SEE_OTHER, "twice is once");
    }

    async fn filters_find_what_they_say_and_a_view_keeps_them(stage: &Stage) {
        let priya = joined(stage, Role::Agent, "priya@northwind.test").await;
        let liu = joined(stage, Role::Agent, "liu@northwind.test").await;
        stage.take(&order(1, stage.now()).paid().by("a@example.test", "Aya")).await;
        stage.take(&order(2, stage.now()).pending().by("b@example.test", "Bo")).await;
        stage.pass(std::time::Duration::from_secs(2 * 86_400)).await;
        stage.take(&order(3, stage.now()).paid().by("c@example.test", "Cleo")).await;
        stage.settle().await;
        for (query, numbers) in [
            ("", &["#1", "#2", "#3"][..]),
            ("?payment=pending", &["#2"]),
            ("?payment=paid&source=web", &["#1", "#3"]),
            ("?from=2026-11-22", &["#3"]),
            ("?to=2026-11-20&status=placed", &["#1", "#2"]),
            ("?from=2026-11-20&to=2026-11-20&payment=paid", &["#1"]),
            ("?source=elsewhere", &["#1", "#2", "#3"]),
            ("?status=cancelled", &[]),
        ] {
            let page = get(stage, &format!("/a/orders{query}"), &priya).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
            for number in ["#1", "#2", "#3"] {
                let shown = page.body.contains(&format!("<bdi>{number}</bdi></a>"));
                assert_eq!(shown, numbers.contains(&number), "{query}: {number}");
            }
        }
        let odd = get(stage, "/a/orders?from=yesterday", &priya).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(odd.body.contains("Placed from: write the date as year-month-day"), "{}", odd.body);

        let save = |shared: bool, name: &'static str| {
            let mut fields = vec![("list", "orders"), ("query", "payment=pending"), ("name", name)];
            fields.extend(shared.then_some(("shared", "1")));
            fields
        };
        assert_eq!(send(stage, "/a/views", &priya, &save(false, "My own")).await.header(header::LOCATION), "/a/orders?payment=pending");
        stage.pass(std::time::Duration::from_millis(1)).await;
        send(stage, "/a/views", &priya, &save(true, "To be paid")).await;
        let page = get(stage, "/a/orders", &priya).await.body;
        assert!(page.contains("<bdi>My own</bdi>") && page.contains("<bdi>To be paid</bdi>"), "{page}");
        let other = get(stage, "/a/orders?payment=pending", &liu).await.body;
        assert!(!other.contains("My own") && other.contains("<bdi>To be paid</bdi>"), "{other}");
        assert!(!other.contains("/remove"), "what others share is theirs to remove");
        let page = get(stage, "/a/orders?payment=pending", &priya).await.body;
        let remove = page.split("action=\"/a/views/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(send(stage, &format!("/a/views/{remove}"), &liu, &[]).await.status, StatusCode::NOT_FOUND, "one's own is nobody else's");
        assert_eq!(send(stage, &format!("/a/views/{remove}"), &priya, &[]).await.header(header::LOCATION), "/a/orders");
    }

    async fn hostile_texts_in_filters_views_marks_and_notes_stay_texts(stage: &Stage) {
        let owner = joined(stage, Role::Owner, "priya@northwind.test").await;
        let path = one_order(stage).await;
        mark(stage, &path, &owner, "hold", "calm").await;
        send(stage, &format!("{path}/notes"), &owner, &[("body", "calm")]).await;
        send(stage, "/a/views", &owner, &[("list", "orders"), ("query", "payment=paid"), ("name", "calm"), ("shared", "1")]).await;
        let calm = Calm::of(stage, &owner, &path).await;
        mark(stage, &path, &owner, "let_go", "").await;
        for text in scripts::scripts() {
            let line: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
            let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            for list in ["orders", "customers", "messages"] {
                let page = get(stage, &format!("/a/{list}?show={encoded}&status={encoded}&source={encoded}&did={encoded}&n={encoded}"), &owner).await;
                assert_eq!(page.status, StatusCode::OK, "{list}: {text}");
                calm.holds(&page.body, &text);
            }
            send(stage, "/a/views", &owner, &[("list", "orders"), ("query", "payment=paid"), ("name", &line), ("shared", "1")]).await;
            let hostile = send(stage, "/a/views", &owner, &[("list", "orders"), ("query", &text), ("name", "x")]).await;
            let saved = hostile.header(header::LOCATION);
            assert!(hostile.status.is_client_error() || !saved.contains(['<', '"', '\'']), "{saved}");
            mark(stage, &path, &owner, "hold", &line).await;
            send(stage, &format!("{path}/notes"), &owner, &[("body", &text)]).await;
            for page in [path.as_str(), "/a/orders", "/a/orders?payment=paid"] {
                calm.holds(&get(stage, page, &owner).await.body, &text);
            }
            mark(stage, &path, &owner, "let_go", "").await;
        }
    }

    async fn confirmations_are_sent_again_to_several_after_a_look_at_who_gets_what(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "liu@northwind.test").await;
        let manager = joined(stage, Role::Manager, "priya@northwind.test").await;
        let mut picks = Vec::new();
        for number in 1..=3 {
            let somebody = format!("c{number}@example.test");
            picks.push(stage.take(&order(number, stage.now()).paid().by(&somebody, "Somebody")).await.order.to_string());
        }
        let past = order(9, stage.now()).by("old@example.test", "Old friend");
        picks.push(stage.house.db.write("story.past", move |w| orders::take_history(w, &past)).await.unwrap().order.to_string());
        stage.settle().await;
        let mut fields: Vec<(&str, &str)> = picks.iter().map(|id| ("pick", id.as_str())).collect();
        fields.push(("do", "resend"));
        assert_eq!(send(stage, "/a/orders/act", &agent, &fields).await.status, StatusCode::FORBIDDEN);
        let check = send(stage, "/a/orders/act", &manager, &fields).await;
        assert!(check.body.contains("3 messages to 3 people.") && check.body.contains("It was imported"), "{}", check.body);
        assert_eq!(stage.mails().await.len(), 3, "a look sends nothing");
        let orders: Vec<_> = check.body.split("name=\"order\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        let fields: Vec<(&str, &str)> = orders.iter().map(|order| ("order", order.as_str())).collect();
        let task = send(stage, "/a/orders/resend", &manager, &fields).await.header(header::LOCATION).to_owned();
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 6);
        let again = send(stage, "/a/orders/resend", &manager, &fields).await.header(header::LOCATION).to_owned();
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 6, "the same page sent twice sends once");
        let done = get(stage, &task, &manager).await.body;
        assert!(done.contains("3 of 3 orders") && done.contains("badge ok\">Done"), "{done}");
        let repeated = get(stage, &again, &manager).await.body;
        assert!(repeated.contains("3 not done") && repeated.contains("It was sent again since you looked."), "{repeated}");
    }
}

/// The shapes of all tags on pages on which everything stands that somebody can write, and nothing hostile.
struct Calm(BTreeSet<String>);

impl Calm {
    async fn of(stage: &Stage, who: &str, order: &str) -> Calm {
        let mut all = BTreeSet::new();
        for page in [order, "/a/orders", "/a/orders?payment=paid", "/a/customers", "/a/messages"] {
            all.extend(shapes(&get(stage, page, who).await.body));
        }
        Calm(all)
    }

    /// Fails when a text that somebody wrote is more than text on a page.
    fn holds(&self, page: &str, text: &str) {
        web::markup::assert_html(text, page);
        let new: Vec<_> = shapes(page).difference(&self.0).cloned().collect();
        assert!(new.is_empty(), "{text}: {new:?}");
    }
}
