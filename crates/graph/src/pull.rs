//! What to ask for, so that in the end everything was read, whatever went wrong before.
//!
//! Records with a time are read in slices, oldest first. How far that has come is a [`Mark`], handed to the sink after the
//! slice's pages were: whoever stores both in that order loses nothing at a kill, and what is read again is known. Each
//! pull begins a little before the mark, because records are completed later; and once a day a *sweep* reads the last
//! days again, for those that arrive days late. Everything else is read whole; a pull that was broken off goes on at its
//! last page.

use std::future::Future;

use bytes::Bytes;
use domain::connection::{PullProblem, Resource};
use domain::instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};
use serde::{Deserialize, Serialize};

use crate::client::{Client, Count};
use crate::listing::{Broken, Listing};
use crate::resource::{Span, first_page, versions};

/// How far back to read, and how often again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What a first pull reads. Microsoft keeps 30 days.
    pub reach_ms: i64,
    /// What each pull reads again.
    pub overlap_ms: i64,
    /// What a sweep reads again, and how often.
    pub sweep_ms: i64,
    pub sweep_every_ms: i64,
    /// Pages of a sweep in one pull; the next pull goes on with it.
    pub sweep_pages: u32,
    /// Records asked for at once.
    pub page_size: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            reach_ms: 30 * DAY_MS,
            overlap_ms: 2 * HOUR_MS,
            sweep_ms: 10 * DAY_MS,
            sweep_every_ms: DAY_MS,
            sweep_pages: 60,
            page_size: 1000,
        }
    }
}

/// How far a resource's pull has come. Kept between pulls, as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Every record before this was read, as it was then.
    pub covered_to: Option<Instant>,
    pub sweep: Sweep,
    /// The time that one request covers; follows the number of pages it takes.
    pub slice_ms: Option<i64>,
    /// Of what is read whole: when the reading began, and the page to go on with.
    pub began_at: Option<Instant>,
    pub link: Option<String>,
}

/// The sweep, done or under way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sweep {
    pub last_at: Option<Instant>,
    /// Where the one under way has come to.
    pub at: Option<Instant>,
}

/// What takes the pages.
pub trait Sink {
    /// It cannot take any more.
    type Error;

    /// A whole page of Graph's, as it came. What tells no time itself was seen at `seen_at`.
    fn page(&mut self, body: Bytes, seen_at: Instant) -> impl Future<Output = Result<(), Self::Error>>;

    /// All pages before this were taken: from now on a pull may begin here.
    fn mark(&mut self, mark: &Mark) -> impl Future<Output = Result<(), Self::Error>>;
}

/// How a pull ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended<E> {
    /// Everything was read. `without_details`: from v1.0, as there is no beta.
    Done {
        without_details: bool,
    },
    Problem(PullProblem),
    Sink(E),
}

impl<E> From<PullProblem> for Ended<E> {
    fn from(problem: PullProblem) -> Self {
        Self::Problem(problem)
    }
}

/// A slice begins with this and grows and shrinks between the others.
const SLICE_MS: i64 = DAY_MS;
const SHORTEST_SLICE_MS: i64 = 5 * MINUTE_MS;
const LONGEST_SLICE_MS: i64 = 8 * DAY_MS;
/// A slice of fewer pages could have been longer; one of more could have been shorter.
const FEW_PAGES: u32 = 3;
const MANY_PAGES: u32 = 30;
/// A list that breaks is begun again this often in one pull, each time asking for less.
const BEGINNINGS: u32 = 5;
/// A link to go on with is not kept for longer.
const LINK_KEPT_MS: i64 = HOUR_MS;
/// Pages between two marks of what is read whole.
const PAGES_A_MARK: u32 = 10;

