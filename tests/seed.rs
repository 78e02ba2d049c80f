//! A real interview, exported from a chat app with all its damage, as a reader gets it.
//!
//! The text is not ours to keep here: `POSTIL_CORPUS` names the folder that has it. What is
//! expected is read off the source by the plainest rule there is (each `**` toggles bold),
//! independently of the parser.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use postil::pipeline::{Built, File, Inputs, Options, Output, run};
use postil::source::Source;
use scraper::{ElementRef, Html, Selector};

use crate::render::gzipped;

const PAGE: &str = "seed.html";
const TITLE: &str = "扎克伯格对话黄仁勋实录：社交媒体和 XR，正在被大模型动摇";
const ASKS: &str = "黄仁勋";
const ANSWERS: &str = "扎克伯格";
/// Level and words of each heading.
const HEADINGS: &[(u8, &str)] = &[
    (2, "训大模型很贵，Meta 如何赚回本钱？"),
    (3, "Meta 的印钞机业务——信息流和推荐系统，正在被大模型「动摇」"),
    (3, "揭秘 Llama4，让 AI 助手在 Meta 全家桶中「解锁」智能体"),
    (2, "Meta 开源如何让老黄受益"),
    (3, "扎克伯格：受够了苹果等闭源平台"),
];
/// How often each term is spoken.
const MENTIONS: &[(&str, usize)] =
    &[("FAIR", 3), ("PyTorch", 3), ("RAG", 1), ("GPU", 2), ("AI Studio", 4), ("Meta AI", 4)];

