//! Sign-ins: copies, attempts, distinct users; and every figure against a count of the records themselves.

use std::collections::{BTreeMap, BTreeSet};

use domain::answer::Answer;
use domain::instant::Instant;
use domain::page::Cursor;
use domain::population::Population;
use domain::query::{Report, SignInFilters, SignInsQuery, Span, UserUsageFilters, UserUsageQuery};
use domain::record::{Record, UserRef};
use domain::report::SignInItem;
use domain::sign_in::{
    AppRef, AuthenticationStep, Component, ConditionalAccessResult, Facts, MfaResult, Place, SignInDetails,
    SignInRecord, SignInSteps, StatusText, classify,
};
use domain::window::Window;
use rstest::rstest;
use store::{Listed as _, Options, Reader};

use crate::support::{Engine, TestDb, details, person};

const DAY: i64 = 86_400_000;
pub const START: i64 = 1_790_000_000_000;

/// A sign-in of a user at a time; `text` is what `status.additionalDetails` says.
pub fn sign_in(id: &str, user: &str, at: i64, text: &str) -> SignInRecord {
    let mut digest = [0; 32];
    for (to, from) in digest.iter_mut().zip(format!("{id}{at}{text}").bytes()) {
        *to = from;
    }
    SignInRecord {
        record_id: id.to_owned(),
        at: Instant::from_millis(at),
        log_at: None,
        user: UserRef {
            object_id: Some(user.to_owned()),
            user_name: Some(format!("{user}@contoso.com")),
            display_name: Some(user.to_uppercase()),
        },
        tenant: None,
        interactive: Some(true),
        component: Component::None,
        app: AppRef { id: Some("app-1".into()), name: Some("Mail".into()) },
        place: Place { ip: Some("203.0.113.7".into()), ..Place::default() },
        conditional_access: ConditionalAccessResult::Success,
        policies: None,
        details: SignInDetails {
            additional_details: Some(text.to_owned()).filter(|text| !text.is_empty()),
            error_code: Some(0),
            ..SignInDetails::default()
        },
        digest,
    }
}

fn of_attempt(record: SignInRecord, attempt: &str) -> SignInRecord {
    let details = SignInDetails { correlation_id: Some(attempt.to_owned()), ..record.details };
    SignInRecord { details, ..record }
}

pub fn records(records: impl IntoIterator<Item = SignInRecord>) -> Vec<Record> {
    records.into_iter().map(|record| Record::SignIn(Box::new(record))).collect()
}

fn report(from: i64, to: i64) -> Report {
    let window = Window { from: Instant::from_millis(from), to: Instant::from_millis(to) };
    let as_of = Instant::from_millis(to.max(START + 10 * DAY));
    Report { span: Span::Window(window), population: Some(Population::Everyone), ..Report::new(as_of) }
}

pub fn whole() -> Report {
    report(START - DAY, START + 9 * DAY)
}

pub async fn list(reader: &Reader, report: Report, filters: SignInFilters) -> (i64, Vec<SignInItem>) {
    let mut query = SignInsQuery::with(Report { population: None, ..report }, filters);
    query.list.size = 7;
    let mut items = Vec::new();
    let mut total = None;
    loop {
        let page = query.page(reader).await.expect("a page");
        assert_eq!(*total.get_or_insert(page.total), page.total);
        items.extend(page.items);
        let Some(next) = page.next else { break };
        query.list.after = Some(Cursor::decode(&next).expect("a cursor"));
    }
    (total.unwrap_or_default(), items)
}

pub const DECLINED: &str = "MFA denied; user declined the authentication";
pub const DONE: &str = "MFA completed in Azure AD";
pub const CLAIM: &str = "MFA requirement satisfied by claim in the token";

