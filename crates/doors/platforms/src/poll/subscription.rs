//! Whether the platform still has a webhook for us, and bringing it back when it has not.

use egress::Request;

use super::{Poll, Trouble};
use crate::connections::{Api, Target};
use crate::health::{Health, Subscription};

/// A webhook as the platform lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hook {
    /// The platform's identifier of it.
    pub id: String,
    /// What it tells of.
    pub topic: String,
    /// Where it goes.
    pub url: String,
    /// The platform's word for whether it works; empty where it has none.
    pub status: String,
}

/// What there is to do about the platform's webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mend {
    /// How they stand.
    pub found: Subscription,
    /// The requests that bring them back.
    pub requests: Vec<Change>,
    /// How they stand once those have succeeded, and what the operator is told.
    pub then: (Subscription, Option<&'static str>),
}

/// A request that changes something at the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// `POST` or `PUT`.
    pub method: &'static str,
    /// Below the address of the API.
    pub path: String,
    /// The JSON to send.
    pub body: String,
}

/// What became of the look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mending {
    /// How the platform's webhooks stand.
    pub subscription: Subscription,
    /// What the operator should know.
    pub words: Option<String>,
}

impl Poll {
    /// Looks at the platform's webhooks, and brings back those it has switched off. Nothing here keeps orders from
    /// being read: a key that may not see webhooks only leaves it unknown how they stand, and trouble that passes
    /// leaves what is known, for only a webhook that was seen before is missed.
    pub(super) async fn look_after_webhook(&self, target: &Target) -> Mending {
        let hooks = match self.hooks(target).await {
            Ok(hooks) => hooks,
            Err(trouble) => {
                return Mending { subscription: unseen(&trouble, target.subscription), words: None };
            }
        };
        let ours: Vec<Hook> =
            hooks.into_iter().filter(|hook| hook.url.trim_end_matches('/') == target.api.hook_url).collect();
        let mend = target.platform.mend(&target.api, &ours, target.subscription);
        for request in &mend.requests {
            if let Err(trouble) = self.send(target, request).await {
                let words = format!("The webhook is off and can't be switched on again: {}", trouble.words);
                return Mending { subscription: mend.found, words: Some(words) };
            }
        }
        Mending { subscription: mend.then.0, words: mend.then.1.map(str::to_owned) }
    }

    async fn hooks(&self, target: &Target) -> Result<Vec<Hook>, Trouble> {
        let nonsense = |error: kernel::Error| Trouble::nonsense(error.words());
        let answer = self.call(target.platform.hooks_request(&target.api).map_err(nonsense)?).await?;
        target.platform.hooks(&answer).map_err(nonsense)
    }

    async fn send(&self, target: &Target, request: &Change) -> Result<(), Trouble> {
        let asked =
            authorised(&target.api, target, request).map_err(|error| Trouble::nonsense(error.words()))?;
        self.call(asked).await.map(drop)
    }
}

/// How webhooks stand that could not be looked at.
fn unseen(trouble: &Trouble, before: Subscription) -> Subscription {
    match trouble.health {
        Health::Refused => Subscription::Unknown,
        Health::Unknown | Health::Well | Health::Unreachable | Health::Limited | Health::Nonsense => before,
    }
}

fn authorised(api: &Api, target: &Target, request: &Change) -> kernel::Result<Request> {
    let asked = target.platform.authorised(api, request.method, &request.path)?;
    Ok(asked.body("application/json", request.body.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_that_passes_forgets_no_webhook() {
        let passing = Trouble::unreachable("no answer");
        assert_eq!(unseen(&passing, Subscription::Active), Subscription::Active);
        let refused = Trouble { health: Health::Refused, ..passing };
        assert_eq!(unseen(&refused, Subscription::Active), Subscription::Unknown);
    }
}
