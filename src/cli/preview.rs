//! `postil serve`.

use std::io;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::talk::{Channel, Talk, number, short};
use super::{Failure, SiteArguments, has_transcripts};
use crate::diagnostics::{Diagnostic, Format, Severity};
use crate::pipeline::{Inputs, Warm};
use crate::serve::{self, Edition, Happened, Settings};

const EXAMPLES: &str = "\
Examples:
  postil serve                  the site here, at http://127.0.0.1:4000/
  postil serve my-site --open   and open the browser
  postil serve transcripts      a folder of Markdown files, as it is
  postil serve --port 0         at any free port

Pages come from memory; nothing is written. Ctrl-C ends it.";

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
    let mut warm = Warm::new(options);
    let make = Box::new(move |inputs: &Inputs| edition(inputs, &mut warm));
    let running = serve::start(&settings, reader, make, Arc::new(tell))
        .map_err(|error| cannot_listen(&settings, &error))?;
    let host = match running.address.ip() {
        ip if ip.is_unspecified() => format!("127.0.0.1:{}", running.address.port()),
        _ => running.address.to_string(),
    };
    talk.result(&format!("Serving {} at http://{host}/\n", root.display()));
    if !running.address.ip().is_loopback() {
        talk.line("Everyone on this network can read it: --bind is not this machine alone.");
    }
    if is_empty {
        talk.line("There are no transcripts yet: postil new \"Title\" starts one.");
    }
    talk.line("Edit and save: the page follows. Ctrl-C ends.");
    if arguments.open {
        open(&format!("http://{host}/"), talk);
    }
    loop {
        std::thread::park();
    }
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

/// What the pipeline makes, as the preview takes it.
fn edition(inputs: &Inputs, warm: &mut Warm) -> Edition {
    let built = warm.run(inputs);
    let base = built.site.config.base_url.as_deref().unwrap_or_default();
    let after_host = base.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let base_path = after_host.map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}"));
    Edition {
        outputs: built.outputs.clone(),
        diagnostics: built.diagnostics.clone(),
        base_path,
        render: Box::new(move |path| built.render(path)),
    }
}

/// One calm line for each change, and each diagnostic once.
fn tell(happened: Happened) {
    let talk = Talk::new();
    match happened {
        Happened::Rebuilt { changed, took, fresh, errors, errors_before } => {
            if !changed.is_empty() {
                talk.line(&format!("{}: {}", named(&changed), milliseconds(took)));
            }
            let told: Vec<Diagnostic> =
                fresh.into_iter().filter(|one| one.severity > Severity::Note).collect();
            talk.diagnostics(&told, Format::Human, Channel::Talk);
            if errors > 0 && !changed.is_empty() {
                let errors = number(errors, "error");
                talk.line(&format!("{errors}: the pages stay as they were until that is mended"));
            } else if errors_before > 0 && errors == 0 {
                talk.line("Mended.");
            }
        }
        Happened::Failed(all) => talk.diagnostics(&all, Format::Human, Channel::Talk),
        Happened::Polling(reason) => talk.line(&format!(
            "The system does not tell of changes ({reason}); looking three times a second instead"
        )),
    }
}

fn named(changed: &[String]) -> String {
    match changed {
        [one] => format!("{one} changed"),
        _ => format!("{} changed", number(changed.len(), "file")),
    }
}

fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

/// Opens the browser with the system's own command.
fn open(url: &str, talk: &Talk) {
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(first).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        talk.line(&format!("Cannot open a browser ({program}: {error}); open {url} yourself."));
    }
}
