//! By which names the preview answers: the guard against pages elsewhere whose name is led to
//! this machine (DNS rebinding). Pure; it knows headers' values and no connection.

use std::net::{IpAddr, SocketAddr};

/// Who may ask: the names by which the preview is meant. A page elsewhere whose name leads to
/// this machine (DNS rebinding) sends its own name, and is refused.
#[derive(Clone, Debug)]
pub struct Names {
    /// What `--bind` says, lower case.
    bind: String,
    /// Where the socket listens.
    address: SocketAddr,
}

impl Names {
    /// For a socket.
    pub fn new(bind: &str, address: SocketAddr) -> Self {
        Self { bind: bind.to_ascii_lowercase(), address }
    }

    /// Whether a `Host` header (`localhost:4000`, `[::1]:4000`) means this preview.
    pub fn allow(&self, host: &str) -> bool {
        let Some(name) = host_name(host) else { return false };
        let name = name.to_ascii_lowercase();
        if name == "localhost" || name == self.bind {
            return true;
        }
        match name.parse::<IpAddr>() {
            // Whoever listens everywhere is meant by each of the machine's addresses; a
            // number cannot be rebound.
            Ok(ip) => {
                ip.is_loopback() || ip == self.address.ip() || self.address.ip().is_unspecified()
            }
            Err(_) => false,
        }
    }

    /// Whether an `Origin` header is a page of this preview.
    pub fn allow_origin(&self, origin: &str) -> bool {
        let Some(host) = origin.strip_prefix("http://") else { return false };
        let port = host.rsplit_once(':').map(|(_, port)| port);
        let same_port = match port.filter(|port| !port.ends_with(']')) {
            Some(port) => port == self.address.port().to_string(),
            None => self.address.port() == 80,
        };
        same_port && self.allow(host)
    }
}

/// A host without its port; none when it is not one.
fn host_name(host: &str) -> Option<&str> {
    let (name, rest) = match host.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (rest.is_empty() || rest.strip_prefix(':').is_some_and(digits)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bind: &str, address: &str) -> Names {
        Names::new(bind, address.parse().unwrap())
    }

    #[test]
    fn loopback_names_and_the_bound_address_are_meant_and_no_other() {
        let local = names("127.0.0.1", "127.0.0.1:4000");
        for good in ["localhost", "LOCALHOST:4000", "127.0.0.1:4000", "[::1]:4000", "127.0.0.1"] {
            assert!(local.allow(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "example.org:4000",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "localhost:4000:1",
            "localhost:",
            "[::1",
            "192.168.0.7:4000",
            "localhost@example.org",
            " localhost",
            "127.0.0.1:4000, example.org",
        ] {
            assert!(!local.allow(bad), "{bad}");
        }
        let everywhere = names("0.0.0.0", "0.0.0.0:4000");
        assert!(everywhere.allow("192.168.0.7:4000") && !everywhere.allow("example.org:4000"));
        assert!(names("box.local", "192.168.0.7:4000").allow("box.local:4000"));
    }

    #[test]
    fn an_origin_is_this_preview_only_with_its_port() {
        let local = names("127.0.0.1", "127.0.0.1:4000");
        assert!(local.allow_origin("http://localhost:4000"));
        assert!(local.allow_origin("http://[::1]:4000"));
        for bad in [
            "null",
            "https://localhost:4000",
            "http://localhost:4001",
            "http://localhost",
            "http://example.org:4000",
        ] {
            assert!(!local.allow_origin(bad), "{bad}");
        }
    }
}
