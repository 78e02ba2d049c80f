//! The card, the scheme, and reading without scripts in Firefox and in WebKit.
//!
//! Firefox needs `firefox-esr` (or `firefox`) and `geckodriver` (`cargo install geckodriver`);
//! WebKit needs Debian's `webkit2gtk-driver` and, where there is no screen, `Xvfb`. What is
//! missing is said, and passed over.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::driver::find;
use crate::host::{Host, build, sample, tree};
use crate::long;

/// Long enough for a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(20);
const PAGE: &str = "en/forty-kilobytes-of-search.html";
const MENTION: &str = "(() => { const all = document.querySelectorAll('.turn a[href^=\"#g-\"]');
    return all[Math.floor(all.length / 2)] })()";
const OPEN: &str = "document.querySelector('.card').matches(':popover-open')";
const CLOSED: &str = "!document.querySelector('.card').matches(':popover-open')";
const ESCAPE: &str = "\u{e00c}";
const ENTER: &str = "\u{e007}";

/// A browser by its standard driver: nothing of this is Chromium's own.
struct Engine {
    client: Client,
    name: &'static str,
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

/// A driver that waits for a session, and what it is to open.
struct Ready {
    programs: Programs,
    port: u16,
    capabilities: Value,
}

/// Starts a driver, or says what is missing.
type Start = fn() -> Result<Ready, &'static str>;

impl Engine {
    async fn value(&self, expression: &str) -> Result<Value, CmdError> {
        self.client.execute(&format!("return ({expression})"), vec![]).await
    }

