//! Chromium under test, by way of WebDriver.
//!
//! Starting one takes longer than most tests. So a browser that a test is done with waits for the
//! next test that wants the same kind of window, which gets a new window, and nothing that pages
//! have stored.
//!
//! Where there is no browser or no driver the tests say so and pass, unless
//! `POSTIL_REQUIRE_BROWSER` is set: then that is a failure.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::leftovers;

pub const BROWSERS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
];

/// How the window is to be.
#[derive(Clone, PartialEq)]
pub struct Window {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// Whether pages may run scripts.
    pub scripts: bool,
    /// Whether the pointer is a finger on a phone.
    pub phone: bool,
}

impl Window {
    /// A wide screen with scripts.
    pub const WIDE: Self = Self { width: 1280, height: 900, scripts: true, phone: false };
    /// The same without.
    pub const STILL: Self = Self { scripts: false, ..Self::WIDE };
    /// A small phone.
    pub const PHONE: Self = Self { width: 360, height: 740, scripts: true, phone: true };
}

/// A browser with one window. It is gone when this is dropped.
pub struct Browser {
    /// The session.
    pub client: Client,
    driver: Driver,
}

struct Driver {
    process: Child,
    port: u16,
    /// The browser's own process, which outlives a driver that is killed.
    browser: Option<u64>,
    _profile: TempDir,
}

/// A browser that waits for a test, and the name of its session.
struct Spare {
    window: Window,
    session: String,
    driver: Driver,
}

static SPARE: Mutex<Vec<Spare>> = Mutex::new(Vec::new());

