use std::cell::RefCell;
use std::collections::BTreeMap;

use super::dmarc::{self, Policy};
use super::mx::{self, Mx};
use super::spf::{self, Ending, Fault};
use super::*;

/// A zone, a line per record: `name TXT text`, `name A address`, `name MX preference host`, `name FAIL`.
struct Zone {
    lines: Vec<(String, String, String)>,
    asked: RefCell<Vec<String>>,
}

impl Zone {
    fn of(text: &str) -> Zone {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let words = lines.map(|line| {
            let mut words = line.splitn(3, ' ');
            let mut next = || words.next().unwrap_or_default().to_owned();
            (next(), next(), next())
        });
        Zone { lines: words.collect(), asked: RefCell::default() }
    }

    fn look(&self, name: &str, kind: Kind) -> Answer {
        self.asked.borrow_mut().push(name.to_owned());
        let named = |own: &str| own == name || own.ends_with(&format!(".{name}"));
        let here: Vec<_> = self.lines.iter().filter(|line| line.0 == name).collect();
        if here.iter().any(|line| line.1 == "FAIL") {
            return Answer::Failed(Failure::Refused(2));
        }
        let records: Vec<Record> = here.iter().filter_map(|line| record(kind, &line.1, &line.2)).collect();
        match (records.is_empty(), self.lines.iter().any(|line| named(&line.0))) {
            (false, _) => Answer::Records(records),
            (true, true) => Answer::Nothing,
            (true, false) => Answer::NoSuchName,
        }
    }
}

fn record(kind: Kind, word: &str, value: &str) -> Option<Record> {
    match (kind, word) {
        (Kind::Txt, "TXT") => Some(Record::Text(value.to_owned())),
        (Kind::A, "A") | (Kind::Aaaa, "AAAA") => Some(Record::Address(value.parse().unwrap())),
        (Kind::Mx, "MX") => {
            let (preference, host) = value.split_once(' ').unwrap();
            Some(Record::Mx { preference: preference.parse().unwrap(), host: normal(host) })
        }
        _ => None,
    }
}

fn spf_of(zone: &str) -> spf::Spf {
    let zone = Zone::of(zone);
    spf::examine("shop.test", &|name, kind| zone.look(name, kind))
}

fn many(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("a{n}.test A 192.0.2.1\n")).collect()
}

fn mechanisms(count: usize) -> String {
    (0..count).map(|n| format!("a:a{n}.test ")).collect()
}

#[test]
fn a_good_spf_record_costs_what_it_costs() {
    let cases = [
        ("shop.test TXT v=spf1 -all", 0, Ending::Fail),
        (
            "shop.test TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ip6:::1 ip6:::ffff:1.2.3.4/128 ~all",
            0,
            Ending::SoftFail,
        ),
        ("shop.test TXT v=spf1 a -all\nshop.test A 192.0.2.1", 1, Ending::Fail),
        ("shop.test TXT v=spf1 mx/24 -ALL\nshop.test MX 10 mx.shop.test", 1, Ending::Fail),
        (
            "shop.test TXT v=spf1 include:r.test -all\nr.test TXT v=spf1 a:r.test ?all\nr.test A 192.0.2.1",
            2,
            Ending::Fail,
        ),
        ("shop.test TXT v=spf1 redirect=r.test\nr.test TXT v=spf1 ip4:192.0.2.1 ~all", 1, Ending::SoftFail),
        ("shop.test TXT V=SPF1 exists:%{i}.r.test -all", 1, Ending::Fail),
        ("shop.test TXT v=spf1 ptr exp=why.test new=thing -all", 1, Ending::Fail),
        ("shop.test TXT other\nshop.test TXT v=spf1 -all\nshop.test TXT v=spf10 -all", 0, Ending::Fail),
        // What stands behind `all` is never read.
        ("shop.test TXT v=spf1 -all include:nowhere.test redirect=nowhere.test", 0, Ending::Fail),
    ];
    for (zone, lookups, ending) in cases {
        let spf = spf_of(zone);
        assert_eq!((spf.lookups, spf.ending, spf.faults), (lookups, ending, vec![]), "{zone}");
        assert!(spf.record.is_some());
    }
    let ten = format!("shop.test TXT v=spf1 {}-all\n{}", mechanisms(10), many(0, 10));
    assert_eq!((spf_of(&ten).lookups, spf_of(&ten).faults), (10, vec![]));
}

