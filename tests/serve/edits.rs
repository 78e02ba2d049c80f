//! What happens on an edit.

use std::fs;
use std::io::{BufReader, Write};
use std::thread;
use std::time::{Duration, Instant};

use postil::serve::Happened;

use super::{OVER, PATIENCE, Site, Stream, read_head};

#[test]
fn a_page_and_the_stream_name_the_same_state() {
    let site = Site::new();
    let text = site.get("/").text();
    let state = text.split("data-state=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut stream = site.connect();
    stream.write_all(b"GET /_postil/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    read_head(&mut reader);
    assert_eq!(Stream { reader }.next()["state"], state.as_str());
}

#[test]
fn a_style_sheet_gets_a_new_name_with_its_new_bytes() {
    let site = Site::new();
    let sheet = |page: &str| {
        let (_, rest) = page.split_once("<link href=").unwrap();
        rest.split_once('>').unwrap().0.to_owned()
    };
    let old = sheet(&site.get("/a").text());
    let mut stream = site.listen();
    site.write("static/theme/style.css", "body{color:red}");
    assert_eq!(stream.next()["at"], serde_json::Value::Null, "no page is made from it alone");
    let new = sheet(&site.get("/a").text());
    assert_ne!(old, new);
    let answer = site.get(&format!("/{new}"));
    assert_eq!(answer.text(), "body{color:red}");
    assert_eq!(answer.header("Content-Type"), Some("text/css; charset=utf-8"));
}

#[test]
fn the_news_say_where_the_first_change_is() {
    let site = Site::new();
    site.write("content/a.md", "one two three");
    site.wait_for("/a", true, "one two three");
    let mut stream = site.listen();
    site.write("content/a.md", "one TWO three");
    assert_eq!(stream.next()["at"], serde_json::json!({"page": "a.html", "ids": ["p-1"]}));
}

#[test]
fn a_page_whose_file_is_renamed_is_found_at_its_new_place() {
    let site = Site::new();
    let file = |name: &str| site.dir.path().join("content").join(name);
    let comes_to = |path: &str| {
        let start = Instant::now();
        while site.get(path).status() != 200 {
            assert!(start.elapsed() < PATIENCE, "{path}");
            thread::sleep(Duration::from_millis(10));
        }
    };
    for (from, to) in [("a.md", "b 黄.md"), ("b 黄.md", "sub/c.md")] {
        fs::rename(file(from), file(to)).unwrap();
        let page = to.replace(".md", "").replace("b 黄", "b%20%E9%BB%84");
        comes_to(&format!("/{page}"));
        assert_eq!(site.get("/a").header("Location"), Some(&*format!("/{page}.html")));
        assert_eq!(site.get("/a.html").status(), 302);
    }
    fs::rename(file("sub/c.md"), file("a.md")).unwrap();
    comes_to("/a");
    // What is gone is gone, whatever else is there, and a new page is no old one.
    site.write("content/new.md", "other words");
    fs::remove_file(file("a.md")).unwrap();
    site.wait_for("/a", false, "第一页");
    assert_eq!(site.get("/a").status(), 404);
    assert_eq!(site.get("/sub/c").status(), 404);
}

#[test]
fn an_error_in_a_transcript_keeps_its_last_good_page_under_the_message() {
    let site = Site::new();
    assert!(site.get("/a").text().contains("第一页"));
    site.write("content/a.md", "BROKEN <i>now</i>");
    let page = site.wait_for("/a", true, OVER);
    let text = page.text();
    assert_eq!(page.status(), 200);
    assert!(text.contains("<body>第一页"), "the last good page: {text}");
    assert!(text.contains("this is &lt;b&gt;broken&lt;/b&gt;"), "{text}");
    assert!(!text.contains("<b>broken") && !text.contains("<i>now"), "{text}");
    assert!(text.contains("1 error; the page behind is the last good one"), "{text}");

    // Other pages go on; the error is a mark on them.
    let home = site.get("/").text();
    assert!(home.contains("<summary>1 error</summary>") && !home.contains(OVER), "{home}");
    site.write("content/index.md", "home, edited");
    site.wait_for("/", true, "<body>home, edited");
    assert!(site.get("/a").text().contains("<body>第一页"), "also after another edit");

    site.write("content/a.md", "mended");
    let text = site.wait_for("/a", false, OVER).text();
    assert!(text.contains("<body>mended") && !text.contains("1 error"));
    assert!(!site.get("/").text().contains("1 error"));
}

#[test]
fn a_page_that_never_was_good_is_shown_as_it_is_under_the_message() {
    let site = Site::new();
    site.write("content/new.md", "BROKEN from the start");
    let text = site.wait_for("/new", true, OVER).text();
    assert!(text.contains("<body>BROKEN from") && text.contains("<summary>1 error</summary>"));
}

#[test]
fn an_error_in_what_all_pages_are_made_from_keeps_the_whole_site() {
    let site = Site::new();
    site.write("content/site.yaml", "BROKEN");
    let text = site.wait_for("/sub/", true, OVER).text();
    assert!(text.contains("<body>sub") && text.contains("the last good one"), "{text}");
    site.write("content/a.md", "meanwhile");
    site.write("content/site.yaml", "fine");
    site.wait_for("/sub/", false, OVER);
    assert!(site.get("/a").text().contains("<body>meanwhile"));
}

#[test]
fn a_template_that_fails_keeps_each_page_s_last_good_bytes() {
    let site = Site::new();
    assert!(site.get("/a").text().contains("第一页"));
    site.write("templates/page.html", "BROKEN");
    let text = site.wait_for("/a", true, OVER).text();
    assert!(text.contains("第一页") && text.contains("&lt;BROKEN&gt;"), "{text}");
    let unasked = site.get("/sub/").text();
    assert!(unasked.contains("sub") && unasked.contains("&lt;BROKEN&gt;"), "{unasked}");
    site.write("content/a.md", "other");
    thread::sleep(Duration::from_millis(300));
    assert!(site.get("/a").text().contains("第一页"), "an edit beside it loses nothing");
    site.write("templates/page.html", "fine");
    let text = site.wait_for("/a", false, OVER).text();
    assert!(text.contains("other"));
    let told = site.told.lock().unwrap();
    let failed = told.iter().filter(|what| matches!(what, Happened::Failed(_))).count();
    assert!(failed <= 2, "told once an edition, not once a page: {failed}");
}

#[test]
fn a_fault_of_the_program_s_own_is_told_and_the_next_save_shows() {
    let site = Site::new();
    site.write("content/a.md", "IMPOSSIBLE");
    let broken = || site.told.lock().unwrap().iter().any(|what| matches!(what, Happened::Broken));
    let start = Instant::now();
    while !broken() {
        assert!(start.elapsed() < PATIENCE, "it is not told");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(site.get("/a").text().contains("第一页"), "the page stays");
    site.write("content/a.md", "possible");
    site.wait_for("/a", true, "possible");
}

#[test]
fn a_page_whose_making_ends_in_a_fault_says_so_and_the_next_save_shows() {
    let site = Site::new();
    site.write("content/a.md", "UNSHOWABLE");
    let fault = site.wait_for("/a", true, "A fault in postil");
    assert_eq!(fault.status(), 500);
    assert_eq!(fault.header("Content-Type"), Some("text/html; charset=utf-8"));
    assert!(fault.header("Content-Security-Policy").is_some() && fault.header("ETag").is_none());
    let text = fault.text();
    assert!(text.contains("<pre>&lt;b&gt;no&lt;/b&gt; way to show a.html</pre>"), "{text}");
    assert!(text.contains("<link rel=\"stylesheet\" href=\"/_postil/preview.css\">"), "{text}");
    // Its script knows the state in which the fault was, so that it hears of the next one.
    let (_, state) = text.split_once("data-state=\"").expect("the script");
    let now = site.get("/_postil/state").text();
    assert_eq!(state.split('"').next(), Some(now.trim()), "{text}");
    // The others go on, however often somebody asks.
    for _ in 0..40 {
        assert_eq!(site.get("/a").status(), 500);
    }
    assert!(site.get("/").text().contains("home"));
    let head = site.ask("HEAD", "/a.html", "");
    assert_eq!((head.status(), head.body.len()), (500, 0));
    let mut stream = site.listen();
    site.write("content/a.md", "showable");
    assert_eq!(stream.next()["at"]["page"], "a.html");
    let mended = site.get("/a");
    assert!(mended.status() == 200 && mended.text().contains("showable"), "{}", mended.text());
}

#[test]
fn a_warning_is_a_mark_and_the_page_is_the_new_one() {
    let site = Site::new();
    site.write("content/a.md", "DOUBTFUL");
    let text = site.wait_for("/a", true, "<body>DOUBTFUL").text();
    assert!(text.contains("<summary>1 warning</summary>") && !text.contains(OVER), "{text}");
}

#[test]
fn the_site_as_it_was_understood_can_be_read() {
    let site = Site::new();
    site.write("content/a.md", "x\nDOUBTFUL <script>");
    site.wait_for("/_postil/", true, "content/a.md:2:1");
    let page = site.get("/_postil/").text();
    assert!(page.contains("<p>what was understood</p>"), "{page}");
    assert!(page.contains("href=\"/a.html#p-2\""), "a way to the page: {page}");
    assert!(page.contains("&lt;script&gt;") && !page.contains("DOUBTFUL <script>"), "{page}");
    let folder = site.get("/_postil");
    assert_eq!((folder.status(), folder.header("Location")), (302, Some("/_postil/")));
    assert_eq!(site.get("/_postil/nothing").status(), 404);
}

/// Edits as editors and people make them; each must show.
fn edits(site: &Site) {
    let root = site.dir.path();
    fs::write(root.join("content/.a.md.tmp"), "atomic").unwrap();
    fs::rename(root.join("content/.a.md.tmp"), root.join("content/a.md")).unwrap();
    site.wait_for("/a", true, "atomic");
    fs::create_dir_all(root.join("content/new/deep")).unwrap();
    site.write("content/new/deep/x.md", "fresh");
    site.wait_for("/new/deep/x", true, "fresh");
    site.write("content/new/deep/x.md", "fresher");
    site.wait_for("/new/deep/x", true, "fresher");
    fs::rename(root.join("content/new"), root.join("content/moved")).unwrap();
    site.wait_for("/moved/deep/x", true, "fresher");
    let old = site.get("/new/deep/x");
    assert_eq!((old.status(), old.header("Location")), (302, Some("/moved/deep/x.html")));
    site.write("content/moved/deep/x.md", "freshest");
    site.wait_for("/moved/deep/x", true, "freshest");
    fs::remove_dir_all(root.join("content/moved")).unwrap();
    site.wait_for("/moved/deep/x", false, "fresher");
    for number in 0..1000 {
        site.write(&format!("content/burst-{number}.md"), "burst");
    }
    site.wait_for("/burst-999", true, "burst");
    assert!(site.get("/burst-0").text().contains("burst"));
    for number in 0..1000 {
        fs::remove_file(root.join(format!("content/burst-{number}.md"))).unwrap();
    }
    site.wait_for("/burst-999", false, "burst");
    fs::rename(root.join("content"), root.join("elsewhere")).unwrap();
    let text = site.wait_for("/a", true, OVER).text();
    assert!(text.contains("atomic"), "the last good site stays: {text}");
    fs::rename(root.join("elsewhere"), root.join("content")).unwrap();
    site.wait_for("/a", false, OVER);
    site.write("content/a.md", "after all that");
    site.wait_for("/a", true, "after all that");
}

#[test]
fn edits_of_every_kind_are_noticed() {
    edits(&Site::new());
}

#[test]
fn edits_of_every_kind_are_noticed_by_polling() {
    edits(&Site::polling());
}

#[test]
fn an_edit_of_the_same_length_within_the_same_moment_is_noticed() {
    let site = Site::new();
    for number in 0..20 {
        let text = format!("text {number:04}");
        site.write("content/a.md", &text);
        site.wait_for("/a", true, &text);
    }
}

#[test]
fn nothing_is_written_beside_the_sources() {
    let site = Site::new();
    site.get("/");
    site.write("content/a.md", "x");
    site.wait_for("/a", true, "<body>x");
    let mut names: Vec<String> = fs::read_dir(site.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["content", "secret.txt", "static", "templates"]);
}
