//! `site.yaml`: the site's own settings. All keys are optional.

use crate::diagnostics::{Diagnostic, Severity};
use crate::glossary::decode::{language, localized, mark_rule};
use crate::glossary::{Localized, MarkRule};
use crate::source::{Source, Span};
use crate::yaml::{self, Decoder, Entry, Node, Value};

/// The site's settings, complete: every key has a default.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// The site's name; none takes the folder's.
    pub title: Option<Localized>,
    /// Language of the navigation and of documents that do not say; none is found from the
    /// documents.
    pub language: Option<String>,
    /// What the site is, one or two sentences.
    pub description: Option<Localized>,
    /// Absolute, with a trailing slash; none where the site is not published yet.
    pub base_url: Option<String>,
    /// How canonical links name pages.
    pub canonical: Canonical,
    /// With `{path}` and `{line}`.
    pub edit_url: Option<String>,
    /// Where the content security policy is told.
    pub csp: Csp,
    /// Entries a list page.
    pub paginate: usize,
    /// In which other forms each transcript is written beside its page.
    pub exports: Vec<Export>,
    /// Which mentions are shown.
    pub mark: MarkRule,
    /// Ids of terms that are shown nowhere.
    pub glossary_off: Vec<String>,
    /// Whether there is a search page.
    pub search: bool,
    /// Folders, relative to `content/`, whose raw HTML is kept.
    pub trust: Vec<String>,
    /// Colours and fonts.
    pub theme: Theme,
    /// The author's own, for templates.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// How canonical links name pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Canonical {
    /// `x.html`.
    #[default]
    File,
    /// `x`.
    Clean,
}

/// Where the content security policy is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Csp {
    /// In `_headers`, for hosts that read it.
    #[default]
    Header,
    /// In each page.
    Meta,
    /// Nowhere.
    Off,
}

/// Another form of a transcript, beside its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Export {
    /// The canonical Markdown.
    Markdown,
    /// postil's own JSON (`docs/data.md`).
    Json,
    /// Plain text with speakers.
    Text,
    /// WebVTT, where times are known.
    Vtt,
    /// SubRip, where times are known.
    Srt,
    /// Podcasting 2.0 JSON, where times are known.
    Podcast,
}

impl Export {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Markdown, Self::Json, Self::Text, Self::Vtt, Self::Srt, Self::Podcast];

    /// The output path of this form of the page at an output path.
    pub fn path(self, page: &str) -> String {
        let stem = page.strip_suffix(".html").unwrap_or(page);
        match self {
            Self::Podcast => format!("{stem}.podcast.json"),
            _ => format!("{stem}.{}", self.name()),
        }
    }

    /// The word in `site.yaml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Text => "txt",
            Self::Vtt => "vtt",
            Self::Srt => "srt",
            Self::Podcast => "podcast",
        }
    }

    /// Whether it tells when everything is said.
    pub fn is_timed(self) -> bool {
        matches!(self, Self::Vtt | Self::Srt | Self::Podcast)
    }
}

/// Colours and fonts.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Theme {
    /// A CSS colour (`#rgb` or `#rrggbb`).
    pub accent: Option<String>,
    /// Whether running text is set in a serif font.
    pub serif: bool,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            title: None,
            language: None,
            description: None,
            base_url: None,
            canonical: Canonical::default(),
            edit_url: None,
            csp: Csp::default(),
            paginate: 50,
            exports: Vec::new(),
            mark: MarkRule::default(),
            glossary_off: Vec::new(),
            search: true,
            trust: Vec::new(),
            theme: Theme::default(),
            extra: serde_json::Map::new(),
        }
    }
}

