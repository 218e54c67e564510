//! What the staff does with messages: deciding again, trying again, cancelling, letting go; and who wins when the sending
//! machine is at it in the same moment.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{StatusCode, header};
use db::Engine;
use kernel::{MessageId, VirtualClock};
use messaging::provider::{RefusalClass, Submission};
use staff::Role;
use stories::letters::{OFFER, TIP};
use stories::stage::{self, Answer, Stage};
use timeline::{Actor, IncidentKind};
use world::samples::{Bend, order};

use crate::courier::{Courier, accepted, refusal};
use crate::post::{self, Told, told_by};
use crate::staff::{get, joined, post as send};

/// A shop whose mails a courier carries, and somebody who works there.
struct Desk {
    stage: Stage,
    courier: Courier,
    agent: String,
}

impl Desk {
    async fn on(engine: Engine) -> Desk {
        let courier = Courier::default();
        let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
        let stage = Stage::at(&stage::fresh_url(engine), clock, Some(courier.provider())).await;
        let agent = joined(&stage, Role::Agent, "priya@northwind.test").await;
        Desk { stage, courier, agent }
    }

    /// An order whose confirmation is due.
    async fn order(&self, number: u32) {
        self.stage.take(&order(number, self.stage.now()).paid().by("amina@example.test", "Amina Khan")).await;
    }

    /// The newest message.
    async fn message(&self) -> MessageId {
        let read = self.stage.house.db.read("story.latest", |r| messaging::latest(r, 1)).await;
        read.unwrap().remove(0).id
    }

    async fn act(&self, id: &MessageId, action: &str) -> Answer {
        send(&self.stage, &format!("/a/messages/{id}/act"), &self.agent, &[("do", action)]).await
    }

    async fn page(&self, id: &MessageId) -> String {
        get(&self.stage, &format!("/a/messages/{id}"), &self.agent).await.body
    }

    async fn states(&self) -> Vec<String> {
        self.stage.messages().await.into_iter().map(|message| message.state).collect()
    }

    fn refuse(&self, class: RefusalClass) {
        self.courier.on_submit(move || async move { Submission::Refused(refusal(class)) });
    }
}

fn tell(engine: Engine, story: impl for<'a> FnOnce(&'a mut Desk) -> Told<'a>) {
    post::run_on(engine, async {
        let mut desk = Desk::on(engine).await;
        story(&mut desk).await;
        desk.stage.end().await;
    });
}

