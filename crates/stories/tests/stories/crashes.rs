//! The sending machine stopped at every edge: what a crash, a slow worker or a lost database may and may not do.

use std::sync::Arc;
use std::time::Duration;

use customers::{Asker, SuppressionReason};
use db::{Engine, Query, params};
use jobs::Runner;
use kernel::{Channel, VirtualClock};
use messaging::actions::{Action, WhyNot};
use messaging::provider::{RefusalClass, Submission};
use stories::stage::{self, Stage};
use world::samples::{Bend, order};

use crate::courier::{Courier, accepted, refusal};
use crate::post::{self, Letter, Told, told_by};

db::sql_file!(pub CRASHES = "crashes.sql" {
    ASK_FOR_AN_OPINION = "ask_for_an_opinion",
});

const SECOND: Duration = Duration::from_secs(1);
/// How often a process on PostgreSQL says that it lives, and looks at the others.
const BEAT: Duration = Duration::from_secs(10);

/// A shop whose mails a courier carries.
struct Scene {
    stage: Stage,
    courier: Courier,
}

impl Scene {
    async fn on(engine: Engine) -> Scene {
        let courier = Courier::default();
        let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
        let stage = Stage::at(&stage::fresh_url(engine), clock, Some(courier.provider())).await;
        Scene { stage, courier }
    }

    /// An order whose confirmation is due.
    async fn order(&self) {
        self.stage.take(&order(1042, self.stage.now()).left()).await;
    }

    async fn letter(&self) -> Letter {
        let letters = post::letters(&self.stage).await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        letters[0].clone()
    }

    /// Works until the courier stops it, and dies there: nothing is written after that.
    async fn die_there(&self) {
        self.courier.stops(&mut Box::pin(self.stage.runner.run_due())).await;
    }

    /// A new process, which finds out that the old one is dead: on SQLite by starting, else by its silence.
    async fn heir(&self) -> Arc<Runner> {
        let heir = self.stage.house.runner().await.expect("a process starts");
        heir.beat().await.expect("it beats");
        for _ in 0..3 {
            self.stage.clock.move_to(self.stage.now() + BEAT);
            heir.beat().await.expect("it beats");
        }
        heir
    }

    /// The new process takes the old one's place.
    async fn restart(&mut self) {
        self.stage.runner = self.heir().await;
    }

    async fn tamper(&self, query: &'static Query) {
        let write = self.stage.house.db.write("story.tamper", move |w| w.execute(query, params![]));
        assert!(write.await.expect("rows can be changed") > 0, "{} changed nothing", query.name());
    }

    /// The next mail is taken or not: nobody says.
    fn is_silent(&self) {
        self.courier.on_submit(|| async { Submission::Unknown { words: "Silence.".to_owned() } });
    }

    /// The mails after that get these answers.
    fn refuses(&self, classes: impl IntoIterator<Item = RefusalClass>) {
        for class in classes {
            self.courier.on_submit(move || async move { Submission::Refused(refusal(class)) });
        }
    }

    /// Somebody at the shop cancels the only message.
    async fn cancels(&self) -> Result<(), WhyNot> {
        let cancel = |w: &mut db::Write<'_>| {
            let id = messaging::latest(w, 1)?.remove(0).id;
            messaging::actions::act(w, &id, Action::Cancel, "priya")
        };
        let acted = self.stage.house.db.write("story.cancel", cancel).await;
        acted.expect("somebody may ask").map(drop)
    }

    fn mails(&self) -> usize {
        self.courier.given().len()
    }
}

fn tell(engine: Engine, story: impl for<'a> FnOnce(&'a mut Scene) -> Told<'a>) {
    post::run_on(engine, async {
        let mut scene = Scene::on(engine).await;
        story(&mut scene).await;
        scene.stage.end().await;
    });
}

