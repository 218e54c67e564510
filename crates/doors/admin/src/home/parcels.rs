//! What of orders and parcels needs a person. Pure.

use shipments::finding::WORST_FIRST;
use shipments::open::Waiting;
use shipments::wrong::Detector;

use super::{Need, counted, of};

/// A row for each thing that waits, the worst first.
pub(super) fn needs(waiting: &Waiting) -> Vec<Need> {
    let mut needs = Vec::new();
    if waiting.cancel_asked > 0 {
        needs.push(noticed(Detector::CancelAsked, &of(waiting.cancel_asked, "order")));
    }
    for detector in WORST_FIRST {
        if let Some(count) = waiting.noticed.get(&detector) {
            needs.push(noticed(detector, &of_noticed(*count, detector, waiting.is_more)));
        }
    }
    let also = [
        (waiting.unlinked, "parcel", "shown without a link: the carrier is not known", "/a/parcels/unlinked"),
        (waiting.strays, "number", "scanned, and no parcel has it", "/a/parcels/strays"),
    ];
    for (count, thing, what, href) in also.into_iter().filter(|(count, ..)| *count > 0) {
        let what = format!("{}, {what}", of(count, thing));
        needs.push(Need { tone: "warn", word: "Mend", what, href: href.to_owned() });
    }
    needs
}

fn noticed(detector: Detector, things: &str) -> Need {
    let (tone, word, what) = said(detector);
    let href = format!("/a/parcels?what={}", detector.as_str());
    Need { tone, word, what: format!("{things}: {what}"), href }
}

fn of_noticed(count: i64, detector: Detector, is_more: bool) -> String {
    let thing = match detector {
        Detector::NotPacked | Detector::CancelAsked | Detector::CountsAsCancelled => "order",
        Detector::NeverScanned
        | Detector::Silent
        | Detector::Lost
        | Detector::NotCured
        | Detector::PickupEnds
        | Detector::Damaged
        | Detector::PastPromise
        | Detector::ComesBack
        | Detector::Disputed => "parcel",
    };
    // Where not all were counted there may be more of each.
    if is_more { format!("{}+ × {thing}", counted(count).trim_end_matches('+')) } else { of(count, thing) }
}

/// Its tone, the word of its badge, and what it is.
fn said(detector: Detector) -> (&'static str, &'static str, &'static str) {
    match detector {
        Detector::CancelAsked => ("bad", "Cancel", "the customer asked to cancel"),
        Detector::CountsAsCancelled => ("bad", "Cancel", "late, not answered, counts as cancelled"),
        Detector::Disputed => {
            ("bad", "Ask", "delivered by what the carrier says, missing by what the customer says")
        }
        Detector::Lost => ("bad", "Lost", "lost, or not scanned for so long that it counts as lost"),
        Detector::Damaged => ("bad", "Damaged", "damaged"),
        Detector::ComesBack => ("warn", "Back", "on the way back, or back"),
        Detector::NotPacked => ("warn", "Late", "not left in time"),
        Detector::NotCured => ("warn", "Look", "something went wrong and is not put right"),
        Detector::PickupEnds => ("warn", "Call", "waiting to be collected and going back soon"),
        Detector::Silent => ("warn", "Silent", "under way and not scanned for days"),
        Detector::NeverScanned => ("warn", "Silent", "never scanned by the carrier"),
        Detector::PastPromise => ("warn", "Late", "not there by the promised day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(waiting: &Waiting) -> Vec<(String, String)> {
        needs(waiting).into_iter().map(|need| (need.what, need.href)).collect()
    }

    #[test]
    fn where_nothing_waits_there_is_no_row() {
        assert!(needs(&Waiting::default()).is_empty());
    }

    #[test]
    fn each_thing_is_a_row_the_worst_first_and_leads_to_its_list() {
        let noticed = [(Detector::PastPromise, 1), (Detector::Lost, 3)].into();
        let waiting = Waiting { noticed, cancel_asked: 2, strays: 1, unlinked: 4, is_more: false };
        let rows = [
            ("2 × order: the customer asked to cancel", "/a/parcels?what=cancel_asked"),
            ("3 × parcel: lost, or not scanned for so long that it counts as lost", "/a/parcels?what=lost"),
            ("1 parcel: not there by the promised day", "/a/parcels?what=past_promise"),
            ("4 × parcel, shown without a link: the carrier is not known", "/a/parcels/unlinked"),
            ("1 number, scanned, and no parcel has it", "/a/parcels/strays"),
        ];
        assert_eq!(said(&waiting), rows.map(|(what, href)| (what.to_owned(), href.to_owned())));
    }

    #[test]
    fn where_not_all_were_counted_there_may_be_more_of_each() {
        let waiting =
            Waiting { noticed: [(Detector::Silent, 990)].into(), is_more: true, ..Waiting::default() };
        assert_eq!(said(&waiting)[0].0, "990+ × parcel: under way and not scanned for days");
        let waiting =
            Waiting { noticed: [(Detector::Silent, 1_001)].into(), is_more: true, ..Waiting::default() };
        assert_eq!(said(&waiting)[0].0, "1,000+ × parcel: under way and not scanned for days");
    }
}
