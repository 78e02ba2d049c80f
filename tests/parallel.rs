//! A transcript and its translation: which turns stand side by side, and links from one language
//! that arrive in the other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use scraper::{ElementRef, Html, Selector};
use tempfile::TempDir;

use postil::diagnostics::Severity;

use crate::host::build;

/// The pair of `tests/cases/parallel`, built; gives the page of that name.
fn page(name: &str, edit: impl Fn(&str, String) -> String) -> Html {
    let site = TempDir::new().expect("a temporary folder");
    let content = site.path().join("content");
    fs::create_dir(&content).expect("a folder");
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/parallel");
    for file in ["talk.en.md", "talk.zh.md", "speakers.yaml"] {
        let text = fs::read_to_string(cases.join(file)).expect("a case");
        fs::write(content.join(file), edit(file, text)).expect("a file");
    }
    fs::write(content.join("site.yaml"), "language: en\n").expect("a file");
    let html = fs::read_to_string(build(site.path()).join(name)).expect("the page is there");
    Html::parse_document(&html)
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

/// Each row as `left | right`, the first words of each turn; a loose one begins with `~`.
fn rows(html: &Html) -> Vec<String> {
    let words = Selector::parse("section p:last-child, h2, .prose").expect("a selector");
    let short = |cell: ElementRef<'_>| {
        let items = cell.select(&words).map(|item| {
            let text: String = item.text().collect();
            text.trim().chars().take(12).collect::<String>()
        });
        items.collect::<Vec<_>>().join(" + ")
    };
    let mut loose = "";
    let mut found = Vec::new();
    for part in select(html, "article > .pair, article > [role=note]") {
        if part.value().name() == "p" {
            loose = "~ ";
            continue;
        }
        let cells: Vec<String> = part.child_elements().map(short).collect();
        assert_eq!(cells.len(), 2);
        found.push(format!("{loose}{} | {}", cells[0], cells[1]));
        loose = "";
    }
    found
}

#[test]
fn turns_stand_side_by_side_by_who_speaks_and_what_does_not_match_is_said() {
    let html = page("talk.en.with-zh.html", |_, text| text);
    assert_eq!(
        rows(&html),
        [
            "Two people t | 两个人谈一种不需要服务器",
            "The question | 问题",
            "Where does t | 如果没有人运行服务器，索",
            "In the page' | 就在页面自己的文件夹里。",
            "How long doe | 第一次搜索要多久？",
            "Less than a  | 慢的线路上也不到一秒。我",
            "And the seco + Nothing, it  | ",
            "The doubts | 疑虑",
            "What does it | 它做不到什么？",
            "It does not  | 它不知道两个词意思相同。",
            "Why? | 为什么？",
            "Because a li | 因为没有人照看的词表，还",
            " | 谢谢。",
            "The end | 结尾",
            "~ One last thi + Thank you fo | 还有一件事。 + 我得走了。",
        ]
    );
}

#[test]
fn labels_that_nobody_declares_go_by_who_speaks_first() {
    let undeclared =
        |file: &str, text: String| if file == "speakers.yaml" { "[]\n".to_owned() } else { text };
    let declared = rows(&page("talk.en.with-zh.html", |_, text| text));
    assert_eq!(rows(&page("talk.en.with-zh.html", undeclared)), declared);
}

#[test]
fn without_the_same_headings_turns_still_find_each_other() {
    let plain = |file: &str, text: String| match file {
        "talk.zh.md" => {
            let spoken = "**主持人：** 第二次呢？\n\n**工程师：** 不用等，已经在那里了。\n\n";
            text.replace("## 疑虑\n\n", spoken)
        }
        _ => text,
    };
    let rows = rows(&page("talk.en.with-zh.html", plain));
    for row in ["Less than a  | 慢的线路上也不到一秒。我", "Why? | 为什么？", "The end | 结尾"]
    {
        assert!(rows.iter().any(|one| one == row), "{row} is not in {rows:#?}");
    }
}

#[test]
fn a_link_to_a_turn_arrives_in_the_other_language_and_no_id_stands_twice() {
    let edit = |file: &str, text: String| match file {
        // The same words in both: one anchor.
        "talk.en.md" => text.replace("Nothing, it is there already.", "PyTorch 2.0, 2023.11"),
        "talk.zh.md" => text.replace("谢谢。", "PyTorch 2.0, 2023.11"),
        _ => text,
    };
    let ids = |name: &str| -> Vec<String> {
        let html = page(name, edit);
        let all = select(&html, "[id]");
        all.iter().filter_map(|one| one.value().id()).map(str::to_owned).collect()
    };
    let turns = |ids: &[String]| -> BTreeSet<String> {
        ids.iter().filter(|id| id.starts_with("t-")).cloned().collect()
    };
    let all = ["talk.en.html", "talk.zh.html", "talk.en.with-zh.html"].map(ids);
    for ids in &all {
        let once: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(once.len(), ids.len(), "an id stands twice: {ids:?}");
    }
    let [en, zh, both] = all.each_ref().map(|ids| turns(ids));
    assert_eq!(en.len(), 22, "12 turns, and 11 of the other language, one with the same id");
    assert_eq!(en, zh, "a turn's address holds in both languages");
    assert_eq!(en, both, "and side by side");
}

