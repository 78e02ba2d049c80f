//! Server-sent events: every open page hears when what it shows is out of date.
//!
//! Source: the WHATWG HTML standard, section 9.2.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::edition::Place;
use super::http::{Feed, Stream, feed};

/// How many pages may listen. One tab listens for all others of its browser.
const LIMIT: usize = 256;

/// How long a page waits before it looks for a server that is gone, in milliseconds.
const RETRY: u32 = 500;

/// The preview has a new state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Its name.
    pub state: String,
    /// The state before.
    pub from: String,
    /// Where the first change is shown, for those who follow.
    pub at: Option<Place>,
}

impl News {
    /// As one event.
    fn to_event(&self) -> String {
        let at = self.at.as_ref().map(|at| json!({ "page": at.page, "ids": at.ids }));
        event(&json!({ "state": self.state, "from": self.from, "at": at }))
    }
}

fn event(data: &Value) -> String {
    format!("event: state\ndata: {data}\n\n")
}

/// Everyone who listens.
#[derive(Debug, Default)]
pub struct Listeners {
    feeds: Mutex<Vec<Feed>>,
}

impl Listeners {
    /// One more. None when there are too many.
    ///
    /// The first event names the present state, so that a change between loading a page and
    /// listening is not missed; `state` is asked for it when the listener is counted already,
    /// so that nothing falls between.
    pub fn join(&self, state: impl FnOnce() -> String) -> Option<Stream> {
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        feeds.retain(|feed| !feed.is_over());
        if feeds.len() >= LIMIT {
            return None;
        }
        let (sender, stream) = feed();
        let first = event(&json!({ "state": state() }));
        sender.send(&format!("retry: {RETRY}\n{first}"));
        feeds.push(sender);
        Some(stream)
    }

    /// Tells all. One who does not take its news any more is forgotten.
    pub fn tell(&self, news: &News) {
        let event = news.to_event();
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        feeds.retain(|feed| feed.send(&event));
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
            at: Some(Place { page: "a\n.html".into(), ids: vec!["t-1".into()] }),
        };
        assert_eq!(
            news.to_event(),
            "event: state\ndata: {\"state\":\"r.2\",\"from\":\"r.1\",\
             \"at\":{\"page\":\"a\\n.html\",\"ids\":[\"t-1\"]}}\n\n"
        );
    }

    #[test]
    fn those_who_left_are_forgotten_and_their_number_is_limited() {
        let listeners = Listeners::default();
        let join = || listeners.join(|| "r.1".to_owned());
        let all: Vec<_> = (0..LIMIT).map(|_| join().unwrap()).collect();
        assert!(join().is_none());
        drop(all);
        assert!(join().is_some());
    }
}
