//! The live preview, as someone who writes sees it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use postil::load::{Folder, Reader};
use postil::pipeline::{Inputs, Options, run};
use postil::serve::{Edition, Render, Settings, start};

use crate::driver::{Browser, Window, with_browser};
use crate::host::sample;

/// Longer than any watcher takes, and shorter than a tester's patience.
const PATIENCE: Duration = Duration::from_secs(15);

/// Whether the message is there, and in sight. It stands in a tree of its own.
const MESSAGE: &str = "(() => {
    const tree = document.querySelector('postil-preview')?.shadowRoot;
    const message = tree?.querySelector('.errors');
    if (!message?.innerText.includes('forty-kilobytes-of-search.md:2')) return false;
    const box = message.getBoundingClientRect();
    return box.height > 40 && box.top >= 0 && box.top < innerHeight;
})()";

/// `postil serve` on a folder, until it is dropped.
struct Preview {
    process: Child,
    address: String,
}

impl Preview {
    fn of(site: &Path) -> Self {
        Self::at(site, "0")
    }

    fn at(site: &Path, port: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_postil"))
            .args(["serve", "--port", port])
            .arg(site)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("postil starts");
        let (tell, told) = mpsc::channel();
        listen(process.stdout.take().expect("its output is piped"), tell.clone());
        listen(process.stderr.take().expect("its talk is piped"), tell);
        let address = told.recv_timeout(PATIENCE).expect("postil names its address");
        Self { process, address }
    }
}

impl Preview {
    /// The transcript's page.
    fn page(&self) -> String {
        format!("{}/en/forty-kilobytes-of-search.html", self.address)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Reads to the end, and tells the first address that is seen.
fn listen(output: impl Read + Send + 'static, tell: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(at) = line.find("http://127.0.0.1:") {
                let end = line[at..].find(char::is_whitespace).map_or(line.len(), |end| at + end);
                drop(tell.send(line[at..end].trim_end_matches('/').to_owned()));
            }
        }
    });
}

fn transcript(site: &Path) -> PathBuf {
    site.join("content/en/forty-kilobytes-of-search.md")
}

/// Whether the page is the one that was marked, and was not loaded again.
const SAME: &str = "window.mark === 1";

/// Puts a turn into the middle of the window, marks the page, and answers with the turn's place.
const SETTLE: &str = "(() => {
    window.mark = 1;
    const all = [...document.querySelectorAll('main p')];
    window.turn = all.find(one => one.innerText.includes('trumpets'));
    window.turn.scrollIntoView({ block: 'center', behavior: 'instant' });
    return window.turn.getBoundingClientRect().top;
})()";

fn says(words: &str) -> String {
    format!("document.body.innerText.includes({})", serde_json::to_string(words).expect("a string"))
}

fn press(what: &str) -> String {
    format!("document.querySelector('postil-preview').shadowRoot.querySelector('{what}').click()")
}

/// A site, its transcript's path and text, and the preview of it.
fn writing() -> (tempfile::TempDir, PathBuf, String, Preview) {
    let site = sample();
    let file = transcript(site.path());
    let text = fs::read_to_string(&file).expect("the transcript");
    let preview = Preview::of(site.path());
    (site, file, text, preview)
}

fn save(file: &Path, text: &str) {
    fs::write(file, text).expect("a saved file");
}

#[test]
fn only_what_changed_is_replaced_and_nothing_moves() {
    let (_site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&preview.page()).await?;
        browser.until(&says("It rings now."), PATIENCE).await?;
        let top = browser.value(SETTLE).await?.as_f64().expect("a place");

        // Above the window a turn more, below it other words.
        let before = "Host: And a service costs money, I suppose.";
        let edited = text
            .replace(before, &format!("Host: {}\n\n{before}", "A new turn. ".repeat(60)))
            .replace("It rings now.", "It rings, and how.");
        save(&file, &edited);
        browser.until(&says("It rings, and how."), PATIENCE).await?;
        browser.until(&says("A new turn. A new turn."), PATIENCE).await?;
        assert_eq!(browser.value(SAME).await?, true, "the page was loaded again");
        let place = "window.turn.isConnected && window.turn.getBoundingClientRect().top";
        let now = browser.value(place).await?.as_f64().expect("the turn is still there");
        assert!((now - top).abs() < 2.0, "the turn moved from {top} to {now}");

        // And back: what was put in is taken out.
        save(&file, &text);
        browser.until(&format!("!{}", says("A new turn. A new turn.")), PATIENCE).await?;
        assert_eq!(browser.value(SAME).await?, true, "the page was loaded again");
        let now = browser.value(place).await?.as_f64().expect("the turn is still there");
        assert!((now - top).abs() < 2.0, "the turn moved from {top} to {now}");

        // What was changed step by step is what a fresh page is.
        let whole = "document.querySelector('main').innerHTML.replace(/ (class=\"here\"|aria-current=\"\\w+\"|class=\"\"|open=\"\")/g, '')";
        let patched = browser.value(whole).await?;
        browser.client.refresh().await?;
        // Once the browser is back at the page's place, the way back there is not offered any more.
        let settled = "document.readyState === 'complete' && !document.querySelector('.resume')";
        browser.until(settled, PATIENCE).await?;
        assert_eq!(patched, browser.value(whole).await?);
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn a_new_heading_loads_the_page_again_at_its_place() {
    let (_site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&preview.page()).await?;
        browser.until(&says("It rings now."), PATIENCE).await?;
        let top = browser.value(SETTLE).await?.as_f64().expect("a place");
        let before = "## No server";
        save(&file, &text.replace(before, &format!("## Another part\n\nHost: Short.\n\n{before}")));
        browser.until(&says("Another part"), PATIENCE).await?;
        browser.until("document.readyState === 'complete' && window.mark !== 1", PATIENCE).await?;
        let place = "[...document.querySelectorAll('main p')].find(one => one.innerText.includes('trumpets')).getBoundingClientRect().top";
        browser.until(&format!("Math.abs({place} - {top}) < 3"), PATIENCE).await?;
        Ok(())
    });
}

