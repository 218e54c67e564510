//! Every named query, for the tests that prepare and explain them on both engines.

use db::SqlFile;

/// The files, crate by crate.
pub fn queries() -> Vec<&'static SqlFile> {
    [
        jobs::SQL,
        timeline::SQL,
        customers::SQL,
        staff::SQL,
        settings::SQL,
        messaging::SQL,
        orders::SQL,
        shipments::SQL,
        catalogue::SQL,
        platforms::SQL,
        api::SQL,
        crate::doctor::SQL,
        crate::checks::SQL,
    ]
    .concat()
}
