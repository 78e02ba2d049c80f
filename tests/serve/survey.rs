//! `/_postil/`: what postil understood, and where it stands.

use std::fs;

use super::saves::Program;

const TALK: &str = "---
title: A talk
---

**Host:** How far is it?

**Bell-ringer:** As far as [it was](nowhere.md).

**Host:** And the tower?

**Bell-ringer:** A carillon.
";

#[test]
fn files_speakers_labels_terms_and_problems_each_have_their_place() {
    let dir = tempfile::tempdir().unwrap();
    let site = |path: &str, text: &str| fs::write(dir.path().join(path), text).unwrap();
    fs::create_dir_all(dir.path().join("content")).unwrap();
    site("content/a.md", TALK);
    site("content/speakers.yaml", "- id: host\n  name: Host\n  aliases: [H]\n");
    site(
        "content/glossary.yaml",
        "- term: carillon\n  definition: Bells.\n- term: glockenspiel\n  definition: Bars.\n",
    );
    let program = Program::on(dir.path());
    let page = program.get("/_postil/").text();
    let row = |section: &str, words: &str| {
        let from =
            page.find(&format!("<h2 id=\"{section}\"")).unwrap_or_else(|| panic!("{section}"));
        let (section, _) = page[from..].split_once("</section>").unwrap();
        let rows = section.split("<tr>").chain(section.split("<li "));
        let row = rows.filter(|row| row.contains(words)).min_by_key(|row| row.len());
        row.unwrap_or_else(|| panic!("{words}: {section}")).to_owned()
    };
    assert!(row("files", "A talk").contains("content/a.md"));
    let host = row("speakers", ">Host<");
    assert!(host.contains("content/a.md:5") && host.contains("href=\"/a.html#t-"), "{host}");
    assert!(host.contains("<code>content/speakers.yaml:1</code>"), "{host}");
    let other = row("speakers", ">Bell-ringer<");
    assert!(other.contains("content/a.md:7") && !other.contains("speakers.yaml"), "{other}");
    assert!(row("labels", "Bell-ringer").contains("content/a.md:7"));
    assert!(row("terms", "glockenspiel").contains("content/glossary.yaml:3"));
    assert!(row("problems", "nowhere.md").contains("content/a.md:7:"));

    // And it is right after an edit, also one that changes nothing else.
    let people = "# People.\n- id: guest\n  name: Guest\n\n- name: Host\n  aliases: [H]\n";
    site("content/speakers.yaml", people);
    program.wait_for("/_postil/", "<code>content/speakers.yaml:5</code>");
    assert!(program.get("/_postil/").text().contains("<code>content/speakers.yaml:2</code>"));
    site("content/speakers.yaml", &people.replace("# People.\n", "# People\n# of the tower.\n"));
    program.wait_for("/_postil/", "<code>content/speakers.yaml:6</code>");
    site("content/speakers.yaml", people);
    program.wait_for("/_postil/", "<code>content/speakers.yaml:5</code>");
    site("content/a.md", &TALK.replace("A carillon.", "A glockenspiel."));
    program.wait_for("/a", "glockenspiel");
    let page = program.get("/_postil/").text();
    assert!(page.contains("content/glossary.yaml:1") && !page.contains("content/glossary.yaml:3"));
}
