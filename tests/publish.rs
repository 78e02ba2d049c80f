//! Publishing keeps its promises: design sections 2.7 and 10.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use postil::diagnostics::Diagnostic;
use postil::load::{Folder, Reader};
use postil::pipeline::{Asset, Made, Output};
use postil::source::{Source, Span};
use postil::write::{Error, Known, Manner, Publication, Report, Together, check_target, publish};

/// A made-up site: pages whose text is known, and one that can be made to fail.
#[derive(Clone, Default)]
struct Fake {
    outputs: BTreeMap<String, Output>,
    pages: BTreeMap<String, String>,
}

impl Fake {
    fn page(mut self, path: &str, text: &str) -> Self {
        self.outputs.insert(path.into(), Output::Page);
        self.pages.insert(path.into(), text.into());
        self
    }

    fn bytes(mut self, path: &str, text: &str) -> Self {
        self.outputs.insert(path.into(), Output::Bytes(Arc::from(text.as_bytes())));
        self
    }

    fn copy(mut self, path: &str, from: &Path) -> Self {
        let size = fs::metadata(from).unwrap().len();
        let asset =
            Asset { disk: from.to_owned(), size, modified: 0, identity: (0, 0), picture: None };
        self.outputs.insert(path.into(), Output::Copy(asset));
        self
    }

    fn publish(&self, out: &Path) -> Result<Report, Error> {
        self.publish_as(out, false)
    }

    fn publish_as(&self, out: &Path, clean: bool) -> Result<Report, Error> {
        let make = |path: &str, _| match self.pages[path].as_str() {
            "FAIL" => {
                let source = Source::new("templates/page.html", "{{ titel }}");
                let span = Span::new(3, 8);
                Err(Box::new(Diagnostic::error("template/unknown", &source, span, "no titel")))
            }
            text => Ok(Made::Anew { bytes: text.as_bytes().to_vec(), key: None }),
        };
        let ids = BTreeMap::from([("a.html".to_owned(), "t-00000001".to_owned())]).into();
        let known = Known::new();
        let together = Together::default();
        let publication =
            Publication { outputs: &self.outputs, make: &make, together, ids, known: &known };
        let manner = Manner { clean, progress: &|_| {}, waiting: &|| {} };
        // What a later publication may begin with is another test's.
        publish(&publication, out, &manner).map(|report| Report { known: Known::new(), ..report })
    }
}

/// Two editions of one site: `b.html` goes, `d/e.html` comes, `a.html` changes.
fn first() -> Fake {
    Fake::default()
        .page("index.html", "home")
        .page("a.html", "a one")
        .page("b/b.html", "b")
        .bytes("assets/x.1.css", "css one")
}

fn second() -> Fake {
    Fake::default()
        .page("index.html", "home")
        .page("a.html", "a two")
        .page("d/e.html", "e")
        .bytes("assets/x.2.css", "css two")
}