#[rstest]
#[tokio::test]
async fn the_fuller_copy_wins_in_any_order(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let bare = SignInRecord { at: Instant::from_millis(START), ..sign_in("s1", "ada", START, "") };
    let full = sign_in("s1", "ada", START + 123, DONE);
    for order in [[bare.clone(), full.clone()], [full, bare]] {
        let Some(db) = TestDb::open(engine, Options::default()).await else { return };
        for record in order.clone() {
            db.import(records([record])).await;
        }
        assert_eq!(db.import(records(order)).await.accepted, 0);
        let (total, items) = list(&db.reader(), whole(), SignInFilters::default()).await;
        assert_eq!((total, items.len()), (1, 1));
        assert_eq!(items[0].mfa_result, MfaResult::Satisfied);
        assert_eq!(items[0].at.millis(), START + 123, "of times equal to the second the finer one");
        let usage = db.reader().usage(&whole()).await.expect("usage");
        assert_eq!((usage.sign_ins.total, usage.challenged, usage.users.everybody.challenged), (1, 1, 1));
    }
}

#[rstest]
#[tokio::test]
async fn an_attempt_that_is_met_elsewhere_is_not_unable(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let denied = of_attempt(sign_in("s1", "ada", START, DECLINED), "c1");
    let met = of_attempt(sign_in("s2", "ada", START + 60_000, DONE), "c1");
    let other = of_attempt(sign_in("s3", "bob", START + 1, DECLINED), "c2");
    for order in [[&denied, &met, &other], [&met, &other, &denied]] {
        let Some(db) = TestDb::open(engine, Options::default()).await else { return };
        let mut unable = Vec::new();
        for record in order {
            db.import(records([record.clone()])).await;
            let usage = db.reader().usage(&whole()).await.expect("usage");
            unable.push(usage.users.everybody.unable);
        }
        assert_eq!(unable[2], 1, "bob alone");
        let filters = SignInFilters { unable: Some(true), ..SignInFilters::default() };
        let (total, items) = list(&db.reader(), whole(), filters).await;
        assert_eq!((total, items[0].id.as_str()), (1, "s3"));
        let report = db.reader().sign_in("s1").await.expect("an answer").expect("a sign-in");
        assert!(report.challenged && !report.unable);
        assert_eq!((report.related_total, report.related[0].id.as_str()), (1, "s2"));
    }
}

#[rstest]
#[tokio::test]
async fn steps_of_a_file_of_their_own_are_added(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let bare = sign_in("s1", "ada", START, "");
    let step = AuthenticationStep {
        method: Some("Text message".into()),
        detail: Some("+XX XXXXXXX67".into()),
        result: Some("MFA denied; user entered incorrect code".into()),
        ..AuthenticationStep::default()
    };
    let steps = Record::SignInSteps(Box::new(SignInSteps { record_id: "s1".into(), step, digest: [9; 32] }));
    let sign_in = records([bare]).remove(0);
    for order in [[sign_in.clone(), steps.clone()], [steps, sign_in]] {
        let Some(db) = TestDb::open(engine, Options::default()).await else { return };
        for record in order {
            assert_eq!(db.import(vec![record.clone()]).await.accepted, 1);
            assert_eq!(db.import(vec![record]).await.duplicate, 1);
        }
        let (_, items) = list(&db.reader(), whole(), SignInFilters::default()).await;
        let item = &items[0];
        assert_eq!((item.mfa_required, item.mfa_result), (Answer::Yes, MfaResult::Denied));
        assert_eq!(item.detail.as_deref(), Some("+XX XXXXXXX67"));
        let report = db.reader().sign_in("s1").await.expect("an answer").expect("a sign-in");
        assert_eq!(report.item.detail.as_deref(), Some("+XX XXXXXXX67"));
        assert_eq!(report.steps.map(|steps| steps.len()), Some(1));
    }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides).expect("small")
    }
}

const USERS: [&str; 9] = ["ada", "bob", "cyd", "dan", "eve", "fay", "gus", "hal", "ida"];

