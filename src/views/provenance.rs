//! Where a transcript comes from: labelled facts for the page's head.

use serde::Serialize;

use super::article::joined;
use super::frame::Links;
use super::players;
use super::topics::{self, TopicLink};
use super::voices::Voice;
use crate::config::{Correction, Medium};
use crate::document::Credit;
use crate::i18n::{self, Words};
use crate::render::{Html, text, url};
use crate::site::{Grouping, Page, Site, Summary};

/// One labelled fact.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    /// What it is, in the page's language or as the source writes it.
    pub label: String,
    /// The fact, with links.
    pub html: Html,
}

/// The facts that a page's head and front matter give, in a fixed order.
pub(super) fn of(site: &Site, page: &Page, voices: &[Voice]) -> Vec<Fact> {
    let document = &page.file;
    let front = &document.front;
    let words = site.words(&page.language);
    let mut facts = Facts { found: Vec::new() };
    facts.text(&words.publisher, front.publisher.as_deref());
    facts.link(&words.original, original(document));
    facts.date(&words.retrieved, front.retrieved.as_ref().map(|date| date.iso.as_str()), words);
    facts.date(&words.updated, front.updated.as_ref().map(|date| date.iso.as_str()), words);
    for credit in &document.head.credits {
        facts.credit(site, page, credit);
    }
    authors(&mut facts, page, words, voices);
    for credit in &front.credits {
        let role = match credit.role.as_str() {
            "transcript" => &words.transcript_by,
            "translation" => &words.translation_by,
            other => other,
        };
        facts.text(role, Some(&joined(credit.names.iter().map(String::as_str), words)));
    }
    facts.text(&words.duration, front.duration.as_deref());
    let media = untold(&players::recordings(front, &document.head), original(document));
    facts.media(site, page, &words.recording, &media);
    facts.tags(site, page, &words.tags);
    facts.text(&words.licence, front.licence.as_deref());
    for resource in &front.resources {
        facts.titled(&words.resources, &resource.title, &resource.url);
    }
    for correction in &front.corrections {
        facts.text(&words.corrections, Some(&corrected(correction, words)));
    }
    facts.found
}

/// A correction with its date; its colon is as wide as the date's last character.
fn corrected(correction: &Correction, words: &Words) -> String {
    let Some(date) = correction.date.as_deref() else { return correction.text.clone() };
    let date = i18n::date(date, words);
    if correction.text.is_empty() {
        return date;
    }
    let colon = if date.ends_with(|c: char| c.is_ascii()) { ": " } else { "：" };
    format!("{date}{colon}{}", correction.text)
}

/// The original's address: front matter's, else that of the line below the title.
pub(super) fn original(document: &Summary) -> Option<&str> {
    let said = document.front.original.as_ref().map(|original| original.value.as_str());
    said.or(document.head.original.as_deref())
}

/// Each recording once, without the original's own address: that is told already. A video's id is
/// a part of its address.
fn untold(media: &[Medium], original: Option<&str>) -> Vec<Medium> {
    let tells = |address: &str, medium: &Medium| {
        address == medium.url || is_video_id(&medium.url) && address.contains(&medium.url)
    };
    let is_told = |(at, medium): (usize, &Medium)| {
        let others = media.iter().enumerate();
        original.is_some_and(|address| tells(address, medium))
            || others.filter(|(other, _)| *other != at).any(|(other, one)| {
                tells(&one.url, medium) && (other < at || one.url != medium.url)
            })
    };
    let each = media.iter().enumerate();
    each.filter(|one| !is_told(*one)).map(|(_, medium)| medium.clone()).collect()
}

/// Authors whom front matter names, unless a credit line or the list of speakers does already.
fn authors(facts: &mut Facts, page: &Page, words: &Words, voices: &[Voice]) {
    let document = &page.file;
    let credited = |name: &str| {
        let in_line = |credit: &Credit| credit.names.contains(name);
        document.head.credits.iter().any(in_line) || voices.iter().any(|voice| voice.name == name)
    };
    let people = document.front.people.iter().filter(|person| person.role == "author");
    let names: Vec<&str> =
        people.map(|person| person.name.as_str()).filter(|name| !credited(name)).collect();
    facts.text(words.role("author"), Some(&joined(names, words)));
}

struct Facts {
    found: Vec<Fact>,
}

