//! Which files belong to a site, and how they are read again.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use postil::diagnostics::Diagnostic;
use postil::load::{Error, Folder, Reader, changes, find};
use postil::pipeline::{File, Inputs, Options, run};

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        write(dir.path(), path, bytes);
    }
    dir
}

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn reader(root: &Path, has_content: bool) -> Reader {
    Reader::new(Folder { root: root.to_owned(), has_content })
}

fn read(root: &Path, has_content: bool) -> Inputs {
    reader(root, has_content).read()
}

/// Keys, texts with a `t`, assets with an `a`.
fn kinds(inputs: &Inputs) -> Vec<String> {
    let kind =
        |file: &File| if matches!(file, File::Text(_) | File::Markdown(_)) { 't' } else { 'a' };
    inputs.files.iter().map(|(key, file)| format!("{} {key}", kind(file))).collect()
}

/// What was noticed while reading, Markdown included, which `read` leaves for later.
fn complaints(inputs: &Inputs) -> Vec<Diagnostic> {
    let later = inputs.files.values().filter_map(|file| match file {
        File::Markdown(manuscript) => Some(manuscript.take().complaints),
        _ => None,
    });
    inputs.diagnostics.iter().cloned().chain(later.flatten()).collect()
}

fn codes(inputs: &Inputs) -> Vec<(&'static str, &'static str)> {
    let code = |one: Diagnostic| (one.code, &*one.place.source.path().to_owned().leak());
    complaints(inputs).into_iter().map(code).collect()
}

fn text_of(inputs: &Inputs, path: &str) -> String {
    match &inputs.files[path] {
        File::Text(source) => source.text().to_owned(),
        File::Markdown(manuscript) => manuscript.take().source.text().to_owned(),
        _ => panic!("{path} is a text"),
    }
}

#[test]
fn a_site_is_its_content_templates_and_static_files() {
    let dir = folder(&[
        ("content/site.yaml", b"x"),
        ("content/a/x.md", b"x"),
        ("content/a/x.notes.yml", b"x"),
        ("content/a/cover.PNG", b"x"),
        ("content/a/old.html", b"x"),
        ("content/.hidden.md", b"x"),
        ("content/.git/x.md", b"x"),
        ("content/target/x.md", b"x"),
        ("content/out/.postil.json", b"{}"),
        ("content/out/x.md", b"x"),
        ("templates/base.html", b"x"),
        ("templates/.base.html.swp", b"x"),
        ("static/CNAME", b"x"),
        ("static/page.html", b"x"),
        ("static/.well-known/x", b"x"),
        ("static/.gitkeep", b"x"),
        ("static/.postil.lock", b"x"),
        ("static/.postil.json", b"{}"),
        ("static/old/.postil.json", b"{}"),
        ("static/old/page.html", b"x"),
        ("static/theme/style.css", b"x"),
        ("static/theme/font.woff2", b"x"),
        ("public/a.md", b"x"),
        ("README.md", b"x"),
    ]);
    let inputs = read(dir.path(), true);
    let expected = [
        "a content/a/cover.PNG",
        "a content/a/old.html",
        "t content/a/x.md",
        "t content/a/x.notes.yml",
        "t content/site.yaml",
        "t content/target/x.md",
        "a static/.well-known/x",
        "a static/CNAME",
        "a static/old/.postil.json",
        "a static/old/page.html",
        "a static/page.html",
        "a static/theme/font.woff2",
        "t static/theme/style.css",
        "t templates/base.html",
    ];
    assert_eq!(kinds(&inputs), expected);
    assert_eq!(codes(&inputs), [("load/earlier-output", "content/out")]);
    assert!(inputs.has_content);
}

#[test]
fn a_folder_of_transcripts_leaves_out_what_is_never_one() {
    let dir = folder(&[
        ("a.md", b"x"),
        ("sub/b.md", b"x"),
        ("sub/public/c.md", b"x"),
        ("public/a.html", b"x"),
        ("public/a.md", b"x"),
        ("target/doc/x.md", b"x"),
        ("sub/node_modules/p/README.md", b"x"),
        (".git/x.md", b"x"),
        ("out/.postil.json", b"{}"),
        ("out/x.md", b"x"),
    ]);
    let inputs = read(dir.path(), false);
    assert_eq!(kinds(&inputs), ["t a.md", "t sub/b.md", "t sub/public/c.md"]);
    assert!(!inputs.has_content);
}

