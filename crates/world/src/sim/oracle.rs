//! What the orders should have become: every version once, in the order of its times, and nothing goes wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use db::Db;
use egress::{Answer, CallError, Caller, NotReached, Request};
use kernel::{Channel, Clock, Dice, Error, Policy, Result, Timestamp, VirtualClock};
use messaging::provider::{Provider, Refusal, RefusalClass, Session};
use orders::incoming::IncomingOrder;
use orders::json::{Teller, believe, read};

use super::host::{Credentials, Host, Parts};
use super::scene::Scene;
use super::shop::{Door, Shop, Version};
use super::tasks::{Task, run};

/// By source and the shop's identifier.
pub(crate) type Orders = BTreeMap<(String, String), IncomingOrder>;

/// Takes every version in a process of its own that nothing happens to.
pub(crate) fn orders(
    host: &dyn Host,
    scene: &Scene,
    shop: &Shop,
    keys: &Credentials,
    policy: &Policy,
) -> Result<Orders> {
    let clock = Arc::new(VirtualClock::at(scene.now()));
    let parts = Parts {
        clock: clock.clone(),
        dice: Dice::seeded(1),
        edges: None,
        mail: Arc::new(Nobody(Channel::Email)),
        texts: Arc::new(Nobody(Channel::Sms)),
        outside: Arc::new(Nobody(Channel::Email)),
        policy: policy.clone(),
        inherited: None,
    };
    let db = host.open(parts)?.db;
    let mut taken = Err(Error::internal("the oracle did not end"));
    let task: Task<'_> = Box::pin(async { taken = take_all(&db, shop, keys, clock.now()).await });
    run(vec![task], &mut Dice::seeded(2), || false);
    taken
}

async fn take_all(db: &Db, shop: &Shop, keys: &Credentials, now: Timestamp) -> Result<Orders> {
    let mut orders = Orders::new();
    for version in &shop.versions {
        let order = told(version, keys, now)?;
        let key = (order.source.clone(), order.external_id.clone());
        let stored = db.write("oracle.take", move |w| {
            orders::take(w, &order)?;
            orders::find_by_external(w, &order.source, &order.external_id)
        });
        let stored = stored.await?.ok_or_else(|| Error::internal("an order was taken and is not there"))?;
        orders.insert(key, comparable(stored.order));
    }
    Ok(orders)
}

fn told(version: &Version, keys: &Credentials, now: Timestamp) -> Result<IncomingOrder> {
    match version.door {
        Door::Api => read(&version.body, now),
        Door::Vendure => {
            let teller = Teller { source: &keys.hook_source, triggered_at: None };
            believe(&version.body, teller, now)
        }
    }
}

/// Without what only says by which way it came.
pub(crate) fn comparable(mut order: IncomingOrder) -> IncomingOrder {
    order.version.triggered_at = None;
    order
}

/// A provider and an outside that nobody ever reaches.
struct Nobody(Channel);

#[async_trait]
impl Provider for Nobody {
    fn name(&self) -> &'static str {
        "nobody"
    }

    fn channel(&self) -> Channel {
        self.0
    }

    async fn connect(&self) -> std::result::Result<Box<dyn Session>, Refusal> {
        let words = "Nobody is there.".to_owned();
        Err(Refusal { class: RefusalClass::Transient, words, retry_after: None })
    }

    fn concurrency(&self) -> usize {
        1
    }
}

#[async_trait]
impl Caller for Nobody {
    async fn call(&self, _: Request) -> std::result::Result<Answer, CallError> {
        let words = "Nobody is there.".to_owned();
        Err(CallError::NotReached(NotReached { is_forbidden: true, words }))
    }
}
