//! Files beside a transcript that are about it alone: notes, old ids, copies of pictures.

use std::fs;
use std::io::{BufReader, Write};

use super::saves::Program;
use super::{OVER, Stream, TALK, read_head};

#[test]
fn an_error_beside_a_transcript_keeps_its_page_and_lets_the_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let site = |path: &str, text: &str| fs::write(dir.path().join(path), text).unwrap();
    fs::create_dir_all(dir.path().join("content/talks")).unwrap();
    site("content/talks/a.md", TALK);
    site("content/b.md", TALK);
    let notes = "content/talks/a.notes.yaml";
    site(notes, "- quote: How far\n  note: Nine miles.\n");
    let program = Program::on(dir.path());
    assert!(program.get("/talks/a").text().contains("Nine miles."));
    for (path, wrong) in [
        (notes, "- quote: [\n"),
        ("content/talks/a.ids.yaml", "["),
        ("content/talks/a.images.yaml", "here: there\n"),
    ] {
        let file = dir.path().join(path);
        let good = fs::read_to_string(&file).ok();
        site(path, wrong);
        program.wait_for("/talks/a", OVER);
        let page = program.get("/talks/a").text();
        assert!(page.contains("Nine miles.") && page.contains(path), "{path}: {page}");
        // Others follow what is written to them.
        site("content/b.md", &TALK.replace("it was", path));
        program.wait_for("/b", &format!("As far as {path}"));
        let other = program.get("/b").text();
        assert!(!other.contains(OVER) && other.contains("class=\"marks\""), "{other}");
        assert!(other.contains(&format!("--&gt; {path}:")), "{other}");
        let told = program.get("/_postil/").text();
        assert!(told.contains("<a href=\"/talks/a.html\"><code>"), "{path}: {told}");
        match good {
            Some(text) => site(path, &text),
            None => fs::remove_file(&file).unwrap(),
        }
        program.wait_until("/talks/a", |page| !page.contains(OVER));
    }
}

fn listen(program: &Program) -> Stream {
    let mut stream = program.connect();
    stream.write_all(b"GET /_postil/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    read_head(&mut reader);
    let mut stream = Stream { reader };
    stream.next(); // the present state
    stream
}

#[test]
fn a_note_is_followed_to_the_words_that_it_is_about() {
    let dir = tempfile::tempdir().unwrap();
    let site = |path: &str, text: &str| fs::write(dir.path().join(path), text).unwrap();
    fs::create_dir_all(dir.path().join("content")).unwrap();
    site("content/a.md", TALK);
    let notes = |back: &str| {
        let notes =
            format!("- {{quote: How far, note: Nine miles.}}\n- {{quote: back, note: {back}}}\n");
        site("content/a.notes.yaml", &notes);
    };
    notes("Not today.");
    let program = Program::on(dir.path());
    let page = program.get("/a").text();
    let mut stream = listen(&program);
    notes("Tomorrow.");
    let news = stream.next();
    let (before, _) = page.rsplit_once("And ").expect("the words");
    let (_, block) = before.rsplit_once("id=\"").expect("their block");
    let id = news["at"]["ids"][0].as_str().expect("an id");
    assert!(id.starts_with("p-") && block.starts_with(id), "{news}: {block}");
}

#[test]
fn a_definition_is_followed_to_the_list_of_terms() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("content/glossary")).unwrap();
    let glossary = |path: &str, terms: &[(&str, &str)]| {
        let entry =
            |(term, means): &(&str, &str)| format!("- term: {term}\n  definition: {means}\n");
        let text: String = terms.iter().map(entry).collect();
        fs::write(dir.path().join("content").join(path), text).unwrap();
    };
    fs::write(dir.path().join("content/a.md"), TALK).unwrap();
    glossary("glossary.yaml", &[("mile", "A long way."), ("ell", "An arm.")]);
    glossary("glossary/more.yaml", &[("inch", "A thumb.")]);
    let program = Program::on(dir.path());
    let mut stream = listen(&program);
    let mut leads_to = |id: &str| {
        let news = stream.next();
        assert_eq!(news["at"]["page"], "glossary/index.html", "{news}");
        assert_eq!(news["at"]["ids"][0], id, "{news}");
        assert!(program.get("/glossary/").text().contains(&format!("id=\"{id}\"")));
    };
    glossary("glossary.yaml", &[("mile", "A long way."), ("ell", "A sleeve.")]);
    leads_to("g-ell");
    glossary("glossary/more.yaml", &[("inch", "A thumb."), ("foot", "A shoe.")]);
    leads_to("g-foot");
}
