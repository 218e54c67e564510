//! Every kind of long work that somebody of the staff can ask for.

use jobs::tasks::Tasks;

/// The list, crate by crate.
pub fn tasks() -> Tasks {
    Tasks::new(&[admin::TASKS, messaging::log::TASKS, orders::staff::TASKS])
}