#[test]
fn each_text_has_its_terms_with_definitions_in_its_language() {
    let text = |language: &str, words: &str| {
        format!(
            "---\nlanguage: {language}\n---\n\n**Host:** {words}[^1]\n\n**Guest:** [There](#away).\n\n**Host:** Three.\n\n## End[^2]\n\n**Guest:** Four.\n\n[^1]: A note in {language}.\n\n[^2]: On a heading.\n"
        )
    };
    let (en, zh) = (text("en", "What is RAG?"), text("zh", "RAG 是什么？"));
    let glossary = "- term: RAG\n  definition: {en: Looking up first., zh: 先查再答。}\n";
    let built = crate::whole::built(&[
        ("content/site.yaml", "language: en\n"),
        ("content/glossary.yaml", glossary),
        ("content/a.md", &en),
        ("content/a.zh.md", &zh),
    ]);
    let bytes = built.render("a.with-zh.html").expect("the page is made");
    let html = Html::parse_document(std::str::from_utf8(&bytes).expect("a page in UTF-8"));
    for (language, id, meaning) in
        [("en", "g-rag", "Looking up first."), ("zh", "g-rag~2", "先查再答。")]
    {
        let mention = format!(".pair > [lang={language}] .turn a[href=\"#{id}\"]");
        assert_eq!(select(&html, &mention).len(), 1, "{mention}");
        let own = format!("[role=doc-glossary] [lang={language}] [id=\"{id}\"] dd");
        let said: String = select(&html, &own)[0].text().collect();
        assert!(said.starts_with(meaning), "{said}");
    }
    // So it has its notes: the number leads to the note, and the note back to the number.
    for (language, mark) in [("en", ""), ("zh", "~2")] {
        let cell = format!(".pair > [lang={language}] .noted");
        let number = format!("{cell} [id=\"-r1{mark}\"][href=\"#-n1{mark}\"]");
        let note = format!("{cell} .note[id=\"-n1{mark}\"]:has([href=\"#-r1{mark}\"]) p");
        assert_eq!(select(&html, &number).len(), 1, "{number}");
        let said: String = select(&html, &note)[0].text().collect();
        assert_eq!(said, format!("A note in {language}."));
    }
    // What else leads to a place within a text leads to its own page.
    let away = |selector: &str| -> Vec<String> {
        let links = select(&html, selector).into_iter();
        links.map(|link| link.value().attr("href").unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(away("h2 [role=doc-noteref]"), ["a.html#-n2", "a.zh.html#-n2"]);
    assert_eq!(away(".turn p:not(.who) > a[href$=away]"), ["a.html#away", "a.zh.html#away"]);
}

#[test]
fn an_address_of_the_other_language_does_not_last_longer_than_its_turn() {
    let html = page("talk.en.html", |_, text| text);
    let counterparts = select(&html, ".was.too");
    assert_eq!(counterparts.len(), 11);
    // The empty element stands before the turn that it is in this language.
    let why = select(&html, "section.turn")
        .into_iter()
        .find(|turn| turn.text().collect::<String>().contains("Why?"))
        .expect("the turn");
    let before = why.prev_siblings().find_map(ElementRef::wrap).expect("an element before it");
    let zh = page("talk.zh.html", |_, text| text);
    let id = format!("section#{}", before.value().id().expect("an id"));
    let theirs: String = select(&zh, &id)[0].text().collect();
    assert!(theirs.contains("为什么？"), "{theirs}");
}

/// The page of two texts has its path to itself, also where a file asks for it.
#[test]
fn a_page_of_two_texts_is_in_nobodys_way() {
    let text = |language: &str| {
        format!(
            "---\nlanguage: {language}\n---\n\n**Host:** One.\n\n**Guest:** Two.\n\n**Host:** Three.\n"
        )
    };
    let (en, zh) = (text("en"), text("zh"));
    let settings = ("content/site.yaml", "language: en\n");
    let pair = [settings, ("content/a.md", &*en), ("content/a.zh.md", &*zh)];
    let built = |more: &[(&str, &str)]| crate::whole::built(&[&pair[..], more].concat());
    let errors = |built: &postil::pipeline::Built| -> Vec<String> {
        let all = built.diagnostics.iter().filter(|one| one.severity == Severity::Error);
        all.map(|one| one.message.clone()).collect()
    };
    let alone = built(&[]);
    assert_eq!(errors(&alone), [""; 0]);
    assert!(alone.outputs.contains_key("a.with-zh.html"));
    let taken = built(&[("content/a.with-zh.md", &en)]);
    let [told] = &errors(&taken)[..] else { panic!("{:?}", errors(&taken)) };
    assert!(told.contains("a.with-zh.html") && told.contains("content/a.md"), "{told}");
    // Of two translations into one language, one stands beside the original.
    let twice = built(&[("content/a.fr.md", &zh)]);
    assert_eq!(errors(&twice), [""; 0]);
    assert_eq!(twice.outputs.keys().filter(|path| path.contains(".with-")).count(), 1);
}
