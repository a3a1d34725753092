//! The parser's side: collects records into batches and hands them over, waiting when the store is behind.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;

use domain::record::{Record, RecordKind, Rejection};
use futures::executor;
use ingest::{Hints, Refusal, Sink};
use tokio::sync::mpsc::Sender;

/// Records of a file in one batch, applied in one transaction.
pub const RECORDS: usize = 10_000;
/// Bytes of audit bodies in one batch: a few huge records are a batch of their own.
const BODY_BYTES: usize = 8 << 20;
/// Bytes of the file that the records of one batch come from: they hold its texts.
const FILE_BYTES: u64 = 32 << 20;
/// Quarantined records in one batch.
const REJECTIONS: usize = 500;

/// What the parser hands over while it reads.
pub enum Message {
    Records(Vec<Record>),
    Rejected(Vec<Rejection>),
}

/// What it knows when it has read everything.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Records read and skipped, by kind.
    pub by_kind: BTreeMap<String, i64>,
    pub skipped: i64,
    pub refusal: Option<Refusal>,
}

impl Parsed {
    /// Records of kinds that are not kept.
    pub fn skipped_by_kind(&self) -> BTreeMap<String, i64> {
        let is_ours = |name: &str| name.parse::<RecordKind>().is_ok();
        self.by_kind.iter().filter(|(name, _)| !is_ours(name)).map(|(name, n)| (name.clone(), *n)).collect()
    }
}

struct Batches {
    sender: Sender<Message>,
    /// Records in one batch.
    most: usize,
    records: Vec<Record>,
    body_bytes: usize,
    /// Where the batch began in the file, and where it has come to.
    began: u64,
    at: u64,
    rejections: Vec<Rejection>,
    parsed: Parsed,
}

/// Reads the whole input, in the calling thread; hands over at most so many records at once.
pub fn parse(input: impl Read, hints: &Hints, sender: Sender<Message>, most: usize) -> Parsed {
    let (records, rejections, parsed) = (Vec::new(), Vec::new(), Parsed::default());
    let mut batches = Batches { sender, most, records, body_bytes: 0, began: 0, at: 0, rejections, parsed };
    let outcome = ingest::read_file(input, hints, &mut batches);
    batches.parsed.refusal = outcome.err();
    // The receiver reports its own failure: nothing is left to do where it is gone.
    let _ = batches.send_records();
    let _ = batches.send_rejections();
    batches.parsed
}

impl Batches {
    fn send_records(&mut self) -> ControlFlow<()> {
        (self.body_bytes, self.began) = (0, self.at);
        let records = std::mem::take(&mut self.records);
        self.send(Message::Records(records))
    }

    fn send_rejections(&mut self) -> ControlFlow<()> {
        let rejections = std::mem::take(&mut self.rejections);
        self.send(Message::Rejected(rejections))
    }

    fn send(&self, message: Message) -> ControlFlow<()> {
        let is_empty = match &message {
            Message::Records(records) => records.is_empty(),
            Message::Rejected(rejections) => rejections.is_empty(),
        };
        // The next batch is begun when this one has been taken: one is applied and one is waiting or in the making.
        let taken = async {
            self.sender.send(message).await.map_err(drop)?;
            self.sender.reserve().await.map(drop).map_err(drop)
        };
        if is_empty || executor::block_on(taken).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn count(&mut self, kind: &str) {
        match self.parsed.by_kind.get_mut(kind) {
            Some(count) => *count += 1,
            None => {
                self.parsed.by_kind.insert(kind.to_owned(), 1);
            }
        }
    }
}

impl Sink for Batches {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.count(record.kind().as_str());
        if let Record::Audit(audit) = &record {
            self.body_bytes += audit.body.len();
        }
        self.records.push(record);
        if self.records.len() >= self.most || self.body_bytes >= BODY_BYTES {
            return self.send_records();
        }
        ControlFlow::Continue(())
    }

    fn skipped(&mut self, kind: &str) {
        self.count(kind);
        self.parsed.skipped += 1;
    }

    fn rejected(&mut self, rejection: Rejection) {
        self.rejections.push(rejection);
        if self.rejections.len() >= REJECTIONS {
            // `record` finds out on its next batch whether somebody still listens.
            let _ = self.send_rejections();
        }
    }

    fn reached(&mut self, byte: u64) {
        self.at = byte;
        if byte - self.began.min(byte) >= FILE_BYTES {
            // `record` finds out, as above.
            let _ = self.send_records();
        }
    }
}