#[test]
fn a_folder_of_transcripts_may_keep_them_in_public() {
    let dir = folder(&[("public/data/a.md", b"x"), ("public/data/b.vtt", b"WEBVTT\n")]);
    let inputs = read(dir.path(), false);
    assert_eq!(kinds(&inputs), ["t public/data/a.md", "a public/data/b.vtt"]);
    fs::write(dir.path().join("public/index.html"), "x").unwrap();
    assert!(kinds(&read(dir.path(), false)).is_empty());
}

#[test]
fn earlier_output_is_left_out_aloud_but_where_it_is_expected() {
    let dir = folder(&[
        ("content/a.md", b"x"),
        ("content/public/.postil.json", b"{}"),
        ("content/public/a.md", b"x"),
        ("content/deep/public/.postil.json", b"{}"),
        ("content/deep/public/a.md", b"x"),
        ("templates/old/.postil.json", b"{}"),
        ("templates/old/base.html", b"x"),
    ]);
    let inputs = read(dir.path(), true);
    assert_eq!(kinds(&inputs), ["t content/a.md"]);
    let odd = ["content/deep/public", "templates/old"];
    assert_eq!(codes(&inputs), odd.map(|path| ("load/earlier-output", path)));
    let inputs = read(&dir.path().join("content"), false);
    assert_eq!(kinds(&inputs), ["t a.md"]);
    assert_eq!(codes(&inputs), [("load/earlier-output", "deep/public")]);
}

#[test]
fn the_nearest_site_upward_is_found() {
    let dir = folder(&[
        ("site/content/deep/a.md", b"x"),
        ("site/content/site.yaml", b"x"),
        ("bare/site.yaml", b"x"),
        ("bare/sub/a.md", b"x"),
        ("loose/a.md", b"x"),
        ("empty/a.txt", b"x"),
    ]);
    let at = |path: &str| dir.path().join(path);
    let found = |path: &str| find(None, &at(path)).unwrap();
    let site = Folder { root: at("site"), has_content: true };
    assert_eq!(found("site"), site);
    assert_eq!(found("site/content"), site, "its site.yaml does not make it a site of its own");
    assert_eq!(found("site/content/deep"), site);
    let bare = Folder { root: at("bare"), has_content: false };
    assert_eq!(found("bare/sub"), bare);
    assert_eq!(found("loose"), Folder { root: at("loose"), has_content: false });
    assert!(matches!(find(None, &at("empty")), Err(Error::NoSite(_))));
    let named = |path: &str| find(Some(&at(path)), dir.path());
    assert_eq!(named("site").unwrap(), site);
    assert!(!named("loose").unwrap().has_content);
    assert!(matches!(named("nowhere"), Err(Error::Missing(_))));
    assert!(matches!(named("loose/a.md"), Err(Error::NotAFolder(_))));
}

#[test]
fn what_cannot_be_a_text_is_told_and_the_rest_is_read() {
    let large = vec![b'x'; 16 * 1024 * 1024 + 1];
    let dir = folder(&[
        ("content/gbk.md", b"one\ntwo \xc4\xe3"),
        ("content/utf16.md", b"\xff\xfe#\0"),
        ("content/large.md", &large),
        ("content/fine.md", b"\xef\xbb\xbffine"),
        ("content/large.mp3", &large),
        ("glossary.yaml", b"x"),
    ]);
    let inputs = read(dir.path(), true);
    let mut found = codes(&inputs);
    found.sort_unstable();
    let expected = [
        ("load/misplaced", "glossary.yaml"),
        ("load/not-utf-8", "content/gbk.md"),
        ("load/not-utf-8", "content/utf16.md"),
        ("load/too-large", "content/large.md"),
    ];
    assert_eq!(found, expected);
    let complaints = complaints(&inputs);
    let gbk = complaints.iter().find(|one| one.place.source.path() == "content/gbk.md");
    let place = &gbk.unwrap().place;
    let position = place.source.position(place.span.unwrap().start as usize);
    assert_eq!((position.line, position.column), (2, 5));
    assert_eq!(text_of(&inputs, "content/fine.md"), "fine");
}

