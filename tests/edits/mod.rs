//! After any sequence of edits a warm pipeline's outputs are those of a first run, byte for byte,
//! and what did not change was not done again.

mod cost;

use std::collections::BTreeMap;

use postil::diagnostics::print;
use postil::pipeline::{
    Asset, Built, Digest, File, Inputs, Made, Manuscript, Options, Output, Taken, Warm, Work,
    digest, run,
};
use postil::source::Source;
use rayon::prelude::*;

/// A site as text, by path.
type Texts = BTreeMap<String, String>;

/// An edit: what it is called, and what it does to the site. `Step` picks files and words.
type Edit = (&'static str, fn(&mut Texts, &mut Step));

const EDITS: [Edit; 23] = [
    ("body", |site, step| append(site, step, "\n\n**Host:** Now for RAG again, and vectors.\n")),
    ("title", |site, step| front(site, step, "title: ", "title: Another name ")),
    ("slug", |site, step| {
        let slug = format!("slug: moved-{}\ndate: 2024", step.number);
        front(site, step, "date: 2024", &slug);
    }),
    ("date", |site, step| front(site, step, "date: 2024", "date: 2025")),
    ("speaker", |site, step| replace(site, step, "**Engineer:**", "**Librarian:**")),
    ("tag", |site, step| front(site, step, "tags: [", "tags: [fresh, ")),
    ("new file", |site, step| add(site, &format!("content/new/n{}.md", step.number), step)),
    ("removed", |site, step| drop(take(site, step))),
    ("renamed", |site, step| {
        let text = take(site, step);
        site.insert(format!("content/moved/m{}.md", step.number), text);
    }),
    ("definition", |site, _| glossary(site, "Looking", "First looking")),
    ("new term", |site, step| {
        let term =
            format!("- {{term: vectors{}, aliases: [vectors], definition: Lists.}}\n", step.number);
        site.entry("content/glossary.yaml".to_owned()).or_default().insert_str(0, &term);
    }),
    ("removed term", |site, _| {
        let text = site.get_mut("content/glossary.yaml").expect("a glossary");
        *text = text.lines().skip(1).map(|line| format!("{line}\n")).collect();
    }),
    ("note", |site, step| {
        let path = pick(site, step);
        let note = "- {quote: Good evening, note: 'It was [morning](/talks/t2.md).'}\n- {quote: nowhere, note: Lost.}\n";
        site.insert(path.replace(".md", ".notes.yaml"), note.to_owned());
    }),
    ("template", |site, step| {
        let text = format!("<p>{}</p>{{{{ site.title }}}}", step.number);
        site.insert("templates/404.html".to_owned(), text);
    }),
    ("config", |site, step| {
        let text =
            format!("title: Site {}\npaginate: 3\nbase_url: https://example.org/x/\n", step.number);
        site.insert("content/site.yaml".to_owned(), text);
    }),
    ("exports", |site, _| {
        let asked = "exports: [md, json, txt, vtt, srt, podcast]\n";
        site.entry("content/site.yaml".to_owned()).or_default().push_str(asked);
    }),
    ("copies", |site, step| {
        append(site, step, "\n\n![A door](https://example.org/p.png)\n");
        let copies = "https://example.org/p.png: /talks/p.png\n".to_owned();
        drop(site.insert(pick(site, step).replace(".md", ".images.yaml"), copies));
    }),
    ("marks", |site, _| {
        site.entry("content/site.yaml".to_owned())
            .or_default()
            .push_str("glossary: {mark: every}\n");
    }),
    ("image", |site, _| drop(site.insert("content/talks/p.png".to_owned(), String::new()))),
    ("people", |site, _| {
        let people =
            "- {id: host, name: {en: Host, zh: 主持人}, role: host}\n- {id: eng, name: Engineer}\n";
        site.insert("content/speakers.yaml".to_owned(), people.to_owned());
    }),
    ("role", |site, _| {
        if let Some(text) = site.get_mut("content/speakers.yaml") {
            *text = text.replace("role: host", "role: chair");
        }
    }),
    ("opted out", |site, step| append(site, step, "\n\n**Host:** The word \\RAG is meant.\n")),
    ("broken", |site, step| front(site, step, "title: ", "title: [x\ntitel: ")),
];

/// Edits of words, after which a site is made out of the one before; and a few after which it is not.
const WORDS: [Edit; 14] = [
    ("words", |site, step| append(site, step, "\n\nAnd so on, and so on.\n")),
    ("a term", |site, step| append(site, step, "\n\nRAG, and RAG with an index.\n")),
    ("no term", |site, step| replace(site, step, "RAG ", "It ")),
    ("title", |site, step| front(site, step, "title: ", "title: Another name ")),
    ("no title", |site, step| front(site, step, "title: ", "subtitle: ")),
    ("summary", |site, step| front(site, step, "date: 2024", "summary: In short.\ndate: 2024")),
    ("place", |site, step| {
        let text = format!("\n\nSee [there](/talks/t{}.md#s-part-1).\n", 1 + step.below(5));
        append(site, step, &text);
    }),
    ("heading", |site, step| replace(site, step, "## Part", "## Piece")),
    ("heading back", |site, step| replace(site, step, "## Piece", "## Part")),
    ("lost link", |site, step| {
        append(site, step, "\n\nSee [there](/nowhere.md) and [here](#no).\n")
    }),
    ("note", |site, step| {
        let path = pick(site, step).replace(".md", ".notes.yaml");
        let note = "- {quote: Good evening, note: 'It was [morning](/talks/t2.md#s-part-2).'}\n";
        site.insert(path, note.to_owned());
    }),
    ("note removed", |site, _| {
        let path = site.keys().find(|path| path.ends_with(".notes.yaml")).cloned();
        path.and_then(|path| site.remove(&path));
    }),
    ("turn", |site, step| append(site, step, "\n\n**Host:** One more.\n")),
    ("broken", |site, step| front(site, step, "title: ", "title: [x\ntitel: ")),
];

/// Decides which file an edit is about; the same numbers every time.
struct Step {
    number: u64,
    state: u64,
}

impl Step {
    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        (self.state >> 33) as usize % end
    }
}