impl Facts {
    fn push(&mut self, label: &str, html: String) {
        self.found.push(Fact { label: label.to_owned(), html: Html(html) });
    }

    fn text(&mut self, label: &str, words: Option<&str>) {
        if let Some(words) = words.map(str::trim).filter(|words| !words.is_empty()) {
            let mut html = String::new();
            text(&mut html, words);
            self.push(label, html);
        }
    }

    fn date(&mut self, label: &str, iso: Option<&str>, words: &Words) {
        if let Some(iso) = iso {
            let day = iso.split('T').next().unwrap_or(iso);
            let mut html = String::from("<time datetime=\"");
            text(&mut html, day);
            html.push_str("\">");
            text(&mut html, &i18n::date(iso, words));
            html.push_str("</time>");
            self.push(label, html);
        }
    }

    fn link(&mut self, label: &str, target: Option<&str>) {
        if let Some(target) = target {
            self.titled(label, host(target), target);
        }
    }

    /// A credit line; words that are an address are a link, and so are those that lead somewhere.
    fn credit(&mut self, site: &Site, page: &Page, credit: &Credit) {
        let Credit { role, names, url } = credit;
        let Some(url) = url.as_deref().filter(|url| !url.is_empty()) else {
            return self.titled(role, if is_web(names) { host(names) } else { names }, names);
        };
        match site.routes.resolve(&page.content, &page.path, url) {
            Some(target) => self.push(role, anchor(names, &target)),
            None => self.titled(role, names, url),
        }
    }

    fn titled(&mut self, label: &str, title: &str, target: &str) {
        if is_web(target) {
            self.push(label, anchor(title, target));
        } else {
            self.text(label, Some(if title.is_empty() { target } else { title }));
        }
    }

    /// Each tag with the link to its page.
    fn tags(&mut self, site: &Site, page: &Page, label: &str) {
        let links = Links::from(site, &page.path);
        let tags = &page.file.front.tags;
        let one = |tag: &String| {
            let TopicLink { href, name } = topics::link(site, Grouping::Tags, tag, &links);
            anchor(&name, &href)
        };
        let all: Vec<String> = tags.iter().map(one).collect();
        if !all.is_empty() {
            self.push(label, joined(all.iter().map(String::as_str), site.words(&page.language)));
        }
    }

    fn media(&mut self, site: &Site, page: &Page, label: &str, media: &[Medium]) {
        for medium in media {
            let inside = site.routes.resolve(&page.content, &page.path, &medium.url);
            match inside {
                Some(target) => {
                    let name = medium.url.rsplit('/').next().unwrap_or(&medium.url);
                    self.push(label, anchor(name, &target));
                }
                None if medium.key == "video_id" && is_video_id(&medium.url) => {
                    let target = format!("https://www.youtube.com/watch?v={}", medium.url);
                    self.push(label, anchor(place_name(&target), &target));
                }
                None => self.titled(label, place_name(&medium.url), &medium.url),
            }
        }
    }
}

fn anchor(title: &str, target: &str) -> String {
    let mut html = String::from("<a href=\"");
    url(&mut html, target);
    html.push_str("\">");
    text(&mut html, if title.is_empty() { target } else { title });
    html.push_str("</a>");
    html
}

/// Where a recording is, by the name that people know.
fn place_name(target: &str) -> &str {
    const KNOWN: [(&str, &str); 7] = [
        ("youtube.com", "YouTube"),
        ("youtu.be", "YouTube"),
        ("vimeo.com", "Vimeo"),
        ("spotify.com", "Spotify"),
        ("podcasts.apple.com", "Apple Podcasts"),
        ("soundcloud.com", "SoundCloud"),
        ("bilibili.com", "哔哩哔哩"),
    ];
    let host = host(target);
    let is = |known: &str| {
        host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let known = KNOWN.iter().find(|(known, _)| is(known));
    known.map_or(host, |(_, name)| name)
}

/// What YouTube calls a video.
pub(super) fn is_video_id(text: &str) -> bool {
    text.len() == 11
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether a URL may be a link: addresses in settings are not checked by the parser.
pub(super) fn is_web(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://")
}

/// `mp.weixin.qq.com` of a URL; the whole text where there is no host.
pub(super) fn host(target: &str) -> &str {
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.strip_prefix("www.").unwrap_or(host);
    if host.is_empty() { target } else { host }
}
