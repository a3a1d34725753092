//! What is stored is what is counted: tiles, bars and lists over small, hand-made records, on both engines.

use crate::support::{Engine, TestDb, at, audit, details, person};
use domain::answer::Answer;
use domain::method::AuthMethod;
use domain::population::LeftOutReason;
use domain::query::{EventsQuery, Report, Span, UserFlag, UsersQuery};
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
