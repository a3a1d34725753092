//! Lists that differ in their columns and filters only.

use super::list::{Column, List, ListQuery};
use super::params::{Params, QueryProblem, UrlWriter};
use super::report::Report;
use crate::instant::Instant;

/// The filters of a list.
pub trait Filters: Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    type Column: Column + std::fmt::Debug;
    /// The list's path, and the beginning of a download's name.
    const NAME: &'static str;
    /// Whether it is for those who may see settings.
    const IS_SETTINGS: bool = false;

    /// # Errors
    /// A parameter has a wrong value.
    fn take(params: &mut Params) -> Result<Self, QueryProblem>;
    fn write(&self, url: &mut UrlWriter);
    /// The parameter among those given that not every role may filter by.
    fn restricted(&self) -> Option<&'static str> {
        None
    }
}

/// A list's query: what every report and every list can be asked for, and its filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filtered<F: Filters> {
    pub report: Report,
    pub list: List<F::Column>,
    pub filters: F,
}

impl<F: Filters> Filtered<F> {
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self::of(Report::new(now))
    }

    /// The list of this report with these filters.
    #[must_use]
    pub fn with(report: Report, filters: F) -> Self {
        Self { report, list: List::default(), filters }
    }
}

impl<F: Filters> ListQuery for Filtered<F> {
    type Column = F::Column;
    const NAME: &'static str = F::NAME;
    const IS_SETTINGS: bool = F::IS_SETTINGS;

    fn of(report: Report) -> Self {
        Self::with(report, F::default())
    }

    fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        let mut params = Params::parse(query);
        let filters = F::take(&mut params)?;
        let report = Report::take(&mut params, now)?;
        let list = List::take(&mut params)?;
        params.finish()?;
        Ok(Self { report, list, filters })
    }

    fn to_url(&self) -> String {
        let mut url = UrlWriter::new();
        self.report.write(&mut url);
        self.filters.write(&mut url);
        self.list.write(&mut url);
        url.finish()
    }

    fn report(&self) -> &Report {
        &self.report
    }

    fn report_mut(&mut self) -> &mut Report {
        &mut self.report
    }

    fn list(&self) -> &List<F::Column> {
        &self.list
    }

    fn list_mut(&mut self) -> &mut List<F::Column> {
        &mut self.list
    }

    fn restricted(&self) -> Option<&'static str> {
        let list = &self.list;
        let column = std::iter::once(list.sort.column).chain(list.columns.iter().copied()).find(|c| c.is_restricted());
        self.filters.restricted().or(column.map(Column::as_str))
    }
}
