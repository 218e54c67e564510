//! The doctor and the outside world: a DNS server in every mood, a mail server, and what it makes of them.
#![expect(clippy::unwrap_used, reason = "the helpers of a story may panic like the story itself")]

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use kernel::{Clock, SystemClock};
use mailauth::{Answer, Failure, Kind, Record, Resolver};
use serde_json::Value;
use stories::app::{App, Settings};
use stories::dns_server::DnsServer;
use stories::mail_server::{self, KEYS, MailServer};
use stories::process;

use crate::commands::places;

const FROM: &str = "Northwind Tea <orders@shop.example>";
const SIGNS: [(&str, &str); 2] = [("AFTERCARE_DKIM_SELECTOR", "a1"), ("AFTERCARE_DKIM_KEY", "a1.pem")];

/// A zone in which nothing is wrong, with the key of these stories.
fn good_zone() -> String {
    format!(
        "shop.example TXT v=spf1 include:spf.relay.example -all
         spf.relay.example TXT v=spf1 ip4:192.0.2.0/24 ~all
         shop.example MX 10 mx.shop.example
         _dmarc.shop.example TXT v=DMARC1; p=reject; rua=mailto:dmarc@shop.example
         a1._domainkey.shop.example TXT {}",
        key_record()
    )
}

fn key_record() -> String {
    let key = messaging::dkim::SigningKey::from_pem(KEYS[0].1.as_bytes()).unwrap();
    key.record()
}

fn app(dns: &DnsServer, mail_url: &str, more: &[(&str, &str)]) -> App {
    let address = dns.address();
    let own = [("AFTERCARE_DNS", address.as_str()), ("AFTERCARE_MAIL_FROM", FROM)];
    let env = own.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let app = App::idle(Settings { mail_url: Some(mail_url.to_owned()), env, ..Settings::default() });
    fs::write(app.file("a1.pem"), KEYS[0].1).unwrap();
    fs::set_permissions(app.file("a1.pem"), fs::Permissions::from_mode(0o600)).unwrap();
    app
}

/// Nobody listens there: the mail server's own cross is not what these stories look at.
const NOWHERE: &str = "smtp://127.0.0.1:1";

fn findings(done: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&done.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn examined(app: &App) -> Vec<Value> {
    findings(&app.cli(&["doctor", "--json"]))
}

fn of<'a>(findings: &'a [Value], check: &str) -> Vec<&'a Value> {
    findings.iter().filter(|finding| finding["check"] == check).collect()
}

#[test]
fn a_zone_in_order_is_all_ticks() {
    let dns = DnsServer::start(&good_zone());
    let findings = examined(&app(&dns, NOWHERE, &SIGNS));
    for check in ["spf", "dkim", "dmarc", "alignment", "mx", "signing"] {
        let found = of(&findings, check);
        assert!(!found.is_empty() && found.iter().all(|finding| finding["ok"] == true), "{check}: {found:?}");
    }
    assert!(of(&findings, "spf")[0]["found"].as_str().unwrap().contains("1 of 10 lookups"));
    assert!(of(&findings, "dmarc")[0]["found"].as_str().unwrap().contains("p=reject"));
}

