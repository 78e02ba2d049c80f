//! The command line as a person meets it: exit status, what is told, and where.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::Command;

struct Place {
    dir: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Place {
    fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A small site of our own.
    fn site() -> Self {
        let place = Self::empty();
        place.write("content/site.yaml", "title: Test\nlanguage: en\n");
        place.write("content/a.md", "---\ntitle: First\n---\n\n**Host:** Hello there, and welcome.\n\n**Engineer:** Thank you.\n");
        place
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
        command.current_dir(self.path()).args(arguments).timeout(Duration::from_secs(60));
        command.env_remove("SOURCE_DATE_EPOCH").envs(environment.iter().copied());
        let output = command.output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        fn walk(at: &Path, root: &Path, found: &mut Vec<(String, Vec<u8>)>) {
            for entry in fs::read_dir(at).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, root, found);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        let root = self.path().join(folder);
        let mut found = Vec::new();
        if root.is_dir() {
            walk(&root, &root, &mut found);
        }
        found.sort();
        found
    }
}

impl Ran {
    #[track_caller]
    fn says(&self, status: i32, texts: &[&str]) -> &Self {
        assert_eq!(self.status, status, "{self:#?}");
        for text in texts {
            assert!(self.err.contains(text), "{text:?} is missing in {self:#?}");
        }
        assert!(!self.err.contains("panicked"), "{self:#?}");
        self
    }
}

#[test]
fn somebody_new_in_an_empty_folder_is_told_what_to_do() {
    let place = Place::empty();
    place.run(&[]).says(2, &["Usage:", "postil init my-site", "Exit status"]);
    for verb in ["build", "serve", "check"] {
        place.run(&[verb]).says(2, &["there is no site here", "postil init ."]);
        place.run(&[verb, "."]).says(2, &["holds no transcripts", "*.md", "postil init ."]);
        let nowhere = place.run(&[verb, "nowhere"]);
        nowhere.says(2, &["there is no folder nowhere", "postil init nowhere"]);
    }
    place.run(&["new", "Title"]).says(2, &["there is no site here"]);
    assert!(place.files(".").is_empty(), "nothing was written");
}

#[test]
fn a_file_in_place_of_a_folder_is_said_to_be_one() {
    let place = Place::site();
    place.run(&["build", "content/a.md"]).says(2, &["is a file", "Name the folder"]);
}

#[test]
fn a_site_cannot_be_started_in_a_file() {
    let place = Place::empty();
    place.write("notes.txt", "x");
    for dir in ["notes.txt", "notes.txt/my-site"] {
        place.run(&["init", dir]).says(2, &["notes.txt is a file, so", "Name a folder"]);
    }
    assert_eq!(place.files("."), [("notes.txt".to_owned(), b"x".to_vec())]);
}

#[test]
fn what_somebody_else_changed_in_the_output_is_said_and_goes_with_clean() {
    let place = Place::site();
    place.write("content/b.md", "**Host:** Hello.\n\n**Engineer:** Thank you.\n");
    place.run(&["build"]).says(0, &[]);
    place.write("public/a.html", "by hand");
    place.write("public/b.html", "by hand");
    fs::remove_file(place.path().join("content/b.md")).unwrap();
    place.run(&["build"]).says(0, &["Kept b.html:", "--clean", "Replaced a.html:"]);
    assert!(place.path().join("public/b.html").exists());
    let again = place.run(&["build"]);
    assert!(!again.err.contains("Kept") && !again.err.contains("Replaced"), "{again:?}");
    place.run(&["build", "--clean"]).says(0, &["1 removed"]);
    assert!(!place.path().join("public/b.html").exists());
}

#[test]
fn the_output_of_this_build_needs_no_word_and_another_ones_does() {
    let place = Place::empty();
    place.write("a.md", "**Host:** Hello.\n\n**Engineer:** Thank you.\n");
    for _ in 0..2 {
        let ran = place.run(&["build", ".", "--out", "deep/er/out"]);
        assert!(!ran.says(0, &[]).err.contains("a build wrote"), "{ran:?}");
    }
    place.run(&["build", "."]).says(0, &["load/earlier-output", "deep/er/out"]);
}

#[test]
fn help_shows_examples_and_names_every_verb() {
    let place = Place::empty();
    let help = place.run(&["--help"]);
    assert_eq!((help.status, help.err.as_str()), (0, ""));
    for text in ["init", "new", "build", "serve", "check", "Examples:", "Exit status"] {
        assert!(help.out.contains(text), "{text}");
    }
    for verb in ["new", "build", "serve", "check"] {
        assert!(place.run(&[verb, "--help"]).out.contains("Examples:"), "{verb}");
    }
    assert!(place.run(&["--version"]).out.starts_with("postil "));
}

#[test]
fn wrong_options_are_wrong_usage() {
    let place = Place::site();
    for (arguments, text) in [
        (&["build", "--today", "2026-02-30"][..], "a date looks like 2026-11-20"),
        (&["build", "--today", "yesterday"], "a date looks like"),
        (&["build", "--base-url", "example.org"], "a base URL looks like"),
        (&["build", "--format", "xml"], "human, json"),
        (&["build", "--colour"], "unexpected argument"),
        (&["serve", "--port", "70000"], "70000"),
        (&["new", "???!"], "needs a letter"),
        (&["publish"], "unrecognized subcommand"),
    ] {
        place.run(arguments).says(2, &[text]);
    }
    let epoch = place.run_with(&["build"], &[("SOURCE_DATE_EPOCH", "soon")]);
    epoch.says(2, &["SOURCE_DATE_EPOCH", "soon"]);
    assert!(!place.path().join("public").exists());
}

#[test]
fn init_makes_a_site_that_builds_and_overwrites_nothing() {
    let place = Place::empty();
    place.write("my-site/README.md", "mine");
    place
        .run(&["init", "my-site"])
        .says(0, &["Made ", "Kept my-site/README.md", "postil serve my-site"]);
    assert_eq!(fs::read_to_string(place.path().join("my-site/README.md")).unwrap(), "mine");
    for name in ["content/site.yaml", "content/glossary.yaml", ".gitignore"] {
        assert!(place.path().join("my-site").join(name).is_file(), "{name}");
    }
    let before = place.files("my-site");
    place.run(&["init", "my-site"]).says(0, &["Made 0 files", "Kept my-site/content/site.yaml"]);
    assert_eq!(place.files("my-site"), before);
    place.run(&["check", "my-site", "--strict"]).says(0, &["nothing to complain of"]);
    place.run(&["build", "my-site"]).says(0, &["Built 2 transcripts", "into my-site/public/"]);
}

#[test]
fn init_beside_transcripts_says_that_they_are_not_in_the_site() {
    let place = Place::empty();
    place.write("talk.md", "**Host:** Words.");
    place.run(&["init", "."]).says(0, &["1 Markdown file beside content/ is not part of the site"]);
    assert!(!place.run(&["init", "."]).err.contains("beside"), "it is a site by now");
}

#[test]
fn a_site_without_transcripts_says_how_to_start_one() {
    let place = Place::empty();
    place.write("content/site.yaml", "title: Empty\n");
    place.run(&["build"]).says(0, &["Built 0 transcripts", "postil new"]);
}

#[test]
fn a_build_says_in_one_line_what_it_did() {
    let place = Place::site();
    let built = place.run(&["build", "--today", "2026-11-20"]);
    built.says(0, &["Built 1 transcript, 0 terms, ", " into public/ in "]);
    assert_eq!((built.out.as_str(), built.err.lines().count()), ("", 1), "{built:?}");
    let again = place.run(&["build", "--today", "2026-11-20"]);
    again.says(0, &["(0 changed)"]);
    let quiet = place.run(&["build", "--quiet"]);
    assert_eq!((quiet.status, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
    let page = fs::read_to_string(place.path().join("public/a.html")).unwrap();
    assert!(page.contains("Hello there, and welcome."));
}

/// What an earlier build left in `.postil/` makes a build quicker and changes nothing: edited,
/// damaged, or about an output that somebody else has changed.
#[test]
fn a_build_that_begins_with_an_earlier_one_writes_what_a_first_one_would() {
    let place = Place::site();
    place.write("content/b.md", "---\ntitle: Second\n---\n\n**Host:** RAG is it.\n\n**Engineer:** So [it is](a.md).\n\n**Host:** \u{8}!\n");
    place.write("content/glossary.yaml", "- {term: RAG, definition: Looking up.}\n");
    let again = |what: &str| {
        let ran = place.run(&["build"]);
        let first = Place::empty();
        let copy = |(path, bytes): (String, Vec<u8>)| {
            first.write(&path, &String::from_utf8(bytes).unwrap())
        };
        place
            .files("content")
            .into_iter()
            .for_each(|(path, bytes)| copy((format!("content/{path}"), bytes)));
        let clean = first.run(&["build"]);
        let told = |ran: &Ran| {
            ran.err.lines().filter(|line| !line.starts_with("Built")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!((told(&ran), ran.status), (told(&clean), clean.status), "{what}");
        assert!(place.files("public") == first.files("public"), "{what}");
        ran.err
    };
    let age = || {
        // Younger files are read again, since their stamps may not tell of a change.
        let past = std::time::SystemTime::now() - Duration::from_secs(60);
        for (path, _) in place.files("content") {
            let file =
                fs::File::options().write(true).open(place.path().join("content").join(path));
            file.unwrap().set_modified(past).unwrap();
        }
    };
    age();
    again("first");
    let ran = again("no change");
    assert!(ran.contains("(0 changed)"), "{ran}");
    fs::remove_dir_all(place.path().join(".postil/cache")).unwrap();
    let ran = again("nothing to do");
    assert!(ran.contains("(0 changed)"), "{ran}");
    assert!(!place.path().join(".postil/cache").exists(), "nothing was done");
    fs::remove_file(place.path().join("public/.postil.json")).unwrap();
    place.run(&["build", "--clean"]);
    again("no list");
    place.write("content/a.md", "---\ntitle: Other\n---\n\n**Host:** RAG, RAG.\n");
    age();
    again("an edit");
    place.write(
        "content/glossary.yaml",
        "- {term: So, definition: Thus.}\n- {term: RAG, definition: Looking it up.}\n",
    );
    again("another glossary");
    fs::write(place.path().join("public/b.html"), "mine").unwrap();
    fs::remove_file(place.path().join("public/a.html")).unwrap();
    place.run(&["build"]);
    again("another output");
    let kept = place.files(".postil");
    assert!(kept.len() >= 4, "something is kept");
    for (path, mut bytes) in kept {
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 1;
        }
        fs::write(place.path().join(".postil").join(path), bytes).unwrap();
    }
    again("damaged");
    fs::remove_dir_all(place.path().join(".postil")).unwrap();
    again("gone");
}

#[test]
fn the_site_is_found_from_below_and_the_output_can_lie_elsewhere() {
    let place = Place::site();
    place.write("content/deep/b.md", "---\ntitle: Second\n---\n\n**Host:** Two.\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    let below = place.path().join("content/deep");
    let output =
        command.current_dir(below).args(["build", "--out", "../../else"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(place.path().join("else/deep/b.html").is_file());
    assert!(!place.path().join("public").exists());
}

#[test]
fn a_folder_of_transcripts_is_a_site_and_never_reads_its_own_output() {
    let place = Place::empty();
    place.write("notes/a.md", "---\ntitle: A\n---\n\n**Host:** Words.\n");
    place.run(&["build", "notes"]).says(0, &["Built 1 transcript"]);
    place.run(&["build", "notes", "--out", "notes/other"]).says(0, &["Built 1 transcript"]);
    let before = place.files("notes/public");
    let again = place.run(&["build", "notes"]);
    again.says(0, &["Built 1 transcript", "(0 changed)"]);
    assert_eq!(place.files("notes/public"), before);
}

#[test]
fn drafts_and_later_dates_are_left_out_aloud() {
    let place = Place::site();
    place.write("content/d.md", "---\ntitle: D\ndraft: true\n---\n\n**Host:** Words.\n");
    place.write("content/f.md", "---\ntitle: F\ndate: 2026-11-21\n---\n\n**Host:** Words.\n");
    let on = |today: &str, more: &[&str]| place.run(&[&["build", "--today", today], more].concat());
    on("2026-11-20", &[])
        .says(0, &["Built 1 transcript,", "Left out: 1 draft", "1 transcript of a later date"]);
    on("2026-11-21", &[])
        .says(0, &["Built 2 transcripts", "Left out: 1 draft (--drafts includes them)\n"]);
    let all = on("2026-11-20", &["--drafts", "--future"]);
    all.says(0, &["Built 3 transcripts"]);
    assert!(!all.err.contains("Left out"));
    let epoch = place.run_with(&["build"], &[("SOURCE_DATE_EPOCH", "1795305600")]);
    epoch.says(0, &["Built 2 transcripts"]); // 2026-11-22
}

#[test]
fn an_error_leaves_the_output_as_it_was() {
    let place = Place::site();
    place.run(&["build"]).says(0, &[]);
    let before = place.files("public");
    place.write("content/glossary.yaml", "- trem: RAG\n  definition: x\n");
    let failed = place.run(&["build"]);
    failed.says(
        1,
        &["content/glossary.yaml:1:3", "did you mean `term`", "Nothing was written: 1 error"],
    );
    assert_eq!(place.files("public"), before);
    let check = place.run(&["check"]);
    check.says(1, &["Checked 1 transcript"]);
    assert!(check.out.contains("content/glossary.yaml:1:3"), "what check finds is its result");
    assert_eq!(place.files("public"), before);
}

#[test]
fn json_is_one_object_a_line_on_standard_output() {
    let place = Place::site();
    place.write("content/glossary.yaml", "- trem: RAG\n  definition: x\n");
    for verb in ["build", "check"] {
        let ran = place.run(&[verb, "--format", "json"]);
        assert_eq!(ran.status, 1);
        for line in ran.out.lines() {
            let one: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(one["code"].is_string() && one["message"].is_string(), "{line}");
        }
        assert!(ran.out.contains("content/glossary.yaml"), "{ran:?}");
    }
}

#[test]
fn strict_makes_warnings_errors() {
    let place = Place::site();
    place.write("site.yaml", "title: misplaced\n");
    place.run(&["build"]).says(0, &["belongs into content/", "Built"]);
    let before = place.files("public");
    place.write("content/a.md", "---\ntitle: Other\n---\n\n**Host:** Words.\n");
    place.run(&["build", "--strict"]).says(1, &["Nothing was written: 1 warning"]);
    assert_eq!(place.files("public"), before);
    let quiet = place.run(&["build", "--quiet"]);
    assert_eq!((quiet.status, quiet.err.as_str()), (0, ""));
}

#[test]
fn bytes_that_are_no_utf8_are_told_with_their_place() {
    let place = Place::site();
    let gbk = b"---\ntitle: x\n---\n\nab \xc4\xe3\xba\xc3\n";
    fs::write(place.path().join("content/gbk.md"), gbk).unwrap();
    place.run(&["build"]).says(1, &["content/gbk.md:5:4", "not UTF-8", "GB18030"]);
}

#[test]
fn the_output_cannot_be_the_site() {
    let place = Place::site();
    for out in [".", "content", "content/x", "..", "/"] {
        place.run(&["build", "--out", out]).says(2, &["the site itself lies there"]);
    }
    place.run(&["build", "--out", "content/a.md"]).says(2, &[]);
}

#[test]
fn a_foreign_file_in_the_way_is_named_and_stays() {
    let place = Place::site();
    place.write("public/index.html", "mine");
    place.write("public/CNAME", "example.org");
    let ran = place.run(&["build"]);
    ran.says(3, &["public/index.html (a file)", "Nothing was changed", "--clean"]);
    assert_eq!(place.files("public").len(), 2);
    place.run(&["build", "--clean"]).says(0, &["Built"]);
    assert_eq!(fs::read_to_string(place.path().join("public/CNAME")).unwrap(), "example.org");
}

#[cfg(unix)]
#[test]
fn an_output_that_cannot_be_written_is_the_environment_s_failure() {
    let place = Place::site();
    place.write("public", "a file where the folder should be");
    place.run(&["build"]).says(3, &["public"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_site_only() {
    use std::os::unix::fs::symlink;
    let place = Place::site();
    let secret = Place::empty();
    secret.write("secret.md", "---\ntitle: Secret\n---\n\n**Host:** Secret.\n");
    let content = place.path().join("content");
    symlink(secret.path().join("secret.md"), content.join("secret.md")).unwrap();
    symlink(content.join("a.md"), content.join("again.md")).unwrap();
    symlink("loop.md", content.join("loop.md")).unwrap();
    symlink(&content, content.join("circle")).unwrap();
    let ran = place.run(&["build"]);
    ran.says(
        0,
        &["leads out of the site", "leads nowhere", "link to a folder", "Built 2 transcripts"],
    );
    assert!(!place.path().join("public/secret.html").exists());
}

#[test]
fn new_makes_a_transcript_that_builds_and_prints_its_path() {
    let place = Place::site();
    let made = place.run(&[
        "new",
        "训练：a \"long\" day",
        "--speakers",
        "主持人,工程师",
        "--date",
        "2026-11-20",
    ]);
    assert_eq!((made.status, made.err.as_str()), (0, ""));
    let path = made.out.trim_end();
    assert!(path.starts_with("content/训练") && path.ends_with(".md"), "{path}");
    let text = fs::read_to_string(place.path().join(path)).unwrap();
    assert!(text.contains("date: 2026-11-20\n") && text.contains("**主持人：**"), "{text}");
    place.run(&["build", "--today", "2026-11-20"]).says(0, &["Built 2 transcripts"]);
    let again = place.run(&["new", "训练：a \"long\" day"]);
    again.says(3, &["is there already"]);
    assert_eq!(fs::read_to_string(place.path().join(path)).unwrap(), text);
}

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(place: &Place, arguments: &[&str]) -> Server {
    let mut child = Process::new(env!("CARGO_BIN_EXE_postil"))
        .current_dir(place.path())
        .arg("serve")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).unwrap().trim_end().trim_end_matches('/');
    Server { address: address.to_owned(), child }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn serve_says_where_shows_the_built_bytes_and_follows_an_edit() {
    let place = Place::site();
    place.run(&["build"]).says(0, &[]);
    let before = place.files("public");
    let server = serve(&place, &["--port", "0"]);
    let built = fs::read_to_string(place.path().join("public/a.html")).unwrap();
    let (head, body) = get(&server.address, "/a.html")
        .split_once("\r\n\r\n")
        .map(|(head, body)| (head.to_owned(), body.to_owned()))
        .unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let (start, rest) = body.split_once("<script src=\"/_postil/").unwrap();
    let end = rest.split_once("</script>").unwrap().1;
    let body = format!("{start}{end}");
    let (before_bar, bar) = body.split_once("<postil-preview>").unwrap();
    let after_bar = bar.split_once("</postil-preview>").unwrap().1;
    assert_eq!(format!("{before_bar}{after_bar}"), built, "served bytes are built bytes");
    place.write("content/a.md", "---\ntitle: First\n---\n\n**Host:** Edited words.\n");
    let begin = Instant::now();
    while !get(&server.address, "/a.html").contains("Edited words.") {
        assert!(begin.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(place.files("public"), before, "a preview writes nothing");
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_the_environment_s_failure() {
    let place = Place::site();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    place.run(&["serve", "--port", &port]).says(3, &[&port, "something else listens there"]);
    place.run(&["serve", "--bind", "203.0.113.1", "--port", "0"]).says(3, &["203.0.113.1"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_preview_at_once_and_well() {
    let place = Place::site();
    let mut server = serve(&place, &["--port", "0"]);
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = format!("GET /_postil/events HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    stream.write_all(head.as_bytes()).unwrap();
    let start = Instant::now();
    let pid = server.child.id().to_string();
    assert!(Process::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let status = server.child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn colours_are_for_terminals_only() {
    let place = Place::site();
    place.write("content/glossary.yaml", "- trem: RAG\n");
    let plain = place.run(&["build"]);
    let asked = place.run_with(&["build"], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0")]);
    for ran in [plain, asked] {
        assert!(!ran.err.contains('\x1b') && !ran.out.contains('\x1b'), "{ran:?}");
    }
}