fn story(dice: &mut Dice) -> Vec<SignInRecord> {
    const TEXTS: [&str; 8] = [
        DECLINED,
        DONE,
        CLAIM,
        "",
        "MFA denied; phone call went to voicemail",
        "Authentication in progress",
        "MFA requirement skipped due to remembered device",
        "MFA requirement satisfied by quantum handshake",
    ];
    let mut story = Vec::new();
    for n in 0..160 {
        let user = USERS[dice.roll(9)];
        let at = START + i64::try_from(dice.roll(5 * 86_400_000)).expect("small");
        let mut record = sign_in(&format!("s{n}"), user, at, TEXTS[dice.roll(8)]);
        record.interactive = [Some(true), Some(false), None][dice.roll(3)];
        record.app = [
            AppRef { id: Some("a".into()), name: Some("Mail".into()) },
            AppRef { id: Some("a".into()), name: None },
            AppRef::default(),
        ][dice.roll(3)]
        .clone();
        record.details.error_code = [Some(0), Some(50074), Some(500_121), Some(50126), None][dice.roll(5)];
        record.details.requirement = [None, Some("singleFactorAuthentication"), Some("multiFactorAuthentication")]
            [dice.roll(3)]
        .map(str::to_owned);
        if dice.roll(3) > 0 {
            record = of_attempt(record, &format!("c{}", dice.roll(60)));
        }
        if dice.roll(4) == 0 {
            // A poorer copy, or one of another time.
            let mut copy = record.clone();
            if dice.roll(2) == 0 {
                copy.details.additional_details = None;
            } else {
                copy.at = copy.at.plus_millis(-7_200_000);
            }
            copy.digest[0] = 1;
            story.push(copy);
        }
        story.push(record);
    }
    story
}

/// Which copy of each sign-in counts, by the rule's letter.
fn winners(story: &[SignInRecord]) -> Vec<SignInRecord> {
    let mut winners: BTreeMap<&str, SignInRecord> = BTreeMap::new();
    for record in story {
        let strength = |record: &SignInRecord| {
            (record.details.completeness(record.policies.as_deref()), record.log_at, record.digest)
        };
        match winners.get_mut(record.record_id.as_str()) {
            None => _ = winners.insert(&record.record_id, record.clone()),
            Some(best) => {
                let finer = best.at.millis() / 1000 == record.at.millis() / 1000;
                let at = best.at.max(record.at);
                if strength(record) > strength(best) {
                    *best = record.clone();
                }
                if finer {
                    best.at = at;
                }
            }
        }
    }
    winners.into_values().collect()
}

fn facts(record: &SignInRecord) -> Facts {
    classify(&record.details, &[])
}

/// Whose challenge was met nowhere.
fn is_unable(record: &SignInRecord, all: &[SignInRecord]) -> bool {
    let attempt = &record.details.correlation_id;
    let is_met = attempt.is_some()
        && all
            .iter()
            .any(|other| other.details.correlation_id == *attempt && facts(other).result == MfaResult::Satisfied);
    facts(record).is_unmet() && !is_met
}

