//! Who is at the other end: the client's address, through proxies that are trusted and no others.
//!
//! Invariant: a client cannot choose its own address. What stands in `X-Forwarded-For` is believed only as far as
//! trusted proxies wrote it: the right-most hop that is not one of them is the client.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use poem::Request;

/// A network such as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

/// A text is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("‘{0}’ is not an address or a network such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let wrong = || NotANetwork(text.to_owned());
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let base = base.trim().parse::<IpAddr>().map_err(|_| wrong())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        match bits.unwrap_or(most) {
            bits if bits <= most => Ok(Network { base, bits }),
            _ => Err(wrong()),
        }
    }
}

impl Network {
    /// Whether the address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let kept = u32::MAX.checked_shl(u32::from(32 - self.bits)).unwrap_or(0);
                base.to_bits() & kept == address.to_bits() & kept
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let kept = u128::MAX.checked_shl(u32::from(128 - self.bits)).unwrap_or(0);
                base.to_bits() & kept == address.to_bits() & kept
            }
            _ => false,
        }
    }
}

/// The client's address, given the peer of the connection and the forwarding headers in order.
pub fn client<'a>(peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    for hop in forwarded.rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(client) {
            break;
        }
        // What cannot be read was not written by a proxy that knows its trade: the last one known stands.
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        client = hop.to_canonical();
    }
    client
}

/// The client's address of a request.
pub fn of(request: &Request, trusted: &[Network]) -> IpAddr {
    let peer = request
        .remote_addr()
        .as_socket_addr()
        .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
    let lines: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    client(peer, lines.into_iter(), trusted)
}

/// What tries are counted by: an IPv4 address, or the /64 that one IPv6 household has.
pub fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() & !u128::from(u64::MAX))),
        short => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_cannot_choose_its_address() {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let client = |peer: &str, lines: &[&str]| client(ip(peer), lines.iter().copied(), &trusted);
        assert_eq!(
            client("203.0.113.9", &["1.2.3.4"]),
            ip("203.0.113.9"),
            "no proxy, no belief"
        );
        assert_eq!(client("10.0.0.1", &["1.2.3.4"]), ip("1.2.3.4"));
        assert_eq!(
            client("10.0.0.1", &["6.6.6.6, 1.2.3.4"]),
            ip("1.2.3.4"),
            "the right-most untrusted hop"
        );
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.9.9.9"]), ip("1.2.3.4"));
        assert_eq!(client("10.0.0.1", &["nonsense"]), ip("10.0.0.1"));
        assert_eq!(client("::1", &["2001:db8::7"]), ip("2001:db8::7"));
        assert_eq!(
            client("::ffff:10.0.0.1", &["1.2.3.4"]),
            ip("1.2.3.4"),
            "IPv4 in IPv6 clothing"
        );
    }

    #[test]
    fn networks_are_read_or_refused() {
        let network: Network = "192.168.4.0/22".parse().unwrap();
        assert!(network.contains(ip("192.168.7.255")) && !network.contains(ip("192.168.8.0")));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains(ip("8.8.8.8")));
        for wrong in ["", "10.0.0.0/33", "::/129", "ten", "10.0.0.0/", "10.0.0.0/-1"] {
            wrong.parse::<Network>().unwrap_err();
        }
    }

    #[test]
    fn tries_are_counted_by_household() {
        assert_eq!(counted_as(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(counted_as(ip("203.0.113.9")), ip("203.0.113.9"));
    }
}
