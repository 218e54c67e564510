//! The reasons.

/// The rule that made a verdict. Stored, and shown to whoever asks "why this, why now, why not".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The person stated this channel.
    StatedChannel,
    /// The person stated nothing; the shop's default.
    ShopDefault,
    /// The preferred channel can't be used; this one can.
    OnlyWayLeft,
    /// By text nothing goes to who said STOP; by e-mail the purchase goes on.
    AfterStop,
    /// A text of it may not have arrived.
    EmailAfterText,
    /// A text of it did not arrive.
    TextLost,
    /// The one text that follows a STOP.
    StopConfirmed,
    /// It answers a text that the person has just sent.
    AnswersText,
    /// It is not time yet.
    TooEarly,
    /// It was due before this database was restored, and may have been sent by the shop the backup was taken of.
    Restored,
    /// An earlier message of the same thread goes first.
    InOrder,
    /// A text of it may have arrived; its report is waited for.
    AwaitingReport,
    /// The person asked to be left in peace for a while.
    Paused,
    /// Something is wrong for this person.
    Incident,
    /// The person wants to hear of this seldom, and has lately.
    Pace,
    /// The person has been written to often enough for now.
    Pressure,
    /// Quiet hours where the person is.
    QuietHours,
    /// It would come too late to be of use.
    Expired,
    /// It may have arrived; to send it again would be too late to be of use.
    ExpiredUnknown,
    /// It was refused for good this time, and may have arrived before. What becomes of a hand-off, not a rule, makes this
    /// verdict.
    RefusedUnknown,
    /// It may have arrived already, and this kind is never sent twice.
    NeverTwice,
    /// A text of it did not arrive, and this kind is not said again another way.
    TriedOnce,
    /// The person's data were erased.
    Erased,
    /// Nobody ever gave an address we can use.
    NoAddress,
    /// Every address we have is dead.
    DeadAddress,
    /// The person said STOP to texts, and there is no other way.
    Stopped,
    /// The person unsubscribed the address it would go to.
    Unsubscribed,
    /// The person complained of us at the address it would go to.
    Complained,
    /// The person switched the topic off.
    TopicOff,
    /// Marketing without a yes.
    NotOptedIn,
    /// One of those who get no marketing, so that its effect can be measured.
    HeldOut,
    /// Somebody of the staff has cancelled it. No rule makes this verdict.
    Cancelled,
    /// Something newer about the same was to be said. Its room makes this verdict.
    Overtaken,
}

impl Why {
    /// Every reason.
    pub const ALL: [Why; 33] = [
        Why::StatedChannel,
        Why::ShopDefault,
        Why::OnlyWayLeft,
        Why::AfterStop,
        Why::EmailAfterText,
        Why::TextLost,
        Why::StopConfirmed,
        Why::AnswersText,
        Why::TooEarly,
        Why::Restored,
        Why::InOrder,
        Why::AwaitingReport,
        Why::Paused,
        Why::Incident,
        Why::Pace,
        Why::Pressure,
        Why::QuietHours,
        Why::Expired,
        Why::ExpiredUnknown,
        Why::RefusedUnknown,
        Why::NeverTwice,
        Why::TriedOnce,
        Why::Erased,
        Why::NoAddress,
        Why::DeadAddress,
        Why::Stopped,
        Why::Unsubscribed,
        Why::Complained,
        Why::TopicOff,
        Why::NotOptedIn,
        Why::HeldOut,
        Why::Cancelled,
        Why::Overtaken,
    ];

