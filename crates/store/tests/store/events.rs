//! Lists of events have every order under every filter, where events are many and where they are few, on both engines.

use std::cmp::Ordering;

use crate::support::{Engine, TestDb, at, audit, person};
use domain::method::AuthMethod;
use domain::page::Cursor;
use domain::query::{Direction, EventColumn, EventsQuery, Report, Sort, Span};
use domain::record::{Feature, Outcome, Record, RecordKind, ReportEvent};
use domain::report::EventItem;
use domain::window::Window;
use rstest::rstest;
use store::{Options, Reader};

const METHODS: [AuthMethod; 4] = [AuthMethod::Email, AuthMethod::Sms, AuthMethod::Fido2, AuthMethod::MobilePhone];

/// Many of each kind, few of some, several at one time.
fn reported(i: usize) -> Record {
    let mut digest = [9; 32];
    digest[..8].copy_from_slice(&i.to_be_bytes());
    let user_name = format!("u{:03}@x.example", i * 7 % 400);
    let mut user = person("", &user_name);
    user.display_name = (!i.is_multiple_of(11)).then(|| format!("Name {:03}", i * 13 % 300));
    let method = METHODS[i % 4];
    Record::Event(Box::new(ReportEvent {
        kind: RecordKind::UserCredentialUsageDetails,
        feature: if i.is_multiple_of(9) { Feature::Reset } else { Feature::Registration },
        user,
        at: at(i64::try_from(i / 3).expect("small")),
        method,
        raw_method: (!i.is_multiple_of(3)).then(|| method.to_string()),
        outcome: if i.is_multiple_of(5) { Outcome::Failure } else { Outcome::Success },
        reason: i.is_multiple_of(5).then(|| format!("Reason {}", i % 4)),
        digest,
    }))
}

/// Every row of a list, page by page, and the same again from its end to its beginning.
async fn all(reader: &Reader, query: &EventsQuery) -> Vec<EventItem> {
    let (mut query, mut items, mut last) = (query.clone(), Vec::new(), None);
    let total = loop {
        let page = reader.events(&query).await.expect("a page");
        assert_eq!(page.first, i64::from(!page.items.is_empty()) * (items.len() as i64 + 1));
        last = page.previous.map(|previous| (previous, items.len())).or(last);
        items.extend(page.items);
        match page.next {
            Some(next) => query.list.after = Cursor::decode(&next),
            None => break page.total,
        }
    };
    assert_eq!(total, items.len() as i64);
    if let Some((mut previous, mut until)) = last {
        loop {
            query.list.after = Cursor::decode(&previous);
            let page = reader.events(&query).await.expect("a page");
            let from = until - page.items.len();
            assert!(page.items == items[from..until], "{} backwards", query.list.sort.column);
            until = from;
            match page.previous {
                Some(before) => previous = before,
                None => break,
            }
        }
        assert_eq!(until, 0);
    }
    items
}

/// What the heading says of a row, as far as it says which of two rows is first.
fn by(column: EventColumn, a: &EventItem, b: &EventItem) -> Ordering {
    let code = |event: &EventItem| match column {
        EventColumn::At => event.at.millis(),
        EventColumn::Feature => event.feature.code(),
        EventColumn::Method => event.method.code(),
        EventColumn::Status => event.status.code(),
        EventColumn::Source => event.source.code(),
        _ => 0,
    };
    let text = |event: &EventItem| match column {
        EventColumn::Id => Some(event.id.clone()),
        EventColumn::UserId => event.user_id.clone(),
        // Of ASCII: their order is that of their small letters.
        EventColumn::DisplayName => event.display_name.as_ref().map(|name| name.to_lowercase()),
        EventColumn::UserName => event.user_name.clone(),
        EventColumn::RawMethod => event.raw_method.clone(),
        EventColumn::Reason => event.reason.clone(),
        _ => None,
    };
    (code(a), text(a)).cmp(&(code(b), text(b)))
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_order_has_the_events_of_every_filter(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let mut records: Vec<Record> = (0..5000).map(reported).collect();
    // From here on the report counts no more.
    let log = (0..40).map(|i| {
        let user = person("", &format!("u{i:03}@x.example"));
        Record::Audit(Box::new(audit(
            &i.to_string(),
            1500 + i,
            "User registered security info",
            "User registered Fido",
            None,
            user,
        )))
    });
    records.extend(log);
    db.import(records).await;
    let reader = db.reader();
    let window =
        |from, to| Report { span: Span::Window(Window { from: at(from), to: at(to) }), ..Report::new(at(2000)) };
    let every = EventsQuery::of(window(0, 2000));
    let of = |change: &dyn Fn(&mut EventsQuery)| {
        let mut query = every.clone();
        change(&mut query);
        query
    };
    let asked = [
        every.clone(),
        // Some of it from the report, some from the log, and the edges within a minute that has others.
        EventsQuery::of(window(700, 1520)),
        of(&|query| query.method = vec![AuthMethod::Email, AuthMethod::Sms, AuthMethod::Fido2]),
        of(&|query| {
            query.feature = vec![Feature::Registration];
            query.status = vec![Outcome::Success];
        }),
        of(&|query| {
            query.feature = vec![Feature::Reset];
            query.method = vec![AuthMethod::Sms];
            query.status = vec![Outcome::Failure];
        }),
        of(&|query| query.list.q = Some("name".into())),
        of(&|query| query.user = vec!["u003@x.example".into(), "u011@x.example".into()]),
    ];
    for mut query in asked {
        query.list.size = 1000;
        let rows = all(&reader, &query).await;
        assert!(!rows.is_empty());
        for &column in EventColumn::ALL {
            for direction in [Direction::Ascending, Direction::Descending] {
                query.list.sort = Sort { column, direction };
                let listed = all(&reader, &query).await;
                let in_order = listed.is_sorted_by(|a, b| match direction {
                    Direction::Ascending => by(column, a, b).is_le(),
                    Direction::Descending => by(column, a, b).is_ge(),
                });
                assert!(in_order, "{column} {direction:?}");
                let ids = |rows: &[EventItem]| {
                    let mut ids: Vec<String> = rows.iter().map(|event| event.id.clone()).collect();
                    ids.sort();
                    ids
                };
                assert_eq!(ids(&listed), ids(&rows), "{column} {direction:?}");
            }
        }
    }
}
