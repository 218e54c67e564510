//! What shipments know of a person, and how it is forgotten.

use customers::{Knowledge, forget_rows, rows_of};

use crate::store::{
    FORGET_NUMBERS, FORGET_PICKUPS, FORGET_SCANS, FORGET_STRAYS_OF, TELL_NUMBERS, TELL_PICKUPS, TELL_SCANS,
    TELL_SHIPMENTS, TELL_STRAYS,
};

/// Table by table, what is found by the numbers before the numbers.
pub const KNOWLEDGE: &[Knowledge] = &[
    Knowledge { table: "shipments", tell: |r, s| rows_of(r, s, &TELL_SHIPMENTS), forget: None },
    Knowledge {
        table: "stray_scans",
        tell: |r, s| rows_of(r, s, &TELL_STRAYS),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_STRAYS_OF)),
    },
    Knowledge {
        table: "shipment_scans",
        tell: |r, s| rows_of(r, s, &TELL_SCANS),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_SCANS)),
    },
    Knowledge {
        table: "shipment_pickups",
        tell: |r, s| rows_of(r, s, &TELL_PICKUPS),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_PICKUPS)),
    },
    Knowledge {
        table: "shipment_numbers",
        tell: |r, s| rows_of(r, s, &TELL_NUMBERS),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_NUMBERS)),
    },
];
