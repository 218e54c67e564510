//! Signatures on mail, as programs of others judge them: dkimpy by the hundred, opendkim on the way through Postfix.
#![expect(clippy::unwrap_used, reason = "the helpers of a story may panic like the story itself")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use kernel::shop::Sender;
use kernel::{Dice, Email, SystemClock, Timestamp};
use messaging::dkim::{Signer, SigningKey};
use messaging::mail::Mail;
use messaging::mime;
use messaging::outgoing::Outgoing;
use messaging::provider::{Provider, Submission};
use messaging::smtp::{SmtpProvider, SmtpSettings};
use stories::app::{App, Settings};
use stories::dkim_checkers::{self, dkimpy};
use stories::mail_server::{self, KEYS, MailServer};
use stories::smtp_sink::SmtpSink;
use world::hostile;

use crate::program::{key, post_ok};

const LONG: Duration = Duration::from_secs(30);

fn checkers() -> bool {
    let wanted = mail_server::wanted();
    if wanted {
        dkim_checkers::check_machine().unwrap();
    }
    wanted
}

fn signer() -> Signer {
    let keys =
        KEYS.map(|(selector, pem)| (selector.to_owned(), SigningKey::from_pem(pem.as_bytes()).unwrap()));
    Signer::new("example.test", keys.into()).unwrap()
}

/// What would stand in the DNS.
fn published() -> Vec<(String, String)> {
    signer()
        .keys()
        .map(|(selector, key)| (format!("{selector}._domainkey.example.test"), key.record()))
        .collect()
}

fn mail(to: &str) -> Mail {
    Mail {
        from: Sender { name: "Nordlys Té & Co".into(), address: Email::parse("shop@example.test").unwrap() },
        reply_to: Some(Email::parse("help@example.test").unwrap()),
        to: Email::parse(to).unwrap(),
        to_name: Some("Jörg Ångström".into()),
        subject: "Grüße aus Tromsø: dein Tee ist unterwegs 🍵, und zwar schneller als gedacht".into(),
        html: "<!doctype html><p title=\"a=b\">Schöne Grüße 🍵</p>".into(),
        text: "Schöne Grüße!\n.\n..ein Punkt\n\n\n".into(),
        message_id: "m.signed@example.test".into(),
        references: vec!["order.1042@example.test".into()],
        date: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(),
        headers: vec![
            ("List-Unsubscribe", "<https://shop.example.test/u/1>".into()),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
        ],
    }
}

fn signed(mail: &Mail) -> Vec<u8> {
    signer().signed(&mime::compose(mail), mail.date).unwrap()
}

/// Text as strangers write it.
fn strange(dice: &mut Dice, pieces: u64) -> String {
    const PIECES: [&str; 14] = [
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\n\n\n",
        ".",
        "é",
        "👩\u{200D}🚀",
        "=?utf-8?q?x?=",
        "word ",
        "\"",
        "<",
        "\u{202E}",
    ];
    let one = |dice: &mut Dice| match dice.below(4) {
        0 => "x".repeat(dice.below(120) as usize),
        _ => PIECES[dice.below(PIECES.len() as u64) as usize].to_owned(),
    };
    (0..dice.below(pieces)).map(|_| one(dice)).collect()
}

fn strange_mail(dice: &mut Dice) -> Mail {
    Mail {
        subject: strange(dice, 40),
        to_name: Some(strange(dice, 6)),
        html: strange(dice, 120),
        text: strange(dice, 120),
        references: (0..dice.below(12)).map(|n| format!("m.{n}@example.test")).collect(),
        headers: if dice.below(2) == 0 { Vec::new() } else { mail("a@example.test").headers },
        ..mail("ann@example.test")
    }
}

