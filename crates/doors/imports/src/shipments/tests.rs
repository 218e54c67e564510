use kernel::Currency;

use super::parcel::{Item, items, parcel};
use super::*;

const SOURCE: &str = "web";

fn now() -> Timestamp {
    Timestamp::parse("2026-11-27T10:00:00Z").expect("a time")
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn dialect(names: &[&str]) -> Dialect {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    Dialect { delimiter: b',', begins_at: 0, names }
}

fn setting() -> Setting {
    Setting { source: SOURCE.to_owned(), currency: Currency::parse("GBP").expect("a currency") }
}

/// Rows from line 2 on, with a bar between cells.
fn rows(text: &str) -> Vec<Row> {
    let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect();
    text.lines().zip(2..).map(|(row, line)| Row { line, cells: cells(row), flaw: None }).collect()
}

fn header(names: &str) -> Header {
    let names: Vec<String> = names.split('|').map(|name| name.trim().to_owned()).collect();
    Header::translated(&names, columns::meant, &[]).expect("a header")
}

fn read(names: &str, row: &str) -> Result<parcel::Parcel, Vec<Fault>> {
    let (header, rows) = (header(names), rows(row));
    let mut cells = Cells::strict(&header, &rows[0], false);
    let read = parcel(&mut cells, SOURCE, now());
    let faults = cells.faults();
    if faults.is_empty() { Ok(read.expect("a parcel without a fault")) } else { Err(faults) }
}

fn faults(names: &str, text: &str) -> Vec<String> {
    let names: Vec<&str> = names.split('|').map(str::trim).collect();
    let shape = shape(&dialect(&names), &setting()).expect("a header");
    let faults = shape.read(&rows(text), now()).err().unwrap_or_default();
    faults.iter().map(|fault| format!("{} {} {}", fault.line, fault.column, fault.code)).collect()
}

#[test]
fn what_a_service_exports_is_read_as_the_api_takes_it() {
    let read = read(
        "Order Number | Tracking Number | Carrier | Tracking Link | Ship Date | ETA | Status | Status Date",
        "#1042 | AB123456785GB | Royal Mail | https://track.example/1 | 2026-11-23 14:00:00 +0000 | \
         2026-11-25 | Out for delivery | 2026-11-25T07:00:00Z",
    );
    let read = read.expect("a parcel");
    assert_eq!((read.order, read.order_number.as_deref(), read.external_id), (None, Some("#1042"), None));
    let told = read.told;
    assert_eq!(told.tracking.number.as_deref(), Some("AB123456785GB"));
    assert_eq!(told.tracking.carrier_name.as_deref(), Some("Royal Mail"));
    assert_eq!(told.tracking.url.as_deref(), Some("https://track.example/1"));
    assert_eq!((told.shipped_at, told.updated_at), (at("2026-11-23T14:00:00Z"), at("2026-11-25T07:00:00Z")));
    assert_eq!(
        told.expected.map(|days| (days.from.to_string(), days.from == days.to)),
        Some(("2026-11-25".to_owned(), true))
    );
    assert_eq!((told.scans.len(), told.scans[0].state), (1, kernel::parcel::State::OutForDelivery));
    assert!(!told.is_cancelled && told.lines.is_empty());
}

#[test]
fn a_state_counts_from_its_moment_and_one_without_a_scan_makes_none() {
    use kernel::parcel::State;
    let names = "order|tracking|shipped_at|state|state_at|delivered_at";
    let scans = |state: &str| {
        let read = read(names, &format!("1|N1|2026-11-20|{state}")).expect("a parcel");
        let scans: Vec<_> = read.told.scans.iter().map(|scan| (scan.state, scan.at)).collect();
        (scans, read.told.is_cancelled)
    };
    let (left, came) = (at("2026-11-20T00:00:00Z"), at("2026-11-23T00:00:00Z"));
    assert_eq!(scans("shipped||"), (vec![], false));
    assert_eq!(scans("||"), (vec![], false));
    assert_eq!(scans("cancelled||"), (vec![], true));
    assert_eq!(scans("In Transit||"), (vec![(State::InTransit, left)], false));
    assert_eq!(scans("Delivered|2026-11-23|"), (vec![(State::Delivered, came)], false));
    assert_eq!(scans("Delivered|2026-11-24|2026-11-23"), (vec![(State::Delivered, came)], false));
    assert_eq!(scans("||2026-11-23"), (vec![(State::Delivered, came)], false));
    assert_eq!(faults(names, "1|N1|2026-11-20|delivered||"), ["2 state_at missing"]);
    assert_eq!(faults(names, "1|N1|2026-11-20|lost in space||"), ["2 state unknown_state"]);
}

#[test]
fn a_header_says_which_order_which_parcel_and_when_it_left() {
    let refused = |names: &[&str]| match shape(&dialect(names), &setting()) {
        Ok(_) => String::new(),
        Err(error) => error.words().to_owned(),
    };
    assert_eq!(refused(&["Order Number", "Tracking Number", "Ship Date"]), "");
    assert_eq!(refused(&["order", "external_id", "shipped_at"]), "");
    for (names, lacks) in [
        (&["order", "tracking_number"][..], "shipped_at"),
        (&["tracking_number", "shipped_at"], "order or order_number"),
        (&["order", "shipped_at"], "external_id or tracking_number"),
        (&["order", "tracking_number", "shipped_at", "sku"], "quantity"),
        (
            &["order", "tracking_number", "Tracking", "shipped_at"],
            "tracking_number and Tracking mean the same",
        ),
    ] {
        assert!(refused(names).contains(lacks), "{lacks}: {}", refused(names));
    }
}

#[test]
fn rows_of_one_parcel_are_its_lines_and_say_the_rest_once() {
    let names = "order|tracking|shipped_at|carrier|sku|line|quantity";
    let text = "1|N1|2026-11-20|UPS|TEA-1||2\n1|N1||||l2|1";
    let mut found = Vec::new();
    let told = items(&header(names), &rows(text), &mut found);
    let item = |row, line: Option<&str>, sku: Option<&str>, quantity| Item {
        row,
        line: line.map(str::to_owned),
        sku: sku.map(str::to_owned),
        quantity,
    };
    assert_eq!(told, [item(0, None, Some("TEA-1"), 2), item(1, Some("l2"), None, 1)]);
    assert!(found.is_empty() && faults(names, text).is_empty());
    assert!(
        faults(names, "1|N1|2026-11-20|UPS||||").is_empty(),
        "a parcel alone is everything that has not left"
    );
}

#[test]
fn every_fault_is_named_by_line_and_by_the_files_own_column() {
    let names = "Order ID|Tracking No|Ship Date|Courier|Tracking Link|SKU|Qty|ETA";
    for (text, expected) in [
        ("|N1|2026-11-20|||||", &["2 Order ID missing"][..]),
        ("1||2026-11-20|||||", &["2 Tracking No missing"]),
        ("1|4.2E+21|2026-11-20|||||", &["2 Tracking No not_a_number"]),
        ("1|4,21e+11|2026-11-20|||||", &["2 Tracking No not_a_number"]),
        ("1|-|2026-11-20|||||", &["2 Tracking No not_a_number"]),
        ("1|1E5|2026-11-20|||||", &[]),
        ("1|N1||||||", &["2 Ship Date missing"]),
        ("1|N1|20/11/2026|||||", &["2 Ship Date impossible_date"]),
        ("1|N1|2026-12-20|||||", &["2 Ship Date impossible_date"]),
        ("1|N1|2026-11-20||ftp://x|||", &["2 Tracking Link not_a_link"]),
        ("1|N1|2026-11-20|||T1||", &["2 Qty missing"]),
        ("1|N1|2026-11-20|||T1|0|", &["2 Qty out_of_range"]),
        ("1|N1|2026-11-20|||T1|1|\n1|N1|||||2|", &["3 SKU missing"]),
        ("1|N1|2026-11-20|UPS||T1|1|\n1|N1||DPD||T2|2|", &["3 Courier contradiction"]),
        ("1|N1|2026-11-20|||||soon", &["2 ETA not_a_date"]),
    ] {
        assert_eq!(faults(names, text), expected, "{text}");
    }
    let many = format!("1|N1|2026-11-20|||T|1|\n{}", "1|N1||||T|1|\n".repeat(MAX_LINES));
    assert_eq!(faults(names, &many), ["2  too_many_lines"]);
}
