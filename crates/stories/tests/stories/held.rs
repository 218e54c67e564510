//! What waits while something is wrong for a person or they have heard enough, and what wakes it.

use std::time::Duration;

use db::Engine;
use kernel::shop::Pressure;
use kernel::{CustomerId, Policy};
use messaging::decide::Why;
use stories::letters::{LATER, NOTICE, OFFER, QUESTION, TIP};
use stories::stage::Stage;
use stories::{postgres, stories};
use timeline::{Actor, Ending, IncidentKind};
use world::samples::{Bend, order};

const DAY: Duration = Duration::from_secs(86_400);
const HOUR: Duration = Duration::from_secs(3_600);

/// Somebody who has ordered, agreed to marketing by e-mail, and had their confirmation.
pub async fn amina(stage: &Stage) -> CustomerId {
    let taken = stage.take(&order(1042, stage.now()).paid().left()).await;
    stage.settle().await;
    stage.order(&taken.order).await.customer
}

async fn goes_wrong(stage: &Stage, customer: &CustomerId, kind: IncidentKind, subject: &'static str) -> bool {
    let customer = customer.clone();
    let write = stage.house.db.write("story.goes_wrong", move |w| {
        timeline::open_incident(w, kind, ("parcel", subject), &customer, Actor::Rule("story"))
    });
    write.await.expect("it is opened").is_some()
}

async fn ends(stage: &Stage, kind: IncidentKind, subject: &'static str, ending: Ending) -> bool {
    let write = stage.house.db.write("story.ends", move |w| {
        timeline::close_incident(w, kind, ("parcel", subject), ending, Actor::Rule("story"))
    });
    let was_open = write.await.expect("it is closed");
    stage.settle().await;
    was_open
}

/// State and reason of every message but the first, which confirms the order.
async fn later(stage: &Stage) -> Vec<(String, String)> {
    let messages = stage.messages().await.into_iter().skip(1);
    messages.map(|message| (message.state, message.reason)).collect()
}

fn held(why: Why) -> (String, String) {
    ("held".to_owned(), why.words().to_owned())
}

async fn said_since(stage: &Stage, mails: usize) -> Vec<String> {
    stage.subjects().await.split_off(mails)
}

