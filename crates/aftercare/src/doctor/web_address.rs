//! The address customers reach the shop at: asked once, as a customer would.

use std::time::Duration;

use egress::{Answer, CallError, Egress, Request, Rules};
use kernel::{Clock, Error, Result, SystemClock};
use url::Url;

use super::finding::{Finding, bad, good, span};
use crate::{Config, commands};

const PATIENCE: Duration = Duration::from_secs(8);
/// A clock that is further off than this makes links end too early and codes expire at once.
const MOST_OFF: Duration = Duration::from_secs(60);

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let url = &config.public_url;
    if !url.starts_with("https://") {
        let fix = "Set AFTERCARE_PUBLIC_URL to the https:// address customers reach you at, before the first real mail.";
        return vec![good("links", format!("{url} works on this machine only")).advice(fix)];
    }
    match commands::block_on(asked(url)) {
        Ok(Ok(answer)) => answered(url, &answer),
        Ok(Err(error)) => vec![unanswered(url, &error)],
        Err(error) => vec![bad("links", format!("{url}: {error}"), "Correct AFTERCARE_PUBLIC_URL.")],
    }
}

async fn asked(url: &str) -> Result<std::result::Result<Answer, CallError>> {
    let page = Url::parse(&format!("{url}/healthz"))
        .map_err(|_| Error::invalid("bad_url", "it is not an address"))?;
    let request = Request { timeout: PATIENCE, ..Request::new("GET", page) };
    Ok(Egress::new(Rules::anywhere())?.call(request).await)
}

fn answered(url: &str, answer: &Answer) -> Vec<Finding> {
    let status = answer.status;
    let mut findings = vec![if answer.is_success() {
        good("links", format!("{url} answers"))
    } else {
        let fix = "Start it with: aftercare serve, and let your proxy forward to the address of `listen`.";
        good("links", format!("{url} answers with {status} instead of the shop")).advice(fix)
    }];
    findings.extend(answer.header("date").and_then(clock));
    findings
}

/// Without an answer nothing is proven: some networks don't let a machine reach itself from outside.
fn unanswered(url: &str, error: &CallError) -> Finding {
    let words = error.to_string();
    // The client says it in words alone; whatever else failed proves nothing.
    if words.contains("certificate") {
        let fix =
            "Renew the certificate of your proxy for this name, with all its intermediate certificates.";
        return bad("links", format!("{url}: {words}"), fix);
    }
    let fix =
        "Look from another machine, such as your phone. If it is not there either: DNS, proxy, firewall.";
    good("links", format!("begin with https://; {url} was not reached from this machine: {words}"))
        .advice(fix)
}

fn clock(date: &str) -> Option<Finding> {
    let there = kernel::Timestamp::parse_rfc2822(date).ok()?;
    let here = SystemClock.now();
    let off = here.since(there).max(there.since(here));
    let found = format!("{} from the web server's", span(off));
    Some(if off <= MOST_OFF {
        good("clock", found)
    } else {
        bad("clock", found, "Set the machine's clock, for example with an NTP service.")
    })
}