told_by! { super::tell:
    async fn what_was_left_before_the_mark_is_sent_once_and_at_once(scene: &mut Scene) {
        scene.order().await;
        scene.courier.stop_at_connect();
        scene.die_there().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs, letter.leased), ("queued", 0, true));
        scene.restart().await;
        scene.stage.settle().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs, letter.tries), ("accepted", 1, 0));
        assert_eq!(scene.mails(), 1);
    }

    async fn what_was_left_after_the_mark_is_unknown_and_sent_again_under_the_same_message_id(scene: &mut Scene) {
        scene.order().await;
        scene.courier.stop_at_submit(accepted("never heard"));
        scene.die_there().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs, letter.leased), ("handing_off", 1, true));
        scene.restart().await;
        scene.stage.settle().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs), ("accepted", 2));
        let given = scene.courier.given();
        assert_eq!(given.len(), 2);
        assert_eq!(given[0], given[1], "the same mail, byte for byte");
    }

    async fn what_was_left_after_the_mark_stays_unknown_while_nobody_takes_it(scene: &mut Scene) {
        scene.order().await;
        scene.courier.stop_at_submit(accepted("never heard"));
        scene.die_there().await;
        scene.restart().await;
        scene.courier.on_connect(|| async { Err(refusal(RefusalClass::Transient)) });
        scene.stage.settle().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.tries, letter.finished_at), ("unknown", 1, None));
        assert_eq!(letter.outcome, "The courier says no.");
        scene.stage.pass(3 * SECOND).await;
        assert_eq!(scene.letter().await.state, "accepted");
    }

    async fn what_may_never_be_sent_twice_ends_as_unknown_after_a_crash(scene: &mut Scene) {
        scene.order().await;
        scene.tamper(&ASK_FOR_AN_OPINION).await;
        scene.courier.stop_at_submit(accepted("never heard"));
        scene.die_there().await;
        scene.restart().await;
        scene.stage.settle().await;
        assert_never_again(scene).await;
    }

    async fn what_may_never_be_sent_twice_ends_as_unknown_after_silence(scene: &mut Scene) {
        scene.order().await;
        scene.tamper(&ASK_FOR_AN_OPINION).await;
        scene.courier.on_submit(|| async { Submission::Unknown { words: "Silence.".to_owned() } });
        scene.stage.settle().await;
        assert_eq!(scene.letter().await.outcome, "Silence.");
        assert_never_again(scene).await;
    }

    async fn what_may_have_arrived_stays_unknown_when_there_is_no_way_to_send_it_again(scene: &mut Scene) {
        scene.order().await;
        scene.courier.on_submit(|| async { Submission::Unknown { words: "Silence.".to_owned() } });
        scene.stage.settle().await;
        assert_eq!(scene.letter().await.outcome, "Silence.");
        let stopped = |w: &mut db::Write<'_>| {
            let (channel, reason) = (Channel::Email, SuppressionReason::Stopped);
            customers::suppress(w, channel, "amina@example.test", reason, "story")
        };
        scene.stage.house.db.write("story.suppress", stopped).await.expect("an address can be suppressed");
        scene.stage.pass(60 * SECOND).await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs), ("unknown", 1));
        assert!(letter.finished_at.is_some() && scene.mails() == 1, "{letter:?}");
    }

    async fn what_may_have_arrived_and_is_refused_for_good_afterwards_ends_as_unknown(scene: &mut Scene) {
        let taken = scene.stage.take(&order(1042, scene.stage.now()).left()).await;
        scene.courier.stop_at_submit(accepted("never heard"));
        scene.die_there().await;
        scene.refuses([RefusalClass::Permanent]);
        scene.restart().await;
        scene.stage.settle().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.verdict.as_str(), letter.hand_offs), ("unknown", "drop", 2));
        assert_eq!(letter.reason, "Not sent again: it was refused for good the last time, but may have arrived before.");
        assert_eq!(letter.outcome, "The courier says no.");
        assert!(letter.finished_at.is_some() && letter.due_at.is_none());
        let events = scene.stage.events().await;
        let has = |kind: &str| events.iter().any(|event| event == kind);
        assert!(has("message.unknown") && !has("message.failed"), "{events:?}");
        let read = scene.stage.house.db.read("story.notes", move |r| orders::notes(r, &taken.order)).await;
        let notes = read.unwrap();
        assert_eq!(notes.len(), 1, "somebody at the shop asks the customer");
        assert!(notes[0].detail.contains("may not have arrived"), "{notes:?}");
        scene.stage.pass(100 * 3_600 * SECOND).await;
        assert_eq!(scene.mails(), 2, "never again by itself");
    }

    async fn what_may_have_arrived_and_is_put_off_afterwards_stays_unknown_and_is_sent_again(scene: &mut Scene) {
        scene.order().await;
        scene.is_silent();
        scene.refuses([RefusalClass::Transient, RefusalClass::RecipientBusy, RefusalClass::Account]);
        scene.stage.settle().await;
        for (wait, tries) in [(3, 2), (13, 3), (37, 4)] {
            scene.stage.pass(wait * SECOND).await;
            let letter = scene.letter().await;
            assert_eq!((letter.state.as_str(), letter.hand_offs, letter.finished_at), ("unknown", tries, None));
            assert_eq!(letter.outcome, "The courier says no.");
            assert_eq!(scene.cancels().await, Err(WhyNot::MayHaveArrived));
        }
        scene.stage.pass(150 * SECOND).await;
        assert_eq!(scene.letter().await.state, "accepted");
        let ids = scene.courier.ids();
        assert!(ids.len() == 5 && ids.iter().all(|id| *id == ids[0]), "under the same Message-ID: {ids:?}");
    }

    async fn what_may_have_arrived_and_is_put_off_until_it_is_too_late_ends_as_unknown(scene: &mut Scene) {
        scene.order().await;
        scene.is_silent();
        scene.refuses([RefusalClass::RecipientBusy; 200]);
        scene.stage.pass(73 * 3_600 * SECOND).await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.verdict.as_str()), ("unknown", "drop"));
        assert_eq!(letter.reason, "Not sent again: it may have arrived, and by now it would come too late to be of use.");
        assert!(!scene.stage.events().await.contains(&"message.expired".to_owned()));
    }

    async fn what_may_have_arrived_at_an_address_that_is_dead_afterwards_ends_as_unknown(scene: &mut Scene) {
        scene.order().await;
        scene.is_silent();
        scene.refuses([RefusalClass::DeadAddress]);
        scene.stage.pass(60 * SECOND).await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs, scene.mails()), ("unknown", 2, 2));
        assert_eq!(letter.reason, "Not sent: nothing reaches the addresses we have. Ask for a new one.");
        assert!(letter.finished_at.is_some());
    }

    async fn what_may_have_arrived_stays_unknown_when_its_reader_is_forgotten(scene: &mut Scene) {
        scene.order().await;
        scene.is_silent();
        scene.stage.settle().await;
        let forget = |w: &mut db::Write<'_>| {
            let id = customers::holders(w, Channel::Email, "amina@example.test")?.remove(0);
            customers::begin_erasure(w, &id, Asker::Staff("priya"))
        };
        scene.stage.house.db.write("story.forget", forget).await.expect("a customer can be forgotten");
        scene.stage.pass(60 * SECOND).await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), scene.mails()), ("unknown", 1));
        assert_eq!(letter.reason, "Not sent: the data of this person were erased.");
    }

    async fn a_worker_given_up_during_the_hand_off_changes_nothing_whatever_it_heard(scene: &mut Scene) {
        for answer in late_answers() {
            scene.stage.take(&order(2_000 + scene.mails() as u32, scene.stage.now())).await;
            scene.courier.stop_at_submit(answer.clone());
            let old = scene.stage.runner.clone();
            let mut late = Box::pin(old.run_due());
            scene.courier.stops(&mut late).await;
            scene.restart().await;
            scene.stage.settle().await;
            let (before, events) = (post::letters(&scene.stage).await, scene.stage.events().await);
            assert_eq!(before.last().map(|letter| letter.state.as_str()), Some("accepted"));
            scene.courier.release();
            late.await.expect("a stale worker is no failure");
            assert_eq!(post::letters(&scene.stage).await, before, "{answer:?}");
            assert_eq!(scene.stage.events().await, events, "{answer:?}");
            assert!(post::contacts(&scene.stage).await.iter().all(|(_, dead)| !dead), "{answer:?}");
        }
    }

    async fn a_worker_given_up_leaves_the_hand_off_of_its_heir_alone(scene: &mut Scene) {
        for answer in late_answers() {
            scene.stage.take(&order(2_000 + scene.mails() as u32, scene.stage.now())).await;
            scene.courier.stop_at_submit(answer.clone());
            let old = scene.stage.runner.clone();
            let mut late = Box::pin(old.run_due());
            scene.courier.stops(&mut late).await;
            scene.restart().await;
            scene.courier.stop_at_submit(accepted("by the heir"));
            let heir = scene.stage.runner.clone();
            let mut busy = Box::pin(heir.run_due());
            scene.courier.stops(&mut busy).await;
            let before = post::letters(&scene.stage).await;
            // The first one that waits is the first one that goes on.
            scene.courier.release();
            late.await.expect("a stale worker is no failure");
            assert_eq!(post::letters(&scene.stage).await, before, "{answer:?}");
            scene.courier.release();
            busy.await.expect("the heir goes on");
            let letter = post::letters(&scene.stage).await.pop().unwrap();
            assert_eq!((letter.state.as_str(), letter.reference.as_deref()), ("accepted", Some("by the heir")));
        }
    }

    async fn a_worker_given_up_before_the_mark_hands_nothing_over(scene: &mut Scene) {
        scene.order().await;
        scene.courier.stop_at_connect();
        let old = scene.stage.runner.clone();
        let mut late = Box::pin(old.run_due());
        scene.courier.stops(&mut late).await;
        scene.restart().await;
        scene.courier.stop_at_submit(accepted("by the heir"));
        let heir = scene.stage.runner.clone();
        let mut busy = Box::pin(heir.run_due());
        scene.courier.stops(&mut busy).await;
        scene.courier.release();
        late.await.expect("a stale worker is no failure");
        assert_eq!((scene.letter().await.hand_offs, scene.mails()), (1, 1));
        scene.courier.release();
        busy.await.expect("the heir goes on");
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.reference.as_deref()), ("accepted", Some("by the heir")));
    }

    async fn an_address_that_dies_while_we_connect_gets_nothing(scene: &mut Scene) {
        scene.order().await;
        let db = scene.stage.house.db.clone();
        scene.courier.on_connect(|| async move {
            let found = db.read("story.holder", |r| messaging::latest(r, 1)).await.unwrap();
            let id = found[0].id.clone();
            let marked = db.write("story.dead", move |w| {
                let message = messaging::find(w, &id)?.unwrap();
                customers::mark_dead(w, &message.customer, Channel::Email, "amina@example.test", "bounced")
            });
            marked.await.unwrap();
            Ok(())
        });
        scene.stage.settle().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs, scene.mails()), ("failed", 0, 0));
    }

    async fn a_message_that_grows_worthless_while_we_connect_is_not_handed_over(scene: &mut Scene) {
        scene.order().await;
        let clock = scene.stage.clock.clone();
        scene.courier.on_connect(|| async move {
            clock.move_to(kernel::Clock::now(&*clock) + 72 * 3_600 * SECOND);
            Ok(())
        });
        scene.stage.settle().await;
        let letter = scene.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs, scene.mails()), ("expired", 0, 0));
    }
}

/// What a worker may hear too late.
fn late_answers() -> [Submission; 5] {
    [
        accepted("too late"),
        Submission::Refused(refusal(RefusalClass::Transient)),
        Submission::Refused(refusal(RefusalClass::Permanent)),
        Submission::Refused(refusal(RefusalClass::DeadAddress)),
        Submission::Unknown { words: "Silence.".to_owned() },
    ]
}

async fn assert_never_again(scene: &Scene) {
    scene.stage.pass(100 * 3_600 * SECOND).await;
    let letter = scene.letter().await;
    assert_eq!((letter.state.as_str(), letter.verdict.as_str(), letter.hand_offs), ("unknown", "drop", 1));
    assert_eq!(
        letter.reason,
        "Not sent again: it may have arrived, and this kind of message is never sent twice."
    );
    assert!(letter.finished_at.is_some() && letter.due_at.is_none());
    assert_eq!(scene.mails(), 1);
    assert!(scene.stage.events().await.contains(&"message.unknown".to_owned()));
}
