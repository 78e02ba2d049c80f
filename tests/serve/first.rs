//! What is wrong when the preview starts: there is no last good page.

use std::fs;

use super::saves::Program;

#[test]
fn a_template_that_is_wrong_from_the_start_is_told_once_on_pages_that_were_never_made() {
    let dir = tempfile::tempdir().unwrap();
    let site = |path: &str, text: &str| fs::write(dir.path().join(path), text).unwrap();
    for folder in ["content", "templates"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    site("content/a.md", "**Host:** How far is it?\n");
    site("templates/transcript.html", "{{ transcript.nope }}");
    let program = Program::on(dir.path());
    let page = program.get("/a").text();
    assert!(page.contains("<h1>Not made</h1>"), "{page}");
    assert!(page.contains("<summary>1 error</summary>"), "{page}");
    assert_eq!(page.matches("there is no field `nope` here").count(), 1, "{page}");
    // There is no good page behind it, whatever else goes wrong.
    site("templates/base.html", "{{ page.title ");
    program.wait_for("/a", "templates/base.html:1");
    let page = program.get("/a").text();
    assert!(page.contains("<h1>Not made</h1>") && !page.contains("last good one"), "{page}");
    fs::remove_file(dir.path().join("templates/base.html")).unwrap();
    fs::remove_file(dir.path().join("templates/transcript.html")).unwrap();
    program.wait_for("/a", "How far is it?");
    assert!(!program.get("/a").text().contains("class=\"errors\""));
}
