//! Orders taken in durably, the way every door does it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use aftercare::Config;
use aftercare::house::{House, Setting};
use kernel::{Clock, Dice, Error, Result, SystemClock};
use orders::incoming::IncomingOrder;
use world::people::people;
use world::shopping::{Kind, order_now};

const ORDERS: u32 = 2_000;

/// Takes orders in from `callers` at once, on SQLite with full durability.
pub async fn per_second(folder: &Path, callers: usize) -> Result<f64> {
    let house = Arc::new(house(folder, callers)?);
    house.migrate()?;
    let mut shares: Vec<Vec<IncomingOrder>> = vec![Vec::new(); callers];
    for (at, order) in orders().into_iter().enumerate() {
        shares[at % callers].push(order);
    }
    let began = crate::now();
    let working: Vec<_> =
        shares.into_iter().map(|share| tokio::spawn(take_all(house.clone(), share))).collect();
    for worker in working {
        worker.await.map_err(|error| Error::internal(error.to_string()))??;
    }
    let took = began.elapsed();
    house.db.clone().close().await;
    Ok(f64::from(ORDERS) / took.as_secs_f64())
}

async fn take_all(house: Arc<House>, share: Vec<IncomingOrder>) -> Result<()> {
    for order in share {
        house.db.write("bench.order", move |w| orders::take(w, &order)).await?;
    }
    Ok(())
}

fn house(folder: &Path, callers: usize) -> Result<House> {
    let url = format!("sqlite:{}", folder.join(format!("orders-{callers}.db")).display());
    let env = BTreeMap::from([("AFTERCARE_DATABASE_URL".to_owned(), url)]);
    House::open(Config::load(None, &env)?, Setting::server())
}

fn orders() -> Vec<IncomingOrder> {
    let mut dice = Dice::seeded(1);
    let (people, now) = (people(400, &mut dice), SystemClock.now());
    (0..ORDERS)
        .map(|n| order_now(&people[n as usize % people.len()], Kind::Paid, 1_001 + n, now, &mut dice))
        .collect()
}
