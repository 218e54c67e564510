use std::sync::Arc;

use kernel::Locale;
use web::markup::assert_html;
use web::{Frame, PageShell, Pages, PlainShell, value};

use super::*;

fn page(happened: Vec<Happened>) -> DemoPage {
    DemoPage {
        clock: ClockView { at: "2026-11-20T10:00:00Z".into(), shown: "Friday 20 November, 10:00".into() },
        intro: "Northwind Tea, a simulated shop with 400 customers.".into(),
        done: Some(Done { text: "Order #1042 is placed.".into(), link: Some(Link::new("See it", "/o/x")) }),
        choices: ORDER_KINDS.to_vec(),
        spans: SPANS.to_vec(),
        happened,
        older: Some("/demo?after=evt_1".into()),
        links: vec![Link::new("Inbox", "/inbox"), Link::new("API documents", "/docs")],
    }
}

fn happened() -> Vec<Happened> {
    let verdict =
        |tone, label: &str, reason: &str| Some(Verdict { tone, label: label.into(), reason: reason.into() });
    let event = |words: &str, verdict| Happened {
        at: "2026-11-20T10:00:00Z".into(),
        when: "Fri 20 Nov, 10:00".into(),
        words: words.into(),
        verdict,
        links: vec![Link::new("The order", "/o/x"), Link::new("The message", "/inbox/msg_1")],
    };
    vec![
        event(
            "Told Amina: “We’ve got your order #1042”",
            verdict("ok", "Sent", "It answers what she just did."),
        ),
        event(
            "Would have told Ben: “Your order changed”",
            verdict("warn", "Held", "It is 22:40 where he is. Goes at 8:00."),
        ),
        event("Amina Khan placed order #1042", None),
    ]
}

#[test]
fn the_demo_is_whole_before_and_after_something_happened() {
    let shell = PlainShell::new(Arc::new(Pages::new(&[TEMPLATES]).unwrap()), vec![Link::new("Demo", "/")]);
    let frame = Frame { template: "demo/demo.html", locale: &Locale::default(), title: "Demo" };
    for (name, page) in
        [("full", page(happened())), ("new", DemoPage { done: None, older: None, ..page(Vec::new()) })]
    {
        assert_html(name, &shell.page(&frame, value(&page)).unwrap());
    }
}
