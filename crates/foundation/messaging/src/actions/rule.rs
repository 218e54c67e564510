//! May this be done with this message now? One pure function over everything there is.

use kernel::Purpose;

use crate::decide::{Why, may_be_switched_off};
use crate::store::State;

/// Something that somebody of the staff can do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Decide now what would be decided later.
    DecideAgain,
    /// Say once more what did not arrive.
    TryAgain,
    /// Never send it.
    Cancel,
    /// Let go what a restore holds.
    Release,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 4] = [Action::TryAgain, Action::DecideAgain, Action::Release, Action::Cancel];

    /// The word in forms, addresses and the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::DecideAgain => "decide_again",
            Action::TryAgain => "try_again",
            Action::Cancel => "cancel",
            Action::Release => "release",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Action::ALL.into_iter().find(|action| action.as_str() == word)
    }

    /// What its button says.
    pub fn label(self) -> &'static str {
        match self {
            Action::DecideAgain => "Decide again now",
            Action::TryAgain => "Try again",
            Action::Cancel => "Cancel it",
            Action::Release => "Let it go",
        }
    }

    /// What was done, for the line that says so.
    pub fn done(self) -> &'static str {
        match self {
            Action::DecideAgain => "decided again",
            Action::TryAgain => "tried again",
            Action::Cancel => "cancelled",
            Action::Release => "let go",
        }
    }

    /// What was done, for the audit log.
    pub fn audited(self) -> &'static str {
        match self {
            Action::DecideAgain => "message.decided_again",
            Action::TryAgain => "message.tried_again",
            Action::Cancel => "message.cancelled",
            Action::Release => "message.released",
        }
    }
}

/// What the rule asks of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// Whether nothing more will be done with it.
    pub is_final: bool,
    /// Why it is sent.
    pub purpose: Purpose,
    /// The rule behind its verdict, by its code.
    pub why: Option<String>,
    /// A code, or the answer to a text: worth nothing later.
    pub is_for_the_moment: bool,
    /// Whether somebody has asked to say it again already.
    pub was_tried_again: bool,
}

/// Why something can't be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// It is being handed over.
    OnItsWay,
    /// Its provider has it.
    Sent,
    /// It may have arrived.
    MayHaveArrived,
    /// Its life has ended.
    Ended,
    /// It goes on by itself.
    GoesOn,
    /// A restore holds it.
    HeldByRestore,
    /// No restore holds it.
    NotHeldByRestore,
    /// A rule has stopped it, and holds.
    RuleHolds,
    /// It may have arrived, and is never sent twice.
    NeverTwice,
    /// It was worth something at its moment only.
    OnlyForTheMoment,
    /// It is marketing, and too late.
    TooLateForMarketing,
    /// Somebody has asked for that already.
    TriedAgainAlready,
    /// It changed between the look and the write.
    ElsewhereMeanwhile,
}

impl WhyNot {
    /// In a sentence.
    pub fn words(self) -> &'static str {
        match self {
            WhyNot::OnItsWay => "It is being handed over this moment. Look again in a minute.",
            WhyNot::Sent => "The provider has it already.",
            WhyNot::MayHaveArrived => "It may have arrived already, and can’t be taken back.",
            WhyNot::Ended => "Nothing more will be done with it.",
            WhyNot::GoesOn => "It goes on by itself.",
            WhyNot::HeldByRestore => "A restore holds it. Let it go instead.",
            WhyNot::NotHeldByRestore => "No restore holds it.",
            WhyNot::RuleHolds => "A rule has stopped it, and would stop it again.",
            WhyNot::NeverTwice => "It may have arrived, and this kind of message is never sent twice.",
            WhyNot::OnlyForTheMoment => "It was worth something only in its moment.",
            WhyNot::TooLateForMarketing => "An offer that comes too late is not sent again.",
            WhyNot::TriedAgainAlready => "Somebody has tried it again already.",
            WhyNot::ElsewhereMeanwhile => "It went on in the meantime. Look again at how it stands.",
        }
    }
}

/// Whether this may be done now.
pub fn may(action: Action, message: &Standing) -> Result<(), WhyNot> {
    match action {
        Action::DecideAgain => decide_again(message),
        Action::TryAgain => try_again(message),
        Action::Cancel => cancel(message),
        Action::Release => release(message),
    }
}

fn is_held_by_restore(message: &Standing) -> bool {
    !message.is_final && message.why.as_deref() == Some(Why::Restored.code())
}

fn decide_again(message: &Standing) -> Result<(), WhyNot> {
    match message.state {
        _ if is_held_by_restore(message) => Err(WhyNot::HeldByRestore),
        State::HandingOff => Err(WhyNot::OnItsWay),
        State::Accepted => Err(WhyNot::Sent),
        State::Failed | State::Dropped | State::Expired => Err(WhyNot::Ended),
        State::Unknown if message.is_final => Err(WhyNot::Ended),
        State::Queued | State::Deferred | State::Unknown | State::Held => Ok(()),
    }
}

fn try_again(message: &Standing) -> Result<(), WhyNot> {
    let was_cancelled = message.why.as_deref() == Some(Why::Cancelled.code());
    match message.state {
        State::Accepted => return Err(WhyNot::Sent),
        State::HandingOff => return Err(WhyNot::OnItsWay),
        State::Queued | State::Deferred | State::Held => return Err(WhyNot::GoesOn),
        State::Unknown if !message.is_final => return Err(WhyNot::GoesOn),
        State::Unknown if may_be_switched_off(message.purpose) => return Err(WhyNot::NeverTwice),
        State::Dropped if !was_cancelled => return Err(WhyNot::RuleHolds),
        State::Expired if message.purpose == Purpose::Marketing => return Err(WhyNot::TooLateForMarketing),
        State::Unknown | State::Dropped | State::Failed | State::Expired => {}
    }
    if message.was_tried_again {
        return Err(WhyNot::TriedAgainAlready);
    }
    if message.is_for_the_moment { Err(WhyNot::OnlyForTheMoment) } else { Ok(()) }
}

