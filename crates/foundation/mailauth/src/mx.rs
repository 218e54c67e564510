//! Whether mail to a domain can arrive: answers to ours, and reports of what could not be delivered.

use crate::{Answer, Failure, Kind, Lookup, Record};

/// Where mail to a domain goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mx {
    /// To these servers, the first first.
    Servers(Vec<String>),
    /// The domain says that it takes no mail (RFC 7505).
    Null,
    /// To the domain's own address, because it names no server (RFC 5321 §5.1).
    AddressOnly,
    /// Nowhere: the domain has neither.
    Nowhere,
    /// There is no such domain.
    NoSuchDomain,
}

/// Looks where mail to `domain` goes.
pub fn examine(domain: &str, lookup: &Lookup<'_>) -> Result<Mx, Failure> {
    let mut servers: Vec<(u16, String)> = match lookup(domain, Kind::Mx) {
        Answer::Failed(failure) => return Err(failure),
        Answer::NoSuchName => return Ok(Mx::NoSuchDomain),
        Answer::Nothing => Vec::new(),
        Answer::Records(records) => records
            .into_iter()
            .filter_map(|record| match record {
                Record::Mx { preference, host } => Some((preference, host)),
                Record::Address(_) | Record::Text(_) => None,
            })
            .collect(),
    };
    servers.sort();
    let hosts: Vec<String> = servers.into_iter().map(|(_, host)| host).collect();
    if hosts.is_empty() {
        return addresses(domain, lookup).map(|has| if has { Mx::AddressOnly } else { Mx::Nowhere });
    }
    Ok(if hosts.iter().all(String::is_empty) { Mx::Null } else { Mx::Servers(hosts) })
}

fn addresses(name: &str, lookup: &Lookup<'_>) -> Result<bool, Failure> {
    for kind in [Kind::A, Kind::Aaaa] {
        match lookup(name, kind) {
            Answer::Records(_) => return Ok(true),
            Answer::Failed(failure) => return Err(failure),
            Answer::Nothing | Answer::NoSuchName => {}
        }
    }
    Ok(false)
}
