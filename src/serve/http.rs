//! HTTP as the preview needs it: a request's parts, an answer's bytes. The only module that
//! knows the HTTP library.
//!
//! tiny_http 0.12 reads the requests. The heads of the answers are written here, because the
//! library drops a `Connection` header and accepts line breaks in others. Three of its faults
//! are met here. It allocates a request's announced length when it throws the body away, so a
//! request that announces a large one is never dropped. It waits for the client to close a
//! connection, so every answer asks for that. And of a burst of connections some may wait
//! until another one closes, so bursts are followed by nudges. It still has no limit for a
//! head's size and no read time-out; both matter only to clients on this machine.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tiny_http::Server;

/// A body that a request may announce without being forgotten; nothing here reads any.
const BODY_LIMIT: usize = 64 * 1024;

/// After a request, so many nudges follow, this far apart: each helps one waiting connection.
const NUDGES: [usize; 5] = [1, 2, 4, 8, 16];
const NUDGE_AFTER: Duration = Duration::from_millis(100);

/// The preview's listening socket.
pub struct Listener {
    server: Server,
    /// Tells the nudging thread of a request.
    asked: SyncSender<()>,
}

/// A request's head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// `GET`.
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// In order, as they were sent.
    pub headers: Vec<(String, String)>,
}

impl Ask {
    /// A header's value; none when it is missing or stands there twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value.as_str())
    }
}

/// An answer before its body is sent.
pub struct Answer {
    /// `200`.
    pub status: u16,
    /// Without `Connection` and `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// What follows.
    pub body: Body,
}

/// What an answer carries.
pub enum Body {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// So many bytes of a reader.
    Reader(Box<dyn Read + Send>, u64),
}

impl Answer {
    /// Bytes with a status.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: Body::Bytes(body.into()) }
    }

    /// A message in plain text.
    pub fn text(status: u16, message: &str) -> Self {
        Self::new(status, format!("{message}\n")).with("Content-Type", "text/plain; charset=utf-8")
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// One request that waits for its answer.
pub struct Exchange {
    /// What was asked.
    pub ask: Ask,
    request: tiny_http::Request,
}

impl Listener {
    /// Listens on an address.
    ///
    /// # Errors
    /// The system's: the port is taken, the address is not this machine's.
    pub fn bind(address: SocketAddr) -> io::Result<(Self, SocketAddr)> {
        let socket = TcpListener::bind(address)?;
        let bound = socket.local_addr()?;
        let server = Server::from_listener(socket, None).map_err(io::Error::other)?;
        let (asked, requests) = sync_channel(1);
        thread::Builder::new().name("nudge".into()).spawn(move || nudge(&requests, bound))?;
        Ok((Self { server, asked }, bound))
    }

    /// The next request with a head that can be understood. None when the socket is gone.
    pub fn next(&self) -> Option<Exchange> {
        loop {
            let request = self.server.recv().ok()?;
            let _ = self.asked.try_send(()); // full: the thread is told already
            if request.body_length().is_some_and(|length| length > BODY_LIMIT) {
                std::mem::forget(request);
                continue;
            }
            return Some(Exchange { ask: ask(&request), request });
        }
    }
}

/// Connects, and closes at once. The library counts idle workers wrongly during a burst and
/// may queue a connection that no worker comes for; a later connection makes it start a
/// worker, which then takes what is queued.
fn nudge(requests: &Receiver<()>, address: SocketAddr) {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::from([127_u8, 0, 0, 1]),
            SocketAddr::V6(_) => IpAddr::from([0_u16, 0, 0, 0, 0, 0, 0, 1]),
        });
    }
    while requests.recv().is_ok() {
        for count in NUDGES {
            thread::sleep(NUDGE_AFTER);
            for _ in 0..count {
                let _ = TcpStream::connect_timeout(&address, NUDGE_AFTER);
            }
        }
    }
}

fn ask(request: &tiny_http::Request) -> Ask {
    let headers = request.headers().iter();
    Ask {
        method: request.method().as_str().to_owned(),
        target: request.url().to_owned(),
        headers: headers
            .map(|header| (header.field.to_string(), header.value.to_string()))
            .collect(),
    }
}

impl Exchange {
    /// Sends the answer; without its body when only the head was asked for.
    ///
    /// # Errors
    /// The client went away.
    pub fn answer(self, answer: Answer) -> io::Result<()> {
        let head_only = self.ask.method == "HEAD" || answer.status == 304;
        let length = match &answer.body {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Reader(_, length) => *length,
        };
        let mut headers = answer.headers;
        if answer.status != 304 {
            headers.push(("Content-Length", length.to_string()));
        }
        headers.push(("Connection", "close".to_owned()));
        let mut out = self.request.into_writer();
        out.write_all(&head(answer.status, &headers))?;
        match answer.body {
            _ if head_only => {}
            Body::Bytes(bytes) => out.write_all(&bytes)?,
            Body::Reader(reader, length) => {
                io::copy(&mut reader.take(length), &mut out)?;
            }
        }
        out.flush()
    }

    /// Sends a head without an end of the body, and hands over the stream.
    ///
    /// # Errors
    /// The client went away.
    pub fn stream(self, headers: &[(&'static str, String)]) -> io::Result<Box<dyn Write + Send>> {
        let mut out = self.request.into_writer();
        out.write_all(&head(200, headers))?;
        out.flush()?;
        Ok(out)
    }
}

/// Status line and headers. A value with a control character is left out: it could end the
/// head.
fn head(status: u16, headers: &[(&'static str, String)]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(status));
    for (name, value) in headers.iter().filter(|(_, value)| !value.contains(char::is_control)) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        416 => "Range Not Satisfiable",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

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

    #[test]
    fn a_header_cannot_end_the_head() {
        let head = head(
            302,
            &[("Location", "/a\r\nSet-Cookie: x".to_owned()), ("ETag", "\"x\"".to_owned())],
        );
        assert_eq!(String::from_utf8(head).unwrap(), "HTTP/1.1 302 Found\r\nETag: \"x\"\r\n\r\n");
    }
}