async fn compare(reader: &Reader, all: &[SignInRecord], from: i64, to: i64) {
    let report = report(from, to);
    let inside: Vec<&SignInRecord> = all.iter().filter(|record| (from..to).contains(&record.at.millis())).collect();
    let count = |is: &dyn Fn(&SignInRecord) -> bool| {
        i64::try_from(inside.iter().filter(|record| is(record)).count()).expect("few")
    };
    let users = |is: &dyn Fn(&SignInRecord) -> bool| {
        let users: BTreeSet<&Option<String>> =
            inside.iter().filter(|record| is(record)).map(|record| &record.user.object_id).collect();
        i64::try_from(users.len()).expect("few")
    };
    let challenged = |record: &SignInRecord| facts(record).is_challenged();
    let unable = |record: &SignInRecord| is_unable(record, all);
    let usage = reader.usage(&report).await.expect("usage");
    assert_eq!(usage.sign_ins.total, count(&|_| true));
    assert_eq!(usage.required.yes, count(&|record| facts(record).mfa_required == Answer::Yes));
    assert_eq!(usage.challenged, count(&challenged));
    assert_eq!(usage.results.denied, count(&|record| facts(record).result == MfaResult::Denied));
    let everybody = usage.users.everybody;
    assert_eq!(
        (everybody.signed_in, everybody.challenged, everybody.unable),
        (users(&|_| true), users(&challenged), users(&unable))
    );
    assert_eq!(usage.over_time.iter().map(|point| point.sign_ins).sum::<i64>(), usage.sign_ins.total);
    assert_eq!(usage.over_time.iter().map(|point| point.denied).sum::<i64>(), usage.challenge_results.denied);
    for (n, status) in usage.statuses.iter().enumerate() {
        let filters = SignInFilters {
            mfa_result: vec![status.mfa_result],
            mfa_status: vec![StatusText::from(status.mfa_status)],
            challenged: Some(status.challenged),
            ..SignInFilters::default()
        };
        if n % 3 == 0 {
            let (total, items) = list(reader, report.clone(), filters).await;
            assert_eq!((total, i64::try_from(items.len()).expect("few")), (status.count, status.count));
            assert!(items.windows(2).all(|pair| pair[0].at >= pair[1].at));
        }
    }
    let filters = SignInFilters { unable: Some(true), ..SignInFilters::default() };
    let (total, items) = list(reader, report.clone(), filters).await;
    let found: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let expected: BTreeSet<&str> =
        inside.iter().filter(|record| unable(record)).map(|record| record.record_id.as_str()).collect();
    assert_eq!((total, &found), (i64::try_from(expected.len()).expect("few"), &expected));
    for user in [0, 4] {
        let filters =
            SignInFilters { user: vec![USERS[user].into()], challenged: Some(true), ..SignInFilters::default() };
        let of_user =
            |record: &SignInRecord| record.user.object_id.as_deref() == Some(USERS[user]) && challenged(record);
        assert_eq!(list(reader, report.clone(), filters).await.0, count(&of_user));
    }
    let filters = SignInFilters { app: vec!["mail".into()], ..SignInFilters::default() };
    assert_eq!(list(reader, report.clone(), filters).await.0, count(&|record| record.app.id.is_some()));
    let query = UserUsageQuery::with(report, UserUsageFilters { challenged: Some(true), unable: None });
    let page = query.page(reader).await.expect("a page");
    let known = |record: &SignInRecord| record.user.object_id.as_deref() != Some(USERS[8]);
    let of_known = users(&|record| challenged(record) && known(record));
    assert_eq!(
        (page.total, usage.users.challenged, page.items.len()),
        (of_known, of_known, usize::try_from(of_known).expect("few"))
    );
    assert_eq!(
        page.items.iter().map(|item| item.challenged).sum::<i64>(),
        count(&|record| challenged(record) && known(record))
    );
    assert_eq!(
        page.items.iter().map(|item| item.unable).sum::<i64>(),
        count(&|record| unable(record) && known(record))
    );
    assert!(page.items.windows(2).all(|pair| pair[0].sign_ins >= pair[1].sign_ins));
}

/// However records are split into batches and ordered, every figure is what counting the winners says.
#[rstest]
#[tokio::test]
async fn figures_are_counts_of_the_records(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let mut dice = Dice(7);
    let story = story(&mut dice);
    let all = winners(&story);
    for round in 0..3 {
        let Some(db) = TestDb::open(engine, Options::default()).await else { return };
        let mut shuffled = story.clone();
        for i in (1..shuffled.len()).rev() {
            shuffled.swap(i, dice.roll(u64::try_from(i + 1).expect("small")));
        }
        // All but the last are in the population; that one is seen in sign-ins only.
        let known =
            USERS[..8].iter().map(|user| details(person(user, &format!("{user}@contoso.com")), 0, true, &["sms"]));
        db.import(known.collect()).await;
        let size = [1000, 23, 7][round];
        for batch in shuffled.chunks(size) {
            db.import(records(batch.to_vec())).await;
        }
        for _ in 0..4 {
            let from = START - DAY + i64::try_from(dice.roll(6 * 86_400_000)).expect("small");
            let to = from + 1 + i64::try_from(dice.roll(3 * 86_400_000)).expect("small");
            compare(&db.reader(), &all, from, to).await;
        }
        compare(&db.reader(), &all, START - DAY, START + 9 * DAY).await;
    }
}
