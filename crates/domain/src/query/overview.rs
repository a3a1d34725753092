//! What `/overview` and `/sms-and-voice` can be asked for beyond what every report takes: a comparison, and the order of
//! the tables beside the charts.

use super::list::{Column, Direction, Sort, take_sort};
use super::params::{Params, QueryProblem, UrlWriter};
use super::report::Report;
use crate::instant::Instant;
use crate::named;
use crate::window::Window;

named! {
    /// What a report's window is compared with.
    pub enum Compare {
        Previous => "previous",
    }
}

named! {
    /// Columns of the table of a chart by method.
    pub enum BarColumn {
        Method => "method",
        Success => "success",
        Failure => "failure",
        Total => "total",
        Previous => "previous",
    }
}

impl Column for BarColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::Total, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

named! {
    /// Columns of the table of a trend.
    pub enum TrendColumn {
        At => "at",
        Size => "size",
        Registered => "registered",
        Enabled => "enabled",
        Capable => "capable",
        MfaRegistered => "mfa_registered",
        MfaCapable => "mfa_capable",
        PasswordlessCapable => "passwordless_capable",
        SmsOrVoiceOnly => "sms_or_voice_only",
        SmsOrVoiceAndBetter => "sms_or_voice_and_better",
    }
}

impl Column for TrendColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::At, direction: Direction::Ascending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

named! {
    /// Columns of a table of departments or countries.
    pub enum GroupColumn {
        Name => "name",
        Size => "size",
        SmsOrVoiceOnly => "sms_or_voice_only",
        Share => "share",
        SmsOrVoiceAndBetter => "sms_or_voice_and_better",
    }
}

impl Column for GroupColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::SmsOrVoiceOnly, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The parameters of `/overview`. An order that is `None` is the table's own, and leaves the table folded up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewQuery {
    pub report: Report,
    pub compare: Option<Compare>,
    pub registrations: Option<Sort<BarColumn>>,
    pub resets: Option<Sort<BarColumn>>,
    pub history: Option<Sort<TrendColumn>>,
}

impl OverviewQuery {
    #[must_use]
    pub const fn of(report: Report) -> Self {
        Self { report, compare: None, registrations: None, resets: None, history: None }
    }

    pub fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        let mut params = Params::parse(query);
        let overview = Self {
            compare: params.take_name("compare")?,
            registrations: take_sort(&mut params, "sort_registrations")?,
            resets: take_sort(&mut params, "sort_resets")?,
            history: take_sort(&mut params, "sort_history")?,
            report: Report::take(&mut params, now)?,
        };
        params.finish()?;
        Ok(overview)
    }

    /// The window before the report's own, of the same length, where it is asked for.
    #[must_use]
    pub fn previous(&self) -> Option<Window> {
        self.compare.map(|Compare::Previous| self.report.window().previous())
    }

    /// The query string of a link to this page; parsing it gives this query again.
    #[must_use]
    pub fn to_url(&self) -> String {
        let mut url = UrlWriter::new();
        self.report.write(&mut url);
        if let Some(compare) = self.compare {
            url.add("compare", compare);
        }
        write_sort(&mut url, "sort_registrations", self.registrations);
        write_sort(&mut url, "sort_resets", self.resets);
        write_sort(&mut url, "sort_history", self.history);
        url.finish()
    }
}

/// The parameters of `/sms-and-voice`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsAndVoiceQuery {
    pub report: Report,
    pub departments: Sort<GroupColumn>,
    pub countries: Sort<GroupColumn>,
    pub history: Option<Sort<TrendColumn>>,
}

impl SmsAndVoiceQuery {
    #[must_use]
    pub const fn of(report: Report) -> Self {
        Self { report, departments: GroupColumn::DEFAULT_SORT, countries: GroupColumn::DEFAULT_SORT, history: None }
    }

    pub fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        let mut params = Params::parse(query);
        let asked = Self {
            departments: take_sort(&mut params, "sort_departments")?.unwrap_or(GroupColumn::DEFAULT_SORT),
            countries: take_sort(&mut params, "sort_countries")?.unwrap_or(GroupColumn::DEFAULT_SORT),
            history: take_sort(&mut params, "sort_history")?,
            report: Report::take(&mut params, now)?,
        };
        params.finish()?;
        Ok(asked)
    }

    /// The query string of a link to this page; parsing it gives this query again.
    #[must_use]
    pub fn to_url(&self) -> String {
        let mut url = UrlWriter::new();
        self.report.write(&mut url);
        let asked = |sort| Some(sort).filter(|sort| *sort != GroupColumn::DEFAULT_SORT);
        write_sort(&mut url, "sort_departments", asked(self.departments));
        write_sort(&mut url, "sort_countries", asked(self.countries));
        write_sort(&mut url, "sort_history", self.history);
        url.finish()
    }
}

fn write_sort<C: Column>(url: &mut UrlWriter, name: &str, sort: Option<Sort<C>>) {
    if let Some(sort) = sort {
        url.add(name, sort);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-11-20T12:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn a_link_says_what_it_was_made_from() {
        for query in [
            "",
            "range=7d&compare=previous",
            "population=admins&sort_registrations=-failure&sort_resets=method&sort_history=-at",
        ] {
            assert_eq!(OverviewQuery::parse(query, now()).expect("parameters").to_url(), query);
        }
        for query in ["", "range=90d&sort_departments=name&sort_countries=-share&sort_history=at"] {
            assert_eq!(SmsAndVoiceQuery::parse(query, now()).expect("parameters").to_url(), query);
        }
    }

    #[test]
    fn what_does_not_belong_here_is_refused() {
        for (query, parameter) in [
            ("compare=next", "compare"),
            ("sort_resets=colour", "sort_resets"),
            ("sort_departments=name", "sort_departments"),
            ("method=sms", "method"),
        ] {
            let problem = OverviewQuery::parse(query, now()).expect_err("refused");
            assert_eq!(problem.parameter, parameter);
        }
        assert_eq!(SmsAndVoiceQuery::parse("compare=previous", now()).expect_err("refused").parameter, "compare");
    }

    #[test]
    fn the_previous_window_ends_where_this_one_begins() {
        let asked = OverviewQuery::parse("range=7d&compare=previous", now()).expect("parameters");
        let (window, previous) = (asked.report.window(), asked.previous().expect("it is asked for"));
        assert_eq!(previous.to, window.from);
        assert_eq!(previous.to.millis() - previous.from.millis(), window.to.millis() - window.from.millis());
        assert_eq!(OverviewQuery::of(asked.report).previous(), None);
    }
}
