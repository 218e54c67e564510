//! What is wrong with an order or a parcel, as the people who run the shop read it: in words, and what is done about it
//! by itself. Pure.

use kernel::ParcelPolicy;
use timeline::IncidentKind;

use crate::told::Told;
use crate::wrong::Detector;

/// What the staff reads of something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was noticed, a sentence each without its full stop, the worst first; what kind it is, when somebody opened it.
    pub what: Vec<&'static str>,
    /// What the program does about it by itself, and when it closes.
    pub next: String,
}

/// Everything that may be noticed, the worst first.
pub const WORST_FIRST: [Detector; 12] = [
    Detector::CancelAsked,
    Detector::CountsAsCancelled,
    Detector::Disputed,
    Detector::Lost,
    Detector::Damaged,
    Detector::ComesBack,
    Detector::NotPacked,
    Detector::NotCured,
    Detector::PickupEnds,
    Detector::Silent,
    Detector::NeverScanned,
    Detector::PastPromise,
];

/// What was noticed about an order or a parcel and is of this kind, the worst first; nothing, when a person opened it.
pub fn noticed(told: &Told, kind: IncidentKind, about: &str) -> Vec<Detector> {
    let is_noticed =
        |detector: &Detector| detector.incident() == kind && told.detected.contains(&key(*detector, about));
    WORST_FIRST.into_iter().filter(is_noticed).collect()
}

/// What is kept of a detector that has noticed something about an order or a parcel.
pub fn key(detector: Detector, about: &str) -> String {
    format!("{} {about}", detector.as_str())
}

/// The words for what was noticed about something of this kind.
pub fn finding(detectors: &[Detector], kind: IncidentKind, policy: &ParcelPolicy) -> Finding {
    match detectors.first() {
        Some(worst) => {
            Finding { what: detectors.iter().map(|one| words(*one)).collect(), next: next(*worst, policy) }
        }
        None => Finding {
            what: vec![kind.words()],
            next: "Somebody opened it by hand. It closes when somebody closes it.".to_owned(),
        },
    }
}

/// What was noticed, as a sentence without its full stop.
pub fn words(detector: Detector) -> &'static str {
    match detector {
        Detector::NotPacked => "Something of the order has not left in time",
        Detector::NeverScanned => "The carrier has never scanned the parcel",
        Detector::Silent => "The parcel is under way and has not been scanned for days",
        Detector::Lost => "The parcel counts as lost",
        Detector::NotCured => "Something went wrong on the parcel’s way and is not put right",
        Detector::Damaged => "The carrier says that the parcel is damaged",
        Detector::PickupEnds => "The parcel waits to be collected and goes back soon",
        Detector::PastPromise => "The parcel is not there by the promised day",
        Detector::CancelAsked => "The customer asked to cancel what has not left",
        Detector::CountsAsCancelled => "The customer has not answered: what has not left counts as cancelled",
        Detector::ComesBack => "The parcel comes back, or is back",
        Detector::Disputed => "The carrier says that the parcel is there, the customer that it is not",
    }
}

/// What the program does by itself, and when it closes.
fn next(detector: Detector, policy: &ParcelPolicy) -> String {
    let words = match detector {
        Detector::NotPacked => {
            "If a day was promised, the customer is told when it has passed, and asked whether they wait. It closes when all of \
             it has left or is cancelled, or when your shop names another day."
        }
        Detector::NeverScanned => "It closes with the first scan.",
        Detector::Silent => {
            return format!(
                "After {} working days without a scan it counts as lost. It closes with the next scan.",
                policy.lost_days
            );
        }
        Detector::Lost => {
            "The customer is told only when the carrier itself says so. It closes when the parcel turns up."
        }
        Detector::NotCured => "It closes when a scan says that the parcel goes on.",
        Detector::Damaged => "The customer is told. It closes when the parcel goes on or is there.",
        Detector::PickupEnds => {
            "The customer has been reminded once. Call them, or ask the carrier to keep it. It closes when it is collected."
        }
        Detector::PastPromise => {
            "The customer is told the morning after that day. It closes when the parcel is there."
        }
        Detector::CancelAsked => "Cancel it in your shop: the customer is told then, and it closes.",
        Detector::CountsAsCancelled => {
            "Cancel it in your shop: the customer is told then, and it closes. It also closes when it leaves."
        }
        Detector::ComesBack => {
            "The customer is told. Send it anew or give the money back, then close it on the order’s page."
        }
        Detector::Disputed => "Nothing: ask the carrier. It closes when the customer says that it was found.",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_detector_has_its_place_and_its_words() {
        let placed: BTreeSet<Detector> = WORST_FIRST.into_iter().collect();
        assert_eq!(placed, Detector::ALL.iter().copied().collect());
        let said: BTreeSet<&str> = Detector::ALL.iter().map(|one| words(*one)).collect();
        assert_eq!(said.len(), Detector::ALL.len(), "no two of them are said alike");
    }

    #[test]
    fn what_was_noticed_of_one_kind_about_one_thing_is_said_the_worst_first() {
        let detected =
            ["past_promise shp_1", "silent shp_1", "lost shp_1", "silent shp_2"].map(str::to_owned);
        let told = Told { detected: detected.into(), ..Told::default() };
        let late = noticed(&told, IncidentKind::Late, "shp_1");
        assert_eq!(late, [Detector::Silent, Detector::PastPromise]);
        assert_eq!(noticed(&told, IncidentKind::Lost, "shp_1"), [Detector::Lost]);
        assert_eq!(noticed(&told, IncidentKind::Damaged, "shp_1"), []);
        let said = finding(&late, IncidentKind::Late, &ParcelPolicy::default());
        assert_eq!(said.what.len(), 2);
        assert!(
            said.next.starts_with("After 10 working days without a scan it counts as lost"),
            "{}",
            said.next
        );
    }

    #[test]
    fn what_somebody_opened_says_so() {
        let said = finding(&[], IncidentKind::LowScore, &ParcelPolicy::default());
        assert_eq!(said.what, ["They were not content"]);
        assert!(said.next.contains("by hand"));
    }
}