#[test]
fn what_is_wrong_with_an_spf_record_is_named() {
    let eleven = format!("shop.test TXT v=spf1 {}-all\n{}", mechanisms(11), many(0, 11));
    let voids = "shop.test TXT v=spf1 a:x.test a:y.test mx:z.test -all";
    let nested = "shop.test TXT v=spf1 include:a.test -all\na.test TXT v=spf1 include:shop.test -all";
    let cases: [(&str, Vec<Fault>); 15] = [
        ("", vec![Fault::Missing]),
        ("shop.test TXT v=spf2 -all", vec![Fault::Missing]),
        ("shop.test TXT v=spf1 -all\nshop.test TXT v=spf1 ~all", vec![Fault::Several(2)]),
        (&eleven, vec![Fault::TooManyLookups(11)]),
        (voids, vec![Fault::TooManyVoid(3)]),
        (nested, vec![Fault::Loop("shop.test".into())]),
        ("shop.test TXT v=spf1 include:a.test -all", vec![Fault::NothingIncluded("a.test".into())]),
        ("shop.test TXT v=spf1 ipv4:1.2.3.4 -all", vec![Fault::BadWord("ipv4:1.2.3.4".into())]),
        ("shop.test TXT v=spf1 ip4:1.2.3 -all", vec![Fault::BadWord("ip4:1.2.3".into())]),
        ("shop.test TXT v=spf1 ip4:1.2.3.4/33 -all", vec![Fault::BadWord("ip4:1.2.3.4/33".into())]),
        ("shop.test TXT v=spf1 ip6:1.2.3.4 -all", vec![Fault::BadWord("ip6:1.2.3.4".into())]),
        ("shop.test TXT v=spf1 +all", vec![Fault::OpenToAll]),
        ("shop.test TXT v=spf1 ip4:192.0.2.1", vec![Fault::NoEnding]),
        (
            "shop.test TXT v=spf1 a:b.test -all\nb.test FAIL",
            vec![Fault::Unanswered("b.test".into(), Failure::Refused(2))],
        ),
        ("shop.test FAIL", vec![Fault::Unanswered("shop.test".into(), Failure::Refused(2))]),
    ];
    for (zone, faults) in cases {
        assert_eq!(spf_of(zone).faults, faults, "{zone}");
    }
}

#[test]
fn records_that_include_one_another_for_ever_are_left() {
    let mut zone = String::new();
    for n in 0..30 {
        zone += &format!(
            "d{n}.test TXT v=spf1 include:d{}.test include:d{}.test -all\n",
            (n + 1) % 30,
            (n + 2) % 30
        );
    }
    let zone = Zone::of(&(zone + "shop.test TXT v=spf1 include:d0.test -all"));
    let spf = spf::examine("shop.test", &|name, kind| zone.look(name, kind));
    assert!(spf.faults.iter().any(|fault| matches!(fault, Fault::TooManyLookups(_))), "{:?}", spf.faults);
    assert!(zone.asked.borrow().len() < 100);
}

fn discovered(domain: &str, zone: &str) -> Option<dmarc::Discovered> {
    let zone = Zone::of(zone);
    dmarc::discover(domain, &|name, kind| zone.look(name, kind)).unwrap()
}

