//! What orders know of a person, and how it is forgotten.

use customers::{Knowledge, forget_rows, rows_of};

use crate::store::{
    FORGET_MARKS, FORGET_PEOPLE, FORGET_STAFFS_NOTES, FORGET_TOLD, TELL_LINES, TELL_MARKS, TELL_ORDERS,
    TELL_PEOPLE, TELL_STAFFS_NOTES, TELL_TOLD,
};

/// Table by table.
pub const KNOWLEDGE: &[Knowledge] = &[
    Knowledge { table: "orders", tell: |r, s| rows_of(r, s, &TELL_ORDERS), forget: None },
    Knowledge { table: "order_lines", tell: |r, s| rows_of(r, s, &TELL_LINES), forget: None },
    Knowledge {
        table: "order_marks",
        tell: |r, s| rows_of(r, s, &TELL_MARKS),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_MARKS)),
    },
    Knowledge {
        table: "staff_notes",
        tell: |r, s| rows_of(r, s, &TELL_STAFFS_NOTES),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_STAFFS_NOTES)),
    },
    Knowledge {
        table: "order_told",
        tell: |r, s| rows_of(r, s, &TELL_TOLD),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_TOLD)),
    },
    Knowledge {
        table: "order_people",
        tell: |r, s| rows_of(r, s, &TELL_PEOPLE),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_PEOPLE)),
    },
    crate::find::KNOWLEDGE,
];
