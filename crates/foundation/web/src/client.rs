//! Who asks: the client's address, seen through the proxies the operator trusts and no others.

use std::net::IpAddr;

use axum::http::HeaderMap;
use kernel::Result;
use kernel::net::Networks;

/// The address a request came from, as far as we may believe it; a request extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Where a request comes from, as coarse as whoever has one address usually has many: a network of IPv6.
    pub fn network(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

/// The network a request comes from; all requests that nobody knows the address of come from one.
pub fn origin(client: Option<ClientAddress>) -> String {
    client.map_or_else(|| "unknown".to_owned(), ClientAddress::network)
}

/// Proxies whose `X-Forwarded-For` counts, from `AFTERCARE_TRUSTED_PROXIES`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Networks);

impl TrustedProxies {
    /// Reads a list such as `10.0.0.0/8, ::1`.
    pub fn parse(list: &str) -> Result<Self> {
        Networks::parse(list).map(TrustedProxies)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.hold(address)
    }
}

/// The client behind `peer`.
///
/// Each proxy appends the address it saw, so the list is read from its end, and the first address that isn't a
/// trusted proxy is the client: whatever stands before it, the client may have written itself.
pub fn address(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> ClientAddress {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut seen = peer.to_canonical();
    for hop in hops.iter().rev() {
        if !proxies.trusts(seen) {
            break;
        }
        match read_hop(hop) {
            Some(address) => seen = address,
            None => break,
        }
    }
    ClientAddress(seen)
}

/// One entry of the list; some proxies add a port.
fn read_hop(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    bare.or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_network_are_one_origin() {
        let of = |address: &str| origin(Some(ClientAddress(address.parse().unwrap())));
        assert_eq!(of("2001:db8:1:2::5"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::5"), of("2001:db8:1:3::5"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(origin(None), "unknown");
    }

    #[test]
    fn the_client_is_the_last_address_no_trusted_proxy_wrote() {
        let cases = [
            // (peer, X-Forwarded-For, trusted, client)
            ("203.0.113.9", "", "", "203.0.113.9"),
            ("203.0.113.9", "198.51.100.1", "", "203.0.113.9"),
            ("203.0.113.9", "198.51.100.1", "10.0.0.0/8", "203.0.113.9"),
            ("10.1.2.3", "198.51.100.1", "10.0.0.0/8", "198.51.100.1"),
            ("10.1.2.3", "6.6.6.6, 198.51.100.1", "10.0.0.0/8", "198.51.100.1"),
            ("10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9", "10.0.0.0/8", "198.51.100.1"),
            ("10.1.2.3", "10.9.9.9", "10.0.0.0/8", "10.9.9.9"),
            ("10.1.2.3", "198.51.100.1:443", "10.1.2.3", "198.51.100.1"),
            ("10.1.2.3", "nonsense", "10.0.0.0/8", "10.1.2.3"),
            ("10.1.2.3", "198.51.100.1, nonsense", "10.0.0.0/8", "10.1.2.3"),
            ("::ffff:10.1.2.3", "198.51.100.1", "10.0.0.0/8", "198.51.100.1"),
            ("::1", "2001:db8::5", "::1", "2001:db8::5"),
            ("fd00::7", "[2001:db8::5]:80", "fd00::/8", "2001:db8::5"),
            ("198.51.100.9", "192.0.2.1", "0.0.0.0/0", "192.0.2.1"),
        ];
        for (peer, forwarded, trusted, client) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            let proxies = TrustedProxies::parse(trusted).unwrap();
            let found = address(peer.parse().unwrap(), &headers, &proxies);
            assert_eq!(found.0.to_string(), client, "{peer} {forwarded:?} {trusted:?}");
        }
    }
}
