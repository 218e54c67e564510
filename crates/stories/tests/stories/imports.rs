//! Files in: everything that can be taken is, the rest is named, nothing is half-done, and nobody hears of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::Duration;

use db::Write;
use imports::{Count, ErrorFile, Maker, Setting};
use kernel::{Channel, Currency, CustomerId, Purpose, Result};
use messaging::decide::Why;
use orders::incoming::{OrderStatus, Version};
use serde_json::{Value, json};
use stories::app::{App, Settings, binary};
use stories::letters::OFFER;
use stories::process::{self, Folder};
use stories::stage::{Stage, at};
use stories::stories;
use world::samples::order;

use crate::kit::{Shop, all_orders, assert_no_half_orders, rows, shopify_order, with};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// The columns of our own table that the stories use.
const OURS: &str = "external_id,email,name,placed_at,currency,total,title,quantity,unit_price,sku\n";
const CONSENTS: &str = "email,phone,channel,granted,wording,at\n";

/// What became of a file, and what its error file says: `LINE COLUMN CODE`.
#[derive(Debug)]
pub struct Imported {
    pub count: Count,
    pub faults: Vec<String>,
}

/// Takes a file in, as `aftercare import` does.
pub async fn import(stage: &Stage, maker: Maker, source: &str, file: &[u8]) -> Imported {
    try_import(stage, maker, source, file).await.expect("the file can be read")
}

async fn try_import(stage: &Stage, maker: Maker, source: &str, file: &[u8]) -> Result<Imported> {
    let folder = Folder::fresh("import").expect("a folder can be made");
    let (path, errors) = (folder.join("file.csv"), folder.join("errors.csv"));
    fs::write(&path, file).expect("the folder can be written");
    let setting = Setting { source: source.to_owned(), currency: Currency::parse("GBP")? };
    let mut error_file = ErrorFile::at(&errors, false)?;
    let done = imports::import(&stage.house.db, &path, maker, &setting, &mut error_file, &mut |_| {}).await;
    let text = fs::read_to_string(&errors).unwrap_or_default();
    let fault = |line: &str| line.split(',').take(3).collect::<Vec<_>>().join(" ");
    Ok(Imported { count: done?, faults: text.lines().skip(1).map(fault).collect() })
}

async fn orders_in(stage: &Stage, source: &str, rows: &str) -> Imported {
    import(stage, imports::orders::shape, source, format!("{OURS}{rows}").as_bytes()).await
}

async fn consents_in(stage: &Stage, rows: &str) -> Imported {
    import(stage, imports::consents::shape, "import", format!("{CONSENTS}{rows}").as_bytes()).await
}

/// The newest answer of a customer about marketing on a channel, as the ledger's reader tells it.
async fn answer(stage: &Stage, customer: &CustomerId, channel: Channel) -> Option<bool> {
    let id = customer.clone();
    let person = stage.house.db.read("story.person", move |r| customers::person(r, &id)).await.unwrap();
    let mut told = person.consents.iter().map(|answer| &answer.consent);
    let about =
        |consent: &&customers::Consent| consent.channel == channel && consent.purpose == Purpose::Marketing;
    told.find(about).map(|consent| consent.granted)
}

/// The person says no here, by themselves.
async fn says_no(stage: &Stage, customer: &CustomerId, channel: Channel) {
    let (id, said_at) = (customer.clone(), stage.now());
    let no = move |w: &mut Write<'_>| {
        let consent = customers::Consent {
            channel,
            purpose: Purpose::Marketing,
            granted: false,
            wording: None,
            said_at,
        };
        customers::record_consent(w, &id, &consent, "you_updates").map(|_| ())
    };
    stage.house.db.write("story.no", no).await.unwrap();
}

/// The address unsubscribes with one click, before anybody is known there.
async fn unsubscribes(stage: &Stage, address: &'static str) {
    let unsubscribed = customers::SuppressionReason::Unsubscribed;
    let write =
        move |w: &mut Write<'_>| customers::suppress(w, Channel::Email, address, unsubscribed, "one_click");
    stage.house.db.write("story.unsubscribe", write).await.unwrap();
}

/// The one customer at this address.
async fn holder(stage: &Stage, address: &'static str) -> CustomerId {
    let read = move |r: &mut db::Read<'_>| customers::everybody_at(r, Channel::Email, address);
    let mut holders = stage.house.db.read("story.holder", read).await.unwrap();
    assert_eq!(holders.len(), 1);
    holders.remove(0)
}

