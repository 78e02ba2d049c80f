//! The built site behind real web servers, as Debian has them, and crawled by a link checker that is
//! not ours: at a host's root, below a folder, and on a host that leaves `.html` away.
//!
//! A server or a checker that is not there is skipped and named, unless `POSTIL_REQUIRE_HOSTS` is set: then
//! that is a failure. Servers listen on the loopback interface alone and end with the test.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::host::{build, sample};
use scraper::{Html, Selector};
use tempfile::TempDir;
use url::Url;

/// A server in a process of its own.
pub(super) struct Server {
    process: Child,
    pub(super) port: u16,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A program of that name on the PATH or among the system's.
pub(super) fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let found = folders.map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        assert!(env::var_os("POSTIL_REQUIRE_HOSTS").is_none(), "there is no {name} on the PATH");
        println!("skipped: there is no {name} on the PATH");
    }
    found
}

/// The checker, from the npm packages of the tests.
pub(super) fn checker() -> Option<PathBuf> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/npm/node_modules");
    let script = modules.join("linkinator/build/src/cli.js");
    if !script.is_file() {
        assert!(env::var_os("POSTIL_REQUIRE_HOSTS").is_none(), "npm ci --prefix tests/npm first");
        println!("skipped: npm ci --prefix tests/npm was not run");
        return None;
    }
    program("node").map(|_| script)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A folder that a server's workers may read: `below` in it leads to the output.
fn folder(output: &Path, below: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let root = folder.path().join("root").join(below);
    fs::create_dir_all(root.parent().expect("a folder above")).expect("a folder");
    fs::create_dir_all(folder.path().join("own")).expect("a folder");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::os::unix::fs::symlink(output, root.components().collect::<PathBuf>()).expect("a link");
        let mut above = Some(output);
        // Only what this test made: temporary folders are their owner's alone.
        while let Some(path) =
            above.filter(|path| path.starts_with(env::temp_dir()) && *path != env::temp_dir())
        {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a permission");
            above = path.parent();
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))
            .expect("a permission");
    }
    folder
}

fn started(mut command: Command, port: u16, folder: TempDir) -> Server {
    let process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a server");
    let mut server = Server { process, port, _folder: folder };
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if let Ok(Some(status)) = server.process.try_wait() {
            let mut said = String::new();
            drop(server.process.stderr.take().map(|mut stderr| stderr.read_to_string(&mut said)));
            panic!("the server ended with {status}: {said}");
        }
        assert!(Instant::now() < end, "the server does not listen on {port}");
        std::thread::sleep(Duration::from_millis(30));
    }
    server
}

/// nginx with an own configuration; `location` says how it finds files.
pub(super) fn nginx(program: &Path, output: &Path, below: &str, location: &str) -> Server {
    let (folder, port) = (folder(output, below), free_port());
    let own = folder.path().join("own");
    let own = own.display();
    let root = folder.path().join("root");
    let configuration = format!(
        "daemon off; worker_processes 1; pid {own}/pid; error_log {own}/error.log;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n access_log off; client_body_temp_path {own}/a; proxy_temp_path {own}/b;\n \
         fastcgi_temp_path {own}/c; uwsgi_temp_path {own}/d; scgi_temp_path {own}/e;\n \
         types {{ text/html html; text/css css; text/javascript js; application/xml xml; image/png png; image/svg+xml svg; }}\n \
         server {{ listen 127.0.0.1:{port}; root {}; absolute_redirect off; error_page 404 /{below}404.html;\n {location}\n }}\n}}\n",
        root.display()
    );
    let file = folder.path().join("own/nginx.conf");
    fs::write(&file, configuration).expect("a configuration");
    let mut command = Command::new(program);
    command.arg("-e").arg(folder.path().join("own/start.log")).arg("-c").arg(file);
    started(command, port, folder)
}

/// Caddy with an own configuration.
fn caddy(program: &Path, output: &Path, below: &str) -> Server {
    let (folder, port) = (folder(output, below), free_port());
    let configuration = format!(
        "{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n bind 127.0.0.1\n root * {}\n file_server\n \
         handle_errors {{\n  rewrite * /{below}404.html\n  file_server\n }}\n}}\n",
        folder.path().join("root").display()
    );
    let (own, file) = (folder.path().join("own"), folder.path().join("own/Caddyfile"));
    fs::write(&file, configuration).expect("a configuration");
    let mut command = Command::new(program);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
    command.env("XDG_DATA_HOME", &own).env("XDG_CONFIG_HOME", &own).env("HOME", &own);
    started(command, port, folder)
}

/// What a server answers: the status, the head and the body.
fn get(port: u16, path: &str) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n").expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("a head") + 4;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, head, answer.split_off(end))
}

