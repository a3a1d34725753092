//! Any file is read or refused, record by record, and read alike a second time.
#![no_main]

use std::io::Cursor;
use std::ops::ControlFlow;

use domain::record::{Record, Rejection};
use ingest::{Hints, Sink, read_file};
use libfuzzer_sys::fuzz_target;

#[derive(Default, PartialEq, Eq, Debug)]
struct Counted {
    records: usize,
    skipped: usize,
    rejected: usize,
}

impl Sink for Counted {
    fn record(&mut self, _: Record) -> ControlFlow<()> {
        self.records += 1;
        ControlFlow::Continue(())
    }
    fn skipped(&mut self, _: &str) {
        self.skipped += 1;
    }
    fn rejected(&mut self, rejection: Rejection) {
        assert!(!rejection.reason.is_empty(), "a rejection says why");
        self.rejected += 1;
    }
}

fn read(bytes: &[u8]) -> (Counted, bool) {
    let mut counted = Counted::default();
    let done = read_file(Cursor::new(bytes.to_vec()), &Hints::default(), &mut counted);
    (counted, done.is_ok())
}

fuzz_target!(|bytes: &[u8]| {
    assert_eq!(read(bytes), read(bytes));
});
