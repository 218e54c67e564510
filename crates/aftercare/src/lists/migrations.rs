//! Every migration, in order: one forward-only stream for both engines.

use db::Migration;

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../../../migrations/", $name, ".sql")),
        }
    };
}

/// The stream. A released migration is never changed; a later one changes what it made.
pub const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_jobs"),
    migration!(2, "0002_timeline"),
    migration!(3, "0003_customers"),
    migration!(4, "0004_messaging"),
    migration!(5, "0005_platforms"),
    migration!(6, "0006_api"),
    migration!(7, "0007_orders"),
    migration!(8, "0008_suppressions"),
    migration!(9, "0009_webhooks_out"),
    migration!(10, "0010_restore_holds"),
    migration!(11, "0011_reach"),
    migration!(12, "0012_texts"),
    migration!(13, "0013_connections"),
    migration!(14, "0014_refunds"),
    migration!(15, "0015_old_secrets"),
    migration!(16, "0016_catalogue"),
    migration!(17, "0017_identities_of"),
    migration!(18, "0018_staff"),
    migration!(19, "0019_second_factor"),
    migration!(20, "0020_settings"),
    migration!(21, "0021_tasks"),
    migration!(22, "0022_marks_and_lists"),
    migration!(23, "0023_templates"),
    migration!(24, "0024_people"),
    migration!(25, "0025_erasures"),
    migration!(26, "0026_settings_pages"),
    migration!(27, "0027_shipments"),
    migration!(28, "0028_message_days"),
    migration!(29, "0029_products_and_countries"),
    migration!(30, "0030_account"),
    migration!(31, "0031_delays_and_lanes"),
    migration!(32, "0032_further_parcels"),
    migration!(33, "0033_parcel_promises"),
];
