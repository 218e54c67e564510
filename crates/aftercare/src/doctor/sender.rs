//! What the DNS says about mail in our name: SPF, DKIM, DMARC, and where answers go.

use std::net::IpAddr;

use kernel::Email;
use mailauth::dmarc::{self, Discovered};
use mailauth::mx::{self, Mx};
use mailauth::spf::{self, Ending, Fault, Spf};
use mailauth::{Failure, Kind, Resolver, dkim};
use messaging::dkim::{Published, SigningKey, published};
use messaging::smtp::SmtpSettings;

use super::finding::{Finding, bad, good};
use crate::Config;

/// One check.
pub(super) type Check = fn(&Config, &Resolver) -> Vec<Finding>;

/// The checks, each for a thread of its own.
pub(super) const CHECKS: [(&str, Check); 4] =
    [("spf", spf_record), ("dkim", dkim_keys), ("dmarc", dmarc_policy), ("mx", answers)];

/// Mail that stays in the inbox proves nothing to anybody, and a sender nobody named has no domain.
pub(crate) fn is_worth_asking(config: &Config) -> bool {
    !config.mails_stay() && domain(config) != "shop.invalid"
}

pub(crate) fn domain(config: &Config) -> &str {
    config.mail_from.address.domain()
}

fn spf_record(config: &Config, resolver: &Resolver) -> Vec<Finding> {
    let domain = domain(config);
    let spf = spf::examine(domain, &|name, kind| resolver.ask(name, kind));
    if spf.faults.is_empty() {
        let ending = if spf.ending == Ending::Fail { "-all" } else { "~all" };
        let cost = format!("{} of {} lookups", spf.lookups, spf::MOST_LOOKUPS);
        let advice = "That your mail server is among those it names, only your mail provider can say.";
        return vec![
            good("spf", format!("{domain} has one record: {cost}, and it ends in {ending}")).advice(advice),
        ];
    }
    spf.faults.iter().map(|fault| spf_fault(config, &spf, fault)).collect()
}

fn spf_fault(config: &Config, spf: &Spf, fault: &Fault) -> Finding {
    let domain = domain(config);
    let at = |what: String, fix: &str| bad("spf", what, fix);
    match fault {
        Fault::Missing => at(
            format!("{domain} has no record, so nobody knows which servers may send for it"),
            "Publish the one your mail provider names. If the server of AFTERCARE_MAIL_URL sends by itself, it is:",
        )
        .publish(domain, proposed(&config.mail_url))
        .missing(),
        Fault::Several(count) => at(
            format!("{domain}, or what it includes, has {count} records, and then none counts"),
            "Put everything into one record and remove the others.",
        ),
        Fault::TooManyLookups(count) => at(
            format!("{domain} costs {count} lookups, and servers stop after {}", spf::MOST_LOOKUPS),
            "Remove what you no longer send through, or name addresses (ip4:) in the place of names.",
        ),
        Fault::TooManyVoid(count) => at(
            format!("{count} names in it have no such records, and servers bear {}", spf::MOST_VOID),
            "Remove the names that are no longer there.",
        ),
        Fault::NothingIncluded(name) => {
            at(format!("it includes {name}, which has no record"), &format!("Remove include:{name}, or correct it."))
        }
        Fault::Loop(name) => {
            at(format!("it includes itself, by way of {name}"), "Take the include out that leads back.")
        }
        Fault::BadWord(word) => {
            at(format!("\"{word}\" in it means nothing, and then none of it counts"), "Correct or remove it.")
        }
        Fault::OpenToAll => at(format!("{domain} lets everybody send"), "Replace +all by -all."),
        Fault::NoEnding => {
            let finding = at(
                "it does not say what holds for everybody else".to_owned(),
                "End it with -all, or with ~all while you are not sure.",
            );
            match spf.record.as_deref().and_then(ended) {
                Some(record) => finding.publish(domain, record),
                None => finding,
            }
        }
        Fault::Unanswered(name, failure) => silent("spf", name, *failure),
    }
}

/// For a server that delivers mail itself.
pub(crate) fn proposed(mail_url: &str) -> String {
    let Ok(settings) = SmtpSettings::parse(mail_url) else { return "v=spf1 mx ~all".to_owned() };
    let host = &settings.host;
    match host.parse::<IpAddr>() {
        _ if settings.is_loopback() => "v=spf1 a mx ~all".to_owned(),
        Ok(IpAddr::V4(_)) => format!("v=spf1 ip4:{host} ~all"),
        Ok(IpAddr::V6(_)) => format!("v=spf1 ip6:{host} ~all"),
        Err(_) => format!("v=spf1 a:{host} ~all"),
    }
}

