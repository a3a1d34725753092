//! Saved views: who sees them, who may change them, and what becomes of them.

use domain::role::Role;
use domain::view::{SavedView, ViewName, ViewPage};
use domain::viewer::{TenantId, Viewer};
use rstest::rstest;
use store::{MAX_VIEWS, NewView, Options, StoreError, ViewError, Views};

use crate::support::{Engine, TestDb, at};

fn viewer(role: Role, person_id: Option<i64>) -> Viewer {
    Viewer { tenant: TenantId::ONLY, name: "somebody".to_owned(), role, person_id }
}

fn view(name: &str, is_shared: bool) -> NewView {
    let query = ViewPage::Users.canonical("registered=no&range=7d", at(0)).expect("a query of ours");
    NewView { name: ViewName::new(name).expect("a name"), page: ViewPage::Users, query, is_shared, now: at(0) }
}

async fn names(views: &Views) -> Vec<String> {
    views.list(at(1)).await.expect("views").into_iter().map(|view| view.name).collect()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn personal_views_are_ones_own_and_shared_ones_everybodys(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let one = db.services.views(&viewer(Role::ReportsReader, Some(1)));
    let other = db.services.views(&viewer(Role::SecurityReader, Some(2)));
    let mine = one.save(view("b mine", false)).await.expect("saved");
    let shared = one.save(view("A shared", true)).await.expect("saved");
    assert_eq!(names(&one).await, ["A shared", "b mine"]);
    assert_eq!(names(&other).await, ["A shared"]);

    let seen: SavedView = other.get(shared, at(1)).await.expect("read").expect("shared with everybody");
    assert_eq!((seen.query.as_str(), seen.works, seen.may_change), ("range=7d&registered=no", true, false));
    assert!(other.get(mine, at(1)).await.expect("read").is_none());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_shared_view_is_changed_by_its_author_or_a_global_administrator(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let author = db.services.views(&viewer(Role::ReportsReader, Some(1)));
    let other = db.services.views(&viewer(Role::SecurityAdministrator, Some(2)));
    let admin = db.services.views(&viewer(Role::GlobalAdministrator, Some(3)));
    let personal = author.save(view("personal", false)).await.expect("saved");
    let shared = author.save(view("shared", true)).await.expect("saved");
    let new_name = ViewName::new("new").expect("a name");

    assert!(matches!(other.rename(shared, &new_name).await, Err(ViewError::Forbidden(_))));
    assert!(matches!(other.delete(shared).await, Err(ViewError::Forbidden(_))));
    // What one may not see is not there, not even for an administrator.
    for stranger in [&other, &admin] {
        assert!(matches!(stranger.delete(personal).await, Err(ViewError::Store(StoreError::Missing { .. }))));
    }
    admin.rename(shared, &new_name).await.expect("renamed");
    assert_eq!(names(&author).await, ["new", "personal"]);
    admin.delete(shared).await.expect("deleted");
    author.delete(personal).await.expect("deleted");
    assert!(names(&author).await.is_empty());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn without_a_person_views_are_the_roles(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let token = db.services.views(&viewer(Role::GlobalReader, None));
    token.save(view("of the role", false)).await.expect("saved");
    let view = token.list(at(1)).await.expect("views").remove(0);
    assert_eq!((view.author.as_str(), view.may_change), ("Global Reader", true));
    for stranger in [viewer(Role::ReportsReader, None), viewer(Role::GlobalReader, Some(1))] {
        assert!(names(&db.services.views(&stranger)).await.is_empty());
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_view_that_no_longer_parses_is_broken_not_gone(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let views = db.services.views(&viewer(Role::ReportsReader, Some(1)));
    views
        .save(NewView { query: "shoe_size=44".to_owned(), ..view("from another version", false) })
        .await
        .expect("saved");
    let view = views.list(at(1)).await.expect("views").remove(0);
    assert_eq!((view.query.as_str(), view.works), ("shoe_size=44", false));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn one_owner_has_only_so_many(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let views = db.services.views(&viewer(Role::ReportsReader, Some(1)));
    for n in 0..MAX_VIEWS {
        views.save(view(&format!("view {n}"), false)).await.expect("saved");
    }
    assert!(matches!(views.save(view("one more", true)).await, Err(ViewError::TooMany)));
    let other = db.services.views(&viewer(Role::ReportsReader, Some(2)));
    other.save(view("another's", false)).await.expect("saved");
}
