//! `aftercare doctor`: one page of ticks and crosses, with the fix beside each. Safe to paste anywhere.

use std::collections::BTreeMap;
use std::process::ExitCode;

use db::DatabaseUrl;
use kernel::{Clock, Error, Keys, Result};
use messaging::sms::settings::SmsSettings;
use serde::Serialize;

use crate::cli::DoctorArgs;
use crate::house::{House, Setting};
use crate::{Config, commands, lists};

/// One finding.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

/// Runs the command: exit 0 when everything is well, 1 when something needs a hand.
pub fn run(args: &DoctorArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    let findings = examine(args, env);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let well = findings.iter().all(|finding| finding.ok);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(finding: &Finding) {
    let mark = if finding.ok { "✔" } else { "✘" };
    println!("{mark} {:<14} {}", finding.check, finding.found);
    if let Some(fix) = &finding.fix {
        println!("  {:<14} → {fix}", "");
    }
}

fn examine(args: &DoctorArgs, env: &BTreeMap<String, String>) -> Vec<Finding> {
    let config = match commands::config(&args.config, env) {
        Ok(config) => config,
        Err(error) => {
            return vec![bad("configuration", error.to_string(), "Correct the setting named here.")];
        }
    };
    let mut findings = vec![
        good("configuration", format!("public URL {}", config.public_url)),
        public_url(&config),
        mail(&config),
        texts(&config),
    ];
    // Who looks must not change anything, and opening a database file that is not there would make one.
    if let Some(absent) = absent_file(&config) {
        findings.extend(config.secret.as_deref().and_then(refused_secret));
        findings.extend([clock(), absent]);
        return findings;
    }
    match House::open(config, Setting::server()) {
        Ok(house) => findings.extend(examine_house(&house)),
        Err(error) => findings.push(bad_secret(&error)),
    }
    findings
}

fn refused_secret(secret: &str) -> Option<Finding> {
    Keys::parse(secret).err().map(|error| bad_secret(&error))
}

fn bad_secret(error: &Error) -> Finding {
    bad("secret", error.to_string(), "See AFTERCARE_SECRET in the README.")
}

fn absent_file(config: &Config) -> Option<Finding> {
    let DatabaseUrl::Sqlite(path) = &config.database_url else { return None };
    let found = format!("the database file {} is not there yet", path.display());
    (!path.exists()).then(|| bad("schema", found, "Run: aftercare migrate"))
}

fn examine_house(house: &House) -> Vec<Finding> {
    vec![clock(), database(house), schema(house), work(house)]
}

fn public_url(config: &Config) -> Finding {
    let url = &config.public_url;
    if url.starts_with("https://") {
        return good("links", "signed links begin with https://".to_owned());
    }
    let fix = "Set AFTERCARE_PUBLIC_URL to the https:// address customers reach you at, before the first real mail.";
    Finding {
        check: "links",
        ok: true,
        found: format!("{url} works on this machine only"),
        fix: Some(fix.to_owned()),
    }
}

fn mail(config: &Config) -> Finding {
    if config.mails_stay() {
        return inbox(config);
    }
    match messaging::smtp::SmtpSettings::parse(&config.mail_url) {
        Ok(_) if config.mail_from.address.domain() == "shop.invalid" => {
            let fix = "Set AFTERCARE_MAIL_FROM, for example: Northwind Tea <orders@northwind.example>.";
            bad("mail", "nobody said who mail comes from".to_owned(), fix)
        }
        Ok(settings) => good("mail", format!("{settings}, from {}", config.mail_from.address.domain())),
        Err(error) => bad("mail", error.to_string(), "Correct AFTERCARE_MAIL_URL."),
    }
}

/// Fine on this machine; where customers can reach us, everybody could read everybody's mail.
fn inbox(config: &Config) -> Finding {
    let fix = "Set AFTERCARE_MAIL_URL to send for real, for example smtp+starttls://USER:PASSWORD@HOST:587.";
    if config.public_url.starts_with("https://") {
        let found = "nothing is sent, and /inbox shows everybody's mail to whoever opens it".to_owned();
        return bad("mail", found, fix);
    }
    let found = "kept in the built-in inbox at /inbox; nothing is sent".to_owned();
    Finding { check: "mail", ok: true, found, fix: Some(fix.to_owned()) }
}

/// Texts that stay in the inbox never reach a phone; a person who prefers texts gets mail while none are sent.
fn texts(config: &Config) -> Finding {
    match config.texts_go_to() {
        None => good("texts", "not connected; who prefers texts gets mail".to_owned()),
        Some(SmsSettings::Inbox) if config.mails_stay() => {
            good("texts", "kept in the built-in inbox at /inbox; nothing is sent".to_owned())
        }
        Some(SmsSettings::Inbox) => {
            let found =
                "kept in the built-in inbox although mail really leaves: they reach nobody".to_owned();
            bad("texts", found, "Unset AFTERCARE_SMS_URL, or name a gateway there.")
        }
        Some(settings) => good(
            "texts",
            format!("{settings}; what people text comes in at the address that aftercare sms prints"),
        ),
    }
}

fn clock() -> Finding {
    // A machine that has lost its time starts in 1970 or at its build date; signed links and quiet hours need a real one.
    const BUILT_AFTER_MS: i64 = 1_793_000_000_000;
    let now = kernel::SystemClock.now();
    if now.ms() > BUILT_AFTER_MS {
        good("clock", format!("{now}"))
    } else {
        bad(
            "clock",
            format!("{now} is in the past"),
            "Set the machine's clock, for example with an NTP service.",
        )
    }
}

fn database(house: &House) -> Finding {
    let url = house.config.database_url.to_string();
    match commands::block_on(house.db.read("doctor.database", |r| Ok(r.now))) {
        Ok(_) => good("database", format!("{url} answers")),
        Err(error) => bad(
            "database",
            format!("{url}: {error}"),
            "Start the database server, or correct AFTERCARE_DATABASE_URL.",
        ),
    }
}

fn schema(house: &House) -> Finding {
    let newest = lists::migrations::MIGRATIONS.len() as u32;
    match house.db.version() {
        Ok(version) if version == newest => good("schema", format!("version {version}")),
        Ok(version) if version < newest => {
            bad("schema", format!("version {version} of {newest}"), "Run: aftercare migrate")
        }
        Ok(version) => {
            bad("schema", format!("version {version}, newer than this program"), "Install the newer program.")
        }
        Err(error) => bad("schema", error.to_string(), "Run: aftercare migrate"),
    }
}

fn work(house: &House) -> Finding {
    match commands::block_on(house.db.read("doctor.work", jobs::tally)) {
        Ok(tally) if tally.parked == 0 => {
            good("work", format!("{} due, {} later, 0 parked", tally.due, tally.waiting))
        }
        Ok(tally) => {
            let found = format!("{} jobs have failed too often and wait for a person", tally.parked);
            bad(
                "work",
                found,
                "The cause is in the log, under jobs.failed. When it is mended: aftercare jobs retry",
            )
        }
        Err(_) => bad("work", "unknown: the schema is not there yet".to_owned(), "Run: aftercare migrate"),
    }
}

fn good(check: &'static str, found: String) -> Finding {
    Finding { check, ok: true, found, fix: None }
}

fn bad(check: &'static str, found: String, fix: &str) -> Finding {
    Finding { check, ok: false, found, fix: Some(fix.to_owned()) }
}
