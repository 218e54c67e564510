//! Who works at the shop: accounts, roles, how they get in, and what they did.
//!
//! Somebody gets in for the first time by a link that works once, [`invite`] and [`accept`], and from then on by their
//! password, [`sign_in`], and if they want by a code besides, [`enter_code`]. A browser that is signed in holds a token of
//! which we keep the hash, [`member`]. Wrong passwords are counted by account *and* by where they come from,
//! [`attempts::may_try`]: nobody can lock another out.
//!
//! What somebody changes is written to the audit log in the same write, [`note`].

mod account;
pub mod attempts;
mod audit;
mod notes;
mod password;
mod role;
mod second;
mod session;
mod store;
pub mod totp;
mod views;

use kernel::id_type;

pub use account::{
    Account, INVITATION_WORKS_FOR, Invitation, accept, accounts, invitation, invite, is_anybody_here, remove,
};
pub use audit::{AuditFilter, By, Entry, audit_actions, audit_page, audited, audited_about, count_of, note};
pub use notes::{Note, add_note, notes, remove_note};
pub use password::{MIN_PASSWORD, Password, check_password};
pub use role::{Permission, Role};
pub use second::{
    Secret, begin_second, confirm_second, end_second, enter_code, has_second, unconfirmed_second,
};
pub use session::{
    Member, OpenSession, SESSION_LASTS, SignedIn, end_session, end_sessions, forget_ended, member, sessions,
    sign_in, touch, try_counts,
};
pub use store::{PERSONAL, SQL};
pub use views::{SavedView, remove_view, save_view, views};

id_type!(
    /// Somebody who works at the shop.
    StaffId, "stf"
);
id_type!(
    /// A browser that is signed in.
    SessionId, "ses"
);
id_type!(
    /// A line of the audit log.
    AuditId, "aud"
);
id_type!(
    /// Something the staff has written down.
    NoteId, "not"
);
id_type!(
    /// Filters of a list, kept under a name.
    ViewId, "viw"
);
