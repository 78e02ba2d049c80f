//! Firefox and WebKit under test.
//!
//! Firefox is Debian's `firefox-esr`, or any other; WebKit is Debian's `webkit2gtk-driver`, with
//! `Xvfb` where there is no screen. What is missing is said, and passed over, unless
//! `POSTIL_REQUIRE_ENGINES` is set: then that is a failure.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::driver::find;
use crate::figures::note;
use crate::host::Host;
use crate::marionette::Firefox;

/// Long enough for a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(20);
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 900;

/// A browser by its standard driver: nothing of this is Chromium's own.
pub struct Engine {
    session: Session,
    pub name: &'static str,
}

enum Session {
    Firefox(RefCell<Firefox>),
    WebKit { client: Client, _programs: Programs },
}

/// Programs that end with the test.
struct Programs(Vec<Child>);

impl Drop for Programs {
    fn drop(&mut self) {
        for program in self.0.iter_mut().rev() {
            drop(program.kill());
            drop(program.wait());
        }
    }
}

impl Engine {
    /// Opens a page and waits until it is loaded.
    pub async fn goto(&self, url: &str) -> Result<(), CmdError> {
        match &self.session {
            Session::Firefox(firefox) => firefox.borrow_mut().goto(url),
            Session::WebKit { client, .. } => client.goto(url).await?,
        }
        Ok(())
    }

    /// What an expression gives in the page.
    pub async fn value(&self, expression: &str) -> Result<Value, CmdError> {
        let script = format!("return ({expression})");
        match &self.session {
            Session::Firefox(firefox) => Ok(firefox.borrow_mut().execute(&script)),
            Session::WebKit { client, .. } => client.execute(&script, vec![]).await,
        }
    }

    /// Waits until an expression is true in the page.
    pub async fn until(&self, expression: &str) -> Result<(), CmdError> {
        let start = Instant::now();
        while self.value(expression).await? != Value::Bool(true) {
            assert!(start.elapsed() < SOON, "{}: not within {SOON:?}: {expression}", self.name);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Clicks on what an expression gives, as a pointer does, once it is in the window's middle.
    pub async fn click(&self, element: &str) -> Result<(), CmdError> {
        let mark = format!(
            "(one => {{ document.querySelectorAll('[data-click]').forEach(old => delete old.dataset.click)
                one.scrollIntoView({{ block: 'center' }}); one.dataset.click = ''; return true }})({element})"
        );
        self.value(&mark).await?;
        match &self.session {
            Session::Firefox(firefox) => firefox.borrow_mut().click("[data-click]"),
            Session::WebKit { client, .. } => {
                client.find(Locator::Css("[data-click]")).await?.click().await?;
            }
        }
        Ok(())
    }

    /// Presses a key where focus is.
    pub async fn key(&self, key: &str) -> Result<(), CmdError> {
        match &self.session {
            Session::Firefox(firefox) => firefox.borrow_mut().key(key),
            Session::WebKit { client, .. } => client.active_element().await?.send_keys(key).await?,
        }
        Ok(())
    }
}

/// Lines of a program's output until one has what is looked for.
fn told<Found>(
    output: impl std::io::Read + Send + 'static,
    look: impl Fn(&str) -> Option<Found>,
) -> Found {
    let mut lines = BufReader::new(output).lines();
    let found = lines.by_ref().map_while(Result::ok).find_map(|line| look(&line));
    // It may go on talking; a closed pipe would end it.
    std::thread::spawn(move || lines.for_each(drop));
    found.expect("the program says what it was started for")
}

async fn firefox() -> Result<Session, &'static str> {
    let program = find(&["firefox-esr", "firefox"]).ok_or("there is no firefox on the PATH")?;
    let mut firefox = Firefox::start(&program);
    firefox.resize(WIDTH, HEIGHT);
    Ok(Session::Firefox(RefCell::new(firefox)))
}

/// WebKit's own small browser, which is no program on the PATH.
fn mini_browser() -> Option<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    libraries
        .flat_map(|place| {
            ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"]
                .map(|name| place.path().join(name))
        })
        .map(|folder| folder.join("MiniBrowser"))
        .find(|file| file.is_file())
}

async fn webkit() -> Result<Session, &'static str> {
    let driver = find(&["WebKitWebDriver"]).ok_or("there is no WebKitWebDriver on the PATH")?;
    let program = mini_browser().ok_or("there is no MiniBrowser of WebKit's")?;
    let mut programs = Programs(Vec::new());
    let mut command = Command::new(driver);
    if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() {
        let screen = find(&["Xvfb"]).ok_or("there is no screen, and no Xvfb on the PATH")?;
        let mut process = Command::new(screen)
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let output = process.stdout.take().expect("its output is piped");
        programs.0.push(process);
        let display = told(output, |line| line.trim().parse::<u32>().ok());
        command.env("DISPLAY", format!(":{display}"));
    }
    // It does not say which port it found free, so that one is found here.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port");
    let port = port.port();
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    programs.0.push(command.spawn().expect("WebKitWebDriver starts"));
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < SOON, "WebKitWebDriver does not answer");
        std::thread::sleep(Duration::from_millis(50));
    }
    let options = json!({ "binary": program, "args": ["--automation"] });
    let Value::Object(capabilities) = json!({ "webkitgtk:browserOptions": options }) else {
        unreachable!("an object was written")
    };
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .expect("WebKit opens a window");
    client.set_window_rect(0, 0, WIDTH, HEIGHT).await.expect("a window of that size");
    Ok(Session::WebKit { client, _programs: programs })
}

/// Runs a test in both, each on a host of its own.
pub fn in_both(
    files: &BTreeMap<String, Vec<u8>>,
    test: impl AsyncFn(&Engine, &Host) -> Result<(), CmdError>,
) {
    in_engine("Firefox", firefox(), files, &test);
    in_engine("WebKit", webkit(), files, &test);
}

/// Runs a test in one of them, or says what is missing.
fn in_engine(
    name: &'static str,
    start: impl Future<Output = Result<Session, &'static str>>,
    files: &BTreeMap<String, Vec<u8>>,
    test: &impl AsyncFn(&Engine, &Host) -> Result<(), CmdError>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime of one thread");
    runtime.block_on(async {
        let session = match start.await {
            Ok(session) => session,
            Err(why) => {
                assert!(
                    env::var_os("POSTIL_REQUIRE_ENGINES").is_none(),
                    "POSTIL_REQUIRE_ENGINES is set, and {why}"
                );
                return println!("skipped in {name}: {why}");
            }
        };
        let host = Host::new(files.clone(), "/sub/");
        let engine = Engine { session, name };
        let outcome = test(&engine, &host).await;
        if let Session::WebKit { client, .. } = &engine.session {
            drop(client.clone().close().await);
        }
        outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
        let test = std::thread::current().name().unwrap_or_default().replace("engines::", "");
        note("Other browsers", &test.replace('_', " "), name, "ok");
    });
}
