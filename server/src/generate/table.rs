//! Tables as MFA Server's portal downloads them: CSV with every cell quoted, or JSON lines of the same columns.

use std::io::{self, Write};

use super::text::push_quoted;

pub struct Table<'a, W, const N: usize> {
    columns: &'static [&'static str; N],
    as_json: bool,
    file: &'a mut W,
    text: String,
}

impl<'a, W: Write, const N: usize> Table<'a, W, N> {
    pub fn new(columns: &'static [&'static str; N], as_json: bool, file: &'a mut W) -> io::Result<Self> {
        let mut table = Self { columns, as_json, file, text: String::new() };
        if !as_json {
            table.write_csv(columns)?;
        }
        Ok(table)
    }

    pub fn write(&mut self, cells: &[&str; N]) -> io::Result<()> {
        if self.as_json { self.write_json(cells) } else { self.write_csv(cells) }
    }

    fn write_json(&mut self, cells: &[&str; N]) -> io::Result<()> {
        self.text.clear();
        for (column, cell) in self.columns.iter().zip(cells) {
            self.text.push(if self.text.is_empty() { '{' } else { ',' });
            push_quoted(&mut self.text, column);
            self.text.push(':');
            push_quoted(&mut self.text, cell);
        }
        self.text.push_str("}\n");
        self.file.write_all(self.text.as_bytes())
    }

    fn write_csv(&mut self, cells: &[&str; N]) -> io::Result<()> {
        self.text.clear();
        for cell in cells {
            self.text.push_str(if self.text.is_empty() { "\"" } else { ",\"" });
            for c in cell.chars() {
                self.text.push(c);
                if c == '"' {
                    self.text.push(c);
                }
            }
            self.text.push('"');
        }
        self.text.push_str("\r\n");
        self.file.write_all(self.text.as_bytes())
    }
}