/// Reads everything of a resource that there is to read since `mark`.
pub async fn pull<S: Sink>(
    client: &Client,
    resource: Resource,
    mark: Mark,
    plan: &Plan,
    count: &Count,
    sink: &mut S,
) -> Ended<S::Error> {
    let mut last = PullProblem::NotOffered;
    for (i, version) in versions(resource).iter().enumerate() {
        let mut pull = Pull { client, resource, version, plan, count, mark: mark.clone(), sink };
        let result = if resource.is_by_time() { pull.by_time().await } else { pull.whole().await };
        last = match result {
            Ok(()) => return Ended::Done { without_details: i > 0 },
            Err(Stopped::Rejected { status: 404 | 501, .. }) => PullProblem::NotOffered,
            // A beta that is there but does not understand us is as good as none.
            Err(Stopped::Rejected { status, code }) => PullProblem::NotUnderstood { status, code },
            Err(Stopped::Problem(problem)) => return Ended::Problem(problem),
            Err(Stopped::Sink(error)) => return Ended::Sink(error),
        };
    }
    Ended::Problem(last)
}

struct Pull<'a, S> {
    client: &'a Client,
    resource: Resource,
    version: &'static str,
    plan: &'a Plan,
    count: &'a Count,
    mark: Mark,
    sink: &'a mut S,
}

enum Stopped<E> {
    Rejected { status: u16, code: String },
    Problem(PullProblem),
    Sink(E),
}

