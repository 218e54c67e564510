//! The mail server and the gateway for texts: they take, put off, refuse, hang, take and lose their answer, and report
//! late. What they took is written down outside the shop.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use db::Fault;
use kernel::{Channel, Timestamp};
use messaging::outgoing::Outgoing;
use messaging::provider::{Provider, Refusal, RefusalClass, Session, Submission};

use super::agenda::{Action, Answer};
use super::outside::{End, HandOff};
use super::scene::Scene;
use super::tasks::{never, step_aside};

/// How a provider behaves in a life: shares in a hundred, and when it is away altogether.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manners {
    /// Says: later.
    pub(crate) defers: u64,
    /// Says: this mailbox is full.
    pub(crate) busy: u64,
    /// Says: never.
    pub(crate) rejects: u64,
    /// Takes it and does not say so.
    pub(crate) takes_silently: u64,
    /// Hangs, and has not taken it.
    pub(crate) hangs: u64,
    /// From when to when nobody answers at all.
    pub(crate) away: Vec<(Timestamp, Timestamp)>,
}

/// A provider of one channel.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) scene: Arc<Scene>,
    pub(crate) channel: Channel,
    pub(crate) manners: Arc<Manners>,
}

#[async_trait]
impl Provider for Post {
    fn name(&self) -> &'static str {
        match self.channel {
            Channel::Email => "simulated mail",
            Channel::Sms => "simulated texts",
        }
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    async fn connect(&self) -> Result<Box<dyn Session>, Refusal> {
        step_aside().await;
        let now = self.scene.now();
        let is_away = self.manners.away.iter().any(|(from, to)| (*from..*to).contains(&now));
        match is_away {
            true => Err(refusal(RefusalClass::Transient, None)),
            false => Ok(Box::new(self.clone())),
        }
    }

    fn concurrency(&self) -> usize {
        4
    }
}

#[async_trait]
impl Session for Post {
    async fn submit(self: Box<Self>, message: &Outgoing) -> Submission {
        let scene = &self.scene;
        let given = self.read(message);
        let key = given.key.clone();
        let which = scene.outside.given(given);
        scene.trace.note(format_args!("{} given {key} by {}", scene.now(), self.channel.as_str()));
        step_aside().await;
        match scene.faults.at_edge(self.name(), "before taking") {
            Some(Fault::Crash) => return never().await,
            Some(Fault::Error) => return silence(),
            None => {}
        }
        if let Some(answer) = self.unwilling(message) {
            let end = match &answer {
                Submission::Refused(refusal) => End::Refused(refusal.class),
                Submission::Accepted { .. } | Submission::Unknown { .. } => End::NotTaken,
            };
            scene.outside.ended(which, end);
            return answer;
        }
        scene.outside.ended(which, End::TakenUnheard);
        self.arrives(which);
        step_aside().await;
        match scene.faults.at_edge(self.name(), "after taking") {
            Some(Fault::Crash) => return never().await,
            Some(Fault::Error) => return silence(),
            None => {}
        }
        if scene.faults.happens(self.manners.takes_silently) {
            return silence();
        }
        scene.outside.ended(which, End::Accepted);
        Submission::Accepted { reference: format!("taken as {which}") }
    }
}

impl Post {
    fn read(&self, message: &Outgoing) -> HandOff {
        let (address, at) = (message.address().to_owned(), self.scene.now());
        let (key, message_id, way_out, links) = match message {
            Outgoing::Email(mail) => {
                let key = mail.message_id.split('@').next().unwrap_or_default().to_owned();
                let header = mail.headers.iter().find(|(name, _)| *name == "List-Unsubscribe");
                let way_out = header.and_then(|(_, value)| value.split(['<', '>']).nth(1)).map(path_of);
                (key, None, way_out, links(&mail.html))
            }
            Outgoing::Text(text) => (text.key.clone(), Some(text.message.to_string()), None, Vec::new()),
        };
        let (channel, end) = (self.channel, End::NotTaken);
        HandOff { place: 0, at, key, channel, address, message: message_id, way_out, links, end }
    }

    /// Whether it is not taken this time, and what is said then.
    fn unwilling(&self, message: &Outgoing) -> Option<Submission> {
        let (faults, manners) = (&self.scene.faults, &self.manners);
        let no = |class, wait| Some(Submission::Refused(refusal(class, wait)));
        if is_dead(message.address()) {
            return no(RefusalClass::DeadAddress, None);
        }
        if faults.happens(manners.defers) {
            let wait = self.scene.chance(30).then(|| self.scene.span(60, 7_200));
            return no(RefusalClass::Transient, wait);
        }
        if faults.happens(manners.busy) {
            return no(RefusalClass::RecipientBusy, None);
        }
        if faults.happens(manners.rejects) {
            return no(RefusalClass::Permanent, None);
        }
        faults.happens(manners.hangs).then(silence)
    }

    /// Somebody gets it, and sooner or later does something about it.
    fn arrives(&self, which: usize) {
        let scene = &self.scene;
        match self.channel {
            Channel::Sms => self.report_later(which),
            Channel::Email => {
                // What a scanner must not use up is always scanned.
                let lets_in =
                    scene.outside.hand_off(which).links.iter().any(|link| link.contains("/you/in/"));
                if scene.chance(12) || lets_in {
                    scene.later(1, 120, Action::Scan { hand_off: which });
                }
                let how = match scene.throw(|dice| dice.below(3)) {
                    0 => Answer::OneClick,
                    1 => Answer::Topic,
                    _ => Answer::All,
                };
                if scene.chance(15) {
                    scene.later(20, 400_000, Action::Answer { hand_off: which, how });
                }
            }
        }
    }

    /// Reports come late, twice, out of order, or never.
    fn report_later(&self, which: usize) {
        let scene = &self.scene;
        if scene.chance(60) {
            scene.later(1, 60, Action::Report { hand_off: which, status: "8" });
        }
        let last = match scene.throw(|dice| dice.below(100)) {
            0..75 => "1",
            75..85 => "2",
            85..90 => "16",
            _ => return,
        };
        scene.later(1, 4_000, Action::Report { hand_off: which, status: last });
        if scene.chance(20) {
            scene.later(1, 90_000, Action::Report { hand_off: which, status: last });
        }
    }
}

/// One mailbox in twelve is gone for good.
pub(crate) fn is_dead(address: &str) -> bool {
    address.contains('@') && address.bytes().map(u64::from).sum::<u64>().is_multiple_of(12)
}

fn refusal(class: RefusalClass, retry_after: Option<Duration>) -> Refusal {
    Refusal { class, words: "The simulated provider says no.".to_owned(), retry_after }
}

fn silence() -> Submission {
    Submission::Unknown { words: "The simulated provider did not answer.".to_owned() }
}

/// Addresses in a mail that lead to the shop, as paths.
fn links(html: &str) -> Vec<String> {
    let hrefs = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.filter(|href| href.starts_with(super::PUBLIC_URL)).map(path_of).collect()
}

fn path_of(url: &str) -> String {
    url.trim_start_matches(super::PUBLIC_URL).replace("&amp;", "&")
}