struct Out {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn out() -> Out {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("public");
    Out { _dir: dir, path }
}

/// Every file below, with its bytes; links as what they say.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(at: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let meta = fs::symlink_metadata(&path).unwrap();
            if meta.is_symlink() {
                let to = fs::read_link(&path).unwrap();
                found.insert(name, format!("-> {}", to.display()).into_bytes());
            } else if meta.is_dir() {
                found.insert(format!("{name}/"), Vec::new());
                walk(&path, root, found);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    if root.is_dir() {
        walk(root, root, &mut found);
    }
    found
}

fn names(root: &Path) -> Vec<String> {
    tree(root).into_keys().filter(|name| !name.ends_with('/')).collect()
}

fn old_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

fn age(path: &Path) {
    fs::File::options().write(true).open(path).unwrap().set_modified(old_time()).unwrap();
}

fn is_aged(path: &Path) -> bool {
    fs::metadata(path).unwrap().modified().unwrap() == old_time()
}

#[test]
fn the_first_build_writes_every_file_and_nothing_else() {
    let out = out();
    let report = first().publish(&out.path).unwrap();
    assert_eq!((report.files, report.changed, report.removed), (4, 4, 0));
    let expected = [".postil.json", "a.html", "assets/x.1.css", "b/b.html", "index.html"];
    assert_eq!(names(&out.path), expected);
    assert_eq!(fs::read_to_string(out.path.join("b/b.html")).unwrap(), "b");
}

#[test]
fn a_second_build_touches_only_what_changed() {
    let out = out();
    first().publish(&out.path).unwrap();
    for name in names(&out.path) {
        age(&out.path.join(name));
    }
    let report = second().publish(&out.path).unwrap();
    assert_eq!((report.files, report.changed, report.removed), (4, 3, 2));
    assert!(is_aged(&out.path.join("index.html")), "an unchanged file keeps its time");
    assert!(!is_aged(&out.path.join("a.html")));
    let expected = [".postil.json", "a.html", "assets/x.2.css", "d/e.html", "index.html"];
    assert_eq!(names(&out.path), expected, "what is not needed goes, with its empty folder");
    assert!(!out.path.join("b").exists());
}

#[test]
fn a_build_without_a_change_touches_nothing_at_all() {
    let out = out();
    first().publish(&out.path).unwrap();
    for name in names(&out.path) {
        age(&out.path.join(name));
    }
    let report = first().publish(&out.path).unwrap();
    assert_eq!((report.changed, report.removed), (0, 0));
    for name in names(&out.path) {
        assert!(is_aged(&out.path.join(&name)), "{name}");
    }
}

#[test]
fn foreign_files_survive_and_so_do_ours_that_somebody_changed() {
    let out = out();
    fs::create_dir_all(out.path.join(".well-known")).unwrap();
    fs::create_dir_all(out.path.join("b")).unwrap();
    let foreign = [".gitkeep", "CNAME", ".well-known/x", "b/mine.txt"];
    for name in foreign {
        fs::write(out.path.join(name), name).unwrap();
    }
    first().publish(&out.path).unwrap();
    fs::write(out.path.join("assets/x.1.css"), "edited by hand").unwrap();
    let report = second().publish(&out.path).unwrap();
    for name in foreign {
        assert_eq!(fs::read_to_string(out.path.join(name)).unwrap(), name);
    }
    assert_eq!(report.kept, ["assets/x.1.css"]);
    assert_eq!(fs::read_to_string(out.path.join("assets/x.1.css")).unwrap(), "edited by hand");
    assert!(!out.path.join("b/b.html").exists());
    let report = second().publish(&out.path).unwrap();
    assert_eq!(report.kept, Vec::<String>::new(), "it is foreign now, and told only once");
}

#[test]
fn a_file_that_stayed_goes_with_clean_or_once_it_is_ours_again() {
    let out = out();
    let css = out.path.join("assets/x.1.css");
    let kept = || {
        first().publish(&out.path).unwrap();
        fs::write(&css, "edited by hand").unwrap();
        assert_eq!(second().publish(&out.path).unwrap().kept, ["assets/x.1.css"]);
        for name in names(&out.path) {
            age(&out.path.join(&name));
        }
        assert_eq!(second().publish(&out.path).unwrap(), Report { files: 4, ..Report::default() });
        assert!(names(&out.path).iter().all(|name| is_aged(&out.path.join(name))));
    };
    kept();
    let report = second().publish_as(&out.path, true).unwrap();
    assert_eq!((report.removed, css.exists()), (1, false));
    kept();
    fs::write(&css, "css one").unwrap();
    assert_eq!(second().publish(&out.path).unwrap().removed, 1);
    kept();
    assert!(matches!(first().publish(&out.path), Err(Error::InTheWay(_))), "it is foreign");
    fs::remove_file(&css).unwrap();
    second().publish(&out.path).unwrap();
    let list = fs::read_to_string(out.path.join(".postil.json")).unwrap();
    assert!(!list.contains("x.1.css"), "what is gone is forgotten");
}

#[test]
fn a_file_of_ours_that_somebody_changed_is_replaced_aloud() {
    let out = out();
    first().publish(&out.path).unwrap();
    fs::write(out.path.join("index.html"), "by hand").unwrap();
    fs::write(out.path.join("a.html"), "a two").unwrap();
    let report = second().publish(&out.path).unwrap();
    assert_eq!(report.replaced, ["index.html"], "a.html has the very bytes that are wanted");
    assert_eq!(fs::read_to_string(out.path.join("index.html")).unwrap(), "home");
    assert_eq!(first().publish(&out.path).unwrap().replaced, Vec::<String>::new());
}

#[test]
fn a_template_that_fails_leaves_every_byte_as_it_was() {
    let out = out();
    first().publish(&out.path).unwrap();
    let before = tree(&out.path);
    let failing = second().page("z.html", "FAIL").page("y.html", "FAIL");
    match failing.publish(&out.path) {
        Err(Error::Content(complaints)) => assert_eq!(complaints.len(), 1, "said once"),
        other => panic!("{other:?}"),
    }
    assert_eq!(tree(&out.path), before);
}

#[test]
fn a_first_build_that_fails_leaves_no_folder() {
    let out = out();
    assert!(Fake::default().page("a.html", "FAIL").publish(&out.path).is_err());
    assert!(!out.path.exists());
}

#[test]
fn a_file_that_no_build_wrote_is_in_the_way_until_clean_says_otherwise() {
    let out = out();
    fs::create_dir_all(&out.path).unwrap();
    fs::write(out.path.join("index.html"), "by hand").unwrap();
    let before = tree(&out.path);
    match first().publish(&out.path) {
        Err(Error::InTheWay(all)) => {
            assert_eq!(all.len(), 1);
            assert_eq!((all[0].path.clone(), all[0].what), (out.path.join("index.html"), "a file"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(tree(&out.path), before);
    first().publish_as(&out.path, true).unwrap();
    assert_eq!(fs::read_to_string(out.path.join("index.html")).unwrap(), "home");
}

#[test]
fn a_file_with_the_very_bytes_is_taken_over() {
    let out = out();
    fs::create_dir_all(out.path.join("assets")).unwrap();
    fs::write(out.path.join("assets/x.1.css"), "css one").unwrap();
    first().publish(&out.path).unwrap();
}

#[cfg(unix)]
#[test]
fn links_in_the_way_are_errors_and_are_never_followed() {
    use std::os::unix::fs::symlink;
    let out = out();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("x.1.css"), "not ours").unwrap();
    fs::create_dir_all(&out.path).unwrap();
    symlink(elsewhere.path(), out.path.join("assets")).unwrap();
    symlink(elsewhere.path().join("x.1.css"), out.path.join("a.html")).unwrap();
    let before = tree(&out.path);
    match first().publish_as(&out.path, true) {
        Err(Error::InTheWay(all)) => {
            let found: Vec<_> = all.iter().map(|one| one.what).collect();
            assert_eq!(found, ["a link", "a link"]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(tree(&out.path), before);
    assert_eq!(fs::read_to_string(elsewhere.path().join("x.1.css")).unwrap(), "not ours");
}

#[cfg(unix)]
#[test]
fn nothing_is_deleted_through_a_link() {
    use std::os::unix::fs::symlink;
    let out = out();
    first().publish(&out.path).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(out.path.join("b"), elsewhere.path().join("b")).unwrap();
    symlink(elsewhere.path().join("b"), out.path.join("b")).unwrap();
    second().publish(&out.path).unwrap();
    assert_eq!(fs::read_to_string(elsewhere.path().join("b/b.html")).unwrap(), "b");
}

#[test]
fn a_foreign_folder_where_a_page_belongs_is_an_error() {
    let out = out();
    fs::create_dir_all(out.path.join("a.html/inner")).unwrap();
    fs::write(out.path.join("a.html/inner/x"), "x").unwrap();
    assert!(matches!(first().publish(&out.path), Err(Error::InTheWay(_))));
    assert!(!out.path.join("index.html").exists());
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let out = out();
    let file = Fake::default().bytes("x", "file");
    let folder = Fake::default().bytes("x/y", "inner");
    file.publish(&out.path).unwrap();
    folder.publish(&out.path).unwrap();
    assert_eq!(names(&out.path), [".postil.json", "x/y"]);
    file.publish(&out.path).unwrap();
    assert_eq!(names(&out.path), [".postil.json", "x"]);
}

#[test]
fn assets_are_copied_and_copied_again_only_when_they_differ() {
    let out = out();
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("sound.mp3");
    fs::write(&source, vec![7; 200_000]).unwrap();
    Fake::default().copy("a/sound.mp3", &source).publish(&out.path).unwrap();
    assert_eq!(fs::read(out.path.join("a/sound.mp3")).unwrap(), vec![7; 200_000]);
    let again = Fake::default().copy("a/sound.mp3", &source).publish(&out.path).unwrap();
    assert_eq!(again.changed, 0);
    let mut bytes = vec![7; 200_000];
    bytes[150_000] = 8;
    fs::write(&source, &bytes).unwrap();
    let changed = Fake::default().copy("a/sound.mp3", &source).publish(&out.path).unwrap();
    assert_eq!(changed.changed, 1, "equal size, other bytes");
    assert_eq!(fs::read(out.path.join("a/sound.mp3")).unwrap(), bytes);
}

#[test]
fn an_asset_that_cannot_be_read_changes_nothing() {
    let out = out();
    first().publish(&out.path).unwrap();
    let before = tree(&out.path);
    let asset = Asset {
        disk: out.path.join("no such file"),
        size: 1,
        modified: 0,
        identity: (0, 0),
        picture: None,
    };
    let mut fake = second();
    fake.outputs.insert("x.png".into(), Output::Copy(asset));
    assert!(matches!(fake.publish(&out.path), Err(Error::Disk(..))));
    assert_eq!(tree(&out.path), before);
}

#[test]
fn equal_inputs_give_equal_outputs_wherever_they_lie_and_however_they_came_about() {
    let (one, two) = (out(), out());
    second().publish(&one.path).unwrap();
    first().publish(&two.path).unwrap();
    second().publish(&two.path).unwrap();
    assert_eq!(tree(&one.path), tree(&two.path), "the list included");
}

#[test]
fn a_list_that_lies_deletes_nothing_outside() {
    let out = out();
    first().publish(&out.path).unwrap();
    let victim = out.path.parent().unwrap().join("victim.txt");
    fs::write(&victim, "home").unwrap();
    let list = out.path.join(".postil.json");
    let digest = {
        let list: serde_json::Value = serde_json::from_slice(&fs::read(&list).unwrap()).unwrap();
        list["files"]["index.html"].as_str().unwrap().to_owned()
    };
    let lie = serde_json::json!({"version": 1, "files": {"../victim.txt": digest, "/victim.txt": digest}});
    fs::write(&list, lie.to_string()).unwrap();
    second().publish_as(&out.path, true).unwrap();
    assert!(victim.exists());
}

#[test]
fn a_list_that_cannot_be_read_makes_nothing_ours() {
    let out = out();
    first().publish(&out.path).unwrap();
    fs::write(out.path.join(".postil.json"), "{").unwrap();
    assert!(matches!(second().publish(&out.path), Err(Error::InTheWay(_))));
    second().publish_as(&out.path, true).unwrap();
    assert!(out.path.join("b/b.html").exists(), "unknown, so it stays");
}

#[test]
fn the_output_must_not_lie_on_the_site() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("site");
    fs::create_dir_all(root.join("content/a")).unwrap();
    fs::create_dir_all(root.join("elsewhere")).unwrap();
    fs::write(root.join("content/a/x.md"), "x").unwrap();
    let folder = Folder { root: root.clone(), has_content: true };
    let inputs = Reader::new(folder.clone()).read();
    let check = |out: &Path| check_target(&folder, &inputs, out);
    for bad in
        ["", "content", "content/a", "content/new", "templates", "static/x", "..", "content/../."]
    {
        assert!(check(&root.join(bad)).is_err(), "{bad}");
    }
    for good in ["public", "elsewhere", "../out", "content-2"] {
        assert!(check(&root.join(good)).is_ok(), "{good}");
    }
    let bare = Folder { root: root.join("content"), has_content: false };
    let inputs = Reader::new(bare.clone()).read();
    assert!(check_target(&bare, &inputs, &root.join("content/a")).is_err());
    assert!(check_target(&bare, &inputs, &root.join("content/public")).is_ok());
}

#[test]
fn two_builds_at_once_both_end_well() {
    let out = out();
    let path = &out.path;
    std::thread::scope(|scope| {
        for number in 0..6 {
            scope.spawn(move || {
                let fake = if number % 2 == 0 { first() } else { second() };
                fake.publish(path).unwrap();
            });
        }
    });
    second().publish(path).unwrap();
    let expected = [".postil.json", "a.html", "assets/x.2.css", "d/e.html", "index.html"];
    assert_eq!(names(path), expected);
}

#[test]
fn what_a_dead_build_left_is_swept() {
    let out = out();
    let beside = out.path.parent().unwrap().join(".public.postil-staging");
    for staging in [out.path.join(".postil-staging"), beside] {
        fs::create_dir_all(&staging).unwrap();
        fs::write(staging.join("7"), "half a pa").unwrap();
    }
    fs::write(out.path.join(".postil.lock"), "").unwrap();
    first().publish(&out.path).unwrap();
    assert!(!out.path.join(".postil-staging").exists());
    assert_eq!(fs::read_dir(out.path.parent().unwrap()).unwrap().count(), 1);
    assert!(!out.path.join(".postil.lock").exists());
}

#[test]
fn bytes_wait_beside_the_output_so_that_nobody_copies_them_to_a_host() {
    let out = out();
    let seen = std::sync::Mutex::new(Vec::new());
    let fake = first();
    let make = |path: &str, _| {
        seen.lock().unwrap().push(names(&out.path));
        Ok(Made::Anew { bytes: fake.pages[path].clone().into_bytes(), key: None })
    };
    let ids = Arc::default();
    let known = Known::new();
    let together = Together::default();
    let publication =
        Publication { outputs: &fake.outputs, make: &make, together, ids, known: &known };
    let manner = Manner { clean: false, progress: &|_| {}, waiting: &|| {} };
    publish(&publication, &out.path, &manner).unwrap();
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|names| *names == [".postil.lock"]), "{seen:?}");
}

#[test]
fn where_nothing_can_be_put_beside_the_output_bytes_wait_inside() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x".repeat(250)); // a longer name is none
    first().publish(&path).unwrap();
    assert_eq!(names(&path).len(), 5);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

/// Which edition the child process publishes, and where.
const CHILD: &str = "POSTIL_TEST_PUBLISH";

fn many(edition: u32) -> Fake {
    let mut fake = Fake::default().page("index.html", &format!("home {edition}"));
    for number in 0..60 {
        fake = fake.page(&format!("p/{number}.html"), &format!("{edition} ").repeat(2_000));
    }
    for number in 0..10 {
        let path = format!("only-in-{edition}/{number}.css");
        fake = fake.bytes(&path, &format!("{edition} ").repeat(500));
    }
    fake
}

/// Not a test of its own: the process that gets killed.
#[test]
fn child_that_publishes() {
    let Ok(out) = std::env::var(CHILD) else { return };
    for edition in (1..=2).cycle() {
        many(edition).publish(Path::new(&out)).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_build_that_is_killed_leaves_each_file_old_or_new_and_the_next_repairs_the_rest() {
    let out = out();
    many(1).publish(&out.path).unwrap();
    for round in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_publishes", "--nocapture"])
            .env(CHILD, &out.path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(25 + round * 9));
        child.kill().unwrap();
        child.wait().unwrap();
        let whole: Vec<BTreeMap<String, String>> = (1..=2).map(whole_files).collect();
        for (name, bytes) in tree(&out.path) {
            if name.ends_with('/') || name.starts_with(".postil") {
                continue;
            }
            let text = String::from_utf8(bytes).unwrap();
            let known = whole.iter().any(|edition| edition.get(&name) == Some(&text));
            assert!(known, "round {round}: {name} is neither old nor new");
        }
        many(2).publish(&out.path).unwrap();
        let mut expected: Vec<String> = whole[1].keys().cloned().collect();
        expected.push(".postil.json".to_owned());
        expected.sort();
        assert_eq!(names(&out.path), expected, "round {round}: repaired");
    }
}

fn whole_files(edition: u32) -> BTreeMap<String, String> {
    let fake = many(edition);
    let bytes = fake.outputs.iter().filter_map(|(path, output)| match output {
        Output::Bytes(bytes) => Some((path.clone(), String::from_utf8(bytes.to_vec()).unwrap())),
        _ => None,
    });
    fake.pages.clone().into_iter().chain(bytes).collect()
}

#[test]
fn a_sites_own_rules_are_served_with_the_theme_and_nowhere_else() {
    let site = tempfile::TempDir::new().expect("a temporary folder");
    let write = |path: &str, text: &str| {
        let file = site.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a new folder");
        fs::write(file, text).expect("a file");
    };
    write("content/talk.md", "**Host:** One?\n\n**Keeper:** Two.\n");
    write("static/custom.css", ".kick { text-transform: uppercase }\n");
    write("static/robots-note.txt", "as it is");
    let output = crate::host::build(site.path());
    let files = crate::host::tree(&output);
    let page = String::from_utf8_lossy(&files["talk.html"]).into_owned();
    let style = files.keys().find(|path| path.starts_with("assets/style.")).expect("a stylesheet");
    assert!(page.contains(style.as_str()), "the page loads {style}");
    assert!(files[style].ends_with(b"\n.kick { text-transform: uppercase }\n"));
    assert!(!files.contains_key("custom.css") && files.contains_key("robots-note.txt"));
}
