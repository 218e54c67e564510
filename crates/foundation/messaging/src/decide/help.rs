//! What somebody at the shop can do about a reason.

use super::Why;

impl Why {
    /// What changes it, and who can, in a sentence.
    pub fn help(self) -> &'static str {
        match self {
            Why::StatedChannel
            | Why::ShopDefault
            | Why::OnlyWayLeft
            | Why::AfterStop
            | Why::EmailAfterText
            | Why::TextLost
            | Why::StopConfirmed
            | Why::AnswersText => "Nothing is in the way.",
            Why::TooEarly => "It goes out by itself when its time comes.",
            Why::Restored => {
                "Let it go on its page, once it is sure that it was not sent before; all of them: `aftercare messages release`."
            }
            Why::InOrder => "It goes out by itself after the earlier one.",
            Why::AwaitingReport => "It goes on by itself within a quarter of an hour.",
            Why::Paused => {
                "It goes out by itself when the pause ends. “Send again” on the customer’s page ends it now."
            }
            Why::Incident => {
                "It goes out by itself some days after what is wrong is put right. Close the incident on the customer’s page when it is."
            }
            Why::Pace => {
                "It goes out by itself when its time has come. Only they can change it, on the page “How we reach you”."
            }
            Why::Pressure => {
                "It goes out by itself when there is room again. Settings → Rules says how much is enough."
            }
            Why::QuietHours => {
                "It goes out by itself in the morning. Settings → Rules says when it is quiet."
            }
            Why::Expired | Why::ExpiredUnknown => "Nothing: it would come too late to be of use.",
            Why::RefusedUnknown => {
                "Ask the customer whether they got it. “Try again” on its page sends it once more."
            }
            Why::NeverTwice => "Nothing: it may have arrived. Ask the customer.",
            Why::TriedOnce => "Nothing: what does not belong to a purchase is not said again another way.",
            Why::Cancelled => "Somebody at the shop cancelled it. “Try again” on its page writes it anew.",
            Why::Overtaken => "Nothing: they hear what is new instead.",
            Why::Erased => "Nothing: there is nobody left to write to.",
            Why::NoAddress => "Ask the customer for an address; their next order brings it.",
            Why::DeadAddress => "Ask the customer for another address; their next order brings it.",
            Why::Stopped => "Only they can change it: by texting START to the shop’s number.",
            Why::Unsubscribed => {
                "Only they can change it, on the page “How we reach you” that every mail links to; unless the shop or a list said it: then lift it under Suppressions."
            }
            Why::Complained => {
                "Only they can change it, on the page “How we reach you” that every mail links to."
            }
            Why::TopicOff => {
                "Only they can change it, on the page “How we reach you” that every mail links to."
            }
            Why::NotOptedIn => {
                "Ask for their yes at the till, or on the page “How we reach you”. Without it nothing is sent."
            }
            Why::HeldOut => {
                "Nothing: they are one of those who get no marketing, so that its effect can be measured. Settings → Rules says how many."
            }
        }
    }
}
