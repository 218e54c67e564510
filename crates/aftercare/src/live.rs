//! Pages that follow what the staff sets while the program runs.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use db::{Wakes, Wiring};
use tower::{ServiceExt, service_fn};

use crate::house::House;

/// Every page and endpoint, made anew when something was set that they show. Whoever saved something sees it on the next
/// page: the look whether there is something new stands before each answer, and costs two locks that nobody holds.
pub struct Live {
    house: House,
    demo: Option<Router>,
    current: RwLock<Made>,
    changes: Mutex<Wakes>,
    /// Whether the last time something had changed it could not be read.
    is_behind: AtomicBool,
}

/// Pages, and what they were made from.
struct Made {
    router: Router,
    from: Arc<Wiring>,
}

impl Live {
    /// The pages, as one service that is never out of date for long.
    pub fn router(house: &House, demo: Option<Router>) -> kernel::Result<Router> {
        // Listening begins before the first pages are made, so that no change falls in between.
        let changes = Mutex::new(house.db.wakes(settings::CHANGED));
        let current = RwLock::new(made(house, demo.clone())?);
        let live = Arc::new(Live {
            house: house.clone(),
            demo,
            current,
            changes,
            is_behind: AtomicBool::new(false),
        });
        let answer = move |request: Request| {
            let live = Arc::clone(&live);
            async move { live.answer(request).await }
        };
        Ok(Router::new().fallback_service(service_fn(answer)))
    }

    async fn answer(&self, request: Request) -> Result<Response, Infallible> {
        if let Err(error) = self.catch_up().await {
            tracing::warn!(?error, "settings.not_shown");
            self.is_behind.store(true, Ordering::Relaxed);
        }
        let router = self.current.read().unwrap_or_else(PoisonError::into_inner).router.clone();
        router.oneshot(request).await
    }

    async fn catch_up(&self) -> kernel::Result<()> {
        let has_rung = self.changes.lock().unwrap_or_else(PoisonError::into_inner).have_rung();
        if has_rung || self.is_behind.swap(false, Ordering::Relaxed) {
            self.house.refresh().await?;
        }
        // Another may have read it first.
        let is_current = {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            Arc::ptr_eq(&current.from, &self.house.db.wiring())
        };
        if !is_current {
            let made = made(&self.house, self.demo.clone())?;
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = made;
        }
        Ok(())
    }
}

fn made(house: &House, demo: Option<Router>) -> kernel::Result<Made> {
    let from = house.db.wiring();
    Ok(Made { router: house.pages(demo)?, from })
}
