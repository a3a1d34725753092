//! Whose sign-ins are whose, and the list of those who signed in.

use domain::page::Cursor;
use domain::query::{Direction, SignInFilters, Sort, UserUsageColumn, UserUsageFilters, UserUsageQuery};
use domain::record::UserRef;
use domain::report::Usage;
use domain::sign_in::SignInRecord;
use rstest::rstest;
use store::{Listed as _, Options};

use crate::sign_ins::{CLAIM, DECLINED, DONE, START, list, records, sign_in, whole};
use crate::support::{Engine, TestDb, details, person};

#[rstest]
#[tokio::test]
async fn a_name_that_gets_an_id_is_one_user(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let by_name = SignInRecord {
        user: UserRef { object_id: None, user_name: Some("Ada@contoso.com".into()), display_name: None },
        ..sign_in("s1", "ada", START, DECLINED)
    };
    db.import(records([by_name])).await;
    db.import(records([sign_in("s2", "bob", START + 5, DONE)])).await;
    let users = |usage: &Usage| (usage.users.everybody.signed_in, usage.users.everybody.challenged);
    assert_eq!(users(&db.reader().usage(&whole()).await.expect("usage")), (2, 2));
    db.import(records([sign_in("s3", "ada", START + 9, CLAIM)])).await;
    assert_eq!(users(&db.reader().usage(&whole()).await.expect("usage")), (2, 2));
    let filters = SignInFilters { user: vec!["ada".into()], ..SignInFilters::default() };
    assert_eq!(list(&db.reader(), whole(), filters).await.0, 2);
}

#[rstest]
#[tokio::test]
async fn a_shared_name_is_whose_sign_in_had_it_last(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let named = |id: &str, user: Option<&str>, at: i64| SignInRecord {
        user: UserRef {
            object_id: user.map(str::to_owned),
            user_name: Some("Team@contoso.com".into()),
            display_name: None,
        },
        ..sign_in(id, "team", at, DONE)
    };
    let story = [
        named("s0", None, START),
        named("s1", Some("ada"), START + 1),
        named("s2", Some("bob"), START + 2),
        named("s3", Some("ada"), START + 3),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 2, 0, 3], [2, 3, 1, 0], [1, 3, 2, 0], [3, 0, 1, 2]] {
        let Some(db) = TestDb::open(engine, Options::default()).await else { return };
        for n in order {
            db.import(records([story[n].clone()])).await;
        }
        for (user, sign_ins) in [("ada", 3), ("bob", 1), ("team@contoso.com", 3)] {
            let filters = SignInFilters { user: vec![user.into()], ..SignInFilters::default() };
            assert_eq!(list(&db.reader(), whole(), filters).await.0, sign_ins, "{user} {order:?}");
        }
    }
}

/// More users than are looked up by name one by one, among others who did not sign in.
#[rstest]
#[tokio::test]
async fn many_users_come_in_the_order_of_their_names(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let name = |n: usize| format!("user-{:05}", n * 7919 % 6200);
    db.import(
        (0..6200)
            .map(|n| details(person(&name(n), &format!("{}@contoso.com", name(n))), 0, true, &["email"]))
            .collect(),
    )
    .await;
    db.import(records((0..6200).step_by(2).map(|n| sign_in(&format!("s{n}"), &name(n), START, DONE)))).await;
    // Every tenth of them signs in twice.
    db.import(records((0..6200).step_by(20).map(|n| sign_in(&format!("t{n}"), &name(n), START + 1, DONE)))).await;
    let mut expected: Vec<String> = (0..6200).step_by(2).map(name).collect();
    expected.sort();
    for (column, direction) in [
        (UserUsageColumn::UserId, Direction::Ascending),
        (UserUsageColumn::UserId, Direction::Descending),
        (UserUsageColumn::SignIns, Direction::Ascending),
        (UserUsageColumn::SignIns, Direction::Descending),
    ] {
        let mut query = UserUsageQuery::with(whole(), UserUsageFilters::default());
        query.list.sort = Sort { column, direction };
        query.list.size = 700;
        let mut pages = Vec::new();
        loop {
            let page = query.page(&db.reader()).await.expect("a page");
            assert_eq!(page.total, 3100);
            query.list.after = page.next.as_deref().map(|next| Cursor::decode(next).expect("a cursor"));
            pages.push(page);
            if query.list.after.is_none() {
                break;
            }
        }
        for pair in pages.windows(2) {
            query.list.after = pair[1].previous.as_deref().map(|previous| Cursor::decode(previous).expect("a cursor"));
            let before = query.page(&db.reader()).await.expect("the page before");
            assert_eq!((before.first, &before.items), (pair[0].first, &pair[0].items));
        }
        let mut items: Vec<_> = pages.into_iter().flat_map(|page| page.items).collect();
        if direction == Direction::Descending {
            items.reverse();
        }
        if column == UserUsageColumn::SignIns {
            assert!(items.windows(2).all(|pair| pair[0].sign_ins <= pair[1].sign_ins));
            items.sort_by(|a, b| a.user_id.cmp(&b.user_id));
        }
        let found: Vec<&String> = items.iter().map(|item| &item.user_id).collect();
        assert_eq!(found, expected.iter().collect::<Vec<_>>(), "{column:?} {direction:?}");
    }
}
