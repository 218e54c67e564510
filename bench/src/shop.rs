//! A shop under load: the built program as a process over a database with a past, and the orders that come in.

use std::path::{Path, PathBuf};

use kernel::webhooks::{self, Secret};
use kernel::{Clock, Error, Result, SystemClock, Timestamp};
use rig::app::{App, Settings};
use serde_json::{Value, json};

/// Lines of an order, as in the workload.
const LINES: usize = 6;
/// What delivery costs, and the goods, in pence.
const SHIPPING: u64 = 395;
const GOODS: u64 = 10_800;
const TEAS: [&str; LINES] = [
    "First Flush Darjeeling",
    "Assam Breakfast Blend",
    "Jasmine Dragon Pearls",
    "Smoked Lapsang Souchong",
    "Peppermint and Liquorice",
    "Ceylon Orange Pekoe",
];

/// A running shop that an outside program posts its orders to.
pub struct Shop {
    /// The program.
    pub app: App,
    connection: String,
    secret: Secret,
    key: String,
    customers: u64,
}

impl Shop {
    /// Starts the program over `database` (SQLite by path, or a URL of PostgreSQL), sending to `mail_url`.
    pub fn start(database_url: String, mail_url: Option<String>, customers: u64) -> Result<Shop> {
        let settings = Settings {
            database_url: Some(database_url),
            mail_url,
            env: environment(),
            ..Settings::default()
        };
        let app = App::idle(settings);
        let connected: Value = serde_json::from_str(&app.cli_ok(&["connect", "generic", "--name", "bench"]))?;
        let word = |name: &str| connected[name].as_str().unwrap_or_default().to_owned();
        let (connection, secret) = (word("id"), Secret::parse(&word("secret"))?);
        let key = app.cli_ok(&["keys", "create", "--name", "bench", "--scope", "orders:write"]);
        app.restart();
        Ok(Shop { app, connection, secret, key, customers })
    }

    /// Its process.
    pub fn pid(&self) -> Result<u32> {
        self.app.pid().ok_or_else(|| Error::internal("the program has ended"))
    }

    /// The signed webhook that tells order `number`: head and body.
    pub fn webhook(&self, number: u64) -> Vec<u8> {
        let now = SystemClock.now();
        let body =
            json!({ "type": "order.updated", "timestamp": now.to_string(), "data": self.order(number, now) });
        let body = body.to_string();
        let id = format!("msg_{number}");
        let signature = webhooks::sign(&self.secret, &id, now, body.as_bytes());
        let at = webhooks::timestamp_header(now);
        let path = format!("/hooks/generic/{}", self.connection);
        let headers =
            format!("webhook-id: {id}\r\nwebhook-timestamp: {at}\r\nwebhook-signature: {signature}\r\n");
        post(&path, &headers, &body)
    }

    /// The same order by the API.
    pub fn api_order(&self, number: u64) -> Vec<u8> {
        let body = self.order(number, SystemClock.now()).to_string();
        let headers = format!("authorization: Bearer {}\r\nidempotency-key: order-{number}\r\n", self.key);
        post("/v1/orders", &headers, &body)
    }

    /// Tells a version of an order, and returns the answer: the order as it is stored.
    pub fn post_version(&self, number: u64, version: u64) -> Value {
        let mut order = self.order(number, SystemClock.now());
        order["totals"]["shipping"] = json!(SHIPPING + version);
        order["totals"]["total"] = json!(total(version));
        self.app.post_json("/v1/orders", &self.key, &order.to_string()).json()
    }

    fn order(&self, number: u64, now: Timestamp) -> Value {
        order(number, number % self.customers, now)
    }
}

/// What every program of a bench is run with.
pub fn environment() -> Vec<(String, String)> {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![set("AFTERCARE_SECRET", rig::app::SECRET), set("AFTERCARE_LOG", "warn")]
}

/// The address of a file.
pub fn sqlite_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Order `number` of customer `customer`, as JSON: six lines, paid, to be told by mail.
pub fn order(number: u64, customer: u64, now: Timestamp) -> Value {
    let lines: Vec<Value> = TEAS
        .iter()
        .enumerate()
        .map(|(at, title)| {
            json!({ "external_id": format!("{number}-{at}"), "sku": format!("TEA-{at}"), "title": title,
                    "variant": "100 g", "quantity": 1 + at % 2, "unit_price": 1_200 })
        })
        .collect();
    json!({
        "source": "web", "external_id": number.to_string(), "number": format!("#{number}"),
        "status": "placed", "payment": "paid", "placed_at": now.to_string(), "updated_at": now.to_string(),
        "currency": "GBP", "locale": "en-GB",
        "customer": { "external_id": format!("c{customer}"), "email": email(customer), "name": "Amina Khan" },
        "lines": lines,
        "totals": { "subtotal": GOODS, "shipping": SHIPPING, "tax": 1_866, "total": total(0) },
        "shipping_address": { "name": "Amina Khan", "line1": "14 Elm Row", "city": "Leeds",
                              "postcode": "LS6 2AB", "country": "GB" },
    })
}

/// The total of a version of an order, in pence: each costs a penny more to deliver.
pub fn total(version: u64) -> u64 {
    GOODS + SHIPPING + version
}

/// The address of a customer.
pub fn email(customer: u64) -> String {
    format!("c{customer}@bench.test")
}

/// The number of the order that a confirmation is about, from its subject.
pub fn number_in(mail: &[u8]) -> Option<u64> {
    let head = &mail[..mail.len().min(4_096)];
    let subject = head.windows(9).position(|nine| nine.eq_ignore_ascii_case(b"subject: "))?;
    let digits: String = head[subject..]
        .iter()
        .skip_while(|byte| **byte != b'#')
        .skip(1)
        .take_while(|byte| byte.is_ascii_digit())
        .map(|byte| char::from(*byte))
        .collect();
    digits.parse().ok()
}

fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A copy of a seeded database for one bench to change.
pub fn copy_of(seeded: &Path, folder: &Path, name: &str) -> Result<PathBuf> {
    let path = folder.join(format!("{name}.db"));
    remove(&path)?;
    std::fs::copy(seeded, &path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    Ok(path)
}

/// Removes a database and its log, which would be read into the next one of that name.
pub fn remove(database: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{ending}", database.display()));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::internal(format!("{}: {error}", path.display())));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_of_the_load_is_one_that_is_taken() {
        let now = Timestamp::from_ms(1_795_168_800_000);
        let read = orders::json::read(&order(7, 3, now), now).unwrap();
        assert_eq!((read.lines.len(), read.number.as_str()), (LINES, "#7"));
        assert_eq!(read.totals.computed(), read.totals.total);
    }

    #[test]
    fn a_mail_says_which_order_it_is_about() {
        let mail = b"From: a@b.test\r\nSubject: Order #1042 is confirmed\r\n\r\n#7";
        assert_eq!(number_in(mail), Some(1_042));
        assert_eq!(number_in(b"Subject: nothing\r\n"), None);
    }
}
