//! The preview over raw sockets: who is answered, with what, and what happens on an edit.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use postil::diagnostics::Diagnostic;
use postil::load::{Folder, Reader};
use postil::pipeline::{File, Inputs, Output};
use postil::serve::{Edition, Happened, Page, Part, Place, Settings, start};
use postil::source::{Source, Span};

mod answers;
mod beside;
mod crowd;
mod edits;
mod first;
mod folder;
#[path = "../host/mod.rs"]
#[allow(dead_code, reason = "the preview is a host of its own")]
mod host;
mod limits;
mod moments;
mod network;
mod process;
mod same;
mod saves;
mod survey;

const PATIENCE: Duration = Duration::from_secs(10);

/// A made-up site: each `content/x.md` is a page with its text; the word BROKEN in it is an
/// error, DOUBTFUL a warning, IMPOSSIBLE the end of whoever makes it, UNSHOWABLE of
/// whoever shows the page; BROKEN in `templates/page.html` breaks every page.
fn edition(inputs: &Inputs) -> Edition {
    let mut outputs = BTreeMap::new();
    let mut pages = BTreeMap::new();
    let mut diagnostics = inputs.diagnostics.clone();
    let mut template = None;
    for (path, file) in &inputs.files {
        let file = match file {
            File::Markdown(manuscript) => File::Text(manuscript.take().source),
            other => other.clone(),
        };
        match &file {
            File::Text(source) if path == "templates/page.html" => template = Some(source.clone()),
            File::Text(source) if path.ends_with(".css") => {
                let digest = &blake3::hash(source.text().as_bytes()).to_hex()[..8];
                let path = format!("assets/style.{digest}.css");
                pages.insert("css".to_owned(), path.clone());
                outputs.insert(path, Output::Bytes(source.text().as_bytes().into()));
            }
            File::Text(source) if path.ends_with(".yaml") => diagnostics.extend(complaint(source)),
            File::Text(source) => {
                assert!(!source.text().contains("IMPOSSIBLE"), "a fault of the program's own");
                let name = path.trim_start_matches("content/").trim_end_matches(".md");
                pages.insert(format!("{name}.html"), source.text().to_owned());
                outputs.insert(format!("{name}.html"), Output::Page);
                diagnostics.extend(complaint(source));
            }
            File::Markdown(_) => unreachable!("it was read above"),
            File::Bytes(bytes) => drop(outputs.insert(path.clone(), Output::Bytes(bytes.clone()))),
            File::Asset(asset) => {
                let path = path.trim_start_matches("content/").trim_start_matches("static/");
                outputs.insert(path.to_owned(), Output::Copy(asset.clone()));
            }
        }
    }
    let render = move |path: &str| {
        if let Some(template) = &template
            && template.text().contains("BROKEN")
        {
            let message = "the template says <BROKEN>";
            let span = Span::new(0, 1);
            return Err(Box::new(Diagnostic::error("template/broken", template, span, message)));
        }
        let style = pages.get("css").map(String::as_str).unwrap_or_default();
        let text = &pages[path];
        assert!(!text.contains("UNSHOWABLE"), "<b>no</b> way to show {path}");
        Ok(format!("<html><head><link href={style}></head><body>{text}</body></html>").into_bytes())
    };
    let texts: BTreeMap<String, String> = inputs
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("content/") && path.ends_with(".md"))
        .filter_map(|(path, file)| match file {
            File::Markdown(manuscript) => {
                Some((path.clone(), manuscript.take().source.text().to_owned()))
            }
            _ => None,
        })
        .collect();
    let known: Vec<String> = texts.keys().cloned().collect();
    Edition {
        base_path: "/reading/".to_owned(),
        locate: Box::new(move |path, offset| {
            known.iter().find(|known| *known == path)?;
            let name = path.trim_start_matches("content/").trim_end_matches(".md");
            Some(Place { page: format!("{name}.html"), ids: vec![format!("p-{offset}")] })
        }),
        parts: Box::new(move |path| {
            let words = texts.get(path)?.split_whitespace().enumerate();
            let parts = words.map(|(at, word)| Part {
                text: word.to_owned(),
                noted: String::new(),
                ids: vec![format!("p-{at}")],
            });
            let name = path.trim_start_matches("content/").trim_end_matches(".md");
            Some(Page { path: format!("{name}.html"), parts: parts.collect() })
        }),
        survey: Box::new(|| "<p>what was understood</p>".to_owned()),
        ..Edition::new(outputs, Box::new(render), diagnostics)
    }
}

