//! `/a/domains`: the DNS records that mail in the shop's name needs, and what was found in their places.

use axum::Extension;
use axum::extract::State as Extracted;
use axum::response::Response;
use kernel::{Result, Shop, ShopClock};
use serde::Serialize;
use staff::{Member, Permission};
use web::{Failure, HtmlPage, see_other};

use super::arriving::{Arriving, arriving};
use super::run::{self, Found, State};
use super::{DOMAINS, Door, When};
use crate::Config;
use crate::doctor::{self, sender};

/// What `aftercare/domains.html` is given as `page`.
#[derive(Debug, Serialize)]
struct DomainsPage {
    /// The domain that mail comes from; none while nothing is sent.
    domain: Option<String>,
    why_not: Option<&'static str>,
    when: When,
    rows: Vec<RecordRow>,
    /// Findings that belong to no record.
    more: Vec<(&'static str, &'static str, String)>,
    arriving: Arriving,
}

/// A record to publish, and what was found.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct RecordRow {
    name: &'static str,
    kind: &'static str,
    host: String,
    /// What to publish; none where what is there is as it should be.
    value: Option<String>,
    /// What to know about the value.
    hint: &'static str,
    tone: &'static str,
    state: &'static str,
    found: Vec<String>,
}

/// A record that mail needs, before anybody has looked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    check: &'static str,
    name: &'static str,
    kind: &'static str,
    host: String,
    value: String,
    hint: &'static str,
}

/// `GET /a/domains`.
pub(super) async fn show(
    Extracted(door): Extracted<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let config = door.config.clone();
    let page = door.db.read("checks.domains", move |r| {
        let (last, arriving) = (run::last(r, DOMAINS)?, arriving(r)?);
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        let found = last.ended.as_ref().map(|(_, found)| found.as_slice());
        let wanted = wanted(&config);
        Ok(DomainsPage {
            domain: sender::is_worth_asking(&config).then(|| sender::domain(&config).to_owned()),
            why_not: why_not(&config),
            when: When::of(&last, &clock),
            rows: rows(&wanted, found),
            more: more(found.unwrap_or_default()),
            arriving,
        })
    });
    Ok(door.page("aftercare/domains.html", "Domains", &page.await?)?)
}

/// `POST /a/domains`: looks now.
pub(super) async fn check(
    Extracted(door): Extracted<Door>,
    Extension(member): Extension<Member>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let config = door.config.clone();
    run::run(&door.db, DOMAINS, move || doctor::examine_sender(&config)).await?;
    Ok(see_other("/a/domains")?)
}

/// Why there is nothing to publish.
fn why_not(config: &Config) -> Option<&'static str> {
    if config.mails_stay() {
        return Some(
            "Mail is kept in the built-in inbox and nothing is sent, so no domain needs anything. \
             Set AFTERCARE_MAIL_URL and AFTERCARE_MAIL_FROM to send for real.",
        );
    }
    (!sender::is_worth_asking(config))
        .then_some("Nobody said who mail comes from. Set AFTERCARE_MAIL_FROM, for example: Northwind Tea <orders@northwind.example>.")
}

/// The records that the doctor will look for, in the order of its findings.
fn wanted(config: &Config) -> Vec<Wanted> {
    if !sender::is_worth_asking(config) {
        return Vec::new();
    }
    let domain = sender::domain(config);
    let mut wanted = vec![Wanted {
        check: "spf",
        name: "SPF",
        kind: "TXT",
        host: domain.to_owned(),
        value: sender::proposed(&config.mail_url),
        hint: "Which servers may send for you. If you send through a provider, publish the one it names; there may be only one.",
    }];
    wanted.extend(keys(config));
    wanted.push(Wanted {
        check: "dmarc",
        name: "DMARC",
        kind: "TXT",
        host: format!("_dmarc.{domain}"),
        value: sender::proposed_policy(domain),
        hint: "What is to happen to mail that proves nothing. This one changes nothing and has reports sent to you.",
    });
    wanted.extend(sender::answered(config).into_iter().map(|host| Wanted {
        check: "mx",
        name: "MX",
        kind: "MX",
        host,
        value: "10 and the name of your mail server".to_owned(),
        hint: "Where answers and bounces go. Your mail provider names the server.",
    }));
    wanted
}

/// A record for each key that signs. Keys that can't be read are for the page about the system.
fn keys(config: &Config) -> Vec<Wanted> {
    let Some(signer) = config.dkim.as_ref().and_then(|dkim| dkim.signer().ok()) else { return Vec::new() };
    let record = |(selector, key): (&str, &messaging::dkim::SigningKey)| Wanted {
        check: "dkim",
        name: "DKIM",
        kind: "TXT",
        host: mailauth::dkim::record_name(selector, signer.domain()),
        value: key.record(),
        hint: "The other half of the key that signs your mail.",
    };
    signer.keys().map(record).collect()
}