/// Crawls from the home page; every link inside the site has to arrive, at its place on the page as
/// well. Links that close a card name no place on purpose.
pub(super) fn crawl(checker: &Path, home: &str, least: usize) {
    let mut command = Command::new("node");
    command.arg(checker).arg(home).args(["--recurse", "--check-fragments", "--format", "json"]);
    command.args([
        "--skip",
        "^https?://(?!127\\.0\\.0\\.1[:/])",
        "--skip",
        "#-$",
        "--concurrency",
        "16",
    ]);
    let output = command.stdin(Stdio::null()).output().expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let json = text.find('{').map_or("", |at| &text[at..]);
    let told: serde_json::Value = serde_json::from_str(json).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    });
    let links = told["links"].as_array().expect("links");
    let of = |state: &str| -> Vec<&serde_json::Value> {
        links.iter().filter(|link| link["state"] == state).collect()
    };
    let broken: Vec<String> = of("BROKEN")
        .iter()
        .map(|link| format!("{} on {} ({})", link["url"], link["parent"], link["status"]))
        .filter(|link| !link.starts_with('"') || !link.contains("#-\" on"))
        .collect();
    assert!(
        broken.is_empty(),
        "{} of {} are broken:\n{}",
        broken.len(),
        links.len(),
        broken.join("\n")
    );
    assert!(of("OK").len() >= least, "only {} links were followed from {home}", of("OK").len());
}

/// Files that hosts read, and the page for what is not there.
fn answers(port: u16, below: &str) {
    let (status, head, body) = get(port, &format!("/{below}nothing/here"));
    assert_eq!(status, 404, "{head}");
    assert!(String::from_utf8_lossy(&body).contains("<h1>"), "the site's own page for it");
    let (status, head, _) = get(port, &format!("/{below}"));
    assert!(status == 200 && head.contains("text/html"), "{head}");
}

/// Follows every link from the home page as a browser does: relative to the address that a redirect leads
/// to. (The checker takes an address without an ending for a folder.)
fn follow_redirects(port: u16) {
    let home = Url::parse(&format!("http://127.0.0.1:{port}/")).expect("an address");
    let (mut seen, mut queue) = (BTreeSet::from([home.clone()]), vec![home.clone()]);
    let links = Selector::parse("[href], [src]").expect("a selector");
    let mut redirected = 0;
    while let Some(url) = queue.pop() {
        let (mut base, mut answer) = (url.clone(), get(port, url.path()));
        if answer.0 == 301 {
            let to = answer.1.lines().find_map(|line| line.strip_prefix("Location: "));
            base = url.join(to.expect("where to")).expect("an address");
            answer = get(port, base.path());
            redirected += 1;
        }
        assert_eq!(answer.0, 200, "{url}, by way of {base}");
        if !answer.1.contains("text/html") {
            continue;
        }
        let page = Html::parse_document(&String::from_utf8_lossy(&answer.2));
        for element in page.select(&links) {
            let named = [element.value().attr("href"), element.value().attr("src")];
            for link in named.into_iter().flatten() {
                let mut to = base.join(link).expect("a link");
                to.set_fragment(None);
                if to.origin() == home.origin() && seen.insert(to.clone()) {
                    queue.push(to);
                }
            }
        }
    }
    assert!(redirected > 30 && seen.len() > 50, "{redirected} redirects, {} addresses", seen.len());
}

#[test]
fn the_sample_site_behind_nginx_and_caddy() {
    let site = sample();
    let output = build(site.path());
    assert!(output.join(".nojekyll").is_file() && output.join("_headers").is_file());
    let checker = checker();
    let check = |server: &Server, below: &str| {
        answers(server.port, below);
        if let Some(checker) = &checker {
            crawl(checker, &format!("http://127.0.0.1:{}/{below}", server.port), 50);
        }
    };
    if let Some(program) = program("nginx") {
        check(&nginx(&program, &output, "", ""), "");
        check(&nginx(&program, &output, "sub/path/", ""), "sub/path/");
        // `/a/x.html` goes to `/a/x`, and `/a/index.html` to `/a/`, as some hosts do.
        let without = "location / { if ($request_uri ~ ^(.*/)index\\.html$) { return 301 $1; }\n \
                       if ($request_uri ~ ^(.*)\\.html$) { return 301 $1; }\n try_files $uri $uri.html $uri/index.html =404; }\n \
                       location = /404.html { internal; }";
        let server = nginx(&program, &output, "", without);
        let (status, head, _) = get(server.port, "/glossary/rag.html");
        assert!(status == 301 && head.contains("Location: /glossary/rag\r\n"), "{head}");
        answers(server.port, "");
        follow_redirects(server.port);
    }
    if let Some(program) = program("caddy") {
        check(&caddy(&program, &output, ""), "");
        check(&caddy(&program, &output, "sub/path/"), "sub/path/");
    }
}