/// Why an offer was sent, or was not.
async fn offered(stage: &Stage, customer: &CustomerId) -> String {
    stage.say(customer, OFFER, "an offer").await;
    stage.messages().await.pop().expect("a message").reason
}

/// Shopify's export of the order that its payload tells, placed on the day on which stories begin.
fn export_of(order: &Value) -> String {
    let text = |pointer: &str| order.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let created = text("/created_at").replace('T', " ").replace("+01:00", " +0100");
    format!(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,\
         Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,\
         Billing Name,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,Shipping Country,Notes,Vendor,Id,\
         Tags,Phone\n\
         {},{},paid,{created},,yes,EUR,36.00,5.00,6.67,41.00,WELCOME10,4.00,{created},2,Merino tee - M / green,20.00,\
         TEE-M-GRN,Ann Buyer,Ann Buyer,Ringstraße 1,Wien,'1010,AT,,Example,{},first-order,'+4315550100\n",
        text("/name"),
        text("/email"),
        order["id"]
    )
}

stories! {
    async fn a_list_of_suppressions_only_adds(stage: &Stage) {
        let suppressed = |address: &'static str| stage.house.db.read("story.suppressed", move |r| {
            Ok(customers::suppression_history(r, Channel::Email, address)?.len())
        });
        let own = |w: &mut Write<'_>| {
            customers::suppress(w, Channel::Email, "amina@example.test", customers::SuppressionReason::Unsubscribed, "one_click")
        };
        stage.house.db.write("story.own", own).await.unwrap();
        let file = "email,phone,reason\namina@example.test,,\n,+447700900123,stopped\nLiu@Example.test,,Complained\nx@example.test,,stopped\n,,complained\n,,bored\n";
        let imported = import(stage, imports::suppressions::shape, "import", file.as_bytes()).await;
        assert_eq!((imported.count.added, imported.count.known, imported.count.refused), (2, 1, 3), "{imported:?}");
        assert_eq!(imported.faults[..2], ["5 reason no_text", "6 email missing"], "{imported:?}");
        assert_eq!((suppressed("amina@example.test").await.unwrap(), suppressed("liu@example.test").await.unwrap()), (1, 1));
        let again = import(stage, imports::suppressions::shape, "import", file.as_bytes()).await;
        assert_eq!((again.count.added, again.count.known), (0, 3));
    }

    async fn an_imported_order_is_history_and_nobody_hears_of_it(stage: &Stage) {
        let file = "A1,dora@example.test,Dora Quill,2026-11-20T09:00:00Z,GBP,27.90,Tea,2,12.00,T1\n\
                    A1,,,,,,Tin,1,3.90,T2\n";
        let done = orders_in(stage, "web", file).await;
        assert_eq!((done.count.added, done.count.refused, done.count.rows), (1, 0, 2), "{done:?}");
        stage.pass(HOUR).await;
        let stored = all_orders(stage).await.remove(0);
        assert_eq!((stored.is_history, stored.order.lines.len()), (true, 2));
        assert_eq!(stored.order.customer.name.as_deref(), Some("Dora Quill"));
        let mut events = stage.events().await;
        events.sort();
        assert_eq!(events, ["order.paid", "order.placed"]);
        // What is heard of it later is stored and not told: another system spoke to this customer.
        let mut cancelled = stored.order.clone();
        cancelled.status = OrderStatus::Cancelled;
        cancelled.version = Version { updated_at: stage.now(), triggered_at: None };
        stage.take(&cancelled).await;
        stage.pass(HOUR).await;
        assert_eq!(all_orders(stage).await[0].order.status, OrderStatus::Cancelled);
        assert!(stage.mails().await.is_empty() && stage.messages().await.is_empty());
    }

    async fn the_same_file_twice_changes_nothing_and_a_newer_version_does(stage: &Stage) {
        let file = "A1,dora@example.test,Dora Quill,2026-11-19,GBP,12.00,Tea,1,12.00,T1\n\
                    A2,,Nobody,2026-11-19,GBP,12.00,Tea,1,12.00,T1\n";
        assert_eq!(orders_in(stage, "web", file).await.count.added, 1);
        stage.settle().await;
        let before = rows(stage).await;
        let again = orders_in(stage, "web", file).await.count;
        stage.settle().await;
        assert_eq!((again.added, again.changed, again.known, again.refused), (0, 0, 1, 1));
        assert_eq!(rows(stage).await, before);
        let newer = format!("{}cancelled_at\n", OURS.replace('\n', ","))
            + "A1,dora@example.test,Dora Quill,2026-11-19,GBP,12.00,Tea,1,12.00,T1,2026-11-20\n";
        let changed = import(stage, imports::orders::shape, "web", newer.as_bytes()).await.count;
        assert_eq!((changed.changed, all_orders(stage).await.len()), (1, 1));
    }

    async fn shopifys_export_and_its_webhooks_are_one_order(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let source = shop.path.trim_start_matches("/hooks/").replace('/', ":");
        let told = shopify_order("orders/create");
        stage.pass(HOUR).await;
        let done = import(stage, imports::orders::shape, &source, export_of(&told).as_bytes()).await;
        assert_eq!((done.count.added, done.faults), (1, Vec::new()));
        let stored = all_orders(stage).await.remove(0);
        assert_eq!((stored.order.external_id.as_str(), stored.order.number.as_str()), ("6001", "#1001"));
        let totals = stored.order.totals;
        assert_eq!((totals.subtotal, totals.discount, totals.tax_included), (4_000, 400, true));
        assert_eq!(totals.computed(), totals.total);
        let address = stored.order.shipping_address.clone().unwrap();
        assert_eq!((address.postcode.as_deref(), address.country.as_str()), (Some("1010"), "AT"));
        assert_eq!(stored.order.customer.phone.unwrap().as_str(), "+4315550100");
        shop.tell(stage, "orders/create", "w1", &told).await;
        let paid = with(told, "/updated_at", json!("2026-11-20T11:30:00+01:00"));
        shop.tell(stage, "orders/updated", "w2", &paid).await;
        stage.pass(DAY).await;
        let all = all_orders(stage).await;
        assert_eq!((all.len(), all[0].order.lines[0].external_id.as_str()), (1, "5001"));
        assert_eq!(all[0].customer, stored.customer);
        assert!(stage.mails().await.is_empty());
        // The same export once more knows less than the platform told meanwhile.
        let again = import(stage, imports::orders::shape, &source, export_of(&paid).as_bytes()).await.count;
        assert_eq!((again.known, all_orders(stage).await), (1, all));
    }

    async fn a_file_changes_no_order_that_is_spoken_of_and_no_newer_name(stage: &Stage) {
        let taken = stage.take(&order(1, stage.now())).await;
        stage.settle().await;
        let before = stage.order(&taken.order).await;
        let file = "1,amina@example.test,Amina Before,2026-11-20T10:00:00Z,GBP,12.00,Tea,1,12.00,T1\n\
                    0,amina@example.test,Amina Before,2024-11-20T10:00:00Z,GBP,12.00,Tea,1,12.00,T1\n";
        let done = orders_in(stage, "web", file).await.count;
        assert_eq!((done.known, done.added), (1, 1));
        assert_eq!(stage.order(&taken.order).await, before);
        let id = before.customer.clone();
        let person = stage.house.db.read("story.person", move |r| customers::person(r, &id)).await.unwrap();
        assert_eq!(person.name.as_deref(), Some("Amina Khan"));
        assert_eq!(all_orders(stage).await.iter().filter(|order| order.customer == before.customer).count(), 2);
    }

    async fn what_is_wrong_is_named_row_by_row_and_the_rest_is_taken(stage: &Stage) {
        let many = "M,m@example.test,,2026-11-19,GBP,1.00,Tea,1,1.00,T\n".to_owned()
            + &"M,,,,,,Tea,1,1.00,T\n".repeat(500);
        let table: Vec<(&str, &[&str])> = vec![
            ("W1,w@example.test,,2026-11-19,EURO,12.00,Tea,1,12.00,T\n", &["currency unknown_currency"]),
            ("W2,w@example.test,,2026-02-30,GBP,12.00,Tea,1,12.00,T\n", &["placed_at impossible_date"]),
            ("W3,w@example.test,,2026-12-30,GBP,12.00,Tea,1,12.00,T\n", &["placed_at impossible_date"]),
            ("W4,w@example.test,,2026-11-19,GBP,\"1.234,50\",Tea,1,12.00,T\n", &["total ambiguous_amount"]),
            ("W5,w@example.test,,2026-11-19,GBP,12.00,Tea,0,-1,T\n", &["quantity out_of_range", "unit_price out_of_range"]),
            ("W6,w@example.test,,2026-11-19,GBP,12.00,Te\0a,1,12.00,T\n", &["title nul_byte"]),
            ("W7,,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n", &["email no_contact"]),
            ("W8,not an address,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n", &["email not_an_email"]),
            (",w@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n", &["external_id missing"]),
            ("W12,w@example.test,,2026-11-19,GBP,13.00,Tea,1,12.00,T\n,,,,,,Tin,1,1.00,T\n", &["external_id missing"]),
            ("W9,w@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00\n", &[" wrong_number_of_cells"]),
            ("W10,w@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\nW10,,,,USD,,Tin,1,1.00,T\n", &["currency contradiction"]),
            ("W11,w@example.test,,2026-11-19,GBP,12.00,Tea,1,6.00,T\nW11,,,,,,Tin,1,1.00,T\nW11,,,,,,Tin,1,1.00,T\n", &[" doubled_row"]),
            (&many, &[" too_many_lines"]),
        ];
        for (file, expected) in table {
            let good = "G,good@example.test,=1+1,2026-11-19,GBP,12.00,=cmd()!A1,1,12.00,@SUM\n";
            let done = orders_in(stage, "web", &format!("{file}{good}")).await;
            let named: Vec<_> = done.faults.iter().map(|fault| fault.split_once(' ').unwrap().1).collect();
            assert_eq!(named, expected, "{file}");
            assert_eq!((done.count.refused, done.count.added + done.count.known), (1, 1), "{file}");
        }
        let all = all_orders(stage).await;
        assert_eq!(all.len(), 1, "only the good order was taken");
        assert_eq!(all[0].order.lines[0].title, "=cmd()!A1", "a formula is the characters it is made of");
        assert_no_half_orders(stage).await;
    }

    async fn rows_that_stand_twice_count_once_and_a_torn_order_is_left_out(stage: &Stage) {
        let file = "A1,a@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n\
                    A2,b@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n\
                    A1,a@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n\
                    A3,c@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n\
                    A4,d@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n\
                    A3,,,,,,Tin,1,1.00,T\n";
        let done = orders_in(stage, "web", file).await;
        assert_eq!(done.faults, ["4  doubled_row", "5  rows_not_together", "7  rows_not_together"]);
        let count = done.count;
        assert_eq!((count.added, count.doubled_rows, count.refused, count.done), (3, 1, 2, 6));
        let mut ids: Vec<_> = all_orders(stage).await.into_iter().map(|order| order.order.external_id).collect();
        ids.sort();
        assert_eq!(ids, ["A1", "A2", "A4"]);
    }

    async fn a_file_that_can_not_be_read_leaves_nothing(stage: &Stage) {
        let good = format!("{OURS}A1,a@example.test,,2026-11-19,GBP,12.00,Tea,1,12.00,T\n");
        let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let windows = [good.as_bytes(), b"A2,b@example.test,Zo\xeb,2026-11-19,GBP,12.00,Tea,1,12.00,T\n"].concat();
        let table: [(&[u8], &str); 5] = [
            (&utf16, "UTF-16"),
            (&windows, "on line 3"),
            (b"", "no header"),
            (b"colour,size\nred,1\n", "external_id"),
            (b"external_id,external_id\n", "twice"),
        ];
        let before = rows(stage).await;
        for (file, said) in table {
            let error = try_import(stage, imports::orders::shape, "web", file).await.unwrap_err();
            assert!(error.words().contains(said), "{said}: {error}");
        }
        assert_eq!(rows(stage).await, before);
        let spreadsheet = good.replace(',', ";").replace("12.00", "12,00").replace('\n', "\r\n");
        let done = import(stage, imports::orders::shape, "web", format!("\u{feff}{spreadsheet}").as_bytes()).await;
        assert_eq!((done.count.added, done.faults), (1, Vec::new()));
    }

    async fn an_old_list_imported_over_unsubscribes_changes_none(stage: &Stage) {
        let amina = stage.order(&stage.take(&order(1, stage.now())).await.order).await.customer;
        stage.pass(HOUR).await;
        for channel in [Channel::Email, Channel::Sms] {
            says_no(stage, &amina, channel).await;
        }
        unsubscribes(stage, "gone@example.test").await;
        stage.pass(DAY).await;
        // Older than the no, newer than it, by the number alone, and for somebody who was here before their account.
        let list = "amina@example.test,,email,yes,Send me news,2024-05-01\n\
                    amina@example.test,,email,yes,Send me news,2026-11-21T10:30:00Z\n\
                    amina@example.test,+447700900123,sms,yes,Text me news,2024-05-01\n\
                    ,+447700900123,sms,yes,Text me news,2026-11-21T10:30:00Z\n\
                    gone@example.test,,email,yes,Send me news,2026-11-21T10:30:00Z\n\
                    new@example.test,,email,yes,Send me news,2024-05-01\n";
        let done = consents_in(stage, list).await;
        assert_eq!((done.count.added, done.faults), (6, Vec::new()));
        for channel in [Channel::Email, Channel::Sms] {
            assert_eq!(answer(stage, &amina, channel).await, Some(false), "{channel:?}");
        }
        assert_eq!(offered(stage, &amina).await, Why::NotOptedIn.words());
        let (gone, new) = (holder(stage, "gone@example.test").await, holder(stage, "new@example.test").await);
        assert_eq!(answer(stage, &gone, Channel::Email).await, Some(true), "the ledger keeps what the list says");
        assert_eq!(offered(stage, &gone).await, Why::Unsubscribed.words());
        assert_eq!(offered(stage, &new).await, Why::ShopDefault.words(), "who never said no is not lost");
        let before = rows(stage).await;
        assert_eq!(consents_in(stage, list).await.count.known, 6);
        assert_eq!(rows(stage).await, before, "the same list twice adds nothing");
    }

    async fn a_no_counts_for_everybody_who_is_reached_there(stage: &Stage) {
        let amina = stage.order(&stage.take(&order(1, stage.now())).await.order).await.customer;
        let mut guest = order(2, stage.now());
        guest.customer = orders::incoming::IncomingCustomer {
            external_id: Some("c2".to_owned()),
            phone: guest.customer.phone,
            ..Default::default()
        };
        let guest = stage.order(&stage.take(&guest).await.order).await.customer;
        assert_ne!(amina, guest);
        stage.pass(HOUR).await;
        let yes = consents_in(stage, ",+447700900123,sms,yes,Text me,2026-11-20T10:30:00Z\n").await;
        assert_eq!(yes.faults, ["2 phone several_people"]);
        let no = consents_in(stage, ",+447700900123,sms,no,,2026-11-20T10:30:00Z\n").await;
        assert_eq!((no.count.added, no.faults), (1, Vec::new()));
        for customer in [&amina, &guest] {
            assert_eq!(answer(stage, customer, Channel::Sms).await, Some(false));
        }
    }

    async fn a_yes_needs_its_proof_and_an_answer_its_date(stage: &Stage) {
        let list = "a@example.test,,email,yes,,2024-05-01\n\
                    a@example.test,,email,yes,Send me news,\n\
                    a@example.test,,sms,yes,Text me,2024-05-01\n\
                    a@example.test,,fax,maybe,Send me,2099-05-01\n\
                    b@example.test,,email,no,,2024-05-01\n";
        let done = consents_in(stage, list).await;
        let expected = [
            "2 wording no_proof",
            "3 at missing",
            "4 phone missing",
            "5 channel unknown_channel",
            "5 granted not_yes_or_no",
            "5 at impossible_date",
        ];
        assert_eq!((done.faults, done.count.added), (expected.map(str::to_owned).to_vec(), 1));
        let zero = at("2026-11-20T10:00:00Z");
        assert_eq!(stage.now(), zero, "an import takes no time of the shop");
    }
}

