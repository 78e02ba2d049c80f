//! From a request to an answer: who may ask, what a path means, and the bytes with what the
//! preview adds to them.
//!
//! A request's path is looked up in the table of outputs and nowhere else: no path of the
//! file system is ever made from it. The pages themselves are not changed; the script and the
//! messages join them here.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::http::{Answer, Ask, Body};
use super::mime;
use super::names::Names;
use super::overlay::{self, Joined};
use super::parts::{file, is_known, known, tag_of};
use super::preview::{Found, Preview, Shown, Target};
use super::survey;
use crate::pipeline::Output;
use crate::views::POLICY;

/// What stays as it is in a path.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Answers a request. A fault of the program's own is an answer, too.
pub fn answer(preview: &Preview, names: &Names, ask: &Ask) -> Answer {
    let path = ask.target.split(['?', '#']).next().unwrap_or_default();
    let state = preview.state();
    let make = || match admit(names, ask) {
        Err(refusal) => refusal,
        Ok(()) if path == EVENTS => events(preview, names, ask),
        Ok(()) => content(preview, ask, path),
    };
    // What others see of a thread that panics is under locks, which know that.
    let answer = panic::catch_unwind(AssertUnwindSafe(make));
    guarded(answer.unwrap_or_else(|fault| failed(preview, path, &state, &*fault)))
}

/// What is said in place of what could not be made: on a page with the script, so that the next save
/// is tried. Nothing is asked of the edition, which may fail again.
fn failed(preview: &Preview, path: &str, state: &str, fault: &(dyn Any + Send)) -> Answer {
    let said = fault.downcast_ref::<&str>().copied();
    let said = said.or_else(|| fault.downcast_ref::<String>().map(String::as_str));
    let said = said.unwrap_or("it left no message");
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.contains('.') && !name.ends_with(".html") {
        return Answer::text(500, &format!("A fault in postil: {said}"));
    }
    let page = overlay::fault_page(said);
    let path = decode(path).unwrap_or_default();
    let joined = Joined { page: &path, state };
    let bytes = overlay::join(page.as_bytes(), &preview.nothing(), joined);
    Answer::new(500, bytes).with("Content-Type", mime::of("x.html"))
}

/// Where pages listen.
const EVENTS: &str = "/_postil/events";

/// Headers that every answer carries.
fn guarded(answer: Answer) -> Answer {
    answer
        .with("X-Content-Type-Options", "nosniff")
        .with("Cache-Control", "no-store")
        .with("Content-Security-Policy", POLICY)
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Resource-Policy", "same-origin")
}

/// The host must be ours, the method one that only reads.
fn admit(names: &Names, ask: &Ask) -> Result<(), Answer> {
    let Some(host) = ask.header("Host") else {
        return Err(Answer::text(400, "A request needs one Host header."));
    };
    let target_is_ours = ask.authority.as_deref().is_none_or(|target| names.allow(target));
    if !names.allow(host) || !target_is_ours {
        let message = "This preview answers to localhost only. To use it from another machine, \
                       start it with --bind and that machine's view of this one's address.";
        return Err(Answer::text(403, message));
    }
    if !matches!(ask.method.as_str(), "GET" | "HEAD") {
        let refusal = Answer::text(405, "A preview is only read: GET or HEAD.");
        return Err(refusal.with("Allow", "GET, HEAD"));
    }
    Ok(())
}

/// The stream of events. Pages of other sites do not listen.
fn events(preview: &Preview, names: &Names, ask: &Ask) -> Answer {
    let ours = ask.header("Origin").is_some_and(|origin| names.allow_origin(origin));
    if ask.count("Origin") > 0 && !ours {
        return Answer::text(403, "Only pages of this preview may listen.");
    }
    let answer = Answer::new(200, "").with("Content-Type", "text/event-stream");
    if ask.method == "HEAD" {
        return answer;
    }
    match preview.listeners.join(|| preview.state()) {
        Some(stream) => Answer { body: Body::Stream(stream), ..answer },
        None => Answer::text(503, "Too many pages listen already.").with("Retry-After", "5"),
    }
}

fn content(preview: &Preview, ask: &Ask, path: &str) -> Answer {
    match path {
        "/_postil/reload.js" => known(ask, "x.js", overlay::SCRIPT.as_bytes()),
        "/_postil/state" => Answer::text(200, &preview.state()),
        "/_postil" => Answer::text(302, "This is a folder.").with("Location", "/_postil/"),
        "/_postil/" => html(ask, 200, survey::page(preview)),
        "/_postil/preview.css" => known(ask, "x.css", overlay::STYLE.as_bytes()),
        _ => match decode(path) {
            Some(path) => match preview.resolve(&path) {
                Target::Output(path) => output(preview, ask, &path, 200),
                Target::Folder(path) => elsewhere("This is a folder.", &path),
                Target::Moved(path) => elsewhere("This page has moved.", &path),
                Target::None => output(preview, ask, "404.html", 404),
            },
            None => Answer::text(400, "This is not a path."),
        },
    }
}

