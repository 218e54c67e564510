//! What must be true whatever went wrong. Each rule is a function that quotes what it is about; the table of what may
//! be said to whom is that of ARCHITECTURE, "A message is sent", judged here by what the outside saw and not by the
//! function that decides.

mod inputs;
mod messages;
mod parcels;
mod people;
mod purchases;
mod rows;

use kernel::{Policy, Timestamp, Zone};

use rows::MessageRow;
pub(crate) use rows::{Rows, open_messages};

use super::carrier::Telling;
use super::host::Credentials;
use super::oracle::Orders;
use super::outside::{HandOff, Wish};
use super::shop::Version;
use crate::people::Person;

/// A rule and its name.
pub struct Rule {
    /// The name of its function.
    pub name: &'static str,
    pub(crate) holds: fn(&Ending<'_>) -> Result<(), String>,
}

/// Everything there is to know when a life has ended.
pub(crate) struct Ending<'a> {
    pub(crate) rows: &'a Rows,
    pub(crate) expected: &'a Orders,
    pub(crate) versions: &'a [Version],
    pub(crate) tellings: &'a [Telling],
    pub(crate) people: &'a [Person],
    pub(crate) policy: &'a Policy,
    pub(crate) hand_offs: &'a [HandOff],
    pub(crate) wishes: &'a [Wish],
    pub(crate) keys: &'a Credentials,
    /// When the process died.
    pub(crate) deaths: &'a [Timestamp],
    /// When a commit or a hand-off failed, or was not answered.
    pub(crate) errors: &'a [Timestamp],
    /// From when to when a provider was away.
    pub(crate) away: &'a [(Timestamp, Timestamp)],
    /// Which texts were reported on, and when.
    pub(crate) reports: &'a [(String, Timestamp)],
}

macro_rules! rules {
    ($($module:ident::$name:ident),+ $(,)?) => {
        &[$(Rule { name: stringify!($name), holds: $module::$name }),+]
    };
}

/// All of them. Two more are judged while they can be seen: `no_get_changes_state` by the scanners, and
/// `what_is_right_is_never_refused` by everybody who asks.
pub const RULES: &[Rule] = rules![
    inputs::every_acknowledged_input_is_reflected,
    inputs::every_order_equals_the_oracle,
    inputs::no_webhook_is_left_over,
    inputs::every_standing_order_is_confirmed_once,
    inputs::facts_folded_from_the_timeline_equal_the_tables,
    messages::every_message_ends_with_a_reason,
    messages::no_job_is_stuck,
    messages::what_was_taken_is_known_as_accepted_or_unknown,
    messages::a_key_is_accepted_once_but_for_the_acceptance_window,
    messages::what_may_be_switched_off_is_never_said_twice,
    messages::nothing_is_handed_over_when_it_has_expired,
    messages::a_text_without_an_answer_is_waited_for,
    purchases::what_belongs_to_a_purchase_arrives,
    parcels::each_parcel_converges_to_its_oracle,
    parcels::a_change_of_a_parcel_is_told_once,
    parcels::no_day_that_has_passed_is_told,
    people::marketing_needs_a_yes,
    people::whoever_left_gets_no_more,
    people::a_stopped_number_gets_only_the_answer,
    people::nobody_is_disturbed_at_night,
    people::nobody_in_trouble_is_asked_or_offered_anything,
    people::nobody_gets_more_than_the_budget,
    people::whoever_is_held_out_gets_no_marketing,
];

impl Ending<'_> {
    /// Every hand-off with its message.
    pub(crate) fn handed(&self) -> impl Iterator<Item = (&HandOff, &MessageRow)> {
        self.hand_offs.iter().filter_map(|hand_off| Some((hand_off, self.rows.by_key.get(&hand_off.key)?)))
    }

    /// Whether nobody there is to be disturbed.
    pub(crate) fn is_night(&self, at: Timestamp, zone: &Zone) -> bool {
        let (quiet, hour) = (self.policy.quiet_hours, at.clock_in(zone).0.unsigned_abs());
        hour >= quiet.from || hour < quiet.to
    }

    /// The person behind a message.
    pub(crate) fn person_of(&self, message: &MessageRow) -> Option<&Person> {
        let is_theirs = |person: &&Person| {
            self.rows.holder_of(person.email.as_str()).is_some_and(|customer| customer == message.customer)
        };
        self.people.iter().find(is_theirs)
    }
}

/// What belongs to the purchase is said at least once; anything else at most once.
pub(crate) fn may_be_switched_off(message: &MessageRow) -> bool {
    matches!(message.purpose.as_str(), "service" | "survey" | "marketing")
}

/// Fails with words when something was found.
pub(crate) fn none(found: Option<String>) -> Result<(), String> {
    found.map_or(Ok(()), Err)
}
