//! What new readers come for, on a phone: who says a word, what somebody says about something,
//! and a link to it. Each in three actions or fewer, with scripts and without.

use fantoccini::error::CmdError;
use serde_json::json;

use crate::SOON;
use crate::driver::{Browser, Window, with_browser};
use crate::host::{Host, tree};
use crate::shared::built_sample;

const STILL: Window = Window { scripts: false, ..Window::PHONE };

/// Somebody with a phone, who counts.
struct Reader<'a> {
    browser: &'a Browser,
    actions: usize,
}

impl Reader<'_> {
    /// Taps what an expression gives, which is on the page and can be seen.
    async fn taps(&mut self, element: &str) -> Result<(), CmdError> {
        self.browser.until(&format!("!!({element})"), SOON).await?;
        self.browser.value(&format!("({element}).scrollIntoView({{ block: 'center' }})")).await?;
        let at = self.browser.middle(element).await?;
        let there = format!(
            "(top => top === ({element}) || ({element}).contains(top))(document.elementFromPoint({}, {}))",
            at.x, at.y
        );
        assert_eq!(self.browser.value(&there).await?, true, "{element} is covered");
        self.actions += 1;
        self.browser.tap(at).await
    }

    /// Taps a link in the navigation, by its file.
    async fn goes_to(&mut self, file: &str) -> Result<(), CmdError> {
        self.taps(&format!("document.querySelector('.site nav a[href$=\"{file}\"]')")).await?;
        self.is_at(file).await
    }

    async fn is_at(&self, file: &str) -> Result<(), CmdError> {
        let there = format!(
            "decodeURIComponent(location.pathname).endsWith('{file}') && document.readyState === 'complete'"
        );
        self.browser.until(&there, SOON).await
    }

    /// Writes into a field, as a keyboard does; it is tapped first.
    async fn writes(&mut self, field: &str, words: &str) -> Result<(), CmdError> {
        self.taps(field).await?;
        self.browser.until(&format!("document.activeElement === {field}"), SOON).await?;
        self.browser.devtools("Input.insertText", json!({ "text": words })).await.map(drop)
    }

    /// Whether the address leads to a turn in the window that has the words; who speaks in it.
    async fn reads(&self, words: &str) -> Result<String, CmdError> {
        let seen = format!(
            "(() => {{
                const target = document.querySelector(':target'), turn = target && target.closest('.turn');
                const box = target && target.getBoundingClientRect();
                return !!turn && box.top < innerHeight && box.bottom > 0
                    && turn.innerText.toLowerCase().includes('{}');
            }})()",
            words.to_lowercase()
        );
        self.browser.until(&seen, SOON).await?;
        let who = "document.querySelector(':target').closest('.turn').querySelector('.who a').textContent";
        Ok(self.browser.value(who).await?.as_str().expect("a name").to_owned())
    }
}

/// A reader who has opened the sample site.
fn tried(window: &Window, test: impl AsyncFnOnce(&mut Reader<'_>) -> Result<(), CmdError>) {
    let host = Host::new(tree(built_sample()), "/");
    with_browser(window, async |browser: &Browser| {
        browser.client.goto(&host.url("index.html")).await?;
        let mut reader = Reader { browser, actions: 0 };
        test(&mut reader).await?;
        assert!(reader.actions <= 3, "it took {} actions", reader.actions);
        assert_eq!(browser.complaints().await?, Vec::<String>::new(), "the console");
        Ok(())
    });
}

#[test]
fn who_says_rag_by_the_search() {
    tried(&Window::PHONE, async |reader| {
        reader.goes_to("search/index.html").await?;
        reader.writes("document.querySelector('[name=q]')", "RAG").await?;
        let hit = "[...document.querySelectorAll('.hits .lines a')].find(hit => hit.textContent.includes('RAG'))";
        reader.taps(hit).await?;
        reader.reads("RAG").await.map(drop)
    });
}

/// The first line of a term's page that a certain speaker says, or anybody.
fn line_of(speaker: &str) -> String {
    format!(
        "[...document.querySelectorAll('ul.lines a')].find(line => {{
            const who = line.querySelector('small'); return who && who.textContent.includes('{speaker}') }})"
    )
}

/// From the home page by the glossary to a sentence with a term, said by somebody or anybody.
async fn by_the_glossary(
    reader: &mut Reader<'_>,
    id: &str,
    speaker: &str,
    words: &str,
) -> Result<(), CmdError> {
    reader.goes_to("glossary/index.html").await?;
    reader.taps(&format!("document.querySelector('main a[href=\"{id}.html\"]')")).await?;
    reader.is_at(&format!("glossary/{id}.html")).await?;
    let line = line_of(speaker);
    let said = format!("({line}).querySelector('small').textContent");
    let named = reader.browser.value(&said).await?;
    reader.taps(&line).await?;
    assert_eq!(named, reader.reads(words).await?, "the line names who speaks");
    Ok(())
}

#[test]
fn who_says_rag_by_the_glossary() {
    for window in [Window::PHONE, STILL] {
        tried(&window, async |reader| by_the_glossary(reader, "rag", "", "RAG").await);
    }
}

#[test]
fn what_the_programmer_says_about_open_source() {
    for window in [Window::PHONE, STILL] {
        tried(&window, async |reader| {
            by_the_glossary(reader, "open-source", "Programmer", "open source").await
        });
    }
}

#[test]
fn send_me_that_sentence() {
    for window in [Window::PHONE, STILL] {
        tried(&window, async |reader| {
            let talk = "en/forty-kilobytes-of-search.html";
            reader.taps(&format!("document.querySelector('main h2 a[href=\"{talk}\"]')")).await?;
            reader.is_at(talk).await?;
            let turn = "document.querySelectorAll('.turn')[20]";
            let words = reader
                .browser
                .value(&format!(
                    "{turn}.querySelector('p:not(.who)').innerText.slice(0, 20).toLowerCase()"
                ))
                .await?;
            let words = words.as_str().expect("words").replace('\'', "\\'");
            reader.taps(&format!("{turn}.querySelector('a.pl')")).await?;
            reader.browser.until("location.hash.startsWith('#t-')", SOON).await?;
            // What a friend opens who gets the address.
            let address = reader.browser.value("location.href").await?;
            reader.browser.client.goto("about:blank").await?;
            reader.browser.client.goto(address.as_str().expect("an address")).await?;
            reader.reads(&words).await.map(drop)
        });
    }
}
