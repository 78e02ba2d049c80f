//! A plain folder of transcripts, and what becomes of it while it is served; and what the terminal is told.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::saves::Program;
use super::{OVER, PATIENCE, TALK};

/// A preview whose talk goes into a file, and from where.
fn talking(site: &Path, talk: &Path) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    let talk = File::create(talk).unwrap();
    command.args(["serve", "--port", "0", "."]).current_dir(site).stderr(Stdio::from(talk));
    Program::of(&mut command)
}

/// Waits until a file says something; all that it says then.
fn told(talk: &Path, what: &str) -> String {
    let start = Instant::now();
    loop {
        let text = fs::read_to_string(talk).unwrap();
        if text.contains(what) {
            return text;
        }
        assert!(start.elapsed() < PATIENCE, "it never says {what:?}: {text}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_plain_folder_that_gets_its_content_is_a_site_from_then_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("a.md"), TALK).unwrap();
    fs::write(path("b.md"), TALK.replace("Guest", "Pilot")).unwrap();
    let program = Program::on(dir.path());
    assert!(program.get("/a").text().contains("As far as"));
    fs::create_dir(path("content")).unwrap();
    fs::rename(path("a.md"), path("content/a.md")).unwrap();
    program.wait_until("/b", |page| !page.contains("Pilot"));
    assert_eq!(program.get("/content/a").status(), 404);
    // Its complaints name the file where it is.
    fs::write(path("content/a.md"), format!("{TALK}\n[there](nowhere.md)\n")).unwrap();
    program.wait_for("/a", OVER);
    let page = program.get("/a").text();
    assert!(page.contains("content/a.md:7:"), "{page}");
    fs::write(path("content/a.md"), TALK.replace("far", "high")).unwrap();
    program.wait_for("/a", "As high as");
}

#[test]
fn a_folder_that_is_gone_keeps_its_pages_under_the_message() {
    let dir = tempfile::tempdir().unwrap();
    let (here, away) = (dir.path().join("here"), dir.path().join("away"));
    fs::create_dir(&here).unwrap();
    fs::write(here.join("a.md"), TALK).unwrap();
    let program = Program::on(&here);
    assert!(program.get("/a").text().contains("As far as"));
    fs::rename(&here, &away).unwrap();
    program.wait_for("/a", "the folder is gone");
    assert!(program.get("/a").text().contains("As far as"));
    fs::rename(&away, &here).unwrap();
    program.wait_until("/a", |page| !page.contains(OVER));
    fs::write(here.join("a.md"), TALK.replace("far", "high")).unwrap();
    program.wait_for("/a", "As high as");
}

#[test]
fn what_is_left_out_is_told_and_so_is_a_second_error_of_a_kind() {
    let dir = tempfile::tempdir().unwrap();
    let (site, talk) = (dir.path().join("site"), dir.path().join("talk"));
    fs::create_dir_all(site.join("content")).unwrap();
    let file = site.join("content/a.md");
    let write = |front: &str| fs::write(&file, format!("---\n{front}---\n{TALK}")).unwrap();
    write("draft: true\n");
    fs::write(site.join("content/b.md"), TALK).unwrap();
    let _program = talking(&site, &talk);
    told(&talk, "Left out: 1 draft (--drafts includes them)\n");
    write("title: T\ndate: 2999-01-01\n");
    told(&talk, "Left out: 1 transcript of a later date (--future includes them)\n");
    write("title: [x\n");
    let before = told(&talk, "content/a.md:2:8").len();
    write("title: x\nlanguage: [\n");
    let more = told(&talk, "content/a.md:3:11");
    assert_eq!(more[before..].matches("error[").count(), 1, "{more}");
}

#[test]
fn a_log_within_the_folder_is_told_of_once() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.md"), TALK).unwrap();
    let talk = dir.path().join("serve.log");
    let program = talking(dir.path(), &talk);
    fs::write(dir.path().join("b.md"), TALK).unwrap();
    program.wait_for("/b", "As far as");
    told(&talk, "serve.log: ");
    thread::sleep(Duration::from_millis(600));
    let quiet = fs::read_to_string(&talk).unwrap();
    thread::sleep(Duration::from_millis(600));
    assert_eq!(fs::read_to_string(&talk).unwrap(), quiet, "it goes on telling of itself");
}
