//! An independent, deliberately naive recount of a generated organisation: every tile, bar, figure and list total that the
//! program answers must equal it. It shares no code with `store`, `ingest` or the rules in `domain`; those types are used
//! only to ask.

mod actions;
mod activity;
mod answers;
mod classify;
mod copies;
mod database;
mod events;
mod figures;
mod files;
mod lists;
mod methods;
mod permutations;
mod printed;
mod sign_in_lists;
mod sign_ins;
mod sms_and_voice;
mod summaries;
mod trend;
mod usage;
mod users;

use std::collections::BTreeSet;
use std::path::PathBuf;

use answers::{Overview, Recount, without_sources};
use database::{Database, postgres_url};
use domain::instant::Instant;
use domain::population::Population;
use domain::query::{Report, Span};
use domain::window::Range;
use files::how_much_is_known;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use server::generate::{FILES, Faults, Settings, write_files};
use sign_ins::SignIn;
use tempfile::TempDir;

const INSTANTS: usize = 1_000;
const LIST_INSTANTS: usize = 100;
const HOUR_MS: i64 = 3_600_000;
const RANGES: [(Range, i64); 3] = [(Range::Day, 24), (Range::Week, 7 * 24), (Range::Month, 30 * 24)];

fn settings() -> Settings {
    let end = "2026-11-20T12:00:00Z".parse().expect("an instant");
    let faults = Faults { duplicates: 3.0, late: 5.0, resent: 4.0, malformed: 1.0, future: 1.0 };
    Settings { users: 400, sign_ins: 8_000, days: 60, seed: 11, end, faults }
}

/// A generated organisation in files, and what the naive recount makes of it.
struct Organisation {
    settings: Settings,
    folder: TempDir,
    recount: Recount,
}

impl Organisation {
    fn new() -> Self {
        let settings = settings();
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_files(&settings, folder.path()).expect("the organisation can be written");
        let recount = Recount::of(folder.path(), settings.start().millis());
        Self { settings, folder, recount }
    }

    fn paths(&self) -> Vec<PathBuf> {
        FILES.iter().map(|name| self.folder.path().join(name)).collect()
    }

    /// Every line of every file; rows of tables as objects.
    fn lines(&self) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        for path in self.paths().into_iter().filter(|path| path.extension().is_some_and(|end| end == "jsonl")) {
            let bytes = std::fs::read(path).expect("the file is there");
            lines.extend(bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec));
        }
        let records = &self.recount.records;
        for row in [&records.activity, &records.servers, &records.blocks, &records.bypasses].into_iter().flatten() {
            lines.push(format!("{}\n", serde_json::json!(row)).into_bytes());
        }
        lines
    }

    async fn import_into(&self, database: &Database) {
        database.import_all(&self.paths(), self.settings.start()).await;
    }

    /// Instants over the whole window, some days before and after it, and at its very edges.
    fn instants(&self, count: usize) -> Vec<Instant> {
        let mut rng = ChaCha8Rng::seed_from_u64(1_000);
        let (start, end) = (self.settings.start().millis(), self.settings.end.millis());
        let mut instants = vec![start - 1, start, start + 1, end - 1, end, end + 1];
        // An instant at which something happened: whether it is in or out is decided by one millisecond.
        instants.extend(self.recount.events.iter().step_by(29).map(|event| event.at));
        instants.extend(self.recount.events.iter().step_by(31).map(|event| event.at + 1));
        instants.truncate(count / 2);
        instants.resize_with(count, || rng.random_range(start - 48 * HOUR_MS..end + 48 * HOUR_MS));
        instants.into_iter().map(Instant::from_millis).collect()
    }
}

fn report(as_of: Instant, range: Range, population: Option<Population>) -> Report {
    Report { as_of_is_given: true, span: Span::Range(range), population, ..Report::new(as_of) }
}

async fn compare_overviews(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.instants(INSTANTS).into_iter().enumerate() {
        let population = Population::ALL[number % Population::ALL.len()];
        let users = organisation.recount.overview(population.as_str(), as_of.millis());
        for (range, hours) in RANGES {
            let answer = database.reader.overview(&report(as_of, range, Some(population))).await.expect("an answer");
            let answer = Overview::from_json(&serde_json::to_value(&answer).expect("it is JSON"));
            let window = (as_of.millis() - hours * HOUR_MS, as_of.millis());
            let expected = organisation.recount.with_bars(users.clone(), window);
            assert_eq!(answer, expected, "{population} as of {as_of}, {range}");
        }
    }
}

