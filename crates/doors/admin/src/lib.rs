//! The staff's door: getting in, the way around, and the pages that belong to no room.
//!
//! A room's own pages live with the room; [`router`] lets nobody but the staff through to them. Who is signed in is a
//! request extension, [`staff::Member`], for handlers that do not let everybody do everything.

mod account;
mod audit;
mod door;
mod entry;
mod home;
mod pages;
mod parked;
mod people;
mod search;
mod second;
mod settings;
mod shell;
mod team;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

pub use door::Door;
pub use pages::TEMPLATES;
pub use parked::count as count_parked;
pub use parked::{Discard, KindCount, ParkedJobs, Parking, Parkings, Piece, Reason, Subject, WorkKind};
pub use settings::{Setting, Settings, Standing};
pub use shell::{StaffShell, painter};

/// Every page of the staff: those of this door, and those of the rooms behind it.
pub fn router(door: Door, rooms: Router) -> Router {
    let inside = Router::new()
        .route("/a", get(home::show))
        .route("/a/search", get(search::show))
        .route("/a/customers", get(people::list))
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
