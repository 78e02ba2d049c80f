//! Many clients, slow clients, and clients that say nothing: the others are answered all the
//! same.

use std::fs;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::{Answer, PATIENCE, Site, Stream};

/// What a page takes when nobody is in the way, and much more.
const SHORTLY: Duration = Duration::from_secs(2);

/// This process is both ends of a thousand connections.
fn allow_many_sockets() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum.map(|most| most.min(16_384)).or(Some(16_384));
    setrlimit(Resource::Nofile, limit).expect("sockets for the test");
}

fn is_answered(site: &Site) {
    let start = Instant::now();
    assert_eq!(site.get("/a").status(), 200);
    assert!(start.elapsed() < SHORTLY, "{:?}", start.elapsed());
}

/// Sends the same request on so many connections at once, then reads all answers.
fn all_at_once(site: &Site, count: usize) -> Vec<Answer> {
    let mut streams: Vec<TcpStream> = (0..count).map(|_| site.connect()).collect();
    for stream in &mut streams {
        stream.write_all(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    let mut readers: Vec<_> = streams.into_iter().map(BufReader::new).collect();
    readers.iter_mut().map(|reader| Answer::read(reader, false)).collect()
}

#[test]
fn fifty_connections_at_once_are_all_answered() {
    let site = Site::new();
    for _ in 0..3 {
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| assert!(site.get("/a").text().contains("第一页")));
            }
        });
        assert!(start.elapsed() < PATIENCE / 2, "{:?}", start.elapsed());
    }
}

#[test]
fn five_hundred_requests_at_once_are_all_answered() {
    allow_many_sockets();
    let site = Site::new();
    for _ in 0..3 {
        let answers = all_at_once(&site, 500);
        assert!(answers.iter().all(|answer| answer.status() == 200));
        assert!(answers.iter().all(|answer| answer.text().contains("第一页")));
    }
}

#[test]
fn a_thousand_connections_that_say_nothing_keep_nobody_out_and_are_closed() {
    allow_many_sockets();
    let site = Site::new();
    let start = Instant::now();
    let idle: Vec<TcpStream> = (0..1000).map(|_| site.connect()).collect();
    is_answered(&site);
    assert_eq!(all_at_once(&site, 100).len(), 100);
    for mut stream in idle {
        let left = Duration::from_secs(8).saturating_sub(start.elapsed());
        stream.set_read_timeout(Some(left.max(Duration::from_millis(1)))).unwrap();
        // The end, by whichever of its two names.
        match stream.read(&mut [0; 1]) {
            Ok(0) => {}
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
            other => panic!("not closed: {other:?}"),
        }
    }
}

#[test]
fn a_head_that_comes_too_slowly_is_given_up() {
    let site = Site::new();
    let mut stream = site.connect();
    let start = Instant::now();
    let mut wrote = true;
    while wrote && start.elapsed() < PATIENCE {
        wrote = stream.write_all(b"G").is_ok();
        is_answered(&site);
        thread::sleep(Duration::from_millis(200));
    }
    let took = start.elapsed();
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn clients_that_do_not_take_their_answer_keep_nobody_waiting() {
    let site = Site::new();
    fs::write(site.dir.path().join("content/long.mp3"), vec![7; 30_000_000]).unwrap();
    site.wait_for("/long.mp3", true, "\u{7}");
    let _greedy: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = site.connect();
            let head = b"GET /long.mp3 HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-\r\n\r\n";
            stream.write_all(head).unwrap();
            stream
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    is_answered(&site);
    let part = site.ask("GET", "/long.mp3", "Range: bytes=-1000\r\n");
    assert_eq!((part.status(), part.body.len()), (206, 1000));
}

#[test]
fn eight_pages_hear_of_an_edit_and_the_rest_is_still_answered() {
    let site = Site::new();
    let mut streams: Vec<Stream> = (0..8).map(|_| site.listen()).collect();
    site.write("content/a.md", "second");
    for stream in &mut streams {
        let news = stream.next();
        assert_eq!(news["at"], serde_json::json!({"page": "a.html", "ids": ["p-0"]}));
        assert_ne!(news["state"], news["from"]);
    }
    assert!(site.get("/a").text().contains("second"));
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| assert_eq!(site.get("/a").status(), 200));
        }
    });
}