#[test]
fn each_fault_in_a_zone_has_its_cross_and_its_fix() {
    let many: String = (0..11).map(|n| format!("a:h{n}.example ")).collect();
    let hosts: String = (0..11).map(|n| format!("h{n}.example A 192.0.2.1\n")).collect();
    let dmarc = "_dmarc.shop.example TXT v=DMARC1; p=none; rua=mailto:d@shop.example";
    let cases: Vec<(String, &str, &str, &str)> = vec![
        (String::new(), "spf", "has no record", "v=spf1 a mx ~all"),
        (String::new(), "dkim", "no key is published", "v=DKIM1; k=rsa; p="),
        (String::new(), "dmarc", "no record", "v=DMARC1; p=none; rua=mailto:dmarc@shop.example"),
        (String::new(), "mx", "there is no domain", ""),
        ("shop.example TXT v=spf1 -all\nshop.example TXT v=spf1 ~all".into(), "spf", "2 records", ""),
        (format!("shop.example TXT v=spf1 {many}-all\n{hosts}"), "spf", "11 lookups", ""),
        (
            "shop.example TXT v=spf1 include:l.example -all\nl.example TXT v=spf1 include:shop.example"
                .into(),
            "spf",
            "includes itself",
            "",
        ),
        (
            "shop.example TXT v=spf1 ip4:192.0.2.1".into(),
            "spf",
            "everybody else",
            "v=spf1 ip4:192.0.2.1 ~all",
        ),
        ("shop.example TXT v=spf1 +all".into(), "spf", "everybody", ""),
        ("a1._domainkey.shop.example TXT v=DKIM1; p=".into(), "dkim", "revoked", "p=M"),
        (
            "a1._domainkey.shop.example TXT v=DKIM1; k=rsa; p=TUlJQg==".into(),
            "dkim",
            "not the other half",
            "p=M",
        ),
        (format!("{dmarc}\n{dmarc}"), "dmarc", "2 records", ""),
        (
            "_dmarc.shop.example TXT v=DMARC1; p=perhaps; rua=mailto:d@shop.example".into(),
            "dmarc",
            "p=none",
            "",
        ),
        ("shop.example MX 0 .".into(), "mx", "takes no mail", ""),
        ("shop.example SERVFAIL".into(), "spf", "SERVFAIL", ""),
        ("shop.example BABBLE".into(), "spf", "no answer", ""),
        ("_dmarc.shop.example TXT v=DMARC1; p=perhaps".into(), "dmarc", "no policy that can be read", ""),
        ("_dmarc.shop.example SERVFAIL".into(), "dmarc", "SERVFAIL", ""),
    ];
    let dns = DnsServer::start("");
    let app = app(&dns, NOWHERE, &SIGNS);
    for (zone, check, words, record) in cases {
        dns.publish(&zone);
        let findings = examined(&app);
        let bad: Vec<_> = of(&findings, check).into_iter().filter(|finding| finding["ok"] == false).collect();
        assert!(!bad.is_empty(), "{check} of {zone}: {findings:?}");
        let found = bad[0]["found"].as_str().unwrap();
        assert!(found.contains(words), "{check} of {zone}: {found}");
        assert!(bad[0]["fix"].as_str().is_some(), "{found}");
        if !record.is_empty() {
            let value = bad[0]["record"]["value"].as_str().unwrap_or_default();
            assert!(
                value.contains(record) && bad[0]["record"]["type"] == "TXT",
                "{check} of {zone}: {value}"
            );
        }
    }
}

#[test]
fn the_policy_is_found_above_and_strangers_do_not_vouch() {
    let dns =
        DnsServer::start("_dmarc.example TXT v=DMARC1; p=none; sp=reject; psd=y\nshop.example A 192.0.2.1");
    let app = app(&dns, NOWHERE, &[SIGNS[0], SIGNS[1], ("AFTERCARE_DKIM_DOMAIN", "relay.example")]);
    let findings = examined(&app);
    let dmarc = of(&findings, "dmarc")[0];
    assert!(dmarc["found"].as_str().unwrap().contains("p=reject (from example)"), "{dmarc}");
    let alignment = of(&findings, "alignment")[0];
    assert_eq!(alignment["ok"], false, "two names below a public suffix are strangers: {alignment}");
    assert!(alignment["fix"].as_str().unwrap().contains("AFTERCARE_DKIM_DOMAIN=shop.example"), "{alignment}");
    dns.publish("_dmarc.shop.example TXT v=DMARC1; p=none; t=y; pct=20");
    let findings = examined(&app);
    let dmarc = of(&findings, "dmarc")[0];
    assert!(dmarc["ok"] == true && dmarc["fix"].as_str().unwrap().contains("t=y"), "{dmarc}");
}

