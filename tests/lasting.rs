//! Old links after edits: `check --against` finds the ids that moved, the file beside the
//! transcript records them, and the page keeps them where the words are now.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::host::{build, postil};
use scraper::{ElementRef, Html, Selector};
use tempfile::TempDir;

const TALK: &str = "---
title: The librarian and the machine
speakers: [Host, Librarian]
---

**Host:** Where were you when you first heard of it?

**Librarian:** At my desk, of course. Somebody asked for a book that does not exist.

It was a good title, I have to say. I would have read it.

**Host:** Yeah.

**Librarian:** So I looked for it in three catalogues, and then I asked who had recommended it.

## The recomendation

**Host:** And who had?

**Librarian:** Yeah.

**Host:** Sorry?

**Librarian:** Nobody had. That was the point: nobody had written it either.

**Host:** Yeah.

**Librarian:** Afterwards we put up a sign. 我们在门口贴了一张纸条，上面写着请先问人。
";

/// A site with one transcript.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new(talk: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        fs::create_dir(folder.path().join("content")).expect("a folder");
        let site = Self { folder };
        site.write("talk.md", talk);
        build(site.path());
        site
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join("content").join(name), text).expect("a file");
    }

    fn page(&self) -> Html {
        let page = fs::read_to_string(self.path().join("public/talk.html")).expect("a page");
        Html::parse_document(&page)
    }

    /// `check --against` the output that is there; what it tells on both streams.
    fn check(&self, more: &[&str]) -> (bool, String) {
        let mut command = postil();
        command.arg("check").arg(self.path()).arg("--against").arg(self.path().join("public"));
        let output = command.args(more).output().expect("a run");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).expect("UTF-8"))
    }

    fn ids_file(&self) -> Option<String> {
        fs::read_to_string(self.path().join("content/talk.ids.yaml")).ok()
    }

    /// An edit, recorded and published.
    fn edit(&self, talk: &str) {
        self.write("talk.md", talk);
        let (sound, told) = self.check(&["--write"]);
        assert!(sound, "{told}");
        build(self.path());
    }
}

/// What a reader finds at each place of a page that can be linked to: the letters of the block,
/// or of the turn's first block.
fn words(page: &Html) -> BTreeMap<String, String> {
    let selector = Selector::parse("article [id^='t-'], article [id^='p-'], h2[id], .was")
        .expect("a selector");
    page.select(&selector)
        .map(|element| (element.value().id().unwrap_or_default().to_owned(), read_from(element)))
        .collect()
}

