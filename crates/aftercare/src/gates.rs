//! How much of each kind is let in at once. What is beyond is told to come back; see [`web::admission`].
//!
//! The numbers are such that all gates full at once are still answered well within a second on a small machine, and
//! that nobody's flood keeps another kind out.

use std::sync::Arc;

use web::Gate;

/// The API: a program that is told 503 comes again by itself.
const API: usize = 128;
/// Webhooks of shops and of gateways for texts. WooCommerce never sends one again, so they are turned away last.
const WEBHOOKS: usize = 512;
/// The pages of customers: people don't come again by themselves, and two hundred who look at once are a busy evening.
const SHOPPERS: usize = 256;
/// Unsubscribing, and deciding how one is written to: it has to work whatever else goes on.
const DECISIONS: usize = 128;
/// The pages of the staff; of those who try passwords, most wait for their turn.
const STAFF: usize = 24;
/// The built-in inbox, the documents, the demo's pages.
const PLAIN: usize = 32;

/// The ways in. `/healthz`, `/readyz` and `/metrics` have none: whoever watches over the process is never turned away.
pub struct Gates {
    /// `/v1/…`.
    pub api: Arc<Gate>,
    /// `/hooks/…`.
    pub webhooks: Arc<Gate>,
    /// The order page and what belongs to it.
    pub shoppers: Arc<Gate>,
    /// `/unsubscribe/…` and `/you/…`.
    pub decisions: Arc<Gate>,
    /// `/a/…`.
    pub staff: Arc<Gate>,
    /// What the people who run it see.
    pub plain: Arc<Gate>,
}

impl Gates {
    /// All open.
    pub fn open() -> Gates {
        Gates {
            api: Gate::new("api", API),
            webhooks: Gate::new("webhooks", WEBHOOKS),
            shoppers: Gate::new("shoppers", SHOPPERS),
            decisions: Gate::new("decisions", DECISIONS),
            staff: Gate::new("staff", STAFF),
            plain: Gate::new("plain", PLAIN),
        }
    }

    /// Each of them, for `/metrics`.
    pub fn all(&self) -> Vec<Arc<Gate>> {
        let all = [&self.api, &self.webhooks, &self.shoppers, &self.decisions, &self.staff, &self.plain];
        all.into_iter().map(Arc::clone).collect()
    }
}
