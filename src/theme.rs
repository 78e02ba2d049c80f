//! The theme: templates and the files that pages load, built in and replaceable.
//!
//! The built-in theme is the repository's own `templates/` and `static/theme/`, embedded into
//! the program. A site's file of the same name takes the place of the built-in one; further
//! files join in. Names of loaded files carry a digest of their bytes, so that a host may keep
//! them for ever. Reads no disk: a site's files are handed in.

mod colour;
mod lean;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use include_dir::{Dir, File, include_dir};

use crate::config;
use crate::source::Source;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static/theme");

/// The built-in templates, by name; made once, since a preview asks for them at every edit.
static BUILT_IN_TEMPLATES: LazyLock<BTreeMap<String, Source>> = LazyLock::new(|| {
    let template = |file: &File<'static>| {
        let (name, text) = (file.path().to_str()?, file.contents_utf8()?);
        Some((name.to_owned(), Source::new(format!("built-in/templates/{name}"), text)))
    };
    TEMPLATES.files().filter_map(template).collect()
});

/// The built-in files as they are served, by name.
static BUILT_IN_FILES: LazyLock<BTreeMap<String, Arc<[u8]>>> = LazyLock::new(|| {
    let served = |file: &File<'static>| {
        let name = file.path().to_str()?.to_owned();
        let bytes = match file.contents_utf8() {
            Some(text) if name.ends_with(".js") => Arc::from(lean::script(text).into_bytes()),
            Some(text) if name.ends_with(".css") => Arc::from(lean::style(text).into_bytes()),
            _ => Arc::from(file.contents()),
        };
        Some((name, bytes))
    };
    FILES.files().filter_map(served).collect()
});

/// The stylesheet that takes the site's accent and font.
const STYLE: &str = "style.css";

/// What the site adds to [`STYLE`] is handed in under this name, which no file of
/// `static/theme/` has.
pub const CUSTOM: &str = "/custom.css";

/// A file that pages load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name in `static/theme/`: `style.css`.
    pub name: String,
    /// Its output path: `assets/style.1a2b3c4d.css`.
    pub path: String,
    /// What is served.
    pub bytes: Arc<[u8]>,
}

/// Templates and loaded files, the site's before the built-in ones.
#[derive(Clone, Debug)]
pub struct Theme {
    /// All templates; the path of a built-in one begins with `built-in/`.
    pub templates: Vec<Source>,
    /// All loaded files, by name.
    pub assets: Vec<Asset>,
}

impl Theme {
    /// The theme of a site.
    ///
    /// `templates` are the site's own, with paths as the user names them
    /// (`templates/base.html`); `files` are what stands in `static/theme/`, by the name below
    /// that folder.
    pub fn new(
        templates: impl IntoIterator<Item = Source>,
        files: impl IntoIterator<Item = (String, Arc<[u8]>)>,
        config: &config::Theme,
    ) -> Self {
        Self { templates: merged_templates(templates), assets: hashed(merged_files(files), config) }
    }

    /// The output path of a loaded file.
    pub fn path(&self, name: &str) -> Option<&str> {
        self.assets.iter().find(|asset| asset.name == name).map(|asset| asset.path.as_str())
    }
}

/// A template's name, as `{% extends %}` and `{% include %}` write it: what follows the folder
/// `templates/`.
pub fn template_name(source: &Source) -> &str {
    let path = source.path();
    path.split_once("templates/").map_or(path, |(_, name)| name)
}

fn merged_templates(own: impl IntoIterator<Item = Source>) -> Vec<Source> {
    let mut by_name = BUILT_IN_TEMPLATES.clone();
    for source in own {
        by_name.insert(template_name(&source).to_owned(), source);
    }
    by_name.into_values().collect()
}

fn merged_files(own: impl IntoIterator<Item = (String, Arc<[u8]>)>) -> BTreeMap<String, Arc<[u8]>> {
    let mut files = BUILT_IN_FILES.clone();
    files.extend(own);
    files
}

/// Stylesheets come last: they name the other files by their hashed names.
fn hashed(mut files: BTreeMap<String, Arc<[u8]>>, config: &config::Theme) -> Vec<Asset> {
    let custom = files.remove(CUSTOM);
    if let (Some(custom), Some(style)) = (custom, files.get_mut(STYLE)) {
        *style = [&**style, b"\n", &*custom].concat().into();
    }
    let (styles, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(name, _)| name.ends_with(".css"));
    let mut assets: Vec<Asset> =
        others.into_iter().map(|(name, bytes)| asset(name, bytes)).collect();
    for (name, bytes) in styles {
        let bytes = styled(&name, bytes, &assets, config);
        assets.push(asset(name, bytes));
    }
    assets.sort_by(|a, b| a.name.cmp(&b.name));
    assets
}

