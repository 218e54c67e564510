//! The providers that are connected, and a breaker for each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Channel, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::breaker::Breaker;
use crate::provider::{Provider, Refusal};

/// What carries messages away, by channel.
#[derive(Default)]
pub struct Providers {
    by_channel: BTreeMap<Channel, Arc<dyn Provider>>,
    places: BTreeMap<Channel, Arc<Semaphore>>,
    breakers: Mutex<BTreeMap<&'static str, Breaker>>,
}

impl Providers {
    /// Nothing connected.
    pub fn new() -> Self {
        Providers::default()
    }

    /// Connects a provider for its channel; the last one counts.
    pub fn with(mut self, provider: Arc<dyn Provider>) -> Self {
        let places = Semaphore::new(places_of(&*provider));
        self.places.insert(provider.channel(), Arc::new(places));
        self.by_channel.insert(provider.channel(), provider);
        self
    }

    /// How many messages may be in hand at once, over all providers: while one is being said, the next is looked at
    /// and the one before is written down, so twice as many as there are sessions.
    pub fn in_hand(&self) -> usize {
        self.by_channel.values().map(|provider| places_of(&**provider)).sum()
    }

    /// A place at this provider, held until the message is done with; `None` when all are taken. So a gateway that
    /// hangs keeps its own places busy, and none of another channel's.
    pub fn place(&self, channel: Channel) -> Option<OwnedSemaphorePermit> {
        Arc::clone(self.places.get(&channel)?).try_acquire_owned().ok()
    }

    /// The channels something can be sent on.
    pub fn connected(&self) -> Vec<Channel> {
        self.by_channel.keys().copied().collect()
    }

    /// The provider of a channel.
    pub fn of(&self, channel: Channel) -> Option<Arc<dyn Provider>> {
        self.by_channel.get(&channel).cloned()
    }

    /// Whether the provider may be tried now; when not, from when on.
    pub fn permit(&self, provider: &dyn Provider, now: Timestamp) -> Result<(), Timestamp> {
        self.with_breaker(provider.name(), |breaker| breaker.permit(now))
    }

    /// The provider answered, whatever it said.
    pub fn answered(&self, provider: &dyn Provider) {
        self.with_breaker(provider.name(), Breaker::answered);
    }

    /// The provider said no. Only its own trouble counts towards the breaker.
    pub fn refused(&self, provider: &dyn Provider, refusal: &Refusal, now: Timestamp) {
        if refusal.class.trips_breaker() {
            self.with_breaker(provider.name(), |breaker| breaker.failed(now));
        } else {
            self.answered(provider);
        }
    }

    /// Every provider by name, with whether its breaker is open, for /metrics.
    pub fn open_breakers(&self) -> Vec<(&'static str, bool)> {
        let names = self.by_channel.values().map(|provider| provider.name());
        names.map(|name| (name, self.with_breaker(name, |breaker| breaker.is_open()))).collect()
    }

    fn with_breaker<T>(&self, name: &'static str, act: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut breakers = self.breakers.lock().unwrap_or_else(PoisonError::into_inner);
        act(breakers.entry(name).or_default())
    }
}

/// Messages that one provider has in hand at once.
fn places_of(provider: &dyn Provider) -> usize {
    2 * provider.concurrency().max(1)
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::provider::Session;

    /// Only counted, never connected.
    struct Counted(Channel, usize);

    #[async_trait]
    impl Provider for Counted {
        fn name(&self) -> &'static str {
            self.0.as_str()
        }

        fn channel(&self) -> Channel {
            self.0
        }

        async fn connect(&self) -> Result<Box<dyn Session>, Refusal> {
            Err(Refusal::unanswered("never connected"))
        }

        fn concurrency(&self) -> usize {
            self.1
        }
    }

    #[test]
    fn a_channel_whose_places_are_taken_takes_none_of_another() {
        let providers = Providers::new()
            .with(Arc::new(Counted(Channel::Email, 3)))
            .with(Arc::new(Counted(Channel::Sms, 1)));
        assert_eq!(providers.in_hand(), 8);
        let texts: Vec<_> = (0..2).map(|_| providers.place(Channel::Sms)).collect();
        assert!(texts.iter().all(Option::is_some) && providers.place(Channel::Sms).is_none());
        let mails: Vec<_> = (0..6).map(|_| providers.place(Channel::Email)).collect();
        assert!(mails.iter().all(Option::is_some) && providers.place(Channel::Email).is_none());
        drop(texts);
        assert!(
            providers.place(Channel::Sms).is_some(),
            "a place is free again when its message is done with"
        );
    }
}
