//! Messages about one order reach their reader in the order in which they were written.

use std::time::Duration;

use kernel::Email;
use messaging::{NewMessage, Recipient};
use stories::smtp_sink::{Moment, Script};
use stories::stage::Stage;
use world::samples::{Bend, order};
use world::shopping::cancelled;

use crate::post::{self, Post, told_by};

const SECOND: Duration = Duration::from_secs(1);

fn no(moment: Moment, code: u16, words: &str) -> Script {
    Script::Reject(moment, code, words.to_owned())
}

/// Writes a code message to an address that no customer of ours has.
async fn write_to_a_strange_address(stage: &Stage, id: &orders::OrderId) {
    let (id, customer) = (id.clone(), stage.order(id).await.customer);
    let templates = aftercare::lists::messages::templates();
    let sample = (templates.named(orders::letters::CODE).unwrap().sample)();
    let written = stage.house.db.write("story.strange", move |w| {
        let now = w.now;
        let message = NewMessage {
            customer: &customer,
            template: orders::letters::CODE,
            subject: ("order", id.as_str()),
            trigger: "story",
            thread: "story",
            recipient: Recipient {
                email: Email::parse("stranger@example.test").ok(),
                ..Recipient::default()
            },
            context: sample.clone(),
            not_before: now,
            not_after: None,
        };
        messaging::queue(w, &message)
    });
    assert!(written.await.unwrap().is_some());
}

told_by! { post::tell:
    async fn a_cancellation_waits_for_the_confirmation_before_it(post: &mut Post) {
        post.scripts([no(Moment::Dot, 451, "4.3.0 Queue is full"), no(Moment::Dot, 451, "4.3.0 Queue is full")]);
        let first = order(1042, post.stage.now()).paid();
        post.stage.take(&first).await;
        post.stage.pass(SECOND).await;
        post.stage.take(&cancelled(&first, post.stage.now(), true)).await;
        post.stage.settle().await;
        let letters = post.letters().await;
        assert_eq!((letters[0].state.as_str(), letters[1].state.as_str()), ("deferred", "held"));
        assert!(letters[1].reason.contains("earlier message"), "{}", letters[1].reason);
        assert!(post.subjects().is_empty());
        post.stage.pass(60 * SECOND).await;
        assert_eq!(post.subjects(), ["We’ve got your order #1042", "Your order #1042 is cancelled"]);
    }

    async fn what_ends_badly_lets_the_next_go(post: &mut Post) {
        post.scripts([no(Moment::Dot, 451, "4.3.0 Queue is full"), no(Moment::Dot, 554, "5.6.0 Never")]);
        let first = order(1042, post.stage.now()).paid();
        post.stage.take(&first).await;
        post.stage.pass(SECOND).await;
        post.stage.take(&cancelled(&first, post.stage.now(), true)).await;
        post.stage.pass(60 * SECOND).await;
        assert_eq!(post.subjects(), ["Your order #1042 is cancelled"]);
    }

    async fn a_dead_address_that_nobody_holds_is_tried_once(post: &mut Post) {
        let id = post.order(1042).await;
        post.scripts((0..5).map(|_| no(Moment::Rcpt, 550, "5.1.1 No such user")));
        post.stage.pass(Duration::from_millis(1)).await;
        write_to_a_strange_address(&post.stage, &id).await;
        post.stage.pass(3_600 * SECOND).await;
        let letter = post.letters().await.pop().unwrap();
        assert_eq!((letter.state.as_str(), letter.hand_offs, letter.due_at), ("failed", 1, None));
    }
}