/// Orders of fifty lines each, in our own columns.
fn long_file(orders: usize) -> String {
    let mut file = OURS.to_owned();
    for number in 0..orders {
        file += &format!("L{number},p{}@example.test,,2026-01-02,GBP,50.00,Tea 0,1,1.00,T0\n", number % 97);
        for line in 1..50 {
            file += &format!("L{number},,,,,,Tea {line},1,1.00,T{line}\n");
        }
    }
    file
}

#[test]
fn an_import_of_a_hundred_thousand_rows_that_is_killed_goes_on_where_it_was() {
    let app = App::idle(Settings::default());
    fs::write(app.file("long.csv"), long_file(2_000)).unwrap();
    app.cli_ok(&["migrate"]);
    let size = |name: &str| fs::metadata(app.file(name)).map_or(0, |file| file.len());
    let bytes = || size("aftercare.db") + size("aftercare.db-wal");
    let empty = bytes();
    let mut import = process::mortal(binary());
    import.args(["import", "orders", "long.csv"]).current_dir(app.file(".")).stdin(Stdio::null());
    import.env("AFTERCARE_DATABASE_URL", "sqlite:aftercare.db").stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = process::spawn(import).unwrap();
    let begun = || bytes() > empty + 1_000_000;
    process::wait_for(Duration::from_secs(60), || begun().then_some(())).expect("the import begins");
    running.kill().unwrap();
    running.wait().unwrap();
    let summary: Value = serde_json::from_str(&app.cli_ok(&["import", "orders", "long.csv"])).unwrap();
    let number = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!((number("rows"), number("refused"), &summary["errors"]), (100_000, 0, &Value::Null));
    assert!(number("known") > 0 && number("added") + number("known") == 2_000, "{summary}");
    let again: Value = serde_json::from_str(&app.cli_ok(&["import", "orders", "long.csv"])).unwrap();
    assert_eq!((again["added"].as_u64(), again["known"].as_u64()), (Some(0), Some(2_000)));
}