#[cfg(target_os = "linux")]
#[test]
fn control_characters_are_replaced_and_told_once_for_each_file() {
    let dir = folder(&[
        ("content/a.md", "Host\u{8}: \u{1b}[31mred\u{0}".as_bytes()),
        ("content/b.md", "left \u{202e}right\u{2066}".as_bytes()),
        ("content/c.md", "plain\ttext\r\n".as_bytes()),
    ]);
    let inputs = read(dir.path(), true);
    assert_eq!(
        codes(&inputs),
        [("load/control", "content/a.md"), ("load/direction", "content/b.md")]
    );
    let place = &complaints(&inputs)[0].place;
    assert_eq!(place.source.slice(place.span.expect("a place")), "\u{fffd}");
    let text = |path: &str| text_of(&inputs, path);
    assert_eq!(text("content/a.md"), "Host\u{fffd}: \u{fffd}[31mred\u{fffd}");
    assert_eq!(text("content/b.md"), "left \u{202e}right\u{2066}");
    assert_eq!(text("content/c.md"), "plain\ttext\r\n");
}

#[test]
fn a_file_that_cannot_be_read_is_not_said_to_be_empty() {
    let dir = folder(&[("content/small.md", b"Text."), ("content/empty.md", b"")]);
    let large = fs::File::create(dir.path().join("content/large.md")).unwrap();
    large.set_len(17 << 20).unwrap();
    let inputs = read(dir.path(), true);
    let today = "2026-01-01".to_owned();
    let options = Options { base_url: None, drafts: false, future: false, today };
    let built = run(&inputs, &options);
    let codes: Vec<_> =
        built.diagnostics.iter().map(|one| (one.code, one.place.source.path())).collect();
    assert!(codes.contains(&("load/too-large", "content/large.md")), "{codes:?}");
    assert!(!codes.contains(&("text/empty", "content/large.md")), "{codes:?}");
    assert!(codes.contains(&("text/empty", "content/empty.md")), "{codes:?}");
}

#[test]
fn names_that_are_no_utf8_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let dir = folder(&[("content/a.md", b"x")]);
    let name = std::ffi::OsStr::from_bytes(b"\xc4\xe3.md");
    fs::write(dir.path().join("content").join(name), "x").unwrap();
    let inputs = read(dir.path(), true);
    assert_eq!(kinds(&inputs), ["t content/a.md"]);
    assert_eq!(inputs.diagnostics[0].code, "load/name-not-utf-8");
}

#[cfg(unix)]
#[test]
fn content_may_itself_be_a_link_and_links_inside_it_hold() {
    let elsewhere = folder(&[("a.md", b"x")]);
    let dir = folder(&[]);
    std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("content")).unwrap();
    let inside = elsewhere.path().join("b.md");
    std::os::unix::fs::symlink("a.md", inside).unwrap();
    assert_eq!(kinds(&read(dir.path(), true)), ["t content/a.md", "t content/b.md"]);
}

/// As the pipeline leaves what it was given: somebody has looked into every file.
fn used(inputs: Inputs) -> Inputs {
    for file in inputs.files.values() {
        if let File::Markdown(manuscript) = file {
            manuscript.digest();
        }
    }
    inputs
}

#[test]
fn a_second_reading_tells_exactly_what_changed() {
    let dir =
        folder(&[("content/a.md", b"one"), ("content/b.md", b"two"), ("content/c.png", b"x")]);
    let mut reader = reader(dir.path(), true);
    let first = used(reader.read());
    let second = used(reader.read());
    assert_eq!(changes(&first, &second), Vec::<String>::new());
    write(dir.path(), "content/a.md", b"ONE");
    write(dir.path(), "content/new.md", b"new");
    write(dir.path(), "content/c.png", b"xy");
    fs::remove_file(dir.path().join("content/b.md")).unwrap();
    let third = reader.read();
    let expected = ["content/a.md", "content/b.md", "content/c.png", "content/new.md"];
    assert_eq!(changes(&second, &third), expected);
}

