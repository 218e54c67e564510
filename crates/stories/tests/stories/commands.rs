//! The command line as an operator and their scripts meet it: data on stdout, words on stderr, and exit codes.

use std::process::Output;

use serde_json::Value;
use stories::app::{App, Settings};
use stories::postgres::{self, Cluster};

/// Where a database is, on each engine that is wanted.
pub fn places() -> Vec<Settings> {
    let mut places = vec![Settings::default()];
    if postgres::wanted() {
        let url = Cluster::shared().url(&Cluster::shared().fresh_schema());
        places.push(Settings { database_url: Some(url), ..Settings::default() });
    }
    places
}

fn with_env(pairs: &[(&str, &str)]) -> App {
    let env = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    App::idle(Settings { env, ..Settings::default() })
}

fn stdout(done: &Output) -> String {
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn stderr(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

fn json(done: &Output) -> Value {
    serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {}", stdout(done)))
}

/// The finding of one check of `doctor --json`.
fn finding(findings: &Value, check: &str) -> Value {
    let found = findings.as_array().unwrap().iter().find(|finding| finding["check"] == check);
    found.unwrap_or_else(|| panic!("no {check} in {findings}")).clone()
}

#[test]
fn a_call_that_makes_no_sense_is_exit_code_2_and_help_is_0() {
    let app = App::idle(Settings::default());
    let senseless: [&[&str]; 6] = [
        &[],
        &["sell"],
        &["serve", "--role", "sideways"],
        &["keys", "create", "--name", "a"],
        &["connect", "shopify"],
        &["migrate", "--force"],
    ];
    for call in senseless {
        let done = app.cli(call);
        assert_eq!((done.status.code(), stdout(&done).as_str()), (Some(2), ""), "{call:?}");
        assert!(stderr(&done).contains("--help"), "{call:?} {}", stderr(&done));
    }
    for call in [["--help"], ["--version"]] {
        let done = app.cli(&call);
        assert_eq!((done.status.code(), stderr(&done).as_str()), (Some(0), ""), "{call:?}");
        assert!(stdout(&done).contains("aftercare") || stdout(&done).contains("Usage"), "{call:?}");
    }
}

#[test]
fn migrate_says_what_it_did_and_does_it_once() {
    for place in places() {
        let app = App::idle(place);
        let first = app.cli(&["migrate"]);
        assert_eq!((first.status.code(), stdout(&first).as_str()), (Some(0), ""));
        assert!(stderr(&first).contains("Applied "), "{}", stderr(&first));
        let second = app.cli(&["migrate"]);
        assert_eq!(second.status.code(), Some(0));
        assert!(stderr(&second).contains("already"), "{}", stderr(&second));
    }
}

#[test]
fn a_key_is_printed_alone_and_each_is_another() {
    for place in places() {
        let app = App::idle(place);
        let create = ["keys", "create", "--name", "till", "--scope", "orders:read", "orders:write"];
        let done = app.cli(&create);
        assert_eq!((done.status.code(), stdout(&done).lines().count()), (Some(0), 1), "{}", stderr(&done));
        let key = stdout(&done).trim().to_owned();
        assert!(!stderr(&done).contains(&key));
        assert_ne!(app.cli_ok(&create), key);
        let wrong = app.cli(&["keys", "create", "--name", "till", "--scope", "orders:burn"]);
        assert_eq!((wrong.status.code(), stdout(&wrong).as_str()), (Some(1), ""));
        assert!(stderr(&wrong).contains("orders:"), "{}", stderr(&wrong));
    }
}

#[test]
fn connect_prints_all_that_the_platform_has_to_be_told() {
    for place in places() {
        let env = vec![("AFTERCARE_PUBLIC_URL".to_owned(), "https://orders.example".to_owned())];
        let app = App::idle(Settings { env, ..place });
        let made = json(&app.cli(&["connect", "shopify", "--name", "Northwind"]));
        assert!(made["webhook_url"].as_str().unwrap().starts_with("https://orders.example/"), "{made}");
        assert!(made["secret"].as_str().unwrap().len() >= 32, "{made}");
        assert!(made["id"].as_str().is_some());
        let given =
            json(&app.cli(&["connect", "shopify", "--name", "Southwind", "--secret", "shpss_0123456789"]));
        assert_eq!(given["secret"], "shpss_0123456789");
        assert_ne!(given["webhook_url"], made["webhook_url"]);
        let woo =
            ["connect", "woocommerce", "--name", "Woo", "--api-url", "https://shop.example", "--api-key"];
        json(&app.cli(&[&woo[..], &["ck_1:cs_1"]].concat()));
        let refused = app.cli(&[&woo[..], &["ck_1"]].concat());
        assert_eq!((refused.status.code(), stdout(&refused).as_str()), (Some(1), ""), "a key has two halves");
        let listed = stdout(&app.cli(&["connections"]));
        let listed: Vec<serde_json::Value> =
            listed.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
        let polled: Vec<_> =
            listed.iter().map(|shop| (shop["name"].as_str(), shop["polled"].as_bool())).collect();
        let expected = [("Northwind", false), ("Southwind", false), ("Woo", true)]
            .map(|(name, yes)| (Some(name), Some(yes)));
        assert_eq!(polled, expected);
        let unknown = app.cli(&["connect", "stall", "--name", "Northwind"]);
        assert_eq!((unknown.status.code(), stdout(&unknown).as_str()), (Some(1), ""));
        assert!(stderr(&unknown).contains("shopify"), "it says what there is: {}", stderr(&unknown));
    }
}

#[test]
fn openapi_needs_nothing_but_the_program() {
    let app = with_env(&[("AFTERCARE_LISTEN", "nowhere"), ("AFTERCARE_DATABASE_URL", "nothing")]);
    let done = app.cli(&["openapi"]);
    assert_eq!((done.status.code(), stderr(&done).as_str()), (Some(0), ""));
    let document = json(&done);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/v1/orders"]["post"].is_object());
    assert!(!app.file("aftercare.db").exists());
}

#[test]
fn doctor_looks_and_changes_nothing() {
    let app = App::idle(Settings::default());
    assert_eq!(app.cli(&["doctor"]).status.code(), Some(1));
    for made in ["aftercare.db", "aftercare.db.secret"] {
        assert!(!app.file(made).exists(), "{made} was made by looking");
    }
}

#[test]
fn doctor_names_what_is_missing_and_then_is_content() {
    for place in places() {
        let app = App::idle(place);
        let sick = app.cli(&["doctor", "--json"]);
        assert_eq!(sick.status.code(), Some(1), "{}", stdout(&sick));
        let schema = finding(&json(&sick), "schema");
        assert_eq!(
            (schema["ok"].as_bool(), schema["fix"].as_str()),
            (Some(false), Some("Run: aftercare migrate"))
        );
        app.cli_ok(&["migrate"]);
        let well = app.cli(&["doctor", "--json"]);
        assert_eq!(well.status.code(), Some(0), "{}", stdout(&well));
        assert!(json(&well).as_array().unwrap().iter().all(|finding| finding["ok"] == true));
        let page = app.cli(&["doctor"]);
        assert_eq!(page.status.code(), Some(0));
        assert!(stdout(&page).contains("✔ database") && !stdout(&page).contains('✘'), "{}", stdout(&page));
    }
}

#[test]
fn doctor_says_that_the_database_server_is_away_and_tells_no_secrets() {
    let app = with_env(&[
        ("AFTERCARE_DATABASE_URL", "postgres://shop:sesame1@127.0.0.1:1/shop"),
        ("AFTERCARE_MAIL_URL", "smtp+starttls://shop:sesame2@mail.example:587"),
        ("AFTERCARE_MAIL_FROM", "Northwind Tea <orders@northwind.example>"),
        ("AFTERCARE_SECRET", "sesame3-sesame3-sesame3-sesame3-sesame3"),
    ]);
    for arguments in [&["doctor"][..], &["doctor", "--json"]] {
        let done = app.cli(arguments);
        assert_eq!(done.status.code(), Some(1));
        let said = stdout(&done) + &stderr(&done);
        assert!(!said.contains("sesame"), "{said}");
        assert!(said.contains("127.0.0.1:1") && said.contains("mail.example"), "{said}");
        assert!(said.contains("Start the database server"), "{said}");
    }
}

#[test]
fn serve_says_why_it_can_not_and_ends_with_1() {
    let away = with_env(&[
        ("AFTERCARE_DATABASE_URL", "postgres://shop@127.0.0.1:1/shop"),
        ("AFTERCARE_SECRET", "sesame3-sesame3-sesame3-sesame3-sesame3"),
    ]);
    let done = away.cli(&["serve"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(stderr(&done).contains("PostgreSQL cannot be reached"), "{}", stderr(&done));
    let running = App::start(Settings::default());
    let taken = with_env(&[("AFTERCARE_LISTEN", &format!("127.0.0.1:{}", running.port()))]);
    let done = taken.cli(&["serve"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(stderr(&done).contains("Can't listen on 127.0.0.1"), "{}", stderr(&done));
}

#[test]
fn a_mistake_in_the_configuration_is_named_by_every_command() {
    let mistakes = [
        ("AFTERCARE_LISTEN", "nowhere"),
        ("AFTERCARE_PUBLIC_URL", "orders.example"),
        ("AFTERCARE_DATABASE_URL", "mysql://localhost"),
        ("AFTERCARE_MAIL_URL", "smtp+starttls://shop:sesame@mail.example:587?colour=red"),
        ("AFTERCARE_MAIL_FROM", "nobody"),
        ("AFTERCARE_TIMEZONE", "Europe/Atlantis"),
        ("AFTERCARE_CURRENCY", "TEA"),
        ("AFTERCARE_SECRET", "sesame"),
        ("AFTERCARE_TRUSTED_PROXIES", "everyone"),
    ];
    for (name, value) in mistakes {
        let app = with_env(&[(name, value)]);
        for command in ["serve", "migrate", "doctor"] {
            let done = app.cli(&[command]);
            let said = stdout(&done) + &stderr(&done);
            assert_eq!(done.status.code(), Some(1), "{command} {name} {said}");
            assert!(said.contains(name), "{command} does not name {name}: {said}");
            assert!(!said.contains("sesame"), "{said}");
        }
    }
}

#[test]
fn a_mistake_in_the_file_is_named_with_its_place() {
    let config = Some("lissten = '127.0.0.1:1'\n".to_owned());
    let app = App::idle(Settings { config, ..Settings::default() });
    let done = app.cli(&["migrate"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(
        stderr(&done).contains("aftercare.toml") && stderr(&done).contains("lissten"),
        "{}",
        stderr(&done)
    );
    let done = app.cli(&["migrate", "--config", "elsewhere.toml"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(stderr(&done).contains("elsewhere.toml"), "{}", stderr(&done));
}

#[test]
fn postgres_without_a_secret_is_refused_with_what_to_do() {
    let app = with_env(&[("AFTERCARE_DATABASE_URL", "postgres://shop@127.0.0.1:1/shop")]);
    for command in ["serve", "migrate", "doctor"] {
        let done = app.cli(&[command]);
        let said = stdout(&done) + &stderr(&done);
        assert_eq!(done.status.code(), Some(1), "{said}");
        assert!(said.contains("Set AFTERCARE_SECRET"), "{said}");
    }
}