fn asset(name: String, bytes: Arc<[u8]>) -> Asset {
    let digest = blake3::hash(&bytes).to_hex();
    let file = name.replace('/', "-");
    let (stem, extension) = file.rsplit_once('.').unwrap_or((&file, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    let path = format!("assets/{stem}.{}{dot}{extension}", &digest[..8]);
    Asset { name, path, bytes }
}

/// A stylesheet with the site's choices, naming other files of the theme as they are served.
fn styled(name: &str, bytes: Arc<[u8]>, others: &[Asset], config: &config::Theme) -> Arc<[u8]> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
    let mut css = text.to_owned();
    for other in others {
        let served = other.path.trim_start_matches("assets/");
        for quote in ["", "\"", "'"] {
            let written = format!("url({quote}{}{quote})", other.name);
            css = css.replace(&written, &format!("url(\"{served}\")"));
        }
    }
    if name == STYLE {
        css.push_str(&choices(config));
    }
    Arc::from(css.into_bytes())
}

/// The site's accent and font as custom properties.
fn choices(config: &config::Theme) -> String {
    let mut css = String::new();
    if let Some(accent) = config.accent.as_deref().and_then(colour::Rgb::parse) {
        let (light, dark) = (colour::on_light(accent), colour::on_dark(accent));
        let _ = write!(css, ":root{{--accent:light-dark({light},{dark})}}");
    }
    if config.serif {
        css.push_str("[lang]{--text-font:var(--serif)}");
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> (String, Arc<[u8]>) {
        (name.to_owned(), Arc::from(text.as_bytes()))
    }

    #[test]
    fn a_site_replaces_by_name_and_adds() {
        let own = Source::new("templates/404.html", "gone");
        let extra = Source::new("templates/more/x.html", "more");
        let theme = Theme::new([own, extra], [file("style.css", "a{}")], &Default::default());
        let named: Vec<_> = theme.templates.iter().map(template_name).collect();
        assert!(named.contains(&"base.html") && named.contains(&"more/x.html"));
        let gone = theme.templates.iter().find(|t| template_name(t) == "404.html").unwrap();
        assert_eq!(gone.text(), "gone");
        let style = theme.assets.iter().find(|asset| asset.name == "style.css").unwrap();
        assert_eq!(&*style.bytes, b"a{}");
        assert_eq!(style.path.len(), "assets/style.12345678.css".len());
    }

    #[test]
    fn what_a_site_adds_stands_behind_the_stylesheet() {
        let theme = Theme::new([], [file(CUSTOM, "b{color:red}")], &Default::default());
        let plain = Theme::new([], [], &Default::default());
        let style = |theme: &Theme| theme.assets.iter().find(|a| a.name == STYLE).cloned().unwrap();
        let (with, without) = (style(&theme), style(&plain));
        assert_eq!(&*with.bytes, &[&*without.bytes, b"\nb{color:red}"].concat()[..]);
        assert_ne!(with.path, without.path);
        assert_eq!(theme.assets.len(), plain.assets.len());
    }

    #[test]
    fn a_sites_own_script_is_served_as_it_is_written() {
        let own = Theme::new([], [file("postil.js", "// mine\n")], &Default::default());
        let served = own.assets.iter().find(|asset| asset.name == "postil.js").unwrap();
        assert_eq!(&*served.bytes, b"// mine\n");
    }

    #[test]
    fn the_hash_follows_the_bytes_and_the_choices() {
        let path = |config: &config::Theme| {
            Theme::new([], [], config).path("style.css").unwrap().to_owned()
        };
        let plain = path(&config::Theme::default());
        assert_eq!(plain, path(&config::Theme::default()));
        let serif = config::Theme { serif: true, ..Default::default() };
        assert_ne!(plain, path(&serif));
        let odd = config::Theme { accent: Some("reddish".into()), serif: false };
        assert_eq!(plain, path(&odd), "what is no colour changes nothing");
    }

    #[test]
    fn stylesheets_name_other_files_as_served() {
        let css = "@font-face{src:url(a.woff2)}b{background:url('https://x/a.woff2')}";
        let theme =
            Theme::new([], [file("x.css", css), file("a.woff2", "font")], &Default::default());
        let font = theme.path("a.woff2").unwrap().trim_start_matches("assets/").to_owned();
        let style = theme.assets.iter().find(|asset| asset.name == "x.css").unwrap();
        let text = std::str::from_utf8(&style.bytes).unwrap();
        assert_eq!(text, css.replace("url(a.woff2)", &format!("url(\"{font}\")")));
    }
}
