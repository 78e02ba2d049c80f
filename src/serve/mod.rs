//! The live preview, design section 9: the site in memory, answered over HTTP on this machine
//! and made anew when its files change.
//!
//! It writes no disk, and it makes no page of its own: a page's bytes come from the same
//! function as a build's. The layers: `http` (the library's place), `router` (requests to
//! answers), `preview` (what is shown), `events` and `overlay` (what is told).
#![allow(clippy::disallowed_methods, reason = "how long an edit took is told, nothing more")]

mod events;
mod http;
mod mime;
mod overlay;
mod preview;
mod router;

pub use preview::{Edition, Render};

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::diagnostics::{Diagnostic, Severity, count};
use crate::load::{self, Reader};
use crate::pipeline::Inputs;
use crate::watch::Watch;

use http::{Exchange, Listener, Names};
use preview::{Change, Preview};
use router::Reply;

/// Threads that answer. Answers are short; one that a client takes slowly keeps a thread.
const WORKERS: usize = 16;

/// The port when none is asked for, and how many after it are tried.
const PORT: u16 = 4000;
const PORTS: u16 = 100;

/// Where and how to serve.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name or address to listen on.
    pub bind: String,
    /// The port; none takes the first free one from 4000 on, 0 any free one.
    pub port: Option<u16>,
    /// Look for changes at regular times instead of waiting for the system's events.
    pub poll: bool,
}

/// Something worth a line on the terminal.
#[derive(Clone, Debug)]
pub enum Happened {
    /// Files changed, and the site was made anew.
    Rebuilt {
        /// The paths.
        changed: Vec<String>,
        /// From noticing to showing.
        took: Duration,
        /// Diagnostics that were not there before.
        fresh: Vec<Diagnostic>,
        /// How many errors there are now.
        errors: usize,
        /// How many errors there were before.
        errors_before: usize,
    },
    /// A page that was asked for cannot be rendered.
    Failed(Vec<Diagnostic>),
    /// The system's watcher fails; the reason.
    Polling(String),
}

/// Hears what happens.
pub type Talk = Arc<dyn Fn(Happened) + Send + Sync>;

/// Makes an edition from what was read.
pub type Make = Box<dyn FnMut(&Inputs) -> Edition + Send>;

/// A preview that runs until the process ends.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
}

/// Starts the preview: when this returns, requests are answered.
///
/// # Errors
/// The name to bind is none, or the port is taken.
pub fn start(settings: &Settings, reader: Reader, make: Make, talk: Talk) -> io::Result<Running> {
    let (listener, address) = listen(settings)?;
    let names = Names::new(&settings.bind, address);
    let tell = talk.clone();
    let tell = move |all: &[Diagnostic]| tell(Happened::Failed(all.to_vec()));
    let preview = Arc::new(Preview::new(run_name(), Box::new(tell)));
    let watch = Watch::new(reader.folder().clone(), settings.poll);
    let mut keeper = Keeper { reader, make, talk, preview: preview.clone(), last: None };
    keeper.look();
    let listener = Arc::new(listener);
    for number in 0..WORKERS {
        let (listener, preview, names) = (listener.clone(), preview.clone(), names.clone());
        thread::Builder::new()
            .name(format!("answer {number}"))
            .spawn(move || work(&listener, &preview, &names))?;
    }
    thread::Builder::new().name("rebuild".into()).spawn(move || keeper.run(watch))?;
    Ok(Running { address })
}

fn listen(settings: &Settings) -> io::Result<(Listener, SocketAddr)> {
    let resolve = |port| {
        let mut addresses = (settings.bind.as_str(), port).to_socket_addrs()?;
        let none = || io::Error::new(io::ErrorKind::NotFound, "no such address");
        addresses.next().ok_or_else(none)
    };
    if let Some(port) = settings.port {
        return Listener::bind(resolve(port)?);
    }
    let mut port = PORT;
    loop {
        match Listener::bind(resolve(port)?) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port < PORT + PORTS => {
                port += 1;
            }
            result => return result,
        }
    }
}

/// Differs from run to run.
fn run_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}", now.as_nanos())
}

/// Reads, makes and shows the site, one edition after the other.
struct Keeper {
    reader: Reader,
    make: Make,
    talk: Talk,
    preview: Arc<Preview>,
    /// What the last edition was made from, and what was wrong with it.
    last: Option<(Inputs, Vec<Diagnostic>)>,
}

impl Keeper {
    fn run(mut self, mut watch: Watch) {
        loop {
            if let Some(reason) = watch.failure() {
                (self.talk)(Happened::Polling(reason));
            }
            watch.wait();
            self.look();
        }
    }

    /// Reads the site, and shows it if it is not what is shown already.
    fn look(&mut self) {
        let start = Instant::now();
        let inputs = self.reader.read();
        let changed = match &self.last {
            Some((last, _)) => {
                let changed = load::changes(last, &inputs);
                if changed.is_empty() && last.diagnostics == inputs.diagnostics {
                    return;
                }
                changed
            }
            None => Vec::new(),
        };
        let edition = (self.make)(&inputs);
        let diagnostics = edition.diagnostics.clone();
        self.preview.update(edition, kind_of(&changed));
        let before = self.last.replace((inputs, diagnostics.clone())).map(|(_, before)| before);
        let before = before.unwrap_or_default();
        let errors = |all: &[Diagnostic]| count(all, Severity::Error);
        (self.talk)(Happened::Rebuilt {
            changed,
            took: start.elapsed(),
            errors: errors(&diagnostics),
            errors_before: errors(&before),
            fresh: diagnostics.into_iter().filter(|one| !before.contains(one)).collect(),
        });
    }
}

fn kind_of(changed: &[String]) -> Change {
    let style = |path: &String| path.starts_with("static/theme/") && path.ends_with(".css");
    if !changed.is_empty() && changed.iter().all(style) { Change::Styles } else { Change::Any }
}

fn work(listener: &Listener, preview: &Arc<Preview>, names: &Names) {
    while let Some(exchange) = listener.next() {
        // A page that panics must not take a thread with it: the client gets a 500.
        let _ = catch_unwind(AssertUnwindSafe(|| respond(exchange, preview, names)));
    }
}

/// Answers. A client that went away is nobody's error.
fn respond(exchange: Exchange, preview: &Arc<Preview>, names: &Names) {
    match router::reply(preview, names, &exchange.ask) {
        Reply::Answer(answer) => {
            let _ = exchange.answer(answer);
        }
        Reply::Events => listen_in(exchange, preview),
    }
}

/// Streams events from a thread of its own.
fn listen_in(exchange: Exchange, preview: &Arc<Preview>) {
    let Some(receiver) = preview.listeners.join() else {
        let busy = http::Answer::text(503, "Too many pages listen already.");
        let _ = exchange.answer(busy.with("Retry-After", "5"));
        return;
    };
    let preview = preview.clone();
    let _ = thread::Builder::new().name("events".into()).spawn(move || {
        if let Ok(mut out) = exchange.stream(&router::stream_headers()) {
            // The state is asked for after joining: nothing falls between.
            let _ = events::run(&preview.listeners, &receiver, &preview.state(), &mut *out);
        }
    });
}
