//! Work that is due the moment it is written down goes straight to the workers of the process that wrote it.
//!
//! Its row is leased to this process in the very write that makes it, and handed over when that write is durable. So
//! the row is what it always was, a crash frees it as it frees any lease, and one write less lies between an order and
//! its confirmation. Only where there is room, and only while nobody waits in the queue: whatever waits goes first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use crate::in_hand::{InHand, Place, locked};
use crate::registry::Registry;
use crate::runner::{room_of, share_of};
use crate::{Job, Lane};

/// Where work is handed to the workers of this process. The binary wires one in; without it, and while nobody works,
/// all work is queued.
#[derive(Default)]
pub struct Desk(Mutex<Option<Arc<Open>>>);

/// A desk behind which somebody works.
pub(crate) struct Open {
    run: String,
    registry: Registry,
    in_hand: Arc<InHand>,
    handing: mpsc::UnboundedSender<Handed>,
    /// Rooms for which something waits in the queue.
    behind: Mutex<BTreeSet<&'static str>>,
}

/// A job on its way to the workers, and the place that is kept for it.
pub(crate) type Handed = (Job, Place);

/// A lease on work that is about to be written down.
pub(crate) struct Lease {
    /// The process that will do it.
    pub run: String,
    place: Place,
    handing: mpsc::UnboundedSender<Handed>,
}

impl Desk {
    /// Opens the desk for the workers of a process; what is handed over comes out of the other end.
    pub(crate) fn open(
        &self,
        run: &str,
        registry: Registry,
        in_hand: Arc<InHand>,
    ) -> (Arc<Open>, mpsc::UnboundedReceiver<Handed>) {
        let (handing, handed) = mpsc::unbounded_channel();
        let run = run.to_owned();
        // What a process before this one has left is found by the first claim.
        let behind = Mutex::new(registry.kinds().map(|kind| room_of(&registry, kind)).collect());
        let open = Arc::new(Open { run, registry, in_hand, handing, behind });
        *locked(&self.0) = Some(open.clone());
        (open, handed)
    }

    /// Nobody works here any more.
    pub(crate) fn close(&self) {
        *locked(&self.0) = None;
    }

    /// A lease on work of this kind, when it can be begun at once.
    pub(crate) fn lease(&self, kind: &str, lane: Lane) -> Option<Lease> {
        let open = locked(&self.0).clone()?;
        open.lease(kind, lane)
    }
}

impl Open {
    fn lease(&self, kind: &str, lane: Lane) -> Option<Lease> {
        let (kind, _) = self.registry.kind(kind)?;
        // One of many waits its turn, and lets others go first.
        if matches!(lane, Lane::Bulk | Lane::Upkeep) {
            return None;
        }
        let room = room_of(&self.registry, kind);
        let mut behind = locked(&self.behind);
        let place = match behind.contains(room) {
            true => None,
            false => self.in_hand.reserve(room, share_of(&self.registry, kind, lane)),
        };
        if place.is_none() {
            behind.insert(room);
        }
        Some(Lease { run: self.run.clone(), place: place?, handing: self.handing.clone() })
    }

    /// What a claim has found: whether more waits in a room than there was place for.
    pub(crate) fn claimed(&self, room: &'static str, is_full: bool) {
        let mut behind = locked(&self.behind);
        if is_full {
            behind.insert(room)
        } else {
            behind.remove(room)
        };
    }
}

impl Lease {
    /// Hands the work over; its write is durable. Should the workers have gone, so has their lease.
    pub(crate) fn hand_over(self, job: Job) {
        let _ = self.handing.send((job, self.place));
    }
}
