//! What is wrong with files before anybody reads what is in them.

use std::io;

use super::UNREADABLE;
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{Source, Span};

fn whole(severity: Severity, code: &'static str, source: &Source, message: String) -> Diagnostic {
    Diagnostic::new(severity, code, source, None, message)
}

pub fn unreadable(source: &Source, error: &io::Error) -> Diagnostic {
    whole(Severity::Error, UNREADABLE, source, format!("this cannot be read: {error}"))
        .hint("check its permissions, or move it out of the site")
}

pub fn too_large(source: &Source, size: u64) -> Diagnostic {
    let size = size / (1024 * 1024);
    let message = format!("this text has {size} MiB; postil reads texts of up to 16 MiB");
    whole(Severity::Error, "load/too-large", source, message)
        .hint("split it into several transcripts, or move it out of the site if it is none")
}

pub fn not_utf8(source: &Source, at: usize, bytes: &[u8]) -> Diagnostic {
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let hint = if utf16 {
        "the file is UTF-16: save it as UTF-8 in your editor"
    } else {
        "save it as UTF-8 in your editor; older Chinese files are often GBK: \
         iconv -f GB18030 -t UTF-8 old.md > new.md"
    };
    let end = source.text()[at..].chars().next().map_or(at, |first| at + first.len_utf8());
    let message = "this file is not UTF-8, so its characters cannot be known";
    Diagnostic::error("load/not-utf-8", source, Span::new(at, end), message)
        .label("the first byte that is not UTF-8")
        .hint(hint)
}

pub fn control(source: &Source, at: usize, char: char) -> Diagnostic {
    let span = Span::new(at, at + '\u{fffd}'.len_utf8());
    let code = char as u32;
    let message = format!("this file has control characters (here U+{code:04X}), shown as �");
    Diagnostic::warning("load/control", source, span, message)
        .label("the first")
        .hint("delete them; they are what is left of another program's format")
}

pub fn direction(source: &Source, at: usize, char: char) -> Diagnostic {
    let span = Span::new(at, at + char.len_utf8());
    let code = char as u32;
    let message = format!(
        "an invisible character (U+{code:04X}) changes the direction of the text behind it"
    );
    Diagnostic::warning("load/direction", source, span, message)
        .label("the first in this file")
        .hint("delete it unless the text needs it, as Arabic or Hebrew beside Latin may")
}

pub fn name_not_utf8(source: &Source) -> Diagnostic {
    let message = "this file's name is not UTF-8, so no link can name it; it is left out";
    whole(Severity::Warning, "load/name-not-utf-8", source, message.into()).hint("rename it")
}

pub fn no_content(source: &Source) -> Diagnostic {
    let message = "the folder content/ is gone";
    whole(Severity::Error, "load/no-content", source, message.into())
        .hint("put it back; the transcripts belong there")
}

pub fn no_folder(source: &Source) -> Diagnostic {
    let message = "the folder is gone";
    whole(Severity::Error, "load/no-folder", source, message.into())
        .hint("put it back; its pages are kept until then")
}

pub fn misplaced(source: &Source) -> Diagnostic {
    let message = format!("{} is not read here: it belongs into content/", source.path());
    let hint = format!("move it to content/{}", source.path());
    whole(Severity::Warning, "load/misplaced", source, message).hint(hint)
}

pub fn earlier_output(source: &Source) -> Diagnostic {
    let message = "this folder holds what a build wrote (.postil.json says so); it is left out";
    whole(Severity::Warning, super::EARLIER_OUTPUT, source, message.into())
        .hint("move it out of the site; to publish its files as they are, remove its .postil.json")
}

pub fn link_to_nothing(source: &Source) -> Diagnostic {
    let message = "this link leads nowhere, or in a circle; it is left out";
    whole(Severity::Warning, "load/link-to-nothing", source, message.into())
        .hint("mend the link or remove it")
}

pub fn link_outside(source: &Source) -> Diagnostic {
    let message = "this link leads out of the site; it is left out";
    whole(Severity::Warning, "load/link-outside", source, message.into())
        .hint("copy the file into the site")
}

pub fn link_to_folder(source: &Source) -> Diagnostic {
    let message = "this is a link to a folder; what is in it is left out";
    whole(Severity::Warning, "load/link-to-folder", source, message.into())
        .hint("put the folder itself here")
}
