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
use postil::serve::{Edition, Happened, Settings, start};
use postil::source::{Source, Span};

const PATIENCE: Duration = Duration::from_secs(10);

/// A made-up site: each `content/x.md` is a page with its text; the word BROKEN in it is an
/// error, DOUBTFUL a warning; BROKEN in `templates/page.html` breaks every page.
fn edition(inputs: &Inputs) -> Edition {
    let mut outputs = BTreeMap::new();
    let mut pages = BTreeMap::new();
    let mut diagnostics = inputs.diagnostics.clone();
    let mut template = None;
    for (path, file) in &inputs.files {
        match file {
            File::Text(source) if path == "templates/page.html" => template = Some(source.clone()),
            File::Text(source) if path.ends_with(".css") => {
                let digest = &blake3::hash(source.text().as_bytes()).to_hex()[..8];
                let path = format!("assets/style.{digest}.css");
                pages.insert("css".to_owned(), path.clone());
                outputs.insert(path, Output::Bytes(source.text().as_bytes().into()));
            }
            File::Text(source) => {
                let name = path.trim_start_matches("content/").trim_end_matches(".md");
                pages.insert(format!("{name}.html"), source.text().to_owned());
                outputs.insert(format!("{name}.html"), Output::Page);
                diagnostics.extend(complaint(source));
            }
            File::Markdown(manuscript) => {
                let name = path.trim_start_matches("content/").trim_end_matches(".md");
                let source = manuscript.take().source;
                pages.insert(format!("{name}.html"), source.text().to_owned());
                outputs.insert(format!("{name}.html"), Output::Page);
                diagnostics.extend(complaint(&source));
            }
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
        Ok(format!("<html><head><link href={style}></head><body>{text}</body></html>").into_bytes())
    };
    let base_path = "/reading/".to_owned();
    Edition { outputs, render: Box::new(render), diagnostics, base_path }
}

fn complaint(source: &Source) -> Option<Diagnostic> {
    let at = |word: &str| source.text().find(word).map(|at| Span::new(at, at + word.len()));
    let wrong = at("BROKEN")
        .map(|span| Diagnostic::error("test/broken", source, span, "this is <b>broken</b>"));
    wrong.or_else(|| {
        at("DOUBTFUL").map(|span| Diagnostic::warning("test/doubt", source, span, "a doubt"))
    })
}

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
        let reader = Reader::new(Folder { root: dir.path().to_owned(), has_content: true });
        let told = Arc::new(Mutex::new(Vec::new()));
        let hears = told.clone();
        let talk = Arc::new(move |what| hears.lock().unwrap().push(what));
        let running = start(&settings, reader, Box::new(edition), talk).unwrap();
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

#[test]
fn pages_are_found_as_on_a_host() {
    let site = Site::new();
    for (target, status, text) in [
        ("/", 200, "home"),
        ("/index.html", 200, "home"),
        ("/a", 200, "第一页"),
        ("/a.html?x=1", 200, "第一页"),
        ("/sub/", 200, "sub"),
        ("/%E9%BB%84%20a.html", 200, "han"),
        ("/%e9%bb%84%20a", 200, "han"),
        ("/reading/a.html", 200, "第一页"),
        ("/nowhere", 404, "nothing here"),
        ("/a/", 404, "nothing here"),
    ] {
        let answer = site.get(target);
        assert_eq!(answer.status(), status, "{target}");
        assert!(answer.text().contains(text), "{target}: {}", answer.text());
        assert_eq!(answer.header("Content-Type"), Some("text/html; charset=utf-8"), "{target}");
        assert!(answer.text().contains("<script src=\"/_postil/reload.js\""), "{target}");
    }
    let answer = site.get("/sub");
    assert_eq!((answer.status(), answer.header("Location")), (302, Some("/sub/")));
}

#[test]
fn every_answer_is_guarded() {
    let site = Site::new();
    for target in ["/", "/nowhere", "/sound.mp3", "/_postil/reload.js", "/%ff"] {
        let answer = site.get(target);
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{target}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{target}");
        assert_eq!(answer.header("Connection"), Some("close"), "{target}");
        let policy = answer.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"));
    }
}

#[test]
fn no_spelling_leads_out_of_the_site() {
    let site = Site::new();
    for target in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/content/../../secret.txt",
        "/sub/../../secret.txt",
        "/secret.txt",
        "//secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/./../secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt",
        "/a.html%00.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/file:///etc/passwd",
        "/etc/passwd",
        "/%2fetc%2fpasswd",
        "/content/a.md",
        "/sub/../a.html",
    ] {
        let answer = site.get(target);
        assert!(matches!(answer.status(), 400 | 404), "{target}: {}", answer.head);
        assert!(!answer.text().contains("secret") && !answer.text().contains("root:"), "{target}");
    }
    let absolute = site.get("http://localhost/a.html");
    assert_eq!(absolute.status(), 400);
}

