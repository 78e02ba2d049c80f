use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use notify::{Error, ErrorKind, RecursiveMode, WatcherKind};

use super::*;

fn site() -> (tempfile::TempDir, Folder) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("content/inner")).unwrap();
    let folder = Folder { root: dir.path().to_owned(), has_content: true };
    (dir, folder)
}

/// A watcher that watches the site's own folder, and none below it: as when the system has
/// no watches left.
struct Full;

impl Watcher for Full {
    fn new<F: notify::EventHandler>(_: F, _: Config) -> notify::Result<Self> {
        Ok(Self)
    }
    fn watch(&mut self, _: &Path, mode: RecursiveMode) -> notify::Result<()> {
        match mode {
            RecursiveMode::Recursive => Err(Error::new(ErrorKind::MaxFilesWatch)),
            RecursiveMode::NonRecursive => Ok(()),
        }
    }
    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        Ok(())
    }
    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

#[test]
fn without_watches_left_it_polls_and_says_why() {
    let (_dir, folder) = site();
    let mut watch = Watch::with(folder, Some(|_, _| Ok(Box::new(Full))));
    assert!(watch.polls());
    let reason = watch.failure().unwrap();
    assert!(reason.contains("limit of watched folders"), "{reason}");
    assert_eq!(watch.failure(), None, "told once");
    watch.wait(); // comes back
}

#[test]
fn a_watcher_that_cannot_start_is_replaced_by_polling() {
    let (_dir, folder) = site();
    let start: Start = |_, _| Err(Error::io(io_error(24)));
    let mut watch = Watch::with(folder, Some(start));
    assert!(watch.polls() && watch.failure().unwrap().contains("max_user_instances"));
}

#[test]
fn what_was_touched_is_told_once_where_nothing_else_can_have_changed() {
    let (dir, folder) = site();
    let mut watch = Watch::new(folder.clone(), false);
    assert_eq!(watch.touched(), None, "before the first look anything may have changed");
    assert_eq!(watch.touched(), Some(Vec::new()));
    let path = dir.path().join("content/inner/a.md");
    fs::write(&path, "text").unwrap();
    watch.wait();
    assert_eq!(watch.touched(), Some(vec![path]));
    assert_eq!(watch.touched(), Some(Vec::new()));
    watch.wait(); // the look when it has been quiet
    assert_eq!(watch.touched(), None);
    watch.hear(Signal::Lost);
    assert_eq!(watch.touched(), None, "events were lost");
    let mut polling = Watch::new(folder, true);
    assert_eq!((polling.touched(), polling.touched()), (None, None));
}

fn io_error(code: i32) -> std::io::Error {
    std::io::Error::from_raw_os_error(code)
}

/// What the test says in the system's place.
static SAY: Mutex<Option<Sender<Signal>>> = Mutex::new(None);

#[test]
fn a_limit_that_is_reached_later_ends_in_polling_and_lost_events_begin_anew() {
    let (dir, folder) = site();
    let start: Start = |folder, tell| {
        *SAY.lock().unwrap() = Some(tell.clone());
        system(folder, tell)
    };
    let mut watch = Watch::with(folder, Some(start));
    let say = |signal| SAY.lock().unwrap().as_ref().unwrap().send(signal).unwrap();

    // The watch of a new folder got lost with the queue: it is watched again.
    watch.system.as_mut().unwrap().unwatch(&dir.path().join("content")).unwrap();
    say(Signal::Lost);
    watch.wait();
    fs::write(dir.path().join("content/inner/a.md"), "text").unwrap();
    let told = watch.heard.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(matches!(told, Signal::Writing(_)), "{told:?}");

    say(Signal::Failed("no watches left".to_owned()));
    watch.wait();
    assert_eq!((watch.polls(), watch.failure().as_deref()), (true, Some("no watches left")));
}

