//! Our mail, taken by a real mail server and read back out of a mailbox.
#![expect(clippy::unwrap_used, reason = "the helpers of a story may panic like the story itself")]

use std::sync::Arc;
use std::time::Duration;

use kernel::shop::Sender;
use kernel::{Email, SystemClock, Timestamp};
use messaging::mail::Mail;
use messaging::outgoing::Outgoing;
use messaging::provider::{Provider, Refusal, RefusalClass, Submission};
use messaging::smtp::{SmtpProvider, SmtpSettings};
use stories::mail_server::{self, MailServer};

/// A delivery takes less than a second; a busy machine may take its time.
const LONG: Duration = Duration::from_secs(20);
const SUBJECT: &str = "Grüße aus Tromsø: dein Tee ist unterwegs 🍵, und zwar schneller als gedacht";
const TEXT: &str = "Schöne Grüße!\n.\n..ein Punkt am Anfang\nFrom hier an 100 % = alles.\n";
const HTML: &str = "<!doctype html><p title=\"a=b\">Schöne Grüße 🍵</p>";

fn server() -> Option<&'static MailServer> {
    mail_server::wanted().then(|| MailServer::shared().unwrap())
}

fn mail(to: &str, message_id: &str) -> Mail {
    Mail {
        from: Sender { name: "Nordlys Té & Co".into(), address: Email::parse("shop@example.test").unwrap() },
        reply_to: None,
        to: Email::parse(to).unwrap(),
        to_name: Some("Jörg Ångström".into()),
        subject: SUBJECT.into(),
        html: HTML.into(),
        text: TEXT.into(),
        message_id: message_id.into(),
        references: vec!["order.1042@example.test".into()],
        date: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(),
        headers: vec![("List-Unsubscribe", "<https://shop.example.test/u/1>".into())],
    }
}

async fn send(url: &str, mail: &Mail) -> Result<Submission, Refusal> {
    let provider = SmtpProvider::new(SmtpSettings::parse(url).unwrap(), Arc::new(SystemClock)).unwrap();
    Ok(provider.connect().await?.submit(&Outgoing::Email(mail.clone())).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_as_it_was_written_on_both_ways() {
    let Some(server) = server() else { return };
    let ways = [("ann", server.submission_url()), ("bea", server.smtp_url())];
    for (mailbox, url) in ways {
        let message_id = format!("m.{mailbox}@example.test");
        let sent = send(&url, &mail(&format!("{mailbox}@example.test"), &message_id)).await.unwrap();
        assert!(matches!(sent, Submission::Accepted { .. }), "{url}: {sent:?}");
        let arrived = server.wait_for(mailbox, 1, LONG);
        let [arrived] = &arrived[..] else { panic!("{mailbox} got {} mails", arrived.len()) };
        assert_eq!(arrived.header("Subject"), SUBJECT);
        assert_eq!(arrived.header("Message-ID"), format!("<{message_id}>"));
        assert_eq!(arrived.header("In-Reply-To"), "<order.1042@example.test>");
        assert_eq!(arrived.header("References"), "<order.1042@example.test>");
        assert_eq!(arrived.header("To"), format!("Jörg Ångström <{mailbox}@example.test>"));
        assert!(arrived.header("From").contains("Nordlys Té & Co"), "{}", arrived.header("From"));
        assert_eq!(arrived.header("List-Unsubscribe"), "<https://shop.example.test/u/1>");
        assert_eq!((arrived.text().trim_end(), arrived.html().trim_end()), (TEXT.trim_end(), HTML));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_trouble_with_a_mailbox_is_told_apart() {
    let Some(server) = server() else { return };
    let cases = [
        ("nobody.here@example.test", RefusalClass::DeadAddress, "550 5.1.1"),
        ("full.house@example.test", RefusalClass::RecipientBusy, "552 5.2.2"),
        ("tempfail@example.test", RefusalClass::RecipientBusy, "451 4.2.0"),
        ("ann@elsewhere.test", RefusalClass::Account, "554 5.7.1"),
    ];
    for (to, class, words) in cases {
        let sent = send(&server.smtp_url(), &mail(to, "m.trouble@example.test")).await.unwrap();
        let Submission::Refused(refusal) = sent else { panic!("{to}: {sent:?}") };
        assert!(refusal.words.starts_with(words), "{to}: {refusal:?}");
        assert_eq!(refusal.class, class, "{to}: {refusal:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_about_our_account() {
    let Some(server) = server() else { return };
    let url = server.submission_url_with("wrong");
    let refusal = send(&url, &mail("ann@example.test", "m.login@example.test")).await.unwrap_err();
    assert_eq!(refusal.class, RefusalClass::Account, "{refusal:?}");
    assert!(refusal.words.contains("535 5.7.8"), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_private_authority_nothing_is_sent() {
    let Some(server) = server() else { return };
    let url = server.submission_url();
    let (trusting_nobody, _) = url.split_once('?').unwrap();
    let refusal = send(trusting_nobody, &mail("ann@example.test", "m.ca@example.test")).await.unwrap_err();
    assert!(refusal.words.contains("certificate"), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_shops_provider_took_and_cannot_deliver_comes_back_as_a_report() {
    let Some(server) = server() else { return };
    let mail = Mail {
        from: Sender { name: "Shop".into(), address: Email::parse("bounces@example.test").unwrap() },
        ..mail("nobody.later@example.test", "m.bounced@example.test")
    };
    let sent = send(&server.submission_url(), &mail).await.unwrap();
    assert!(matches!(sent, Submission::Accepted { .. }), "{sent:?}");
    let reports = server.wait_for("bounces", 1, LONG);
    let status = reports[0].part("message/delivery-status").unwrap().text();
    assert!(status.contains("Status: 5.1.1"), "{status}");
    assert!(status.contains("nobody.later@example.test"), "{status}");
}
