//! The queries and tables of this crate.

use db::{PersonalTable, SqlFile};

db::sql_file!(pub STORE = "store.sql" {
    INSERT_INVITATION = "insert_invitation",
    FIND_INVITATION = "find_invitation",
    USE_INVITATION = "use_invitation",
    SAVE_ACCOUNT = "save_account",
    ANY_ACCOUNT = "any_account",
    LIST_ACCOUNTS = "list_accounts",
    ANY_OWNER = "any_owner",
    OPEN_INVITATIONS = "open_invitations",
    REMOVE_ACCOUNT = "remove_account",
    ACCOUNT_BY_EMAIL = "account_by_email",
    FAILURES = "failures",
    INSERT_FAILURE = "insert_failure",
    TRIM_FAILURES = "trim_failures",
    INSERT_SESSION = "insert_session",
    LIVE_SESSION = "live_session",
    TOUCH_SESSION = "touch_session",
    SESSIONS_OF = "sessions_of",
    FORGET_SESSIONS = "forget_sessions",
    FORGET_INVITATIONS = "forget_invitations",
    END_SESSION = "end_session",
    END_SESSIONS = "end_sessions",
    FIND_HALF_SESSION = "find_half_session",
    END_HALF_SESSION = "end_half_session",
    FIND_SECOND = "find_second",
    SAVE_SECOND = "save_second",
    CONFIRM_SECOND = "confirm_second",
    USE_STEP = "use_step",
    DELETE_SECOND = "delete_second",
    INSERT_RECOVERY_CODE = "insert_recovery_code",
    USE_RECOVERY_CODE = "use_recovery_code",
    DELETE_RECOVERY_CODES = "delete_recovery_codes",
    INSERT_AUDIT = "insert_audit",
    LIST_AUDIT = "list_audit",
    COUNT_AUDIT_OF = "count_audit_of",
    AUDIT_ABOUT = "audit_about",
    INSERT_STAFF_NOTE = "insert_staff_note",
    STAFF_NOTES_ABOUT = "staff_notes_about",
    FIND_STAFF_NOTE = "find_staff_note",
    DELETE_STAFF_NOTE = "delete_staff_note",
    INSERT_VIEW = "insert_view",
    VIEWS_OF = "views_of",
    FIND_VIEW = "find_view",
    DELETE_VIEW = "delete_view",
    AUDIT_OF_ACTION = "audit_of_action",
    AUDIT_OF_PERSON = "audit_of_person",
    AUDIT_OF_MACHINE = "audit_of_machine",
    AUDIT_ACTIONS = "audit_actions",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&STORE];

/// The tables of this crate that hold personal data: the staff's, and what the staff writes about customers.
pub const PERSONAL: &[PersonalTable] = &[
    PersonalTable {
        table: "staff_accounts",
        holds: "names and addresses of the staff, and hashes of their passwords",
    },
    PersonalTable { table: "staff_invitations", holds: "addresses of people who were invited to the staff" },
    PersonalTable { table: "staff_second_factors", holds: "sealed secrets of the staff's second factors" },
    PersonalTable { table: "staff_sessions", holds: "which browsers the staff is signed in with" },
    PersonalTable { table: "staff_views", holds: "names that the staff gave to filters of lists" },
    PersonalTable { table: "staff_notes", holds: "what the staff has written down about orders and people" },
];