impl Drop for Driver {
    fn drop(&mut self) {
        // A test that fails leaves its session open.
        if let Some(browser) = self.browser.filter(|_| std::thread::panicking()) {
            drop(Command::new("kill").arg(browser.to_string()).status());
        }
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Runs a test in a browser window, or says why it does not.
pub fn with_browser<Test>(window: &Window, test: Test)
where
    Test: AsyncFnOnce(&Browser) -> Result<(), CmdError>,
{
    let (Some(program), Some(driver)) = (find(BROWSERS), find(&["chromedriver"])) else {
        assert!(
            env::var_os("POSTIL_REQUIRE_BROWSER").is_none(),
            "POSTIL_REQUIRE_BROWSER is set, and there is no chromium with chromedriver on the PATH"
        );
        println!("skipped: there is no chromium with chromedriver on the PATH");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime of one thread");
    runtime.block_on(async {
        let browser = match spare(window) {
            Some(spare) => again(spare).await,
            None => open(&program, &driver, window).await,
        };
        let outcome = test(&browser).await;
        if outcome.is_ok() && leftovers::CAN_STAY {
            keep(browser, window).await;
        } else {
            // Closing the session ends the browser; the driver goes with `browser`.
            drop(browser.client.clone().close().await);
            drop(browser);
        }
        outcome.expect("the browser answers");
    });
}

fn spare(window: &Window) -> Option<Spare> {
    let mut spares = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
    let at = spares.iter().position(|spare| spare.window == *window)?;
    Some(spares.swap_remove(at))
}

/// Puts a browser by for the next test.
async fn keep(browser: Browser, window: &Window) {
    let session = browser.client.session_id().await.ok().flatten().expect("an open session");
    // The session stays when its client goes.
    browser.client.persist().await.expect("the session stays");
    let spare = Spare { window: window.clone(), session, driver: browser.driver };
    SPARE.lock().unwrap_or_else(PoisonError::into_inner).push(spare);
}

/// A browser that another test has used, as if it were new: what a test asks of a window goes
/// with the window.
async fn again(Spare { session, driver, window }: Spare) -> Browser {
    let address = format!("http://127.0.0.1:{}", driver.port);
    let client = Client::with_existing_session(&address, &session, HttpConnector::new())
        .await
        .expect("chromedriver still answers");
    let browser = Browser { client, driver };
    browser.renew(&window).await.expect("a new window");
    browser
}

pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

async fn open(program: &PathBuf, driver: &PathBuf, window: &Window) -> Browser {
    let profile = TempDir::new().expect("a temporary folder");
    let mut process = Command::new(driver)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts");
    let port = port_of(&mut process);
    let capabilities = capabilities(program, &profile, window);
    leftovers::process(process.id().into());
    leftovers::folder(profile.path());
    let mut driver = Driver { process, port, browser: None, _profile: profile };
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .expect("chromedriver opens a window");
    let answer = client.capabilities().and_then(|all| all.get("goog:processID"));
    driver.browser = answer.and_then(Value::as_u64);
    driver.browser.into_iter().for_each(leftovers::process);
    Browser { client, driver }
}

/// chromedriver prints the port that it found free.
fn port_of(process: &mut Child) -> u16 {
    let output = process.stdout.take().expect("its output is piped");
    let mut lines = BufReader::new(output).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // It may go on talking; a closed pipe would end it.
    std::thread::spawn(move || lines.for_each(drop));
    port.expect("chromedriver names its port")
}

fn capabilities(program: &PathBuf, profile: &TempDir, window: &Window) -> Capabilities {
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", profile.path().display()));
    flags.push(format!("--window-size={},{}", window.width, window.height));
    let mut options = json!({ "binary": program, "args": flags });
    if !window.scripts {
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
    }
    if window.phone {
        options["mobileEmulation"] = json!({ "deviceMetrics": {
            "width": window.width, "height": window.height, "pixelRatio": 2.0, "touch": true,
        }});
    }
    let all = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
    let Value::Object(all) = all else { unreachable!("an object was written") };
    all
}

impl Browser {
    /// Closes all windows for a new one, and forgets what pages have stored or said.
    async fn renew(&self, window: &Window) -> Result<(), CmdError> {
        let old = self.client.windows().await?;
        let new = self.client.new_window(false).await?.handle;
        for handle in old {
            self.client.switch_to_window(handle).await?;
            self.client.close_window().await?;
        }
        self.client.switch_to_window(new).await?;
        self.devtools("Browser.resetPermissions", json!({})).await?;
        // Hosts are new in each test; a disk is the same.
        let disk = json!({ "origin": "file:///", "storageTypes": "all" });
        self.devtools("Storage.clearDataForOrigin", disk).await?;
        if !window.phone {
            self.client.set_window_rect(0, 0, window.width, window.height).await?;
        }
        // What is focused tells nobody in a window that is not.
        self.devtools("Page.bringToFront", json!({})).await?;
        self.until("document.hasFocus()", Duration::from_secs(20)).await?;
        self.complaints().await.map(drop)
    }

    /// What pages wrote to the console since this was last asked, from warnings upward.
    pub async fn complaints(&self) -> Result<Vec<String>, CmdError> {
        let log = self.client.issue_cmd(ReadLog).await?;
        let entries = log.as_array().cloned().unwrap_or_default();
        let serious = |entry: &&Value| !matches!(entry["level"].as_str(), Some("INFO" | "DEBUG"));
        Ok(entries.iter().filter(serious).map(|entry| entry["message"].to_string()).collect())
    }

    /// Evaluates an expression in the page, also where the page itself may not run scripts.
    pub async fn value(&self, expression: &str) -> Result<Value, CmdError> {
        let value = self.evaluated(expression).await?;
        Ok(value.unwrap_or_else(|thrown| panic!("{expression}: {thrown}")))
    }

    /// The same; what the expression throws is an answer, too.
    async fn evaluated(&self, expression: &str) -> Result<Result<Value, Value>, CmdError> {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let answer = self.devtools("Runtime.evaluate", parameters).await?;
        Ok(match answer.get("exceptionDetails") {
            Some(thrown) => Err(thrown.clone()),
            None => Ok(answer["result"]["value"].clone()),
        })
    }

    /// Sends a command of the DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value, CmdError> {
        self.client.issue_cmd(DevTools(json!({ "cmd": command, "params": parameters }))).await
    }

    /// Waits until an expression is true in the page. One that throws is not true yet: a page that is
    /// loaded again has nothing on it for a moment.
    pub async fn until(&self, expression: &str, most: Duration) -> Result<(), CmdError> {
        let start = Instant::now();
        loop {
            let answer = self.evaluated(expression).await?;
            if answer == Ok(Value::Bool(true)) {
                return Ok(());
            }
            assert!(start.elapsed() < most, "not within {most:?}: {expression}: {answer:?}");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
}

/// Reads the console's log: not in the standard, and in every Chromium.
#[derive(Debug)]
struct ReadLog;

impl WebDriverCompatibleCommand for ReadLog {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}
