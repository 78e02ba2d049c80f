//! Who is answered, and with what: the raw requests with their expected answers.

use std::io::{BufReader, Read, Write};
use std::thread;
use std::time::Duration;

use super::{Answer, Site, read_head};

#[test]
fn pages_are_found_as_on_a_host() {
    let site = Site::new();
    for (target, status, text) in [
        ("/", 200, "home"),
        ("/index.html", 200, "home"),
        ("/a", 200, "第一页"),
        ("/a.html?x=1", 200, "第一页"),
        ("/sub/", 200, "sub"),
        ("/%E9%BB%84%20a.html", 200, "han"),
        ("/%e9%bb%84%20a", 200, "han"),
        ("/reading/a.html", 200, "第一页"),
        ("/nowhere", 404, "nothing here"),
        ("/a/", 404, "nothing here"),
    ] {
        let answer = site.get(target);
        assert_eq!(answer.status(), status, "{target}");
        assert!(answer.text().contains(text), "{target}: {}", answer.text());
        assert_eq!(answer.header("Content-Type"), Some("text/html; charset=utf-8"), "{target}");
        assert!(answer.text().contains("<script src=\"/_postil/reload.js\""), "{target}");
    }
    let answer = site.get("/sub");
    assert_eq!((answer.status(), answer.header("Location")), (302, Some("/sub/")));
}

#[test]
fn every_answer_is_guarded() {
    let site = Site::new();
    for target in ["/", "/nowhere", "/sound.mp3", "/_postil/reload.js", "/%ff"] {
        let answer = site.get(target);
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{target}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{target}");
        assert_eq!(answer.header("Connection"), Some("close"), "{target}");
        let policy = answer.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"));
    }
}

#[test]
fn no_spelling_leads_out_of_the_site() {
    let site = Site::new();
    for target in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/content/../../secret.txt",
        "/sub/../../secret.txt",
        "/secret.txt",
        "//secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/./../secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt",
        "/a.html%00.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/file:///etc/passwd",
        "/etc/passwd",
        "/%2fetc%2fpasswd",
        "/content/a.md",
        "/sub/../a.html",
        "/sub/%2e%2e/a.html",
        "/sub/..%2fa.html",
        "/.%2e/secret.txt",
        "/..;/secret.txt",
        "/..%c0%afsecret.txt",
        "/%uff0e%uff0e/secret.txt",
        "/%E2%80%A5/secret.txt",
        "/C:%5csecret.txt",
        "/static/../../secret.txt",
        "/_postil/../secret.txt",
        "/_postil/../../secret.txt",
    ] {
        let answer = site.get(target);
        assert!(matches!(answer.status(), 400 | 404), "{target}: {}", answer.head);
        assert!(!answer.text().contains("secret") && !answer.text().contains("root:"), "{target}");
    }
}

#[test]
fn a_target_may_name_the_host_and_must_name_ours() {
    let site = Site::new();
    let absolute = site.get("http://localhost/a.html");
    assert_eq!(absolute.status(), 200);
    assert!(absolute.text().contains("第一页"));
    assert_eq!(site.get("http://example.org/a.html").status(), 403);
    assert_eq!(site.get("http://example.org/../secret.txt").status(), 403);
}