#[test]
fn only_this_machine_s_names_are_answered() {
    let site = Site::new();
    let port = site.address.port();
    for host in ["localhost", "127.0.0.1", "[::1]", &format!("127.0.0.1:{port}"), "LocalHost:1"] {
        let answer = site.raw(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status(), 200, "{host}");
    }
    for host in ["example.org", "localhost.example.org", "127.0.0.1.nip.io", "10.0.0.1", "0.0.0.0"]
    {
        let answer = site.raw(&format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"));
        assert_eq!(answer.status(), 403, "{host}");
        assert!(!answer.text().contains("home"));
    }
    assert_eq!(site.raw("GET / HTTP/1.1\r\n\r\n").status(), 400, "no host");
    let twice = "GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n";
    assert_eq!(site.raw(twice).status(), 400, "two hosts");
}

#[test]
fn pages_of_others_cannot_listen() {
    let site = Site::new();
    let port = site.address.port();
    for origin in
        ["https://example.org", "null", "http://localhost:1", "http://localhost.example.org"]
    {
        let answer = site.ask("GET", "/_postil/events", &format!("Origin: {origin}\r\n"));
        assert_eq!(answer.status(), 403, "{origin}");
    }
    let mut stream = site.connect();
    let head = format!(
        "GET /_postil/events HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert!(read_head(&mut BufReader::new(stream)).starts_with("HTTP/1.1 200"));
}

#[test]
fn it_can_only_be_read() {
    let site = Site::new();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY"] {
        let answer = site.ask(method, "/", "Content-Length: 3\r\n\r\nabc");
        assert_eq!(answer.status(), 405, "{method}");
        assert_eq!(answer.header("Allow"), Some("GET, HEAD"), "{method}");
    }
    let head = site.ask("HEAD", "/a", "");
    let get = site.get("/a");
    assert_eq!((head.status(), head.body.len()), (200, 0));
    assert_eq!(head.header("Content-Length"), get.header("Content-Length"));
    assert_eq!(head.header("ETag"), get.header("ETag"));
}

#[test]
fn a_body_that_is_announced_and_huge_does_no_harm() {
    let site = Site::new();
    for length in ["99999999999", "9223372036854775807", "18446744073709551615"] {
        let mut stream = site.connect();
        let head =
            format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(site.get("/").status(), 200);
}

#[test]
fn parts_of_a_recording_can_be_asked_for() {
    let site = Site::new();
    let whole = site.get("/sound.mp3");
    assert_eq!((whole.status(), whole.body.len()), (200, 100_000));
    assert_eq!(whole.header("Content-Type"), Some("audio/mpeg"));
    assert_eq!(whole.header("Accept-Ranges"), Some("bytes"));
    for (range, status, content_range, bytes) in [
        ("bytes=0-9", 206, "bytes 0-9/100000", &whole.body[..10]),
        ("bytes=99990-", 206, "bytes 99990-99999/100000", &whole.body[99_990..]),
        ("bytes=-5", 206, "bytes 99995-99999/100000", &whole.body[99_995..]),
    ] {
        let answer = site.ask("GET", "/sound.mp3", &format!("Range: {range}\r\n"));
        assert_eq!(answer.status(), status, "{range}");
        assert_eq!(answer.header("Content-Range"), Some(content_range));
        assert_eq!(answer.body, bytes, "{range}");
    }
    let beyond = site.ask("GET", "/sound.mp3", "Range: bytes=100000-\r\n");
    assert_eq!((beyond.status(), beyond.header("Content-Range")), (416, Some("bytes */100000")));
    let old = site.ask("GET", "/sound.mp3", "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n");
    assert_eq!((old.status(), old.body.len()), (200, 100_000));
}

#[test]
fn what_is_known_is_not_sent_again() {
    let site = Site::new();
    for target in ["/", "/sound.mp3", "/_postil/preview.css"] {
        let tag = site.get(target).header("ETag").unwrap().to_owned();
        let again = site.ask("GET", target, &format!("If-None-Match: \"x\", {tag}\r\n"));
        assert_eq!((again.status(), again.body.len()), (304, 0), "{target}");
        assert_eq!(again.header("ETag"), Some(tag.as_str()));
        let other = site.ask("GET", target, "If-None-Match: \"x\"\r\n");
        assert_eq!(other.status(), 200);
    }
}

#[test]
fn fifty_connections_at_once_are_all_answered() {
    let site = Site::new();
    for _ in 0..3 {
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| assert!(site.get("/a").text().contains("第一页")));
            }
        });
        assert!(start.elapsed() < PATIENCE / 2, "{:?}", start.elapsed());
    }
}