fn pick(site: &Texts, step: &mut Step) -> String {
    let all: Vec<&String> = site.keys().filter(|path| path.ends_with(".md")).collect();
    all[step.below(all.len())].clone()
}

fn take(site: &mut Texts, step: &mut Step) -> String {
    let path = pick(site, step);
    site.remove(&path).expect("it was picked from these")
}

fn append(site: &mut Texts, step: &mut Step, text: &str) {
    let path = pick(site, step);
    site.get_mut(&path).expect("it was picked from these").push_str(text);
}

fn replace(site: &mut Texts, step: &mut Step, from: &str, to: &str) {
    let path = pick(site, step);
    let text = site.get_mut(&path).expect("it was picked from these");
    *text = text.replace(from, to);
}

fn front(site: &mut Texts, step: &mut Step, from: &str, to: &str) {
    let path = pick(site, step);
    let text = site.get_mut(&path).expect("it was picked from these");
    *text = text.replacen(from, to, 1);
}

fn glossary(site: &mut Texts, from: &str, to: &str) {
    let text = site.get_mut("content/glossary.yaml").expect("a glossary");
    *text = text.replace(from, to);
}

fn add(site: &mut Texts, path: &str, step: &mut Step) {
    let number = step.number;
    let day = 1 + step.below(28);
    let text = format!(
        "---\ntitle: Talk {number}\ndate: 2024-05-{day:02}\ntags: [craft]\nseries: Evenings\n---\n\n\
         Before it.[^1] See [the other](../talks/t2.md) and ![a picture](p.png).\n\n## Part {number}\n\n\
         **Host:** Good evening, number {number}.\n\n**Engineer:** RAG looks things up.\n\n\
         **Host:** With an index?\n\n**Engineer:** With an index of vectors, and RAG again.\n\n[^1]: A note.\n"
    );
    site.insert(path.to_owned(), text);
}

