//! Any folder as a site, from outside: which file is which page, what stands beside what, and
//! that every page is reached by its link whatever its file is called.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::host::{Host, build, postil, tree};
use scraper::{Html, Selector};
use tempfile::TempDir;
use url::Url;

const TALK: &str = "**Host:** Where does it begin?\n\n**Engineer:** With the files.\n\n\
                    **Host:** And then?\n\n**Engineer:** Then with their names.\n";
const GESPRACH: &str = "**主持人：**从哪里开始？\n\n**工程师：**从文件开始。\n\n**主持人：**然后呢？\n\n**工程师：**然后是名字。\n";

/// A folder with these files, and what is built from it.
fn built(files: &[(&str, &str)]) -> (TempDir, BTreeMap<String, Vec<u8>>) {
    let folder = TempDir::new().expect("a temporary folder");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    let files = tree(&build(folder.path()));
    (folder, files)
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
    fs::write(path, text).expect("a new file");
}

fn page(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = files.get(path).unwrap_or_else(|| panic!("{path} in {:?}", pages(files)));
    String::from_utf8(bytes.clone()).expect("a page in UTF-8")
}

fn pages(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    let made = |path: &&str| {
        let other = ["speakers/", "search/", "404.html"].iter().any(|made| path.starts_with(made));
        path.ends_with(".html") && !other
    };
    files.keys().map(String::as_str).filter(made).collect()
}

/// The attribute of all elements that a selector finds.
fn all(html: &str, selector: &str, attribute: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let page = Html::parse_document(html);
    let values = page.select(&selector).filter_map(|element| element.value().attr(attribute));
    values.map(str::to_owned).collect()
}

fn text(html: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let page = Html::parse_document(html);
    page.select(&selector).map(|element| element.text().collect::<String>()).collect()
}

#[test]
fn languages_of_one_text_are_linked_with_each_other() {
    let (_folder, files) = built(&[
        ("talks/first/transcript.md", TALK),
        ("talks/first/transcript.zh.md", GESPRACH),
        ("second.md", TALK),
        ("second.zh-Hant.md", GESPRACH),
        ("alone.es.md", "**Host:** Hola, ¿qué tal?\n"),
        ("intro.ml.md", TALK),
    ]);
    let expected = [
        "alone.es.html",
        "index.html",
        "intro.ml.html",
        "second.html",
        "second.with-zh-Hant.html",
        "second.zh-Hant.html",
        "talks/first.html",
        "talks/first.with-zh.html",
        "talks/first.zh.html",
    ];
    assert_eq!(pages(&files), expected);
    let chinese = page(&files, "talks/first.zh.html");
    assert_eq!(all(&chinese, "html", "lang"), ["zh"]);
    assert_eq!(text(&chinese, "h1"), ["first"]);
    assert_eq!(all(&chinese, ".also a", "href"), ["first.html", "first.with-zh.html"]);
    let english = page(&files, "talks/first.html");
    assert_eq!(text(&english, ".also"), ["Also in: 中文 Side by side "]);
    assert_eq!(all(&english, ".also a", "hreflang"), ["zh"]);
    assert_eq!(all(&english, ".also a", "lang"), ["zh"]);
    assert_eq!(all(&english, "head link[rel=alternate]", "hreflang"), ["en", "zh"]);
    assert_eq!(all(&english, "head link[rel=alternate]", "href"), ["first.html", "first.zh.html"]);
    assert_eq!(all(&page(&files, "alone.es.html"), "html", "lang"), ["es"]);
    assert_eq!(all(&page(&files, "intro.ml.html"), "html", "lang"), ["en"]);
    let near = all(&english, ".near a", "href");
    assert!(!near.iter().any(|href| href.contains("zh")), "{near:?}");
    let home = page(&files, "index.html");
    let listed = all(&home, ".list h2 a", "href");
    assert_eq!(listed, ["alone.es.html", "intro.ml.html", "second.html", "talks/first.html"]);
    assert_eq!(all(&home, ".also a", "href"), ["second.zh-Hant.html", "talks/first.zh.html"]);
}