/// Each record beside what was found in its place: the n-th of a check with the n-th finding of it; of SPF, which has one
/// record, every finding.
fn rows(wanted: &[Wanted], found: Option<&[Found]>) -> Vec<RecordRow> {
    let row = |(at, record): (usize, &Wanted)| {
        let nth = wanted[..at].iter().filter(|before| before.check == record.check).count();
        let mut of_check = found.unwrap_or_default().iter().filter(|found| found.check == record.check);
        let here: Vec<&Found> = match record.check {
            "spf" => of_check.collect(),
            _ => of_check.nth(nth).into_iter().collect(),
        };
        one_row(record, &here)
    };
    wanted.iter().enumerate().map(row).collect()
}

fn one_row(wanted: &Wanted, found: &[&Found]) -> RecordRow {
    let worst = found.iter().map(|found| found.state).find(|state| *state != State::Ok);
    let (tone, state) = match (found.is_empty(), worst) {
        (true, _) => ("info", "Not looked at yet"),
        (false, None) => ("ok", "OK"),
        (false, Some(State::Missing)) => ("bad", "Not found"),
        (false, Some(State::Unanswered)) => ("warn", "No answer"),
        (false, Some(State::Wrong | State::Ok)) => ("bad", "Wrong value"),
    };
    let better = found.iter().find_map(|found| found.record.as_ref().map(|(_, value)| value.clone()));
    let proposed = (tone != "ok").then(|| wanted.value.clone());
    RecordRow {
        name: wanted.name,
        kind: wanted.kind,
        host: wanted.host.clone(),
        value: better.or(proposed),
        hint: wanted.hint,
        tone,
        state,
        found: found.iter().map(|found| said(found)).collect(),
    }
}

/// What was found, and what mends it; the record to publish stands above it.
fn said(found: &Found) -> String {
    match found.fix.as_deref().map(|fix| fix.trim_end_matches([':', '.'])) {
        Some(fix) => format!("{}. {fix}.", found.found),
        None => found.found.clone(),
    }
}

/// What was found about no record of its own: whether signatures count for the sender, and mail that leaves unsigned.
fn more(found: &[Found]) -> Vec<(&'static str, &'static str, String)> {
    let is_unsigned =
        |found: &&Found| found.check == "dkim" && found.state == State::Ok && found.fix.is_some();
    let others = found.iter().filter(|found| found.check == "alignment" || is_unsigned(found));
    let row = |found: &Found| {
        let (tone, word) = if found.state == State::Ok { ("ok", "OK") } else { ("bad", "Look") };
        (tone, word, said(found))
    };
    others.map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(check: &'static str, host: &str) -> Wanted {
        let (host, value) = (host.to_owned(), "proposed".to_owned());
        Wanted { check, name: "N", kind: "TXT", host, value, hint: "" }
    }

    fn found(check: &str, state: State, value: Option<&str>) -> Found {
        let record = value.map(|value| ("host".to_owned(), value.to_owned()));
        Found { check: check.to_owned(), state, found: format!("{check} found"), fix: None, record }
    }

    #[test]
    fn each_record_stands_beside_what_was_found_in_its_place() {
        let records =
            [wanted("spf", "a.test"), wanted("dkim", "k1"), wanted("dkim", "k2"), wanted("mx", "a.test")];
        let findings = [
            found("spf", State::Ok, None),
            found("spf", State::Wrong, Some("v=spf1 mx ~all")),
            found("dkim", State::Ok, None),
            found("dkim", State::Missing, Some("v=DKIM1")),
            found("mx", State::Unanswered, None),
        ];
        let shown: Vec<_> = rows(&records, Some(&findings))
            .into_iter()
            .map(|row| (row.state, row.value, row.found.len()))
            .collect();
        let expected = [
            ("Wrong value", Some("v=spf1 mx ~all"), 2),
            ("OK", None, 1),
            ("Not found", Some("v=DKIM1"), 1),
            ("No answer", Some("proposed"), 1),
        ];
        assert_eq!(shown, expected.map(|(state, value, count)| (state, value.map(str::to_owned), count)));
        assert!(
            rows(&records, None).iter().all(|row| row.state == "Not looked at yet" && row.tone == "info")
        );
    }

    #[test]
    fn what_has_no_record_is_said_below() {
        let unsigned = Found { fix: Some("Make a key.".to_owned()), ..found("dkim", State::Ok, None) };
        let all = [unsigned, found("alignment", State::Wrong, None), found("mx", State::Ok, None)];
        let said = more(&all);
        assert_eq!(said.iter().map(|(tone, _, _)| *tone).collect::<Vec<_>>(), ["ok", "bad"]);
        assert_eq!(said[0].2, "dkim found. Make a key.");
    }
}