#[test]
fn the_record_that_counts_is_found_by_walking_up() {
    let own = "_dmarc.shop.test TXT v=DMARC1; p=reject; sp=none";
    let both = format!("_dmarc.mail.shop.test TXT v=DMARC1; p=none\n{own}\nmail.shop.test A 192.0.2.1");
    let suffix = "_dmarc.test TXT v=DMARC1; p=none; sp=quarantine; np=reject; psd=y\nshop.test A 192.0.2.1";
    let cases = [
        ("shop.test", own, Some(("shop.test", Policy::Reject, "shop.test"))),
        ("Shop.Test.", own, Some(("shop.test", Policy::Reject, "shop.test"))),
        ("mail.shop.test", own, Some(("shop.test", Policy::None, "shop.test"))),
        ("mail.shop.test", both.as_str(), Some(("mail.shop.test", Policy::None, "shop.test"))),
        ("shop.test", suffix, Some(("test", Policy::Quarantine, "shop.test"))),
        ("gone.test", suffix, Some(("test", Policy::Reject, "gone.test"))),
        ("shop.test", "", None),
        ("shop.test", "_dmarc.shop.test TXT v=spf1 -all", None),
        ("shop.test", "_dmarc.shop.test TXT v=dmarc1; p=none", None),
        ("shop.test", "_dmarc.shop.test TXT p=none; v=DMARC1", None),
        ("shop.test", "_dmarc.shop.test TXT v=DMARC1; p=none\n_dmarc.shop.test TXT v=DMARC1; p=reject", None),
        // Nothing that can be read and nobody to tell: it does not take part.
        ("shop.test", "_dmarc.shop.test TXT v=DMARC1; p=maybe", None),
        ("shop.test", "_dmarc.shop.test TXT v=DMARC1", None),
        (
            "shop.test",
            "_dmarc.shop.test TXT v=DMARC1; p=maybe; rua=mailto:d@shop.test",
            Some(("shop.test", Policy::None, "shop.test")),
        ),
        (
            "shop.test",
            "_dmarc.shop.test TXT v=DMARC1; p=reject; sp=maybe; rua=mailto:d@shop.test",
            Some(("shop.test", Policy::None, "shop.test")),
        ),
    ];
    for (domain, zone, expected) in cases {
        let found = discovered(domain, zone);
        let found = found.as_ref().map(|d| (d.at.as_str(), d.policy, d.organization.as_str()));
        assert_eq!(found, expected, "{domain} in {zone}");
    }
}

#[test]
fn what_holds_below_falls_back_from_tag_to_tag() {
    let cases = [
        ("p=reject", true, Policy::Reject),
        ("p=reject; sp=quarantine", true, Policy::Quarantine),
        ("p=reject; sp=quarantine; np=none", true, Policy::Quarantine),
        ("p=reject; sp=quarantine; np=none", false, Policy::None),
        ("p=reject; sp=quarantine", false, Policy::Quarantine),
        ("p=reject; np=none", true, Policy::Reject),
        ("p=reject; np=none", false, Policy::None),
    ];
    for (tags, exists, expected) in cases {
        let there = if exists { "mail.shop.test A 192.0.2.1" } else { "" };
        let zone = format!("_dmarc.shop.test TXT v=DMARC1; {tags}\n{there}");
        assert_eq!(discovered("mail.shop.test", &zone).unwrap().policy, expected, "{tags} {exists}");
    }
}

#[test]
fn the_walk_asks_at_most_eight_times_and_stops_where_it_is_told() {
    let asked = |domain: &str, zone: &str| {
        let zone = Zone::of(zone);
        dmarc::organization(domain, &|name, kind| zone.look(name, kind)).unwrap();
        zone.asked.into_inner()
    };
    assert_eq!(
        asked("a.b.c.d.e.f.g.h.i.shop.test", ""),
        [
            "_dmarc.a.b.c.d.e.f.g.h.i.shop.test",
            "_dmarc.e.f.g.h.i.shop.test",
            "_dmarc.f.g.h.i.shop.test",
            "_dmarc.g.h.i.shop.test",
            "_dmarc.h.i.shop.test",
            "_dmarc.i.shop.test",
            "_dmarc.shop.test",
            "_dmarc.test",
        ]
    );
    assert_eq!(asked("shop.test", ""), ["_dmarc.shop.test", "_dmarc.test"]);
    let stop = "_dmarc.shop.test TXT v=DMARC1; p=none; psd=n";
    assert_eq!(asked("a.shop.test", stop), ["_dmarc.a.shop.test", "_dmarc.shop.test"]);
}