#[test]
fn languages_have_full_addresses_where_the_site_has_one() {
    let files = [("a.md", TALK), ("a.zh.md", GESPRACH)];
    let folder = TempDir::new().expect("a temporary folder");
    files.iter().for_each(|(path, text)| write(folder.path(), path, text));
    let base = ["build", "--quiet", "--base-url", "https://example.org/x/"];
    postil().args(base).arg(folder.path()).assert().success();
    let english = page(&tree(&folder.path().join("public")), "a.html");
    let alternates = all(&english, "head link[rel=alternate]", "href");
    assert_eq!(alternates, ["https://example.org/x/a.html", "https://example.org/x/a.zh.html"]);
    assert_eq!(all(&english, ".also a", "href"), ["a.zh.html", "a.with-zh.html"]);
}

#[test]
fn a_recording_is_told_once() {
    let watch = "https://www.youtube.com/watch?v=abcdefghijk";
    let front =
        format!("video_id: abcdefghijk\nvideo: {watch}\naudio: https://example.org/talk.mp3");
    let (_folder, files) = built(&[("talk.md", &format!("---\n{front}\n---\n{TALK}"))]);
    let told = all(&page(&files, "talk.html"), ".meta a", "href");
    assert_eq!(told, [watch, "https://example.org/talk.mp3"]);
    // The original's address tells of it too.
    let front = format!("video_id: abcdefghijk\noriginal: {watch}");
    let (_folder, files) = built(&[("talk.md", &format!("---\n{front}\n---\n{TALK}"))]);
    assert_eq!(all(&page(&files, "talk.html"), ".meta a", "href"), [watch]);
}

#[test]
fn a_folders_own_page_lists_what_is_in_it_and_below() {
    let (_folder, files) = built(&[
        ("README.md", "# The archive\n\nAll that was said. See [the notes](talks/index.md).\n"),
        ("LICENSE.md", "# Licence\n\nFree for all.\n\nNote: x.\n"),
        ("talks/index.md", "# Talks\n\nEvery talk there is.\n"),
        ("talks/2024/one.md", TALK),
        ("talks/2024/PROVENANCE.md", "Where it comes from.\n"),
        ("calls/weekly/two.md", TALK),
    ]);
    let expected = [
        "LICENSE.html",
        "calls/weekly/two.html",
        "index.html",
        "talks/2024/PROVENANCE.html",
        "talks/2024/one.html",
        "talks/index.html",
    ];
    assert_eq!(pages(&files), expected);
    let home = page(&files, "index.html");
    assert!(home.contains("All that was said."), "{home}");
    assert_eq!(all(&home, ".list h2 a", "href"), ["calls/weekly/two.html", "talks/2024/one.html"]);
    assert_eq!(all(&home, ".about a", "href"), ["LICENSE.html"]);
    assert_eq!(all(&home, ".intro a", "href"), ["talks/index.html"]);
    assert_eq!(text(&home, ".kick span:last-of-type"), ["weekly", "1 minute"].map(|_| "1 minute"));
    assert!(home.contains("<span>weekly</span>"), "{home}");
    let talks = page(&files, "talks/index.html");
    assert_eq!(text(&talks, "h1"), ["Talks"]);
    assert!(talks.contains("Every talk there is."));
    assert_eq!(all(&talks, ".list h2 a", "href"), ["2024/one.html"]);
    assert_eq!(all(&talks, ".about a", "href"), ["2024/PROVENANCE.html"]);
    let one = page(&files, "talks/2024/one.html");
    assert_eq!(all(&one, ".crumbs a", "href"), ["../index.html"]);
    assert_eq!(text(&one, ".crumbs a"), ["Talks"]);
}