#[test]
fn the_error_file_is_for_its_owner_and_holds_no_values_unless_asked() {
    let app = App::idle(Settings::default());
    let file = format!("{OURS}=A1,secret@example.test,,2026-11-19,DOGE,12.00,Tea,1,12.00,T\n");
    fs::write(app.file("past.csv"), file).unwrap();
    let done = app.cli(&["import", "orders", "past.csv"]);
    assert_eq!(done.status.code(), Some(1));
    let summary: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(
        (summary["refused"].as_u64(), summary["errors"].as_str()),
        (Some(1), Some("past.csv.errors.csv"))
    );
    let errors = app.file("past.csv.errors.csv");
    let text = fs::read_to_string(&errors).unwrap();
    assert!(text.contains("2,currency,unknown_currency,") && !text.contains("secret"), "{text}");
    assert!(!String::from_utf8_lossy(&done.stderr).contains("secret"));
    assert_eq!(fs::metadata(&errors).unwrap().permissions().mode() & 0o777, 0o600);
    app.cli(&["import", "orders", "past.csv", "--with-rows"]);
    let text = fs::read_to_string(&errors).unwrap();
    assert!(text.contains("secret@example.test") && text.contains(",'=A1,"), "{text}");
    // No other file is written over, least of all the one that is imported.
    let same = app.cli(&["import", "orders", "past.csv", "--errors", "past.csv"]);
    assert_eq!(same.status.code(), Some(1));
    assert!(fs::read_to_string(app.file("past.csv")).unwrap().contains("secret@example.test"));
    // Mended, it is taken in, and what was wrong is gone.
    fs::write(app.file("past.csv"), format!("{OURS}=A1,secret@example.test,,2026-11-19,GBP,12,Tea,1,12,T\n"))
        .unwrap();
    assert_eq!(app.cli(&["import", "orders", "past.csv"]).status.code(), Some(0));
    assert!(!errors.exists());
}