#[test]
fn a_renamed_transcript_takes_its_tab_along_to_its_place() {
    let (_site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&preview.page()).await?;
        browser.until(&says("It rings now."), PATIENCE).await?;
        let top = browser.value(SETTLE).await?.as_f64().expect("a place");
        let at = |name: &str| format!("location.pathname === '/en/{name}.html'");
        let place = "[...document.querySelectorAll('main p')].find(one => one.innerText.includes('trumpets')).getBoundingClientRect().top";
        let there = format!("document.readyState === 'complete' && Math.abs({place} - {top}) < 3");
        let renamed = file.with_file_name("another-name.md");
        fs::rename(&file, &renamed).expect("it is renamed");
        browser.until(&at("another-name"), PATIENCE).await?;
        browser.until(&there, PATIENCE).await?;
        // It says itself where it belongs.
        save(&renamed, &text.replacen("---\n", "---\nslug: a-third-name\n", 1));
        browser.until(&at("a-third-name"), PATIENCE).await?;
        browser.until(&there, PATIENCE).await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn an_open_card_stays_open() {
    let (site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&preview.page()).await?;
        browser.until(&says("It rings now."), PATIENCE).await?;
        browser.value(SETTLE).await?;
        browser.value("document.querySelector('article a[href^=\"#g-\"]').click()").await?;
        let open = "document.querySelector(':popover-open, [role=doc-glossary] :target') !== null";
        browser.until(open, PATIENCE).await?;
        save(&file, &text.replace("It rings now.", "It rings, and how."));
        browser.until(&says("It rings, and how."), PATIENCE).await?;
        assert_eq!(browser.value(open).await?, true, "the card closed");

        // It says what the definition says.
        let glossary = site.path().join("content/glossary.yaml");
        let terms = fs::read_to_string(&glossary).expect("the terms");
        let shown = "document.querySelector('.card dfn').textContent";
        let term = browser.value(shown).await?.as_str().expect("a term").to_owned();
        let own = terms.find(&format!("- term: {term}\n")).expect("its entry");
        let (before, entry) = terms.split_at(own);
        let mut lines = entry.lines();
        let named = format!("{}\n  definition: Something new.\n", lines.next().expect("its line"));
        let others = entry[1..].find("\n- term:").map_or("", |at| &entry[at + 1..]);
        save(&glossary, &format!("{before}{named}{others}"));
        let says = "document.querySelector('.card').innerText.includes('Something new.')";
        browser.until(says, PATIENCE).await?;
        assert_eq!(browser.value(open).await?, true, "the card closed");
        // And a title in other words is no reason to load the page again.
        save(&file, &text.replacen("title: ", "title: Altogether ", 1));
        browser.until("document.title.includes('Altogether')", PATIENCE).await?;
        assert_eq!(browser.value(open).await?, true, "the card closed");
        // Where it is a term no more, there is nothing to say.
        save(&glossary, &format!("{before}{others}"));
        browser.until(&format!("!({open})"), PATIENCE).await?;
        assert_eq!(browser.value(SAME).await?, true, "the page was loaded again");
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn a_style_sheet_is_exchanged_and_the_page_stays() {
    let (site, _, _, preview) = writing();
    let sheet = site.path().join("static/theme/style.css");
    let style = fs::read_to_string(&sheet).expect("the style sheet");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&preview.page()).await?;
        browser.until(&says("It rings now."), PATIENCE).await?;
        browser.value(SETTLE).await?;
        for number in 1..=2 {
            save(&sheet, &format!("{style}\nbody {{ --proof: {number} }}\n"));
            let proof = "getComputedStyle(document.body).getPropertyValue('--proof').trim()";
            browser.until(&format!("{proof} === '{number}'"), PATIENCE).await?;
            let sheets = "document.querySelectorAll('head link[rel=stylesheet]').length === 1";
            browser.until(sheets, PATIENCE).await?;
        }
        assert_eq!(browser.value(SAME).await?, true, "the page was loaded again");
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn eight_tabs_follow_also_those_in_the_background() {
    let (_site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        let mut tabs = vec![browser.client.window().await?];
        for _ in 0..7 {
            tabs.push(browser.client.new_window(true).await?.handle);
        }
        for tab in &tabs {
            browser.client.switch_to_window(tab.clone()).await?;
            browser.client.goto(&preview.page()).await?;
            browser.until(&says("It rings now."), PATIENCE).await?;
        }
        save(&file, &text.replace("It rings now.", "It rings, and how."));
        for tab in &tabs {
            browser.client.switch_to_window(tab.clone()).await?;
            browser.until(&says("It rings, and how."), PATIENCE).await?;
        }
        // The tab that listens for all is closed: another one takes over.
        browser.client.switch_to_window(tabs[0].clone()).await?;
        browser.client.close_window().await?;
        save(&file, &text.replace("It rings now.", "It rings for all."));
        for tab in &tabs[1..] {
            browser.client.switch_to_window(tab.clone()).await?;
            browser.until(&says("It rings for all."), PATIENCE).await?;
        }
        Ok(())
    });
}

#[test]
fn a_server_that_was_started_again_is_found_again() {
    let (site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&preview.page()).await?;
        browser.until(&says("It rings now."), PATIENCE).await?;
        let port = preview.address.rsplit(':').next().expect("a port").to_owned();
        drop(preview);
        save(&file, &text.replace("It rings now.", "It rings, and how."));
        let _preview = Preview::at(site.path(), &port);
        browser.until(&says("It rings, and how."), PATIENCE).await?;
        save(&file, &text.replace("It rings now.", "It rings again."));
        browser.until(&says("It rings again."), PATIENCE).await?;
        Ok(())
    });
}

