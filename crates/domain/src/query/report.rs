//! Parameters of every report: window, as-of instant, population, zone, language.

use super::params::{Params, ProblemKind, QueryProblem, UrlWriter, problem};
use crate::instant::Instant;
use crate::population::Population;
use crate::preferences::{Language, is_time_zone};
use crate::window::{Range, Window};

/// How the window was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// A range that ends at `as_of`.
    Range(Range),
    /// Explicit `from` and `to`.
    Window(Window),
}

/// The parameters that every report takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The instant the report is about; "now" of the request where the URL names none.
    pub as_of: Instant,
    /// Whether the URL names `as_of`, so that links keep it.
    pub as_of_is_given: bool,
    pub span: Span,
    /// `None` where the URL names none: each report has its own default.
    pub population: Option<Population>,
    /// IANA name of the zone instants are shown in.
    pub tz: Option<String>,
    pub lang: Option<Language>,
}

/// Every report's default range: 30 days.
const DEFAULT_RANGE: Range = Range::Month;

impl Report {
    /// The report with nothing asked for, as of `now`.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            as_of: now,
            as_of_is_given: false,
            span: Span::Range(DEFAULT_RANGE),
            population: None,
            tz: None,
            lang: None,
        }
    }

    /// Takes the parameters of every report.
    pub fn take(params: &mut Params, now: Instant) -> Result<Self, QueryProblem> {
        let as_of = take_instant(params, "as_of")?;
        let range = params.take_name::<Range>("range")?;
        let from = take_instant(params, "from")?;
        let to = take_instant(params, "to")?;
        let span = match (range, from, to) {
            (range, None, None) => Span::Range(range.unwrap_or(DEFAULT_RANGE)),
            (Some(_), _, _) => return Err(problem("range", ProblemKind::RangeAndWindow)),
            (None, Some(from), Some(to)) if from < to => Span::Window(Window { from, to }),
            (None, Some(_), Some(_)) => return Err(problem("from", ProblemKind::EmptyWindow)),
            (None, Some(_), None) => return Err(problem("to", ProblemKind::HalfAWindow)),
            (None, None, Some(_)) => return Err(problem("from", ProblemKind::HalfAWindow)),
        };
        let tz = params.take_one("tz")?;
        if let Some(given) = &tz
            && !is_time_zone(given)
        {
            return Err(problem("tz", ProblemKind::NotAZone { given: given.clone() }));
        }
        Ok(Self {
            as_of: as_of.unwrap_or(now),
            as_of_is_given: as_of.is_some(),
            span,
            population: params.take_name("population")?,
            tz,
            lang: params.take_name("lang")?,
        })
    }

    /// The window `[from, to)` of events.
    #[must_use]
    pub fn window(&self) -> Window {
        match self.span {
            Span::Range(range) => range.ending_at(self.as_of),
            Span::Window(window) => window,
        }
    }

    /// The named range, where the window was asked for by one.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        match self.span {
            Span::Range(range) => Some(range),
            Span::Window(_) => None,
        }
    }

    pub(super) fn write(&self, url: &mut UrlWriter) {
        match self.span {
            Span::Range(range) if range == DEFAULT_RANGE => {}
            Span::Range(range) => url.add("range", range),
            Span::Window(window) => {
                url.add("from", window.from);
                url.add("to", window.to);
            }
        }
        if self.as_of_is_given {
            url.add("as_of", self.as_of);
        }
        if let Some(population) = self.population {
            url.add("population", population);
        }
        if let Some(tz) = &self.tz {
            url.add("tz", tz);
        }
        if let Some(lang) = self.lang {
            url.add("lang", lang);
        }
    }

    /// The query string of a link to `/overview` with these parameters.
    #[must_use]
    pub fn to_url(&self) -> String {
        let mut url = UrlWriter::new();
        self.write(&mut url);
        url.finish()
    }

    /// Reads `/overview`'s parameters: these and no others.
    pub fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        let mut params = Params::parse(query);
        let report = Self::take(&mut params, now)?;
        params.finish()?;
        Ok(report)
    }
}

fn take_instant(params: &mut Params, name: &str) -> Result<Option<Instant>, QueryProblem> {
    let Some(given) = params.take_one(name)? else { return Ok(None) };
    match given.parse::<Instant>() {
        Ok(at) if (Instant::MIN..Instant::MAX).contains(&at) => Ok(Some(at)),
        _ => Err(problem(name, ProblemKind::NotAnInstant { given })),
    }
}
