//! Days that go by a rule: with their counters, never without a rule, and figures that reach back to them say so.

use domain::instant::{DAY_MS, Instant};
use domain::population::Population;
use domain::query::{Report, SignInFilters, SignInsQuery, Span};
use domain::record::{Record, UserFacts, UserObservation};
use domain::retention::{Kept, NotKept};
use domain::viewer::TenantId;
use domain::window::Window;
use rstest::rstest;
use store::{Listed as _, Options};

use crate::sign_ins::{DECLINED, DONE, records, sign_in};
use crate::support::{Engine, TestDb, audit, details, person};

/// Midnight of the first day with records.
const FIRST: i64 = 1_760_054_400_000;
/// Days that go.
const GOING: i64 = 3;
const HOUR: i64 = 3_600_000;

fn window(from: i64, to: i64) -> Report {
    let window = Window { from: Instant::from_millis(from), to: Instant::from_millis(to) };
    Report { span: Span::Window(window), population: Some(Population::Everyone), ..Report::new(now()) }
}

/// Rules keep thirty days; three of the days with records are before.
fn now() -> Instant {
    Instant::from_millis(FIRST + (30 + GOING) * DAY_MS + 5 * HOUR)
}

fn minutes(at: i64) -> i64 {
    (at - 1_760_000_000_000) / 60_000
}

/// Six days of sign-ins, audit records and observations; some users are of the first days only.
fn story() -> Vec<Record> {
    let mut all = Vec::new();
    for day in 0..6 {
        for hour in 0..24 {
            let at = FIRST + day * DAY_MS + hour * HOUR;
            let id = format!("{day}-{hour}");
            let user = if day < 2 { "early" } else { "late" };
            let mut asked = sign_in(&format!("s{id}"), user, at, if hour % 3 == 0 { DECLINED } else { DONE });
            asked.details.correlation_id = Some(format!("c{id}"));
            all.extend(records([asked]));
            let activity =
                if hour % 2 == 0 { "User registered security info" } else { "Reset password (self-service)" };
            let who = person(user, &format!("{user}@contoso.com"));
            all.push(Record::Audit(Box::new(audit(
                &format!("a{id}"),
                minutes(at),
                activity,
                "User registered Fido",
                None,
                who,
            ))));
        }
        let at = FIRST + day * DAY_MS + HOUR;
        all.push(details(person("late", "late@contoso.com"), minutes(at), day % 2 == 0, &["email"]));
        all.push(details(person("still", "still@contoso.com"), minutes(FIRST), true, &["email"]));
    }
    // An attempt over the border: met on the last day that goes, not met after.
    for (id, at, text) in [("met", -1, DONE), ("unmet", 1, DECLINED)] {
        let mut record = sign_in(id, "late", FIRST + GOING * DAY_MS + at, text);
        record.details.correlation_id = Some("over-the-border".into());
        all.extend(records([record]));
    }
    // The department was said once, long ago.
    all.push(Record::User(Box::new(UserObservation {
        kind: domain::record::RecordKind::User,
        user: person("late", "late@contoso.com"),
        observed_at: Some(Instant::from_millis(FIRST)),
        facts: UserFacts { department: Some("Sales".into()), ..UserFacts::default() },
        digest: [5; 32],
    })));
    all
}

