//! The table of a report as CSV: small, so in one piece.

use domain::population::Population;
use domain::query::{Column, Report, Span};
use domain::report::Fields;
use domain::window::Window;
use serde::Serialize;
use serde_json::Value;

use super::csv_text::{self, CsvStyle};
use super::{Format, in_name};

/// A header line and one line per row.
pub fn csv<C: Column, T: Fields<C>>(rows: &[T], columns: &[C]) -> String {
    csv_text::header(columns, CsvStyle::Plain) + &csv_text::rows(rows, columns, CsvStyle::Plain)
}

/// Rows of a report's JSON: these of their fields, in this order.
///
/// # Errors
/// Never: rows of reports can be written as JSON.
pub fn csv_of_json<T: Serialize>(rows: &[T], fields: &[&str]) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    csv_text::write_line(&mut out, fields, |out, field| csv_text::write_cell(out, field, CsvStyle::Plain));
    Ok(out + &more_csv_of_json(rows, fields)?)
}

/// The same without the header line.
///
/// # Errors
/// Never, likewise.
pub fn more_csv_of_json<T: Serialize>(rows: &[T], fields: &[&str]) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    for row in rows {
        let row = serde_json::to_value(row)?;
        csv_text::write_line(&mut out, fields, |out, field| {
            let cell = match &row[*field] {
                Value::Null => String::new(),
                Value::Bool(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            csv_text::write_cell(out, &cell, CsvStyle::Plain);
        });
    }
    Ok(out)
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
