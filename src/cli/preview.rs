//! `postil serve`.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;

use super::talk::{self, Channel, Talk, number, short};
use super::{Failure, SiteArguments, has_transcripts};
use crate::cache::{Cache, Shards};
use crate::diagnostics::{Diagnostic, Format, Severity, visible};
use crate::load;
use crate::pipeline::{Built, Entry, Inputs, Options, Warm};
use crate::serve::{self, Edition, Happened, Settings};

const EXAMPLES: &str = "\
Examples:
  postil serve                  the site here, at http://127.0.0.1:4000/
  postil serve my-site --open   and open the browser
  postil serve transcripts      a folder of Markdown files, as it is
  postil serve --port 0         at any free port

Pages come from memory; the output folder is left as it is. Ctrl-C ends it.";

/// What was made of so many files at the start is kept in `.postil/`, as a build keeps it: the
/// next start takes over what has not changed. Fewer are parsed as quickly.
const WORTH_KEEPING: usize = 500;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Listen on this port; 0 takes any free one [default: the first free one from 4000 on]
    #[arg(long)]
    port: Option<u16>,
    /// Listen on this address; 0.0.0.0 lets the whole network read along
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: String,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// Look for changes three times a second instead of waiting for the system's events
    #[arg(long)]
    poll: bool,
}

/// Serves until Ctrl-C.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let options = arguments.site.options(None)?;
    let (reader, inputs) = arguments.site.read()?;
    let is_empty = !has_transcripts(&inputs);
    // Ctrl-C is how a preview ends: at once, and well.
    let handler = ctrlc::set_handler(|| std::process::exit(0));
    handler.map_err(|error| Failure::Environment(format!("cannot listen for Ctrl-C: {error}")))?;
    let settings =
        Settings { bind: arguments.bind.clone(), port: arguments.port, poll: arguments.poll };
    let root = short(&reader.folder().root);
    let mut run = remembering(Cache::of(reader.folder()), options);
    let make = Box::new(move |inputs: &Inputs| Edition::of(run(inputs)));
    let running = serve::start(&settings, (reader, inputs), make, Arc::new(tell))
        .map_err(|error| cannot_listen(&settings, &error))?;
    let host = match running.address.ip() {
        ip if ip.is_unspecified() => format!("127.0.0.1:{}", running.address.port()),
        _ => running.address.to_string(),
    };
    talk.result(&format!("Serving {} at http://{host}/\n", root.display()));
    warn_of_the_network(running.address, talk);
    if is_empty {
        talk.line("There are no transcripts yet: postil new \"Title\" starts one.");
    }
    talk.line("Edit and save: the page follows. Ctrl-C ends.");
    if arguments.open {
        open(format!("http://{host}/"));
    }
    loop {
        std::thread::park();
    }
}

/// The pipeline, which begins with what is kept, and sees to it that something is.
fn remembering(cache: Cache, options: Options) -> impl FnMut(&Inputs) -> Built + Send {
    let mut warm = Warm::new(options);
    let (entries, shards) = cache.entries();
    warm.remember(entries);
    let mut first = Some((cache, shards));
    move |inputs| {
        let built = warm.run(inputs);
        if let Some((cache, shards)) = first.take()
            && built.work.parsed > 0
            && built.work.parsed + built.work.kept >= WORTH_KEEPING
        {
            keep(cache, shards, &warm);
        }
        built
    }
}

/// Keeps all entries without letting anybody wait for it.
fn keep(cache: Cache, known: Shards, warm: &Warm) {
    let entry = |(path, entry): (&str, &Arc<Entry>)| (path.to_owned(), Arc::clone(entry));
    let entries: Vec<_> = warm.entries().map(entry).collect();
    std::thread::spawn(move || {
        cache.keep_entries(entries.iter().map(|(path, entry)| (&**path, entry)), &known);
    });
}

fn cannot_listen(settings: &Settings, error: &io::Error) -> Failure {
    let port = settings.port.map(|port| format!(" port {port}")).unwrap_or_default();
    let bind = &settings.bind;
    Failure::Environment(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "cannot listen on {bind}{port}: something else listens there\n  \
             Name another port, or leave --port out to take the next free one."
        ),
        _ => format!("cannot listen on {bind}{port}: {error}"),
    })
}

/// One calm line for each change, and each diagnostic once.
fn tell(happened: Happened) {
    let talk = Talk::new();
    match happened {
        Happened::Rebuilt { changed, took, fresh, errors, errors_before, left_out } => {
            if !changed.is_empty() && !is_told(&changed) {
                talk.line(&format!("{}: {}", named(&changed), milliseconds(took)));
            }
            if let Some(told) = left_out.and_then(talk::left_out) {
                talk.line(&told);
            }
            let told: Vec<Diagnostic> =
                fresh.into_iter().filter(|one| one.severity > Severity::Note).collect();
            talk.diagnostics(&told, Format::Human, Channel::Talk);
            if errors > 0 && !changed.is_empty() {
                let errors = number(errors, "error");
                talk.line(&format!("{errors}: what it concerns stays as it was until that is mended"));
            } else if errors_before > 0 && errors == 0 {
                talk.line("Mended.");
            }
        }
        Happened::Failed(all) => talk.diagnostics(&all, Format::Human, Channel::Talk),
        Happened::Broken => talk.line(
            "That is a fault in postil: this change does not show. The pages stay as they were; the next save is tried again.",
        ),
        Happened::Polling(reason) => talk.line(&format!(
            "The system does not tell of all changes ({}).\nLooking three times a second instead; --poll does so without this message.",
            visible(&reason)
        )),
    }
}

