//! One client for everything that leaves by HTTP.
//!
//! An address that somebody typed into a form may point anywhere, also at this machine and its neighbours. So a name
//! is resolved once, **every** address it has is checked against the [`Rules`], and the connection goes to one of the
//! checked addresses and nowhere else: a name that answers differently a second later changes nothing. Redirects are
//! not followed, proxies of the environment are not used, and size and time have caps.
//!
//! A call is stepped, so that its caller can tell what is known: [`Egress::connect`] fails before anything of the
//! request was said ([`NotReached`], always safe to repeat); after [`Line::send`] has begun, silence is [`NoAnswer`]:
//! the other side may have acted on it. [`Egress::call`] does both for callers to whom it is the same.

mod call;
mod caller;
mod connect;
mod resolve;
mod rules;

pub use call::{Answer, CallError, NoAnswer, Request};
pub use caller::Caller;
pub use connect::{Egress, Line, NotReached};
pub use resolve::{Resolve, SystemResolver};
pub use rules::{Reach, Rules};

#[cfg(test)]
mod tests;