#[test]
fn fifty_connections_that_all_stay_open_are_all_answered() {
    let site = Site::new();
    for _ in 0..3 {
        let mut streams: Vec<TcpStream> = (0..50).map(|_| site.connect()).collect();
        for stream in &mut streams {
            stream.write_all(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        }
        let mut readers: Vec<_> = streams.into_iter().map(BufReader::new).collect();
        for reader in &mut readers {
            assert_eq!(Answer::read(reader, false).status(), 200);
        }
    }
}

#[test]
fn eight_pages_hear_of_an_edit_and_the_rest_is_still_answered() {
    let site = Site::new();
    let mut streams: Vec<Stream> = (0..8).map(|_| site.listen()).collect();
    site.write("content/a.md", "second");
    for stream in &mut streams {
        let news = stream.next();
        assert_eq!(news["swap"], serde_json::json!([]));
        assert_ne!(news["state"], news["from"]);
    }
    assert!(site.get("/a").text().contains("second"));
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| assert_eq!(site.get("/a").status(), 200));
        }
    });
}

#[test]
fn a_page_and_the_stream_name_the_same_state() {
    let site = Site::new();
    let text = site.get("/").text();
    let state = text.split("data-state=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut stream = site.connect();
    stream.write_all(b"GET /_postil/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    read_head(&mut reader);
    assert_eq!(Stream { reader }.next()["state"], state.as_str());
}

#[test]
fn a_style_sheet_alone_is_swapped() {
    let site = Site::new();
    let mut stream = site.listen();
    site.write("static/theme/style.css", "body{color:red}");
    let news = stream.next();
    let pair = &news["swap"][0];
    let new = pair[1].as_str().unwrap();
    assert_ne!(pair[0], pair[1]);
    let sheet = site.get(&format!("/{new}"));
    assert_eq!(sheet.text(), "body{color:red}");
    assert_eq!(sheet.header("Content-Type"), Some("text/css; charset=utf-8"));
}

#[test]
fn an_error_in_the_content_keeps_the_last_good_site_under_its_message() {
    let site = Site::new();
    site.write("content/a.md", "BROKEN <i>now</i>");
    let page = site.wait_for("/a", true, "postil-preview");
    let text = page.text();
    assert_eq!(page.status(), 200);
    assert!(text.contains("第一页"), "the last good page: {text}");
    assert!(text.contains("this is &lt;b&gt;broken&lt;/b&gt;"), "{text}");
    assert!(!text.contains("<b>broken") && !text.contains("<i>now"), "{text}");
    assert!(text.contains("1 error; the page behind is the last good one"), "{text}");
    assert!(site.get("/").text().contains("1 error"), "on every page");
    site.write("content/a.md", "mended");
    let text = site.wait_for("/a", false, "postil-preview").text();
    assert!(text.contains("mended"));
}

#[test]
fn a_template_that_fails_keeps_each_page_s_last_good_bytes() {
    let site = Site::new();
    assert!(site.get("/a").text().contains("第一页"));
    site.write("templates/page.html", "BROKEN");
    let text = site.wait_for("/a", true, "postil-preview").text();
    assert!(text.contains("第一页") && text.contains("&lt;BROKEN&gt;"), "{text}");
    let unasked = site.get("/sub/").text();
    assert!(unasked.contains("sub") && unasked.contains("&lt;BROKEN&gt;"), "{unasked}");
    site.write("content/a.md", "other");
    thread::sleep(Duration::from_millis(300));
    assert!(site.get("/a").text().contains("第一页"), "an edit beside it loses nothing");
    site.write("templates/page.html", "fine");
    let text = site.wait_for("/a", false, "postil-preview").text();
    assert!(text.contains("other"));
    let told = site.told.lock().unwrap();
    let failed = told.iter().filter(|what| matches!(what, Happened::Failed(_))).count();
    assert!(failed <= 2, "told once an edition, not once a page: {failed}");
}

#[test]
fn a_warning_is_a_mark_and_the_page_is_the_new_one() {
    let site = Site::new();
    site.write("content/a.md", "DOUBTFUL");
    let text = site.wait_for("/a", true, "postil-preview").text();
    assert!(text.contains("<body>DOUBTFUL") && text.contains("1 warning"), "{text}");
    assert!(!text.contains("class=\"errors\""));
}

/// Edits as editors and people make them; each must show.
fn edits(site: &Site) {
    let root = site.dir.path();
    fs::write(root.join("content/.a.md.tmp"), "atomic").unwrap();
    fs::rename(root.join("content/.a.md.tmp"), root.join("content/a.md")).unwrap();
    site.wait_for("/a", true, "atomic");
    fs::create_dir_all(root.join("content/new/deep")).unwrap();
    site.write("content/new/deep/x.md", "fresh");
    site.wait_for("/new/deep/x", true, "fresh");
    site.write("content/new/deep/x.md", "fresher");
    site.wait_for("/new/deep/x", true, "fresher");
    fs::rename(root.join("content/new"), root.join("content/moved")).unwrap();
    site.wait_for("/moved/deep/x", true, "fresher");
    assert_eq!(site.get("/new/deep/x").status(), 404);
    fs::remove_dir_all(root.join("content/moved")).unwrap();
    site.wait_for("/moved/deep/x", false, "fresher");
    for number in 0..100 {
        site.write(&format!("content/burst-{number}.md"), "burst");
    }
    site.wait_for("/burst-99", true, "burst");
    fs::rename(root.join("content"), root.join("elsewhere")).unwrap();
    let text = site.wait_for("/a", true, "content/ is gone").text();
    assert!(text.contains("atomic"), "the last good site stays: {text}");
    fs::rename(root.join("elsewhere"), root.join("content")).unwrap();
    site.wait_for("/a", false, "content/ is gone");
    site.write("content/a.md", "after all that");
    site.wait_for("/a", true, "after all that");
}

#[test]
fn edits_of_every_kind_are_noticed() {
    edits(&Site::new());
}

#[test]
fn edits_of_every_kind_are_noticed_by_polling() {
    edits(&Site::polling());
}

#[test]
fn an_edit_of_the_same_length_within_the_same_moment_is_noticed() {
    let site = Site::new();
    for number in 0..20 {
        let text = format!("text {number:04}");
        site.write("content/a.md", &text);
        site.wait_for("/a", true, &text);
    }
}

#[test]
fn nothing_is_written_beside_the_sources() {
    let site = Site::new();
    site.get("/");
    site.write("content/a.md", "x");
    site.wait_for("/a", true, "<body>x");
    let mut names: Vec<String> = fs::read_dir(site.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["content", "secret.txt", "static", "templates"]);
}

#[test]
fn a_taken_port_is_an_error_only_when_it_was_asked_for() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("content")).unwrap();
    let begin = |port| {
        let reader = Reader::new(Folder { root: dir.path().to_owned(), has_content: true });
        let settings = Settings { bind: "127.0.0.1".into(), port, poll: true };
        start(&settings, reader, Box::new(edition), Arc::new(|_| {}))
    };
    assert_eq!(begin(Some(port)).unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    let (one, two) = (begin(None).unwrap(), begin(None).unwrap());
    assert!(one.address.port() >= 4000 && one.address.port() != two.address.port());
}
