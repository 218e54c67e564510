//! Readers who want no more offers: every fourth presses the link of the first one, and is offered something again.
//!
//! What was answered with 204 stands, whatever happens to the program afterwards: the second offer must not leave.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use memchr::memmem;
use rig::keep_alive::Client;
use rig::now::pause;
use rig::sink::{Entry, Look, Message};

use crate::posting::Journal;
use crate::shop::{Shop, number_in, offer_again_path};

/// One reader in so many says goodbye.
const ONE_IN: u64 = 4;
/// How long is waited for a link, or after no answer.
const MOMENT: Duration = Duration::from_millis(5);
/// What a mail program sends (RFC 8058).
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// Who has said goodbye. It is in the memory of the supervisor, which nothing is done to.
#[derive(Default)]
pub(super) struct Goodbyes {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Readers whose link was seen.
    seen: BTreeSet<u64>,
    /// Links that wait to be pressed.
    links: VecDeque<(u64, String)>,
    said: Said,
}

/// What was answered.
#[derive(Clone, Default)]
pub(super) struct Said {
    /// Readers whose goodbye was acknowledged.
    pub(super) goodbye: BTreeSet<u64>,
    /// Those of them whom something was offered afterwards, which was acknowledged too.
    pub(super) offered_again: BTreeSet<u64>,
}

impl Said {
    /// Readers who were written to about the second offer.
    pub(super) fn disturbed(&self, comings: &BTreeMap<u64, Vec<Entry>>) -> BTreeSet<u64> {
        let is_disturbed = |number: &&u64| {
            let entries = comings.get(number).map(Vec::as_slice).unwrap_or_default();
            let ids: BTreeSet<&str> = entries.iter().map(|entry| entry.message_id.as_str()).collect();
            ids.len() > 1
        };
        self.offered_again.iter().filter(is_disturbed).copied().collect()
    }
}

impl Goodbyes {
    /// For the mail server, to look for links with.
    pub(super) fn look(self: &Arc<Self>) -> Look {
        let goodbyes = Arc::clone(self);
        Arc::new(move |message| goodbyes.read(message))
    }

    fn read(&self, message: &Message<'_>) {
        let to = String::from_utf8_lossy(message.to);
        let Some(number) = number_in(&to).filter(|number| number % ONE_IN == 0) else { return };
        let Some(link) = way_out(message.raw) else { return };
        let mut inner = self.lock();
        if inner.seen.insert(number) {
            inner.links.push_back((number, link));
        }
    }

    /// Presses the links as they come, each until it is answered, until the journal is over and all are pressed.
    pub(super) fn press(&self, shop: &Shop, journal: &Journal) {
        let mut client = Client::new(shop.app.port());
        loop {
            let next = self.lock().links.pop_front();
            match next {
                Some((number, link)) => self.say(&mut client, shop, number, &link),
                None if journal.is_over() => return,
                None => pause(MOMENT),
            }
        }
    }

    fn say(&self, client: &mut Client, shop: &Shop, number: u64, link: &str) {
        let goodbye = one_click(shop.app.port(), link);
        until_answered(|| client.send(goodbye.as_bytes()).is_ok_and(|answer| answer.status == 204));
        self.lock().said.goodbye.insert(number);
        let again = offer_again_path(number);
        until_answered(|| {
            let answer = client.post_json(&again, &shop.key, "");
            answer.is_ok_and(|answer| matches!(answer.status, 200 | 201))
        });
        self.lock().said.offered_again.insert(number);
    }

    /// What was answered so far.
    pub(super) fn said(&self) -> Said {
        self.lock().said.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path of the link in a mail's `List-Unsubscribe`, which comes before any in its text.
fn way_out(raw: &[u8]) -> Option<String> {
    let begin = memmem::find(raw, b"/unsubscribe/")?;
    let length = raw[begin..].iter().position(|byte| !byte.is_ascii_graphic() || *byte == b'>')?;
    String::from_utf8(raw[begin..begin + length].to_vec()).ok()
}

fn one_click(port: u16, path: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{ONE_CLICK}",
        ONE_CLICK.len()
    )
}

/// Asks again, as mail programs and shops do, while the program is dead, starts or is too busy.
fn until_answered(mut ask: impl FnMut() -> bool) {
    while !ask() {
        pause(MOMENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_out_is_read_from_the_head() {
        let raw = b"Subject: News\r\nList-Unsubscribe: <http://127.0.0.1:4080/unsubscribe/u.abc>,\r\n <mailto:x@y.test>\r\n\r\nHi";
        assert_eq!(way_out(raw).as_deref(), Some("/unsubscribe/u.abc"));
        assert_eq!(way_out(b"Subject: Your order\r\n\r\nHi"), None);
    }
}