/// The record with an end; none where another domain's record is to end it.
fn ended(record: &str) -> Option<String> {
    let words: Vec<&str> =
        record.split_whitespace().filter(|word| !word.eq_ignore_ascii_case("?all")).collect();
    let is_redirected = words.iter().any(|word| word.to_ascii_lowercase().starts_with("redirect="));
    (!is_redirected).then(|| format!("{} ~all", words.join(" ")))
}

fn dkim_keys(config: &Config, resolver: &Resolver) -> Vec<Finding> {
    let Some(settings) = &config.dkim else {
        let advice = "Make a key with: aftercare dkim create. \
                      Without one, let your mail provider sign for your domain.";
        return vec![good("dkim", "mail leaves here unsigned").advice(advice)];
    };
    // A key that can't be read is said where the files are looked at.
    let Ok(signer) = settings.signer() else { return Vec::new() };
    signer.keys().map(|(selector, key)| published_key(selector, signer.domain(), key, resolver)).collect()
}

fn published_key(selector: &str, domain: &str, key: &SigningKey, resolver: &Resolver) -> Finding {
    let name = dkim::record_name(selector, domain);
    let wrong = |what: &str| {
        bad("dkim", format!("{name}: {what}"), "Publish this in its place:").publish(&name, key.record())
    };
    let texts = match dkim::keys_at(selector, domain, &|name, kind| resolver.ask(name, kind)) {
        Ok(texts) => texts,
        Err(failure) => return silent("dkim", &name, failure),
    };
    let text = match texts.as_slice() {
        [] => {
            return bad("dkim", format!("{name}: no key is published"), "Publish this:")
                .publish(&name, key.record())
                .missing();
        }
        [text] => text,
        several => {
            return wrong(&format!("there are {} records, and servers read any of them", several.len()));
        }
    };
    match published(text, key) {
        Published::Same => good("dkim", format!("{name} is the other half of our key")),
        Published::Testing => {
            good("dkim", format!("{name} is the other half of our key, and says t=y: only testing"))
                .advice("Take t=y out when you have seen it work. The record then is:")
                .publish(&name, key.record())
        }
        Published::Other => wrong("the published key is not the other half of ours"),
        Published::Revoked => wrong("the key is revoked (p= is empty)"),
        Published::NotForThis => wrong("it may not be used for mail with SHA-256 (h= or s=)"),
        Published::Unreadable => wrong("what is published is no key"),
    }
}

fn dmarc_policy(config: &Config, resolver: &Resolver) -> Vec<Finding> {
    let domain = domain(config);
    let lookup = |name: &str, kind: Kind| resolver.ask(name, kind);
    match dmarc::discover(domain, &lookup) {
        Err(failure) => vec![silent("dmarc", &format!("_dmarc.{domain}"), failure)],
        Ok(None) => {
            let here = dmarc::records_at(domain, &lookup).map_or(0, |records| records.len());
            vec![no_policy(domain, here)]
        }
        Ok(Some(found)) => {
            let mut findings = vec![policy(domain, &found)];
            findings
                .extend(config.dkim.as_ref().map(|dkim| alignment(domain, &dkim.domain, &found, &lookup)));
            findings
        }
    }
}

fn no_policy(domain: &str, here: usize) -> Finding {
    let name = format!("_dmarc.{domain}");
    match here {
        0 => bad(
            "dmarc",
            format!("no record at {name} or above it"),
            "Publish this one. It changes nothing for your mail and has reports sent to you (at an address you read):",
        )
        .publish(name, proposed_policy(domain))
        .missing(),
        1 => bad(
            "dmarc",
            format!("the record at {name} holds no policy that can be read, and so does not count"),
            "Write p=none, p=quarantine or p=reject into it.",
        ),
        several => bad(
            "dmarc",
            format!("there are {several} records at {name}, and then none counts"),
            "Keep one of them and remove the others.",
        ),
    }
}

/// One that changes nothing for mail and has reports sent.
pub(crate) fn proposed_policy(domain: &str) -> String {
    format!("v=DMARC1; p=none; rua=mailto:dmarc@{domain}")
}