stories! {
    async fn while_something_is_wrong_only_what_belongs_to_the_purchase_is_said(stage: &Stage) {
        let customer = amina(stage).await;
        assert!(goes_wrong(stage, &customer, IncidentKind::Damaged, "p1").await);
        for (template, said) in [(TIP, "a tip"), (QUESTION, "a question"), (OFFER, "an offer")] {
            stage.say(&customer, template, said).await;
        }
        assert_eq!(later(stage).await, [held(Why::Incident), held(Why::Incident), held(Why::Incident)]);
        stage.say(&customer, LATER, "your order").await;
        stage.say(&customer, NOTICE, "your rights").await;
        assert_eq!(said_since(stage, 1).await, ["your order", "your rights"]);
        stage.pass(2 * DAY).await;
        assert!(ends(stage, IncidentKind::Damaged, "p1", Ending::Cured).await);
        assert_eq!(later(stage).await[0], held(Why::Incident), "what is cured still hurts for a while");
        stage.pass(IncidentKind::Damaged.cool_down() - HOUR).await;
        assert_eq!(stage.mails().await.len(), 3);
        stage.pass(2 * HOUR).await;
        let mut said = said_since(stage, 3).await;
        said.sort();
        assert_eq!(said, ["a question", "a tip", "an offer"]);
        let events = stage.events().await;
        assert_eq!(events.iter().filter(|kind| kind.starts_with("incident.")).count(), 2);
    }

    async fn what_was_never_wrong_lets_go_at_once(stage: &Stage) {
        let customer = amina(stage).await;
        goes_wrong(stage, &customer, IncidentKind::Lost, "p1").await;
        stage.say(&customer, TIP, "a tip").await;
        assert_eq!(later(stage).await, [held(Why::Incident)]);
        assert!(ends(stage, IncidentKind::Lost, "p1", Ending::Mistaken).await);
        assert_eq!(said_since(stage, 1).await, ["a tip"], "nobody had to ask");
        assert!(!ends(stage, IncidentKind::Lost, "p1", Ending::Mistaken).await);
    }

    async fn the_same_thing_is_wrong_once_and_two_things_are_two(stage: &Stage) {
        let customer = amina(stage).await;
        assert!(goes_wrong(stage, &customer, IncidentKind::Lost, "p1").await);
        assert!(!goes_wrong(stage, &customer, IncidentKind::Lost, "p1").await);
        assert!(goes_wrong(stage, &customer, IncidentKind::Lost, "p2").await);
        stage.say(&customer, TIP, "a tip").await;
        ends(stage, IncidentKind::Lost, "p1", Ending::Mistaken).await;
        assert_eq!(later(stage).await, [held(Why::Incident)], "the other one is still lost");
        ends(stage, IncidentKind::Lost, "p2", Ending::Mistaken).await;
        assert_eq!(said_since(stage, 1).await, ["a tip"]);
        assert!(goes_wrong(stage, &customer, IncidentKind::Lost, "p1").await, "it can go wrong again");
    }

    async fn an_incident_that_everybody_forgot_silences_nobody_for_ever(stage: &Stage) {
        let customer = amina(stage).await;
        goes_wrong(stage, &customer, IncidentKind::OpenConversation, "p1").await;
        stage.say(&customer, TIP, "a tip").await;
        stage.pass(IncidentKind::OpenConversation.oldest() - HOUR).await;
        assert_eq!(later(stage).await, [held(Why::Incident)]);
        stage.pass(HOUR).await;
        assert_eq!(said_since(stage, 1).await, ["a tip"]);
        stage.pass(DAY).await;
        assert!(stage.events().await.contains(&"incident.closed".to_owned()), "and the record says so");
    }

    async fn what_is_wrong_for_one_is_not_wrong_for_another(stage: &Stage) {
        let customer = amina(stage).await;
        let other = stage.take(&order(7, stage.now()).paid().by("ben@example.test", "Ben")).await;
        let other = stage.order(&other.order).await.customer;
        goes_wrong(stage, &customer, IncidentKind::Late, "p1").await;
        stage.say(&other, TIP, "a tip for Ben").await;
        assert!(stage.subjects().await.contains(&"a tip for Ben".to_owned()));
    }

    async fn who_has_heard_enough_hears_of_their_purchase_and_the_rest_waits_its_turn(stage: &Stage) {
        let customer = amina(stage).await;
        for n in 0..5 {
            stage.say(&customer, LATER, &format!("news of the order {n}")).await;
        }
        stage.pass(HOUR).await;
        stage.say(&customer, TIP, "a tip").await;
        assert_eq!(later(stage).await[5], held(Why::Pressure), "six messages in a week are enough");
        stage.say(&customer, LATER, "one more of the order").await;
        assert_eq!(stage.mails().await.len(), 7, "what belongs to the purchase is sent, and counts");
        stage.pass(7 * DAY - 2 * HOUR).await;
        assert_eq!(stage.mails().await.len(), 7);
        stage.pass(2 * HOUR).await;
        assert_eq!(said_since(stage, 7).await, ["a tip"]);
    }

    async fn what_waits_too_long_ends_and_says_so(stage: &Stage) {
        let customer = amina(stage).await;
        goes_wrong(stage, &customer, IncidentKind::ReturnInProgress, "p1").await;
        stage.say(&customer, OFFER, "an offer").await;
        stage.pass(30 * DAY + HOUR).await;
        let expired = ("expired".to_owned(), Why::Expired.words().to_owned());
        assert_eq!(later(stage).await, [expired]);
        assert_eq!(stage.mails().await.len(), 1);
    }

    async fn tips_and_questions_wait_for_the_morning_where_the_person_is(stage: &Stage) {
        let customer = amina(stage).await;
        stage.pass(13 * HOUR).await;
        stage.say(&customer, TIP, "a tip").await;
        stage.say(&customer, LATER, "your order").await;
        assert_eq!(later(stage).await[0], held(Why::QuietHours));
        assert_eq!(said_since(stage, 1).await, ["your order"]);
        stage.pass(9 * HOUR).await;
        assert_eq!(said_since(stage, 2).await, ["a tip"]);
    }
}

/// The clock of a story under another policy.
fn under(policy: Policy, engine: Engine) {
    if engine == Engine::Postgres && !postgres::wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Stage::with_policy(engine, policy).await;
        let customer = amina(&stage).await;
        for (template, said) in [(TIP, "a tip"), (OFFER, "an offer")] {
            stage.say(&customer, template, said).await;
        }
        let dropped = ("dropped".to_owned(), Why::HeldOut.words().to_owned());
        assert_eq!(later(&stage).await[1], dropped);
        assert_eq!(said_since(&stage, 1).await, ["a tip"], "only marketing is measured so");
        stage.end().await;
    });
}

#[test]
fn who_is_held_out_gets_no_marketing_on_sqlite() {
    under(Policy { holdout_percent: 100, ..Policy::default() }, Engine::Sqlite);
}

#[test]
fn who_is_held_out_gets_no_marketing_on_postgres() {
    let roomy = Pressure { messages: 100, days: 1 };
    under(Policy { holdout_percent: 100, pressure: roomy, ..Policy::default() }, Engine::Postgres);
}