#[test]
fn every_signature_holds_for_dkimpy_whatever_strangers_write() {
    if !checkers() {
        return;
    }
    let mut dice = Dice::seeded(6_376);
    let mut mails: Vec<Vec<u8>> = (0..400).map(|_| signed(&strange_mail(&mut dice))).collect();
    for (_, text) in hostile::strings() {
        // Four megabytes are a matter of size and not of form.
        let text: String = text.chars().take(20_000).collect();
        let mail = Mail {
            subject: text.clone(),
            to_name: Some(text.clone()),
            text: text.clone(),
            html: text,
            ..mail("a@example.test")
        };
        mails.push(signed(&mail));
    }
    let answers = dkimpy(&published(), &mails);
    assert_eq!(answers.len(), mails.len());
    for (answer, mail) in answers.iter().zip(&mails) {
        assert_eq!(answer, &[true, true], "{}", String::from_utf8_lossy(mail));
    }
}

#[test]
fn bare_bytes_in_any_form_are_canonicalized_as_dkimpy_does() {
    if !checkers() {
        return;
    }
    const LINES: [&str; 9] = ["", " ", "\t ", "a", " a  b\t", "From here", "ü", "..", "x \t y "];
    const HEADERS: [&str; 6] = [
        "Subject:no space",
        "SUBJECT:  folded\r\n\t value \r\n  again",
        "To: <a@example.test>,\r\n <b@example.test>",
        "List-Id: \t <news.example.test>  ",
        "Reply-To:",
        "X-Other: \t",
    ];
    let mut dice = Dice::seeded(34);
    let some = |dice: &mut Dice, from: &[&str]| -> Vec<String> {
        (0..dice.below(7)).map(|_| from[dice.below(from.len() as u64) as usize].to_owned()).collect()
    };
    let mails: Vec<Vec<u8>> = (0..400)
        .map(|_| {
            let head = [vec!["From: <shop@example.test>".to_owned()], some(&mut dice, &HEADERS)]
                .concat()
                .join("\r\n");
            let body: String = some(&mut dice, &LINES).iter().map(|line| format!("{line}\r\n")).collect();
            let message = format!("{head}\r\n\r\n{body}");
            signer().signed(message.as_bytes(), mail("a@example.test").date).unwrap()
        })
        .collect();
    for (answer, mail) in dkimpy(&published(), &mails).iter().zip(&mails) {
        assert_eq!(answer, &[true, true], "{:?}", String::from_utf8_lossy(mail));
    }
}

#[test]
fn one_changed_byte_breaks_every_signature() {
    if !checkers() {
        return;
    }
    let whole = String::from_utf8(signed(&mail("ann@example.test"))).unwrap();
    let changed = [
        whole.replace("ein Punkt", "kein Punkt"),
        whole.replace("shop@example.test", "shup@example.test"),
        whole.replace("10:00:00 +0000", "10:00:01 +0000"),
        whole.replace("MIME-Version", "Subject: You have won\r\nMIME-Version"),
        whole.replace("MIME-Version", "List-Id: <x.test>\r\nMIME-Version"),
        format!("{whole}P.S.\r\n"),
    ];
    let mails: Vec<Vec<u8>> = changed.iter().map(|mail| mail.clone().into_bytes()).collect();
    assert!(changed.iter().all(|mail| *mail != whole));
    let answers = dkimpy(&published(), &mails);
    assert_eq!(answers, vec![vec![false, false]; changed.len()]);
    let wrong_keys: Vec<_> =
        published().into_iter().map(|(name, text)| (name, text.replace("p=M", "p=N"))).collect();
    assert!(!dkimpy(&wrong_keys, &[whole.into_bytes()])[0][0], "another key");
}

/// Says a finished message to the server of the recipient's domain, byte for byte.
fn say(server: &MailServer, to: &str, message: &[u8]) {
    let port = server.smtp_url().rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).unwrap());
    let expect = |stream: &mut BufReader<TcpStream>, said: &[u8], code: &str| {
        stream.get_mut().write_all(said).unwrap();
        let mut last = String::from("   -");
        while last.as_bytes()[3] == b'-' {
            last.clear();
            stream.read_line(&mut last).unwrap();
        }
        assert!(last.starts_with(code), "{last}");
    };
    expect(&mut stream, b"", "220");
    expect(&mut stream, b"EHLO story.test\r\n", "250");
    expect(&mut stream, b"MAIL FROM:<shop@example.test>\r\n", "250");
    expect(&mut stream, format!("RCPT TO:<{to}>\r\n").as_bytes(), "250");
    expect(&mut stream, b"DATA\r\n", "354");
    expect(&mut stream, &[message, b".\r\n"].concat(), "250");
}

