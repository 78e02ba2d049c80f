//! A site in a temporary folder, and the dullest possible host for what is built from it.
//!
//! Shared by the tests that look at the output from outside. The host maps paths to files and
//! knows no index pages, no redirects and no guessing: what it does not find is a 404.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

/// The policy that all pages hold under.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' https: data:; font-src 'self'; connect-src 'self'; media-src 'self' https:; \
     base-uri 'none'; form-action 'self'";

/// The program under test.
pub fn postil() -> Command {
    Command::new(env!("CARGO_BIN_EXE_postil"))
}

/// This repository's own site, copied to a folder of its own.
pub fn sample() -> TempDir {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = TempDir::new().expect("a temporary folder");
    for folder in ["content", "static", "templates"] {
        copy(&home.join(folder), &site.path().join(folder));
    }
    site
}

/// Builds `site` into its `public/` and returns that folder.
pub fn build(site: &Path) -> PathBuf {
    postil().args(["build", "--quiet"]).arg(site).assert().success();
    site.join("public")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder of the repository") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copied file");
        }
    }
}

/// All files below a folder, by path with forward slashes.
pub fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    walk(root, "", &mut files);
    files
}

fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder of the output") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name in Unicode");
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).expect("a readable file"));
        }
    }
}

/// Serves files below a path on a free port of the loopback address until it is dropped.
pub struct Host {
    address: SocketAddr,
    prefix: String,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    /// Serves `files` below `prefix`, which starts and ends with a slash.
    pub fn new(files: BTreeMap<String, Vec<u8>>, prefix: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let over = Arc::new(AtomicBool::new(false));
        let (stop, files, below) = (over.clone(), Arc::new(files), prefix.to_owned());
        let thread = thread::spawn(move || {
            for connection in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (files, below) = (files.clone(), below.clone());
                // A browser holds connections open that it may never use.
                thread::spawn(move || connection.map(|stream| answer(stream, &files, &below)));
            }
        });
        Self { address, prefix: prefix.to_owned(), over, thread: Some(thread) }
    }

    /// The address of a file.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{}{path}", self.address, self.prefix)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn answer(mut stream: TcpStream, files: &BTreeMap<String, Vec<u8>>, prefix: &str) {
    let Some(path) = requested(&mut stream) else { return };
    let found = path.strip_prefix(prefix).and_then(|path| files.get(path));
    let (status, body) = match found {
        Some(body) => ("200 OK", body.as_slice()),
        None => ("404 Not Found", b"not found".as_slice()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n",
        media_type(&path),
        body.len()
    );
    // The browser may have gone away; then there is nobody to tell.
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)));
}

fn requested(stream: &mut TcpStream) -> Option<String> {
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(read) => request.extend_from_slice(&piece[..read]),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let target = request.split(' ').nth(1)?.split('?').next()?;
    let decoded = percent_encoding::percent_decode_str(target).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "xml" => "application/xml",
        _ => "text/plain; charset=utf-8",
    }
}