#[test]
fn a_long_answer_is_asked_for_again_by_tcp() {
    let long = format!("v=spf1 {}-all", "ip4:192.0.2.1 ".repeat(60));
    let dns = DnsServer::start(&format!("shop.example TXT {long}\nshop.example MX 5 MX.shop.example."));
    let resolver = Resolver::parse(&dns.address()).unwrap();
    assert_eq!(resolver.ask("Shop.Example", Kind::Txt), Answer::Records(vec![Record::Text(long)]));
    let ways: Vec<_> = dns.asked().into_iter().map(|(way, _)| way).collect();
    assert_eq!(ways, ["udp", "tcp"]);
    let mx = Record::Mx { preference: 5, host: "mx.shop.example".into() };
    assert_eq!(resolver.ask("shop.example", Kind::Mx), Answer::Records(vec![mx]));
    assert_eq!(resolver.ask("shop.example", Kind::A), Answer::Nothing);
    assert_eq!(resolver.ask("gone.example", Kind::A), Answer::NoSuchName);
}

#[test]
fn servers_that_fail_or_babble_are_asked_again_and_then_believed() {
    let dns = DnsServer::start("a.example SERVFAIL\nb.example BABBLE");
    let resolver = Resolver::parse(&dns.address()).unwrap();
    assert_eq!(resolver.ask("a.example", Kind::A), Answer::Failed(Failure::Refused(2)));
    assert_eq!(dns.asked().len(), 3, "asked three times");
    assert_eq!(resolver.ask("b.example", Kind::A), Answer::Failed(Failure::Garbage));
    // One that answers keeps being asked, and a second one stands in for a dead one.
    let both = Resolver::parse(&format!("127.0.0.1:1,{}", dns.address())).unwrap();
    dns.publish("a.example A 192.0.2.1");
    assert_eq!(
        both.ask("a.example", Kind::A),
        Answer::Records(vec![Record::Address("192.0.2.1".parse().unwrap())])
    );
}

#[test]
fn a_dead_dns_costs_seconds() {
    let dns = DnsServer::start(
        "shop.example SILENT\n_dmarc.shop.example SILENT\na1._domainkey.shop.example SILENT",
    );
    let app = app(&dns, NOWHERE, &SIGNS);
    let before = SystemClock.now();
    let findings = examined(&app);
    let took = SystemClock.now().since(before);
    assert!(took.as_secs() < 20, "{took:?}");
    for check in ["spf", "dkim", "dmarc", "mx"] {
        let finding = of(&findings, check)[0];
        assert!(finding["found"].as_str().unwrap().contains("does not answer"), "{finding}");
        assert!(finding["fix"].as_str().unwrap().contains("AFTERCARE_DNS"), "{finding}");
    }
}

#[test]
fn the_mail_server_is_looked_at_and_nothing_is_sent() {
    if !mail_server::wanted() {
        return;
    }
    let server = MailServer::shared().unwrap();
    let dns = DnsServer::start(&good_zone());
    let well = app(&dns, &server.submission_url(), &SIGNS);
    well.cli_ok(&["migrate"]);
    let done = well.cli(&["doctor", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stdout));
    let seen = findings(&done);
    assert!(of(&seen, "mail server")[0]["found"].as_str().unwrap().contains("with TLS, and takes our login"));
    assert!(of(&seen, "certificate")[0]["found"].as_str().unwrap().contains("days"));
    assert!(server.messages("orders").is_empty());
    let locked_out = examined(&app(&dns, &server.submission_url_with("wrong"), &[]));
    let finding = of(&locked_out, "mail server")[0];
    assert!(finding["ok"] == false && finding["found"].as_str().unwrap().contains("535"), "{finding}");
    assert!(of(&locked_out, "dkim")[0]["found"].as_str().unwrap().contains("unsigned"));
}