fn cancel(message: &Standing) -> Result<(), WhyNot> {
    match message.state {
        State::HandingOff => Err(WhyNot::OnItsWay),
        State::Accepted => Err(WhyNot::Sent),
        State::Unknown => Err(WhyNot::MayHaveArrived),
        State::Failed | State::Dropped | State::Expired => Err(WhyNot::Ended),
        State::Queued | State::Deferred | State::Held => Ok(()),
    }
}

fn release(message: &Standing) -> Result<(), WhyNot> {
    if is_held_by_restore(message) { Ok(()) } else { Err(WhyNot::NotHeldByRestore) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(state: State, purpose: Purpose) -> Standing {
        Standing {
            state,
            is_final: matches!(state, State::Accepted | State::Failed | State::Dropped | State::Expired),
            purpose,
            why: None,
            is_for_the_moment: false,
            was_tried_again: false,
        }
    }

    /// State, then what may be done of: decide again, try again, cancel.
    #[test]
    fn every_state_has_its_actions() {
        use WhyNot::{Ended, GoesOn, MayHaveArrived, OnItsWay, RuleHolds, Sent};
        let of = |state, is_final| {
            let message = Standing { is_final, ..standing(state, Purpose::Transactional) };
            [Action::DecideAgain, Action::TryAgain, Action::Cancel].map(|action| may(action, &message))
        };
        for (state, is_final, expected) in [
            (State::Queued, false, [Ok(()), Err(GoesOn), Ok(())]),
            (State::HandingOff, false, [Err(OnItsWay), Err(OnItsWay), Err(OnItsWay)]),
            (State::Accepted, true, [Err(Sent), Err(Sent), Err(Sent)]),
            (State::Deferred, false, [Ok(()), Err(GoesOn), Ok(())]),
            (State::Failed, true, [Err(Ended), Ok(()), Err(Ended)]),
            (State::Unknown, false, [Ok(()), Err(GoesOn), Err(MayHaveArrived)]),
            (State::Unknown, true, [Err(Ended), Ok(()), Err(MayHaveArrived)]),
            (State::Held, false, [Ok(()), Err(GoesOn), Ok(())]),
            (State::Dropped, true, [Err(Ended), Err(RuleHolds), Err(Ended)]),
            (State::Expired, true, [Err(Ended), Ok(()), Err(Ended)]),
        ] {
            assert_eq!(of(state, is_final), expected, "{state:?}, final: {is_final}");
        }
    }

    #[test]
    fn what_may_have_arrived_is_said_again_only_where_twice_is_better_than_never() {
        for purpose in Purpose::ALL {
            let unknown = Standing { is_final: true, ..standing(State::Unknown, purpose) };
            let allowed = matches!(purpose, Purpose::Transactional | Purpose::Legal);
            assert_eq!(may(Action::TryAgain, &unknown).is_ok(), allowed, "{purpose:?}");
        }
    }

    #[test]
    fn an_offer_that_is_too_late_stays_so_and_what_failed_may_be_tried_again() {
        let late = standing(State::Expired, Purpose::Marketing);
        assert_eq!(may(Action::TryAgain, &late), Err(WhyNot::TooLateForMarketing));
        for purpose in Purpose::ALL {
            assert_eq!(may(Action::TryAgain, &standing(State::Failed, purpose)), Ok(()));
        }
    }

    #[test]
    fn it_is_tried_again_once_and_a_code_never() {
        let failed = standing(State::Failed, Purpose::Transactional);
        let again = Standing { was_tried_again: true, ..failed.clone() };
        assert_eq!(may(Action::TryAgain, &again), Err(WhyNot::TriedAgainAlready));
        let code = Standing { is_for_the_moment: true, ..failed };
        assert_eq!(may(Action::TryAgain, &code), Err(WhyNot::OnlyForTheMoment));
    }

    #[test]
    fn what_somebody_cancelled_may_be_sent_after_all_and_what_a_rule_stopped_may_not() {
        let dropped = standing(State::Dropped, Purpose::Service);
        let cancelled = Standing { why: Some(Why::Cancelled.code().to_owned()), ..dropped.clone() };
        assert_eq!(may(Action::TryAgain, &cancelled), Ok(()));
        let stopped = Standing { why: Some(Why::TopicOff.code().to_owned()), ..dropped };
        assert_eq!(may(Action::TryAgain, &stopped), Err(WhyNot::RuleHolds));
    }

    #[test]
    fn only_what_a_restore_holds_is_let_go() {
        let held = standing(State::Held, Purpose::Transactional);
        assert_eq!(may(Action::Release, &held), Err(WhyNot::NotHeldByRestore));
        let restored = Standing { why: Some(Why::Restored.code().to_owned()), ..held };
        assert_eq!(may(Action::Release, &restored), Ok(()));
        assert_eq!(may(Action::DecideAgain, &restored), Err(WhyNot::HeldByRestore));
        assert_eq!(may(Action::Cancel, &restored), Ok(()));
        let over = Standing { is_final: true, state: State::Expired, ..restored };
        assert_eq!(may(Action::Release, &over), Err(WhyNot::NotHeldByRestore));
    }
}
