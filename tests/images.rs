//! Pictures: their sizes, and copies of those on the web.

use std::fs;
use std::path::Path;

use crate::host::postil;
use scraper::{ElementRef, Html, Selector};
use tempfile::TempDir;

/// The head of a PNG, which is all that anybody looks at here.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// The head of a photograph, as a camera writes it that was held in one of eight ways.
fn photograph(width: u16, height: u16, held: u8) -> Vec<u8> {
    let exif = [
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[held, 0, 0, 0, 0, 0, 0],
    ];
    let exif = exif.concat();
    let mut bytes = b"\xff\xd8\xff\xe1".to_vec();
    bytes.extend((exif.len() as u16 + 2).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(b"\xff\xc0\0\x11\x08");
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9");
    bytes
}

const TALK: &str = "---
title: Pictures
---

![The cover](https://example.org/cover.jpg)

**Host:** Look.

![A drawing](images/a.svg)

**Engineer:** Where? ![small](https://example.org/b%20b.png?x=1) There.

> ![In a quote](/photo.PNG)

**Host:** Here.

![Nothing](https://example.org/none.png)

![Damaged](damaged.png)

**Engineer:** Yes.
";

fn site(copies: &str) -> TempDir {
    let site = TempDir::new().expect("a temporary folder");
    let write = |path: &str, bytes: &[u8]| {
        let path = site.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, bytes).expect("a new file");
    };
    write("content/a/talk.md", TALK.as_bytes());
    write(
        "content/a/other.md",
        b"**Host:** So.\n\n**Engineer:** ![b](https://example.org/other.png)\n\n**Host:** So.\n",
    );
    write("content/a/images/a.svg", b"<svg viewBox='0 0 120 80'></svg>");
    write("content/a/images/b.png", &png(20, 10));
    write("content/photo.PNG", &png(640, 480));
    write("content/a/damaged.png", b"no picture");
    write("content/a/talk.images.yaml", copies.as_bytes());
    write("content/a/images.yaml", b"https://example.org/other.png: images/b.png\n");
    site
}

fn built(site: &Path) -> String {
    postil().args(["build", "--quiet"]).arg(site).assert().success();
    fs::read_to_string(site.join("public/a/talk.html")).expect("the page")
}

/// Address, width, height and whether it is loaded late, of all pictures.
fn pictures(html: &str) -> Vec<String> {
    let html = Html::parse_document(html);
    let all = Selector::parse("main img").expect("a selector");
    let told = |image: ElementRef<'_>| {
        let of = |name| image.value().attr(name).unwrap_or("-");
        assert_eq!(of("referrerpolicy"), "no-referrer");
        format!("{} {} {} {}", of("src"), of("width"), of("height"), of("loading"))
    };
    html.select(&all).map(told).collect()
}

#[test]
fn pictures_keep_their_place_and_copies_stand_for_those_on_the_web() {
    let site = site(
        "https://example.org/cover.jpg: /photo.PNG\nhttps://example.org/b%20b.png?x=1: images/b.png\n",
    );
    let page = built(site.path());
    assert_eq!(
        pictures(&page),
        [
            "../photo.PNG 640 480 -",
            "images/a.svg 120 80 lazy",
            "images/b.png 20 10 lazy",
            "../photo.PNG 640 480 lazy",
            "https://example.org/none.png - - lazy",
            "damaged.png - - lazy",
        ]
    );
    let other = fs::read_to_string(site.path().join("public/a/other.html")).expect("the page");
    assert_eq!(pictures(&other), ["images/b.png 20 10 lazy"], "images.yaml speaks for its folder");
    assert!(site.path().join("public/a/images/b.png").is_file());
    assert!(!site.path().join("public/a/talk.images.yaml").exists());

    // A picture that changes is another size on the page; one that is left is not looked at.
    fs::write(site.path().join("content/photo.PNG"), png(64, 48).repeat(2)).expect("a file");
    assert!(pictures(&built(site.path()))[0].starts_with("../photo.PNG 64 48"));
    fs::write(site.path().join("content/a/talk.images.yaml"), "").expect("a file");
    assert!(pictures(&built(site.path()))[0].starts_with("https://example.org/cover.jpg - -"));
}

/// The picture that previews of links show.
fn preview(html: &str) -> Option<String> {
    let html = Html::parse_document(html);
    let all = Selector::parse("meta[property='og:image']").expect("a selector");
    html.select(&all).next().and_then(|meta| meta.value().attr("content")).map(str::to_owned)
}

#[test]
fn previews_of_links_show_the_copy_of_a_cover() {
    let copies = "https://example.org/cover.jpg: /photo.PNG\nhttps://example.org/b%20b.png?x=1: images/b.png\n";
    let site = site(copies);
    let remote = Some("https://example.org/cover.jpg".to_owned());
    assert_eq!(preview(&built(site.path())), remote, "without an address nothing else is absolute");
    let config = "base_url: https://example.org/talks/\n";
    fs::write(site.path().join("content/site.yaml"), config).expect("a file");
    let copy = Some("https://example.org/talks/photo.PNG".to_owned());
    assert_eq!(preview(&built(site.path())), copy);
    fs::write(site.path().join("content/a/talk.images.yaml"), "").expect("a file");
    assert_eq!(preview(&built(site.path())), remote);
    let local = TALK.replace("https://example.org/cover.jpg", "images/my%20b.png");
    fs::write(site.path().join("content/a/talk.md"), local).expect("a file");
    fs::write(site.path().join("content/a/images/my b.png"), png(2, 1)).expect("a file");
    let local = Some("https://example.org/talks/a/images/my%20b.png".to_owned());
    assert_eq!(preview(&built(site.path())), local);
}

#[test]
fn copies_that_are_wrong_are_told_with_their_place() {
    let site = site(
        "https://example.org/cover.jpg: images/bb.png\nhttps://example.org/coverr.jpg: images/b.png\n\
         cover.jpg: images/b.png\nhttps://example.org/none.png: https://example.org/b.png\n\
         https://example.org/b%20b.png?x=1: [images/b.png]\n",
    );
    fs::write(
        site.path().join("content/none.images.yaml"),
        "https://example.org/x.png: photo.PNG\n",
    )
    .expect("a file");
    fs::write(site.path().join("content/list.images.yaml"), "- x\n").expect("a file");
    let check = postil().args(["check", "."]).current_dir(site.path()).assert().code(1);
    let told = String::from_utf8(check.get_output().stdout.clone()).expect("UTF-8");
    let told: Vec<&str> = told.split("\n\n").filter(|one| one.contains("images/")).collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_photograph_that_browsers_turn_has_the_room_that_it_takes() {
    let site = TempDir::new().expect("a temporary folder");
    fs::create_dir(site.path().join("content")).expect("a new folder");
    let put = |name: &str, bytes: &[u8]| {
        fs::write(site.path().join("content").join(name), bytes).expect("a new file");
    };
    let mut talk = "**Host:** Look.\n\n**Engineer:** Yes.\n\n**Host:** So.\n".to_owned();
    for held in 1..=8 {
        put(&format!("{held}.jpg"), &photograph(400, 300, held));
        talk += &format!("\n![{held}]({held}.jpg)\n");
    }
    put("talk.md", talk.as_bytes());
    postil().args(["build", "--quiet"]).arg(site.path()).assert().success();
    let html = fs::read_to_string(site.path().join("public/talk.html")).expect("a page");
    let sizes = |held: u8| if held < 5 { "400 300" } else { "300 400" };
    let expected: Vec<String> =
        (1..=8).map(|held| format!("{held}.jpg {} lazy", sizes(held))).collect();
    assert_eq!(pictures(&html), expected);
}
