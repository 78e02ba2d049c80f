//! A thousand saves in a row, as ten kinds of programs make them: each is shown, and nothing
//! blank or half ever is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Answer, PATIENCE};

/// `postil serve` on a folder; it ends when this is dropped.
pub struct Program {
    pub process: Child,
    pub address: String,
}

impl Program {
    pub fn on(site: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
        command.args(["serve", "--port", "0"]).arg(site).stderr(Stdio::null());
        Self::of(&mut command)
    }

    /// What a command starts.
    pub fn of(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("postil starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let (_, address) = line.trim().split_once("http://").expect("an address");
        Self { address: address.trim_end_matches('/').to_owned(), process }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        stream
    }

    pub fn get(&self, target: &str) -> Answer {
        self.ask(target, &format!("Host: {}\r\n", self.address))
    }

    pub fn ask(&self, target: &str, headers: &str) -> Answer {
        let mut stream = self.connect();
        let head = format!("GET {target} HTTP/1.1\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).expect("a request");
        Answer::read(&mut BufReader::new(stream), false)
    }

    /// Waits until a page has a text.
    pub fn wait_for(&self, target: &str, text: &str) -> Duration {
        self.wait_until(target, |page| page.contains(text))
    }

    /// Waits until a page is as it should be.
    pub fn wait_until(&self, target: &str, is_right: impl Fn(&str) -> bool) -> Duration {
        let start = Instant::now();
        while !is_right(&self.get(target).text()) {
            assert!(start.elapsed() < PATIENCE, "{target} never becomes right");
            thread::sleep(Duration::from_millis(5));
        }
        start.elapsed()
    }

    /// Memory in use, in bytes; none where the system does not tell.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

pub type Save = fn(&Path, &[u8]) -> io::Result<()>;

fn beside(path: &Path, name: impl Fn(&str) -> String) -> std::path::PathBuf {
    let own = path.file_name().and_then(|own| own.to_str()).expect("a name");
    path.with_file_name(name(own))
}

/// Writes in two pieces and lets the disk have it.
fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    file.write_all(second)?;
    file.sync_all()
}

/// How programs save, by name.
pub const STYLES: [(&str, Save); 10] = [
    ("truncate and write", |path, bytes| fill(File::create(path)?, bytes)),
    ("VS Code: open, cut to nothing, write", |path, bytes| {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        file.set_len(0)?;
        fill(file, bytes)
    }),
    ("Vim: probe, rename to a backup, write anew", |path, bytes| {
        let (probe, backup) = (path.with_file_name("4913"), beside(path, |own| format!("{own}~")));
        File::create(&probe)?;
        fs::remove_file(&probe)?;
        fs::rename(path, &backup)?;
        fill(File::create(path)?, bytes)?;
        fs::remove_file(&backup)
    }),
    ("Vim with backupcopy=yes", |path, bytes| {
        let backup = beside(path, |own| format!("{own}~"));
        let swap = beside(path, |own| format!(".{own}.swp"));
        fs::write(&swap, b"b0VIM")?;
        fs::copy(path, &backup)?;
        fill(File::create(path)?, bytes)?;
        fs::remove_file(&backup)?;
        fs::remove_file(&swap)
    }),
    ("Emacs: auto-save, backup by renaming, write", |path, bytes| {
        let auto = beside(path, |own| format!("#{own}#"));
        let backup = beside(path, |own| format!("{own}~"));
        fs::write(&auto, bytes)?;
        fs::rename(path, &backup)?;
        fill(File::create(path)?, bytes)?;
        fs::remove_file(&auto)
    }),
    ("Helix: backup aside, write, remove it", |path, bytes| {
        let backup = beside(path, |own| format!("{own}k3xq.bck"));
        fs::rename(path, &backup)?;
        fill(File::create(path)?, bytes)?;
        fs::remove_file(&backup)
    }),
    ("JetBrains: temporary, old aside, new in", |path, bytes| {
        let new = beside(path, |own| format!("{own}___jb_tmp___"));
        let old = beside(path, |own| format!("{own}___jb_old___"));
        fill(File::create(&new)?, bytes)?;
        fs::rename(path, &old)?;
        fs::rename(&new, path)?;
        fs::remove_file(&old)
    }),
    ("GNOME, KDE: temporary, renamed over", |path, bytes| {
        let new = path.with_file_name(".goutputstream-K3XQ1");
        fill(File::create(&new)?, bytes)?;
        fs::rename(&new, path)
    }),
    ("a slow disk: cut, half, wait, half", |path, bytes| {
        let mut file = File::create(path)?;
        let (first, second) = bytes.split_at(bytes.len() / 3);
        thread::sleep(Duration::from_millis(15));
        file.write_all(first)?;
        file.flush()?;
        thread::sleep(Duration::from_millis(25));
        file.write_all(second)
    }),
    ("a synchroniser: remove, link a new one", |path, bytes| {
        let new = path.with_file_name(".sync.tmp");
        fill(File::create(&new)?, bytes)?;
        fs::remove_file(path)?;
        fs::hard_link(&new, path)?;
        fs::remove_file(&new)
    }),
];

/// A transcript that says its number first and last.
pub fn text(number: usize) -> String {
    let filler = "**Host:** How far is it?\n\n**Guest:** As far as it was.\n\n".repeat(60);
    format!("---\ntitle: A\n---\n\nbegin{number:05}x\n\n{filler}finish{number:05}x\n")
}

/// The number of a page that is whole.
pub fn whole(page: &str) -> Option<usize> {
    let number = |word: &str| {
        let (_, rest) = page.rsplit_once(word)?;
        rest.get(..5)?.parse::<usize>().ok()
    };
    let (first, last) = (number("<p>begin").or_else(|| number("begin")), number("finish"));
    (first == last).then_some(first?)
}

/// Saves, beside so many other transcripts, and waits until each save shows; all the while somebody
/// else looks at the page.
fn save_in_a_row(count: usize, others: usize) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("content/a.md");
    fs::create_dir_all(dir.path().join("content/inner")).unwrap();
    fs::write(&file, text(0)).unwrap();
    for number in 0..others {
        fs::write(dir.path().join(format!("content/inner/{number}.md")), text(0)).unwrap();
    }
    let program = Program::on(dir.path());
    let (latest, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut before = 0;
            while !over.load(Ordering::SeqCst) {
                let page = program.get("/a").text();
                let shown = whole(&page).unwrap_or_else(|| panic!("blank or half: {page}"));
                assert!(shown >= before && shown <= latest.load(Ordering::SeqCst), "{shown}");
                before = shown;
                thread::sleep(Duration::from_millis(10));
            }
        });
        let (mut took, mut memory) = (Vec::new(), Vec::new());
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for number in 1..=count {
                let (style, save) = STYLES[number % STYLES.len()];
                latest.store(number, Ordering::SeqCst);
                let start = Instant::now();
                save(&file, text(number).as_bytes()).unwrap();
                while whole(&program.get("/a").text()) != Some(number) {
                    assert!(start.elapsed() < PATIENCE, "save {number} never shows: {style}");
                    thread::sleep(Duration::from_millis(2));
                }
                took.push(start.elapsed());
                memory.extend((number % (count / 10) == 0).then(|| program.memory()).flatten());
            }
        }));
        over.store(true, Ordering::SeqCst);
        result.unwrap();
        took.sort();
        println!("median {:?}, longest {:?}", took[took.len() / 2], took[took.len() - 1]);
        println!("memory in kB: {:?}", memory.iter().map(|m| m / 1024).collect::<Vec<_>>());
        // What a rebuild leaves behind would show ten times as often at the end as at the start.
        if let [_, second, .., last] = memory[..] {
            assert!(last < second + second / 4 + 8_000_000, "memory grows: {memory:?}");
        }
    });
}

#[test]
fn fifty_saves_in_ten_styles_are_all_shown_whole() {
    save_in_a_row(50, 10);
}

#[test]
#[ignore = "takes minutes; the one above is the same, shorter"]
fn a_thousand_saves_in_ten_styles_are_all_shown_whole() {
    save_in_a_row(1000, 100);
}

#[test]
fn half_a_page_is_told_from_a_whole_one() {
    assert_eq!(whole("<p>begin00007x … finish00007x"), Some(7));
    assert_eq!(whole("<p>begin00007x … finish00006x"), None);
    assert_eq!(whole("<p>begin00007x …"), None);
    assert_eq!(whole(""), None);
}
