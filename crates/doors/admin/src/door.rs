//! What every page of this door shares.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderValue, header};
use axum::response::Response;
use db::Db;
use kernel::{Dice, Error, Result};
use messaging::Providers;
use serde::Serialize;
use tokio::sync::Semaphore;
pub(crate) use web::fault_of;
use web::{HtmlPage, PageShell, Site};

use crate::set::PageInBrand;

/// The staff's door.
#[derive(Clone)]
pub struct Door {
    pub(crate) db: Db,
    pub(crate) shell: Arc<dyn PageShell>,
    pub(crate) site: Site,
    /// How customers and staff reach this shop.
    pub(crate) public_url: Arc<str>,
    /// What carries messages away, to be tried.
    pub(crate) providers: Arc<Providers>,
    /// A customer's page in another brand.
    pub(crate) page_in_brand: PageInBrand,
    dice: Arc<Mutex<Dice>>,
    /// Passwords that are hashed at once: each takes 19 MiB and a processor.
    hashing: Arc<Semaphore>,
}

/// As many as a small machine has to give beside its customers.
const HASHING: usize = 2;

impl Door {
    /// A door whose pages are dressed by `shell`; `dice` salt passwords.
    pub fn new(db: Db, shell: Arc<dyn PageShell>, site: Site, public_url: &str, dice: Dice) -> Self {
        Door {
            db,
            shell,
            site,
            public_url: public_url.into(),
            providers: Arc::default(),
            page_in_brand: Arc::new(|_| Box::pin(async { Ok(None) })),
            dice: Arc::new(Mutex::new(dice)),
            hashing: Arc::new(Semaphore::new(HASHING)),
        }
    }

    /// A door that can try what carries messages away.
    pub fn sending_by(self, providers: Arc<Providers>) -> Self {
        Door { providers, ..self }
    }

    /// A door that can show a customer's page in another brand.
    pub fn showing(self, page_in_brand: PageInBrand) -> Self {
        Door { page_in_brand, ..self }
    }

    pub(crate) fn dice(&self) -> Dice {
        // A thread that panicked while throwing leaves dice that are as good as before.
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).fork()
    }

    /// Hashes or checks a password, away from the threads that serve, when it is its turn.
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let failed = |what: String| Error::internal(format!("hashing a password: {what}"));
        let turn = self.hashing.clone().acquire_owned().await.map_err(|error| failed(error.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is done, whether or not somebody still waits for it.
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| failed(error.to_string()))?
    }

    pub(crate) fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}

/// Goes on at another page, so that reloading repeats nothing.
pub(crate) fn see_other(path: &str, cookie: Option<HeaderValue>) -> Result<Response> {
    let mut response = web::see_other(path)?;
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
