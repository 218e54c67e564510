//! A customer's way in: somebody proves that an address is theirs, and sees what was sent to it.
//!
//! There is no account to make and no password. [`ask`] notes that a browser wants a code, [`make_code`] makes it for the
//! message, and [`enter`] or [`open`] lets the browser in that asked. What a browser has proved are addresses, nothing
//! else: whose they are is asked at each look, by [`theirs`], and how far a proof reaches is one pure rule, [`reach`].
//! [`count_asks`] keeps anybody from asking too often.

mod asks;
mod codes;
mod forget;
pub mod reach;
mod sessions;
mod theirs;

pub use asks::{Ask, Limit, count_asks, may_ask};
pub use codes::{
    Asked, BrowserMark, CODE_WORKS_FOR, CodeToSend, Coming, Entered, Place, SignInCodeId, Standing, ask,
    enter, make_code, open, standing,
};
pub use forget::{FORGET_JOB, forget_old};
pub use reach::Proof;
pub use sessions::{
    IDLE_FOR, OpenSession, SESSION_LASTS, ShopperSessionId, SignedIn, end_everywhere, end_one, open_sessions,
    sign_out, signed_in, touch,
};
pub use theirs::{holders_of, theirs};

pub(crate) use forget::KNOWLEDGE;

db::sql_file!(pub STORE = "account.sql" {
    INSERT_SIGN_IN_CODE = "insert_sign_in_code",
    FIND_SIGN_IN_CODE = "find_sign_in_code",
    SET_CODE_HASH = "set_code_hash",
    COUNT_WRONG_CODE = "count_wrong_code",
    USE_SIGN_IN_CODE = "use_sign_in_code",
    INSERT_SHOPPER_SESSION = "insert_shopper_session",
    INSERT_PROOF = "insert_proof",
    LIVE_SHOPPER_SESSION = "live_shopper_session",
    PROOFS_OF = "proofs_of",
    TOUCH_SHOPPER_SESSION = "touch_shopper_session",
    SHOPPER_SESSIONS_AT = "shopper_sessions_at",
    END_SHOPPER_SESSION = "end_shopper_session",
    END_SHOPPER_SESSIONS_AT = "end_shopper_sessions_at",
    COUNT_ASKS = "count_asks",
    INSERT_ASK = "insert_ask",
    TELL_SIGN_IN_CODES = "tell_sign_in_codes",
    TELL_SHOPPER_SESSIONS = "tell_shopper_sessions",
    TELL_PROOFS = "tell_proofs",
    FORGET_SIGN_IN_CODES = "forget_sign_in_codes",
    FORGET_SHOPPER_SESSIONS = "forget_shopper_sessions",
    FORGET_PROOFS = "forget_proofs",
    DELETE_OLD_CODES = "delete_old_codes",
    DELETE_OLD_ASKS = "delete_old_asks",
    DELETE_OLD_PROOFS = "delete_old_proofs",
    DELETE_OLD_SESSIONS = "delete_old_sessions",
});

pub(crate) static FILE: &db::SqlFile = &STORE;

/// The cookie of a browser that is signed in.
pub const COOKIE: &str = "shopper";

/// The source of what signing in brings about: the person acted with their own hand.
pub const SIGN_IN: &str = "sign_in";
