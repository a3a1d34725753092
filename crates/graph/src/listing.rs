//! Page after page: links are followed as they come, and a circle is seen.

use std::collections::HashSet;

use bytes::Bytes;
use domain::connection::{PullProblem, Resource};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::client::{Client, Count, Failure};

/// So many pages of the same records, one after another, are a circle even if each link is a new one.
const SAME_PAGES: u32 = 3;
/// A page may be empty and lead on (`spec/graph.md` §5.1); this many in a row lead nowhere.
const EMPTY_PAGES: u32 = 100;

/// What a page's envelope says; its records are for whoever the body is handed to.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

struct Outline {
    records: usize,
    digest: [u8; 32],
    next: Option<String>,
}

/// A whole page, well-formed.
#[derive(Debug)]
pub(crate) struct Page {
    pub body: Bytes,
    pub records: usize,
    /// The link to the next one.
    pub next: Option<String>,
}

/// Why there is no next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Of the first page: the status is 400, 404, 410 or 501.
    Rejected {
        status: u16,
        code: String,
    },
    /// The list has to be begun again: a link has expired, or pages lead in a circle.
    Again(PullProblem),
    Problem(PullProblem),
}

pub(crate) struct Listing<'a> {
    client: &'a Client,
    resource: Resource,
    count: &'a Count,
    next: Option<Url>,
    is_first: bool,
    seen: HashSet<String>,
    last: Option<[u8; 32]>,
    same: u32,
    empty: u32,
}

impl<'a> Listing<'a> {
    pub fn new(client: &'a Client, resource: Resource, first: Url, count: &'a Count) -> Self {
        Self {
            client,
            resource,
            count,
            seen: HashSet::from([first.as_str().to_owned()]),
            next: Some(first),
            is_first: true,
            last: None,
            same: 1,
            empty: 0,
        }
    }

    /// Goes on from a link that an earlier listing came to.
    pub fn resume(client: &'a Client, resource: Resource, link: &str, count: &'a Count) -> Option<Self> {
        let url = Url::parse(link).ok().filter(|url| client.tenant.is_graphs(url))?;
        let mut listing = Self::new(client, resource, url, count);
        listing.is_first = false;
        Some(listing)
    }

    /// The next page; `None` after the last one.
    pub async fn next_page(&mut self) -> Result<Option<Page>, Broken> {
        let Some(url) = self.next.take() else { return Ok(None) };
        let (body, outline) =
            self.client.get(self.resource, &url, self.count, outline).await.map_err(|failure| match failure {
                Failure::Problem(problem) => Broken::Problem(problem),
                Failure::Rejected { status, code } if self.is_first => Broken::Rejected { status, code },
                Failure::Rejected { status, code } => Broken::Again(PullProblem::NotUnderstood { status, code }),
            })?;
        self.is_first = false;
        self.same = if self.last == Some(outline.digest) && outline.records > 0 { self.same + 1 } else { 1 };
        self.empty = if outline.records == 0 { self.empty + 1 } else { 0 };
        self.last = Some(outline.digest);
        if self.same >= SAME_PAGES || self.empty >= EMPTY_PAGES {
            return Err(Broken::Again(PullProblem::Circle));
        }
        if let Some(link) = &outline.next {
            let next = Url::parse(link).ok().filter(|next| self.client.tenant.is_graphs(next));
            let next = next.ok_or(Broken::Problem(PullProblem::ForeignLink))?;
            if !self.seen.insert(next.as_str().to_owned()) {
                return Err(Broken::Again(PullProblem::Circle));
            }
            self.next = Some(next);
        }
        Ok(Some(Page { body, records: outline.records, next: outline.next }))
    }
}

/// Reads the envelope; `None` where the body is no whole page.
fn outline(body: &Bytes) -> Option<Outline> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
    let records: Vec<IgnoredAny> = serde_json::from_str(envelope.value.get()).ok()?;
    let digest = Sha256::digest(envelope.value.get()).into();
    Some(Outline { records: records.len(), digest, next: envelope.next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_whole_or_none() {
        let page = br#"{"@odata.context":"x","value":[{"id":"1"},{"id":"2"}],"@odata.nextLink":"https://g/x"}"#;
        let read = outline(&Bytes::from_static(page)).expect("a page");
        assert_eq!((read.records, read.next.as_deref()), (2, Some("https://g/x")));
        for cut in 0..page.len() {
            assert!(outline(&Bytes::copy_from_slice(&page[..cut])).is_none(), "{cut}");
        }
        assert!(outline(&Bytes::from_static(b"{\"value\":{}}")).is_none());
        assert!(outline(&Bytes::from_static(b"[]")).is_none());
        let last = outline(&Bytes::from_static(b"{\"value\":[],\"@odata.nextLink\":null}")).expect("a page");
        assert_eq!(last.next, None);
    }
}