#[test]
fn pictures_and_recordings_keep_their_place() {
    let talk = format!(
        "---\naudio: talk one.mp3\nvideo: [clip.mp4, https://youtu.be/abcdefghijk]\n---\n\
         ![Two chairs](chairs%231.png)\n\n{TALK}\n[The slides](Why?.pdf) and [again](e\u{301}.pdf).\n"
    );
    let (_folder, files) = built(&[
        ("a/transcript.md", &talk),
        ("a/talk one.mp3", "x"),
        ("a/clip.mp4", "x"),
        ("a/chairs#1.png", "x"),
        ("a/Why?.pdf", "x"),
        ("a/\u{e9}.pdf", "x"),
    ]);
    let html = page(&files, "a.html");
    assert_eq!(all(&html, "audio[controls][preload=none]", "src"), ["a/talk%20one.mp3"]);
    assert_eq!(all(&html, "video[controls][preload=none]", "src"), ["a/clip.mp4"]);
    let meta: BTreeMap<String, String> =
        all(&html, ".meta a", "href").into_iter().zip(text(&html, ".meta a")).collect();
    assert_eq!(meta["https://youtu.be/abcdefghijk"], "YouTube");
    for link in ["a/chairs%231.png", "a/Why%3F.pdf", "a/%C3%A9.pdf"] {
        assert!(html.contains(link), "{link} in {html}");
    }
}

#[test]
fn times_lead_into_the_recording_that_lies_beside() {
    let talk = "---\naudio: [https://youtu.be/abcdefghijk, talk one.mp3]\n---\n\
                Chapters\n\n- 0:00 Beginning\n- 1:02 Middle\n- 59:00 End\n\n\
                **Host:** [0:00] Where? [inaudible 0:30]\n\n**Engineer:** [1:05] Here.\n\n\
                **Host:** [2:00] So.\n\n**Engineer:** [2:01] Yes.\n";
    let (_folder, files) = built(&[("a/transcript.md", talk), ("a/talk one.mp3", "x")]);
    let html = page(&files, "a.html");
    let file = |seconds: u32| format!("a/talk%20one.mp3#t={seconds}");
    assert_eq!(all(&html, ".who a.at", "href"), [file(0), file(65), file(120), file(121)]);
    assert_eq!(all(&html, ".stage a.at", "href"), [file(30)]);
    let turns = all(&html, ".turn", "id").into_iter().map(|id| format!("#{id}"));
    let turns: Vec<String> = turns.collect();
    let chapters = [turns[0].clone(), turns[1].clone(), file(3540)];
    assert_eq!(all(&html, ".ch a.at", "href"), chapters);
    assert_eq!(all(&html, ".toc li a", "href"), chapters);
    assert_eq!(text(&html, ".toc li"), ["Beginning 0:00", "Middle 1:02", "End 59:00"]);
}

#[test]
fn a_player_has_the_captions_that_lie_beside_or_are_exported() {
    let talk = |media: &str| {
        format!(
            "---\nlanguage: en\n{media}\n---\n**Host:** [0:00] Where?\n\n**Engineer:** [1:05] Here.\n\n**Host:** [2:00] So.\n"
        )
    };
    let (_folder, files) = built(&[
        ("site.yaml", ""),
        ("a/one.md", &talk("video: film.mp4")),
        ("a/film.mp4", "x"),
        ("a/film.vtt", "WEBVTT\n"),
        ("a/two.md", &talk("audio: talk.mp3")),
        ("a/talk.mp3", "x"),
        ("a/two.vtt", "WEBVTT\n"),
        ("b/transcript.md", &talk("video: film 2.mp4")),
        ("b/film 2.mp4", "x"),
        ("b/transcript.vtt", "WEBVTT\n"),
        ("c/none.md", &talk("video: film.mp4")),
        ("c/film.mp4", "x"),
    ]);
    for (path, captions) in [
        ("a/one.html", &["film.vtt"][..]),
        ("a/two.html", &["two.vtt"]),
        ("b.html", &["b/transcript.vtt"]),
        ("c/none.html", &[]),
    ] {
        let html = page(&files, path);
        assert_eq!(all(&html, ".player > track[kind=captions]", "src"), captions, "{path}");
    }
    let site = [
        ("content/site.yaml", "exports: [vtt]\n"),
        ("content/c/x.md", &*talk("video: film.mp4")),
        ("content/c/film.mp4", "x"),
    ];
    let (_folder, files) = built(&site);
    let html = page(&files, "c/x.html");
    assert_eq!(all(&html, "track", "src"), ["x.vtt"]);
    assert_eq!(all(&html, "track", "srclang"), ["en"]);
}