/// A web server with a certificate of an authority that nobody knows.
fn untrusted_web_server() -> (Child, u16) {
    let tls = MailServer::shared().unwrap().ca().parent().unwrap().to_owned();
    let port = process::free_port();
    let mut openssl = process::mortal("openssl");
    openssl.args(["s_server", "-quiet", "-www", "-accept", &format!("127.0.0.1:{port}")]);
    openssl.arg("-cert").arg(tls.join("server.pem")).arg("-key").arg(tls.join("server-key.pem"));
    openssl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let server = process::spawn(openssl).unwrap();
    let answers = || TcpStream::connect(("127.0.0.1", port)).ok();
    assert!(process::wait_for(Duration::from_secs(20), answers).is_some());
    (server, port)
}

#[test]
fn a_certificate_nobody_trusts_is_a_cross_and_an_address_out_of_reach_is_advice() {
    if !mail_server::wanted() {
        return;
    }
    let links = |port: u16| {
        let env = vec![("AFTERCARE_PUBLIC_URL".to_owned(), format!("https://127.0.0.1:{port}"))];
        let findings = examined(&App::idle(Settings { env, ..Settings::default() }));
        of(&findings, "links")[0].clone()
    };
    let (mut server, port) = untrusted_web_server();
    let finding = links(port);
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(finding["ok"] == false && finding["fix"].as_str().unwrap().contains("certificate"), "{finding}");
    let finding = links(1);
    assert!(
        finding["ok"] == true && finding["fix"].as_str().unwrap().contains("another machine"),
        "{finding}"
    );
}

#[test]
fn the_machine_the_work_and_the_shops_are_looked_at() {
    let app = App::idle(Settings::default());
    app.cli_ok(&["migrate"]);
    app.cli_ok(&["connect", "shopify", "--name", "Northwind"]);
    let findings = examined(&app);
    let said = |check: &str| of(&findings, check)[0]["found"].as_str().unwrap().to_owned();
    assert!(said("database").contains("version 3."), "{}", said("database"));
    assert!(said("disk").contains("MB free"), "{}", said("disk"));
    assert_eq!(said("clocks"), "machine and database agree");
    assert!(said("schema").contains("nothing to migrate"));
    assert!(said("secret").contains("1 root"), "{}", said("secret"));
    assert_eq!(said("workers"), "no process is at work");
    assert!(said("connection").contains("Northwind (shopify)"), "{}", said("connection"));
    let file = app.file("aftercare.db.secret");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let findings = examined(&app);
    let secret = of(&findings, "secret")[0];
    assert!(secret["ok"] == false && secret["fix"].as_str().unwrap().contains("chmod 600"), "{secret}");
}

#[test]
fn shops_and_work_are_seen_on_either_engine() {
    for place in places() {
        let app = App::idle(place);
        app.cli_ok(&["migrate"]);
        app.cli_ok(&["connect", "shopify", "--name", "Northwind"]);
        let findings = examined(&app);
        for (check, words) in
            [("database", "version"), ("clocks", "agree"), ("connection", "Northwind"), ("work", "0 parked")]
        {
            let finding = of(&findings, check)[0];
            assert!(finding["ok"] == true && finding["found"].as_str().unwrap().contains(words), "{finding}");
        }
    }
}

#[test]
fn a_running_shop_is_seen_to_work() {
    let app = App::start(Settings::default());
    let findings = examined(&app);
    assert_eq!(of(&findings, "workers")[0]["found"], "1 process is at work");
}

#[test]
fn a_secret_that_can_be_guessed_is_named_and_not_shown() {
    let weak = "abababababababababababababababababababab";
    let env = vec![("AFTERCARE_SECRET".to_owned(), weak.to_owned())];
    let app = App::idle(Settings { env, ..Settings::default() });
    let done = app.cli(&["doctor", "--json"]);
    let seen = findings(&done);
    let secret = of(&seen, "secret")[0];
    assert!(secret["ok"] == false && secret["found"].as_str().unwrap().contains("guessed"), "{secret}");
    assert!(!String::from_utf8_lossy(&done.stdout).contains(weak));
}
