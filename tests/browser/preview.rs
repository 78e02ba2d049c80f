//! The live preview, as someone who writes sees it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

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
        let mut process = Command::new(env!("CARGO_BIN_EXE_postil"))
            .args(["serve", "--port", "0"])
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

#[test]
fn the_open_page_follows_what_is_written() {
    let site = sample();
    let file = transcript(site.path());
    let text = fs::read_to_string(&file).expect("the transcript");
    let preview = Preview::of(site.path());
    with_browser(&Window::WIDE, async |browser: &Browser| {
        let page = format!("{}/en/forty-kilobytes-of-search.html", preview.address);
        browser.client.goto(&page).await?;
        browser.until("document.body.innerText.includes('It rings now.')", PATIENCE).await?;

        fs::write(&file, text.replace("It rings now.", "It rings, and how."))
            .expect("a saved file");
        browser.until("document.body.innerText.includes('It rings, and how.')", PATIENCE).await?;
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

        let broken = text.replace("title: Forty", "title: Forty: ");
        fs::write(&file, &broken).expect("a saved file");
        browser.until(MESSAGE, PATIENCE).await?;
        // The last good page stands under the message.
        browser.until("document.body.innerText.includes('It rings now.')", PATIENCE).await?;
        assert_eq!(browser.value(title).await?, true, "the last good title");

        fs::write(&file, &text).expect("a saved file");
        browser.until(&format!("!{MESSAGE}"), PATIENCE).await?;
        browser.until(title, PATIENCE).await?;
        Ok(())
    });
}