#[test]
fn domains_that_belong_together_are_aligned() {
    let org = "_dmarc.shop.test TXT v=DMARC1; p=none";
    let shared = "_dmarc.host.test TXT v=DMARC1; p=none; psd=y";
    let own = "_dmarc.eu.shop.test TXT v=DMARC1; p=none; psd=n\n_dmarc.shop.test TXT v=DMARC1; p=none";
    let cases = [
        ("shop.test", "shop.test", false, "", true),
        ("shop.test", "SHOP.test.", true, "", true),
        ("shop.test", "mail.shop.test", false, org, true),
        ("a.shop.test", "b.shop.test", false, org, true),
        ("shop.test", "mail.shop.test", true, org, false),
        ("shop.test", "relay.test", false, org, false),
        // Nobody says that these belong together.
        ("shop.test", "mail.shop.test", false, "", false),
        // Two shops at one host are not one.
        ("one.host.test", "two.host.test", false, shared, false),
        ("one.host.test", "mail.one.host.test", false, shared, true),
        ("eu.shop.test", "shop.test", false, own, false),
        ("a.eu.shop.test", "eu.shop.test", false, own, true),
    ];
    for (from, other, strict, zone, expected) in cases {
        let zone = Zone::of(zone);
        let aligned = dmarc::is_aligned(from, other, strict, &|name, kind| zone.look(name, kind)).unwrap();
        assert_eq!(aligned, expected, "{from} {other} {strict}");
    }
}

#[test]
fn tags_of_a_record_are_read() {
    let text =
        "v=DMARC1 ; p = Quarantine;t=y; adkim=s;aspf=S; pct=50; ri=3600; rua=mailto:a@b.test; fo=1; x=;";
    let record = dmarc::Record::parse(text).unwrap();
    assert_eq!(record.policy, Some(Policy::Quarantine));
    assert!(record.is_test && record.strict_dkim && record.strict_spf && record.has_reports);
    assert_eq!(record.dropped, ["pct", "ri"]);
    assert!(record.bad_tags.is_empty());
    assert_eq!(dmarc::Record::parse("v=DMARC1; p=no; np=yes").unwrap().bad_tags, ["p", "np"]);
}

#[test]
fn a_dns_that_fails_is_said_and_not_taken_for_nothing() {
    let zone = Zone::of("_dmarc.shop.test FAIL");
    assert_eq!(dmarc::discover("shop.test", &|n, k| zone.look(n, k)), Err(Failure::Refused(2)));
    let zone = Zone::of("shop.test FAIL");
    assert_eq!(mx::examine("shop.test", &|n, k| zone.look(n, k)), Err(Failure::Refused(2)));
    assert_eq!(
        dkim::keys_at("a", "shop.test", &|_, _| Answer::Failed(Failure::Silence)),
        Err(Failure::Silence)
    );
}

#[test]
fn where_mail_goes_is_read() {
    let cases = BTreeMap::from([
        (
            "shop.test MX 20 b.test\nshop.test MX 10 a.test",
            Mx::Servers(vec!["a.test".into(), "b.test".into()]),
        ),
        ("shop.test MX 0 .", Mx::Null),
        ("shop.test A 192.0.2.1", Mx::AddressOnly),
        ("shop.test TXT hello", Mx::Nowhere),
        ("", Mx::NoSuchDomain),
    ]);
    for (zone, expected) in cases {
        let zone = Zone::of(zone);
        assert_eq!(mx::examine("shop.test", &|name, kind| zone.look(name, kind)), Ok(expected));
    }
}
