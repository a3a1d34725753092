//! Lists of users: sorted and paged both ways, by population and class, searched, and divided by department.

use crate::support::{Engine, TestDb, at, audit, details, person};
use domain::page::Cursor;
use domain::population::Population;
use domain::query::{Direction, Report, Sort, UserColumn, UsersQuery};
use domain::record::{Record, UserType};
use rstest::rstest;
use store::Options;

fn report(minutes: i64) -> Report {
    Report { as_of_is_given: true, ..Report::new(at(minutes)) }
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
    let seen = audit("1", 1, "User registered security info", "User registered Fido", None, person("only-seen", ""));
    records.push(Record::Audit(Box::new(seen)));
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
