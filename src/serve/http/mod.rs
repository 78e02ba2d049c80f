//! HTTP as the preview needs it: a request's head comes in, an answer goes out. The only module
//! that knows the HTTP library (hyper, on tokio).
//!
//! One thread waits for all connections; answers are made on a few others, because a page may
//! take a moment to render. Every connection carries one request and is closed after its
//! answer. What a client can do by being slow, large or many is limited here: a head has
//! [`HEAD_TIME`] to arrive and [`HEAD_LIMIT`] bytes, and of more than [`guests::LIMIT`]
//! connections those that have asked for nothing make room. A client that does not take its
//! answer costs a socket and no thread.

mod body;
mod guests;

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};

pub use body::{Body, Feed, Stream, feed};

use body::Wire;
use guests::{Guest, Guests};

/// How long a request's head may take to arrive. A connection that says nothing is closed then.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// How long a request's head may be, in bytes; a longer one gets a 431.
const HEAD_LIMIT: usize = 32 * 1024;

/// Nothing here reads a request's body. So much of it is taken, for so long, before the answer:
/// a client that is still sending would lose an answer that comes with the end of the connection.
const BODY_LIMIT: u64 = 64 * 1024;
const BODY_TIME: Duration = Duration::from_millis(300);

/// Threads that make answers.
const WORKERS: usize = 16;

/// Connections that the system keeps until they are accepted.
const BACKLOG: u32 = 1024;

/// How long to wait when the system has no socket left for a connection.
const BREATH: Duration = Duration::from_millis(20);

/// A request's head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// `GET`.
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// Host and port of a target that names them (`GET http://localhost:4000/ HTTP/1.1`).
    pub authority: Option<String>,
    /// In order, as they were sent; values that are no text are left out.
    pub headers: Vec<(String, String)>,
}

impl Ask {
    /// A header's value; none when it is missing or stands there twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value.as_str())
    }

    /// How often a header stands there.
    pub fn count(&self, name: &str) -> usize {
        self.headers.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name)).count()
    }
}

/// An answer.
pub struct Answer {
    /// `200`.
    pub status: u16,
    /// Without `Connection` and `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// What follows.
    pub body: Body,
}

impl Answer {
    /// Bytes with a status.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: Body::Bytes(Bytes::from(body.into())) }
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

/// A socket that listens and does not answer yet.
pub struct Listener {
    runtime: Runtime,
    socket: TcpListener,
}

impl Listener {
    /// Listens on an address.
    ///
    /// # Errors
    /// The system's: the port is taken, the address is not this machine's.
    pub fn bind(address: SocketAddr) -> io::Result<(Self, SocketAddr)> {
        let mut runtime = Builder::new_current_thread();
        runtime.max_blocking_threads(WORKERS).thread_name("answer");
        let runtime = runtime.enable_all().build()?;
        let listen = || {
            let socket = match address {
                SocketAddr::V4(_) => TcpSocket::new_v4()?,
                SocketAddr::V6(_) => TcpSocket::new_v6()?,
            };
            // On Windows it would let a second server listen on the same port.
            #[cfg(unix)]
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            socket.listen(BACKLOG)?.into_std()
        };
        let socket = {
            let _inside = runtime.enter();
            listen()?
        };
        let bound = socket.local_addr()?;
        Ok((Self { runtime, socket }, bound))
    }

    /// Answers every request with what `answer` says, from now on and until the process ends.
    ///
    /// # Errors
    /// The system's, when it gives no thread.
    pub fn run(self, answer: impl Fn(&Ask) -> Answer + Send + Sync + 'static) -> io::Result<()> {
        let Self { runtime, socket } = self;
        let answer: Answers = Arc::new(answer);
        let socket = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(socket)?
        };
        let accept = async move {
            let guests = Arc::new(Guests::default());
            loop {
                match socket.accept().await {
                    Ok((stream, _)) => guests.admit(|guest| serve(stream, guest, answer.clone())),
                    Err(error) if is_the_client_s(&error) => {}
                    Err(_) => {
                        guests.make_room();
                        tokio::time::sleep(BREATH).await;
                    }
                }
            }
        };
        thread::Builder::new().name("http".into()).spawn(move || runtime.block_on(accept))?;
        Ok(())
    }
}

