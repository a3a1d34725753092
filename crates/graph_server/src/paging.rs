//! Pages, and the opaque links between them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// A list that a reader is in the middle of.
#[derive(Debug, Clone)]
pub struct Cursor {
    pub path: String,
    /// The list as it was at its first page, and where the next one begins.
    pub list: Arc<Vec<Value>>,
    pub from: usize,
    pub size: usize,
    born: Instant,
}

/// Links are good for so long.
const GOOD_FOR: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, Default)]
pub struct Cursors {
    cursors: HashMap<String, Cursor>,
    next: u64,
}

impl Cursors {
    /// Keeps what is left and answers the token for it. It has characters that a careless reader changes.
    pub fn keep(&mut self, path: &str, list: Arc<Vec<Value>>, from: usize, size: usize) -> String {
        self.next += 1;
        let token = format!("{:x}~*!/+=&'%2F-{}", self.next * 7919, self.next);
        let cursor = Cursor { path: path.to_owned(), list, from, size, born: Instant::now() };
        self.cursors.retain(|_, cursor| cursor.born.elapsed() < GOOD_FOR);
        self.cursors.insert(token.clone(), cursor);
        token
    }

    pub fn find(&self, path: &str, token: &str) -> Option<Cursor> {
        let cursor = self.cursors.get(token).filter(|cursor| cursor.path == path);
        cursor.filter(|cursor| cursor.born.elapsed() < GOOD_FOR).cloned()
    }
}
