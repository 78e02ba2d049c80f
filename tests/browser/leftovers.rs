//! What outlives a test is gone with the last one: browsers that wait for the next test, and
//! folders that several tests read.
//!
//! The harness leaves the process without dropping anything. So a shell reads a list from a pipe;
//! the pipe ends with this process, however it ends, and then the shell ends what is on the list.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Ends processes and removes folders once nobody writes to it any more.
const BROOM: &str = r#"trap '' INT TERM
while IFS= read -r line; do
  case $line in
    process*) processes="$processes ${line#process }" ;;
    folder*) set -- "$@" "${line#folder }" ;;
  esac
done
[ -z "$processes" ] || kill $processes
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$@" && break; sleep 0.2; done"#;

static BROOM_WITH_LIST: Mutex<Option<Child>> = Mutex::new(None);

/// Whether what outlives a test can be cleared away here.
pub const CAN_STAY: bool = cfg!(unix);

/// Remembers a process to end.
pub fn process(id: u64) {
    tell(&format!("process {id}\n"));
}

/// Remembers a folder to remove.
pub fn folder(path: &Path) {
    tell(&format!("folder {}\n", path.display()));
}

fn tell(line: &str) {
    if !CAN_STAY {
        return;
    }
    let mut broom = BROOM_WITH_LIST.lock().unwrap_or_else(PoisonError::into_inner);
    let broom = broom.get_or_insert_with(|| {
        Command::new("sh")
            .args(["-c", BROOM])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell")
    });
    let list = broom.stdin.as_mut().expect("its input is piped");
    list.write_all(line.as_bytes()).expect("the shell reads on");
}