fn policy(domain: &str, found: &Discovered) -> Finding {
    let place = if found.at == domain { String::new() } else { format!(" (from {})", found.at) };
    let finding = good("dmarc", format!("{domain} is under p={}{place}", found.policy.as_str()));
    let record = &found.record;
    if !record.bad_tags.is_empty() || record.policy.is_none() {
        let tags = if record.policy.is_none() { "p".to_owned() } else { record.bad_tags.join(", ") };
        let fix = format!(
            "The policy in {tags} can't be read, so the record counts as p=none. It is none, quarantine or reject."
        );
        return bad("dmarc", finding.found, fix);
    }
    if record.is_test {
        return finding
            .advice("t=y asks servers not to apply the policy. Take it out when you have seen the reports.");
    }
    if !record.dropped.is_empty() {
        let tags = record.dropped.join(", ");
        return finding.advice(format!(
            "{tags} mean nothing any more (RFC 9989): take them out. For trying a policy there is t=y."
        ));
    }
    if !record.has_reports {
        return finding.advice(format!(
            "Add rua=mailto:dmarc@{domain} (an address you read) to hear who sends in your name."
        ));
    }
    finding
}

/// The envelope's domain is the sender's own, so SPF counts for it; a signature does where its domain belongs to it.
fn alignment(domain: &str, signs: &str, found: &Discovered, lookup: &mailauth::Lookup<'_>) -> Finding {
    match dmarc::is_aligned(domain, signs, found.record.strict_dkim, lookup) {
        Err(failure) => silent("alignment", signs, failure),
        Ok(true) => good("alignment", format!("signatures of {signs} and the envelope count for {domain}")),
        Ok(false) => {
            let strict = if found.record.strict_dkim { " (adkim=s)" } else { "" };
            let found = format!("signatures of {signs} do not count for mail from {domain}{strict}");
            bad("alignment", found, format!("Set AFTERCARE_DKIM_DOMAIN={domain}, and publish the key there."))
        }
    }
}

/// Answers go to the address for customers, reports of what could not be delivered to the sender's.
fn answers(config: &Config, resolver: &Resolver) -> Vec<Finding> {
    answered(config).iter().map(|domain| incoming(domain, resolver)).collect()
}

/// The domains that answers and bounces go to.
pub(crate) fn answered(config: &Config) -> Vec<String> {
    let contact = config.brand.contact.email.as_deref().and_then(|email| Email::parse(email).ok());
    let mut domains = vec![domain(config).to_owned()];
    domains.extend(contact.map(|email| email.domain().to_owned()));
    domains.dedup();
    domains
}

fn incoming(domain: &str, resolver: &Resolver) -> Finding {
    let fix = "Give the domain a mail server (an MX record), or use a domain that has one: \
               AFTERCARE_MAIL_FROM, [brand.contact].";
    match mx::examine(domain, &|name, kind| resolver.ask(name, kind)) {
        Ok(Mx::Servers(hosts)) => good("mx", format!("mail to {domain} goes to {}", hosts.join(", "))),
        Ok(Mx::AddressOnly) => {
            good("mx", format!("{domain} names no mail server; mail goes to its own address"))
                .advice("If none listens there, answers and bounces are lost: publish an MX record.")
        }
        Ok(Mx::Null) => {
            bad("mx", format!("{domain} says that it takes no mail: answers and bounces are lost"), fix)
        }
        Ok(Mx::Nowhere) => {
            bad("mx", format!("{domain} has no mail server: answers and bounces are lost"), fix).missing()
        }
        Ok(Mx::NoSuchDomain) => bad("mx", format!("there is no domain {domain}"), fix),
        Err(failure) => silent("mx", domain, failure),
    }
}

fn silent(check: &'static str, name: &str, failure: Failure) -> Finding {
    let fix = "Look at this machine's DNS (/etc/resolv.conf) and at the domain's name servers, \
               or name another server with AFTERCARE_DNS.";
    bad(check, format!("{name}: {failure}"), fix).unanswered()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proposed_record_names_the_server_as_it_is_known() {
        for (url, record) in [
            ("smtps://u:p@mail.shop.example:465", "v=spf1 a:mail.shop.example ~all"),
            ("smtps://u:p@192.0.2.7", "v=spf1 ip4:192.0.2.7 ~all"),
            ("smtps://u:p@[2001:db8::7]", "v=spf1 ip6:2001:db8::7 ~all"),
            ("smtp://127.0.0.1:25", "v=spf1 a mx ~all"),
        ] {
            assert_eq!(proposed(url), record);
        }
    }

    #[test]
    fn an_end_is_added_where_it_counts() {
        assert_eq!(ended("v=spf1 mx ?all").as_deref(), Some("v=spf1 mx ~all"));
        assert_eq!(ended("v=spf1 redirect=relay.example"), None);
    }
}
