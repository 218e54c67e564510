//! The staff's lists, searches and single pages in a large shop, on both engines.

use std::time::Duration;

use aftercare::house::Setting;
use db::{Durability, Query, params};
use kernel::{Clock, Error, Result, SystemClock};
use rig::app::{App, Settings};
use rig::postgres::Cluster;

use crate::clock;
use crate::protocol::Bench;
use crate::report::{Bound, Figure, Section, Table};
use crate::stats::{Spread, percentile};
use crate::{seed, shop};

db::sql_file!(pub DESK = "../desk.sql" {
    PUT_CUSTOMERS = "put_customers",
    PUT_PROFILES = "put_profiles",
    PUT_IDENTITIES = "put_identities",
    PUT_CONTACT_POINTS = "put_contact_points",
    PUT_ORDERS = "put_orders",
    PUT_LINES = "put_lines",
    PUT_PEOPLE = "put_people",
    PUT_MESSAGES = "put_messages",
    PUT_CONTEXTS = "put_contexts",
    PUT_EVENTS = "put_events",
    LOOK_OVER = "look_over",
});

/// What has a time, in this order, so that whatever a row names is there.
const TIMED: [&Query; 7] = [
    &PUT_CUSTOMERS,
    &PUT_IDENTITIES,
    &PUT_CONTACT_POINTS,
    &PUT_ORDERS,
    &PUT_LINES,
    &PUT_MESSAGES,
    &PUT_EVENTS,
];
/// What has none.
const PLAIN: [&Query; 3] = [&PUT_PROFILES, &PUT_PEOPLE, &PUT_CONTEXTS];
/// Customers in one write.
const CHUNK: i64 = 10_000;
/// How often each page is asked for.
const TIMES: u64 = 60;
/// What a list or a search may take, in milliseconds (the goal of the issue the pages were built for).
const AT_MOST_MS: f64 = 100.0;

/// Runs it.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let customers = bench.pick(1_000_000, 20_000);
    let file = shop::sqlite_url(&bench.folder.join("staff.db"));
    let cluster = Cluster::start_durable();
    let engines = [("SQLite", file), ("PostgreSQL", cluster.url("staff"))];
    let mut tables = Vec::new();
    let mut figures = Vec::new();
    for (engine, url) in engines {
        let (filled, took) = clock::timed(|| fill(&url, customers));
        filled?;
        eprintln!("  {engine}: a shop of {customers} customers was made in {:.0} s", took.as_secs_f64());
        let rows = measured(&url, customers as u64)?;
        let slowest = rows.iter().map(|row| row.p99_ms).fold(0.0, f64::max);
        let what = format!("slowest page of the staff, 99th percentile, {engine}");
        figures.push(
            Figure::new(&what, Spread::single(slowest), "ms", "one reader, nothing else going on")
                .floor(Bound::AtMost(AT_MOST_MS)),
        );
        tables.push(table(engine, &rows));
    }
    let about = vec![format!(
        "{customers} customers with an order, a message and ten events each. Every page is asked for {TIMES} times by somebody of \
         the staff, one after the other, over a new connection each time; where a page is about one thing, about another one each \
         time. Filters that fit next to nothing make a list look through 5,000 rows, and say so."
    )];
    let title = "The staff's pages in a large shop".to_owned();
    Ok(Section { title, about, figures, tables, ..Section::default() })
}

/// Fills a shop in sets: what is measured is how it is read.
fn fill(url: &str, customers: i64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| Error::internal(error.to_string()))?;
    runtime.block_on(async {
        let setting = Setting { durability: Durability::Bulk, ..Setting::server() };
        let house = seed::open_at(url, setting)?;
        house.migrate()?;
        let began = (SystemClock.now() - Duration::from_secs(400 * 86_400)).ms();
        for first in (0..customers).step_by(CHUNK as usize) {
            let behind = customers.min(first + CHUNK);
            let put = move |w: &mut db::Write<'_>| {
                TIMED
                    .iter()
                    .try_for_each(|query| w.execute(query, params![first, behind, began]).map(drop))?;
                PLAIN.iter().try_for_each(|query| w.execute(query, params![first, behind]).map(drop))
            };
            house.db.write("bench.fill", put).await?;
        }
        house.db.write("bench.look_over", |w| w.execute(&LOOK_OVER, params![])).await?;
        house.db.clone().close().await;
        Ok(())
    })
}

/// How long a page takes.
struct Row {
    page: &'static str,
    median_ms: f64,
    p99_ms: f64,
    bytes: usize,
}

