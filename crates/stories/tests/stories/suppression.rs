//! An address that wants nothing more.

use std::time::Duration;

use customers::SuppressionReason::{Complained, Stopped, Unsubscribed};
use customers::{Suppression, SuppressionReason};
use kernel::Channel;
use stories::stage::Stage;
use stories::stories;

const PHONE: &str = "+447700900123";
const MAIL: &str = "amina@example.test";

async fn suppress(stage: &Stage, channel: Channel, key: &'static str, reason: SuppressionReason) -> bool {
    let write = stage
        .house
        .db
        .write("story.suppress", move |w| customers::suppress(w, channel, key, reason, "story"));
    write.await.expect("it is kept")
}

async fn lift(stage: &Stage, channel: Channel, key: &'static str, reason: SuppressionReason) -> bool {
    let write =
        stage.house.db.write("story.lift", move |w| customers::unsuppress(w, channel, key, reason, "story"));
    write.await.expect("it is lifted")
}

async fn holds(stage: &Stage, channel: Channel, key: &'static str) -> Option<SuppressionReason> {
    let read = stage.house.db.read("story.suppressed", move |r| customers::suppressed(r, channel, key));
    read.await.expect("it can be asked").map(|suppression| suppression.reason)
}

async fn history(stage: &Stage, channel: Channel, key: &'static str) -> Vec<Suppression> {
    let read = stage.house.db.read("story.history", move |r| customers::suppression_history(r, channel, key));
    read.await.expect("it can be asked")
}

stories! {
    async fn a_stopped_number_stays_stopped_until_it_says_otherwise(stage: &Stage) {
        assert_eq!(holds(stage, Channel::Sms, PHONE).await, None);
        assert!(suppress(stage, Channel::Sms, PHONE, Stopped).await);
        assert!(!suppress(stage, Channel::Sms, PHONE, Stopped).await, "said again, nothing new");
        assert_eq!(holds(stage, Channel::Sms, PHONE).await, Some(Stopped));
        assert_eq!(holds(stage, Channel::Email, PHONE).await, None, "a channel is part of an address");
        assert_eq!(holds(stage, Channel::Sms, "+447700900124").await, None);
        stage.pass(Duration::from_secs(60)).await;
        assert!(lift(stage, Channel::Sms, PHONE, Stopped).await);
        assert!(!lift(stage, Channel::Sms, PHONE, Stopped).await);
        assert_eq!(holds(stage, Channel::Sms, PHONE).await, None);
    }

    async fn nothing_that_was_wished_is_forgotten(stage: &Stage) {
        let began = stage.now();
        suppress(stage, Channel::Sms, PHONE, Stopped).await;
        stage.pass(Duration::from_secs(60)).await;
        lift(stage, Channel::Sms, PHONE, Stopped).await;
        stage.pass(Duration::from_secs(60)).await;
        suppress(stage, Channel::Sms, PHONE, Stopped).await;
        let wished = history(stage, Channel::Sms, PHONE).await;
        assert_eq!(wished.len(), 2);
        assert_eq!(wished[0].since, began);
        assert!(wished[0].lifted_at.is_some() && wished[1].lifted_at.is_none());
        assert_eq!(wished[0].source, "story");
    }

    async fn one_wish_is_lifted_without_the_other_and_the_strongest_is_told(stage: &Stage) {
        suppress(stage, Channel::Email, MAIL, Unsubscribed).await;
        suppress(stage, Channel::Email, MAIL, Complained).await;
        assert_eq!(holds(stage, Channel::Email, MAIL).await, Some(Complained));
        lift(stage, Channel::Email, MAIL, Complained).await;
        assert_eq!(holds(stage, Channel::Email, MAIL).await, Some(Unsubscribed));
    }

    async fn one_topic_is_not_the_whole_address(stage: &Stage) {
        let write = stage.house.db.write("story.topic", |w| {
            customers::suppress_topic(w, Channel::Email, MAIL, "news", "story")?;
            customers::suppressions_holding(w, &[(Channel::Sms, PHONE), (Channel::Email, MAIL)])
        });
        let holding = write.await.unwrap();
        assert!(holding[0].is_empty());
        assert_eq!(holding[1][0].topic.as_deref(), Some("news"));
        assert_eq!(holds(stage, Channel::Email, MAIL).await, None);
        let write = stage.house.db.write("story.topic", |w| {
            customers::unsuppress_topic(w, Channel::Email, MAIL, "news", "story")?;
            customers::suppressions_holding(w, &[(Channel::Email, MAIL)])
        });
        assert!(write.await.unwrap()[0].is_empty());
    }
}
