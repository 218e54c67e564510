//! The queries of this crate. Nothing in them is personal: what stands here is what the shop says of itself.

use db::SqlFile;

db::sql_file!(pub STORE = "store.sql" {
    LIST_SETTINGS = "list_settings",
    FIND_SETTING = "find_setting",
    INSERT_SETTING = "insert_setting",
    UPDATE_SETTING = "update_setting",
    REACH_STEP = "reach_step",
    LIST_STEPS = "list_steps",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&STORE];
