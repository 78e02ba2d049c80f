//! Who is connected: how many there may be, and who has to leave.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// How many connections there may be. Systems give a process 1,024 sockets and files, often.
pub(super) const LIMIT: usize = 512;

/// All connections, oldest first.
#[derive(Default)]
pub(super) struct Guests {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    next: u64,
    here: BTreeMap<u64, (AbortHandle, Arc<AtomicBool>)>,
}

/// One connection's place; the place is free when this is dropped.
pub(super) struct Guest {
    number: u64,
    asked: Arc<AtomicBool>,
    guests: Arc<Guests>,
}

impl Guest {
    /// A request has come: this connection stays until it is answered.
    pub(super) fn has_asked(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.guests.lock().here.remove(&self.number);
    }
}

impl Guests {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a connection in. When there are too many, the one that has waited longest without
    /// asking for anything leaves; when all have asked, the new one is not let in.
    pub(super) fn admit<F>(self: &Arc<Self>, serve: impl FnOnce(Guest) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if self.lock().here.len() >= LIMIT && !self.make_room() {
            return;
        }
        let asked = Arc::new(AtomicBool::new(false));
        let number = {
            let mut inner = self.lock();
            inner.next += 1;
            inner.next
        };
        let guest = Guest { number, asked: asked.clone(), guests: self.clone() };
        // One thread runs all connections, so this one has not begun when it is noted.
        let handle = tokio::spawn(serve(guest)).abort_handle();
        self.lock().here.insert(number, (handle, asked));
    }

    /// Ends the connection that has waited longest without asking; false when there is none.
    pub(super) fn make_room(&self) -> bool {
        let mut inner = self.lock();
        let mut all = inner.here.iter();
        let idle = all.find(|(_, (_, asked))| !asked.load(Ordering::Relaxed));
        let Some(number) = idle.map(|(number, _)| *number) else { return false };
        if let Some((handle, _)) = inner.here.remove(&number) {
            handle.abort();
        }
        true
    }
}
