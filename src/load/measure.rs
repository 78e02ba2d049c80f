//! How large a picture is, from the first bytes of its file: so that a page can keep its place
//! before it is loaded.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::site::Dimensions;

/// So much of a drawing is looked at.
const HEAD: u64 = 64 * 1024;

/// Endings of pictures that browsers show.
const ENDINGS: [&str; 10] =
    ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "jxl", "heic"];

/// Whether a file's name is a picture's.
pub(super) fn is_picture(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    ENDINGS.contains(&ending.as_str())
}

/// Width and height; none for what is no picture, or does not say.
pub(super) fn dimensions(path: &Path) -> Option<Dimensions> {
    let is_svg = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
    if is_svg {
        let mut text = Vec::new();
        File::open(path).ok()?.take(HEAD).read_to_end(&mut text).ok()?;
        return drawing(&String::from_utf8_lossy(&text));
    }
    let size = imagesize::size(path).ok()?;
    let side = |pixels: usize| u32::try_from(pixels).ok().filter(|pixels| *pixels > 0);
    let (width, height) = (side(size.width)?, side(size.height)?);
    Some(if is_turned(path) { (height, width) } else { (width, height) })
}

/// Whether browsers turn a photograph by a quarter, as its camera was held. (Other formats say so where
/// they say their size, or browsers do not ask.)
fn is_turned(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    if !ending.is_some_and(|ending| ending == "jpg" || ending == "jpeg") {
        return false;
    }
    let Ok(file) = File::open(path) else { return false };
    let Ok(exif) = exif::Reader::new().read_from_container(&mut BufReader::new(file)) else {
        return false;
    };
    let field = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY);
    field.and_then(|field| field.value.get_uint(0)).is_some_and(|how| (5..=8).contains(&how))
}

/// An SVG's own size: its width and height, else its view box.
fn drawing(text: &str) -> Option<Dimensions> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(root) | Event::Empty(root) => return size_of_root(&root),
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn size_of_root(root: &BytesStart<'_>) -> Option<Dimensions> {
    let value = |name: &str| {
        let found = root.attributes().flatten().find(|one| one.key.as_ref() == name)?;
        Some(found.value.into_owned())
    };
    let side = |text: &str| -> Option<u32> {
        let pixels: f64 = text.trim().trim_end_matches("px").parse().ok()?;
        (0.5..1e6).contains(&pixels).then(|| pixels.round() as u32)
    };
    let own = |name: &str| value(name).and_then(|text| side(&text));
    if let (Some(width), Some(height)) = (own("width"), own("height")) {
        return Some((width, height));
    }
    let view = value("viewBox")?;
    let numbers: Vec<&str> = view.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    let [_, _, width, height] = numbers[..] else { return None };
    Some((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use super::drawing;

    #[test]
    fn drawings_tell_their_size_in_one_of_two_ways() {
        for (text, size) in [
            (
                r#"<?xml version="1.0"?><!-- x --><svg width="120" height='80px' viewBox="0 0 9 9"/>"#,
                Some((120, 80)),
            ),
            (r#"<svg viewBox="0,0 640 480"><g/></svg>"#, Some((640, 480))),
            (r#"<svg width="100%" height="100%" viewBox="0 0 32 16"></svg>"#, Some((32, 16))),
            (r#"<svg width="10em" height="3"></svg>"#, None),
            ("<svg", None),
            ("", None),
        ] {
            assert_eq!(drawing(text), size, "{text}");
        }
    }
}
