//! What Lighthouse says of a phone on a slow line: 100 of 100 in everything, and nothing moves.
//!
//! It comes with the npm packages of `tests/lighthouse`; where they are not installed the test
//! says so and passes, unless `POSTIL_REQUIRE_ENGINES` is set: then that is a failure. Speed is a
//! matter of the machine too: of three runs the best one counts.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::driver::{BROWSERS, find};
use crate::shared::built_sample;

const PAGES: &[&str] =
    &["index.html", "en/forty-kilobytes-of-search.html", "glossary/rag.html", "search/index.html"];

#[test]
#[ignore = "measures time, so that nothing may run beside it: .ci/figures runs it alone"]
fn every_score_is_100() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lighthouse");
    let (Some(node), Some(browser)) = (find(&["node"]), find(BROWSERS)) else {
        return println!("skipped: there is no node or no chromium on the PATH");
    };
    if !home.join("node_modules").is_dir() {
        assert!(
            env::var_os("POSTIL_REQUIRE_ENGINES").is_none(),
            "npm ci --prefix tests/lighthouse"
        );
        return println!("skipped: npm ci --prefix {}", home.display());
    }
    let run = Command::new(node)
        .arg(home.join("run.mjs"))
        .arg(built_sample())
        .args(PAGES)
        .env("CHROME_PATH", browser)
        .output()
        .expect("node starts");
    let said = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    println!("{said}");
    assert!(run.status.success(), "below 100:\n{said}");
}