fn read_from(element: ElementRef<'_>) -> String {
    let block = Selector::parse("[id^='p-']:not(.was)").expect("a selector");
    let shown = if element.value().classes().any(|class| class == "was") {
        let next = element.next_siblings().filter_map(ElementRef::wrap);
        let mut next = next.filter(|next| !next.value().classes().any(|class| class == "was"));
        next.next().expect("what an old id stands before")
    } else {
        element
    };
    let shown = shown.select(&block).next().unwrap_or(shown);
    shown.text().collect::<String>().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether two places show the same words but for an edit: half of the shorter one's pairs of
/// letters are the other's. This is not how the program compares.
fn same(one: &str, other: &str) -> bool {
    let pairs =
        |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (one, other) = (pairs(one), pairs(other));
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let common = short.iter().filter(|pair| long.contains(pair)).count();
    common * 2 > short.len() || short.is_empty()
}

/// Each edit, one after another and on its own: no link into the page before leads to nothing or
/// to other words, however many edits came between.
#[test]
fn no_old_link_leads_to_nothing_or_to_other_words() {
    for (what, from, to) in EDITS {
        let site = Site::new(TALK);
        let before = words(&site.page());
        let talk = edited(TALK, from, to);
        site.edit(&talk);
        arrive(what, &before, &words(&site.page()));
    }
    let site = Site::new(TALK);
    let (mut talk, mut before) = (TALK.to_owned(), words(&site.page()));
    for (what, from, to) in EDITS {
        talk = edited(&talk, from, to);
        site.edit(&talk);
        let after = words(&site.page());
        arrive(what, &before, &after);
        before = after;
    }
    // A build needs nothing but the file: everything again from nothing.
    fs::remove_dir_all(site.path().join("public")).expect("an output");
    build(site.path());
    assert_eq!(words(&site.page()), before);
    // And there is nothing left to tell.
    let (sound, told) = site.check(&["--strict"]);
    assert!(sound && !told.contains("ids/"), "{told}");
}

/// What is edited, from what to what.
const EDITS: [(&str, &str, &str); 12] = [
    ("a corrected label", "**Host:** Where", "**Interviewer:** Where"),
    ("a typo mended in a turn's first words", "At my desk, of course", "At my desk of cause"),
    ("a short turn's next words", "So I looked for it", "So we looked for it"),
    ("a typo in a heading", "## The recomendation", "## The recommendation"),
    (
        "a duplicate inserted",
        "**Host:** Sorry?",
        "**Host:** Yeah.\n\n**Librarian:** Yeah.\n\n**Host:** Sorry?",
    ),
    ("two paragraphs joined", "exist.\n\nIt was a good", "exist. It was a good"),
    (
        "a turn split in two",
        "I have to say. I would have",
        "I have to say.\n\n**Host:** Oh?\n\n**Librarian:** I would have",
    ),
    (
        "a turn split in a sentence",
        "three catalogues, and then",
        "three catalogues.\n\n**Host:** And then?\n\n**Librarian:** And then",
    ),
    (
        "an introduction added",
        "---\n\n**",
        "---\n\nThey met in a library, and it rained all day.\n\n**",
    ),
    ("a first sentence dropped", "Nobody had. That was", "That was"),
    (
        "Chinese mended",
        "Afterwards we put up a sign. 我们在门口",
        "Later we put up a sign. 我们在大门口",
    ),
    (
        "two turns joined",
        "**Host:** And who had?\n\n**Librarian:** Yeah.",
        "**Host:** And who had?\n\nYeah.",
    ),
];

fn edited(talk: &str, from: &str, to: &str) -> String {
    assert_eq!(talk.matches(from).count(), 1, "{from}");
    talk.replacen(from, to, 1)
}

fn arrive(what: &str, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for (id, said) in before {
        let Some(now) = after.get(id) else { panic!("{what}: {id} ({said}) leads to nothing") };
        assert!(same(said, now), "{what}: {id} led to {said} and leads to {now}");
    }
}

#[test]
fn what_moved_is_told_where_it_stands_and_nothing_is_written_unasked() {
    let site = Site::new(TALK);
    assert!(site.check(&["--strict"]).0, "nothing has moved");
    let talk = TALK.replace("At my desk, of course", "At my desk of cause");
    site.write("talk.md", &talk);
    let (sound, told) = site.check(&[]);
    assert!(sound, "{told}");
    assert!(!site.check(&["--strict"]).0, "--strict fails on links that would break");
    assert_eq!(site.ids_file(), None);
    insta::assert_snapshot!(told.split("Files ").next().unwrap_or(&told));
}

#[test]
fn words_that_are_gone_lead_to_no_others() {
    let site = Site::new(TALK);
    let talk = TALK.replace(
        "So I looked for it in three catalogues, and then I asked who had recommended it.",
        "The weather was fine; everybody else went home early that evening, didn't they?",
    );
    site.write("talk.md", &talk);
    let (_, told) = site.check(&["--write"]);
    assert_eq!(
        told.matches("ids/gone").count(),
        1,
        "the turn, which begins with its block: {told}"
    );
    let ids = site.ids_file().expect("the short turn before it moved");
    assert_eq!(ids.lines().skip(1).count(), 2, "{ids}");
    insta::assert_snapshot!(told.split("Files ").next().unwrap_or(&told));
}

#[test]
fn an_edit_that_is_taken_back_needs_no_record() {
    let site = Site::new(TALK);
    let before = words(&site.page());
    site.edit(&TALK.replace("At my desk, of", "At the desk, of"));
    site.edit(TALK);
    let after = words(&site.page());
    arrive("there and back", &before, &after);
    for (id, said) in &before {
        assert_eq!(&after[id], said);
    }
}

#[test]
fn a_page_that_moved_is_told_with_its_alias() {
    let site = Site::new(TALK);
    fs::rename(site.path().join("content/talk.md"), site.path().join("content/librarian.md"))
        .expect("a file");
    let (_, told) = site.check(&[]);
    assert!(told.contains("ids/page-moved") && told.contains("aliases: [/talk.html]"), "{told}");
    fs::remove_file(site.path().join("content/librarian.md")).expect("a file");
    site.write("other.md", "**Host:** Something else entirely.\n");
    let (_, told) = site.check(&[]);
    assert!(told.contains("ids/page-gone"), "{told}");
    // With the alias, edits are followed over the move.
    fs::remove_file(site.path().join("content/other.md")).expect("a file");
    let talk = TALK.replace("---\ntitle", "---\naliases: [/talk.html]\ntitle");
    site.write("new.md", &talk.replace("At my desk, of", "At the desk, of"));
    let (_, told) = site.check(&["--write"]);
    assert!(told.contains("new.ids.yaml: 2 old ids recorded"), "{told}");
}

#[test]
fn a_folder_that_is_no_output_is_named() {
    let site = Site::new(TALK);
    let output = postil()
        .arg("check")
        .arg(site.path())
        .arg("--against")
        .arg(site.path().join("content"))
        .output();
    let output = output.expect("a run");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("content is no output of postil: it has no .postil.json"), "{told}");
    assert!(!postil().args(["check", "--write"]).output().expect("a run").status.success());
}

#[test]
fn a_record_that_is_wrong_is_told() {
    let site = Site::new(TALK);
    let id = words(&site.page()).into_keys().find(|id| id.starts_with("t-")).expect("a turn");
    let near = format!("{}x", &id[..id.len() - 1]);
    site.write("talk.ids.yaml", &format!("t-old: {near}\n\"#t-older\": \"#{id}\"\nt-oldest:\n"));
    site.write("talks.ids.yaml", "- one\n");
    let (sound, told) = site.check(&[]);
    assert!(!sound, "{told}");
    for part in
        ["ids/no-target", "ids/no-pair", "ids/no-transcript", &format!("did you mean `{id}`?")]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("t-older"), "{told}");
}
