//! Search finds what reading through every name finds, in the present and at a past day, on both engines.

use crate::support::{Engine, TestDb, at, details, person};
use domain::answer::Answer;
use domain::fold::fold;
use domain::method::AuthMethod;
use domain::page::Cursor;
use domain::query::{Direction, List, Report, Sort, UserColumn, UserFlag, UsersQuery};
use domain::record::Record;
use domain::report::UserItem;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rstest::rstest;
use store::{Options, Reader, Services};

/// Accents, letters that fold to several or to none of their own, wildcards, quotes, white space, other scripts.
const LETTERS: &str = "[aAäÄåÅöÖéßıİœﬁſzZ19%_\\\\'\"$?.@ \u{a0}\u{301}李小龙жЖ-]";

/// As many texts as are asked for, the same ones each time.
fn texts(pattern: &str, n: usize) -> Vec<String> {
    let strategy = proptest::string::string_regex(pattern).expect("a pattern");
    let mut runner = TestRunner::deterministic();
    (0..n).map(|_| strategy.new_tree(&mut runner).expect("a text").current()).collect()
}

fn named(id: usize, minutes: i64, display_name: &str, user_name: &str) -> Record {
    let mut user = person(&format!("id{id}"), user_name);
    user.display_name = Some(display_name.to_owned());
    let mut record = details(user, minutes, id.is_multiple_of(3), &[["email"], ["fido2"]][id % 2]);
    if let Record::User(user) = &mut record {
        user.facts.display_name = Some(display_name.to_owned());
        user.facts.user_name = Some(user_name.to_owned());
        user.facts.department = (!id.is_multiple_of(5)).then(|| format!("D{}", id % 5));
    }
    record
}

/// What the page says of search, over the names as they are shown.
fn is_found(user: &UserItem, q: &str) -> bool {
    let q = fold(q);
    let mut names = [&user.display_name, &user.user_name].into_iter().flatten().map(|name| fold(name));
    if q.chars().count() <= 2 && q.chars().all(char::is_alphanumeric) {
        names.any(|name| name.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(&q)))
    } else {
        names.any(|name| name.contains(&q))
    }
}

/// Every row of a list, page by page.
async fn all(reader: &Reader, query: &UsersQuery) -> (Vec<UserItem>, i64) {
    let (mut query, mut items) = (query.clone(), Vec::new());
    loop {
        let page = reader.users(&query).await.expect("a page");
        assert!(page.total_is_exact);
        items.extend(page.items);
        match page.next {
            Some(next) => query.list.after = Cursor::decode(&next),
            None => return (items, page.total),
        }
    }
}

