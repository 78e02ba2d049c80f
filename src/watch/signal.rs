//! What the system's events say of how writing goes on.

use std::io;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, Event, EventKind, ModifyKind, RenameMode};
use notify::{Error, ErrorKind};

/// One event, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// A file is being written, is new, or is gone and may come back.
    Writing(PathBuf),
    /// A file is as its writer wants it.
    Done(PathBuf),
    /// Events were lost.
    Lost,
    /// No more events will come; why.
    Failed(String),
}

/// What an event says; mostly one thing or nothing.
pub(super) fn signals(
    event: notify::Result<Event>,
    ignored: &impl Fn(&Path) -> bool,
) -> Vec<Signal> {
    let event = match event {
        Ok(event) if event.need_rescan() => return vec![Signal::Lost],
        Ok(event) => event,
        Err(error) if is_limit(&error) => return vec![Signal::Failed(reason(&error))],
        Err(_) => return vec![Signal::Lost],
    };
    let Some(signal) = meaning(event.kind) else { return Vec::new() };
    event.paths.into_iter().filter(|path| !ignored(path)).map(signal).collect()
}

fn meaning(kind: EventKind) -> Option<fn(PathBuf) -> Signal> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Metadata(_) | ModifyKind::Name(RenameMode::To))
        | EventKind::Create(CreateKind::Folder) => Some(Signal::Done),
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => None,
        _ => Some(Signal::Writing),
    }
}

/// Whether a folder could not be watched because it is not there.
pub(super) fn is_gone(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

fn is_limit(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::MaxFilesWatch)
}

/// Why the system's watcher is no use, and what to do about it where that is known.
pub(super) fn reason(error: &Error) -> String {
    /// `EMFILE`, of inotify: no instance is left for this user.
    const TOO_MANY: i32 = 24;
    match &error.kind {
        ErrorKind::MaxFilesWatch => "its limit of watched folders is reached; \
             on Linux: sysctl fs.inotify.max_user_watches=524288"
            .to_owned(),
        ErrorKind::Io(inner) if cfg!(unix) && inner.raw_os_error() == Some(TOO_MANY) => {
            "its limit of watchers is reached; \
             on Linux: sysctl fs.inotify.max_user_instances=1024"
                .to_owned()
        }
        kind => {
            let what = match kind {
                ErrorKind::Io(inner) => inner.to_string(),
                ErrorKind::Generic(what) => what.clone(),
                _ => return error.to_string(),
            };
            match error.paths.first() {
                Some(path) => format!("{}: {what}", path.display()),
                None => what,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{DataChange, Flag, MetadataKind, RemoveKind};

    use super::*;

    fn told(kind: EventKind) -> Vec<Signal> {
        let event = Event::new(kind).add_path("site/content/a.md".into());
        signals(Ok(event), &|path| path.starts_with("site/public"))
    }

    #[test]
    fn what_is_closed_or_renamed_into_place_is_done_and_what_is_written_or_gone_is_not() {
        let path = PathBuf::from("site/content/a.md");
        let done = vec![Signal::Done(path.clone())];
        let writing = vec![Signal::Writing(path)];
        for (kind, expected) in [
            (EventKind::Access(AccessKind::Close(AccessMode::Write)), &done),
            (EventKind::Modify(ModifyKind::Name(RenameMode::To)), &done),
            (EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)), &done),
            (EventKind::Create(CreateKind::Folder), &done),
            (EventKind::Create(CreateKind::File), &writing),
            (EventKind::Modify(ModifyKind::Data(DataChange::Any)), &writing),
            (EventKind::Modify(ModifyKind::Name(RenameMode::From)), &writing),
            (EventKind::Remove(RemoveKind::File), &writing),
            (EventKind::Any, &writing),
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), &Vec::new()),
            (EventKind::Access(AccessKind::Close(AccessMode::Read)), &Vec::new()),
        ] {
            assert_eq!(&told(kind), expected, "{kind:?}");
        }
    }

    #[test]
    fn the_output_does_not_matter_and_a_full_queue_does() {
        let output = Event::new(EventKind::Any).add_path("site/public/a.html".into());
        let ignored = |path: &Path| path.starts_with("site/public");
        assert_eq!(signals(Ok(output), &ignored), []);
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(signals(Ok(lost), &ignored), [Signal::Lost]);
        let limit = signals(Err(Error::new(ErrorKind::MaxFilesWatch)), &ignored);
        let [Signal::Failed(reason)] = &limit[..] else { panic!("{limit:?}") };
        assert!(reason.contains("max_user_watches"), "{reason}");
    }
}