/// Whether a connection was given up before it was accepted.
fn is_the_client_s(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset)
}

/// What answers.
type Answers = Arc<dyn Fn(&Ask) -> Answer + Send + Sync>;

/// One connection, from its first byte to its end. A client that goes away is nobody's error.
async fn serve(stream: TcpStream, guest: Guest, answers: Answers) {
    // Answers are short: one that waits for more bytes would wait in vain.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        guest.has_asked();
        respond(request, answers.clone())
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_LIMIT)
        .keep_alive(false)
        // A client may close its side when it has asked, and still be answered.
        .half_close(true);
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(
    request: Request<Incoming>,
    answers: Answers,
) -> Result<Response<Wire>, Infallible> {
    let (parts, body) = request.into_parts();
    let uri = &parts.uri;
    let text = |value: &HeaderValue| Some(std::str::from_utf8(value.as_bytes()).ok()?.to_owned());
    let ask = Ask {
        method: parts.method.as_str().to_owned(),
        target: uri.path_and_query().map_or("", |target| target.as_str()).to_owned(),
        authority: uri.authority().map(|authority| authority.as_str().to_owned()),
        headers: parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
            .collect(),
    };
    // The library's own limit is one for what waits to be read; it lets heads pass that come
    // in one piece.
    let headers = ask.headers.iter().map(|(name, value)| name.len() + value.len() + 4);
    if ask.target.len() + headers.sum::<usize>() > HEAD_LIMIT {
        return Ok(response(Answer::text(431, "This head is longer than 32 kB.")));
    }
    let _ = tokio::time::timeout(BODY_TIME, pass_over(body)).await;
    let answer = tokio::task::spawn_blocking(move || answers(&ask)).await;
    // Who makes answers has a page for it; this is for what fails there.
    let answer = answer.unwrap_or_else(|_| Answer::text(500, "This answer could not be made."));
    Ok(response(answer))
}

/// Reads a body to nowhere.
async fn pass_over(mut body: Incoming) {
    let mut left = BODY_LIMIT;
    while !body.is_end_stream() {
        let frame = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await;
        let Some(Ok(frame)) = frame else { return };
        let length = frame.data_ref().map_or(0, Bytes::len) as u64;
        let Some(rest) = left.checked_sub(length) else { return };
        left = rest;
    }
}

/// As the library takes it. A header that would be none (a line break in a file's name) is left
/// out.
fn response(answer: Answer) -> Response<Wire> {
    let mut response = Response::new(Wire::from(answer.body));
    *response.status_mut() = answer.status.try_into().unwrap_or_default();
    let length = (answer.status != 304).then(|| response.body().length()).flatten();
    let is_short = response.body().length().is_some();
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    if let Some(length) = length {
        headers.insert(hyper::header::CONTENT_LENGTH, length.into());
    }
    if is_short {
        headers.insert(hyper::header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_end_the_head() {
        let answer =
            Answer::new(302, "").with("location", "/a\r\nSet-Cookie: x").with("etag", "\"x\"");
        let response = response(answer);
        assert!(response.headers().get("location").is_none());
        assert!(response.headers().get("set-cookie").is_none());
        assert_eq!(response.headers()["etag"], "\"x\"");
    }

    #[test]
    fn a_header_that_stands_twice_has_no_value() {
        let headers = [("host", "a"), ("host", "b"), ("range", "c")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let ask = Ask { headers, ..Ask::default() };
        assert_eq!((ask.header("Host"), ask.header("Range")), (None, Some("c")));
        assert_eq!((ask.count("Host"), ask.count("Origin")), (2, 0));
    }
}
