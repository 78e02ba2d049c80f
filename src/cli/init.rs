//! `postil init`: the starter site, which is part of the program.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use include_dir::{Dir, DirEntry, include_dir};

use super::Failure;
use super::talk::{Talk, number, short};
use crate::paths::quoted;

static STARTER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/starter");

#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder; it is made if it is not there, and nothing in it is overwritten
    #[arg(default_value = ".")]
    dir: PathBuf,
}

/// Copies the starter site.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let dir = &arguments.dir;
    if let Some(file) = file_on_the_way(dir) {
        return Err(Failure::Usage(format!(
            "{} is a file, so there can be no site in it\n  \
             Name a folder that is there or that is to be made, for instance my-site",
            file.display()
        )));
    }
    let beside = if dir.join("content").is_dir() { 0 } else { transcripts_beside(dir) };
    let mut made = 0;
    let mut kept = Vec::new();
    copy(&STARTER, dir, &mut |path, is_new| {
        if is_new {
            made += 1;
        } else {
            kept.push(path.to_owned());
        }
    })
    .map_err(|(path, error)| {
        Failure::Environment(format!("cannot write {}: {error}", path.display()))
    })?;
    talk.line(&format!("Made {} in {}", number(made, "file"), short(dir).display()));
    for path in &kept {
        talk.line(&format!("Kept {}: it was there already", short(path).display()));
    }
    if beside > 0 {
        talk.line(&format!(
            "{} beside content/ {} not part of the site: move what you want to show into content/",
            number(beside, "Markdown file"),
            if beside == 1 { "is" } else { "are" }
        ));
    }
    talk.line(&next_steps(dir));
    Ok(())
}

/// What stands where a folder is meant: the path itself, or something above it.
fn file_on_the_way(dir: &Path) -> Option<&Path> {
    let there = dir.ancestors().find(|path| fs::symlink_metadata(path).is_ok())?;
    (!there.is_dir()).then_some(there)
}

/// Markdown files of a folder that is no site yet; as one, only its content/ is read.
fn transcripts_beside(dir: &Path) -> usize {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".md") && name != "README.md").count()
}

fn next_steps(dir: &Path) -> String {
    let here = dir == Path::new(".");
    let dir = if here { String::new() } else { format!(" {}", quoted(&dir.to_string_lossy())) };
    format!(
        "\nNext:\n  postil serve{dir}   read it at http://127.0.0.1:4000/ while you edit content/\n  \
         postil build{dir}   write it to public/, for any web host"
    )
}

/// Writes each file that is not there yet, and tells of all.
fn copy(
    from: &Dir<'_>,
    to: &Path,
    tell: &mut dyn FnMut(&Path, bool),
) -> Result<(), (PathBuf, io::Error)> {
    for entry in from.entries() {
        let path = to.join(name(entry.path()));
        match entry {
            DirEntry::Dir(inner) => copy(inner, to, tell)?,
            DirEntry::File(file) => match write_new(&path, file.contents()) {
                Ok(is_new) => tell(&path, is_new),
                Err(error) => return Err((path, error)),
            },
        }
    }
    Ok(())
}

/// A path of the starter as it is on disk: `dot-gitignore` is `.gitignore`. Under their own
/// names such files would mean something to this project itself.
fn name(path: &Path) -> PathBuf {
    let part = |part: &OsStr| match part.to_str().and_then(|part| part.strip_prefix("dot-")) {
        Some(rest) => OsString::from(format!(".{rest}")),
        None => part.to_owned(),
    };
    path.iter().map(part).collect()
}

/// Writes a file unless there is one (or a link) of its name; whether it did.
///
/// # Errors
/// The system's.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(bytes).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_a_dot_get_it_back() {
        let path = name(Path::new("dot-github/workflows/publish.yml"));
        assert_eq!(path, Path::new(".github/workflows/publish.yml"));
        assert_eq!(name(Path::new("a/dots.md")), Path::new("a/dots.md"));
    }
}
