//! A backup of a shop that is busy: consistent, and in nobody's way.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use stories::app::App;

use super::kit::{back_up, idle_like, places, python, restore_ok, settings};
use crate::program::{key, post_ok};

/// Orders before the first backup, so that there is something to copy.
const BEFORE: usize = 60;
/// Backups taken one after the other while orders pour in.
const BACKUPS: usize = 4;

/// What an order is told by in one write: half of it in a backup would be another moment's.
const WHOLE: &str = r#"
halves = db.execute("""SELECT COUNT(*) FROM orders o WHERE
  NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id)
  OR NOT EXISTS (SELECT 1 FROM order_people p WHERE p.order_id = o.id)
  OR NOT EXISTS (SELECT 1 FROM order_told t WHERE t.order_id = o.id)
  OR NOT EXISTS (SELECT 1 FROM events e WHERE e.subject_id = o.id AND e.kind = 'order.placed')
  OR NOT EXISTS (SELECT 1 FROM messages m JOIN message_contexts c ON c.message_id = m.id WHERE m.subject_id = o.id
       AND (m.finished_at IS NOT NULL OR EXISTS (SELECT 1 FROM jobs j WHERE j.key = m.id)))""").fetchone()[0]
print(db.execute('SELECT COUNT(*) FROM orders').fetchone()[0], halves)"#;

fn orders_and_halves(file: &Path) -> (usize, usize) {
    let said = python(file, WHOLE, &[]);
    let (orders, halves) = said.split_once(' ').unwrap();
    (orders.parse().unwrap(), halves.parse().unwrap())
}

#[test]
fn a_backup_of_a_busy_shop_is_one_moment_of_it() {
    for place in places() {
        let app = App::start(settings(place.clone()));
        let key = key(&app);
        let calm = timed(&app, &key, 1..=BEFORE, &AtomicBool::new(false));
        let over = AtomicBool::new(false);
        let (busy, files) = std::thread::scope(|scope| {
            let posting = scope.spawn(|| timed(&app, &key, BEFORE + 1..=100_000, &over));
            let names: Vec<String> = (0..BACKUPS).map(|n| format!("{n}.backup")).collect();
            let files: Vec<_> = names.iter().map(|name| back_up(&app, name).1).collect();
            over.store(true, Ordering::SeqCst);
            (posting.join().unwrap(), files)
        });
        let counts: Vec<_> = files.iter().map(|file| orders_and_halves(file)).collect();
        assert!(counts.iter().all(|(_, halves)| *halves == 0), "{counts:?}");
        assert!(counts[0].0 >= BEFORE && counts.is_sorted(), "{counts:?}");
        assert!(counts[BACKUPS - 1].0 <= BEFORE + busy.len(), "{counts:?} of {}", BEFORE + busy.len());
        assert!(!busy.is_empty(), "nobody could order while a backup was taken");
        // Figures of a shared machine wander, so they are only said. Straight to the terminal.
        let _ = writeln!(
            std::io::stderr(),
            "p99 of an order: {:?} alone, {:?} while {BACKUPS} backups were taken ({} orders)",
            p99(calm),
            p99(busy.clone()),
            busy.len()
        );
        let copy = idle_like(&place);
        restore_ok(&copy, &files[BACKUPS - 1]);
        let (_, again) = back_up(&copy, "again.backup");
        assert_eq!(orders_and_halves(&again), counts[BACKUPS - 1]);
    }
}

/// Posts these orders until it is over; how long each took.
fn timed(app: &App, key: &str, numbers: std::ops::RangeInclusive<usize>, over: &AtomicBool) -> Vec<Duration> {
    let numbers = numbers.take_while(|_| !over.load(Ordering::SeqCst));
    let timed = numbers.map(|number| {
        #[expect(clippy::disallowed_methods, reason = "another process is measured, in real time")]
        let began = std::time::Instant::now();
        post_ok(app, key, number);
        began.elapsed()
    });
    timed.collect()
}

fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[(times.len() * 99 / 100).min(times.len() - 1)]
}