#[test]
fn an_open_file_is_waited_for_and_a_closed_one_is_not() {
    let (_dir, folder) = site();
    let mut watch = Watch::with(folder, None);
    let (say, heard) = channel();
    watch.heard = heard;
    let took = |watch: &mut Watch| {
        let start = Instant::now();
        watch.settle();
        start.elapsed()
    };
    say.send(Signal::Writing("a".into())).unwrap();
    say.send(Signal::Done("a".into())).unwrap();
    assert!(took(&mut watch) < WRITING);
    say.send(Signal::Writing("a".into())).unwrap();
    say.send(Signal::Done("b".into())).unwrap();
    assert!(took(&mut watch) >= WRITING);
    // Whoever writes all the time does not keep the pages old.
    let busy = thread::spawn(move || {
        while say.send(Signal::Writing("log".into())).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let burst = took(&mut watch);
    assert!(burst >= BURST && burst < 2 * BURST, "{burst:?}");
    drop(watch);
    busy.join().unwrap();
}

#[test]
fn the_output_is_not_watched_and_a_folder_of_transcripts_is_by_its_parts() {
    let (dir, mut folder) = site();
    for name in ["public/deep", ".git/objects", "node_modules/x", "templates"] {
        fs::create_dir_all(dir.path().join(name)).unwrap();
    }
    let names = |folder: &Folder| -> Vec<String> {
        let inner = |path: PathBuf| path.strip_prefix(&folder.root).unwrap().to_owned();
        roots(folder).into_keys().map(|path| inner(path).display().to_string()).collect()
    };
    assert_eq!(names(&folder), ["", "content", "templates"]);
    folder.has_content = false;
    fs::create_dir_all(dir.path().join("2024")).unwrap();
    fs::write(dir.path().join("public/.postil.json"), "{}").unwrap();
    assert_eq!(names(&folder), ["", "2024", "content", "templates"]);
    let page = dir.path().join("public/deep/a.md");
    assert!(roots::ignored(&folder)(&page));
    // A folder of that name that no build wrote holds transcripts.
    fs::remove_file(dir.path().join("public/.postil.json")).unwrap();
    assert_eq!(names(&folder), ["", "2024", "content", "public", "templates"]);
    assert!(!roots::ignored(&folder)(&page));
}

#[test]
fn what_was_written_and_closed_during_a_look_is_looked_at_afterwards() {
    let (dir, folder) = site();
    let mut watch = Watch::with(folder, Some(system));
    let file = dir.path().join("content/inner/a.md");
    fs::write(&file, "one").unwrap();
    watch.wait();
    // A look goes on, and while it does, a save begins and ends.
    fs::write(&file, "two").unwrap();
    thread::sleep(Duration::from_millis(100));
    assert!(!watch.is_disturbed(), "it is closed again");
    let (tell, told) = channel();
    thread::spawn(move || {
        watch.wait();
        tell.send(()).unwrap();
    });
    assert!(
        told.recv_timeout(Duration::from_secs(5)).is_ok(),
        "the second save is never looked at"
    );
}

#[test]
fn a_second_after_the_last_event_there_is_one_more_look_and_no_other() {
    let (_dir, folder) = site();
    let mut watch = Watch::with(folder, Some(system));
    let (say, heard) = channel();
    watch.heard = heard;
    say.send(Signal::Done("new folder".into())).unwrap();
    let start = Instant::now();
    watch.wait();
    assert!(start.elapsed() < CHECK / 2, "the event itself");
    watch.wait();
    let took = start.elapsed();
    assert!(took >= CHECK && took < 2 * CHECK, "{took:?}");
    let (tell, told) = channel();
    thread::spawn(move || {
        watch.wait();
        tell.send(()).unwrap();
    });
    assert!(told.recv_timeout(2 * CHECK).is_err(), "nothing happened since");
    drop(say);
}

/// Counts how often it is asked to watch.
struct Counting;

static ASKED: AtomicUsize = AtomicUsize::new(0);

impl Watcher for Counting {
    fn new<F: notify::EventHandler>(_: F, _: Config) -> notify::Result<Self> {
        Ok(Self)
    }
    fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
        ASKED.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        Ok(())
    }
    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

#[test]
fn thousands_of_lost_events_make_it_begin_anew_once() {
    let (_dir, folder) = site();
    let mut watch = Watch::with(folder, Some(|_, _| Ok(Box::new(Counting))));
    let (say, heard) = channel();
    watch.heard = heard;
    let once = ASKED.load(Ordering::SeqCst);
    assert!(once > 0);
    (0..5000).for_each(|_| say.send(Signal::Lost).unwrap());
    watch.wait();
    assert_eq!(ASKED.load(Ordering::SeqCst), 2 * once);
}