/// What a test compares. One topic a test, so that one can be asked for: `cargo test --test recount usage_on_sqlite`.
#[derive(Clone, Copy)]
enum Topic {
    Users,
    Usage,
    SignIns,
    MfaReports,
}

async fn compare(topic: Topic, database: impl AsyncFnOnce(Instant) -> Database) {
    let organisation = Organisation::new();
    let database = database(organisation.settings.end).await;
    organisation.import_into(&database).await;
    match topic {
        Topic::Users => {
            compare_overviews(&organisation, &database).await;
            trend::compare(&organisation, &database).await;
            sms_and_voice::compare(&organisation, &database).await;
            lists::compare(&organisation, &database).await;
            printed::compare(&organisation, &database).await;
        }
        Topic::Usage => {
            usage::compare(&organisation, &database).await;
            summaries::compare(&organisation, &database).await;
        }
        Topic::SignIns => sign_in_lists::compare(&organisation, &database).await,
        Topic::MfaReports => {
            activity::compare(&organisation, &database).await;
            actions::compare(&organisation, &database).await;
        }
    }
}

async fn compare_on_postgres(topic: Topic, name: &str) {
    let Some(url) = postgres_url() else { return };
    compare(topic, async |end| Database::postgres(&url, name, end).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_on_sqlite_are_the_recount() {
    compare(Topic::Users, Database::sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_on_sqlite_is_the_recount() {
    compare(Topic::Usage, Database::sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_on_sqlite_are_the_recount() {
    compare(Topic::SignIns, Database::sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mfa_reports_on_sqlite_are_the_recount() {
    compare(Topic::MfaReports, Database::sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_on_postgres_are_the_recount() {
    compare_on_postgres(Topic::Users, "users").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_on_postgres_is_the_recount() {
    compare_on_postgres(Topic::Usage, "usage").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_on_postgres_are_the_recount() {
    compare_on_postgres(Topic::SignIns, "sign_ins").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mfa_reports_on_postgres_are_the_recount() {
    compare_on_postgres(Topic::MfaReports, "mfa_reports").await;
}

/// A recount of nothing would agree with anything.
#[test]
fn the_organisation_has_every_case() {
    let organisation = Organisation::new();
    let end = organisation.settings.end.millis();
    let middle = organisation.settings.start().millis() + 30 * 24 * HOUR_MS;
    let reasons: BTreeSet<&str> = Population::ALL
        .iter()
        .flat_map(|population| organisation.recount.users.at(population.as_str(), end))
        .filter_map(|state| state.left_out)
        .collect();
    assert_eq!(reasons.len(), 6, "{reasons:?}");
    let (then, now) = (organisation.recount.overview("members", middle), organisation.recount.overview("members", end));
    for (flag, now) in &now.tiles {
        assert!(now.iter().all(|n| *n > 0) && *now != then.tiles[flag], "{flag}: {now:?}, then {:?}", then.tiles[flag]);
    }
    assert!(now.insights.values().all(|n| *n > 0), "{:?}", now.insights);
    for feature in ["registration", "reset"] {
        let of = |succeeded| {
            let events = organisation.recount.events.iter();
            events.filter(|event| event.feature == feature && event.succeeded == succeeded).count()
        };
        assert!(of(true) > 100 && of(false) > 20, "{feature}: {} and {}", of(true), of(false));
    }
}

/// Nor would one of sign-ins that are all alike.
#[test]
fn its_sign_ins_have_every_case() {
    let organisation = Organisation::new();
    let recount = &organisation.recount;
    let seen = |of: fn(&SignIn) -> Option<&str>| recount.sign_ins.iter().filter_map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(seen(|sign_in| Some(sign_in.facts.mfa_required)), 3);
    assert_eq!(seen(|sign_in| sign_in.facts.required_by), 7);
    assert_eq!(seen(|sign_in| Some(sign_in.facts.mfa_result)), 5);
    assert!(seen(|sign_in| sign_in.facts.mfa_status.as_deref()) >= 33);
    assert!(seen(|sign_in| Some(sign_in.facts.method)) >= 16);
    assert_eq!(seen(|sign_in| Some(sign_in.facts.status)), 4);
    assert_eq!(seen(|sign_in| Some(sign_in.facts.interactive)), 3);
    assert_eq!(seen(|sign_in| Some(sign_in.facts.component)), 3);
    assert_eq!(seen(|sign_in| Some(sign_in.facts.ca_result)), 4);
    let count = |is: fn(&&SignIn) -> bool| recount.sign_ins.iter().filter(is).count();
    let unmet =
        |sign_in: &&SignIn| sign_in.facts.challenged && matches!(sign_in.facts.mfa_result, "denied" | "pending");
    let (unmet, unable) = (count(unmet), count(|sign_in| sign_in.unable));
    assert!(unable > 100 && unmet > unable + 100, "{unmet} were not met, {unable} nowhere in their attempts");
    assert!(count(|sign_in| sign_in.correlation.is_none()) > 0);
    assert!(count(|sign_in| sign_in.app_label().is_none()) > 0 && count(|sign_in| sign_in.app.is_none()) > 0);
    assert!(count(|sign_in| sign_in.policies.is_none()) > 0 && count(|sign_in| sign_in.policies == Some(0)) > 0);
    assert!(recount.records.sign_in_lines > recount.sign_ins.len() + 300, "copies");
    let known: Vec<usize> =
        recount.records.sign_ins.iter().map(|record| how_much_is_known(&record["properties"])).collect();
    assert!((1..=5).all(|n| known.contains(&n)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_adds_up() {
    let organisation = Organisation::new();
    let database = Database::sqlite(organisation.settings.end).await;
    let reports = database.import_all(&organisation.paths(), organisation.settings.start()).await;
    let recount = &organisation.recount.records;
    let audits = (recount.audits.len(), recount.audit_lines, recount.unreadable_audits);
    let sign_ins = (recount.sign_ins.len(), recount.sign_in_lines, recount.unreadable_sign_ins);
    assert_eq!(sign_ins.0 as u64, organisation.settings.sign_ins);
    for (counts, (records, lines, unreadable)) in [(&reports[3].counts, audits), (&reports[4].counts, sign_ins)] {
        assert_eq!(counts.rejected, unreadable as i64);
        assert_eq!(counts.accepted, records as i64);
        assert_eq!(counts.duplicate + counts.replaced, (lines - records) as i64);
        assert_eq!(counts.skipped, 0);
    }
    let tables = [&recount.activity, &recount.servers, &recount.blocks, &recount.bypasses];
    for (report, rows) in reports[5..].iter().zip(tables) {
        assert_eq!((report.counts.accepted, report.counts.rejected), (rows.len() as i64, 0));
    }
    assert_eq!(reports[0].counts.accepted, recount.directory.len() as i64);
}

/// What overview and usage say, as JSON, at a few instants and ranges.
async fn answers(organisation: &Organisation, database: &Database) -> Vec<serde_json::Value> {
    let mut answers = Vec::new();
    for as_of in organisation.instants(40) {
        for (range, _) in RANGES {
            let answer = database.reader.overview(&report(as_of, range, None)).await.expect("an answer");
            answers.push(without_sources(serde_json::to_value(&answer).expect("it is JSON")));
            let answer = database.reader.usage(&report(as_of, range, None)).await.expect("an answer");
            answers.push(without_sources(serde_json::to_value(&answer).expect("it is JSON")));
        }
    }
    answers
}

async fn any_way_in_gives_the_same(organisation: &Organisation, databases: [Database; 2]) {
    let [in_order, otherwise] = databases;
    organisation.import_into(&in_order).await;
    let expected = answers(organisation, &in_order).await;

    // Again, the same.
    let again = in_order.import_all(&organisation.paths(), organisation.settings.start()).await;
    assert_eq!(again.iter().map(|report| report.counts.accepted + report.counts.replaced).sum::<i64>(), 0);
    assert_eq!(answers(organisation, &in_order).await, expected, "importing twice changes something");

    // Every line of every file, shuffled, in seven files of mixed kinds.
    let mut lines = organisation.lines();
    lines.shuffle(&mut ChaCha8Rng::seed_from_u64(5));
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (part, chunk) in lines.chunks(lines.len() / 7 + 1).enumerate() {
        let path = folder.path().join(format!("part{part}.jsonl"));
        std::fs::write(&path, chunk.concat()).expect("the part can be written");
        otherwise.import(&path, organisation.settings.start()).await;
    }
    assert_eq!(answers(organisation, &otherwise).await, expected, "another order changes something");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_way_into_sqlite_gives_the_same() {
    let organisation = Organisation::new();
    let now = organisation.settings.end;
    let databases = [Database::sqlite(now).await, Database::sqlite(now).await];
    any_way_in_gives_the_same(&organisation, databases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_way_into_postgres_gives_the_same() {
    let Some(url) = postgres_url() else { return };
    let organisation = Organisation::new();
    let now = organisation.settings.end;
    let databases = [Database::postgres(&url, "in_order", now).await, Database::postgres(&url, "shuffled", now).await];
    any_way_in_gives_the_same(&organisation, databases).await;
}
