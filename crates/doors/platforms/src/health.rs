//! How connections are, in words that stand in their rows, in `/metrics` and in `aftercare connections`.

use db::Read;
use kernel::{Error, Result, Timestamp};

use crate::platform::Platform;
use crate::{ConnectionId, store};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The word used in rows and shown to operators.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Reads the word.
            pub fn parse(word: &str) -> Result<Self> {
                match word {
                    $($word => Ok($name::$variant),)+
                    _ => Err(Error::internal("an unknown word stands in a connection's row")),
                }
            }
        }
    };
}

words!(
    /// How the last look at a platform's API went.
    Health {
        /// It was never looked at.
        Unknown = "unknown",
        /// The list of orders was read to its end.
        Well = "well",
        /// It does not answer, or says that it is in trouble.
        Unreachable = "unreachable",
        /// It asked us to wait.
        Limited = "limited",
        /// It does not take our key.
        Refused = "refused",
        /// What it answers is not what its documents say.
        Nonsense = "nonsense",
    }
);

words!(
    /// Whether the platform has a webhook for us.
    Subscription {
        /// Nobody can say: no key, a key that may not see it, or one that was made by hand in the platform's admin.
        Unknown = "unknown",
        /// It has one that works.
        Active = "active",
        /// It had switched it off or lost it, and we have brought it back.
        Mended = "mended",
        /// Somebody at the shop paused it.
        Paused = "paused",
        /// It is switched off, and we could not switch it on.
        Off = "off",
        /// It has none.
        Missing = "missing",
    }
);

/// How a connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionHealth {
    /// The connection.
    pub id: ConnectionId,
    /// Which platform it is.
    pub platform: Platform,
    /// What the operator calls it.
    pub name: String,
    /// Whether its API is asked for what webhooks have lost.
    pub is_polled: bool,
    /// How the last look at its API went.
    pub health: Health,
    /// Whether it has a webhook for us.
    pub subscription: Subscription,
    /// When its list was last read to the end.
    pub polled_at: Option<Timestamp>,
    /// When a webhook last came, to the minute.
    pub webhook_at: Option<Timestamp>,
    /// What was last wrong, and when. It stays after it has passed.
    pub last_error: Option<(String, Timestamp)>,
}

impl ConnectionHealth {
    /// Whether nobody has to do anything.
    pub fn is_well(&self) -> bool {
        let reads = matches!(self.health, Health::Unknown | Health::Well | Health::Limited);
        let told =
            matches!(self.subscription, Subscription::Unknown | Subscription::Active | Subscription::Mended);
        reads && told
    }
}

/// Every connection that is switched on, and how it is.
pub fn health(r: &mut Read<'_>) -> Result<Vec<ConnectionHealth>> {
    store::connections(r)
}