#[test]
fn two_languages_by_name_that_are_one_are_told() {
    let folder = TempDir::new().expect("a temporary folder");
    write(folder.path(), "talk.md", GESPRACH);
    write(folder.path(), "talk.zh.md", GESPRACH);
    let output = postil().arg("check").arg(folder.path()).output().expect("a run");
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let said = said.concat();
    assert!(said.contains("site/one-language"), "{said}");
    assert!(said.contains("`talk.md` and `talk.zh.md` are one text"), "{said}");
}

#[test]
fn a_recording_that_is_not_there_is_told() {
    let folder = TempDir::new().expect("a temporary folder");
    let talk = format!("---\naudio: lost.mp3\nvideo_id: abcdefghijk\n---\n{TALK}");
    write(folder.path(), "talk.md", &talk);
    let output = postil().arg("check").arg(folder.path()).output().expect("a run");
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let said = said.concat();
    assert!(said.contains("there is no file `lost.mp3`") && said.contains("talk.md:2"), "{said}");
    assert!(!said.contains("abcdefghijk"), "{said}");
}

/// One transcript for each name in `tests/cases/folders/names.txt`.
fn odd() -> (TempDir, usize) {
    let folder = TempDir::new().expect("a temporary folder");
    let names = include_str!("cases/folders/names.txt");
    let names = names.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    let names: Vec<String> =
        names.map(unescaped).chain([format!("{}.md", "长".repeat(80))]).collect();
    for (at, name) in names.iter().enumerate() {
        write(folder.path(), name, &format!("This is file {at}.\n"));
    }
    (folder, names.len())
}

/// `\u{301}` as the character.
fn unescaped(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (digits, behind) = after.split_once('}').expect("a closed escape");
        out.push_str(before);
        out.extend(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32));
        rest = behind;
    }
    out + rest
}

#[test]
fn every_page_is_reached_whatever_its_file_is_called() {
    let (folder, count) = odd();
    let files = tree(&build(folder.path()));
    let home = page(&files, "index.html");
    let links = all(&home, ".list h2 a", "href");
    assert_eq!(links.len(), count);
    for base in ["file:///a%20b/", "https://example.org/reading/"] {
        let base = Url::parse(base).expect("a URL");
        let mut reached = BTreeSet::new();
        for link in &links {
            let url = base.join("index.html").and_then(|home| home.join(link)).expect("a link");
            assert!(url.query().is_none() && url.fragment().is_none(), "{link}");
            let path = url.path().strip_prefix(base.path()).expect("a link inside");
            let path = percent_encoding::percent_decode_str(path).decode_utf8().expect("UTF-8");
            let found = page(&files, &path);
            assert!(
                path.split('/').all(|part| part.len() <= 255 && !part.starts_with('.')),
                "{path}"
            );
            let start = found.find("This is file ").expect("the file's words");
            reached.insert(found[start..].split('.').next().unwrap_or_default().to_owned());
            for back in all(&found, "header.site a", "href") {
                let home = url.join(&back).expect("a link home");
                assert!(files.contains_key(home.path().strip_prefix(base.path()).unwrap_or("-")));
            }
        }
        assert_eq!(reached.len(), count, "each link leads to another page");
    }
    let titles = text(&home, ".list h2 a");
    assert!(titles.iter().all(|title| !title.is_empty() && title.trim() == title), "{titles:?}");
}

