//! Ranges of network addresses, and which of them belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Error, Result};

/// A list of ranges, such as `10.0.0.0/8, ::1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

/// A range of addresses: those whose first `bits` bits are those of `base`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    base: IpAddr,
    bits: u8,
}

impl Networks {
    /// Reads addresses and ranges, separated by commas; an empty text is an empty list.
    pub fn parse(list: &str) -> Result<Self> {
        let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(Network::parse).collect::<Result<_>>().map(Networks)
    }

    /// Whether one of the ranges holds this address. An IPv4 address written as IPv6 counts as what it is.
    pub fn hold(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.holds(address))
    }
}

impl Network {
    fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::invalid("not_a_network", "Write addresses or ranges, like 10.0.0.0/8, ::1.")
                .detail(format!("not an address or range: {text:?}"))
        };
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.parse().map_err(|_| wrong())?;
        let widest = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(widest), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > widest { Err(wrong()) } else { Ok(Network { base, bits }) }
    }

    fn holds(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(other)) => {
                same_start(u32::from(base).into(), u32::from(other).into(), 32, self.bits)
            }
            (IpAddr::V6(base), IpAddr::V6(other)) => {
                same_start(u128::from(base), u128::from(other), 128, self.bits)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn same_start(a: u128, b: u128, width: u8, bits: u8) -> bool {
    (a ^ b).checked_shr(u32::from(width - bits)).unwrap_or(0) == 0
}

/// IPv4 ranges that are not the public internet (IANA IPv4 Special-Purpose Address Registry, and multicast).
const SPECIAL_V4: [(Ipv4Addr, u8); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// IPv6: only 2000::/3 is public internet, without these (IANA IPv6 Special-Purpose Address Registry): protocol
/// assignments with Teredo and ORCHID, documentation, and 6to4, which would lead to any IPv4 address.
const SPECIAL_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

const GLOBAL_UNICAST_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Whether an address belongs to the public internet: nothing of this machine, of its network, or of a range that is
/// set aside for something else. An IPv4 address written as IPv6 counts as what it is.
pub fn is_public(address: IpAddr) -> bool {
    let lies_in = |base: IpAddr, bits: u8| Network { base, bits }.holds(address.to_canonical());
    match address.to_canonical() {
        IpAddr::V4(_) => !SPECIAL_V4.iter().any(|(base, bits)| lies_in((*base).into(), *bits)),
        IpAddr::V6(_) => {
            lies_in(GLOBAL_UNICAST_V6.0.into(), GLOBAL_UNICAST_V6.1)
                && !SPECIAL_V6.iter().any(|(base, bits)| lies_in((*base).into(), *bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn ranges_hold_what_they_say() {
        let networks = Networks::parse("10.0.0.0/8, 192.0.2.7, fd00::/8,").unwrap();
        for inside in ["10.0.0.0", "10.255.255.255", "192.0.2.7", "fd12::1", "::ffff:10.1.2.3"] {
            assert!(networks.hold(ip(inside)), "{inside}");
        }
        for outside in ["11.0.0.0", "192.0.2.8", "fe80::1"] {
            assert!(!networks.hold(ip(outside)), "{outside}");
        }
        for slip in ["10.0.0.0/33", "10.0.0/8", "proxy.local", "::1/129", "10.0.0.0/x"] {
            assert!(Networks::parse(slip).is_err(), "{slip}");
        }
    }

    #[test]
    fn only_the_public_internet_is_public() {
        for public in
            ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "192.0.1.1", "2606:4700::1111", "2a00::1"]
        {
            assert!(is_public(ip(public)), "{public}");
        }
        for not in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip(not)), "{not}");
        }
    }
}
