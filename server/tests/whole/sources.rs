//! `/settings/sources` and its twin in the API: who may do what, and that no secret comes out again.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::role::Role;
use graph_server::{CLIENT_ID, DIRECTORY, GraphServer, SECRET, World};
use rstest::rstest;
use server::sync::{Connector, SyncSettings};
use server::vault::Vault;
use store::TokenScope;

use crate::house::{Answer, Engine, House, now};

const ROOT: &str = "http://127.0.0.1:8080";
const PATH: &str = "/settings/sources";

async fn open(engine: Engine, server: &GraphServer) -> Option<House> {
    let door = Arc::new(server.door());
    House::open_with_tenants(engine, "http://127.0.0.1:3000", false, |directory| {
        let settings = SyncSettings { trusted_hosts: vec!["127.0.0.1:8080".to_owned()], ..SyncSettings::default() };
        let vault = Vault::of(None, None, Some(&directory.join("keyroll.toml")));
        Connector::new(settings, vault).through(door)
    })
    .await
}

fn graph(world: World) -> GraphServer {
    GraphServer::new(World { latency_ms: 0, ..world }, ROOT, now())
}

fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("name", "Contoso"),
        ("directory", DIRECTORY),
        ("client_id", CLIENT_ID),
        ("cloud", "other"),
        ("authority", ROOT),
        ("graph_root", ROOT),
        ("credential", "secret"),
        ("place", "stored"),
        ("secret", SECRET),
    ];
    for (name, value) in changes {
        form.retain(|(given, _)| given != name);
        form.push((name, value));
    }
    form
}

