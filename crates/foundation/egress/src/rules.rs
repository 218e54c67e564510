//! Where a call may go. Pure.

use std::net::IpAddr;

use kernel::net::{self, Networks};
use url::Url;

/// Ports of the web; others belong to services that were not meant to be asked by us.
const WEB_PORTS: [u16; 3] = [80, 443, 8443];

/// Who may choose the addresses that are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Somebody from outside the machine: only the public internet, only the ports of the web.
    PublicInternet,
    /// The operator, in the configuration of this process: any address, this machine's own too.
    Anywhere,
}

/// Where calls may go.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Who chooses the addresses.
    pub reach: Reach,
    /// Addresses that are allowed besides, by the operator's word.
    pub allowed: Networks,
}

impl Rules {
    /// For addresses that came from outside.
    pub fn public_internet() -> Self {
        Rules { reach: Reach::PublicInternet, allowed: Networks::default() }
    }

    /// For addresses from the operator's own configuration.
    pub fn anywhere() -> Self {
        Rules { reach: Reach::Anywhere, allowed: Networks::default() }
    }

    /// Why an address may not be called at all, whatever its name resolves to.
    pub(crate) fn refuse_url(&self, url: &Url) -> Option<&'static str> {
        if !matches!(url.scheme(), "http" | "https") {
            return Some("only http:// and https:// are called");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Some("an address must not hold a user or a password");
        }
        if url.host().is_none() {
            return Some("the address names no host");
        }
        None
    }

    /// Why this address may not be connected to.
    pub(crate) fn refuse_address(&self, address: IpAddr, port: u16) -> Option<&'static str> {
        match self.reach {
            Reach::Anywhere => None,
            Reach::PublicInternet if self.allowed.hold(address) => None,
            Reach::PublicInternet if !net::is_public(address) => {
                Some("the name leads to an address that is not on the public internet")
            }
            Reach::PublicInternet if !WEB_PORTS.contains(&port) => {
                Some("only the ports 80, 443 and 8443 are called")
            }
            Reach::PublicInternet => None,
        }
    }
}
