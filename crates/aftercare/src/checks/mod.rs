//! `/a/domains` and `/a/system`: what the doctor would say, on pages.

mod arriving;
mod copies;
mod domains;
mod run;
mod system;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use db::{Db, Read};
use kernel::{Result, ShopClock};
use serde::Serialize;
use web::{HtmlPage, PageShell, Template};

use self::run::{Last, State};
use crate::Config;
use crate::house::House;

pub use self::arriving::beyond_limits;
pub use self::copies::note_backup;
pub use self::run::SQL;

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "aftercare/domains.html", source: include_str!("templates/domains.html") },
    Template { name: "aftercare/system.html", source: include_str!("templates/system.html") },
];

/// What the checks are called in their rows.
const DOMAINS: &str = "domains";
const SYSTEM: &str = "system";

#[derive(Clone)]
struct Door {
    db: Db,
    config: Arc<Config>,
    shell: Arc<dyn PageShell>,
}

/// The routes, dressed by `shell`. Whoever mounts them lets nobody in but the staff.
pub fn router(house: &House, shell: Arc<dyn PageShell>) -> Router {
    let door = Door { db: house.db.clone(), config: Arc::new(house.config.clone()), shell };
    Router::new()
        .route("/a/domains", get(domains::show).post(domains::check))
        .route("/a/system", get(system::show).post(system::check))
        .with_state(door)
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}

/// When a check last ended or began, in words for a page.
#[derive(Debug, Serialize)]
struct When {
    running: Option<String>,
    ended: Option<String>,
}

impl When {
    fn of(last: &Last, clock: &ShopClock<'_>) -> Self {
        When {
            running: last.running_since.map(|at| clock.exact(at)),
            ended: last.ended.as_ref().map(|(at, _)| clock.exact(*at)),
        }
    }
}

/// How many findings of the last check need a hand; none when it never ended.
pub fn crosses(r: &mut Read<'_>, check: Check) -> Result<Option<usize>> {
    let name = match check {
        Check::Domains => DOMAINS,
        Check::System => SYSTEM,
    };
    let ended = run::last(r, name)?.ended;
    Ok(ended.map(|(_, found)| found.iter().filter(|found| found.state != State::Ok).count()))
}

/// A check that is run from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// What the DNS says about mail in the shop's name.
    Domains,
    /// Everything the doctor looks at.
    System,
}