#[test]
fn odd_names_are_served_by_a_plain_host() {
    use std::io::{Read, Write};
    let (folder, _) = odd();
    let files = tree(&build(folder.path()));
    let links = all(&page(&files, "index.html"), ".list h2 a", "href");
    let host = Host::new(files, "/reading/");
    for link in links {
        let url = Url::parse(&host.url("index.html")).and_then(|home| home.join(&link));
        let url = url.expect("a link");
        let address = url.socket_addrs(|| None).expect("an address")[0];
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        write!(stream, "GET {} HTTP/1.1\r\n\r\n", url.path()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{link}: {answer}");
    }
}

#[test]
fn two_names_for_one_page_are_told() {
    let cases: [(&[&str], &str); 4] = [
        (&["a?.md", "a*.md"], "`a*.md` would both be the page `a-.html`"),
        (&["e\u{301}.md", "\u{e9}.md"], "would both be the page"),
        (&["a/transcript.md", "a.md"], "would both be the page `a.html`"),
        (&["a.md", "a.html/b.png"], "would be a file, and a folder for"),
    ];
    for (names, message) in cases {
        let folder = TempDir::new().expect("a temporary folder");
        names.iter().for_each(|name| write(folder.path(), name, TALK));
        let output = postil().arg("build").arg(folder.path()).output().expect("a run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{names:?}: {said}");
        assert!(said.contains(message), "{names:?}: {said}");
    }
}

#[test]
fn a_folder_whose_transcripts_are_all_below_is_a_site() {
    let folder = TempDir::new().expect("a temporary folder");
    write(folder.path(), "2024/march/one/transcript.md", TALK);
    write(folder.path(), "2024/march/one/cover.png", "x");
    postil().args(["build", "--quiet"]).current_dir(folder.path()).assert().success();
    let files = tree(&folder.path().join("public"));
    assert_eq!(pages(&files), ["2024/march/one.html", "index.html"]);
    assert!(files.contains_key("2024/march/one/cover.png"));
    assert!(page(&files, "index.html").contains("<span>march</span>"));
}

#[test]
fn a_site_in_which_each_text_has_one_language_names_no_other() {
    let site = crate::host::sample();
    let translation = site.path().join("content/what-a-margin-is-for.zh.md");
    fs::remove_file(translation).expect("the sample's one translation");
    let files = tree(&build(site.path()));
    for path in files.keys().filter(|path| path.ends_with(".html")) {
        let html = page(&files, path);
        assert_eq!(all(&html, "link[rel=alternate][hreflang], .also a", "href"), [""; 0], "{path}");
    }
}

/// A transcript with a head.
fn dated(head: &str, words: &str) -> String {
    format!("---\n{head}\n---\n**Host:** {words}\n\n**Guest:** Yes, {words}\n")
}

#[test]
fn transcripts_are_listed_by_tag_series_and_year() {
    let files = [
        ("a.md", dated("date: 2024-02-01\ntags: [Sound, open source]\nseries: Night", "one")),
        ("b.md", dated("date: 2025-02-01\ntags: [sound]\nseries: Day", "two")),
        ("c.md", dated("date: 2025-03-01\ntags: [Sound, index]\nseries: Night", "three")),
        ("c.zh.md", dated("date: 2025-03-01\ntags: [Sound]\nseries: Night", "三")),
        ("d.md", dated("title: Undated", "four")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, &**text)).collect();
    let (_folder, files) = built(&files);
    let tags = page(&files, "tags/index.html");
    assert_eq!(text(&tags, ".names li"), ["Sound 3", "index 1", "open source 1"]);
    assert_eq!(all(&tags, ".names a", "href"), ["sound.html", "index-1.html", "open-source.html"]);
    let sound = page(&files, "tags/sound.html");
    assert_eq!(all(&sound, ".list h2 a", "href"), ["../c.html", "../b.html", "../a.html"]);
    let night = page(&files, "series/night.html");
    assert_eq!(all(&night, ".list h2 a", "href"), ["../c.html", "../a.html"]);
    let years = page(&files, "archive/index.html");
    assert_eq!(text(&years, ".list h2"), ["2025", "2024", "Undated"]);
    assert_eq!(text(&years, ".list .kick"), ["2 transcripts", "1 transcript", "1 transcript"]);
    let below = ["../c.html", "../b.html", "../a.html", "../d.html"];
    assert_eq!(all(&years, ".lines a", "href"), below);
    let series = page(&files, "series/index.html");
    assert_eq!(text(&series, ".list h2"), ["Night", "Day"]);
    assert_eq!(all(&series, ".lines a", "href"), ["../c.html", "../a.html", "../b.html"]);
    assert_eq!(all(&page(&files, "archive/undated.html"), ".list h2 a", "href"), ["../d.html"]);
    let first = page(&files, "a.html");
    assert_eq!(all(&first, ".meta dd a", "href"), ["tags/sound.html", "tags/open-source.html"]);
    assert_eq!(all(&first, ".kick a", "href"), ["series/night.html"]);
    // Next in time is the other series'; both ways on are there.
    assert_eq!(all(&first, ".near a[rel=next]", "href"), ["c.html", "b.html"]);
}

#[test]
fn of_a_year_with_many_transcripts_the_archive_names_the_newest() {
    let talk = |day: usize| {
        (format!("{day}.md"), dated(&format!("date: 2025-01-{day:02}"), &format!("word {day}")))
    };
    let mut files: Vec<(String, String)> = (1..=13).map(talk).collect();
    files.extend((1..=12).map(|day| {
        (format!("old-{day}.md"), dated(&format!("date: 2024-01-{day:02}"), &format!("old {day}")))
    }));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let (_folder, files) = built(&files);
    let years = page(&files, "archive/index.html");
    let lines = all(&years, ".lines a", "href");
    let newest = ["../13.html", "../12.html", "../11.html", "../10.html", "../9.html", "2025.html"];
    assert_eq!(lines[..6], newest);
    assert_eq!(lines.len(), 6 + 12, "all of the year that has few");
    assert!(text(&years, ".lines a").contains(&"All 13 transcripts".to_owned()));
}

#[test]
fn a_folder_of_ones_own_may_be_called_archive() {
    let (_folder, files) = built(&[
        ("archive/_index.md", "# What we keep\n"),
        ("archive/a.md", &dated("date: 2024-02-01", "one")),
        ("b.md", &dated("date: 2025-02-01", "two")),
    ]);
    assert_eq!(text(&page(&files, "archive/index.html"), "h1"), ["What we keep"]);
    assert!(!files.contains_key("archive/2024.html"));
}

#[test]
fn a_new_transcript_leaves_the_older_pages_of_a_list_alone() {
    let site = |count: usize| {
        let mut files = vec![("site.yaml".to_owned(), "title: Talks\npaginate: 4\n".to_owned())];
        files.extend((0..count).map(|at| {
            (format!("t{at:02}.md"), dated(&format!("date: 2025-01-{:02}", at + 1), "one"))
        }));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (&**path, &**text)).collect();
        built(&files).1
    };
    let (before, after) = (site(16), site(17));
    let entries = |files: &_, path: &str| all(&page(files, path), ".list h2 a", "href").len();
    let counts = ["index.html", "page/3.html", "page/2.html", "page/1.html"];
    assert_eq!(counts.map(|path| entries(&before, path)), [4, 4, 4, 4]);
    assert_eq!(entries(&after, "index.html"), 5);
    for path in &counts[1..] {
        assert_eq!(page(&before, path), page(&after, path), "{path}");
    }
    let older = |path: &str| all(&page(&after, path), ".pager [rel=next]", "href");
    assert_eq!(older("index.html"), ["page/3.html"]);
    assert_eq!(older("page/3.html"), ["2.html"]);
    assert_eq!(older("page/1.html"), Vec::<String>::new());
    assert_eq!(all(&page(&after, "page/3.html"), ".pager [rel=prev]", "href"), ["../index.html"]);
}

#[test]
fn old_addresses_lead_to_the_page() {
    let head = "aliases: [/2019/talk, old/talk.html, Another name]";
    let (_folder, files) = built(&[("talks/new.md", &dated(head, "one"))]);
    let paths = pages(&files);
    let expected = ["2019/talk/index.html", "index.html", "old/talk.html", "talks/new.html"];
    assert_eq!(paths, expected);
    let old = page(&files, "2019/talk/index.html");
    assert_eq!(all(&old, "script", "data-to"), ["../../talks/new.html"]);
    assert_eq!(all(&old, "h1 a", "href"), ["../../talks/new.html"]);
    assert!(old.contains(r#"<meta http-equiv="refresh" content="0; url=../../talks/new.html">"#));
}

#[test]
fn an_old_address_must_not_be_a_page() {
    let folder = TempDir::new().expect("a temporary folder");
    write(folder.path(), "a.md", &dated("aliases: [b.html]", "one"));
    write(folder.path(), "b.md", &dated("title: B", "two"));
    let output = postil().arg("check").arg(folder.path()).output().expect("postil runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("would both be the page `b.html`"), "{said}");
    assert!(said.contains("a.md:2:"), "{said}");
}