fn first() -> Texts {
    let mut site = Texts::new();
    let mut step = Step { number: 0, state: 7 };
    for number in 1..=5 {
        step.number = number;
        add(&mut site, &format!("content/talks/t{number}.md"), &mut step);
    }
    let zh = site["content/talks/t2.md"].replace("Talk", "谈话").replace("Host", "主持人");
    site.insert("content/talks/t2.zh.md".to_owned(), zh);
    site.insert("content/pages/about.md".to_owned(), "# About\n\nRAG, mostly.\n".to_owned());
    let terms = "- {term: index, definition: 'A list, as [here](talks/t2.md).'}\n- {term: RAG, definition: Looking *up*., see: [index]}\n";
    site.insert("content/glossary.yaml".to_owned(), terms.to_owned());
    site
}

/// As the loader does: what has not changed is the same file as before.
fn inputs(site: &Texts, before: Option<(&Texts, &Inputs)>) -> Inputs {
    let file = |(path, text): (&String, &String)| {
        let known = before.filter(|(texts, _)| texts.get(path) == Some(text));
        let known = known.and_then(|(_, inputs)| inputs.files.get(path).cloned());
        (path.clone(), known.unwrap_or_else(|| new_file(path, text)))
    };
    Inputs {
        name: "site".to_owned(),
        has_content: true,
        files: site.iter().map(file).collect(),
        diagnostics: Vec::new(),
    }
}

fn new_file(path: &str, text: &str) -> File {
    if path.ends_with(".png") {
        return File::Asset(Asset {
            disk: path.into(),
            size: 0,
            modified: 0,
            identity: (0, 0),
            picture: None,
        });
    }
    let source = Source::new(path, text);
    if !path.ends_with(".md") {
        return File::Text(source);
    }
    let read = move || Taken {
        source: source.clone(),
        digest: digest(source.text().as_bytes()),
        complaints: Vec::new(),
    };
    File::Markdown(Manuscript::new(path, None, Box::new(read)))
}

fn options() -> Options {
    Options { base_url: None, drafts: false, future: true, today: "2026-01-01".to_owned() }
}

/// Everything that a build would write and tell.
fn all(built: &Built) -> BTreeMap<String, String> {
    let bytes = |(path, output): (&String, &Output)| {
        let text = match output {
            Output::Page => match built.render(path) {
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(complaint) => print(&[*complaint], false),
            },
            Output::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Output::Copy(asset) => asset.disk.display().to_string(),
        };
        (path.clone(), text)
    };
    let mut all: BTreeMap<String, String> = built.outputs.par_iter().map(bytes).collect();
    all.insert("diagnostics".to_owned(), print(&built.diagnostics, false));
    all.insert("ids".to_owned(), format!("{:?} {:?}", built.turn_ids(), built.left_out));
    all
}

fn keys(built: &Built) -> BTreeMap<String, Digest> {
    let key = |(path, output): (&String, &Output)| {
        let Made::Anew { key: Some(key), .. } =
            (*output == Output::Page).then(|| built.make(path, None).ok())??
        else {
            return None;
        };
        assert_eq!(built.make(path, Some(key)), Ok(Made::Unchanged), "{path}");
        Some((path.clone(), key))
    };
    built.outputs.par_iter().filter_map(key).collect()
}

/// The edits in an order of their own.
fn shuffled(seed: u64) -> Vec<Edit> {
    let mut step = Step { number: 0, state: seed };
    let mut edits = EDITS.to_vec();
    for at in (1..edits.len()).rev() {
        edits.swap(at, step.below(at + 1));
    }
    edits
}

/// A site that is edited again and again, and the pipeline that follows.
struct Edited {
    warm: Warm,
    texts: Texts,
    known: Inputs,
    told: Vec<&'static str>,
}