/// More than are gathered, so that a list is walked where a search finds nearly all, and names that change.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn search_is_reading_through_every_name(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let mut odd = texts(&format!("{LETTERS}{{1,12}}"), 260);
    odd.extend(
        ["per_cent%", "O'Neil \"Bo\"", "back\\slash", "Åsa Öberg", "Straße", "İstanbul", "a  b\tc"].map(String::from),
    );
    let mut records = Vec::new();
    for i in 0..3300 {
        let strange = &odd[i % odd.len()];
        let display_name = if i < odd.len() { strange.clone() } else { format!("Anna Ek{i}") };
        records.push(named(i, 10, &display_name, &format!("anna.{i}@x.example")));
    }
    db.import(records).await;
    let renamed = (0..40).map(|i| named(i, 50, &format!("Ny-namn {i}"), &format!("ny{i}{}", odd[i])));
    db.import(renamed.collect()).await;

    let mut asked = texts(&format!("{LETTERS}{{1,8}}"), 25);
    let pieces = texts("[0-9]{2}", 35);
    asked.extend(pieces.iter().zip(&odd).map(|(piece, name)| {
        let digits: Vec<usize> = piece.bytes().map(|digit| usize::from(digit - b'0')).collect();
        name.chars().skip(digits[0] % 4).take(1 + digits[1] % 6).collect()
    }));
    asked.extend(
        ["a", "an", "ann", "anna", "anna.1", "ek", "k", "ny", "r_c", "%", "\\", "' ", "x.ex", "zzz"].map(String::from),
    );
    for minutes in [100, 40] {
        for flag in [&[][..], &[Answer::No]] {
            let mut query = UsersQuery::of(Report { as_of_is_given: true, ..Report::new(at(minutes)) })
                .with_flag(UserFlag::Registered, flag);
            query.list.size = 1000;
            let (everybody, _) = all(&db.reader(), &query).await;
            for q in asked.iter().filter(|q| !fold(q).is_empty()) {
                query.list.q = Some(q.clone());
                let (found, total) = all(&db.reader(), &query).await;
                let ids =
                    |users: &mut dyn Iterator<Item = &UserItem>| users.map(|user| user.id.clone()).collect::<Vec<_>>();
                let expected = ids(&mut everybody.iter().filter(|user| is_found(user, q)));
                assert_eq!(ids(&mut found.iter()), expected, "{q:?} {flag:?} at {minutes}");
                assert_eq!(total, i64::try_from(expected.len()).expect("few"), "{q:?} at {minutes}");
            }
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn many_that_are_found_have_every_order_and_filter(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    // As a first import does it: what finds names is made at the end, and until then names are read through.
    db.operator().defer_indexes().await.expect("indexes are put off");
    let name = |i: usize| format!("{} Ek{i}", ["Anna", "Bo"][usize::from(i.is_multiple_of(40))]);
    db.import((0..3300).map(|i| named(i, 10, &name(i), &format!("{i}@x.example"))).collect()).await;
    let mut query = UsersQuery::of(Report { as_of_is_given: true, ..Report::new(at(100)) });
    query.list.size = 1000;
    for is_made in [false, true] {
        if is_made {
            Services::open(&db.url, Options::default()).await.expect("opens, and makes what was put off");
        }
        for (q, n) in [("an", 3217), ("anna", 3217), ("b", 83), ("o e", 83)] {
            for (department, method) in [(None, None), (Some("D1"), None), (None, Some(AuthMethod::Email))] {
                for column in [UserColumn::DisplayName, UserColumn::Id, UserColumn::Registered, UserColumn::Department]
                {
                    query.list.q = None;
                    query.department = department.map(str::to_owned).into_iter().collect();
                    query.method = method.into_iter().collect();
                    query.list.sort = Sort { column, direction: Direction::Descending };
                    let (everybody, _) = all(&db.reader(), &query).await;
                    query.list.q = Some(q.to_owned());
                    let (found, total) = all(&db.reader(), &query).await;
                    let expected: Vec<UserItem> = everybody.into_iter().filter(|user| is_found(user, q)).collect();
                    assert!(found == expected, "{q} {column} {department:?} {method:?}");
                    assert_eq!(total, i64::try_from(found.len()).expect("few"));
                    assert!(total == n || department.is_some() || method.is_some(), "{q}: {total}");
                }
            }
        }
    }
}

/// More than are counted, all of them after others in the order of the names, so that passing these finds nobody.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_page_of_very_many_is_found_wherever_they_lie(#[case] engine: Engine) {
    const SIZE: usize = 5;
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.operator().defer_indexes().await.expect("indexes are put off");
    let name = |i: usize| format!("{} {i:05}", if i < 1300 { "Bo" } else { "Zoe" });
    db.import((0..11_400).map(|i| named(i, 10, &name(i), &format!("{i}@x.example"))).collect()).await;
    db.operator().make_indexes().await.expect("indexes are made");
    let mut query = UsersQuery::of(Report { as_of_is_given: true, ..Report::new(at(100)) });
    query.list.size = SIZE as u32;
    query.list.q = Some("zoe".to_owned());
    for (direction, method) in
        [(Direction::Ascending, None), (Direction::Descending, None), (Direction::Ascending, Some(AuthMethod::Fido2))]
    {
        query.method = method.into_iter().collect();
        query.list.sort = Sort { column: UserColumn::DisplayName, direction };
        let mut expected: Vec<String> = (1300..11_400).filter(|i| method.is_none() || i % 2 == 1).map(name).collect();
        if direction == Direction::Descending {
            expected.reverse();
        }
        query.list.after = None;
        let mut pages = expected.chunks(SIZE);
        let mut before = Vec::new();
        for _ in 0..4 {
            let page = db.reader().users(&query).await.expect("a page");
            let names: Vec<String> = page.items.into_iter().filter_map(|user| user.display_name).collect();
            assert_eq!(Some(&names[..]), pages.next(), "{direction:?} {method:?}");
            if let Some(previous) = page.previous {
                let back = List { after: Cursor::decode(&previous), ..query.list.clone() };
                let page = db.reader().users(&UsersQuery { list: back, ..query.clone() }).await.expect("a page");
                let names: Vec<String> = page.items.into_iter().filter_map(|user| user.display_name).collect();
                assert_eq!(names, before, "{direction:?} {method:?} backwards");
            }
            assert_eq!((page.total, page.total_is_exact), (10_000.min(expected.len() as i64), method.is_some()));
            query.list.after = page.next.as_deref().and_then(Cursor::decode);
            before = names;
        }
    }
}
