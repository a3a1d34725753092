//! A search of sign-ins finds what a look at each of them finds, however many have the text and whatever else is asked.

use domain::fold::fold;
use domain::instant::Instant;
use domain::page::Cursor;
use domain::query::{Direction, Report, SignInColumn, SignInFilters, SignInsQuery, Sort, Span};
use domain::report::SignInItem;
use domain::sign_in::{AppRef, MfaResult, Place, SignInRecord};
use domain::window::Window;
use rstest::rstest;
use store::{Listed as _, Options, Reader};

use crate::sign_ins::{DECLINED, DONE, START, records, sign_in};
use crate::support::{Engine, TestDb};

/// More people than a statement names one by one.
const MANY: i64 = 5_200;

fn story() -> Vec<SignInRecord> {
    let of = |id: String, user: &str, after: i64| {
        let text = if after % 3 == 0 { DECLINED } else { DONE };
        let mut record = sign_in(&id, user, START + 1000 * after, text);
        record.app = AppRef { id: Some(format!("app-{}", after % 7)), name: Some(format!("Mail {}", after % 7)) };
        record.place = Place { ip: Some(format!("10.{}.0.1", after % 40)), ..Place::default() };
        record.details.correlation_id = Some(format!("attempt-{}", after / 2));
        record
    };
    let mut all: Vec<_> = (0..MANY).map(|n| of(format!("s{n}"), &format!("person{n}"), n)).collect();
    for n in 0..30 {
        // A name that an application has as well, and one that is not of letters and digits alone.
        all.push(of(format!("m{n}"), "mail", 5000 + n));
        all.push(of(format!("a{n}"), "Åsa_%b", 100 * n));
    }
    // Nobody's.
    all.push(SignInRecord { user: Default::default(), ..of("nobody".into(), "x", 77) });
    all
}

fn query(q: &str, size: u32, only: SignInFilters) -> SignInsQuery {
    let window = Window { from: Instant::from_millis(START), to: Instant::from_millis(START + 10_000_000) };
    let report = Report {
        span: Span::Window(window),
        population: None,
        ..Report::new(Instant::from_millis(START + 20_000_000))
    };
    let mut query = SignInsQuery::with(report, only);
    query.list.q = (!q.is_empty()).then(|| q.to_owned());
    query.list.size = size;
    query
}

async fn list(reader: &Reader, mut query: SignInsQuery) -> (i64, bool, Vec<SignInItem>) {
    let mut items = Vec::new();
    loop {
        let page = query.page(reader).await.expect("a page");
        items.extend(page.items);
        let Some(next) = page.next else { return (page.total, page.total_is_exact, items) };
        query.list.after = Some(Cursor::decode(&next).expect("a cursor"));
    }
}

fn is_found(item: &SignInItem, q: &str) -> bool {
    let has = |text: &Option<String>| text.as_deref().is_some_and(|text| fold(text).contains(&fold(q)));
    let is = |id: &str| id == q.trim().to_lowercase();
    let is_address = q.chars().all(|c| c.is_ascii_hexdigit() || ".:".contains(c));
    let ip = item.restricted.as_ref().and_then(|restricted| restricted.ip.as_deref());
    is(&item.id)
        || item.correlation_id.as_deref().is_some_and(is)
        || has(&item.display_name)
        || has(&item.user_name)
        || has(&item.app)
        || (is_address && ip.is_some_and(|ip| ip.starts_with(q)))
}

#[rstest]
#[tokio::test]
async fn what_is_found_is_what_has_the_text(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(records(story())).await;
    let reader = db.reader();
    let (_, _, all) = list(&reader, query("", 1000, SignInFilters::default())).await;
    assert_eq!(all.len(), story().len());
    for only_denied in [false, true] {
        let mfa_result = if only_denied { vec![MfaResult::Denied] } else { Vec::new() };
        let only = SignInFilters { mfa_result, ..SignInFilters::default() };
        for q in [
            "person",
            "person17",
            "PERSON5199",
            "nobody",
            "mail",
            "Mail 3",
            "asa_%",
            "asa_xb",
            "å",
            "n1",
            "10.3",
            "10.39.0.1",
            "attempt-25",
            "s4711",
            "contoso.com",
            "zzz",
            "person1@",
            "1@c",
        ] {
            let is_asked = |item: &SignInItem| !only_denied || item.mfa_result == MfaResult::Denied;
            let expected: Vec<&SignInItem> = all.iter().filter(|item| is_asked(item) && is_found(item, q)).collect();
            let (total, is_exact, items) = list(&reader, query(q, 500, only.clone())).await;
            assert!(is_exact, "{q}");
            assert_eq!(items.iter().collect::<Vec<_>>(), expected, "{q}, only denied: {only_denied}");
            assert_eq!(total, i64::try_from(expected.len()).expect("few"), "{q}, only denied: {only_denied}");
        }
    }
    for (column, direction) in [
        (SignInColumn::DisplayName, Direction::Ascending),
        (SignInColumn::App, Direction::Descending),
        (SignInColumn::Ip, Direction::Descending),
        (SignInColumn::At, Direction::Ascending),
    ] {
        let mut sorted = query("mail", 70, SignInFilters { app: vec!["app-3".into()], ..SignInFilters::default() });
        sorted.list.sort = Sort { column, direction };
        let (total, _, items) = list(&reader, sorted).await;
        let mut ids: Vec<_> = items.iter().map(|item| item.id.clone()).collect();
        ids.sort();
        let mut expected: Vec<_> =
            all.iter().filter(|item| item.app.as_deref() == Some("Mail 3")).map(|item| item.id.clone()).collect();
        expected.sort();
        assert_eq!((total, ids), (i64::try_from(expected.len()).expect("few"), expected), "{column:?}");
    }
}
