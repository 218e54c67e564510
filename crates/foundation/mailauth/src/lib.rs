//! What the DNS says about mail that is sent in a domain's name, as the servers of its recipients read it.
//!
//! In reading order: [`spf::examine`] (may our server send?), [`dkim::keys_at`] (with which key is it signed?),
//! [`dmarc::discover`] (what is to happen to mail that is neither, and which domains count as one?), [`mx::examine`]
//! (can an answer arrive?). All of them are pure over a [`Lookup`]; [`Resolver`] is the one that asks the network.

pub mod dkim;
pub mod dmarc;
mod dns;
pub mod mx;
pub mod spf;

pub use dns::{Answer, Failure, Kind, Record, Resolver, answer_in};

/// How a name is looked up.
pub type Lookup<'a> = dyn Fn(&str, Kind) -> Answer + 'a;

/// A name as it is compared and asked for: lower case, without the dot at its end.
pub fn normal(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// The texts at a name; nothing there is an empty list.
fn texts(lookup: &Lookup<'_>, name: &str) -> Result<Vec<String>, Failure> {
    match lookup(name, Kind::Txt) {
        Answer::Failed(failure) => Err(failure),
        Answer::NoSuchName | Answer::Nothing => Ok(Vec::new()),
        Answer::Records(records) => Ok(records
            .into_iter()
            .filter_map(|record| match record {
                Record::Text(text) => Some(text),
                Record::Address(_) | Record::Mx { .. } => None,
            })
            .collect()),
    }
}

#[cfg(test)]
mod tests;