/// Whether these files were what changed last, and are only copied: what is told may go into one of
/// them, and would be told of again, for ever.
fn is_told(changed: &[String]) -> bool {
    static LAST: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let same = *last == changed;
    changed.clone_into(&mut last);
    same && !changed.iter().any(|path| load::is_text(path))
}

/// What changed, by name where that fits on a line.
fn named(changed: &[String]) -> String {
    let name = |path: &String| visible(path);
    match changed {
        [one] => name(one),
        [one, two] => format!("{} and {}", name(one), name(two)),
        [one, others @ ..] => format!("{} and {}", name(one), number(others.len(), "more file")),
        [] => String::new(),
    }
}

fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

/// Opens the browser, from a thread of its own: some systems' commands stay as long as it does.
fn open(url: String) {
    std::thread::spawn(move || {
        if let Err(error) = open::that(&url) {
            let talk = Talk::new();
            talk.line(&format!("No browser could be opened ({error}): go to {url} yourself."));
        }
    });
}

/// The addresses at which another device finds a socket that listens on all of this machine's.
fn reachable(all: impl IntoIterator<Item = IpAddr>, bound: SocketAddr) -> Vec<SocketAddr> {
    let fits = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
        // Such an address is no use without the name of a network card.
        IpAddr::V6(ip) => bound.is_ipv6() && !ip.is_loopback() && !ip.is_unicast_link_local(),
    };
    let mut found: Vec<IpAddr> = all.into_iter().filter(fits).collect();
    found.sort();
    found.dedup();
    found.into_iter().map(|ip| SocketAddr::new(ip, bound.port())).collect()
}

/// Says where others reach it, and that they do.
fn warn_of_the_network(address: SocketAddr, talk: &Talk) {
    if address.ip().is_loopback() {
        return;
    }
    if address.ip().is_unspecified() {
        let cards = if_addrs::get_if_addrs().unwrap_or_default();
        for address in reachable(cards.into_iter().map(|card| card.ip()), address) {
            talk.line(&format!("On a phone in the same network: http://{address}/"));
        }
    }
    talk.line("Careful: everyone in this network can read it, drafts too, for as long as it runs.");
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::load::{Folder, Reader};
    use crate::pipeline::Work;

    #[test]
    fn a_phone_is_told_addresses_that_it_can_reach() {
        let cards = [
            "127.0.0.1",
            "192.168.0.7",
            "169.254.3.4",
            "10.1.2.3",
            "::1",
            "fe80::1",
            "2001:db8::7",
        ];
        let all = |bound: &str| {
            let cards = cards.iter().map(|ip| ip.parse().unwrap());
            let found = reachable(cards, bound.parse().unwrap());
            found.iter().map(SocketAddr::to_string).collect::<Vec<_>>()
        };
        assert_eq!(all("0.0.0.0:4000"), ["10.1.2.3:4000", "192.168.0.7:4000"]);
        assert_eq!(all("[::]:80"), ["10.1.2.3:80", "192.168.0.7:80", "[2001:db8::7]:80"]);
    }

    /// A site of so many transcripts, and the pipeline's first run over it.
    fn first_run(folder: &Folder, transcripts: usize) -> Work {
        let content = folder.root.join("content");
        std::fs::create_dir_all(&content).unwrap();
        for at in 0..transcripts {
            let text = format!("# T{at}\n\n**Host:** Hello.\n\n**Guest:** Yes.\n");
            std::fs::write(content.join(format!("{at}.md")), text).unwrap();
        }
        let today = "2026-01-01".to_owned();
        let options = Options { base_url: None, drafts: false, future: false, today };
        remembering(Cache::of(folder), options)(&Reader::new(folder.clone()).read()).work
    }

    #[test]
    fn a_large_site_is_read_quickly_the_second_time() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder { root: dir.path().to_owned(), has_content: true };
        assert_eq!(first_run(&folder, WORTH_KEEPING).parsed, WORTH_KEEPING);
        // Nobody waits for it, so the test has to.
        let kept = |transcripts| {
            let end = Instant::now() + Duration::from_secs(30);
            while Cache::of(&folder).entries().0.len() < transcripts && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        kept(WORTH_KEEPING);
        let again = first_run(&folder, WORTH_KEEPING);
        assert_eq!((again.parsed, again.kept), (0, WORTH_KEEPING));
        // So is what is new among much that is known.
        let more = first_run(&folder, WORTH_KEEPING + 1);
        assert_eq!((more.parsed, more.kept), (1, WORTH_KEEPING));
        kept(WORTH_KEEPING + 1);
        assert_eq!(first_run(&folder, WORTH_KEEPING + 1).parsed, 0);
    }

    #[test]
    fn a_small_site_is_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder { root: dir.path().to_owned(), has_content: true };
        first_run(&folder, 3);
        std::thread::sleep(Duration::from_millis(50));
        assert!(!folder.root.join(".postil").exists());
    }

    #[test]
    fn what_changed_is_named_as_long_as_it_can_be() {
        let paths = |count: usize| -> Vec<String> {
            ["content/a.md", "content/b.md", "content/c.md", "content/d.md"][..count]
                .iter()
                .map(|path| (*path).to_owned())
                .collect()
        };
        assert_eq!(named(&paths(1)), "content/a.md");
        assert_eq!(named(&paths(2)), "content/a.md and content/b.md");
        assert_eq!(named(&paths(4)), "content/a.md and 3 more files");
        assert_eq!(named(&["a\u{1b}[31m\n.md".to_owned()]), "a␛[31m .md");
    }
}
