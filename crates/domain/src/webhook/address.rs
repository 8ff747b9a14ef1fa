//! Where the desk may send to: outside, over TLS. Owns the rule for addresses as written and for the hosts they lead to.
//!
//! An address is judged twice: when it is written down, and, host by host, at the moment of every connection, because a name may lead
//! anywhere by then. Own networks, this machine and the metadata services of clouds are never reached. Ranges are those of the IANA
//! special-purpose registries (RFC 6890 and successors).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Bytes of an address.
pub const LONGEST: usize = 500;

/// What is wrong with an address; stable, for people to read in a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not an address at all, or too long.
    Unreadable,
    /// Neither `https` nor, where this machine is allowed, `http` to it.
    Scheme,
    /// Carries a name and password.
    Credentials,
    /// Leads inside.
    Inside,
}

impl Fault {
    /// In a few words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unreadable => "an address of up to 500 bytes",
            Self::Scheme => "must begin with https://",
            Self::Credentials => "must not carry a name or password",
            Self::Inside => "must not lead into one's own network",
        }
    }
}

/// Whether this may be written down; `loopback` allows this machine, without TLS too.
pub fn check(text: &str, loopback: bool) -> Result<(), Fault> {
    if text.len() > LONGEST {
        return Err(Fault::Unreadable);
    }
    let url = Url::parse(text).map_err(|_| Fault::Unreadable)?;
    let host = url.host().ok_or(Fault::Unreadable)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::Credentials);
    }
    let (inside, here) = match &host {
        Host::Ipv4(ip) => (!may_reach(IpAddr::V4(*ip), loopback), ip.is_loopback()),
        Host::Ipv6(ip) => (!may_reach(IpAddr::V6(*ip), loopback), ip.is_loopback()),
        Host::Domain(name) => {
            let here = is_here(name);
            (here && !loopback, here)
        }
    };
    match url.scheme() {
        _ if inside => Err(Fault::Inside),
        "https" => Ok(()),
        "http" if here && loopback => Ok(()),
        _ => Err(Fault::Scheme),
    }
}

/// An address taken apart, by the same reading as [`check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Over TLS.
    pub tls: bool,
    /// A name, or a number without brackets.
    pub host: String,
    /// Where the receiver listens.
    pub port: u16,
    /// Host and port as the receiver is to see them.
    pub named: String,
    /// Path and query.
    pub path: String,
}

/// Takes an address apart.
pub fn parts(text: &str) -> Option<Parts> {
    let url = Url::parse(text).ok()?;
    let host = match url.host()? {
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
        Host::Domain(name) => name.to_owned(),
    };
    let named = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    Some(Parts { tls: url.scheme() == "https", host, port: url.port_or_known_default()?, named, path })
}

/// Names that mean this machine wherever they are looked up (RFC 6761).
fn is_here(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether a connection to this host may be made.
pub fn may_reach(ip: IpAddr, loopback: bool) -> bool {
    let ip = ip.to_canonical();
    if ip.is_loopback() {
        return loopback;
    }
    match ip {
        IpAddr::V4(ip) => !INSIDE_V4.iter().any(|(net, bits)| within(u32::from(ip).into(), u32::from(*net).into(), 32, *bits)),
        IpAddr::V6(ip) => {
            let number = u128::from(ip);
            within(number, u128::from(GLOBAL), 128, 3) && !INSIDE_V6.iter().any(|(net, bits)| within(number, u128::from(*net), 128, *bits))
        }
    }
}

fn within(ip: u128, net: u128, length: u32, bits: u32) -> bool {
    let shift = length - bits;
    ip >> shift == net >> shift
}

/// Not of the open internet.
const INSIDE_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // carriers' own, and the metadata service of Alibaba Cloud (100.100.100.200)
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // link-local, and the metadata service of most clouds (169.254.169.254)
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // multicast, reserved, broadcast
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Everything outside of this is local, unassigned, or carries an IPv4 address inside.
const GLOBAL: Ipv6Addr = Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0);

/// Of the global range what is not: protocol assignments and Teredo, documentation, 6to4.
const INSIDE_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_written_down() {
        let check = |text: &str, loopback: bool, expect: Result<(), Fault>| assert_eq!(check(text, loopback), expect, "{text}");
        check("https://hooks.example.com/a?b=1", false, Ok(()));
        check("https://8.8.8.8/", false, Ok(()));
        check("http://hooks.example.com/", false, Err(Fault::Scheme));
        check("http://hooks.example.com/", true, Err(Fault::Scheme));
        check("ftp://hooks.example.com/", false, Err(Fault::Scheme));
        check("file:///etc/passwd", false, Err(Fault::Unreadable));
        check("hooks.example.com", false, Err(Fault::Unreadable));
        check("https://", false, Err(Fault::Unreadable));
        check("https://a:b@hooks.example.com/", false, Err(Fault::Credentials));
        check("https://hooks.example.com@169.254.169.254/", false, Err(Fault::Credentials));
        check("https://127.0.0.1/", false, Err(Fault::Inside));
        check("https://localhost:8443/", false, Err(Fault::Inside));
        check("https://a.localhost./", false, Err(Fault::Inside));
        check("http://127.0.0.1:9000/", true, Ok(()));
        check("http://localhost:9000/", true, Ok(()));
        check("http://[::1]:9000/", true, Ok(()));
        check("https://10.1.2.3/", true, Err(Fault::Inside));
        check("https://169.254.169.254/latest/meta-data", true, Err(Fault::Inside));
        // Every way in which a parser of addresses lets a number be written.
        for written in ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "①②⑦.0.0.1"] {
            check(&format!("https://{written}/"), false, Err(Fault::Inside));
        }
        check(&format!("https://hooks.example.com/{}", "a".repeat(LONGEST)), false, Err(Fault::Unreadable));
    }

    #[test]
    fn an_address_is_taken_apart() {
        let check = |text: &str, tls: bool, host: &str, port: u16, named: &str, path: &str| {
            let expect = Parts { tls, host: host.into(), port, named: named.into(), path: path.into() };
            assert_eq!(parts(text), Some(expect), "{text}");
        };
        check("https://Hooks.example.com", true, "hooks.example.com", 443, "hooks.example.com", "/");
        check("https://hooks.example.com:8443/a?b=1#c", true, "hooks.example.com", 8443, "hooks.example.com:8443", "/a?b=1");
        check("http://[::1]:9000/", false, "::1", 9000, "[::1]:9000", "/");
        check("https://0x7f000001/x", true, "127.0.0.1", 443, "127.0.0.1", "/x");
    }

    #[test]
    fn where_a_connection_may_go() {
        let check = |text: &str, expect: bool| {
            let ip: IpAddr = text.parse().expect("a host");
            assert_eq!(may_reach(ip, false), expect, "{text}");
        };
        // the first and last of each range inside, and its neighbours
        for (first, last, before, after) in [
            ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
            ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
            ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
            ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
            ("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
            ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
        ] {
            check(first, false);
            check(last, false);
            check(before, true);
            check(after, true);
        }
        for inside in [
            "0.0.0.0",
            "100.100.100.200",
            "192.0.2.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
        ] {
            check(inside, false);
        }
        for outside in ["1.1.1.1", "8.8.8.8", "223.255.255.255", "2400:3200::1", "2606:4700:4700::1111", "::ffff:8.8.8.8"] {
            check(outside, true);
        }
        assert!(may_reach("127.0.0.1".parse().expect("a host"), true));
        assert!(may_reach("::ffff:127.0.0.1".parse().expect("a host"), true));
        assert!(!may_reach("10.0.0.1".parse().expect("a host"), true), "this machine alone is opened");
    }
}
