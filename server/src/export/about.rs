//! What was asked for and how it was counted: a workbook's last sheet, and a text beside files that have no room for it.

use domain::population::Population;
use domain::report::PopulationSize;
use store::{Reader, StoreError};

use super::Exported;
use super::exported::Scope;

/// Lines of a name and what is to be said of it, in the order in which they are read.
pub struct About(Vec<(&'static str, String)>);

impl About {
    /// All but the number of rows.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn of<Q: Exported>(query: &Q, reader: &Reader) -> Result<Self, StoreError> {
        let report = query.report();
        let mut lines = vec![
            ("List", Q::NAME.to_owned()),
            ("A row is", Q::ROW.to_owned()),
            ("Asked for", query.to_url()),
            ("As of (UTC)", report.as_of.to_string()),
        ];
        let window = report.window();
        let window = format!("from {} until just before {}", window.from, window.to);
        match Q::SCOPE {
            Scope::Window => lines.push(("Window (UTC)", window)),
            Scope::Counts => lines.push(("Occurrences are counted (UTC)", window)),
            Scope::AsOf | Scope::Population => {}
        }
        let population = match Q::SCOPE {
            Scope::Population => Some(report.population.unwrap_or(Population::Members)),
            Scope::Window | Scope::Counts | Scope::AsOf => report.population.filter(|_| Q::HEEDS_POPULATION),
        };
        if population.is_some() {
            let overview = reader.overview(report).await?;
            lines.push(("Population", size_of(&overview.population)));
        }
        for source in reader.sources().await? {
            let (refreshed, from, to) = (source.last_refreshed, source.covers_from, source.covers_to);
            let records = source.records;
            let told = format!("{}: {records} records from {from} to {to}, last refreshed {refreshed}", source.source);
            lines.push(("Source", told));
        }
        lines.push(("Times", "UTC".to_owned()));
        lines.push(("Blank cells", "not known; a list that is known to be empty says none".to_owned()));
        Ok(Self(lines))
    }

    /// All lines; `rows` as the list's page tells them.
    pub fn with_rows(mut self, rows: String) -> Vec<(&'static str, String)> {
        self.0.push(("Rows", rows));
        self.0
    }
}

fn size_of(population: &PopulationSize) -> String {
    let left_out: Vec<String> =
        population.left_out.iter().map(|left_out| format!("{} {}", left_out.count, left_out.reason)).collect();
    let left_out = if left_out.is_empty() { "nobody".to_owned() } else { left_out.join(", ") };
    format!("{}, {} users; left out: {left_out}", population.name, population.size)
}

/// The text beside a file of so many rows.
pub async fn text_of<Q: Exported>(query: &Q, reader: &Reader, rows: i64) -> Result<String, StoreError> {
    Ok(lines(About::of(query, reader).await?.with_rows(rows.to_string())))
}

/// The text: a line each. Whoever counts reads it, and so may a program.
pub async fn text<Q: Exported>(mut query: Q, reader: Reader) -> Result<String, StoreError> {
    let about = About::of(&query, &reader).await?;
    query.list_mut().size = 1;
    let page = query.page(&reader).await?;
    let rows = if page.total_is_exact { page.total.to_string() } else { format!("more than {}", page.total) };
    Ok(lines(about.with_rows(rows)))
}

fn lines(about: Vec<(&'static str, String)>) -> String {
    about.into_iter().map(|(name, value)| format!("{name}: {}\n", value.replace(['\r', '\n'], " "))).collect()
}
