//! The program as a process: what only shows when it is really started, killed and started again.

use std::time::Duration;

use stories::app::{App, Settings};
use stories::mail_server::{self, MailServer};

const LONG: Duration = Duration::from_secs(30);

fn order(number: u32, email: &str) -> String {
    format!(
        r##"{{ "source": "web", "external_id": "{number}", "number": "#{number}", "status": "placed", "payment": "paid",
          "placed_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:00Z", "currency": "GBP",
          "customer": {{ "email": "{email}", "name": "Amina Khan" }},
          "lines": [ {{ "external_id": "l1", "title": "First Flush", "quantity": 1, "unit_price": 1200 }} ],
          "totals": {{ "subtotal": 1200, "discount": 0, "shipping": 0, "tax": 0, "total": 1200 }} }}"##
    )
}

fn key(app: &App) -> String {
    app.cli_ok(&["keys", "create", "--name", "story", "--scope", "orders:write"])
}

#[test]
fn what_was_answered_survives_kill_9() {
    let app = App::start(Settings::default());
    let key = key(&app);
    for number in 1..=5 {
        let answer = app.post_json("/v1/orders", &key, &order(number, "ann@example.test"));
        assert_eq!(answer.status, 201, "{}", answer.text());
        app.kill9();
        app.restart();
        let again = app.post_json("/v1/orders", &key, &order(number, "ann@example.test"));
        assert_eq!(again.status, 200, "order {number} is known: {}", again.text());
        assert_eq!(again.json()["id"], answer.json()["id"]);
    }
    assert!(app.stop(), "it does not stop in an orderly way:\n{}", app.logs());
}

#[test]
fn an_order_becomes_a_mail_in_the_customers_mailbox() {
    if !mail_server::wanted() {
        return;
    }
    let server = MailServer::shared().unwrap();
    let settings = Settings {
        mail_url: Some(server.submission_url()),
        env: vec![("AFTERCARE_MAIL_FROM".into(), "Nordlys Té <orders@example.test>".into())],
        ..Settings::default()
    };
    let app = App::start(settings);
    let answer = app.post_json("/v1/orders", &key(&app), &order(77, "amina.process@example.test"));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let arrived = server.wait_for("amina.process", 1, LONG);
    let page = answer.json()["url"].as_str().unwrap().to_owned();
    assert!(arrived[0].header("Subject").contains("#77"), "{}", arrived[0].header("Subject"));
    assert!(arrived[0].header("From").contains("Nordlys Té"), "{}", arrived[0].header("From"));
    for part in [arrived[0].text(), arrived[0].html()] {
        assert!(part.contains("First Flush") && part.contains(&page), "{part}");
    }
}