impl SiteConfig {
    /// Whether the raw HTML of the file with this content path is kept.
    pub fn trusts(&self, content: &str) -> bool {
        self.trust.iter().any(|folder| {
            let folder = folder.trim_matches('/');
            content.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

const KEYS: [&str; 14] = [
    "title",
    "language",
    "description",
    "base_url",
    "canonical",
    "edit_url",
    "csp",
    "paginate",
    "exports",
    "glossary",
    "search",
    "trust",
    "theme",
    "extra",
];
const CANONICAL: [(&str, Canonical); 2] = [("file", Canonical::File), ("clean", Canonical::Clean)];
const CSP: [(&str, Csp); 3] = [("header", Csp::Header), ("meta", Csp::Meta), ("off", Csp::Off)];

/// Reads `site.yaml`. Keys are checked: a misspelt one is an error with the nearest known key.
pub fn read(source: &Source) -> (SiteConfig, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::parse(source, Span::new(0, source.text().len()));
    let mut decoder = Decoder::new(source, Severity::Error);
    let mut config = SiteConfig::default();
    match root {
        None => {}
        Some(Node { value: Value::Map(entries), .. }) => {
            entries.iter().for_each(|entry| key(&mut config, &mut decoder, entry));
        }
        Some(root) => diagnostics.push(no_keys(source, root.span)),
    }
    diagnostics.append(&mut decoder.finish());
    (config, diagnostics)
}

fn key(config: &mut SiteConfig, decoder: &mut Decoder<'_>, entry: &Entry) {
    let (key, value) = (entry.key.as_str(), &entry.value);
    match key {
        "title" => config.title = some(localized(decoder, key, value)),
        "description" => config.description = some(localized(decoder, key, value)),
        "language" => config.language = language(decoder, key, value),
        "base_url" => {
            config.base_url = checked(decoder, key, value, "site/base-url", normalise_base_url)
        }
        "edit_url" => config.edit_url = checked(decoder, key, value, "site/edit-url", edit_url),
        "canonical" => {
            let words = CANONICAL.map(|(word, _)| word);
            let at = decoder.choice(key, value, &words);
            config.canonical = at.map_or(Canonical::default(), |at| CANONICAL[at].1);
        }
        "csp" => {
            let words = CSP.map(|(word, _)| word);
            config.csp = decoder.choice(key, value, &words).map_or(Csp::default(), |at| CSP[at].1);
        }
        "paginate" => config.paginate = decoder.number(key, value, 1).unwrap_or(config.paginate),
        "exports" => config.exports = exports(decoder, value),
        "search" => config.search = decoder.flag(key, value).unwrap_or(true),
        "trust" => config.trust = trust(decoder, value),
        "glossary" => glossary(config, decoder, value),
        "theme" => theme(config, decoder, value),
        "extra" => {
            let entries = decoder.entries(key, value).iter();
            config.extra = entries.map(|own| (own.key.clone(), own.value.to_json())).collect();
        }
        _ => decoder.unknown_key(entry, &KEYS, "site.yaml"),
    }
}

fn some(text: Localized) -> Option<Localized> {
    Some(text).filter(|text| !text.is_empty())
}

/// A text that a function accepts and normalises; what it says instead goes to the author.
fn checked(
    decoder: &mut Decoder<'_>,
    key: &str,
    node: &Node,
    code: &'static str,
    check: impl Fn(&str) -> Result<String, Refusal>,
) -> Option<String> {
    let text = decoder.line(key, node)?;
    match check(&text.value) {
        Ok(value) => Some(value),
        Err(refusal) => {
            let message = format!("`{key}` {}", refusal.why);
            decoder.complain(code, text.span, message, refusal.hint.to_owned());
            None
        }
    }
}

/// Why a value was refused, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Completes a sentence that begins with the value's name: `should start with https://`.
    pub why: String,
    /// What to do.
    pub hint: &'static str,
}

/// An absolute URL with a trailing slash, for `base_url` and `--base-url`.
///
/// # Errors
/// When it is not absolute, not http(s), has no host, or has a query or fragment.
pub fn normalise_base_url(text: &str) -> Result<String, Refusal> {
    let hint = "write it like `https://example.org/reading/`";
    let refuse = |why: &str| Err(Refusal { why: why.to_owned(), hint });
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
    });
    let Some(rest) = rest else {
        return refuse("should be an absolute URL that starts with `https://` or `http://`");
    };
    let host = rest.split('/').next().unwrap_or("");
    if host.is_empty() || host.starts_with(':') || host.contains('@') {
        return refuse("should name a host, and nobody's password");
    }
    if rest.contains(['?', '#']) {
        return refuse("should have neither a query (`?`) nor a fragment (`#`)");
    }
    let odd =
        |char: char| char.is_whitespace() || char.is_control() || "\"<>\\^`{|}".contains(char);
    if rest.contains(odd) {
        return refuse("should have no spaces, quotes or brackets");
    }
    let slash = if text.ends_with('/') { "" } else { "/" };
    Ok(format!("{text}{slash}"))
}

fn edit_url(text: &str) -> Result<String, Refusal> {
    let hint = "write it like `https://example.org/repo/edit/main/{path}#L{line}`";
    let refuse = |why: &str| Err(Refusal { why: why.to_owned(), hint });
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return refuse("should be an absolute URL that starts with `https://` or `http://`");
    }
    if !text.contains("{path}") {
        return refuse("should say with `{path}` where the file's path goes");
    }
    if text.replace("{path}", "").replace("{line}", "").contains(['{', '}', ' ', '"']) {
        return refuse("knows `{path}` and `{line}` only");
    }
    Ok(text.to_owned())
}

