//! The staff's door: getting in, the way around, and the pages that belong to no room.
//!
//! A room's own pages live with the room; [`router`] lets nobody but the staff through to them. Who is signed in is a
//! request extension, [`staff::Member`], for handlers that do not let everybody do everything.

mod account;
mod customers_list;
mod door;
mod entry;
mod file;
mod home;
mod names;
mod pages;
mod people;
mod search;
mod second;
mod shell;
mod tasks;
mod team;
mod views;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

pub use door::Door;
pub use names::{KEY_NAMES_JOB, key_names};
pub use pages::TEMPLATES;
pub use shell::{StaffShell, painter};

/// The long work of these pages.
pub const TASKS: &[jobs::tasks::TaskKind] = &[customers_list::TASK];

/// Every page of the staff: those of this door, and those of the rooms behind it.
pub fn router(door: Door, rooms: Router) -> Router {
    let inside = Router::new()
        .route("/a", get(home::show))
        .route("/a/search", get(search::show))
        .route("/a/customers", get(customers_list::list))
        .route("/a/customers/export", post(customers_list::export))
        .route("/a/customers/{id}", get(people::show))
        .route("/a/account", get(account::show))
        .route("/a/account/sign-out", post(account::sign_out))
        .route("/a/account/sessions/{id}", post(account::end_session))
        .route("/a/account/sign-out-everywhere", post(account::sign_out_everywhere))
        .route("/a/account/second-factor", get(second::show).post(second::begin))
        .route("/a/account/second-factor/confirm", post(second::confirm))
        .route("/a/account/second-factor/end", post(second::end))
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
