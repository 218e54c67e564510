//! The main job with a real Vendure shop: its customers order and its staff ship and refund, all through Vendure's own
//! GraphQL, and the mails arrive in real mailboxes. Either side is killed in between, and nothing is lost.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::Value;
use stories::app::{App, Settings};
use stories::mail_server::{self, MailServer};
use stories::mime_reader::Mail;
use stories::vendure::{API_KEY, Placed, Shop};
use stories::{npm, process};

/// Longer than anything that comes in the end.
const LONG: Duration = Duration::from_secs(120);

/// The program and a shop that is connected to it.
struct Pair {
    app: App,
    key: String,
    shop: Shop,
}

impl Pair {
    /// The pair that these stories share, one after another: a shop takes its time to open.
    fn shared() -> (&'static Pair, MutexGuard<'static, ()>) {
        static SHARED: OnceLock<Pair> = OnceLock::new();
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        (SHARED.get_or_init(Pair::started), turn)
    }

    fn started() -> Pair {
        let mail = MailServer::shared().unwrap();
        let app = App::start(Settings {
            mail_url: Some(mail.submission_url()),
            env: vec![("AFTERCARE_MAIL_FROM".into(), "Tea <orders@example.test>".into())],
            ..Settings::default()
        });
        let said = app.cli_ok(&["connect", "vendure", "--name", "Tea shop"]);
        let made: Value = serde_json::from_str(&said).unwrap();
        let shop = Shop::open(made["webhook_url"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let key = app.cli_ok(&["keys", "create", "--name", "story", "--scope", "orders:read"]);
        Pair { app, key, shop }
    }

    /// The order as our API tells it, once it is as `is_so` wants it.
    fn becomes(&self, order: &Placed, is_so: impl Fn(&Value) -> bool) -> Value {
        let bearer = format!("Bearer {}", self.key);
        let found = || {
            let list =
                self.app.request("GET", "/v1/orders?limit=100", &[("Authorization", &bearer)], b"").ok()?;
            let list = list.json()["data"].as_array()?.clone();
            list.into_iter().find(|told| told["number"] == order.code.as_str() && is_so(told))
        };
        process::wait_for(LONG, found).unwrap_or_else(|| {
            panic!("{order:?} never becomes so\n{}\n{}", self.shop.logs(), self.app.logs())
        })
    }

    /// Waits until the order's page says `words` in its first heading.
    fn page_says(&self, page: &str, words: &str) -> String {
        let path = &page[page.find("/o/").unwrap()..];
        let read = || Some(self.app.get(path, &[]).text()).filter(|page| first_heading(page).contains(words));
        process::wait_for(LONG, read).unwrap_or_else(|| {
            panic!("never {words}: {}\n{}", self.app.get(path, &[]).text(), self.shop.logs())
        })
    }
}

fn first_heading(page: &str) -> &str {
    let after = page.split_once("<h1>").map_or("", |(_, after)| after);
    after.split_once("</h1>").map_or("", |(heading, _)| heading)
}

/// An amount of euros, whichever language writes it.
fn has_amount(text: &str, whole: u32, cents: u32) -> bool {
    [".", ","].iter().any(|point| text.contains(&format!("{whole}{point}{cents:02}")))
}

/// The mails about this order, once there are as many as that.
fn mails_about(order: &Placed, mailbox: &str, count: usize) -> Vec<Mail> {
    let mails = MailServer::shared().unwrap().wait_for(mailbox, count, LONG);
    assert!(mails.iter().all(|mail| mail.header("Subject").contains(&order.code)), "{mailbox}");
    mails
}

#[test]
fn a_shop_orders_ships_refunds_and_cancels_and_its_customers_are_told() {
    if !mail_server::wanted() {
        return;
    }
    let (pair, _turn) = Pair::shared();
    let (shop, mut staff) = (&pair.shop, pair.shop.staff());

    let order = shop.customer("en").orders_tea(("Amina", "Khan"), "vendure-amina@example.test");
    let told = pair.becomes(&order, |told| told["payment"] == "authorized");
    assert_eq!((&told["currency"], &told["totals"]["total"]), (&"EUR".into(), &6_840.into()));
    assert_eq!((&told["totals"]["shipping"], &told["totals"]["tax"]), (&490.into(), &1_014.into()));
    let confirmation = &mails_about(&order, "vendure-amina", 1)[0];
    let text = confirmation.text();
    for words in ["Amina", "First Flush Darjeeling", "100 g", "Glass teapot", "Hauptstraße 1", "50667", "€"]
    {
        assert!(text.contains(words), "no {words} in {text}");
    }
    for (whole, cents) in [(24, 0), (39, 50), (4, 90), (68, 40), (10, 14)] {
        assert!(has_amount(&text, whole, cents), "no {whole}.{cents:02} in {text}");
    }

    let page = text.split_whitespace().find(|word| word.contains("/o/")).unwrap().to_owned();
    staff.takes_the_money(&order);
    pair.becomes(&order, |told| told["payment"] == "paid");
    let parcel = staff.sends_it(&order);
    pair.page_says(&page, "On its way");
    staff.says_it_arrived(&parcel);
    pair.page_says(&page, "Delivered");
    // What a product is called today is no news to those who bought it under another name.
    staff.renames_the_teapot();
    staff.gives_one_packet_back(&order);
    pair.becomes(&order, |told| told["payment"] == "partially_refunded");
    let page = pair.page_says(&page, "Delivered");
    assert!(page.contains("Glass teapot") && has_amount(&page, 12, 0), "{page}");
    let mails = mails_about(&order, "vendure-amina", 4);
    let subjects: Vec<String> = mails.iter().map(|mail| mail.header("Subject")).collect();
    assert!(subjects.iter().any(|subject| subject.ends_with("is on its way")), "{subjects:?}");
    assert!(subjects.iter().any(|subject| subject.ends_with("is there")), "{subjects:?}");
    assert!(subjects.iter().any(|subject| has_amount(subject, 12, 0)), "{subjects:?}");

    let german = shop.customer("de").orders_tea(("Jörg", "Öztürk"), "vendure-joerg@example.test");
    let told = pair.becomes(&german, |told| told["locale"] == "de");
    assert_eq!(told["lines"][1]["title"], "Teekanne aus Glas");
    mails_about(&german, "vendure-joerg", 1);
    staff.corrects_the_address(&german, "vendure-oeztuerk@example.test");
    pair.becomes(&german, |told| told["customer"]["email"] == "vendure-oeztuerk@example.test");
    staff.cancels(&german);
    let told = pair.becomes(&german, |told| told["status"] == "cancelled");
    assert_eq!((&told["locale"], told["lines"].as_array().map(Vec::len)), (&"de".into(), Some(2)));
    mails_about(&german, "vendure-oeztuerk", 1);

    changed_orders_are_read_page_by_page(shop, &[&order, &german]);
    assert_eq!(
        mails_about(&order, "vendure-amina", 4).len(),
        4,
        "a confirmation, two about the parcel and a refund"
    );
}

/// Whoever reads on and on has seen the newest state of every order, and then nothing more.
fn changed_orders_are_read_page_by_page(shop: &Shop, placed: &[&Placed]) {
    assert_eq!(shop.changed_orders("another key, and just as long", "").status, 401);
    for wrong in ["?limit=0", "?limit=101", "?since=yesterday", "?after=!!", "?limit=1&limit=2"] {
        assert_eq!(shop.changed_orders(API_KEY, wrong).status, 400, "{wrong}");
    }
    let (mut query, mut pages, mut newest) = ("?limit=1".to_owned(), 0, std::collections::BTreeMap::new());
    loop {
        let page = shop.changed_orders(API_KEY, &query).json();
        for order in page["data"].as_array().unwrap() {
            newest.insert(order["number"].as_str().unwrap().to_owned(), order.clone());
        }
        pages += 1;
        assert!(pages < 100, "no end of pages");
        query = format!("?limit=1&after={}", page["next"].as_str().unwrap());
        if page["has_more"] == false {
            break;
        }
    }
    assert!(pages > 2, "each change is a place to go on from");
    assert_eq!(newest[&placed[0].code]["payment"], "partially_refunded");
    assert_eq!(newest[&placed[0].code]["fulfilment"], "delivered");
    assert_eq!(newest[&placed[0].code]["refunds"][0]["amount"], 1_200);
    assert_eq!(newest[&placed[1].code]["cancel_reason"], "Sold out");
    let rest = shop.changed_orders(API_KEY, &query).json();
    assert_eq!((rest["data"].as_array().map(Vec::len), &rest["has_more"]), (Some(0), &false.into()));
    let future = shop.changed_orders(API_KEY, "?since=2999-01-01T00:00:00Z").json();
    assert_eq!(future["data"].as_array().map(Vec::len), Some(0));
}

#[test]
fn neither_our_death_nor_the_shops_loses_an_order() {
    if !mail_server::wanted() {
        return;
    }
    let (pair, _turn) = Pair::shared();
    let mailboxes = ["vendure-one", "vendure-two", "vendure-three"];
    let orders = |mailbox: &str| {
        pair.shop.customer("en").orders_tea(("Ann", "Buyer"), &format!("{mailbox}@example.test"))
    };
    pair.app.kill9();
    let mut placed = vec![orders(mailboxes[0]), orders(mailboxes[1])];
    pair.app.restart();
    for (order, mailbox) in placed.iter().zip(mailboxes) {
        mails_about(order, mailbox, 1);
    }

    // Nobody listens, and the shop is gone a moment after the customer has her answer.
    pair.app.kill9();
    placed.push(orders(mailboxes[2]));
    pair.shop.kill9();
    pair.shop.restart();
    pair.app.restart();
    mails_about(&placed[2], mailboxes[2], 1);
    for (order, mailbox) in placed.iter().zip(mailboxes) {
        pair.becomes(order, |told| told["payment"] == "authorized");
        assert_eq!(mails_about(order, mailbox, 1).len(), 1, "told once: {mailbox}");
    }

    // Nobody listens, and somebody empties the shop's queue: only the shop's own list still knows of the order.
    pair.app.kill9();
    let lost = orders("vendure-four");
    pair.shop.staff().empties_the_queue();
    pair.app.restart();
    let url = pair.shop.url();
    pair.app.cli_ok(&["connect", "vendure", "--name", "Tea shop", "--api-url", &url, "--api-key", API_KEY]);
    mails_about(&lost, "vendure-four", 1);
}

#[test]
fn the_plugins_own_tests_pass_and_its_package_holds_what_it_needs() {
    if !mail_server::wanted() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../connectors/vendure");
    npm::run(Command::new("node").arg("--test").current_dir(&folder));
    let mut pack = Command::new("npm");
    pack.args(["pack", "--dry-run", "--json"]).current_dir(&folder);
    let said = pack.output().expect("npm can be run");
    let told = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && !told.to_lowercase().contains("warn"), "{told}");
    let packed: Value = serde_json::from_slice(&said.stdout).unwrap();
    let packed = packed.get(0).unwrap_or_else(|| &packed["@aftercare/vendure-plugin"]);
    let files = packed["files"].as_array().unwrap();
    let mut files: Vec<&str> = files.iter().map(|file| file["path"].as_str().unwrap()).collect();
    files.sort_unstable();
    let source = fs::read_dir(folder.join("src")).unwrap().flatten();
    let mut expected: Vec<String> =
        source.map(|file| format!("src/{}", file.file_name().to_string_lossy())).collect();
    expected.extend(["LICENSE", "README.md", "index.d.ts", "index.js", "package.json"].map(str::to_owned));
    expected.sort_unstable();
    assert_eq!(files, expected);
}
