//! A sink that keeps everything it is given.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use domain::mfa::{ActivityRecord, MfaAction, ServerStatus};
use domain::record::{AuditRecord, Record, Rejection, ReportEvent, UserObservation};
use domain::sign_in::{SignInRecord, SignInSteps};
use ingest::{DateOrder, Hints, Refusal, Sink, read_file};

#[derive(Debug, Default, PartialEq)]
pub struct Collected {
    pub records: Vec<Record>,
    pub skipped: BTreeMap<String, usize>,
    pub rejected: Vec<Rejection>,
}

impl Sink for Collected {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.records.push(record);
        ControlFlow::Continue(())
    }

    fn skipped(&mut self, kind: &str) {
        *self.skipped.entry(kind.to_owned()).or_default() += 1;
    }

    fn rejected(&mut self, rejection: Rejection) {
        self.rejected.push(rejection);
    }
}

pub fn read_with(bytes: &[u8], date_order: Option<DateOrder>) -> (Collected, Result<(), Refusal>) {
    let mut collected = Collected::default();
    let hints = Hints { date_order, ..Hints::default() };
    let result = read_file(bytes, &hints, &mut collected);
    (collected, result)
}

pub fn read(bytes: impl AsRef<[u8]>) -> (Collected, Result<(), Refusal>) {
    read_with(bytes.as_ref(), None)
}

impl Collected {
    /// Everything of a file that is not refused.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        let (collected, result) = read(bytes);
        result.expect("the file is read");
        collected
    }

    pub fn by_kind(&self) -> BTreeMap<String, usize> {
        let mut kinds = self.skipped.clone();
        for record in &self.records {
            *kinds.entry(record.kind().to_string()).or_default() += 1;
        }
        kinds
    }
}

pub fn user(record: &Record) -> &UserObservation {
    match record {
        Record::User(user) => user,
        other => panic!("not a user: {other:?}"),
    }
}

pub fn event(record: &Record) -> &ReportEvent {
    match record {
        Record::Event(event) => event,
        other => panic!("not an event: {other:?}"),
    }
}

pub fn audit(record: &Record) -> &AuditRecord {
    match record {
        Record::Audit(audit) => audit,
        other => panic!("not an audit record: {other:?}"),
    }
}

pub fn sign_in(record: &Record) -> &SignInRecord {
    match record {
        Record::SignIn(sign_in) => sign_in,
        other => panic!("not a sign-in: {other:?}"),
    }
}

pub fn step(record: &Record) -> &SignInSteps {
    match record {
        Record::SignInSteps(step) => step,
        other => panic!("not a step: {other:?}"),
    }
}

pub fn activity(record: &Record) -> &ActivityRecord {
    match record {
        Record::Activity(activity) => activity,
        other => panic!("not an authentication on premises: {other:?}"),
    }
}

pub fn action(record: &Record) -> &MfaAction {
    match record {
        Record::Action(record) => &record.action,
        other => panic!("not a block or bypass: {other:?}"),
    }
}

pub fn server(record: &Record) -> &ServerStatus {
    match record {
        Record::Server(record) => &record.server,
        other => panic!("not a server: {other:?}"),
    }
}
