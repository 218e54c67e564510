//! The staff's door: getting in, the way around, and the pages that belong to no room.
//!
//! A room's own pages live with the room; [`router`] lets nobody but the staff through to them. Who is signed in is a
//! request extension, [`staff::Member`], for handlers that do not let everybody do everything.

mod account;
mod audit;
mod customers_list;
mod design;
mod door;
mod entry;
mod file;
mod guide;
mod home;
mod pages;
mod parked;
mod people;
mod search;
mod second;
mod set;
mod settings;
mod shell;
mod suppressions;
mod tasks;
mod team;
mod upkeep;
mod views;
mod why;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

pub use door::Door;
pub use home::{FindNeed, Need, Needs};
pub use pages::TEMPLATES;
pub use parked::count as count_parked;
pub use parked::{Discard, KindCount, ParkedJobs, Parking, Parkings, Piece, Reason, Subject, WorkKind};
pub use set::PageInBrand;
pub use settings::{Setting, Settings, Standing};
pub use shell::{StaffShell, painter};
pub use upkeep::{
    FORGET_SESSIONS_JOB, KEY_NAMES_JOB, PLACE_CUSTOMERS_JOB, forget_ended_sessions, key_names,
    place_customers,
};

/// The long work of these pages.
pub const TASKS: &[jobs::tasks::TaskKind] = &[customers_list::TASK];

/// Every page of the staff: those of this door, and those of the rooms behind it.
pub fn router(door: Door, rooms: Router) -> Router {
    let inside = Router::new()
        .route("/a", get(home::show))
        .route("/a/design", get(design::show))
        .route("/a/guide", get(guide::show))
        .route("/a/guide/put-away", post(guide::put_away))
        .route("/a/search", get(search::show))
        .route("/a/customers", get(customers_list::list))
        .route("/a/customers/export", post(customers_list::export))
        .merge(people::routes())
        .route("/a/suppressions", get(suppressions::show).post(suppressions::add))
        .route("/a/suppressions/lift", post(suppressions::lift))
        .route("/a/suppressions/import", post(suppressions::import))
        .route("/a/why", get(why::show))
        .route("/a/account", get(account::show))
        .route("/a/account/sign-out", post(account::sign_out))
        .route("/a/account/sessions/{id}", post(account::end_session))
        .route("/a/account/sign-out-everywhere", post(account::sign_out_everywhere))
        .route("/a/account/second-factor", get(second::show).post(second::begin))
        .route("/a/account/second-factor/confirm", post(second::confirm))
        .route("/a/account/second-factor/end", post(second::end))
        .merge(set::router())
        .route("/a/team", get(team::show))
        .route("/a/team/invite", post(team::invite))
        .route("/a/team/{id}/remove", post(team::remove))
        .route("/a/tasks", get(tasks::list))
        .route("/a/tasks/{id}", get(tasks::show))
        .route("/a/tasks/{id}/stop", post(tasks::stop))
        .route("/a/tasks/{id}/go-on", post(tasks::go_on))
        .route("/a/tasks/{id}/file", get(tasks::file))
        .route("/a/tasks/{id}/faults", get(tasks::faults))
        .route("/a/views", post(views::save))
        .route("/a/views/{id}/remove", post(views::remove))
        .route("/a/settings", get(settings::show))
        .route("/a/audit", get(audit::show))
        .route("/a/audit.csv", get(audit::file))
        .route("/a/parked", get(parked::show))
        .route("/a/parked/{sort}/again", post(parked::try_again))
        .route("/a/parked/{sort}/all-again", post(parked::try_all_again))
        .route("/a/parked/{sort}/discard", post(parked::discard))
        .with_state(door.clone())
        .merge(rooms)
        .layer(from_fn_with_state(door.clone(), entry::only_staff));
    let outside = Router::new()
        .route("/a/sign-in", get(entry::ask).post(entry::sign_in))
        .route("/a/sign-in/code", get(entry::ask_code).post(entry::enter_code))
        .route("/a/welcome/{token}", get(entry::welcome).post(entry::accept))
        .with_state(door);
    inside.merge(outside)
}