    /// The sentence shown beside the message.
    pub fn words(self) -> &'static str {
        match self {
            Why::StatedChannel => "Sent the way this person asked for.",
            Why::ShopDefault => "Sent the way the shop prefers: this person stated no preference.",
            Why::OnlyWayLeft => "Sent the only way that is left: the preferred one can't be used.",
            Why::AfterStop => "Sent by e-mail: this person answered STOP to our texts.",
            Why::EmailAfterText => "Sent by e-mail: nobody could say whether the text arrived.",
            Why::TextLost => "Sent by e-mail: the text did not arrive.",
            Why::AnswersText => "Sent because it answers the text that this person has just sent.",
            Why::StopConfirmed => "Sent because it confirms a STOP: the one text that may follow it.",
            Why::TooEarly => "Waiting for its time.",
            Why::Restored => {
                "Held by a restore: it was due before that and may have been sent already. Waiting for `aftercare messages release`."
            }
            Why::InOrder => "Waiting for an earlier message about the same thing to go first.",
            Why::AwaitingReport => "Waiting to hear whether the text arrived; else it goes by e-mail.",
            Why::Paused => "Waiting: this person asked to be left in peace for a while.",
            Why::Erased => "Not sent: the data of this person were erased.",
            Why::Incident => "Waiting: something is wrong for this person, and that comes first.",
            Why::Pace => "Waiting: this person wants to hear of this seldom, and has lately.",
            Why::Pressure => "Waiting: this person has heard from the shop often enough for now.",
            Why::QuietHours => "Waiting for the morning where this person is.",
            Why::Expired => "Not sent: it would have come too late to be of use.",
            Why::ExpiredUnknown => {
                "Not sent again: it may have arrived, and by now it would come too late to be of use."
            }
            Why::RefusedUnknown => {
                "Not sent again: it was refused for good the last time, but may have arrived before."
            }
            Why::NeverTwice => {
                "Not sent again: it may have arrived, and this kind of message is never sent twice."
            }
            Why::TriedOnce => {
                "Not sent again: the text did not arrive, and this kind of message is tried once only."
            }
            Why::NoAddress => "Not sent: there is no address it could go to.",
            Why::DeadAddress => "Not sent: nothing reaches the addresses we have. Ask for a new one.",
            Why::Stopped => "Not sent: this person answered STOP to our texts, and this may go no other way.",
            Why::Unsubscribed => "Not sent: this person unsubscribed.",
            Why::Complained => "Not sent: this person told their provider that our messages are unwanted.",
            Why::TopicOff => "Not sent: this person switched this topic off.",
            Why::NotOptedIn => {
                "Not sent: this person has not agreed to marketing on any channel we could use."
            }
            Why::HeldOut => "Not sent: this person is one of those who get no marketing, for comparison.",
            Why::Cancelled => "Not sent: somebody at the shop cancelled it.",
            Why::Overtaken => "Not sent: something newer about the same was to be said.",
        }
    }

    /// The name used in rows, in the API and in metrics.
    pub fn code(self) -> &'static str {
        match self {
            Why::StatedChannel => "stated_channel",
            Why::ShopDefault => "shop_default",
            Why::OnlyWayLeft => "only_way_left",
            Why::AfterStop => "after_stop",
            Why::EmailAfterText => "email_after_text",
            Why::TextLost => "text_lost",
            Why::StopConfirmed => "stop_confirmed",
            Why::AnswersText => "answers_text",
            Why::TooEarly => "too_early",
            Why::Restored => "restored",
            Why::InOrder => "in_order",
            Why::AwaitingReport => "awaiting_report",
            Why::Paused => "paused",
            Why::Erased => "erased",
            Why::Incident => "incident",
            Why::Pace => "pace",
            Why::Pressure => "pressure",
            Why::QuietHours => "quiet_hours",
            Why::Expired => "expired",
            Why::ExpiredUnknown => "expired_unknown",
            Why::RefusedUnknown => "refused_unknown",
            Why::NeverTwice => "never_twice",
            Why::TriedOnce => "tried_once",
            Why::NoAddress => "no_address",
            Why::DeadAddress => "dead_address",
            Why::Stopped => "stopped",
            Why::Unsubscribed => "unsubscribed",
            Why::Complained => "complained",
            Why::TopicOff => "topic_off",
            Why::NotOptedIn => "not_opted_in",
            Why::HeldOut => "held_out",
            Why::Cancelled => "cancelled",
            Why::Overtaken => "overtaken",
        }
    }
}