told_by! { super::tell:
    async fn what_failed_is_tried_again_once_whoever_asks(desk: &mut Desk) {
        desk.refuse(RefusalClass::Permanent);
        desk.order(1042).await;
        desk.stage.settle().await;
        let failed = desk.message().await;
        assert!(desk.page(&failed).await.contains("Try again</button>"));
        desk.stage.pass(Duration::from_secs(1)).await;
        let (one, other) = tokio::join!(desk.act(&failed, "try_again"), desk.act(&failed, "try_again"));
        let mut statuses = [one.status, other.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]);
        let late = if one.status == StatusCode::SEE_OTHER { other } else { one };
        assert!(late.body.contains("Somebody has tried it again already."), "{}", late.body);
        desk.stage.settle().await;
        assert_eq!(desk.states().await, ["failed", "accepted"], "what failed stays so, and is said once more");
        assert_eq!(desk.courier.given().len(), 2);
        let page = desk.page(&failed).await;
        assert!(page.contains("see that message") && page.contains("tried again"), "{page}");
        assert!(desk.stage.events().await.contains(&"message.tried_again".to_owned()));
    }

    async fn what_waits_for_its_next_try_is_tried_now(desk: &mut Desk) {
        desk.refuse(RefusalClass::RecipientBusy);
        desk.order(1042).await;
        desk.stage.settle().await;
        let waiting = desk.message().await;
        assert_eq!(desk.states().await, ["deferred"]);
        let page = desk.page(&waiting).await;
        assert!(page.contains("Tries without success") && page.contains("The courier says no."), "{page}");
        assert_eq!(desk.act(&waiting, "decide_again").await.status, StatusCode::SEE_OTHER);
        desk.stage.settle().await;
        assert_eq!(desk.states().await, ["accepted"]);
        let late = desk.act(&waiting, "cancel").await;
        assert!(late.body.contains("The provider has it already."), "{}", late.body);
    }

    async fn what_is_cancelled_before_the_mark_never_leaves(desk: &mut Desk) {
        desk.courier.stop_at_connect();
        desk.order(1042).await;
        let message = desk.message().await;
        let mut work = Box::pin(desk.stage.runner.run_due());
        desk.courier.stops(&mut work).await;
        let cancelled = desk.act(&message, "cancel").await;
        assert_eq!(cancelled.status, StatusCode::SEE_OTHER, "{}", cancelled.body);
        desk.courier.release();
        work.await.unwrap();
        desk.stage.settle().await;
        assert_eq!(desk.courier.given().len(), 0, "nobody got it");
        assert_eq!(desk.states().await, ["dropped"]);
        let page = desk.page(&message).await;
        assert!(page.contains("somebody at the shop cancelled it") && page.contains("<bdi>Priya</bdi></b>: cancelled"), "{page}");
        assert!(page.contains("Try again</button>"), "and who regrets it can send it after all");
    }

    async fn what_is_being_handed_over_can_not_be_cancelled(desk: &mut Desk) {
        desk.courier.stop_at_submit(accepted("taken"));
        desk.order(1042).await;
        let message = desk.message().await;
        let mut work = Box::pin(desk.stage.runner.run_due());
        desk.courier.stops(&mut work).await;
        for action in ["cancel", "try_again", "decide_again"] {
            let refused = desk.act(&message, action).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.body.contains("It is being handed over this moment."), "{}", refused.body);
        }
        desk.courier.release();
        work.await.unwrap();
        desk.stage.settle().await;
        assert_eq!((desk.states().await, desk.courier.given().len()), (vec!["accepted".to_owned()], 1));
    }

    async fn what_may_have_arrived_and_is_never_sent_twice_is_not_tried_again(desk: &mut Desk) {
        desk.order(1042).await;
        desk.stage.settle().await;
        let customers = desk.stage.house.db.read("story.customer", |r| customers::ids_behind(r, &customers::KnownSince::between(None, None), None, 1)).await;
        desk.courier.on_submit(|| async { Submission::Unknown { words: "The line went dead.".to_owned() } });
        desk.stage.say(&customers.unwrap()[0], OFFER, "an offer").await;
        desk.stage.pass(Duration::from_secs(86_400)).await;
        let message = desk.message().await;
        assert_eq!(desk.states().await, ["accepted", "unknown"], "{:?}", desk.stage.messages().await);
        let given = desk.courier.given().len();
        let refused = desk.act(&message, "try_again").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains("never sent twice"), "{}", refused.body);
        desk.stage.pass(Duration::from_secs(86_400)).await;
        assert_eq!(desk.courier.given().len(), given);
    }

    async fn one_that_a_restore_holds_is_let_go_and_the_others_stay(desk: &mut Desk) {
        desk.order(1).await;
        desk.order(2).await;
        desk.stage.clock.move_to(desk.stage.now() + Duration::from_secs(3_600));
        desk.stage.house.db.write("story.restored", jobs::hold_after_restore).await.unwrap();
        desk.stage.settle().await;
        assert_eq!(desk.states().await, ["held", "held"]);
        let message = desk.message().await;
        let page = desk.page(&message).await;
        assert!(page.contains("Let it go</button>"), "{page}");
        assert_eq!(desk.act(&message, "release").await.status, StatusCode::SEE_OTHER);
        desk.stage.settle().await;
        let mut states = desk.states().await;
        states.sort();
        assert_eq!((states, desk.courier.given().len()), (vec!["accepted".to_owned(), "held".to_owned()], 1));
        let again = desk.act(&message, "release").await;
        assert!(again.body.contains("No restore holds it."), "{}", again.body);
    }

    async fn several_are_acted_on_at_once_and_each_by_itself(desk: &mut Desk) {
        for number in 1..=3 {
            desk.order(number).await;
        }
        desk.stage.settle().await;
        let customer = desk.stage.house.db.read("story.customer", |r| customers::ids_behind(r, &customers::KnownSince::between(None, None), None, 1)).await.unwrap().remove(0);
        let lost = customer.clone();
        let opened = desk.stage.house.db.write("story.lost", move |w| {
            timeline::open_incident(w, IncidentKind::Lost, ("parcel", "p1"), &lost, Actor::Rule("story"))
        });
        opened.await.unwrap();
        desk.stage.say(&customer, TIP, "a tip").await;
        let list = get(&desk.stage, "/a/messages", &desk.agent).await.body;
        let on_page = list.split("name=\"on_page\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(on_page.split(' ').count(), 4);
        let fields = [("do", "cancel"), ("all", "1"), ("on_page", on_page.as_str()), ("query", "show=held")];
        let done = send(&desk.stage, "/a/messages/act", &desk.agent, &fields).await;
        assert_eq!(done.header(header::LOCATION), "/a/messages?show=held&did=cancel&n=1&not=3");
        let told = get(&desk.stage, done.header(header::LOCATION), &desk.agent).await.body;
        assert!(told.contains("1 message cancelled. 3 messages can’t be"), "{told}");
        let nothing = send(&desk.stage, "/a/messages/act", &desk.agent, &[("do", "cancel")]).await;
        let told = get(&desk.stage, nothing.header(header::LOCATION), &desk.agent).await.body;
        assert!(told.contains("Tick the messages first."), "{told}");
    }
}
