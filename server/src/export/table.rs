//! The table of a report as CSV: small, so in one piece.

use domain::population::Population;
use domain::query::{Column, Report, Span};
use domain::report::Fields;
use domain::window::Window;

use super::csv_text::{self, CsvStyle};
use super::{Format, in_name};

/// A header line and one line per row.
pub fn csv<C: Column, T: Fields<C>>(rows: &[T], columns: &[C]) -> String {
    csv_text::header(columns, CsvStyle::Plain) + &csv_text::rows(rows, columns, CsvStyle::Plain)
}

/// `resets-members-30d-2026-11-20T120000Z.csv`: table, population, range and as-of.
pub fn file_name(table: &str, report: &Report) -> String {
    let population = report.population.unwrap_or(Population::Members);
    let window = match report.span {
        Span::Range(range) => range.to_string(),
        Span::Window(Window { from, to }) => format!("{}-{}", in_name(from), in_name(to)),
    };
    format!("{table}-{population}-{window}-{}.{}", in_name(report.as_of), Format::Csv)
}
