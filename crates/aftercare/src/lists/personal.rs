//! Every table that holds personal data: the one list that export, erasure, redaction and the raw scan go by.

use db::PersonalTable;

/// The list, crate by crate. A test holds it against the marks in the migrations.
pub fn personal_tables() -> Vec<PersonalTable> {
    [
        jobs::PERSONAL,
        customers::PERSONAL,
        staff::PERSONAL,
        messaging::PERSONAL,
        orders::PERSONAL,
        platforms::PERSONAL,
    ]
    .concat()
}
