//! Every table that holds personal data: the one list that export, erasure, redaction and the raw scan go by.

use customers::Knowing;
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

/// How each table that is about customers is told and forgotten, in the order in which it is: what has to be searched
/// first, and who they are last, for that is what the rest is found by. A test holds it against the list above.
pub fn knowing() -> Knowing {
    Knowing([platforms::KNOWLEDGE, messaging::KNOWLEDGE, orders::KNOWLEDGE, customers::KNOWLEDGE].concat())
}