#[test]
fn only_what_was_touched_is_read_again_where_that_is_all() {
    let dir = folder(&[
        ("content/a.md", b"one"),
        ("content/b/c.md", b"two"),
        ("content/site.yaml", b"title: x"),
        ("content/p.png", b"x"),
        ("content/gone.png", b"x"),
        ("content/e/inner.png", b"x"),
        ("static/.hidden", b"x"),
    ]);
    let mut reader = reader(dir.path(), true);
    let first = used(reader.read());
    let path = |name: &str| dir.path().join(name);
    let quick = |reader: &mut Reader, names: &[&str]| {
        let touched: Vec<_> = names.iter().map(|name| path(name)).collect();
        reader.read_touched(&first, &touched).map(|inputs| changes(&first, &inputs))
    };
    let changed = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(quick(&mut reader, &[]), changed(&[]));
    write(dir.path(), "content/a.md", b"ONE");
    // What editors leave beside it for a moment, and files that have come and gone, do not count.
    let beside =
        ["content/a.md", "content/.a.md.swp", "content/a.md~", "content/4913", "content/tmp1"];
    fs::write(path("content/a.md~"), "one").unwrap();
    assert_eq!(quick(&mut reader, &beside), changed(&["content/a.md"]));
    assert_eq!(quick(&mut reader, &["content/b/c.md"]), changed(&[]));
    write(dir.path(), "content/new.md", b"new");
    fs::create_dir(path("content/d")).unwrap();
    fs::rename(path("content/b"), path("moved")).unwrap();
    fs::rename(path("content/e"), path("moved/e")).unwrap();
    fs::remove_file(path("content/gone.png")).unwrap();
    for more in [
        "content/new.md",    // a new file
        "content/d",         // a new folder
        "content/b/c.md",    // gone
        "content/b",         // gone, with what is in it
        "content/site.yaml", // a setting
        "content/p.png",     // copied
        "content/gone.png",  // was copied
        "content/e",         // gone, with a picture
        "static/.hidden",    // copied, though hidden
    ] {
        assert_eq!(quick(&mut reader, &["content/a.md", more]), None, "{more}");
    }
    assert_eq!(quick(&mut reader, &["templates/never.html"]), changed(&[]), "it never was there");
    let all = [
        "content/a.md",
        "content/b/c.md",
        "content/e/inner.png",
        "content/gone.png",
        "content/new.md",
    ];
    assert_eq!(changes(&first, &reader.read()), all);
}

/// An editor that keeps a file's time and size (or a copy that does) must not be missed.
#[cfg(unix)]
#[test]
fn a_replaced_file_of_equal_size_and_time_is_noticed() {
    let dir = folder(&[("content/a.md", b"one")]);
    let path = dir.path().join("content/a.md");
    let past = SystemTime::now() - Duration::from_secs(3600);
    let age = || fs::File::options().write(true).open(&path).unwrap().set_modified(past).unwrap();
    age();
    let mut reader = reader(dir.path(), true);
    let first = used(reader.read());
    fs::write(&path, "two").unwrap();
    age();
    assert_eq!(changes(&first, &reader.read()), ["content/a.md"]);
}

#[test]
fn an_unchanged_text_keeps_its_allocation() {
    let dir = folder(&[("content/site.yaml", b"one")]);
    let path = dir.path().join("content/site.yaml");
    let past = SystemTime::now() - Duration::from_secs(3600);
    fs::File::options().write(true).open(&path).unwrap().set_modified(past).unwrap();
    let mut reader = reader(dir.path(), true);
    let text = |inputs: &Inputs| match &inputs.files["content/site.yaml"] {
        File::Text(source) => source.text().as_ptr(),
        _ => panic!("a text"),
    };
    let (first, second) = (reader.read(), reader.read());
    assert_eq!(text(&first), text(&second), "one allocation");
}