impl<S: Sink> Pull<'_, S> {
    async fn by_time(&mut self) -> Result<(), Stopped<S::Error>> {
        let now = (self.client.now)();
        let earliest = now.plus_millis(-self.plan.reach_ms);
        let is_first = self.mark.covered_to.is_none();
        // The mark may be of a clock that ran ahead.
        let fresh = self.mark.covered_to.map_or(earliest, |to| to.min(now).plus_millis(-self.plan.overlap_ms));
        let fresh = fresh.max(earliest);
        let mut from = fresh;
        while from < now {
            let slice_ms = self.mark.slice_ms.unwrap_or(SLICE_MS);
            let to = from.plus_millis(slice_ms);
            // The last slice has no end: what Graph's clock calls the future is read too.
            let to = (to < now).then_some(to);
            let (reached, _) = self.slice(Span { from, to }, now).await?;
            self.mark.covered_to = self.mark.covered_to.max(Some(reached.min(now)));
            self.sink.mark(&self.mark).await.map_err(Stopped::Sink)?;
            from = reached;
        }
        if is_first {
            // Everything there is was read just now.
            self.mark.sweep = Sweep { last_at: Some(now), at: None };
            return self.sink.mark(&self.mark).await.map_err(Stopped::Sink);
        }
        self.sweep(now, fresh, earliest).await
    }

    /// Reads the last days again, up to what was just read, a part each time.
    async fn sweep(&mut self, now: Instant, fresh: Instant, earliest: Instant) -> Result<(), Stopped<S::Error>> {
        let is_due =
            self.mark.sweep.last_at.is_none_or(|last| now.millis() - last.millis() >= self.plan.sweep_every_ms);
        let begin = now.plus_millis(-self.plan.sweep_ms);
        let mut from = match self.mark.sweep.at {
            Some(at) => at,
            None if is_due => begin,
            None => return Ok(()),
        };
        from = from.max(earliest);
        let mut left = self.plan.sweep_pages;
        while from < fresh && left > 0 {
            let slice_ms = self.mark.slice_ms.unwrap_or(SLICE_MS);
            let to = from.plus_millis(slice_ms).min(fresh);
            let (reached, pages) = self.slice(Span { from, to: Some(to) }, now).await?;
            left = left.saturating_sub(pages);
            from = reached;
            self.mark.sweep.at = Some(from);
            self.sink.mark(&self.mark).await.map_err(Stopped::Sink)?;
        }
        if from >= fresh {
            self.mark.sweep = Sweep { last_at: Some(now), at: None };
            self.sink.mark(&self.mark).await.map_err(Stopped::Sink)?;
        }
        Ok(())
    }

    /// Reads one slice, or the beginning of it where the whole is too much. Answers up to where, and how many pages.
    async fn slice(&mut self, mut span: Span, now: Instant) -> Result<(Instant, u32), Stopped<S::Error>> {
        let (_, throttled_before) = self.count.read();
        let mut beginnings = 0;
        let pages = loop {
            let first = self.first(Some(span));
            let listing = Listing::new(self.client, self.resource, first, self.count);
            match self.pages(listing, now, false).await {
                Ok(pages) => break pages,
                Err(Paged::Stopped(stopped)) => return Err(stopped),
                Err(Paged::Again(problem)) => {
                    beginnings += 1;
                    if beginnings >= BEGINNINGS {
                        return Err(Stopped::Problem(problem));
                    }
                    let width = span.to.unwrap_or(now).millis() - span.from.millis();
                    if width / 2 >= SHORTEST_SLICE_MS {
                        self.mark.slice_ms = Some(width / 2);
                        span.to = Some(span.from.plus_millis(width / 2));
                    }
                }
            }
        };
        let slice_ms = self.mark.slice_ms.unwrap_or(SLICE_MS);
        let (_, throttled) = self.count.read();
        let slice_ms = match pages {
            _ if throttled - throttled_before > 1 => slice_ms / 2,
            pages if pages > MANY_PAGES => slice_ms / 2,
            pages if pages <= FEW_PAGES && beginnings == 0 => slice_ms * 2,
            _ => slice_ms,
        };
        self.mark.slice_ms = Some(slice_ms.clamp(SHORTEST_SLICE_MS, LONGEST_SLICE_MS));
        Ok((span.to.unwrap_or(now), pages))
    }

    async fn whole(&mut self) -> Result<(), Stopped<S::Error>> {
        let now = (self.client.now)();
        let link = self.mark.link.take();
        let is_kept =
            self.mark.began_at.is_some_and(|began| (0..LINK_KEPT_MS).contains(&(now.millis() - began.millis())));
        let kept = link.filter(|_| is_kept);
        let resumed = kept
            .and_then(|link| Listing::resume(self.client, self.resource, &link, self.count))
            .zip(self.mark.began_at);
        if let Some((listing, began_at)) = resumed
            && self.pages(listing, began_at, true).await.is_ok()
        {
            return self.finish(began_at).await;
        }
        let mut beginnings = 0;
        loop {
            let began_at = (self.client.now)();
            self.mark = Mark { began_at: Some(began_at), link: None, ..self.mark.clone() };
            let listing = Listing::new(self.client, self.resource, self.first(None), self.count);
            match self.pages(listing, began_at, true).await {
                Ok(_) => return self.finish(began_at).await,
                Err(Paged::Stopped(stopped)) => return Err(stopped),
                Err(Paged::Again(problem)) => {
                    beginnings += 1;
                    if beginnings >= BEGINNINGS {
                        return Err(Stopped::Problem(problem));
                    }
                }
            }
        }
    }

    async fn finish(&mut self, began_at: Instant) -> Result<(), Stopped<S::Error>> {
        self.mark = Mark { covered_to: Some(began_at), began_at: None, link: None, ..self.mark.clone() };
        self.sink.mark(&self.mark).await.map_err(Stopped::Sink)
    }

    fn first(&self, span: Option<Span>) -> url::Url {
        first_page(&self.client.tenant, self.resource, self.version, span, self.plan.page_size)
    }

    /// Every page of a listing into the sink; answers how many.
    async fn pages(
        &mut self,
        mut listing: Listing<'_>,
        seen_at: Instant,
        keeps_links: bool,
    ) -> Result<u32, Paged<S::Error>> {
        let mut pages = 0;
        loop {
            let page = listing.next_page().await.map_err(|broken| match broken {
                Broken::Again(problem) => Paged::Again(problem),
                Broken::Problem(problem) => Paged::Stopped(Stopped::Problem(problem)),
                Broken::Rejected { status, code } => Paged::Stopped(Stopped::Rejected { status, code }),
            })?;
            let Some(page) = page else { return Ok(pages) };
            pages += 1;
            if page.records > 0 {
                self.sink.page(page.body, seen_at).await.map_err(|error| Paged::Stopped(Stopped::Sink(error)))?;
            }
            if keeps_links && pages % PAGES_A_MARK == 0 && page.next.is_some() {
                self.mark.link = page.next;
                self.sink.mark(&self.mark).await.map_err(|error| Paged::Stopped(Stopped::Sink(error)))?;
            }
        }
    }
}

enum Paged<E> {
    /// The list has to be begun again.
    Again(PullProblem),
    Stopped(Stopped<E>),
}
