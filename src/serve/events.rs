//! Server-sent events: every open page hears when what it shows is out of date.
//!
//! Source: the WHATWG HTML standard, section 9.2.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many pages may listen; each takes a thread.
const LIMIT: usize = 64;

/// How long a stream may be silent: a page that is gone is noticed by writing to it.
const BEAT: Duration = Duration::from_secs(5);

/// The preview has a new state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Its name.
    pub state: String,
    /// The state before.
    pub from: String,
    /// Style sheets to exchange, old and new path; when there are none, the page is to be
    /// loaded again.
    pub swap: Vec<(String, String)>,
}

impl News {
    /// As one event.
    fn to_event(&self) -> String {
        let data = serde_json::json!({"state": self.state, "from": self.from, "swap": self.swap});
        event(&data)
    }
}

fn event(data: &serde_json::Value) -> String {
    format!("event: state\ndata: {data}\n\n")
}

/// Everyone who listens.
#[derive(Debug, Default)]
pub struct Listeners {
    senders: Mutex<Vec<SyncSender<String>>>,
}

impl Listeners {
    /// One more. None when there are too many.
    pub fn join(&self) -> Option<Receiver<String>> {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if senders.len() >= LIMIT {
            return None;
        }
        let (sender, receiver) = sync_channel(16);
        senders.push(sender);
        Some(receiver)
    }

    /// Tells all. One who does not take its news any more is forgotten.
    pub fn tell(&self, news: &News) {
        self.send(&news.to_event());
    }

    fn send(&self, event: &str) {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.retain(|sender| match sender.try_send(event.to_owned()) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        });
    }

    /// Forgets those whose streams have ended.
    fn tidy(&self) {
        // A comment is no event: those who are there ignore it.
        self.send(":\n\n");
    }
}

/// Writes events until the page is gone. The first one names the present state, so that a
/// change between loading the page and listening is not missed.
///
/// # Errors
/// The page went away: the way this ends.
pub fn run(
    listeners: &Listeners,
    receiver: &Receiver<String>,
    state: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let result = write_all(receiver, state, out);
    if result.is_err() {
        listeners.tidy();
    }
    result
}

fn write_all(receiver: &Receiver<String>, state: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(event(&serde_json::json!({ "state": state })).as_bytes())?;
    out.flush()?;
    loop {
        let event = match receiver.recv_timeout(BEAT) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => ":\n\n".to_owned(),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        out.write_all(event.as_bytes())?;
        out.flush()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_of_data() {
        let news = News {
            state: "r.2".into(),
            from: "r.1".into(),
            swap: vec![("a\n.css".into(), "b.css".into())],
        };
        assert_eq!(
            news.to_event(),
            "event: state\ndata: {\"state\":\"r.2\",\"from\":\"r.1\",\"swap\":[[\"a\\n.css\",\"b.css\"]]}\n\n"
        );
    }

    #[test]
    fn those_who_left_are_forgotten_and_their_number_is_limited() {
        let listeners = Listeners::default();
        let all: Vec<_> = (0..LIMIT).map(|_| listeners.join().unwrap()).collect();
        assert!(listeners.join().is_none());
        drop(all);
        listeners.tidy();
        assert!(listeners.join().is_some());
    }
}