async fn post(house: &House, path: &str, cookie: &str, changes: &[(&str, &str)]) -> Answer {
    house.post(path, &[("cookie", cookie)], &form(changes)).await
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_tenant_is_connected_tested_changed_and_removed(#[case] engine: Engine) {
    let server = graph(World::default());
    let Some(house) = open(engine, &server).await else { return };
    let cookie = house.sign_in(Role::GlobalAdministrator).await;
    let page = async || house.get(PATH, &[("cookie", &cookie)]).await;
    assert!(page().await.text.contains("No tenant is connected"));
    let added = post(&house, PATH, &cookie, &[]).await;
    assert_eq!(added.header("location"), Some("/settings/sources?notice=source-added"), "{}", added.text);
    let listed = page().await;
    assert!(listed.text.contains("Contoso") && listed.text.contains(DIRECTORY) && listed.text.contains(ROOT));
    assert!(!listed.text.contains(SECRET) && !listed.text.contains("x1:"));
    let api = house.get("/api/v1/settings/sources", &[("cookie", &cookie)]).await;
    assert_eq!(api.json()["items"][0]["secret_place"], "stored");
    assert!(!api.text.contains(SECRET) && !api.text.contains("x1:"));

    server.world(|world| world.permissions = ["AuditLog.Read.All".to_owned()].into());
    let tested = post(&house, "/settings/sources/1/test", &cookie, &[]).await;
    assert_eq!(tested.status, StatusCode::OK);
    assert!(tested.text.contains("The application lacks the permission Directory.Read.All"), "{}", tested.text);
    assert!(tested.text.contains("Grant Policy.Read.All"), "{}", tested.text);

    // Without a secret in the form the stored one stays.
    let renamed = post(&house, "/settings/sources/1", &cookie, &[("name", "Fabrikam"), ("secret", "")]).await;
    assert_eq!(renamed.header("location"), Some("/settings/sources?notice=source-changed"), "{}", renamed.text);
    server.world(|world| *world = World { latency_ms: 0, ..World::default() });
    let tested = post(&house, "/settings/sources/1/test", &cookie, &[]).await;
    assert!(tested.text.contains("Fabrikam") && !tested.text.contains("lacks"), "{}", tested.text);
    let moved = post(&house, "/settings/sources/1", &cookie, &[("place", "environment"), ("secret_name", "NO_SUCH")]);
    assert_eq!(moved.await.status, StatusCode::SEE_OTHER);
    let tested = post(&house, "/settings/sources/1/test", &cookie, &[]).await;
    assert!(tested.text.contains("NO_SUCH is not in the environment"), "{}", tested.text);

    let removed = post(&house, "/settings/sources/1/remove", &cookie, &[]).await;
    assert_eq!(removed.header("location"), Some("/settings/sources?notice=source-removed"));
    let again = post(&house, "/settings/sources/1/remove", &cookie, &[]).await;
    assert_eq!(again.header("location"), Some("/settings/sources?notice=source-missing"));
    assert!(page().await.text.contains("No tenant is connected"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[tokio::test]
async fn a_wrong_form_comes_back_with_its_reason_and_without_the_secret(#[case] engine: Engine) {
    let Some(house) = open(engine, &graph(World::default())).await else { return };
    let cookie = house.sign_in(Role::GlobalAdministrator).await;
    for (changes, sentence) in [
        (&[("name", " ")][..], "Please give the source a name"),
        (&[("directory", "a/b")], "A tenant is an id, or a domain"),
        (&[("client_id", "x")], "The application id is a GUID"),
        (&[("authority", "https://login.example.com")], "The authority must be one of"),
        (&[("graph_root", "http://169.254.169.254")], "The Graph root must be one of"),
        (&[("secret", " ")], "Please enter the secret"),
        (&[("place", "file"), ("secret_name", "relative")], "Please name the file"),
        (&[("place", "environment"), ("secret_name", "A-B")], "Please name the file"),
        (&[("credential", "certificate")], "This is no certificate"),
    ] {
        let answer = post(&house, PATH, &cookie, changes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
        assert!(answer.text.contains(sentence), "{changes:?}: {}", answer.text);
        assert!(!answer.text.contains(SECRET), "{changes:?}");
        assert!(changes[0].0 == "client_id" || answer.text.contains(CLIENT_ID), "the fields come back");
    }
    assert_eq!(post(&house, PATH, &cookie, &[]).await.status, StatusCode::SEE_OTHER);
    let taken = post(&house, PATH, &cookie, &[("name", "CONTOSO")]).await;
    assert!(taken.text.contains("There is a source of this name already"), "{}", taken.text);
    // What is stored is a secret: as a certificate it has to be entered again.
    let other_kind = post(&house, "/settings/sources/1", &cookie, &[("credential", "certificate"), ("secret", "")]);
    assert!(other_kind.await.text.contains("Please enter the secret"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn only_global_roles_see_it_and_only_one_changes_it(#[case] engine: Engine) {
    let Some(house) = open(engine, &graph(World::default())).await else { return };
    let admin = house.sign_in(Role::GlobalAdministrator).await;
    assert_eq!(post(&house, PATH, &admin, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get(PATH, &[]).await.status, StatusCode::SEE_OTHER, "to sign in");
    assert_eq!(house.get("/api/v1/settings/sources", &[]).await.status, StatusCode::UNAUTHORIZED);
    for role in Role::ALL {
        let cookie = match role {
            Role::GlobalAdministrator => admin.clone(),
            role => house.sign_in(*role).await,
        };
        let token = house.token(role.as_str(), TokenScope::Role(*role)).await;
        let page = house.get(PATH, &[("cookie", &cookie)]).await;
        let api = house.get("/api/v1/settings/sources", &[("authorization", &token)]).await;
        let sees = role.may_read_settings();
        let wanted = if sees { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!((page.status, api.status), (wanted, wanted), "{role}");
        assert_eq!(page.text.contains(DIRECTORY), sees, "{role}");
        assert_eq!(page.text.contains("<form method=\"post\" action=\"/settings"), role.may_administer(), "{role}");
        let overview = house.get("/overview", &[("cookie", &cookie)]).await;
        assert_eq!(overview.text.contains("href=\"/settings/sources\""), sees, "{role}");
        if role.may_administer() {
            continue;
        }
        for path in [PATH, "/settings/sources/1", "/settings/sources/1/remove", "/settings/sources/1/test"] {
            assert_eq!(post(&house, path, &cookie, &[]).await.status, StatusCode::FORBIDDEN, "{role} {path}");
        }
        let data = house.get("/data", &[("cookie", &cookie)]).await;
        assert!(
            data.text.contains("Read from Contoso") && !data.text.contains(CLIENT_ID),
            "{role}: everybody sees how it stands"
        );
    }
}
