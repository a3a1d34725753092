//! What people and disks do to files: no panic, bounded memory, a sentence with a position.

use std::io::{self, Read, Write as _};

use crate::collected::{Collected, audit, read, user};
use flate2::{Compression, write::GzEncoder};
use ingest::{Hints, read_file};
use serde_json::json;

fn line(n: usize) -> String {
    json!({"id": format!("user-{n}"), "userPrincipalName": format!("u{n}@contoso.com"), "isSsprRegistered": n.is_multiple_of(2)}).to_string()
}

fn lines(n: usize) -> String {
    (0..n).map(|n| line(n) + "\n").collect()
}

fn page(n: usize) -> String {
    format!("{{\"value\":[\n{}\n]}}\n", (0..n).map(line).collect::<Vec<_>>().join(",\n"))
}

fn table(n: usize) -> String {
    let rows = (0..n).map(|n| format!("u{n}@contoso.com,True\r\n"));
    format!("UserPrincipalName,IsSsprRegistered\r\n{}", rows.collect::<String>())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

fn refused(bytes: impl AsRef<[u8]>) -> String {
    let (collected, result) = read(bytes);
    assert_eq!(collected, Collected::default());
    result.expect_err("refused").to_string()
}

#[test]
fn a_first_line_cut_anywhere_spoils_none_of_the_others() {
    let first = line(0);
    for cut in 1..first.len() {
        for broken in [1, 2] {
            let text = format!("{}{}", format!("{}\n", &first[..cut]).repeat(broken), lines(3));
            let collected = Collected::of(&text);
            assert_eq!((collected.records.len(), collected.rejected.len()), (3, broken), "{text}");
        }
    }
}

#[test]
fn a_truncated_gzip_keeps_what_stands_alone_and_no_half_document() {
    for (text, whole) in [(lines(40), 40), (table(40), 40)] {
        let bytes = gzip(&text);
        assert_eq!(Collected::of(&bytes).records.len(), whole);
        for cut in 0..bytes.len() {
            let (collected, result) = read(&bytes[..cut]);
            assert!(
                result.is_err() != (collected.rejected.len() == 1),
                "one report of the break at {cut}: {collected:?} {result:?}"
            );
            assert!(collected.records.len() <= whole);
        }
    }
    let bytes = gzip(&page(40));
    assert_eq!(Collected::of(&bytes).records.len(), 40);
    for cut in 0..bytes.len() {
        let reason = refused(&bytes[..cut]);
        assert!(reason.ends_with('.') || reason.ends_with('`'), "{reason}");
    }
}

#[test]
fn a_broken_line_is_set_aside_and_the_rest_is_read() {
    let file = format!("{}\n{{\"id\": \"x\",\n{}\nnot json +46701234567\n{}\n", line(0), line(1), line(2));
    let read = Collected::of(&file);
    assert_eq!((read.records.len(), read.rejected.len()), (3, 2));
    assert_eq!((read.rejected[0].line, read.rejected[1].line), (Some(2), Some(4)));
    let second = file.find("{\"id\": \"x\"").expect("the line") as u64;
    assert!(read.rejected[0].byte.expect("a byte") >= second);
    assert_eq!(read.rejected[1].excerpt, "not json +XXXXXXXXX67");
    // Also where the broken line is the first.
    let read = Collected::of(format!("{{\"id\": \"x\", \"us\n{}\n{}\n", line(1), line(2)));
    assert_eq!((read.records.len(), read.rejected.len()), (2, 1));
    let read = Collected::of(format!("garbage\n{}\n{}\n", line(1), line(2)));
    assert_eq!((read.records.len(), read.rejected[0].line), (2, Some(1)));
}

#[test]
fn broken_utf_8_costs_a_line_or_a_row_but_a_whole_document() {
    let mut bytes = lines(3).into_bytes();
    let at = lines(1).len() + 10;
    bytes[at] = 0xff;
    let read = Collected::of(&bytes);
    assert_eq!((read.records.len(), read.rejected.len()), (2, 1));
    assert_eq!((read.rejected[0].line, read.rejected[0].byte), (Some(2), Some(at as u64)));
    let mut bytes = table(3).into_bytes();
    let at = bytes.len() - 12;
    bytes[at] = 0xff;
    let read = Collected::of(&bytes);
    assert_eq!((read.records.len(), read.rejected[0].line), (2, Some(4)));
    let mut bytes = page(3).into_bytes();
    let at = bytes.len() - 20;
    bytes[at] = 0xff;
    assert!(refused(&bytes).contains(&format!("byte {at}: The text is not valid UTF-8")));
}

#[test]
fn byte_order_marks_and_utf_16() {
    let text = lines(3).replace("contoso", "bjørn");
    let expected = Collected::of(&text);
    assert_eq!(Collected::of(format!("\u{feff}{text}")).records, expected.records);
    for file in [text, table(3)] {
        let expected = Collected::of(&file).records;
        let little: Vec<u8> = [0xfeff].into_iter().chain(file.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = [0xfeff].into_iter().chain(file.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(Collected::of(&little).records, expected);
        assert_eq!(Collected::of(&big).records, expected);
        assert_eq!(Collected::of(zstd::encode_all(little.as_slice(), 1).expect("in memory")).records, expected);
        // Half a character at the end.
        let _ = read(&little[..little.len() - 1]);
    }
}

#[test]
fn nul_becomes_the_replacement_character() {
    let file = "UserPrincipalName,IsSsprRegistered,UserDisplayName\na@b.c,True,x\0y\n";
    let read = Collected::of(file);
    assert_eq!(user(&read.records[0]).user.display_name.as_deref(), Some("x\u{fffd}y"));
    let line =
        json!({"id": "1", "activityDateTime": "2026-01-01T00:00:00Z", "activityDisplayName": "A\0B", "x\0": "\0"});
    let read = Collected::of(line.to_string());
    let record = audit(&read.records[0]);
    assert_eq!(record.activity, "A\u{fffd}B");
    assert!(!record.body.contains("\\u0000") && !record.body.contains('\0'));
}

#[test]
fn a_cell_of_ten_megabytes_is_read_and_a_longer_one_is_not() {
    let cell = "x".repeat(10_000_000);
    let file = format!("UserPrincipalName,IsSsprRegistered,Note\na@b.c,True,{cell}\nb@b.c,True,\n");
    assert_eq!(Collected::of(&file).records.len(), 2);
    let open_quote = format!("UserPrincipalName,IsSsprRegistered\na@b.c,True\n\"{}", "x\n".repeat(9_000_000));
    let read = Collected::of(&open_quote);
    assert_eq!((read.records.len(), read.rejected.len()), (1, 1));
    assert_eq!(read.rejected[0].line, Some(3));
    let long = "y".repeat(17 * 1024 * 1024);
    let file = format!("{}\n{{\"id\":\"{long}\"}}\n{}\n", line(1), line(2));
    let read = Collected::of(&file);
    assert_eq!((read.records.len(), read.rejected[0].line), (2, Some(2)));
    let file = format!("[\n{},\n{{\"id\":\"{long}\"}},\n{}\n]", line(1), line(2));
    let read = Collected::of(&file);
    assert_eq!((read.records.len(), read.rejected[0].line), (2, Some(3)));
}

#[test]
fn ten_thousand_levels_are_an_error_in_a_sentence() {
    const DEEP: usize = 10_000;
    let objects = "{\"a\":".repeat(DEEP) + "1" + &"}".repeat(DEEP);
    let arrays = "[".repeat(DEEP) + &"]".repeat(DEEP);
    for file in [
        format!("{}\n{objects}\n{}\n", line(1), line(2)),
        format!("{}\n{arrays}\n{}\n", line(1), line(2)),
        format!("[\n{},\n{objects},\n{}\n]", line(1), line(2)),
    ] {
        let read = Collected::of(file);
        assert_eq!((read.records.len(), read.rejected.len()), (2, 1));
        assert!(read.rejected[0].reason.contains("recursion limit"), "{}", read.rejected[0].reason);
    }
    assert_eq!(Collected::of(&objects).rejected.len(), 1);
    assert!(refused(&arrays).contains("nested more than 16 deep"));
    let text = (0..12).fold(line(1), |inner, _| json!([inner]).to_string());
    assert_eq!(Collected::of(text).rejected.len(), 1);
}

#[test]
fn what_is_no_report_is_refused_in_a_sentence() {
    for (bytes, says) in [
        (&b""[..], "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "picture (JPEG)"),
        (b"PK\x03\x04....", "ZIP archive"),
        (b"<?xml version=\"1.0\"?><a/>", "XML"),
        (b"\0\x01\x02\x03", "binary"),
        (b"\x7fELF\x02\x01\x01\0", "binary"),
        (b"hello", "neither JSON nor a table"),
        (b"name,shoe size\nKim,38\n", "shoe size"),
        (b"{\"value\":[1,2,]}", "`,` stands before the end"),
        (b"[{\"id\":1} {\"id\":2}]", "needs `,` or `]`"),
        (b"{\"value\":[{\"id\":\"1\"}", "ends in the middle"),
        (b"{\"a\" 1, \"value\":[{\"id\":\"1\"}]}", "expected `:`"),
        (b"{\"value\":[{\"id\":\"1\"}],}", "key must be a string"),
        (b"[{\"id\":\"1\"}", "ends in the middle"),
    ] {
        let reason = refused(bytes);
        assert!(reason.contains(says), "{reason}");
    }
    assert!(refused(gzip("\x1f\u{8b}")).contains("binary") || !gzip("").is_empty());
    assert!(refused(gzip("")).contains("empty"));
}

#[test]
fn gzip_is_known_by_its_bytes() {
    let mut collected = Collected::default();
    read_file(gzip(&page(5)).as_slice(), &Hints::default(), &mut collected).expect("gzip of JSON");
    assert_eq!(collected.records.len(), 5);
}

#[test]
fn ragged_rows_are_set_aside() {
    let file = "UserPrincipalName,IsSsprRegistered\na@b.c\nb@b.c,True\nc@b.c,True,more\nd@b.c,True,,\n\ne@b.c,False\n";
    let read = Collected::of(file);
    assert_eq!((read.records.len(), read.rejected.len()), (3, 2));
    assert_eq!((read.rejected[0].line, read.rejected[1].line), (Some(2), Some(4)));
    assert_eq!(read.rejected[0].reason, "The row has 1 cells, but the table has 2 columns.");
}

/// Gives one byte at a time, then fails.
struct Failing<'a>(&'a [u8], io::ErrorKind);

impl Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some((first, rest)) = self.0.split_first() else { return Err(self.1.into()) };
        out[0] = *first;
        self.0 = rest;
        Ok(1)
    }
}

#[test]
fn a_reader_that_fails() {
    let fail = |bytes: &[u8], kind| {
        let mut collected = Collected::default();
        let result = read_file(Failing(bytes, kind), &Hints::default(), &mut collected);
        (collected, result)
    };
    let (_, result) = fail(b"", io::ErrorKind::IsADirectory);
    assert_eq!(result.expect_err("a directory").to_string(), "This is a directory, not a file.");
    let (collected, result) = fail(lines(3).as_bytes(), io::ErrorKind::ConnectionReset);
    assert_eq!((result, collected.records.len(), collected.rejected.len()), (Ok(()), 3, 1));
    let (collected, result) = fail(page(3).as_bytes(), io::ErrorKind::ConnectionReset);
    assert!(result.is_err() && collected == Collected::default());
}

#[test]
fn a_page_larger_than_any_window_is_streamed() {
    let one = json!({"@odata.context": "x", "value": (0..4_500).map(|n| serde_json::from_str::<serde_json::Value>(&line(n)).expect("JSON")).collect::<Vec<_>>()});
    let file = one.to_string();
    assert!(file.len() > 300_000);
    assert_eq!(Collected::of(&file).records.len(), 4_500);
    // Lines longer than the window are still lines: a broken one costs only itself.
    let read = Collected::of(format!("{file}\n{{broken\n{}\n", line(1)));
    assert_eq!((read.records.len(), read.rejected.len()), (4_501, 1));
}