#[test]
fn shopifys_export_is_never_stored_where_its_webhooks_would_not_find_it() {
    let app = App::idle(Settings::default());
    fs::write(app.file("export.csv"), export_of(&shopify_order("orders/create"))).unwrap();
    let lost = app.cli(&["import", "orders", "export.csv"]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&lost.stderr).contains("--connection"));
    app.cli_ok(&["connect", "shopify", "--name", "North"]);
    let summary: Value = serde_json::from_str(&app.cli_ok(&["import", "orders", "export.csv"])).unwrap();
    assert!(summary["source"].as_str().unwrap().starts_with("shopify:con_"), "{summary}");
    app.cli_ok(&["connect", "shopify", "--name", "South"]);
    assert_eq!(app.cli(&["import", "orders", "export.csv"]).status.code(), Some(1));
    let named = app.cli_ok(&["import", "orders", "export.csv", "--connection", "North"]);
    assert_eq!(serde_json::from_str::<Value>(&named).unwrap()["known"].as_u64(), Some(1));
    assert_eq!(app.cli(&["import", "orders", "export.csv", "--connection", "West"]).status.code(), Some(1));
    let both = ["import", "orders", "export.csv", "--connection", "North", "--source", "web"];
    assert_eq!(app.cli(&both).status.code(), Some(2));
}
