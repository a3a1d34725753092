//! RFC 4180 with CRLF, UTF-8 without a byte-order mark, and no cell that a spreadsheet would compute.
//!
//! `Export-Csv` knows no such care: a name that begins like a formula is the one thing that a list of its kind has
//! otherwise here.

use domain::query::Column;
use domain::report::Fields;

use super::cell;

/// Which cells stand in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvStyle {
    /// Those that need them.
    Plain,
    /// All, as PowerShell's `Export-Csv -NoTypeInformation` writes them.
    ExportCsv,
}

/// The header line: the names of the JSON fields.
pub fn header<C: Column>(columns: &[C], style: CsvStyle) -> String {
    let mut out = String::new();
    write_line(&mut out, columns, |out, column| write_cell(out, column.as_str(), style));
    out
}

/// One line per item.
pub fn rows<C: Column, T: Fields<C>>(items: &[T], columns: &[C], style: CsvStyle) -> String {
    let mut out = String::new();
    for (n, item) in items.iter().enumerate() {
        // The first line says how long they are about; growing bit by bit moves them again and again.
        if n == 1 {
            out.reserve(out.len() * (items.len() + items.len() / 8));
        }
        write_line(&mut out, columns, |out, column| write_cell(out, &cell(&item.field(*column)), style));
    }
    out
}

pub(super) fn write_line<T>(out: &mut String, cells: &[T], write: impl Fn(&mut String, &T)) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, cell);
    }
    out.push_str("\r\n");
}

/// A spreadsheet takes a cell that begins with one of these for a formula, or drops the character; an apostrophe
/// before it makes it text (OWASP, "CSV injection"). A cell that has apostrophes before it already gets one more, so
/// that taking one away gives the value again.
fn needs_apostrophe(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0'])
}

pub(super) fn write_cell(out: &mut String, cell: &str, style: CsvStyle) {
    let apostrophe = if needs_apostrophe(cell) { "'" } else { "" };
    if style == CsvStyle::ExportCsv || cell.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n')) {
        out.push('"');
        out.push_str(apostrophe);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(apostrophe);
        out.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use domain::record::{Record, Rejection, UserFacts};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_defused() {
        for (given, written) in [
            ("=1+1", "'=1+1"),
            ("+46 XXX", "'+46 XXX"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("\nx", "\"'\nx\""),
            ("=a,b", "\"'=a,b\""),
            ("a=b", "a=b"),
            ("'=1", "''=1"),
            ("'a", "'a"),
            ("\0x", "'\0x"),
        ] {
            let mut out = String::new();
            write_cell(&mut out, given, CsvStyle::Plain);
            assert_eq!(out, written, "{given:?}");
        }
    }

    #[test]
    fn export_csv_quotes_every_cell() {
        for (given, written) in [
            ("UserPrincipalName", "\"UserPrincipalName\""),
            ("", "\"\""),
            ("Ada \"the\" first", "\"Ada \"\"the\"\" first\""),
            ("two\nlines", "\"two\nlines\""),
            ("o'brien@contoso.com", "\"o'brien@contoso.com\""),
            ("=1+1", "\"'=1+1\""),
        ] {
            let mut out = String::new();
            write_cell(&mut out, given, CsvStyle::ExportCsv);
            assert_eq!(out, written, "{given:?}");
        }
    }

    /// Keeps the facts of what is read.
    struct Read(Vec<UserFacts>);

    impl ingest::Sink for Read {
        fn record(&mut self, record: Record) -> ControlFlow<()> {
            if let Record::User(user) = record {
                self.0.push(user.facts);
            }
            ControlFlow::Continue(())
        }

        fn skipped(&mut self, _: &str) {}

        fn rejected(&mut self, _: Rejection) {}
    }

    proptest! {
        #[test]
        fn what_is_written_is_imported_to_the_letter(
            names in prop::collection::vec("'{0,3}[=+@\t\r\n-]?[a-zå\"', ;\r\n-]{1,8}", 1..6),
        ) {
            let columns = ["user_name", "department"];
            let mut out = String::new();
            write_line(&mut out, &columns, |out, column| write_cell(out, column, CsvStyle::Plain));
            for (n, name) in names.iter().enumerate() {
                write_line(&mut out, &[format!("{n}@contoso.com"), name.clone()], |out, cell| write_cell(out, cell, CsvStyle::Plain));
            }
            let mut read = Read(Vec::new());
            ingest::read_file(out.as_bytes(), &ingest::Hints::default(), &mut read).expect("is read");
            let read: Vec<_> = read.0.into_iter().filter_map(|facts| facts.department).collect();
            prop_assert_eq!(read, names);
        }

        #[test]
        fn every_row_can_be_read_again(cells in proptest::collection::vec("'{0,2}[=+@\t-]?.*", 2..6)) {
            let mut out = String::new();
            write_line(&mut out, &cells, |out, _| write_cell(out, "column", CsvStyle::Plain));
            write_line(&mut out, &cells, |out, cell| write_cell(out, cell, CsvStyle::Plain));
            let mut reader = csv::Reader::from_reader(out.as_bytes());
            let row = reader.records().next().expect("a row").expect("reads");
            prop_assert_eq!(row.len(), cells.len());
            for (read, written) in row.iter().zip(&cells) {
                prop_assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']));
                prop_assert_eq!(read.strip_prefix('\'').filter(|_| needs_apostrophe(read)).unwrap_or(read), written);
            }
        }
    }
}
