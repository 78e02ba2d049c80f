//! The program itself: where it listens, and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use postil::load::{Folder, Reader};
use postil::serve::{Settings, start};

use super::edition;
use super::saves::Program;

#[test]
fn a_taken_port_is_an_error_only_when_it_was_asked_for() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("content")).unwrap();
    let begin = |port| {
        let mut reader = Reader::new(Folder { root: dir.path().to_owned(), has_content: true });
        let inputs = reader.read();
        let settings = Settings { bind: "127.0.0.1".into(), port, poll: true };
        start(&settings, (reader, inputs), Box::new(edition), Arc::new(|_| {}))
    };
    assert_eq!(begin(Some(port)).unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    let (one, two) = (begin(None).unwrap(), begin(None).unwrap());
    assert!(one.address.port() >= 4000 && one.address.port() != two.address.port());
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
#[cfg(unix)]
fn a_signal_ends_it_at_once_and_nothing_is_left() {
    for signal in ["-INT", "-TERM"] {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("content")).unwrap();
        fs::write(dir.path().join("content/a.md"), "# A\n\nHello.\n").unwrap();
        let mut program = Program::on(dir.path());
        let mut tab = program.connect();
        std::io::Write::write_all(
            &mut tab,
            b"GET /_postil/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
        )
        .unwrap();
        let start = Instant::now();
        let id = program.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = program.process.wait().unwrap();
        assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
        assert_eq!(status.code(), Some(0), "{signal}");
        assert_eq!(files(dir.path()), ["content"]);
        assert_eq!(files(&dir.path().join("content")), ["a.md"]);
    }
}

#[test]
#[cfg(unix)]
fn the_browser_is_opened_and_a_missing_one_is_a_note() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let (site, bin) = (dir.path().join("site"), dir.path().join("bin"));
    fs::create_dir_all(site.join("content")).unwrap();
    fs::create_dir_all(&bin).unwrap();
    let opened = dir.path().join("opened");
    let script = format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", opened.display());
    for name in ["xdg-open", "open"] {
        fs::write(bin.join(name), &script).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let serve = |path: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
        command.args(["serve", "--port", "0", "--open"]).arg(&site).env("PATH", path);
        command.env_remove("BROWSER").stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut with = serve(&bin);
    let start = Instant::now();
    while fs::read_to_string(&opened).unwrap_or_default().is_empty() {
        assert!(start.elapsed() < super::PATIENCE, "the browser is not opened");
        std::thread::sleep(Duration::from_millis(20));
    }
    let url = fs::read_to_string(&opened).unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with('/'), "{url}");
    with.kill().unwrap();
    with.wait().unwrap();

    let empty = dir.path().join("nothing");
    fs::create_dir_all(&empty).unwrap();
    let mut without = serve(&empty);
    let talk = std::io::BufReader::new(without.stderr.take().unwrap());
    let told =
        std::io::BufRead::lines(talk).map_while(Result::ok).find(|line| line.contains("browser"));
    without.kill().unwrap();
    without.wait().unwrap();
    assert!(told.is_some_and(|line| line.contains("http://127.0.0.1:")));
}
