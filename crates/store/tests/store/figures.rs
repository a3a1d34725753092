//! What is stored is what is counted: tiles, bars and lists over small, hand-made records, on both engines.

use crate::support::{Engine, TestDb, at, audit, details, person};
use domain::answer::Answer;
use domain::method::AuthMethod;
use domain::page::Cursor;
use domain::population::{LeftOutReason, Population};
use domain::query::{Direction, EventsQuery, Report, Sort, Span, UserColumn, UserFlag, UsersQuery};
use domain::record::{
    AuditRecord, EventSource, Feature, Outcome, Record, RecordKind, ReportEvent, UserFacts, UserObservation, UserType,
};
use domain::viewer::TenantId;
use domain::window::Window;
use rstest::rstest;
use store::{Options, Services, SsprPolicy, SsprScope};

const PROGRESS: &str = "Self-service password reset flow activity progress";
const REGISTERED: &str = "User registered security info";

fn report(minutes: i64) -> Report {
    Report { as_of_is_given: true, ..Report::new(at(minutes)) }
}

fn window(from: i64, to: i64) -> Report {
    Report { span: Span::Window(Window { from: at(from), to: at(to) }), ..report(to) }
}

fn one(record: &AuditRecord) -> Vec<Record> {
    vec![Record::Audit(Box::new(record.clone()))]
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn tiles_follow_the_state_through_time(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(vec![
        details(person("a", "ann@x.example"), 10, false, &[]),
        details(person("a", "ann@x.example"), 5000, true, &["mobilePhone"]),
        details(person("b", "bo@x.example"), 20, true, &["fido2"]),
        details(person("g", "g_x.example#EXT#@y.example"), 20, false, &[]),
    ])
    .await;
    for (minutes, size, yes) in
        [(9, 0, 0), (10, 1, 0), (19, 1, 0), (20, 2, 1), (4999, 2, 1), (5000, 2, 2), (900_000, 2, 2)]
    {
        let overview = db.reader().overview(&report(minutes)).await.expect("an overview");
        assert_eq!((overview.population.size, overview.tiles.registered.yes), (size, yes), "at {minutes}");
        assert_eq!(overview.tiles.registered.total(), size);
        for answer in Answer::ALL {
            let query = UsersQuery::of(report(minutes)).with_flag(UserFlag::Registered, &[*answer]);
            let list = db.reader().users(&query).await.expect("a list");
            let tally = overview.tiles.registered;
            let expected = match answer {
                Answer::Yes => tally.yes,
                Answer::No => tally.no,
                Answer::Unknown => tally.unknown,
            };
            assert_eq!((list.total, list.items.len() as i64), (expected, expected), "{answer} at {minutes}");
        }
    }
    let overview = db.reader().overview(&report(900_000)).await.expect("an overview");
    assert_eq!(overview.insights.sms_or_voice_only, 1);
    assert_eq!(overview.population.left_out.len(), 1);
    assert_eq!(overview.population.left_out[0].reason, LeftOutReason::Guest);
    assert_eq!(overview.known_from, Some(at(10)));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_reset_flow_is_one_event_per_method_in_any_order(#[case] engine: Engine) {
    let ann = || person("a", "ann@x.example");
    let steps = [
        audit("1", 1, PROGRESS, "User started the mobile SMS verification option", Some("f"), ann()),
        audit("2", 2, PROGRESS, "User completed the mobile SMS verification option", Some("f"), ann()),
        audit("3", 3, PROGRESS, "User started the email verification option", Some("f"), ann()),
        audit("4", 4, REGISTERED, "User registered Fido", None, ann()),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let Some(db) = TestDb::open(engine, Options::default()).await else { return };
        for index in order {
            db.import(one(&steps[index])).await;
        }
        let again = db.import(steps.iter().flat_map(one).collect()).await;
        assert_eq!((again.accepted, again.duplicate), (0, 4));
        let overview = db.reader().overview(&window(0, 10)).await.expect("an overview");
        let resets: Vec<_> = overview.resets.iter().map(|r| (r.method, r.success, r.failure)).collect();
        assert_eq!(resets, [(AuthMethod::Sms, 1, 0), (AuthMethod::Email, 0, 1)]);
        assert_eq!(overview.registrations[0].method, AuthMethod::Fido2);
        // The success counts at its completion, not before.
        let before = db.reader().overview(&window(0, 2)).await.expect("an overview");
        assert!(before.resets.is_empty());
        let resets = EventsQuery { feature: vec![Feature::Reset], ..EventsQuery::of(window(0, 10)) };
        assert_eq!(db.reader().events(&resets).await.expect("a list").total, 2);
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_later_version_replaces_and_a_finer_time_wins(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let mut first = audit("1", 1, REGISTERED, "User registered Fido", None, person("a", "ann@x.example"));
    first.log_at = Some(at(2));
    let mut second = first.clone();
    second.log_at = Some(at(3));
    second.reason = Some("User failed to register Fido".into());
    second.digest = [0; 32];
    let mut finer = first.clone();
    finer.at = at(1).plus_millis(250);
    assert_eq!(db.import(one(&second)).await.accepted, 1);
    assert_eq!(db.import(one(&first)).await.duplicate, 1);
    assert_eq!(db.import(one(&finer)).await.duplicate, 1);
    let list = db.reader().events(&EventsQuery::of(window(0, 10))).await.expect("a list");
    assert_eq!(list.items.len(), 1);
    assert_eq!((list.items[0].status, list.items[0].at), (Outcome::Failure, at(1).plus_millis(250)));
    let bars = |from, to| {
        let reader = db.reader();
        async move {
            let span = Span::Window(Window { from, to });
            reader.overview(&Report { span, ..report(10) }).await.expect("an overview").registrations.len()
        }
    };
    assert_eq!(bars(at(1).plus_millis(250), at(1).plus_millis(251)).await, 1);
    assert_eq!(bars(at(0), at(1).plus_millis(250)).await, 0);
}

fn report_event(minutes: i64, name: &str) -> Record {
    let mut digest = [9; 32];
    digest[..8].copy_from_slice(&minutes.to_be_bytes());
    Record::Event(Box::new(ReportEvent {
        kind: RecordKind::UserCredentialUsageDetails,
        feature: Feature::Registration,
        user: person("", name),
        at: at(minutes),
        method: AuthMethod::Email,
        raw_method: Some("email".into()),
        outcome: Outcome::Success,
        reason: None,
        digest,
    }))
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn report_events_count_until_the_audit_log_begins(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(vec![report_event(5, "ann@x.example"), report_event(50, "ann@x.example")]).await;
    let all = EventsQuery::of(window(0, 100));
    assert_eq!(db.reader().events(&all).await.expect("a list").total, 2);
    db.import(one(&audit("1", 20, REGISTERED, "User registered Fido", None, person("a", "ann@x.example")))).await;
    let list = db.reader().events(&all).await.expect("a list");
    assert_eq!(list.total, 2);
    let sources: Vec<_> = list.items.iter().map(|event| (event.source, event.at)).collect();
    assert_eq!(sources, [(EventSource::Audit, at(20)), (EventSource::Report, at(5))]);
    // The name belongs to the id that came later: both events are one person's.
    assert!(list.items.iter().all(|event| event.user_id.as_deref() == Some("a")));
    let details = db.reader().user("ANN@x.example", at(100)).await.expect("a person").expect("is known");
    assert_eq!((details.events_total, details.id.as_str()), (2, "a"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_sort_pages_through_every_row_once_both_ways(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let mut records = Vec::new();
    for i in 0..23usize {
        let name = format!("{}user{:02}@x.example", ["å", "b", "C"][i % 3], i / 2);
        let minutes = i64::try_from(10 + i % 4).expect("small");
        let mut record = details(person(&format!("id{i}"), &name), minutes, i % 3 == 0, &[]);
        if let Record::User(user) = &mut record {
            user.facts.department = (i % 2 == 0).then(|| format!("D{}", i % 5));
            user.facts.admin = (i % 4 > 0).then_some(i % 4 == 1);
            user.facts.methods = (i % 3 > 0).then(|| domain::method::MethodSet::from_names(["email"]));
        }
        records.push(record);
    }
    db.import(records).await;
    for column in UserColumn::ALL {
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut query = UsersQuery::of(report(100));
            query.list.size = 5;
            query.list.sort = Sort { column: *column, direction };
            let mut forward = Vec::new();
            let mut last = None;
            loop {
                let page = db.reader().users(&query).await.expect("a page");
                assert_eq!((page.total, page.first), (23, forward.len() as i64 + 1));
                forward.extend(page.items.into_iter().map(|user| user.id));
                last = page.previous.or(last);
                match page.next {
                    Some(next) => query.list.after = Cursor::decode(&next),
                    None => break,
                }
            }
            let mut unique = forward.clone();
            unique.sort();
            unique.dedup();
            assert_eq!((forward.len(), unique.len()), (23, 23), "{column} {direction:?}");
            // And back: the pages before the last one, from its beginning.
            let mut backward: Vec<String> = Vec::new();
            while let Some(cursor) = last {
                query.list.after = Cursor::decode(&cursor);
                let page = db.reader().users(&query).await.expect("a page");
                let mut ids: Vec<String> = page.items.into_iter().map(|user| user.id).collect();
                ids.extend(backward);
                backward = ids;
                last = page.previous;
            }
            assert_eq!(backward, forward[..20], "{column} {direction:?} backwards");
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn populations_and_classes_in_sql_are_those_of_the_words(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let mut records = Vec::new();
    let sets: [&[&str]; 6] = [
        &[],
        &["mobilePhone"],
        &["mobilePhone", "email"],
        &["mobilePhone", "fido2"],
        &["newThing", "mobilePhone"],
        &["email"],
    ];
    for i in 0..96usize {
        let mut record = details(person(&format!("id{i}"), &format!("u{i}@x.example")), 10, true, sets[i % 6]);
        if let Record::User(user) = &mut record {
            user.facts.account_enabled = [None, Some(true), Some(false)][i % 3];
            user.facts.user_type = [None, Some(UserType::Guest), Some(UserType::Member)][i / 3 % 3];
            user.facts.admin = [None, Some(true), Some(false)][i / 9 % 3];
            user.facts.deleted_at = (i % 16 == 0).then(|| at(5));
        }
        records.push(record);
    }
    records.extend(one(&audit("1", 1, REGISTERED, "User registered Fido", None, person("only-seen", ""))));
    db.import(records).await;
    for population in Population::ALL {
        let report = Report { population: Some(*population), ..report(100) };
        let overview = db.reader().overview(&report).await.expect("an overview");
        let left_out: i64 = overview.population.left_out.iter().map(|left_out| left_out.count).sum();
        assert_eq!(overview.population.size + left_out, 97, "{population}");
        let mut query = UsersQuery::of(report.clone());
        query.list.size = 1000;
        let list = db.reader().users(&query).await.expect("a list");
        assert_eq!((list.total, list.items.len() as i64), (overview.population.size, overview.population.size));
        for class in domain::method::MethodClass::ALL {
            let query = UsersQuery { method_class: vec![*class], ..query.clone() };
            let of_class = db.reader().users(&query).await.expect("a list");
            let expected = list.items.iter().filter(|user| user.methods.as_ref().is_some_and(|m| m.is_in(*class)));
            assert_eq!(of_class.items.len(), expected.count(), "{class} of {population}");
            assert_eq!(of_class.total, of_class.items.len() as i64);
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn search_ignores_accents_and_case_and_takes_wildcards_as_they_are(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(vec![
        details(person("1", "Åsa.Öberg@x.example"), 1, true, &[]),
        details(person("2", "per_cent%@x.example"), 1, true, &[]),
        details(person("3", "percent@x.example"), 1, true, &[]),
    ])
    .await;
    for (q, ids) in [("oberg", &["1"][..]), ("ÅSA", &["1"]), ("r_c", &["2"]), ("%", &["2"]), ("zzz", &[])] {
        let mut query = UsersQuery::of(report(10));
        query.list.q = Some(q.to_owned());
        let found = db.reader().users(&query).await.expect("a list");
        assert_eq!(found.items.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ids, "{q}");
        assert_eq!(found.total, ids.len() as i64);
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_policy_that_changes_is_applied_to_what_is_stored(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let facts = UserFacts {
        methods: Some(domain::method::MethodSet::from_names(["mobilePhone", "email"])),
        user_type: Some(UserType::Member),
        ..UserFacts::default()
    };
    db.import(vec![Record::User(Box::new(UserObservation {
        kind: RecordKind::MfaReport,
        user: person("a", "ann@x.example"),
        observed_at: Some(at(1)),
        facts,
        digest: [3; 32],
    }))])
    .await;
    let before = db.reader().overview(&report(10)).await.expect("an overview");
    assert_eq!(before.tiles.capable.unknown, 1);
    let policy = SsprPolicy { methods_required: 1, methods: vec![AuthMethod::Email], scope: SsprScope::Everyone };
    let options = Options { sspr_policy: Some(policy), ..Options::default() };
    let reopened = Services::open(&db.url, options).await.expect("opens");
    let after = reopened.console(TenantId::ONLY).0.overview(&report(10)).await.expect("an overview");
    assert_eq!((after.tiles.capable.yes, after.tiles.capable.unknown), (1, 0));
}

/// Cells are stored packed: a program that packs them otherwise must not read what another one wrote.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn states_of_an_older_program_are_derived_again_by_opening(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(vec![details(person("a", "ann@x.example"), 1, true, &["mobilePhone", "fido2"])]).await;
    let better = UsersQuery {
        method_class: vec![domain::method::MethodClass::SmsOrVoiceAndBetter],
        ..UsersQuery::of(report(10))
    };
    assert_eq!(db.reader().users(&better).await.expect("a list").total, 1);
    for statement in [
        "UPDATE user_states SET cell = 1",
        "UPDATE state_rollups SET cell = 1",
        "UPDATE tenants SET derived_with = 'None'",
    ] {
        db.execute(statement).await;
    }
    assert_eq!(db.reader().users(&better).await.expect("a list").total, 0);
    let reopened = Services::open(&db.url, Options::default()).await.expect("opens");
    let after = reopened.console(TenantId::ONLY).0.users(&better).await.expect("a list");
    assert_eq!((after.total, after.items.len()), (1, 1));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn users_by_department_add_up_to_the_lists_of_each(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let mut records = Vec::new();
    for i in 0..40usize {
        let mut record = details(person(&format!("id{i}"), &format!("u{i}@x.example")), 10, i % 3 == 0, &["email"]);
        if let Record::User(user) = &mut record {
            user.facts.department = (i % 5 > 0).then(|| format!("D{}", i % 5));
            user.facts.country = (i % 4 > 0).then(|| format!("C{}", i % 4));
        }
        records.push(record);
    }
    db.import(records).await;
    for minutes in [100, 10, 5] {
        for flag in [&[][..], &[domain::answer::Answer::No]] {
            let query = UsersQuery::of(report(minutes)).with_flag(domain::query::UserFlag::Registered, flag);
            for group in domain::query::UserGroup::ALL {
                let list =
                    UsersQuery { list: domain::query::List { size: 1000, ..query.list.clone() }, ..query.clone() };
                let mut expected = std::collections::BTreeMap::new();
                for user in db.reader().users(&list).await.expect("a list").items {
                    let value = match group {
                        domain::query::UserGroup::Department => user.department,
                        domain::query::UserGroup::Country => user.country,
                    };
                    *expected.entry(value).or_insert(0) += 1;
                }
                let groups = db.reader().users_by(&query, *group).await.expect("counts");
                assert_eq!(groups, expected.into_iter().collect::<Vec<_>>(), "{group} {flag:?} at {minutes}");
            }
        }
    }
}

/// Where many users match, a page is found along an index or from group to group; a past day is sorted as a whole.
/// Both must give the same list.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_long_list_of_the_present_has_the_order_of_a_past_day(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let methods: [&[&str]; 5] =
        [&[], &["mobilePhone"], &["mobilePhone", "fido2"], &["mobilePhone", "email"], &["newThing"]];
    let mut records = Vec::new();
    for i in 0..3100usize {
        let name = format!("{}{:03}", ["å", "b", "C"][i % 3], i % 701);
        let mut record = details(person(&format!("id{i}"), &name), 10, i % 3 == 0, methods[i % 5]);
        if let Record::User(user) = &mut record {
            user.facts.department = (i % 7 > 0).then(|| format!("D{}", i % 4));
            user.facts.country = (i % 2 == 0).then(|| "Sverige".to_owned());
            user.facts.default_method = (i % 3 > 0).then(|| "sms".to_owned());
            user.facts.admin = (i % 4 > 0).then_some(i % 4 == 1);
            user.facts.user_type = (i % 11 > 0).then_some(UserType::Member);
        }
        records.push(record);
    }
    let mut later = details(person("later", "later"), 50, true, &[]);
    if let Record::User(user) = &mut later {
        user.facts.user_type = Some(UserType::Guest);
    }
    records.push(later);
    db.import(records).await;
    for column in UserColumn::ALL {
        for direction in [Direction::Ascending, Direction::Descending] {
            let list = |minutes| {
                let reader = db.reader();
                async move {
                    let mut query = UsersQuery::of(report(minutes));
                    query.list.size = 700;
                    query.list.sort = Sort { column: *column, direction };
                    let (mut ids, mut last) = (Vec::new(), None);
                    loop {
                        let page = reader.users(&query).await.expect("a page");
                        assert_eq!((page.total, page.total_is_exact), (3100, true));
                        let begin = ids.len();
                        ids.extend(page.items.into_iter().map(|user| user.id));
                        if let Some(previous) = last.replace((begin, page.previous)) {
                            // Back from this page to the one before.
                            let back =
                                Cursor::decode(&last.as_ref().and_then(|(_, back)| back.clone()).expect("a way back"));
                            let of = UsersQuery {
                                list: domain::query::List { after: back, ..query.list.clone() },
                                ..query.clone()
                            };
                            let again = reader.users(&of).await.expect("the page before");
                            let again: Vec<String> = again.items.into_iter().map(|user| user.id).collect();
                            assert_eq!(again, ids[previous.0..begin], "{column} {direction:?} backwards");
                        }
                        let Some(next) = page.next else { break };
                        query.list.after = Cursor::decode(&next);
                    }
                    ids
                }
            };
            let (present, past) = (list(100).await, list(40).await);
            assert_eq!(present.len(), 3100, "{column}");
            assert!(present == past, "{column} {direction:?}");
        }
    }
}
