//! Parameters of every report: window, as-of instant, population, zone, language.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::params::{Params, ProblemKind, QueryProblem, UrlWriter, problem};
use crate::instant::Instant;
use crate::population::Population;
use crate::preferences::Language;
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
        let tz = params.take_one("tz")?;
        let zone = match &tz {
            None => None,
            Some(given) => {
                Some(TimeZone::get(given).map_err(|_| problem("tz", ProblemKind::NotAZone { given: given.clone() }))?)
            }
        };
        let as_of = take_instant(params, "as_of", zone.as_ref())?;
        let range = params.take_name::<Range>("range")?;
        let from = take_instant(params, "from", zone.as_ref())?;
        let to = take_instant(params, "to", zone.as_ref())?;
        let span = match (range, from, to) {
            (range, None, None) => Span::Range(range.unwrap_or(DEFAULT_RANGE)),
            (Some(_), _, _) => return Err(problem("range", ProblemKind::RangeAndWindow)),
            (None, Some(from), Some(to)) if from < to => Span::Window(Window { from, to }),
            (None, Some(_), Some(_)) => return Err(problem("from", ProblemKind::EmptyWindow)),
            (None, Some(_), None) => return Err(problem("to", ProblemKind::HalfAWindow)),
            (None, None, Some(_)) => return Err(problem("from", ProblemKind::HalfAWindow)),
        };
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
            Span::Range(range) => range.ending_at(self.as_of).in_the_calendar(),
            Span::Window(window) => window,
        }
    }

    /// The same report one window earlier: of the instant at which this window begins, or of the window before.
    #[must_use]
    pub fn earlier(&self) -> Self {
        let window = self.window();
        match self.span {
            Span::Range(_) => Self { as_of: window.from, as_of_is_given: true, ..self.clone() },
            Span::Window(_) => self.moved(window.from.millis() - window.to.millis()),
        }
    }

    /// The same report one window later, up to `now`; `None` if it reaches up to now already.
    #[must_use]
    pub fn later(&self, now: Instant) -> Option<Self> {
        let window = self.window();
        if window.to >= now {
            return None;
        }
        Some(match self.span {
            Span::Range(range) => match range.following(self.as_of) {
                // A hundredth of the window has passed while somebody looked: that is still "now".
                as_of if as_of.plus_millis((window.to.millis() - window.from.millis()) / 100) < now => {
                    Self { as_of, as_of_is_given: true, ..self.clone() }
                }
                _ => Self { as_of: now, as_of_is_given: false, ..self.clone() },
            },
            Span::Window(_) => self.moved(window.to.millis() - window.from.millis()),
        })
    }

    fn moved(&self, millis: i64) -> Self {
        let Window { from, to } = self.window();
        let window = Window { from: from.plus_millis(millis), to: to.plus_millis(millis) }.in_the_calendar();
        Self { span: Span::Window(window), ..self.clone() }
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

/// An RFC 3339 instant; or, where the URL names a zone, a date and time without one, as forms send it. Links are
/// always written with instants.
fn take_instant(params: &mut Params, name: &str, zone: Option<&TimeZone>) -> Result<Option<Instant>, QueryProblem> {
    let Some(given) = params.take_one(name)? else { return Ok(None) };
    let at = given.parse::<Instant>().ok().or_else(|| local(&given, zone?));
    match at.ok_or(()) {
        Ok(at) if (Instant::MIN..Instant::MAX).contains(&at) => Ok(Some(at)),
        _ => Err(problem(name, ProblemKind::NotAnInstant { given })),
    }
}

/// What a clock on a wall in the zone shows. Where clocks are put forward the time after the gap, where they are put
/// back the first of the two.
fn local(given: &str, zone: &TimeZone) -> Option<Instant> {
    if !given.contains('T') {
        // A date alone says neither its beginning nor its end.
        return None;
    }
    let at = given.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok()?;
    Some(Instant::from_timestamp(at.timestamp()))
}