/// Figures of the days that stay, but for the attempt over the border and what is known of the sources.
async fn figures(db: &TestDb) -> Vec<String> {
    let border = FIRST + GOING * DAY_MS;
    let mut all = Vec::new();
    for (from, to) in
        [(border + HOUR, border + 3 * DAY_MS), (border + 2, border + HOUR), (border + DAY_MS + 7, border + 2 * DAY_MS)]
    {
        let report = window(from, to);
        let mut usage = db.reader().usage(&report).await.expect("usage");
        usage.sources.clear();
        usage.population.left_out.clear();
        all.push(format!("{usage:?}"));
        let mut overview = db.reader().overview(&report).await.expect("the overview");
        overview.sources.clear();
        (overview.known_from, overview.change) = (None, None);
        overview.population.left_out.clear();
        all.push(format!("{overview:?}"));
    }
    for days in [3, 4, 6] {
        let as_of = Instant::from_millis(FIRST + days * DAY_MS);
        let report = Report { population: Some(Population::Everyone), ..Report::new(as_of) };
        all.push(format!("{:?}", db.reader().overview(&report).await.expect("the overview").tiles));
    }
    all
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn without_a_rule_nothing_goes(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import_file(story(), 1, now()).await;
    let before = crate::undo::everything(&db).await;
    assert_eq!(db.operator().retain(now()).await.expect("done"), 0);
    assert_eq!(crate::undo::everything(&db).await, before);
    let (_, _, admin) = db.services.console(TenantId::ONLY);
    assert!(admin.set_retention(Kept::SignIns, Some(3)).await.is_err(), "the last month stays");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn whole_days_go_and_read_not_kept(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import_file(story(), 1, now()).await;
    let expected = figures(&db).await;
    let (_, operator, admin) = db.services.console(TenantId::ONLY);
    for kept in [Kept::SignIns, Kept::Events, Kept::History] {
        admin.set_retention(kept, Some(30)).await.expect("a rule");
    }
    let border = Instant::from_millis(FIRST + GOING * DAY_MS);
    let mut begun = operator.begin_retention(now()).await.expect("noted");
    assert!(operator.retain_some(&mut begun).await.expect("a lot").is_some());
    // Dropped at some await, again and again.
    for polls in 1..60 {
        let mut going = Box::pin(operator.retain(now()));
        for _ in 0..polls {
            if futures::poll!(&mut going).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    let not_kept = db
        .reader()
        .not_kept(&[Kept::SignIns, Kept::Activity], window(border.millis() - 1, now().millis()).window())
        .await;
    assert_eq!(
        not_kept.expect("an answer"),
        [NotKept { data: Kept::SignIns, kept_from: border }],
        "from the beginning on"
    );
    db.assert_recounted().await;
    operator.retain(now()).await.expect("done");
    db.assert_recounted().await;
    assert_eq!(figures(&db).await, expected);
    assert_eq!(operator.retain(now()).await.expect("done"), 0, "nothing is left to go");

    for (table, column) in [
        ("sign_ins", "at"),
        ("audit_records", "at"),
        ("events", "at"),
        ("sign_in_counts", "bucket_at"),
        ("sign_in_users", "bucket_at"),
    ] {
        let rows =
            db.texts(&format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE {column} < {}", border.millis())).await;
        assert!(rows.is_empty(), "{table}: {rows:?}");
    }
    for table in ["event_rollups", "password_rollups"] {
        let rows = db
            .texts(&format!("SELECT CAST(n AS TEXT) FROM {table} WHERE n <> 0 AND bucket_at < {}", border.millis()))
            .await;
        assert!(rows.is_empty(), "{table}: {rows:?}");
    }
    // Of one who was there on the first days only nothing is known any more, of the others everything that holds.
    let users = db.texts("SELECT object_id FROM users ORDER BY object_id").await;
    assert_eq!(users, ["late", "still"]);
    let departments = db
        .texts("SELECT department FROM user_states WHERE department IS NOT NULL AND valid_to > 200000000000000")
        .await;
    assert_eq!(departments, ["Sales"]);
    assert!(
        db.texts("SELECT display_name_folded FROM user_labels WHERE display_name_folded = 'early'").await.is_empty()
    );

    // What was met on a day that has gone is not known to be met.
    let unable = SignInFilters { unable: Some(true), ..SignInFilters::default() };
    let at_border = window(border.millis() + 1, border.millis() + 2);
    let page =
        SignInsQuery::with(Report { population: None, ..at_border }, unable).page(&db.reader()).await.expect("a page");
    assert_eq!((page.total, page.total_is_exact, page.items[0].id.as_str()), (1, true, "unmet"));

    let reaching = window(border.millis() - 1, now().millis());
    assert_eq!(db.reader().usage(&reaching).await.expect("usage").not_kept.len(), 2);
    assert_eq!(
        db.reader().overview(&reaching).await.expect("overview").not_kept,
        [NotKept { data: Kept::Events, kept_from: border }]
    );
    let query = SignInsQuery::with(Report { population: None, ..reaching }, SignInFilters::default());
    assert!(!query.page(&db.reader()).await.expect("a page").total_is_exact);
    let known_from = db.reader().overview(&window(FIRST, now().millis())).await.expect("overview").known_from;
    assert_eq!(known_from, Some(border));

    // A file with old records: they come, and go again.
    db.import_file(story(), 2, now()).await;
    db.assert_recounted().await;
    operator.retain(now()).await.expect("done");
    assert_eq!(figures(&db).await, expected);
}

/// A day with more sign-ins than go in one transaction loses its counters first: that is no damage.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_left_equals_its_recount_while_days_go(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let long_day = (0..5_100).map(|n| sign_in(&format!("long-{n}"), "ada", FIRST + n * 1000, DONE));
    db.import_file(records(long_day), 1, now()).await;
    db.import_file(story(), 2, now()).await;
    let (_, operator, admin) = db.services.console(TenantId::ONLY);
    for kept in [Kept::SignIns, Kept::Events, Kept::History] {
        admin.set_retention(kept, Some(30)).await.expect("a rule");
    }
    let mut retaining = operator.begin_retention(now()).await.expect("noted");
    let mut lots = 0;
    while operator.retain_some(&mut retaining).await.expect("a lot").is_some() {
        lots += 1;
        db.assert_recounted().await;
        let (first, last) = (FIRST, FIRST + 6 * DAY_MS);
        let hours: Vec<Instant> = (first..last).step_by(7_200_000).map(Instant::from_millis).collect();
        let checker = db.services.checker(TenantId::ONLY);
        assert_eq!(checker.check_hours(&hours).await.expect("hours"), 0);
    }
    assert!(lots > 5, "{lots} lots");
}
