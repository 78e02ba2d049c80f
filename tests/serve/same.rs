//! After every edit the preview has the bytes of a build: pages of every kind, the search index,
//! feeds, exports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::host::{build, sample, tree};
use super::saves::Program;

/// A page without what the preview joins to it.
fn as_built(served: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(served).expect("pages are UTF-8");
    let Some(from) = text.find("<postil-preview>") else { return served.to_owned() };
    let script = from + text[from..].find("<script src=\"/_postil/reload.js\"").expect("a script");
    let end = script + text[script..].find("</script>").expect("its end") + "</script>".len();
    format!("{}{}", &text[..from], &text[end..]).into_bytes()
}

/// Compares every file of a build with what the preview has under its path.
fn all_the_same(site: &Path, program: &Program, after: &str) -> BTreeMap<String, Vec<u8>> {
    let mut built = tree(&build(site));
    built.remove(".postil.json").expect("the list of files");
    for (path, bytes) in &built {
        let target = path.split('/').map(|part| {
            percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        });
        let answer = program.get(&format!("/{}", target.collect::<Vec<_>>().join("/")));
        assert_eq!(answer.status(), 200, "{path} after {after}");
        let served =
            if path.ends_with(".html") { as_built(&answer.body) } else { answer.body.clone() };
        assert!(
            served == *bytes,
            "{path} after {after}: served\n{}\nbuilt\n{}",
            String::from_utf8_lossy(&served),
            String::from_utf8_lossy(bytes)
        );
        assert!(!String::from_utf8_lossy(bytes).contains("_postil/"), "{path} knows the preview");
    }
    built
}

fn edit(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{}: {old}", file.display());
    fs::write(file, text.replace(old, new)).unwrap();
}

#[test]
fn every_output_is_a_build_s_after_every_kind_of_edit() {
    let site = sample();
    let content = site.path().join("content");
    let settings = "\nbase_url: https://example.org/reading/\nexports: [md, json, txt, vtt]\n";
    let config = content.join("site.yaml");
    fs::write(&config, fs::read_to_string(&config).unwrap() + settings).unwrap();
    let program = Program::on(site.path());
    let talk = content.join("en/forty-kilobytes-of-search.md");
    edit(&talk, "With trumpets.", "With a glockenspiel and FAIR trumpets.");
    edit(&talk, "tags: [search, web, open source]", "tags: [search, carillons]");
    edit(&talk, "title: Forty kilobytes", "title: Fifty kilobytes");
    program.wait_for("/index.html", "Fifty kilobytes");
    let first = all_the_same(site.path(), &program, "a sentence with a term, a title, a tag");
    for kind in
        ["404.html", "sitemap.xml", "search/", "feed.xml", "of-search.txt", "tags/", "glossary/"]
    {
        assert!(first.keys().any(|path| path.contains(kind)), "{kind}: {:#?}", first.keys());
    }

    let terms = content.join("glossary.yaml");
    let term = "\n- term: glockenspiel\n  definition: {en: Bells that are played with hammers.}\n";
    fs::write(&terms, fs::read_to_string(&terms).unwrap() + term).unwrap();
    fs::write(
        content.join("en/new.md"),
        "---\ntitle: New\ntags: [carillons]\n---\n\nHost: A glockenspiel?\n\nEngineer: Two.\n\nHost: Oh.\n",
    )
    .unwrap();
    program.wait_for("/en/new", "Two.");
    program.wait_for("/glossary/glockenspiel", "played with hammers");
    all_the_same(site.path(), &program, "a new term and a new transcript");

    fs::remove_file(&talk).unwrap();
    while program.get("/en/forty-kilobytes-of-search").status() != 404 {}
    let last = all_the_same(site.path(), &program, "a transcript less");
    for path in first.keys().filter(|path| !last.contains_key(*path)) {
        assert_eq!(program.get(&format!("/{path}")).status(), 404, "{path}");
    }
}

/// Only a host can say of a Markdown file that search engines should leave it out.
#[test]
fn what_a_host_is_told_of_search_engines_the_preview_does() {
    let dir = tempfile::tempdir().unwrap();
    let content = dir.path().join("content");
    fs::create_dir_all(&content).unwrap();
    let talk = |noindex: bool| format!("---\nnoindex: {noindex}\n---\n**Host:** Hello.\n");
    fs::write(content.join("site.yaml"), "exports: [md, json, txt]\n").unwrap();
    fs::write(content.join("谈 a.md"), talk(true)).unwrap();
    fs::write(content.join("b.md"), talk(false)).unwrap();
    let program = Program::on(dir.path());
    let same = |after: &str| -> usize {
        let built = tree(&build(dir.path()));
        let headers = String::from_utf8_lossy(&built["_headers"]).into_owned();
        let told =
            |target: &str| headers.contains(&format!("\n{target}\n  X-Robots-Tag: noindex\n"));
        for path in built.keys().filter(|path| !path.starts_with(".postil")) {
            let target = format!("/{}", postil::paths::link::encode_path(path));
            let answer = program.get(&target);
            let robots = answer.header("X-Robots-Tag");
            assert_eq!(robots, told(&target).then_some("noindex"), "{target} after {after}");
        }
        headers.matches("X-Robots-Tag").count()
    };
    assert_eq!(same("the start"), 3);
    fs::write(content.join("b.md"), talk(true).replace("Hello", "Good evening")).unwrap();
    program.wait_for("/b", "Good evening");
    assert_eq!(same("an edit"), 6);
    // A client that has the bytes already is told again.
    let tag = program.get("/b.md").header("ETag").expect("a tag").to_owned();
    let known = format!("Host: {}\r\nIf-None-Match: {tag}\r\n", program.address);
    let known = program.ask("/b.md", &known);
    assert_eq!((known.status(), known.header("X-Robots-Tag")), (304, Some("noindex")));
}