fn verdicts(server: &MailServer, mailbox: &str) -> Vec<String> {
    let arrived = server.wait_for(mailbox, 1, LONG);
    arrived[0]
        .headers_named("Authentication-Results")
        .iter()
        .map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_finds_our_signatures_good() {
    if !checkers() {
        return;
    }
    let server = MailServer::shared().unwrap();
    for (mailbox, url) in [("dkim.mx", server.smtp_url()), ("dkim.submission", server.submission_url())] {
        let provider = SmtpProvider::new(SmtpSettings::parse(&url).unwrap(), Arc::new(SystemClock)).unwrap();
        let provider = provider.signing(signer());
        let session = provider.connect().await.unwrap();
        let sent = session.submit(&Outgoing::Email(mail(&format!("{mailbox}@example.test")))).await;
        assert!(matches!(sent, Submission::Accepted { .. }), "{sent:?}");
        let verdicts = verdicts(server, mailbox);
        for (selector, _) in KEYS {
            let passes =
                |words: &str| words.contains("dkim=pass") && words.contains(&format!("header.s={selector} "));
            let parts = verdicts.iter().flat_map(|words| words.split(';'));
            assert!(parts.into_iter().any(passes), "{selector}: {verdicts:?}");
        }
        assert!(!verdicts.iter().any(|words| words.contains("dkim=fail")), "{verdicts:?}");
        // What arrives still holds for the other checker, after a real server's hands.
        let arrived = server.messages(mailbox).remove(0).raw;
        assert_eq!(dkimpy(&published(), &[arrived]), [[true, true]]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_finds_hostile_mails_good_too() {
    if !checkers() {
        return;
    }
    let server = MailServer::shared().unwrap();
    let settings = SmtpSettings::parse(&server.smtp_url()).unwrap();
    let provider = SmtpProvider::new(settings, Arc::new(SystemClock)).unwrap().signing(signer());
    let texts = hostile::strings();
    for (_, text) in &texts {
        // Headers of a real server have an end.
        let text: String = text.chars().take(3_000).collect();
        let mail = Mail {
            subject: text.clone(),
            text: text.clone(),
            html: format!("{text}\n \n\n"),
            ..mail("dkim.hostile@example.test")
        };
        let sent = provider.connect().await.unwrap().submit(&Outgoing::Email(mail.clone())).await;
        assert!(matches!(sent, Submission::Accepted { .. }), "{sent:?}");
    }
    for arrived in server.wait_for("dkim.hostile", texts.len(), LONG) {
        let words = arrived.headers_named("Authentication-Results").join(" ");
        assert_eq!(words.matches("dkim=pass").count(), KEYS.len(), "{words}: {}", arrived.header("Subject"));
    }
}

#[test]
fn a_real_server_finds_a_changed_mail_out() {
    if !checkers() {
        return;
    }
    let server = MailServer::shared().unwrap();
    let mail = Mail { text: "Hello\n".into(), ..mail("dkim.changed@example.test") };
    let whole = String::from_utf8(signed(&mail)).unwrap();
    say(server, "dkim.changed@example.test", whole.replace("\r\nHello", "\r\nhello").as_bytes());
    let verdicts = verdicts(server, "dkim.changed");
    assert!(verdicts.iter().any(|words| words.contains("dkim=fail")), "{verdicts:?}");
    assert!(!verdicts.iter().any(|words| words.contains("dkim=pass")), "{verdicts:?}");
}

#[tokio::test]
async fn every_attempt_has_the_same_signature() {
    let sink = SmtpSink::start().await.unwrap();
    let settings = SmtpSettings::parse(&sink.url()).unwrap();
    let provider = SmtpProvider::new(settings, Arc::new(SystemClock)).unwrap().signing(signer());
    for _ in 0..2 {
        provider.connect().await.unwrap().submit(&Outgoing::Email(mail("ann@example.test"))).await;
    }
    let received = sink.received();
    assert_eq!(received[0].bytes, received[1].bytes);
    assert_eq!(received[0].bytes, signed(&mail("ann@example.test")));
}

/// A program with both keys in files, as `mode` allows others to read them.
fn signing_app(server_url: String, mode: u32) -> App {
    let app = App::idle(Settings {
        mail_url: Some(server_url),
        env: vec![
            ("AFTERCARE_MAIL_FROM".into(), "Nordlys Té <orders@example.test>".into()),
            ("AFTERCARE_DKIM_SELECTOR".into(), "rsa1, ed1".into()),
            ("AFTERCARE_DKIM_KEY".into(), "rsa1.pem, ed1.pem".into()),
        ],
        ..Settings::default()
    });
    for (selector, pem) in KEYS {
        let file = app.file(&format!("{selector}.pem"));
        fs::write(&file, pem).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    }
    app
}

#[test]
fn the_program_signs_what_it_sends() {
    if !checkers() {
        return;
    }
    let server = MailServer::shared().unwrap();
    let app = signing_app(server.submission_url(), 0o600);
    app.restart();
    post_ok(&app, &key(&app), 63_760);
    let verdicts = verdicts(server, "guest63760");
    assert!(verdicts.iter().any(|words| words.contains("dkim=pass")), "{verdicts:?}");
    let arrived = server.messages("guest63760").remove(0).raw;
    assert_eq!(dkimpy(&published(), &[arrived]), [[true, true]]);
}

#[test]
fn a_key_that_others_can_read_stops_the_start_and_says_how_to_mend_it() {
    let app = signing_app("smtp://127.0.0.1:9".to_owned(), 0o644);
    let done = app.cli(&["serve"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("chmod 600 rsa1.pem"), "{said}");
    assert!(!said.contains("PRIVATE KEY"), "{said}");
}

#[test]
fn a_key_is_made_once_and_its_record_is_printed() {
    let app = App::idle(Settings::default());
    let create = [
        "dkim",
        "create",
        "--domain",
        "shop.example",
        "--selector",
        "e1",
        "--algorithm",
        "ed25519",
        "--out",
        "e1.pem",
    ];
    let said = app.cli_ok(&create);
    assert!(said.contains("Name:  e1._domainkey.shop.example"), "{said}");
    assert!(said.contains("Value: v=DKIM1; k=ed25519; p="), "{said}");
    assert_eq!(fs::metadata(app.file("e1.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(app.file("e1.pem")).unwrap();
    assert_eq!(app.cli(&create).status.code(), Some(1), "a key that is there is not written over");
    assert_eq!(fs::read(app.file("e1.pem")).unwrap(), before);
    let again =
        app.cli_ok(&["dkim", "record", "--domain", "shop.example", "--selector", "e1", "--key", "e1.pem"]);
    assert_eq!(again, said);
    let rsa = app.cli(&["dkim", "create", "--domain", "shop.example", "--selector", "r1", "--out", "r1.pem"]);
    let lines = String::from_utf8_lossy(&rsa.stdout).into_owned();
    assert!(lines.contains("openssl genpkey") && lines.contains("aftercare dkim record"), "{lines}");
    assert_eq!(app.cli(&["dkim", "record"]).status.code(), Some(1));
}

/// A shop's words and data are checked before anything is sent: so are its signing settings.
#[test]
fn half_a_setting_is_refused() {
    let env = vec![("AFTERCARE_DKIM_SELECTOR".to_owned(), "a1".to_owned())];
    let app = App::idle(Settings { env, ..Settings::default() });
    let done = app.cli(&["serve"]);
    assert!(String::from_utf8_lossy(&done.stderr).contains("AFTERCARE_DKIM_KEY"));
    assert_eq!(done.status.code(), Some(1));
}