fn elsewhere(why: &str, path: &str) -> Answer {
    let place = format!("/{}", utf8_percent_encode(path, PATH));
    Answer::text(302, why).with("Location", place)
}

/// The path that a request names, without its first slash. None when it is none.
fn decode(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    // No output has such a name. Saying so early keeps them from whatever comes later.
    let climbs = decoded.split('/').any(|part| matches!(part, "." | ".."));
    let odd = decoded.contains(['\0', '\\']);
    (!climbs && !odd).then(|| decoded.nfc().collect())
}

/// An output with a status, or a bare page when there is no such output.
fn output(preview: &Preview, ask: &Ask, path: &str, status: u16) -> Answer {
    let state = preview.state();
    let joined = Joined { page: path, state: &state };
    let Some(shown) = preview.show(path) else {
        let page = overlay::bare_page("Not found", "There is no page at this address.");
        return html(ask, 404, overlay::join(page.as_bytes(), &preview.nothing(), joined));
    };
    let answer = match &shown.found {
        Found::Page(bytes) => page(ask, status, bytes.as_deref(), &shown, joined),
        Found::Asset(Output::Copy(asset)) => file(ask, path, asset),
        Found::Asset(Output::Bytes(bytes)) if path.ends_with(".html") => {
            page(ask, status, Some(bytes), &shown, joined)
        }
        Found::Asset(Output::Bytes(bytes)) => known(ask, path, bytes),
        Found::Asset(Output::Page) => Answer::text(500, "A page without bytes."),
    };
    // As the hosts that read `_headers` send it.
    if shown.noindex { answer.with("X-Robots-Tag", "noindex") } else { answer }
}

/// A page; HTML with the messages and the script.
fn page(ask: &Ask, status: u16, bytes: Option<&[u8]>, shown: &Shown, joined: Joined) -> Answer {
    let is_html = joined.page.ends_with(".html");
    match bytes {
        Some(bytes) if is_html => html(ask, status, overlay::join(bytes, shown, joined)),
        Some(bytes) => known(ask, joined.page, bytes),
        None if is_html => {
            let text = "This page cannot be made yet; the message says why.";
            let page = overlay::bare_page("Not made", text);
            html(ask, 500, overlay::join(page.as_bytes(), shown, joined))
        }
        None => Answer::text(500, &overlay::plain(&shown.errors)),
    }
}

fn html(ask: &Ask, status: u16, bytes: Vec<u8>) -> Answer {
    let tag = tag_of(&bytes);
    if status == 200 && is_known(ask, &tag) {
        return Answer::new(304, "").with("ETag", tag);
    }
    Answer::new(status, bytes).with("Content-Type", mime::of("x.html")).with("ETag", tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_a_page_where_a_page_was_asked_for() {
        let preview = Preview::new("run".to_owned(), Box::new(|_| ()));
        let kind = |path: &str, fault: &(dyn Any + Send)| {
            let answer = failed(&preview, path, "run.0", fault);
            assert_eq!(answer.status, 500);
            let Body::Bytes(bytes) = answer.body else { panic!("{path} is no text") };
            assert!(
                String::from_utf8_lossy(&bytes).contains("no &lt;way&gt;") != path.ends_with(".js")
            );
            answer.headers[0].1.clone()
        };
        let said = "no <way>".to_owned();
        for path in ["/", "/a", "/a.b/c", "/a.html", "/_postil/", "/%ff"] {
            assert_eq!(kind(path, &said), "text/html; charset=utf-8", "{path}");
            assert_eq!(kind(path, &"no <way>"), "text/html; charset=utf-8", "{path}");
        }
        assert_eq!(kind("/search/a.js", &said), "text/plain; charset=utf-8");
    }

    #[test]
    fn a_path_is_decoded_once_and_composed() {
        assert_eq!(decode("/a%20b").as_deref(), Some("a b"));
        assert_eq!(decode("/%252e").as_deref(), Some("%2e"));
        assert_eq!(decode("/e%CC%81").as_deref(), Some("é"));
        for bad in [
            "/%00",
            "/a%00.html",
            "/..",
            "/a/../b",
            "/%2e%2e/a",
            "/.%2e/a",
            "/a%2f..",
            "/a%5cb",
            "/./a",
        ] {
            assert_eq!(decode(bad), None, "{bad}");
        }
        assert_eq!(decode("/a..b/...").as_deref(), Some("a..b/..."));
        assert_eq!(decode("/%ff"), None);
        assert_eq!(decode("http://example.org/"), None);
    }
}
