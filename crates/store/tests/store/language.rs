//! Names have the order of the organisation's language, in the present, at a past day and among events.

use crate::support::{Engine, TestDb, at, audit, details, person};
use domain::preferences::Language;
use domain::query::{Direction, EventColumn, EventsQuery, Report, Sort, UserColumn, UsersQuery};
use domain::record::Record;
use domain::viewer::TenantId;
use rstest::rstest;
use store::{Options, Reader, Services};

const NAMES: [&str; 6] = ["Östen", "Zara", "Ärla", "Åsa", "anna", "Ünal"];

async fn users(reader: &Reader, minutes: i64) -> Vec<String> {
    let query = UsersQuery::of(Report { as_of_is_given: true, ..Report::new(at(minutes)) });
    assert_eq!(query.list.sort.column, UserColumn::DisplayName);
    let page = reader.users(&query).await.expect("a list");
    page.items.into_iter().filter_map(|user| user.display_name).collect()
}

async fn events(reader: &Reader) -> Vec<String> {
    let mut query = EventsQuery::of(Report::new(at(100)));
    query.list.sort = Sort { column: EventColumn::DisplayName, direction: Direction::Ascending };
    let page = reader.events(&query).await.expect("a list");
    page.items.into_iter().filter_map(|event| event.display_name).collect()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn names_have_the_order_of_the_language_that_is_set(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    for (n, name) in NAMES.iter().enumerate() {
        let mut user = person(&format!("id{n}"), &format!("{n}@x.example"));
        user.display_name = Some((*name).to_owned());
        let mut user_details = details(user.clone(), 10, true, &["email"]);
        if let Record::User(user) = &mut user_details {
            user.facts.display_name = Some((*name).to_owned());
        }
        let reset = audit(&format!("a{n}"), 20, "User registered security info", "User registered Fido", None, user);
        db.import(vec![user_details, Record::Audit(Box::new(reset))]).await;
    }
    let english = ["anna", "Ärla", "Åsa", "Östen", "Ünal", "Zara"];
    let swedish = ["anna", "Ünal", "Zara", "Åsa", "Ärla", "Östen"];
    assert_eq!(
        (users(&db.reader(), 100).await, users(&db.reader(), 15).await),
        (english.map(String::from).to_vec(), english.map(String::from).to_vec())
    );
    assert_eq!(events(&db.reader()).await, english);

    let options = Options { language: Language::Swedish, ..Options::default() };
    let reopened = Services::open(&db.url, options).await.expect("opens");
    let (reader, _, _) = reopened.console(TenantId::ONLY);
    assert_eq!(users(&reader, 100).await, swedish);
    assert_eq!(users(&reader, 15).await, swedish);
    assert_eq!(events(&reader).await, swedish);
    // What is found does not depend on it.
    let mut query = UsersQuery::of(Report::new(at(100)));
    query.list.q = Some("osten".to_owned());
    assert_eq!(reader.users(&query).await.expect("a list").total, 1);
}
