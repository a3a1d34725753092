//! Pages of lists and the cursors between them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// Rows that match, on all pages.
    pub total: i64,
    /// False where counting stopped early: the total is then "more than".
    pub total_is_exact: bool,
    pub items: Vec<T>,
    /// Number of the first item on this page, from 1; 0 on an empty page.
    #[serde(skip)]
    pub first: i64,
    /// `after=` for the following page.
    pub next: Option<String>,
    /// `after=` for the page before.
    pub previous: Option<String>,
}

/// The value of a sort column in a cursor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    Number(i64),
    Text(String),
}

/// A position in a list: the sort it belongs to, the key of the row beside it, and the way to go.
///
/// Opaque outside; bound to the sort, so that a cursor of another sort is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The `sort=` value this cursor belongs to.
    #[serde(rename = "s")]
    pub sort: String,
    /// True: the page that ends before the key; false: the page that begins after it.
    #[serde(rename = "b")]
    pub backward: bool,
    #[serde(rename = "k")]
    pub key: Key,
    /// Break ties between equal keys, one after the other.
    #[serde(rename = "t")]
    pub ties: Vec<Key>,
    /// Number of the first row of the page the cursor leads to, for "51–100 of 3,980".
    #[serde(rename = "n")]
    pub first: i64,
}

impl Cursor {
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// `None` if the text is not a cursor.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}
