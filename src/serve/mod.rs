//! The live preview, design section 9: the site in memory, answered over HTTP on this machine
//! and made anew when its files change.
//!
//! It writes no disk, and it makes no page of its own: a page's bytes come from the same
//! function as a build's. The layers: `edition` (a site as the preview takes it), `http` (the library's place), `router` (requests to
//! answers), `preview` (what is shown), `keeper` (what keeps it up to date), `events` and
//! `overlay` (what is told).
#![allow(clippy::disallowed_methods, reason = "how long an edit took is told, nothing more")]

mod edition;
mod events;
mod http;
mod keeper;
mod mime;
mod names;
mod overlay;
mod parts;
mod preview;
mod router;
mod survey;
mod told;

pub use edition::{Edition, Page, Part, Place, Render};

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::diagnostics::Diagnostic;
use crate::load::Reader;
use crate::pipeline::{Inputs, LeftOut};

use http::Listener;
use keeper::Keeper;
use names::Names;
use preview::Preview;

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
        /// What is left out now, where that is not what it was.
        left_out: Option<LeftOut>,
    },
    /// A page that was asked for cannot be rendered.
    Failed(Vec<Diagnostic>),
    /// Making the site anew ended in a fault of the program's own; the next change is tried again.
    Broken,
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

/// Starts the preview of what the reader has read: when this returns, requests are answered.
///
/// # Errors
/// The name to bind is none, or the port is taken.
pub fn start(
    settings: &Settings,
    (reader, inputs): (Reader, Inputs),
    make: Make,
    talk: Talk,
) -> io::Result<Running> {
    let (listener, address) = listen(settings)?;
    let names = Names::new(&settings.bind, address);
    let tell = talk.clone();
    let tell = move |all: &[Diagnostic]| tell(Happened::Failed(all.to_vec()));
    let preview = Arc::new(Preview::new(run_name(), Box::new(tell)));
    let poll = settings.poll;
    let mut keeper = Keeper::new(reader, make, talk, preview.clone());
    keeper.begin(inputs);
    listener.run(move |ask| router::answer(&preview, &names, ask))?;
    thread::Builder::new().name("rebuild".into()).spawn(move || keeper.run(poll))?;
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