fn complaint(source: &Source) -> Option<Diagnostic> {
    let at = |word: &str| source.text().find(word).map(|at| Span::new(at, at + word.len()));
    let wrong = at("BROKEN")
        .map(|span| Diagnostic::error("test/broken", source, span, "this is <b>broken</b>"));
    wrong.or_else(|| {
        at("DOUBTFUL").map(|span| Diagnostic::warning("test/doubt", source, span, "a doubt"))
    })
}

/// A transcript.
const TALK: &str =
    "**Host:** How far is it?\n\n**Guest:** As far as it was.\n\n**Host:** And back?\n";

/// The messages that lie over a page.
const OVER: &str = "class=\"errors\"";

struct Site {
    dir: tempfile::TempDir,
    address: SocketAddr,
    told: Arc<Mutex<Vec<Happened>>>,
}

impl Site {
    fn new() -> Self {
        Self::started(false)
    }

    fn polling() -> Self {
        Self::started(true)
    }

    fn started(poll: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["content/sub", "static/theme", "templates"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        let site = |path: &str, bytes: &[u8]| fs::write(dir.path().join(path), bytes).unwrap();
        site("content/index.md", b"home");
        site("content/a.md", "第一页".as_bytes());
        site("content/sub/index.md", b"sub");
        site("content/404.md", b"nothing here");
        site("content/sound.mp3", &(0..=255).cycle().take(100_000).collect::<Vec<u8>>());
        site("content/黄 a.md", b"han");
        site("static/theme/style.css", b"body{}");
        site("templates/page.html", b"fine");
        site("secret.txt", b"secret");
        let settings = Settings { bind: "127.0.0.1".into(), port: Some(0), poll };
        let mut reader = Reader::new(Folder { root: dir.path().to_owned(), has_content: true });
        let inputs = reader.read();
        let told = Arc::new(Mutex::new(Vec::new()));
        let hears = told.clone();
        let talk = Arc::new(move |what| hears.lock().unwrap().push(what));
        let running = start(&settings, (reader, inputs), Box::new(edition), talk).unwrap();
        Self { dir, address: running.address, told }
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.dir.path().join(path), text).unwrap();
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a head as it is, and reads one answer.
    fn raw(&self, head: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).unwrap();
        Answer::read(&mut BufReader::new(stream), head.starts_with("HEAD"))
    }

    fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        let port = self.address.port();
        self.raw(&format!("{method} {target} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n"))
    }

    fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, "")
    }

    /// Waits until a page has, or has not, a text.
    fn wait_for(&self, target: &str, there: bool, text: &str) -> Answer {
        let start = Instant::now();
        loop {
            let answer = self.get(target);
            if answer.text().contains(text) == there {
                return answer;
            }
            assert!(start.elapsed() < PATIENCE, "{target}: {text}: {}", answer.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn listen(&self) -> Stream {
        let mut stream = self.connect();
        let port = self.address.port();
        let head = format!("GET /_postil/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut reader = BufReader::new(stream);
        let head = read_head(&mut reader);
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("text/event-stream"), "{head}");
        let mut stream = Stream { reader };
        stream.next();
        stream
    }
}

struct Answer {
    head: String,
    body: Vec<u8>,
}

fn read_head(reader: &mut impl BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "cut off: {head}");
    }
    head
}

impl Answer {
    fn read(reader: &mut impl BufRead, head_only: bool) -> Self {
        let head = read_head(reader);
        let mut answer = Self { head, body: Vec::new() };
        let length = answer.header("Content-Length").map_or(0, |length| length.parse().unwrap());
        if !head_only {
            answer.body = vec![0; length];
            reader.read_exact(&mut answer.body).unwrap();
        }
        answer
    }

    fn status(&self) -> u16 {
        self.head[9..12].parse().unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

struct Stream {
    reader: BufReader<TcpStream>,
}

impl Stream {
    /// The data of the next event.
    fn next(&mut self) -> serde_json::Value {
        loop {
            let mut line = String::new();
            assert!(self.reader.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}