impl Edited {
    /// The site before its first edit, run once.
    fn new() -> Self {
        let texts = first();
        let known = inputs(&texts, None);
        let mut warm = Warm::new(options());
        warm.run(&known);
        Self { warm, texts, known, told: Vec::new() }
    }

    fn edit(&mut self, (name, edit): Edit, step: &mut Step) -> Built {
        let mut edited = self.texts.clone();
        edit(&mut edited, step);
        self.told.push(name);
        self.known = inputs(&edited, Some((&self.texts, &self.known)));
        self.texts = edited;
        self.warm.run(&self.known)
    }

    /// Everything of a run, which is what a first run makes of the same files.
    fn compared(&self, built: &Built) -> BTreeMap<String, String> {
        let (ours, clean) = (all(built), all(&run(&self.known, &options())));
        let told = &self.told;
        assert!(ours.keys().eq(clean.keys()), "other outputs after {told:?}");
        for (path, text) in &ours {
            assert_eq!(*text, clean[path], "{path} after {told:?}");
        }
        ours
    }
}

#[test]
fn after_any_edits_a_warm_run_is_a_first_run() {
    for seed in [1, 2] {
        let mut site = Edited::new();
        let mut before: BTreeMap<String, (Digest, String)> = BTreeMap::new();
        let mut kept = 0;
        for (at, edit) in shuffled(seed).into_iter().enumerate() {
            let mut step = Step { number: 100 + at as u64, state: seed.wrapping_add(at as u64) };
            let built = site.edit(edit, &mut step);
            let ours = site.compared(&built);
            // What is made from the same is the same: a build leaves such a page alone.
            let now = keys(&built);
            for (path, key) in &now {
                let same = before.get(path).is_some_and(|(known, _)| known == key);
                assert!(!same || before[path].1 == ours[path], "{path} after {:?}", site.told);
                kept += usize::from(same);
            }
            let paged = |(path, key): (String, Digest)| (path.clone(), (key, ours[&path].clone()));
            before = now.into_iter().map(paged).collect();
        }
        assert!(kept > 100, "many pages keep their keys, or the keys are worth nothing: {kept}");
    }
}

#[test]
fn a_site_made_out_of_the_last_one_is_a_first_run() {
    let mut again = 0;
    for seed in 1..=2 {
        let mut site = Edited::new();
        for at in 0..16 {
            let mut step = Step { number: at, state: seed + (at << 20) };
            let edit = WORDS[step.below(WORDS.len())];
            let built = site.edit(edit, &mut step);
            again += usize::from(built.work.again && built.work.read > 0);
            site.compared(&built);
        }
    }
    assert!(again > 12, "few sites were made out of the last one: {again} of 32");
}

#[test]
fn only_what_an_edit_touches_is_done_again() {
    let mut site = Edited::new();
    let files = site.known.files.keys().filter(|path| path.ends_with(".md")).count();
    let kept = |kept: usize| Work { kept, ..Work::default() };
    let first = Work { read: files, parsed: files, annotated: files, ..Work::default() };
    assert_eq!(Warm::new(options()).run(&inputs(&site.texts, None)).work, first);
    let anew = Work { annotated: files, ..Work::default() };
    let one = Work { read: 1, parsed: 1, annotated: 1, kept: files - 1, again: false };
    let words = Work { again: true, ..one };
    let nothing: Edit = ("nothing", |_, _| ());
    for (name, expected) in [
        ("nothing", Work { again: true, ..kept(files) }),
        ("definition", kept(files)),
        ("template", Work { again: true, ..kept(files) }),
        ("image", kept(files)),
        ("config", kept(files)),
        ("new term", anew),
        ("body", one),
        ("words", words),
        ("title", words),
        ("removed", kept(files - 1)),
    ] {
        let mut edits = EDITS.iter().chain(&WORDS).chain([&nothing]);
        let edit = edits.find(|(known, _)| *known == name).expect("an edit of that name");
        let built = site.edit(*edit, &mut Step { number: 9, state: 9 });
        assert_eq!(built.work, expected, "{name}");
    }
}
