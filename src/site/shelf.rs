//! The readings that were unpacked last: a page of a list asks for one file again and again.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Packed, Reading};
use crate::source::Source;

/// How many are kept: those of a few threads, and of the lines of one page.
const KEPT: usize = 32;

/// Readings by what they were packed as, the latest last.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf(Arc<Mutex<Vec<Unpacked>>>);

type Unpacked = (Packed, Arc<Reading>);

impl Shelf {
    /// A reading, unpacked unless it lies here.
    pub fn take(&self, packed: &Packed, source: &Source) -> Arc<Reading> {
        if let Some(found) = self.find(packed) {
            return found;
        }
        let reading = Arc::new(packed.unpack(source));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((packed.clone(), Arc::clone(&reading)));
        reading
    }

    fn find(&self, packed: &Packed) -> Option<Arc<Reading>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().rposition(|(known, _)| known.is_same(packed))?;
        let found = kept.remove(at);
        let reading = Arc::clone(&found.1);
        kept.push(found);
        Some(reading)
    }
}