/// In the order of [`Export::ALL`], each once.
fn exports(decoder: &mut Decoder<'_>, node: &Node) -> Vec<Export> {
    let mut exports = Vec::new();
    for text in decoder.list("exports", node) {
        match Export::ALL.iter().find(|one| one.name().eq_ignore_ascii_case(&text.value)) {
            Some(export) => exports.push(*export),
            None => decoder.unknown_word("exports", &text, &Export::ALL.map(Export::name)),
        }
    }
    Export::ALL.into_iter().filter(|export| exports.contains(export)).collect()
}

/// Folders below `content/`, without slashes at the ends.
fn trust(decoder: &mut Decoder<'_>, node: &Node) -> Vec<String> {
    let mut folders = Vec::new();
    for text in decoder.list("trust", node) {
        let folder = text.value.trim_end_matches('/').trim_start_matches("./");
        let outside = text.value.starts_with('/')
            || text.value.contains('\\')
            || folder.split('/').any(|part| part == ".." || part.is_empty());
        if outside {
            let message = format!("`trust` cannot name `{}`", text.value);
            let hint = "name a folder below content/, like `archive/html`".to_owned();
            decoder.complain("site/trust", text.span, message, hint);
        } else {
            folders.push(folder.to_owned());
        }
    }
    folders
}

fn glossary(config: &mut SiteConfig, decoder: &mut Decoder<'_>, node: &Node) {
    for entry in decoder.entries("glossary", node) {
        match entry.key.as_str() {
            "mark" => {
                config.mark = mark_rule(decoder, "glossary.mark", &entry.value).unwrap_or_default();
            }
            "off" => {
                let off = decoder.list("glossary.off", &entry.value);
                config.glossary_off = off.into_iter().map(|text| text.value).collect();
            }
            _ => decoder.unknown_key(entry, &["mark", "off"], "`glossary`"),
        }
    }
}

fn theme(config: &mut SiteConfig, decoder: &mut Decoder<'_>, node: &Node) {
    for entry in decoder.entries("theme", node) {
        match entry.key.as_str() {
            "accent" => {
                let accent = checked(decoder, "theme.accent", &entry.value, "site/accent", colour);
                config.theme.accent = accent;
            }
            "font" => {
                let fonts = ["sans", "serif"];
                config.theme.serif = decoder.choice("theme.font", &entry.value, &fonts) == Some(1);
            }
            _ => decoder.unknown_key(entry, &["accent", "font"], "`theme`"),
        }
    }
}

fn colour(text: &str) -> Result<String, Refusal> {
    let digits = text.strip_prefix('#').unwrap_or("");
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && matches!(digits.len(), 3 | 6) {
        return Ok(text.to_ascii_lowercase());
    }
    let why = "should be a colour in hexadecimal digits".to_owned();
    Err(Refusal { why, hint: "write it like `\"#0a6\"` or `\"#00aa66\"`, in quotes" })
}

fn no_keys(source: &Source, span: Span) -> Diagnostic {
    let span = Span { start: span.start, end: span.start };
    let message = "the settings are lines with a key and a value, and these are none";
    Diagnostic::error("site/no-keys", source, span, message).hint("write lines like `title: …`")
}