/// The interview, or nothing where it is not at hand.
fn seed() -> Option<String> {
    let Some(corpus) = env::var_os("POSTIL_CORPUS") else {
        println!("skipped: POSTIL_CORPUS does not say where the corpus is");
        return None;
    };
    let file = PathBuf::from(corpus).join("seed/zuckerberg-huang-siggraph-2024.md");
    Some(fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

fn built(transcript: &str) -> Built {
    let entry = |term: &str| format!("- term: {term}\n  definition: What {term} is.\n");
    let glossary: String =
        MENTIONS.iter().map(|(term, _)| *term).chain(["AI"]).map(entry).collect();
    built_with(transcript, &glossary)
}

fn built_with(transcript: &str, glossary: &str) -> Built {
    let files = [
        ("content/seed.md", transcript),
        ("content/site.yaml", "title: Seed\nlanguage: zh-Hans\n"),
        ("content/glossary.yaml", glossary),
    ];
    let file = |(path, text): (&str, &str)| (path.to_owned(), File::Text(Source::new(path, text)));
    let inputs = Inputs {
        name: "seed".to_owned(),
        has_content: true,
        files: files.into_iter().map(file).collect(),
        diagnostics: Vec::new(),
    };
    let today = "2026-01-01".to_owned();
    run(&inputs, &Options { base_url: None, drafts: false, future: false, today })
}

fn page(built: &Built) -> (String, Html) {
    let bytes = built.render(PAGE).expect("the page renders");
    let text = String::from_utf8(bytes).expect("a page in UTF-8");
    let html = Html::parse_document(&text);
    (text, html)
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn within<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// A turn as the source has it.
#[derive(Debug, Default, PartialEq)]
struct Spoken {
    speaker: &'static str,
    paragraphs: Vec<String>,
    bold: Vec<String>,
}

/// All turns, by the toggle rule.
fn spoken(source: &str) -> Vec<Spoken> {
    let (_, body) = source.split_once("***01***").expect("the first section's marker");
    let mut turns: Vec<Spoken> = Vec::new();
    for paragraph in body.trim().split("\n\n") {
        // Bold that is never closed is no bold: the source breaks off there.
        let cut = paragraph.matches("**").count() % 2 == 1;
        let plain = if cut { paragraph.to_owned() } else { paragraph.replace("**", "") };
        let titles = |heading: &str| heading.contains(&plain);
        if plain.starts_with('*') && !cut || HEADINGS.iter().any(|(_, words)| titles(words)) {
            continue;
        }
        let plain = match paragraph.strip_prefix("![](") {
            Some(picture) => picture.split_once(')').expect("a picture").1.to_owned(),
            None => plain,
        };
        let label =
            |name: &'static str| Some((name, plain.strip_prefix(name)?.strip_prefix('：')?));
        let words = match label(ASKS).or_else(|| label(ANSWERS)) {
            Some((speaker, words)) => {
                turns.push(Spoken { speaker, ..Spoken::default() });
                words.to_owned()
            }
            None => plain,
        };
        let turn = turns.last_mut().expect("the first turn has a label");
        turn.paragraphs.push(words);
        if !cut && turn.speaker == ANSWERS {
            turn.bold.extend(bold(paragraph));
        }
    }
    turns
}

/// What stands in bold, without a speaker's label.
fn bold(paragraph: &str) -> Vec<String> {
    let toggled = paragraph.replace("****", "");
    let runs = toggled.split("**").skip(1).step_by(2);
    let label = format!("{ANSWERS}：");
    runs.filter(|run| !label.starts_with(run)).map(str::to_owned).collect()
}

/// All turns, off the page.
fn shown(html: &Html) -> Vec<Spoken> {
    let turn = |section: &ElementRef<'_>| {
        let head = within(*section, ".who").first().map(|head| text(*head)).unwrap_or_default();
        let blocks = within(*section, "[id^='p-']");
        Spoken {
            speaker: if head.contains(ASKS) { ASKS } else { ANSWERS },
            paragraphs: blocks.iter().map(|block| text(*block)).collect(),
            bold: within(*section, "[id^='p-'] strong").into_iter().map(text).collect(),
        }
    };
    all(html, "section.turn[data-speaker]").iter().map(turn).collect()
}

#[test]
fn every_turn_has_its_speaker_its_words_and_its_bold() {
    let Some(seed) = seed() else { return };
    let expected = spoken(&seed);
    let count = |name: &str| expected.iter().filter(|turn| turn.speaker == name).count();
    assert_eq!((count(ASKS), count(ANSWERS)), (18, 16), "the independent reading");
    let (_, html) = page(&built(&seed));
    let shown = shown(&html);
    assert_eq!(shown.len(), 34);
    for (shown, expected) in shown.iter().zip(&expected) {
        assert_eq!(shown, expected);
    }
}

#[test]
fn two_numbered_sections_and_three_below_them() {
    let Some(seed) = seed() else { return };
    let (_, html) = page(&built(&seed));
    let headings: Vec<(u8, String)> = all(&html, "article :is(h2, h3, h4).sec")
        .into_iter()
        .map(|heading| (heading.value().name().as_bytes()[1] - b'0', text(heading)))
        .collect();
    assert_eq!(headings.len(), HEADINGS.len(), "{headings:?}");
    for ((level, words), (expected, title)) in headings.iter().zip(HEADINGS) {
        assert_eq!(level, expected, "{title}");
        assert!(words.contains(title), "{words:?} is not {title:?}");
    }
    let numbers: Vec<String> = all(&html, "article h2.sec .no").into_iter().map(text).collect();
    assert_eq!(numbers, ["01", "02"]);
}

#[test]
fn the_source_breaks_off_and_everyone_is_told() {
    let Some(seed) = seed() else { return };
    let built = built(&seed);
    let (_, html) = page(&built);
    let body = text(all(&html, "body")[0]);
    assert_eq!(body.matches("**").count(), 1, "literal stars");
    assert!(body.contains("**你们构建模型的方式是透明的"), "the stars stand at the cut");
    assert_eq!(all(&html, "article .cut").len(), 1, "the reader is told");
    let told: Vec<_> =
        built.diagnostics.iter().filter(|told| told.code == "text/breaks-off").collect();
    assert_eq!(told.len(), 1, "the editor is told");
    let span = told[0].place.span.expect("a place");
    assert_eq!(told[0].place.source.position(span.start as usize).line, 198);
}

#[test]
fn the_head_says_where_it_comes_from() {
    let Some(seed) = seed() else { return };
    let (_, html) = page(&built(&seed));
    assert_eq!(all(&html, "h1").len(), 1);
    assert_eq!(text(all(&html, "h1")[0]), TITLE);
    let article = text(all(&html, "article")[0]);
    let before = article.split("开源百亿美金做出来的大模型").next().expect("the introduction");
    assert_eq!(before.matches(TITLE).count(), 1, "the title once, in the head");
    for part in ["宛辰、FP", "极客公园", "作者", "宛辰、Founder Park", "编辑", "郑玄"]
    {
        assert!(article.contains(part), "{part}");
        let spoken = all(&html, ".prose [id^='p-']").into_iter().any(|block| text(block) == part);
        assert!(!spoken, "{part} is a paragraph of the text");
    }
    let url = seed.lines().find_map(|line| line.strip_prefix("url: ")).expect("the link");
    let links = all(&html, "article a[href^='https:']");
    assert!(links.iter().any(|link| link.value().attr("href") == Some(url)), "the original's link");
    for date in ["2024-07-31", "2025-10-06"] {
        let found = all(&html, "article time[datetime]")
            .into_iter()
            .any(|time| time.value().attr("datetime").is_some_and(|value| value.starts_with(date)));
        assert!(found, "{date}");
    }
    let cover = all(&html, "article .cover img");
    assert_eq!(cover.len(), 1, "the cover");
    let elsewhere = all(&html, "img");
    assert_eq!(elsewhere.len(), 4, "all pictures of the source, each once");
    for picture in elsewhere {
        assert_eq!(picture.value().attr("referrerpolicy"), Some("no-referrer"));
    }
}

#[test]
fn the_introduction_comes_first_and_figures_have_captions() {
    let Some(seed) = seed() else { return };
    let (_, html) = page(&built(&seed));
    let introduction: Vec<String> = all(&html, ".prose [id^='p-']").into_iter().map(text).collect();
    assert_eq!(
        introduction.first().map(|block| block.trim()),
        Some(""),
        "a picture: {introduction:?}"
    );
    assert_eq!(introduction[1], "开源百亿美金做出来的大模型，是商业战略。");
    let last = introduction.last().expect("an introduction");
    assert_eq!(last, "以下是对话全文，由极客公园整理。");
    let captions: Vec<String> = all(&html, "figure figcaption").into_iter().map(text).collect();
    assert_eq!(captions.len(), 2, "{captions:?}");
    assert!(captions[0].ends_with("同台拥抱。｜来源：视觉中国"));
    assert_eq!(captions[1].trim(), "图片来源：视觉中国");
}

/// How often each term is spoken, by the glossary.
fn counts(built: &Built) -> BTreeMap<String, usize> {
    let terms = built.site.glossary.terms.iter().enumerate();
    terms.map(|(at, term)| (term.term.clone(), built.site.uses_of(at as u32).len())).collect()
}

#[test]
fn every_mention_counts_once_with_and_without_blanks() {
    let Some(seed) = seed() else { return };
    let spaced = built(&seed);
    let found = counts(&spaced);
    for (term, expected) in MENTIONS {
        assert_eq!(found[*term], *expected, "{term}");
    }
    assert!(found["AI"] > 40, "AI is spoken all the time: {}", found["AI"]);
    let page = &spaced.site.pages[0];
    let ai = spaced.site.glossary.find("AI").expect("the term");
    let reading = spaced.site.reading(page);
    let document = &reading.document;
    for mention in reading.mentions.iter().filter(|mention| mention.term == ai) {
        let range = mention.range.range();
        let (before, after) = (&document.text[..range.start], &document.text[range.end..]);
        assert!(!before.ends_with("Meta "), "inside Meta AI");
        assert!(!after.trim_start().starts_with("Studio"), "inside AI Studio");
    }
    let joined = without_blanks(&seed);
    let removed = seed.len() - joined.len();
    assert!(removed > 200, "only {removed} blanks were there to remove");
    assert_eq!(counts(&built(&joined)), found);
}

/// The text without the blanks between Han and Latin characters, front matter aside.
fn without_blanks(source: &str) -> String {
    let (head, body) = source.split_once("\n---\n").expect("front matter");
    let letters: Vec<char> = body.chars().collect();
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    let kept = letters.iter().enumerate().filter(|(at, c)| {
        let (Some(before), Some(after)) =
            (at.checked_sub(1).map(|at| letters[at]), letters.get(at + 1))
        else {
            return true;
        };
        let between = is_han(before) && is_latin(*after) || is_latin(before) && is_han(*after);
        !(between && matches!(c, ' ' | '\u{a0}'))
    });
    let body: String = kept.map(|(_, c)| c).collect();
    format!("{head}\n---\n{body}")
}

#[test]
fn a_terms_page_links_each_mention_to_its_block() {
    let Some(seed) = seed() else { return };
    let built = built(&seed);
    let (_, html) = page(&built);
    for (term, count) in MENTIONS {
        let index = built.site.glossary.find(term).expect("the term");
        let bytes = built.render(&built.site.term_page(index, 0)).expect("the term's page renders");
        let own = Html::parse_document(&String::from_utf8(bytes).expect("UTF-8"));
        let links = all(&own, &format!("li a[href^='../{PAGE}#p-']"));
        assert_eq!(links.len(), *count, "{term}");
        for link in links {
            let (_, block) =
                link.value().attr("href").and_then(|href| href.split_once('#')).expect("a block");
            let target = all(&html, &format!("[id='{block}']"));
            assert_eq!(target.len(), 1, "{term}: {block}");
            let words = text(target[0]).replace(' ', "");
            assert!(words.contains(&term.replace(' ', "")), "{term} is not in {words}");
        }
    }
}

#[test]
fn the_page_keeps_its_budget() {
    let Some(seed) = seed() else { return };
    let built = built(&seed);
    let (source, html) = page(&built);
    let page = gzipped(source.as_bytes());
    let mut assets = BTreeMap::from([("css", 0), ("js", 0)]);
    for element in all(&html, "link[rel=stylesheet], script[src]") {
        let href = element.value().attr("href").or(element.value().attr("src")).expect("a link");
        let Some(Output::Bytes(bytes)) = built.outputs.get(href) else {
            panic!("{href} is not there")
        };
        let kind = href.rsplit('.').next().unwrap_or_default();
        *assets.get_mut(kind).expect("css or js") += gzipped(bytes);
    }
    let (css, js) = (assets["css"], assets["js"]);
    println!("gzipped: page {page}, css {css}, js {js}, all {}", page + css + js);
    assert!(page <= 14_000, "the page: {page}");
    assert!(css <= 7_000, "style sheets: {css}");
    assert!(js <= 5_000, "scripts: {js}");
    assert!(page + css + js <= 26_000, "all told: {}", page + css + js);
}

/// The words of the fifteen definitions on the page are 1.2 kB of it: with the sample site's
/// glossary it may be so much larger, and its markup (the names of the aids for reading are 100
/// bytes of it) no more than it is.
#[test]
fn the_page_with_a_full_glossary_keeps_its_budget() {
    let Some(seed) = seed() else { return };
    let built = built_with(&seed, include_str!("../content/glossary.yaml"));
    let (source, html) = page(&built);
    let definitions: String = all(&html, "[role=doc-glossary]").into_iter().map(text).collect();
    let (whole, words) = (gzipped(source.as_bytes()), gzipped(definitions.as_bytes()));
    println!("gzipped: page {whole}, the words of its definitions alone {words}");
    assert!(all(&html, "[role=doc-glossary] dfn").len() >= 15);
    assert!(whole <= 14_950, "the page: {whole}");
    assert!(whole - words <= 13_300, "without its definitions: {}", whole - words);
}

/// Words that do not repeat, so that what a page takes beside them is its markup.
fn talk(turns: usize) -> String {
    let mut state = 20_261_120_u32;
    let mut han = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4e00 + (state >> 16) % 3000).expect("a Han character")
    };
    let mut text = String::from("---\ntitle: 一场对谈\ndate: 2025-01-01\n---\n");
    for turn in 0..turns {
        let speaker = ["主持人", "工程师"][turn % 2];
        text.push_str(&format!("**{speaker}：**"));
        for _ in 0..2 {
            text.extend((0..60).map(|_| han()));
            text.push_str("，AI，");
            text.extend((0..60).map(|_| han()));
            text.push_str("。\n\n");
        }
    }
    text
}

/// What a turn's markup takes: two blocks' ids and its own, the permalink, two mentions. It is
/// measured as the difference of two pages, so nothing of the page's head counts.
#[test]
fn a_turns_markup_takes_few_bytes() {
    let sizes = [30, 60].map(|turns| {
        let transcript = talk(turns);
        let built = built(&transcript);
        let (source, html) = page(&built);
        assert_eq!(all(&html, "section.turn").len(), turns);
        let words: String = all(&html, "section.turn p:not(.who)").into_iter().map(text).collect();
        (gzipped(source.as_bytes()), gzipped(words.as_bytes()))
    });
    let [(small, few), (large, many)] = sizes;
    let each = ((large - small) - (many - few)) / 30;
    println!("a turn's markup, gzipped: {each} bytes");
    assert!(each <= 50, "{each} bytes");
}
