//! `--bind`: the preview on a phone in the same network.

use std::fs::{self, File};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::saves::Program;

/// `postil serve` with arguments, and what it says beside its address.
fn bound_to(address: &str) -> (tempfile::TempDir, Program, String) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("content")).unwrap();
    fs::write(dir.path().join("content/a.md"), "# A\n\nHello.\n").unwrap();
    let talk = dir.path().join("talk");
    let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
    command.args(["serve", "--port", "0", "--bind", address]).arg(dir.path());
    let program = Program::of(command.stderr(File::create(&talk).unwrap()));
    let start = Instant::now();
    loop {
        let said = fs::read_to_string(&talk).unwrap();
        if said.contains("Ctrl-C ends") {
            return (dir, program, said);
        }
        assert!(start.elapsed() < PATIENCE, "it says {said:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn bound_to_everything_it_names_its_addresses_warns_and_answers_by_them() {
    let (_dir, mut program, said) = bound_to("0.0.0.0");
    assert!(program.address.starts_with("127.0.0.1:"), "{}", program.address);
    let port = program.address.rsplit(':').next().unwrap().to_owned();
    assert!(said.contains("Careful: everyone in this network can read it"), "{said}");
    let phones: Vec<String> = said
        .lines()
        .filter_map(|line| line.strip_prefix("On a phone in the same network: http://"))
        .map(|address| address.trim_end_matches('/').to_owned())
        .collect();
    // What the system says of its network cards, asked in another way than the program does.
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    let route = socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr());
    if let Ok(own) = route {
        assert!(phones.contains(&format!("{}:{port}", own.ip())), "{own}: {said}");
    }
    for address in phones {
        program.address = address.clone();
        assert!(program.get("/a").text().contains("Hello."), "{address}");
        let events = format!("Host: {address}\r\nOrigin: http://{address}\r\n");
        let mut stream = program.connect();
        let head = format!("GET /_postil/events HTTP/1.1\r\n{events}\r\n");
        std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
        let head = super::read_head(&mut std::io::BufReader::new(stream));
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let foreign = format!("Host: {address}\r\nOrigin: http://example.org\r\n");
        assert_eq!(program.ask("/_postil/events", &foreign).status(), 403);
        // A name that leads here is somebody else's, also from within the network.
        for host in
            ["example.org".to_owned(), format!("example.org:{port}"), "box.local".to_owned()]
        {
            let answer = program.ask("/a", &format!("Host: {host}\r\n"));
            assert_eq!(answer.status(), 403, "{host}");
            assert!(!answer.text().contains("Hello."));
        }
    }
    program.address = format!("127.0.0.1:{port}");
    assert_eq!(program.get("/a").status(), 200);
    assert_eq!(program.ask("/a", "Host: example.org\r\n").status(), 403);
    assert_eq!(program.ask("/a", "Host: 192.168.0.7\r\n").status(), 200, "an address is no name");
}

#[test]
fn bound_to_this_machine_it_neither_warns_nor_answers_to_other_addresses() {
    let (_dir, program, said) = bound_to("localhost");
    assert!(!said.contains("Careful") && !said.contains("phone"), "{said}");
    assert_eq!(program.get("/a").status(), 200);
    assert_eq!(program.ask("/a", "Host: 192.168.0.7\r\n").status(), 403);
}
