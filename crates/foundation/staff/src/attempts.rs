//! How often a password may be wrong. Pure.
//!
//! Tries are counted by account and origin together, and by origin over all accounts. An account alone is never locked:
//! whoever knows an address of the staff could keep its owner out. What that leaves to an attacker with many origins, the
//! length of a password and the price of trying one have to bear.

use std::time::Duration;

/// How long a wrong password counts.
pub const COUNTS_FOR: Duration = Duration::from_secs(15 * 60);
/// Wrong passwords of one account from one origin within that time.
pub const OF_ACCOUNT: u32 = 5;
/// Wrong passwords from one origin, whatever the account.
pub const FROM_ORIGIN: u32 = 30;

/// Wrong passwords that still count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// Of this account, from this origin.
    pub of_account: u32,
    /// From this origin.
    pub from_origin: u32,
}

/// Whether another password may be tried now.
pub fn may_try(failures: Failures) -> bool {
    failures.of_account < OF_ACCOUNT && failures.from_origin < FROM_ORIGIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_stops_and_nobody_else_is_locked_out() {
        let failed = |of_account, from_origin| Failures { of_account, from_origin };
        assert!(may_try(failed(0, 0)) && may_try(failed(4, 29)));
        assert!(!may_try(failed(5, 5)), "one account");
        assert!(!may_try(failed(0, 30)), "one account after the other");
    }
}