    async fn until(&self, expression: &str) -> Result<(), CmdError> {
        let start = Instant::now();
        while self.value(expression).await? != Value::Bool(true) {
            assert!(start.elapsed() < SOON, "{}: not within {SOON:?}: {expression}", self.name);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Clicks on what an expression gives, as a pointer does, once it is in the window's middle.
    async fn click(&self, element: &str) -> Result<(), CmdError> {
        let mark = format!(
            "(one => {{ one.scrollIntoView({{ block: 'center' }}); one.setAttribute('data-click', ''); return true }})({element})"
        );
        self.value(&mark).await?;
        let found = self.client.find(Locator::Css("[data-click]")).await?;
        self.value("document.querySelector('[data-click]').removeAttribute('data-click')").await?;
        found.click().await
    }

    /// Presses a key where focus is.
    async fn key(&self, key: &str) -> Result<(), CmdError> {
        self.client.active_element().await?.send_keys(key).await
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

fn firefox() -> Result<Ready, &'static str> {
    let program = find(&["firefox-esr", "firefox"]).ok_or("there is no firefox on the PATH")?;
    let driver = find(&["geckodriver"]).ok_or("there is no geckodriver on the PATH")?;
    let mut process = Command::new(driver)
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("geckodriver starts");
    let output = process.stdout.take().expect("its output is piped");
    let programs = Programs(vec![process]);
    let port =
        told(output, |line| line.split_once("Listening on 127.0.0.1:")?.1.trim().parse().ok());
    let options = json!({ "binary": program, "args": ["-headless"] });
    Ok(Ready { programs, port, capabilities: json!({ "moz:firefoxOptions": options }) })
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

fn webkit() -> Result<Ready, &'static str> {
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
    Ok(Ready { programs, port, capabilities: json!({ "webkitgtk:browserOptions": options }) })
}

/// Runs a test in both, each on a host of its own.
fn in_both(
    files: &BTreeMap<String, Vec<u8>>,
    test: impl AsyncFn(&Engine, &Host) -> Result<(), CmdError>,
) {
    let engines: [(&'static str, Start); 2] = [("Firefox", firefox), ("WebKit", webkit)];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime of one thread");
    for (name, start) in engines {
        let ready = match start() {
            Ok(ready) => ready,
            Err(why) => {
                println!("skipped in {name}: {why}");
                continue;
            }
        };
        let host = Host::new(files.clone(), "/sub/");
        let Value::Object(capabilities) = ready.capabilities else { unreachable!("an object") };
        runtime.block_on(async {
            let client = ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities)
                .connect(&format!("http://127.0.0.1:{}", ready.port))
                .await
                .unwrap_or_else(|error| panic!("{name} opens no window: {error}"));
            client.set_window_rect(0, 0, 1280, 900).await.expect("a window of that size");
            let engine = Engine { client, name };
            let outcome = test(&engine, &host).await;
            drop(engine.client.close().await);
            outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
        });
        drop(ready.programs);
        println!("ran in {name}");
    }
}

fn files() -> BTreeMap<String, Vec<u8>> {
    let site = sample();
    tree(&build(site.path()))
}

/// Whether the card is whole in the window, near the word that opened it.
const BESIDE: &str = "(() => {
    const card = document.querySelector('.card').getBoundingClientRect();
    const word = document.querySelector('[aria-expanded=true]').getBoundingClientRect();
    const gap = Math.max(card.top - word.bottom, word.top - card.bottom);
    return card.height > 40 && card.top >= 0 && card.bottom <= innerHeight && card.left >= 0
        && card.right <= innerWidth && gap >= 0 && gap < 16 && card.left <= word.right && word.left <= card.right
        && document.querySelector('.card dd').innerText.length > 30;
})()";

#[test]
fn the_card_opens_by_click_and_key_and_escape_closes_it() {
    in_both(&files(), async |engine, host| {
        engine.client.goto(&host.url(PAGE)).await?;
        engine.until(CLOSED).await?;
        engine.click(MENTION).await?;
        engine.until(OPEN).await?;
        engine.until(BESIDE).await?;
        engine.key(ESCAPE).await?;
        engine.until(CLOSED).await?;
        let back = format!("document.activeElement === {MENTION}");
        engine.until(&back).await?;
        engine.key(ENTER).await?;
        engine.until(OPEN).await?;
        let inside = "document.querySelector('.card').contains(document.activeElement)";
        engine.until(inside).await?;
        engine.click("document.querySelector('.card .x')").await?;
        engine.until(CLOSED).await?;
        engine.until(&back).await
    });
}

#[test]
fn the_scheme_is_chosen_and_kept() {
    in_both(&files(), async |engine, host| {
        let button = "document.querySelector('.site button[data-scheme]')";
        let ground = "getComputedStyle(document.body).backgroundColor";
        engine.client.goto(&host.url("index.html")).await?;
        let mut seen = Vec::new();
        for scheme in ["", "light", "dark"] {
            engine.until(&format!("{button}.dataset.scheme === '{scheme}'")).await?;
            seen.push(engine.value(ground).await?);
            if scheme != "dark" {
                engine.click(button).await?;
            }
        }
        assert_ne!(seen[1], seen[2], "{}: light and dark look the same", engine.name);
        assert!(seen[1..].contains(&seen[0]), "{}: {seen:?}", engine.name);
        engine.client.goto(&host.url(PAGE)).await?;
        engine.until(&format!("{ground} === {}", seen[2])).await
    });
}

/// Pages as browsers show them that run no scripts: these are gone, what stands for them shows.
fn still(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    for (path, bytes) in &mut files {
        if Path::new(path).extension().is_some_and(|end| end == "html") {
            let page = String::from_utf8(std::mem::take(bytes)).expect("a page in UTF-8");
            let page = page.replace("<noscript>", "").replace("</noscript>", "");
            let mut kept = String::new();
            let mut rest = page.as_str();
            while let Some((before, after)) = rest.split_once("<script") {
                kept.push_str(before);
                rest = after.split_once("</script>").expect("a script that ends").1;
            }
            kept.push_str(rest);
            *bytes = kept.into_bytes();
        }
    }
    files
}

#[test]
fn without_scripts_a_card_opens_and_closes_and_search_says_where_else_to_look() {
    in_both(&still(files()), async |engine, host| {
        engine.client.goto(&host.url(PAGE)).await?;
        assert_eq!(engine.value("document.scripts.length").await?, 0);
        engine.value(&format!("{MENTION}.scrollIntoView({{ block: 'center' }})")).await?;
        let before = engine.value("scrollY").await?;
        engine.click(MENTION).await?;
        let shown = "(card => { if (!card) return false;
            const box = card.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return box.height > 40 && box.top >= 0 && box.bottom <= innerHeight && card.contains(top) })(
            document.querySelector('[role=doc-glossary] div:target'))";
        engine.until(shown).await?;
        assert_eq!(engine.value("scrollY").await?, before, "{}: the page moved", engine.name);
        engine.click("document.querySelector('[role=doc-glossary] div:target .x')").await?;
        engine.until("!document.querySelector('[role=doc-glossary] div:target')").await?;
        assert_eq!(engine.value("scrollY").await?, before, "{}: the page moved", engine.name);

        engine.client.goto(&host.url("search/index.html")).await?;
        let lists = "[...document.querySelectorAll('main li a')].filter(one => one.checkVisibility()).length > 1";
        engine.until(lists).await
    });
}

#[test]
fn links_into_a_long_talk_arrive() {
    let site = long::site(600);
    in_both(&tree(&build(site.path())), async |engine, host| {
        let page = host.url("talk.html");
        engine.client.goto(&page).await?;
        let mut ids = Vec::new();
        for at in [540, 80, 300] {
            ids.push(engine.value(&long::turn(at)).await?.as_str().expect("an id").to_owned());
        }
        for id in ids {
            engine.client.goto("about:blank").await?;
            engine.client.goto(&format!("{page}#{id}")).await?;
            engine.until(long::ARRIVED).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert_eq!(engine.value(long::ARRIVED).await?, true, "{}: it moved", engine.name);
        }
        Ok(())
    });
}
