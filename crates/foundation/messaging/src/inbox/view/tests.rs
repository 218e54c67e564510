use std::sync::Arc;

use kernel::Locale;
use web::markup::assert_html;
use web::{Frame, PageShell, Pages, PlainShell, value};

use super::*;

/// Pages in every state, by name; made here because nobody but the tests looks at them.
fn samples() -> Vec<(String, &'static str, web::Value)> {
    let row = |n: usize| InboxRow {
        to: "Amina Khan <amina@example.test>".into(),
        subject: format!("We’ve got your order #{n} <b>"),
        preview: "It leaves us by Monday 23 November.".into(),
        channel: "Email".into(),
        at: "2026-11-20T10:00:04Z".into(),
        when: "Fri 20 Nov, 10:00".into(),
        href: format!("/inbox/msg_{n}"),
    };
    let empty = InboxList {
        count: String::new(),
        messages: Vec::new(),
        newer: None,
        older: None,
        demo: Some("/demo".into()),
    };
    let full = InboxList {
        count: "61 messages.".into(),
        messages: (0..20).map(row).collect(),
        newer: Some("/inbox?before=a".into()),
        older: Some("/inbox?after=b".into()),
        demo: None,
    };
    let mut out = vec![
        ("empty".to_owned(), "messaging/list.html", value(&empty)),
        ("list".to_owned(), "messaging/list.html", value(&full)),
    ];
    out.extend(VIEWS.map(|view| (view.name().to_owned(), "messaging/message.html", value(&message(view)))));
    out
}

fn message(view: View) -> InboxMessage {
    let path = "/inbox/msg_1";
    let body = match view {
        View::Html | View::Phone(_) | View::Dark => frame(path, view),
        View::Text => {
            Body::Text { title: "Text".into(), text: "Hello Amina,\nwe’ve got your order.".into() }
        }
        View::Source => Body::Text { title: "Source".into(), text: "<html><b>".into() },
        View::Headers => {
            Body::Headers { headers: vec![Header { name: "Subject".into(), value: "x".into() }] }
        }
    };
    let fact = |label: &str, value: &str| Fact { label: label.into(), value: value.into(), href: None };
    InboxMessage {
        subject: "We’ve got your order #1042".into(),
        channel: "Email".into(),
        from: "Northwind Tea <orders@northwind.example>".into(),
        to: "amina@example.test".into(),
        at: "2026-11-20T10:00:04Z".into(),
        when: "Friday 20 November, 10:00".into(),
        tabs: tabs(path, view, true),
        body,
        why: Why {
            tone: "ok",
            verdict: "Sent".into(),
            reason: "A transactional message that answers what the customer just did needs no consent."
                .into(),
            facts: vec![fact("Purpose", "transactional, at once"), fact("Topic", "orders")],
        },
    }
}

#[test]
fn every_page_of_the_inbox_is_whole() {
    let pages = Arc::new(Pages::new(&[TEMPLATES]).unwrap());
    let shell = PlainShell::new(pages, vec![web::Link::new("Inbox", "/inbox")]);
    for (name, template, page) in samples() {
        let html = shell.page(&Frame { template, locale: &Locale::default(), title: "Inbox" }, page).unwrap();
        assert_html(&name, &html);
    }
}

#[test]
fn a_text_message_has_no_html_to_look_at() {
    let labels: Vec<_> = tabs("/inbox/msg_1", View::Text, false).iter().map(|tab| tab.label).collect();
    assert_eq!(labels, ["Text", "Headers"]);
}

#[test]
fn views_are_found_by_their_names() {
    for view in VIEWS {
        assert_eq!(View::of_name(view.name()), view);
    }
    assert_eq!(View::of_name("nonsense"), View::Html);
}

#[test]
fn what_is_said_for_dark_always_applies() {
    let cases = [
        ("@media (prefers-color-scheme: dark){p{}}", "@media (min-width:0){p{}}"),
        ("@media screen and ( Prefers-Color-Scheme:DARK ) {p{}}", "@media screen and (min-width:0) {p{}}"),
        ("@media (prefers-color-scheme:light){a}", "@media (max-width:0){a}"),
        ("<p>İ prefers-color-scheme is text</p>", "<p>İ prefers-color-scheme is text</p>"),
        ("(prefers-color-scheme", "(prefers-color-scheme"),
        ("<meta name=\"color-scheme\">", "<meta name=\"color-scheme\">"),
        ("(prefers-color-scheme:dark)(prefers-color-scheme:light)", "(min-width:0)(max-width:0)"),
    ];
    for (html, expected) in cases {
        assert_eq!(forced_dark(html), expected);
    }
    assert_eq!(forced_light("@media (prefers-color-scheme:dark){a}"), "@media (max-width:0){a}");
}
