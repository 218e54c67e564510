//! Hears what other nodes wake, on a connection and a thread of its own.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use postgres::Client;
use postgres::fallible_iterator::FallibleIterator;

use super::target::Target;
use crate::wakes::Bells;

/// How soon the thread sees that it is to stop, and how soon it connects again.
const PATIENCE: Duration = Duration::from_millis(250);

/// Starts the thread when somebody first waits for a topic.
pub(crate) struct Listener {
    target: Arc<Target>,
    bells: Arc<Bells>,
    /// Dropped with the handle, which stops the thread.
    running: Mutex<Option<Sender<()>>>,
}

impl Listener {
    pub(crate) fn new(target: Arc<Target>, bells: Arc<Bells>) -> Self {
        Listener { target, bells, running: Mutex::new(None) }
    }

    pub(crate) fn ensure_started(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return;
        }
        let (alive, stop) = mpsc::channel();
        let (target, bells) = (Arc::clone(&self.target), Arc::clone(&self.bells));
        let started = thread::Builder::new()
            .name("db-listener".to_owned())
            .spawn(move || listen(&target, &bells, &stop));
        match started {
            Ok(_) => *running = Some(alive),
            // Waiters still look again after their own patience; the next one tries to start it again.
            Err(error) => tracing::warn!(%error, "listener.no_thread"),
        }
    }
}

fn listen(target: &Target, bells: &Bells, stop: &Receiver<()>) {
    while !stopped(stop, Duration::ZERO) {
        match connect(target) {
            Ok(mut client) => {
                // Nobody knows what was notified while we did not listen.
                bells.ring_all();
                hear(&mut client, target, bells, stop);
            }
            Err(detail) => {
                tracing::debug!(detail, "listener.lost");
                if stopped(stop, PATIENCE) {
                    return;
                }
            }
        }
    }
}

fn connect(target: &Target) -> Result<Client, String> {
    let mut client = target.connect_blocking().map_err(|broken| broken.detail)?;
    let listen = format!("LISTEN \"{}\"", target.channel());
    client.batch_execute(&listen).map_err(|error| error.to_string())?;
    Ok(client)
}

/// Rings for each notification until the connection is lost or the handle is dropped.
fn hear(client: &mut Client, target: &Target, bells: &Bells, stop: &Receiver<()>) {
    while !stopped(stop, Duration::ZERO) && !client.is_closed() {
        let mut notifications = client.notifications();
        let mut heard = notifications.timeout_iter(PATIENCE);
        // The iterator ends when nothing has come for a while, so that we look whether to stop.
        while let Ok(Some(notification)) = heard.next() {
            if let Some(topic) = target.topic_of(notification.payload()) {
                bells.ring_one(topic);
            }
        }
    }
}

/// Whether the handle was dropped, waiting for it at most `patience`.
fn stopped(stop: &Receiver<()>, patience: Duration) -> bool {
    matches!(stop.recv_timeout(patience), Err(RecvTimeoutError::Disconnected))
}
