//! What follows an answer's head: bytes in memory, a part of a file, or a stream of events.

use std::fs::File;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How much of a file is read at once.
const PIECE: usize = 64 * 1024;

/// How long a stream may be silent: whether a client is gone shows only when something is sent.
const BEAT: Duration = Duration::from_secs(5);

/// So many events may wait for a client that does not take them.
const WAITING: usize = 16;

/// What an answer carries.
pub enum Body {
    /// Bytes in memory.
    Bytes(Bytes),
    /// So many bytes of a file, from where it stands.
    File(File, u64),
    /// What a [`Feed`] sends, until it or the client is gone.
    Stream(Stream),
}

/// The end that is sent to a client.
pub struct Stream(mpsc::Receiver<Bytes>);

/// The end that sends.
#[derive(Clone, Debug)]
pub struct Feed(mpsc::Sender<Bytes>);

/// A stream, and the end that feeds it.
pub fn feed() -> (Feed, Stream) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Feed(sender), Stream(receiver))
}

impl Feed {
    /// Sends; false when the client is gone, or takes nothing any more.
    pub fn send(&self, text: &str) -> bool {
        self.0.try_send(Bytes::copy_from_slice(text.as_bytes())).is_ok()
    }

    /// Whether the client is gone.
    pub fn is_over(&self) -> bool {
        self.0.is_closed()
    }
}

/// A body as the library takes it.
pub(super) enum Wire {
    Bytes(Bytes),
    File { file: tokio::fs::File, left: u64 },
    Stream { events: mpsc::Receiver<Bytes>, beat: Interval },
}

impl From<Body> for Wire {
    fn from(body: Body) -> Self {
        match body {
            Body::Bytes(bytes) => Self::Bytes(bytes),
            Body::File(file, left) => Self::File { file: tokio::fs::File::from_std(file), left },
            Body::Stream(Stream(events)) => {
                let mut beat = interval(BEAT);
                beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
                beat.reset();
                Self::Stream { events, beat }
            }
        }
    }
}

impl Wire {
    /// Bytes in all; none for a stream.
    pub(super) fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File { left, .. } => Some(*left),
            Self::Stream { .. } => None,
        }
    }
}

type Next = Poll<Option<io::Result<Frame<Bytes>>>>;

impl HttpBody for Wire {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Next {
        match &mut *self {
            Self::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::File { file, left } => next_piece(file, left, cx),
            Self::Stream { events, beat } => {
                if let Poll::Ready(event) = events.poll_recv(cx) {
                    beat.reset();
                    return Poll::Ready(event.map(|event| Ok(Frame::data(event))));
                }
                ready!(beat.poll_tick(cx));
                // A comment is no event: who is there ignores it.
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b":\n\n")))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.length() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

fn next_piece(file: &mut tokio::fs::File, left: &mut u64, cx: &mut Context<'_>) -> Next {
    if *left == 0 {
        return Poll::Ready(None);
    }
    let mut piece = vec![0; PIECE.min(usize::try_from(*left).unwrap_or(PIECE))];
    let mut read = ReadBuf::new(&mut piece);
    if let Err(error) = ready!(Pin::new(file).poll_read(cx, &mut read)) {
        return Poll::Ready(Some(Err(error)));
    }
    let length = read.filled().len();
    if length == 0 {
        // The file became shorter: the connection ends, and the client sees that bytes lack.
        return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
    }
    *left -= length as u64;
    piece.truncate(length);
    Poll::Ready(Some(Ok(Frame::data(piece.into()))))
}
