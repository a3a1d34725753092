//! How many files one person may be fetching at once: each reads the database until its end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::viewer::Viewer;

/// Files at once for a person, a token or a demo's role. More are written in the background.
pub const AT_ONCE: usize = 3;

/// Whose files they are: a person, or the name that a token or a demo's role goes by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Owner(Option<i64>, String);

/// Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Places(Arc<Mutex<HashMap<Owner, usize>>>);

/// A file that is being fetched; dropping it makes room for another.
#[derive(Debug)]
pub struct Place {
    places: Places,
    owner: Owner,
}

impl Places {
    /// `None`: as many files as may be are being fetched already.
    #[must_use]
    pub fn take(&self, viewer: &Viewer) -> Option<Place> {
        let name = if viewer.person_id.is_some() { String::new() } else { viewer.name.clone() };
        let owner = Owner(viewer.person_id, name);
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let files = taken.entry(owner.clone()).or_default();
        if *files >= AT_ONCE {
            return None;
        }
        *files += 1;
        Some(Place { places: self.clone(), owner })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.owner) {
            Some(files) if *files > 1 => *files -= 1,
            _ => _ = taken.remove(&self.owner),
        }
    }
}