#[test]
fn the_site_as_it_was_understood_is_a_page_that_follows_too() {
    let (_site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&format!("{}/_postil/", preview.address)).await?;
        let named = "content/en/forty-kilobytes-of-search.md";
        browser.until(&says(named), PATIENCE).await?;
        assert_eq!(browser.value(&says("there is no file")).await?, false);
        save(&file, &text.replace("With trumpets.", "With [trumpets](nowhere.md)."));
        browser.until(&says("there is no file `nowhere.md`"), PATIENCE).await?;
        // The problem leads to its turn.
        browser.value("document.querySelector('#problems ~ .told a').click()").await?;
        browser.until("location.pathname.endsWith('.html')", PATIENCE).await?;
        let turn =
            "document.querySelector(':target')?.innerText.includes('With trumpets.') === true";
        browser.until(turn, PATIENCE).await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn an_open_search_finds_what_was_just_written() {
    let (_site, file, text, preview) = writing();
    with_browser(&Window::WIDE, async |browser: &Browser| {
        let search = format!("{}/search/index.html?q=glockenspiel", preview.address);
        browser.client.goto(&search).await?;
        let state = "document.querySelector('.finder [role=status]').innerText";
        browser.until(&format!("{state} !== ''"), PATIENCE).await?;
        let hits = "document.querySelectorAll('.finder .hits .lines a').length";
        assert_eq!(browser.value(hits).await?, 0);
        save(&file, &text.replace("With trumpets.", "With a glockenspiel."));
        browser.until(&format!("{hits} === 1"), PATIENCE).await?;
        save(&file, &text);
        browser.until(&format!("{hits} === 0 && {state} !== ''"), PATIENCE).await?;
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn who_follows_is_taken_to_what_changed() {
    let (_site, file, text, preview) = writing();
    let seen = |words: &str| {
        format!(
            "[...document.querySelectorAll('main p')].some(one => one.innerText.includes('{words}')
                && one.getBoundingClientRect().top >= 0
                && one.getBoundingClientRect().bottom <= innerHeight)"
        )
    };
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&preview.page()).await?;
        browser.until(&says("It rings now."), PATIENCE).await?;
        assert_eq!(browser.value(&seen("It rings now.")).await?, false, "it is far below");
        browser.value(&press(".follow")).await?;
        save(&file, &text.replace("It rings now.", "It rings, and how."));
        browser.until(&seen("It rings, and how."), PATIENCE).await?;

        // From another page too.
        browser.client.goto(&format!("{}/glossary/index.html", preview.address)).await?;
        browser.until("document.readyState === 'complete'", PATIENCE).await?;
        save(&file, &text.replace("With trumpets.", "With drums."));
        browser.until(&seen("With drums."), PATIENCE).await?;

        // And where a heading is new, for which the page is loaded again.
        browser.value("window.scrollTo({ top: 0, behavior: 'instant' })").await?;
        browser.value("window.mark = 1").await?;
        let line = text.lines().find(|line| line.contains("With trumpets.")).expect("the turn");
        let longer = text.replace(line, &format!("## Coda\n\n{line} And a choir."));
        save(&file, &longer);
        browser.until(&seen("And a choir."), PATIENCE).await?;
        assert_eq!(browser.value(SAME).await?, false, "the page was not loaded again");
        save(&file, &text);
        browser.until(&seen("With trumpets."), PATIENCE).await?;

        // And not when it is switched off again.
        browser.value(&press(".follow")).await?;
        browser.value("window.scrollTo({ top: 0, behavior: 'instant' })").await?;
        save(&file, &text.replace("It rings now.", "It rings at last."));
        browser.until(&says("It rings at last."), PATIENCE).await?;
        assert_eq!(browser.value("scrollY").await?, 0, "it stays where it is");
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn a_mistake_leaves_the_page_with_the_message_over_it_until_it_is_mended() {
    let site = sample();
    let file = transcript(site.path());
    let text = fs::read_to_string(&file).expect("the transcript");
    let preview = Preview::of(site.path());
    with_browser(&Window::WIDE, async |browser: &Browser| {
        let page = format!("{}/en/forty-kilobytes-of-search.html", preview.address);
        browser.client.goto(&page).await?;
        let title = "document.querySelector('h1').innerText.includes('Forty kilobytes of search')";
        browser.until(title, PATIENCE).await?;
        browser.value("window.mark = 1").await?;

        let broken = text.replace("title: Forty", "title: Forty: ");
        fs::write(&file, &broken).expect("a saved file");
        browser.until(MESSAGE, PATIENCE).await?;
        // The last good page stands under the message.
        browser.until("document.body.innerText.includes('It rings now.')", PATIENCE).await?;
        assert_eq!(browser.value(title).await?, true, "the last good title");

        fs::write(&file, &text).expect("a saved file");
        browser.until(&format!("!{MESSAGE}"), PATIENCE).await?;
        browser.until(title, PATIENCE).await?;
        assert_eq!(browser.value(SAME).await?, true, "the page was loaded again");
        Ok(())
    });
}

/// No file of an author's ends in a fault of the program's own, as far as is known: this preview has one
/// of its own making.
#[test]
fn a_fault_of_the_program_s_own_is_a_page_that_the_next_save_mends() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("a.md");
    let write = |text: &str| fs::write(&file, text).expect("a transcript");
    write("**Host:** UNSHOWABLE\n");
    let make = |inputs: &Inputs| {
        let today = "2026-11-20".to_owned();
        let options = Options { base_url: None, drafts: false, future: false, today };
        let edition = Edition::of(run(inputs, &options));
        let Edition { render, .. } = edition;
        let render: Render = Box::new(move |path| {
            let page = render(path)?;
            let fault = String::from_utf8_lossy(&page).contains("UNSHOWABLE");
            assert!(!fault, "no <b>way</b> to show {path}");
            Ok(page)
        });
        Edition { render, ..edition }
    };
    let settings = Settings { bind: "127.0.0.1".into(), port: Some(0), poll: false };
    let mut reader = Reader::new(Folder { root: dir.path().to_owned(), has_content: false });
    let inputs = reader.read();
    let running =
        start(&settings, (reader, inputs), Box::new(make), Arc::new(|_| ())).expect("it starts");
    with_browser(&Window::WIDE, async |browser: &Browser| {
        browser.client.goto(&format!("http://{}/a.html", running.address)).await?;
        let fault = "document.querySelector('h1').textContent === 'A fault in postil' &&
            document.querySelector('pre').textContent === 'no <b>way</b> to show a.html' &&
            getComputedStyle(document.querySelector('main')).maxWidth === '1152px'";
        browser.until(fault, PATIENCE).await?;
        write("**Host:** All is well.\n");
        browser.until(&says("All is well."), PATIENCE).await?;
        browser
            .until("!document.querySelector('h1').textContent.includes('fault')", PATIENCE)
            .await?;
        // And a page that was well shows it, too.
        write("**Host:** UNSHOWABLE again\n");
        browser.until(fault, PATIENCE).await?;
        write("**Host:** All is well again.\n");
        browser.until(&says("All is well again."), PATIENCE).await
    });
}
