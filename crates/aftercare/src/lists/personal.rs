//! Every table that holds personal data: the one list that export, erasure, redaction and the raw scan go by.

use customers::{Forgot, Knowing, Knowledge};
use db::PersonalTable;

/// The list, crate by crate. A test holds it against the marks in the migrations.
pub fn personal_tables() -> Vec<PersonalTable> {
    [
        jobs::PERSONAL,
        customers::PERSONAL,
        staff::PERSONAL,
        messaging::PERSONAL,
        orders::PERSONAL,
        shipments::PERSONAL,
        platforms::PERSONAL,
    ]
    .concat()
}

/// How each table that is about customers is told and forgotten, in the order in which it is: what has to be searched
/// first, and who they are last, for that is what the rest is found by. A test holds it against the list above.
pub fn knowing() -> Knowing {
    Knowing(
        [
            FILES,
            platforms::KNOWLEDGE,
            messaging::KNOWLEDGE,
            shipments::KNOWLEDGE,
            orders::KNOWLEDGE,
            customers::KNOWLEDGE,
        ]
        .concat(),
    )
}

/// Files of everybody hold whoever is forgotten. They are made again in a minute, and told to nobody but their maker.
const FILES: &[Knowledge] = &[Knowledge {
    table: "task_parts",
    tell: |_, _| Ok(Vec::new()),
    forget: Some(|w, _| Ok(if jobs::tasks::drop_files(w)? { Forgot::More(None) } else { Forgot::All })),
}];