#[test]
fn only_this_machine_s_names_are_answered() {
    let site = Site::new();
    let port = site.address.port();
    for host in ["localhost", "127.0.0.1", "[::1]", &format!("127.0.0.1:{port}"), "LocalHost:1"] {
        let answer = site.raw(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status(), 200, "{host}");
    }
    for host in ["example.org", "localhost.example.org", "127.0.0.1.nip.io", "10.0.0.1", "0.0.0.0"]
    {
        let answer = site.raw(&format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"));
        assert_eq!(answer.status(), 403, "{host}");
        assert!(!answer.text().contains("home"));
    }
    assert_eq!(site.raw("GET / HTTP/1.1\r\n\r\n").status(), 400, "no host");
    let twice = "GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n";
    assert_eq!(site.raw(twice).status(), 400, "two hosts");
}

#[test]
fn pages_of_others_cannot_listen() {
    let site = Site::new();
    let port = site.address.port();
    for origin in
        ["https://example.org", "null", "http://localhost:1", "http://localhost.example.org"]
    {
        let answer = site.ask("GET", "/_postil/events", &format!("Origin: {origin}\r\n"));
        assert_eq!(answer.status(), 403, "{origin}");
    }
    let mut stream = site.connect();
    let head = format!(
        "GET /_postil/events HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert!(read_head(&mut BufReader::new(stream)).starts_with("HTTP/1.1 200"));
}

#[test]
fn it_can_only_be_read() {
    let site = Site::new();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY"] {
        let answer = site.ask(method, "/", "Content-Length: 3\r\n\r\nabc");
        assert_eq!(answer.status(), 405, "{method}");
        assert_eq!(answer.header("Allow"), Some("GET, HEAD"), "{method}");
    }
    let head = site.ask("HEAD", "/a", "");
    let get = site.get("/a");
    assert_eq!((head.status(), head.body.len()), (200, 0));
    assert_eq!(head.header("Content-Length"), get.header("Content-Length"));
    assert_eq!(head.header("ETag"), get.header("ETag"));
}

#[test]
fn a_body_that_is_announced_and_huge_does_no_harm() {
    let site = Site::new();
    for length in ["99999999999", "9223372036854775807", "18446744073709551615"] {
        let mut stream = site.connect();
        let head =
            format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(site.get("/").status(), 200);
}

#[test]
fn parts_of_a_recording_can_be_asked_for() {
    let site = Site::new();
    let whole = site.get("/sound.mp3");
    assert_eq!((whole.status(), whole.body.len()), (200, 100_000));
    assert_eq!(whole.header("Content-Type"), Some("audio/mpeg"));
    assert_eq!(whole.header("Accept-Ranges"), Some("bytes"));
    for (range, status, content_range, bytes) in [
        ("bytes=0-9", 206, "bytes 0-9/100000", &whole.body[..10]),
        ("bytes=99990-", 206, "bytes 99990-99999/100000", &whole.body[99_990..]),
        ("bytes=-5", 206, "bytes 99995-99999/100000", &whole.body[99_995..]),
    ] {
        let answer = site.ask("GET", "/sound.mp3", &format!("Range: {range}\r\n"));
        assert_eq!(answer.status(), status, "{range}");
        assert_eq!(answer.header("Content-Range"), Some(content_range));
        assert_eq!(answer.body, bytes, "{range}");
    }
    let beyond = site.ask("GET", "/sound.mp3", "Range: bytes=100000-\r\n");
    assert_eq!((beyond.status(), beyond.header("Content-Range")), (416, Some("bytes */100000")));
    let old = site.ask("GET", "/sound.mp3", "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n");
    assert_eq!((old.status(), old.body.len()), (200, 100_000));
}

#[test]
fn what_is_known_is_not_sent_again() {
    let site = Site::new();
    for target in ["/", "/sound.mp3", "/_postil/preview.css"] {
        let tag = site.get(target).header("ETag").unwrap().to_owned();
        let again = site.ask("GET", target, &format!("If-None-Match: \"x\", {tag}\r\n"));
        assert_eq!((again.status(), again.body.len()), (304, 0), "{target}");
        assert_eq!(again.header("ETag"), Some(tag.as_str()));
        let other = site.ask("GET", target, "If-None-Match: \"x\"\r\n");
        assert_eq!(other.status(), 200);
    }
}

#[test]
fn a_head_that_is_too_large_is_refused_and_one_that_is_large_is_not() {
    let site = Site::new();
    let padded = |bytes: usize| format!("X-Padding: {}\r\n", "x".repeat(bytes));
    assert_eq!(site.ask("GET", "/a", &padded(16_000)).status(), 200);
    for (what, head) in [
        ("one long header", padded(40_000)),
        ("many headers", "X-One: 1\r\n".repeat(500)),
        ("many long ones", padded(1000).repeat(60)),
    ] {
        assert_eq!(site.ask("GET", "/a", &head).status(), 431, "{what}");
    }
    let long = site.get(&format!("/{}", "a".repeat(70_000)));
    assert!(matches!(long.status(), 414 | 431), "{}", long.head);
    assert_eq!(site.get("/a").status(), 200);
}

#[test]
fn what_is_no_request_gets_a_400_or_nothing() {
    let site = Site::new();
    for head in [
        "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nNo colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: local\0host\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut stream = site.connect();
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        drop(stream.read_to_string(&mut answer));
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{head:?}: {answer}");
    }
    assert_eq!(site.get("/a").status(), 200);
}

#[test]
fn a_connection_is_closed_after_its_answer() {
    let site = Site::new();
    for head in [
        "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
        "GET /a HTTP/1.0\r\nHost: localhost\r\n\r\n",
        "GET /sound.mp3 HTTP/1.1\r\nHost: localhost\r\nRange: bytes=5-\r\n\r\n",
        "HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /sub/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        let mut stream = site.connect();
        stream.write_all(head.as_bytes()).unwrap();
        let mut reader = BufReader::new(stream);
        let answer = Answer::read(&mut reader, head.starts_with("HEAD"));
        assert_eq!(answer.header("Connection"), Some("close"), "{head}");
        let mut more = Vec::new();
        reader.read_to_end(&mut more).expect("the end, and no error before it");
        assert_eq!(more, b"", "{head}");
    }
}

#[test]
fn a_client_that_closes_its_side_is_answered() {
    let site = Site::new();
    let mut stream = site.connect();
    stream.write_all(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(Answer::read(&mut BufReader::new(stream), false).status(), 200);
}
