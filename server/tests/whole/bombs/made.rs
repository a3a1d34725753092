//! Files that are made to harm whoever opens them.

use std::io::Write as _;

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};
use rust_xlsxwriter::Workbook;

use crate::records::SIGN_INS;

/// A file, and a sentence of its refusal: of the file, or of everything in it.
pub struct Bomb {
    pub what: &'static str,
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub said: &'static str,
}

const MIB: usize = 1 << 20;
/// Members of 16 MiB: together 10 GiB.
const MEMBERS: usize = 640;
const ARCHIVE: &str = "a ZIP archive or an Excel workbook";
const UNFOLDS: &str = "unfolds to more than 100 times its size";

/// Every kind there is, with names.
pub fn all() -> Vec<Bomb> {
    let bomb = |what, name, bytes, said| Bomb { what, name, bytes, said };
    let zeros = vec![0; 16 * MIB];
    let inner = zip(&[("zeros", &zeros)], false);
    let header = "UserPrincipalName,IsSsprRegistered";
    let row = "a@contoso.com,True";
    let page = gzip(SIGN_INS.as_bytes());
    let mut lying = page.clone();
    let at = lying.len() - 4;
    lying[at..].copy_from_slice(&7_u32.to_le_bytes());
    vec![
        bomb("a zip", "zeros.zip", zip(&[("zeros", &zeros)], false), ARCHIVE),
        bomb("a zip in a zip", "nested.zip", zip(&[("1.zip", &inner), ("2.zip", &inner)], false), ARCHIVE),
        bomb("a zip whose entries overlap", "overlap.zip", zip(&[("1", &zeros), ("2", &zeros)], true), ARCHIVE),
        bomb("a zip with names that lead out", "out.zip", zip(&[("../../../etc/cron.d/x", b"x")], false), ARCHIVE),
        bomb("a workbook with a large table of texts", "shared.xlsx", workbook(), ARCHIVE),
        bomb("10 GiB of zeros in gzip", "zeros.gz", gzip(&zeros).repeat(MEMBERS), "binary data"),
        bomb("10 GiB of an array in gzip", "array.json.gz", unending(b"[", b' '), UNFOLDS),
        bomb("10 GiB of one text in gzip", "text.json.gz", unending(b"[\"", b'x'), UNFOLDS),
        bomb(
            "10 GiB of a cell in gzip",
            "cell.csv.gz",
            unending(format!("{header}\n\"").as_bytes(), b'x'),
            "longer than 12 MiB",
        ),
        bomb("10 GiB of empty records in zstd", "records.jsonl.zst", zstandard(), "None of the first 10000 records"),
        bomb("gzip in gzip, as a quine is", "quine.gz", gzip(&gzip(&gzip(&page))), "gzip inside gzip"),
        bomb("gzip that lies about its length", "lying.json.gz", lying, "damaged"),
        bomb("entities that laugh a billion times", "laughs.xml", laughs(), "an XML or HTML document"),
        bomb("an entity from a file", "file.xml", entity("file:///etc/passwd"), "an XML or HTML document"),
        bomb("an entity from the network", "http.xml", entity("http://127.0.0.1:1/x"), "an XML or HTML document"),
        bomb(
            "a million columns",
            "wide.csv",
            format!("{header}{}\n{row}\n", ",x".repeat(1_000_000)).into(),
            "The table has 1000002 columns",
        ),
        bomb(
            "a row of fifteen million cells",
            "row.csv",
            format!("{header}\n{row}{}\n", ",".repeat(15_000_000)).into(),
            "more than a million cells",
        ),
        bomb(
            "a cell of 128 MiB",
            "cell.csv",
            format!("{header}\n{row}{}\n", "x".repeat(128 * MIB)).into(),
            "longer than 12 MiB",
        ),
        bomb(
            "a line of 128 MiB",
            "line.jsonl",
            format!("{{\"id\":\"{}\"}}\n", "x".repeat(128 * MIB)).into(),
            "longer than 12 MiB",
        ),
        bomb("a record of 11 MiB of small values", "values.json", values(), "more values than a record can have"),
        bomb(
            "the same as a line",
            "values.jsonl",
            [b"{}\n", values().as_slice()].concat(),
            "more values than a record can have",
        ),
        bomb("a million arrays in each other", "arrays.json", "[".repeat(1_000_000).into(), "nested more than 16 deep"),
        bomb(
            "a million objects in each other",
            "objects.json",
            "{\"a\":".repeat(1_000_000).into(),
            "ends in the middle of an object",
        ),
        bomb(
            "forty thousand closed objects in each other",
            "closed.json",
            format!("{}1{}", "{\"a\":".repeat(40_000), "}".repeat(40_000)).into(),
            "recursion limit",
        ),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A beginning, and 10 GiB of one byte.
fn unending(beginning: &[u8], byte: u8) -> Vec<u8> {
    [gzip(beginning), gzip(&vec![byte; 16 * MIB]).repeat(MEMBERS)].concat()
}

fn zstandard() -> Vec<u8> {
    zstd::encode_all("{}\n".repeat(5 * MIB).as_bytes(), 19).expect("memory").repeat(MEMBERS)
}

/// A million objects in one record.
fn values() -> Vec<u8> {
    format!("{{\"a\":[{}0]}}\n", "{\"b\":1},".repeat(MIB + MIB / 4)).into()
}

fn laughs() -> Vec<u8> {
    let entities: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    format!("<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY l0 \"lol\">{entities}]><l>&l9;</l>").into()
}

fn entity(url: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\"?>\n<!DOCTYPE r [<!ENTITY x SYSTEM \"{url}\">]>\n<r>&x;</r>").into()
}

/// A real workbook, whose texts unfold to much more than it is.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..500 {
        sheet.write_string(row, 0, format!("{row}{}", "x".repeat(30_000))).expect("fits");
    }
    workbook.save_to_buffer().expect("memory")
}

/// An archive; in one whose entries overlap, all of them are the first one's bytes.
fn zip(entries: &[(&str, &[u8])], overlapping: bool) -> Vec<u8> {
    let (mut files, mut directory) = (Vec::new(), Vec::new());
    for (at, (name, bytes)) in entries.iter().enumerate() {
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).expect("memory");
        let packed = packed.finish().expect("memory");
        let number = |n: usize| u32::try_from(n).expect("small").to_le_bytes();
        let sums = [crc.sum().to_le_bytes(), number(packed.len()), number(bytes.len())].concat();
        let length = u16::try_from(name.len()).expect("short").to_le_bytes();
        let place = if overlapping { 0 } else { files.len() };
        directory.extend([b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0".as_slice(), &sums, &length, &[0; 12]].concat());
        directory.extend([number(place).as_slice(), name.as_bytes()].concat());
        if at == 0 || !overlapping {
            files.extend([b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0".as_slice(), &sums, &length, &[0; 2]].concat());
            files.extend([name.as_bytes(), &packed].concat());
        }
    }
    let count = u16::try_from(entries.len()).expect("few").to_le_bytes();
    let number = |n: usize| u32::try_from(n).expect("small").to_le_bytes();
    let end =
        [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &number(directory.len()), &number(files.len()), &[0; 2]];
    [files, directory, end.concat()].concat()
}
