//! Posts what a shop has to say, one after the other on a few connections, and remembers what was acknowledged.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use kernel::Timestamp;
use rig::keep_alive::Client;
use rig::now::pause;

use crate::shop::{Shop, offer_path, order};

/// How long a poster waits that may not go on, or was not answered.
const MOMENT: Duration = Duration::from_millis(5);

/// What is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Orders; each is confirmed at once.
    Orders,
    /// Offers to people who agreed to them.
    Offers,
}

/// The journal of what was posted. It is in the memory of the supervisor, which nothing is done to.
pub struct Journal {
    what: What,
    placed_at: Timestamp,
    first: u64,
    next: AtomicU64,
    allowed: AtomicU64,
    over: AtomicBool,
    acknowledged: Mutex<BTreeSet<u64>>,
}

impl Journal {
    /// Nothing posted so far, and nothing allowed yet. Numbers begin at `first`.
    pub fn new(what: What, first: u64, placed_at: Timestamp) -> Journal {
        Journal {
            what,
            placed_at,
            first,
            next: AtomicU64::new(first),
            allowed: AtomicU64::new(first),
            over: AtomicBool::new(false),
            acknowledged: Mutex::default(),
        }
    }

    /// Lets the posters go on until so many have been posted in all.
    pub fn allow(&self, many: u64) {
        self.allowed.fetch_max(self.first + many, Ordering::SeqCst);
    }

    /// Lets the posters go home, when what they have in hand is acknowledged or they have tried it once more.
    pub fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// Whether the posters were let go home.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// What was answered with 201 or 200.
    pub fn acknowledged(&self) -> BTreeSet<u64> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts that many posters to these shops in turn.
    pub fn post_to<'scope, 'env>(
        &'env self,
        scope: &'scope thread::Scope<'scope, 'env>,
        shops: &'env [Shop],
        posters: usize,
    ) {
        for poster in 0..posters {
            let shop = &shops[poster % shops.len()];
            scope.spawn(move || self.post(shop));
        }
    }

    fn post(&self, shop: &Shop) {
        let mut client = Client::new(shop.app.port());
        while !self.is_over() {
            let Some(number) = self.take() else {
                pause(MOMENT);
                continue;
            };
            while !self.post_one(&mut client, shop, number) && !self.is_over() {
                pause(MOMENT);
            }
        }
    }

    /// The next number, when it may be posted already.
    fn take(&self) -> Option<u64> {
        let allowed = self.allowed.load(Ordering::SeqCst);
        let next = |next: u64| (next < allowed).then_some(next + 1);
        self.next.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).ok()
    }

    /// What was not acknowledged is posted again, as shops do: it may have been stored, and must count once.
    fn post_one(&self, client: &mut Client, shop: &Shop, number: u64) -> bool {
        let answer = match self.what {
            What::Orders => client.post_json("/v1/orders", &shop.key, &order(number, self.placed_at)),
            What::Offers => client.post_json(&offer_path(number), &shop.key, ""),
        };
        let yes = answer.is_ok_and(|answer| matches!(answer.status, 200 | 201));
        if yes {
            self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).insert(number);
        }
        yes
    }
}
