//! Waking those who wait for work.

use std::time::Duration;

use db::{Db, Engine};
use kernel::Error;

use super::kit::{self, Place};

/// Long enough that a story which needs it has failed.
const LONG: Duration = Duration::from_secs(20);

async fn wake(db: &Db, topic: &'static str) {
    let waking = move |w: &mut db::Write<'_>| {
        w.wake(topic);
        Ok(())
    };
    db.write("wake", waking).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_wakes_its_topic_after_it_is_durable_and_no_other() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let (mut jobs, mut mail) = (db.wakes("jobs"), db.wakes("mail"));
        // The listener rings once when it begins, because it can't know what it missed.
        while engine == Engine::Postgres && !jobs.wait(LONG).await {}
        while engine == Engine::Postgres && !mail.wait(LONG).await {}
        wake(&db, "jobs").await;
        assert!(jobs.wait(LONG).await, "{engine:?}: a wake before the wait is not lost");
        let refused = |w: &mut db::Write<'_>| {
            w.wake("mail");
            Err::<(), _>(Error::invalid("no", "No."))
        };
        db.write("refused", refused).await.unwrap_err();
        assert!(!mail.wait(Duration::from_millis(50)).await, "{engine:?}: what was rolled back wakes nobody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_wakes_the_other_nodes() {
    if !stories::postgres::wanted() {
        return;
    }
    let place = Place::new(Engine::Postgres);
    let (here, there) = (place.open(), place.open());
    let mut jobs = there.wakes("jobs");
    assert!(jobs.wait(LONG).await, "the listener rings when it begins to listen");
    for _ in 0..20 {
        wake(&here, "jobs").await;
        assert!(jobs.wait(LONG).await);
    }
}