/// What is asked for: a name, and the address of the n-th time.
type Asked = (&'static str, fn(u64) -> String);

const PAGES: [Asked; 21] = [
    ("home", |_| "/a".to_owned()),
    ("customers", |_| "/a/customers".to_owned()),
    ("customers, further back", |n| format!("/a/customers?older={}", id("cus", n))),
    ("customers under a filter", |_| "/a/customers?orders=no".to_owned()),
    ("customers of one country", |_| "/a/customers?country=AT".to_owned()),
    ("a customer with their timeline", |n| format!("/a/customers/{}", id("cus", n))),
    ("orders", |_| "/a/orders".to_owned()),
    ("orders, further back", |n| format!("/a/orders?older={}", id("ord", n))),
    ("orders that wait for payment", |_| "/a/orders?payment=pending".to_owned()),
    ("orders under a filter that fits none", |_| "/a/orders?payment=refunded".to_owned()),
    ("orders with a product", |_| "/a/orders?product=first+flush".to_owned()),
    ("orders with a product that fit nothing else", |_| {
        "/a/orders?product=TEA-1&payment=refunded".to_owned()
    }),
    ("an order", |n| format!("/a/orders/{}", id("ord", n))),
    ("messages", |_| "/a/messages".to_owned()),
    ("messages in trouble", |_| "/a/messages?show=trouble".to_owned()),
    ("messages, further back", |n| format!("/a/messages?older={}", id("msg", n))),
    ("a message", |n| format!("/a/messages/{}", id("msg", n))),
    ("searching by a product", |_| "/a/search?q=darj&format=json".to_owned()),
    ("searching by the beginning of an address", |n| format!("/a/search?q=c{}&format=json", n % 1_000)),
    ("searching by the beginning of a name", |n| format!("/a/search?q=Khan{}&format=json", n % 1_000)),
    ("searching by the beginning of a number", |n| format!("/a/search?q=%23{}&format=json", n % 10_000)),
];

/// The identifier of that number, as the statements write it.
pub(super) fn id(prefix: &str, number: u64) -> String {
    format!("{prefix}_{number:020}")
}

fn measured(url: &str, customers: u64) -> Result<Vec<Row>> {
    let settings =
        Settings { database_url: Some(url.to_owned()), env: shop::environment(), ..Settings::default() };
    let app = App::idle(settings);
    let link = app.cli_ok(&["staff", "add", "bench@bench.test", "--role", "owner"]);
    app.restart();
    let cookie = signed_in(&app, &link)?;
    PAGES.iter().map(|asked| page(&app, &cookie, customers, asked)).collect()
}

fn signed_in(app: &App, link: &str) -> Result<String> {
    let at = link.find("/a/welcome/").ok_or_else(|| Error::internal("no link"))?;
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let joined = app.post(&link[at..], &form, b"name=Bench&password=a+sentence+about+tea");
    let cookie = joined.header("Set-Cookie").and_then(|set| set.split(';').next());
    cookie.map(str::to_owned).ok_or_else(|| Error::internal(format!("not let in: {}", joined.status)))
}

fn page(app: &App, cookie: &str, customers: u64, (name, path): &Asked) -> Result<Row> {
    let (mut took, mut bytes) = (Vec::new(), 0);
    for time in 0..TIMES + 5 {
        // Another place of the shop each time, and not in order.
        let path = path(1 + time * 7_919 * 7_919 % (customers - 1));
        let (answer, span) = clock::timed(|| app.get(&path, &[("Cookie", cookie)]));
        if answer.status != 200 {
            return Err(Error::internal(format!("{path} answers {}: {}", answer.status, answer.text())));
        }
        bytes = answer.body.len();
        if time >= 5 {
            took.push(span.as_secs_f64() * 1_000.0);
        }
    }
    let (median_ms, p99_ms) = (percentile(took.iter().copied(), 50.0), percentile(took, 99.0));
    eprintln!("  {name}: {median_ms:.1} ms, p99 {p99_ms:.1} ms, {bytes} bytes");
    Ok(Row { page: name, median_ms, p99_ms, bytes })
}

fn table(engine: &str, rows: &[Row]) -> Table {
    let cells = |row: &Row| {
        vec![
            row.page.to_owned(),
            format!("{:.1}", row.median_ms),
            format!("{:.1}", row.p99_ms),
            row.bytes.to_string(),
        ]
    };
    Table {
        caption: format!("On {engine}."),
        head: ["page", "median, ms", "99th percentile, ms", "bytes"].map(str::to_owned).to_vec(),
        rows: rows.iter().map(cells).collect(),
    }
}
