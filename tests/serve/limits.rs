//! The system's own limits of its watcher, reached in earnest. They are lowered for that, which
//! needs Linux and rights that not every machine gives: `cargo test --test serve -- --ignored limits`.

#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::saves::Program;

/// A short text with its number.
fn text(number: usize) -> String {
    format!("Said {number:05}.\n")
}

fn site() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("content")).unwrap();
    (0..10)
        .for_each(|at| fs::write(dir.path().join(format!("content/{at}.md")), text(at)).unwrap());
    dir
}

/// Watches and watchers are counted for each user of a namespace: only the program feels it.
#[test]
#[ignore = "needs a user namespace"]
fn without_watches_or_watchers_left_it_says_so_and_polls() {
    for (limit, number, told) in [
        ("watches", 1, "max_user_watches"),
        ("watches", 3, "max_user_watches"),
        ("instances", 0, "max_user_instances"),
    ] {
        let dir = site();
        let talk = dir.path().join("talk");
        let lower = format!("echo {number} > /proc/sys/user/max_inotify_{limit}");
        let mut command = Command::new("unshare");
        command.args(["-Ur", "sh", "-c", &format!("{lower} && exec \"$0\" \"$@\"")]);
        command.arg(env!("CARGO_BIN_EXE_postil")).args(["serve", "--port", "0"]).arg(dir.path());
        let program = Program::of(command.stderr(File::create(&talk).unwrap()));
        let folder = dir.path().join("content/new/deep/deeper");
        fs::create_dir_all(&folder).unwrap();
        for number in 1..4 {
            fs::write(folder.join("a.md"), text(number)).unwrap();
            let took = program.wait_for("/new/deep/deeper/a", &format!("Said {number:05}"));
            assert!(took < Duration::from_secs(2), "{limit}: {took:?}");
        }
        let said = fs::read_to_string(&talk).unwrap();
        assert_eq!(said.matches("Looking three times a second instead").count(), 1, "{said}");
        assert!(said.contains(told), "{said}");
    }
}

/// The queue's length is one for all of the system, and holds for watchers that begin after it was
/// changed.
#[test]
#[ignore = "lowers a limit of the whole system for a moment"]
fn a_queue_that_runs_over_loses_nothing() {
    const QUEUE: &str = "/proc/sys/fs/inotify/max_queued_events";
    let before = fs::read_to_string(QUEUE).unwrap();
    let dir = site();
    fs::write(QUEUE, "16").unwrap();
    let program = Program::on(dir.path());
    thread::sleep(Duration::from_millis(500));
    fs::write(QUEUE, before).unwrap();
    for round in 1..=5 {
        let folder = dir.path().join(format!("content/burst-{round}/deep"));
        fs::create_dir_all(&folder).unwrap();
        for at in 0..300 {
            fs::write(folder.join(format!("{at}.md")), text(at)).unwrap();
        }
        let took = program.wait_for(&format!("/burst-{round}/deep/299"), "Said 00299");
        println!("300 new files: {took:?}");
        fs::write(folder.join("7.md"), text(90_000 + round)).unwrap();
        let last = format!("Said {}", 90_000 + round);
        let took = program.wait_for(&format!("/burst-{round}/deep/7"), &last);
        println!("an edit in the new folder: {took:?}");
    }
}
