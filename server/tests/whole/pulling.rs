//! The job of `keyroll serve`: it pulls by itself, and ends when it is told to.

use std::sync::Arc;
use std::time::Duration;

use domain::connection::CredentialKind;
use domain::viewer::TenantId;
use graph_server::{CLIENT_ID, DIRECTORY, GraphServer, SECRET, World};
use rstest::rstest;
use serde_json::json;
use server::jobs;
use server::sync::{Connector, SyncSettings};
use server::vault::{Purpose, Vault};
use store::{ConnectionSecret, ConnectionSettings};

use crate::house::{Engine, House, now};

const ROOT: &str = "http://127.0.0.1:8080";

async fn connected(engine: Engine, server: &GraphServer) -> Option<(House, Connector)> {
    let house = House::open(engine).await?;
    let settings = SyncSettings { trusted_hosts: vec!["127.0.0.1:8080".to_owned()], ..SyncSettings::default() };
    let vault = Vault::of(Some("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=".to_owned()), None, None);
    let sealed = vault.seal(Purpose::Connection, &SECRET.into()).expect("sealed");
    let connection = ConnectionSettings {
        name: "Contoso".into(),
        directory: DIRECTORY.into(),
        client_id: CLIENT_ID.into(),
        authority: ROOT.into(),
        graph_root: ROOT.into(),
        credential: CredentialKind::Secret,
    };
    let admin = house.services.console(TenantId::ONLY).2;
    admin.add_connection(connection, ConnectionSecret::Sealed(sealed), now()).await.expect("connected");
    Some((house, Connector::new(settings, vault).through(Arc::new(server.door()))))
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn it_pulls_by_itself_and_ends_at_once(#[case] engine: Engine) {
    let users = vec![json!({ "id": "7a1c0de0-0000-4000-9000-000000000001", "userPrincipalName": "ada@contoso.com" })];
    let server = GraphServer::new(World { users, latency_ms: 0, ..World::default() }, ROOT, now());
    let Some((house, connector)) = connected(engine, &server).await else { return };
    let (reader, operator, _) = house.services.console(TenantId::ONLY);
    let interval = Duration::from_secs(3600);
    let pulling = jobs::sync::start(operator.clone(), connector.clone(), house.clock.clone(), interval);
    while reader.imports().await.expect("an answer").is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(operator.pull_lock().await.expect("an answer").is_none(), "logs take longer");
    // It waits: for its turn, or for the next hour.
    pulling.stop().await;
    while operator.pull_lock().await.expect("an answer").is_none() {
        tokio::task::yield_now().await;
    }

    // Nor does an answer that never comes hold it up.
    server.world(|world| world.latency_ms = 3_600_000);
    let asked = server.world(|world| world.asked.len());
    // Postgres lets go of a lock when it notices that its holder has gone: who comes too early tries again.
    let pulling = jobs::sync::start(operator.clone(), connector, house.clock.clone(), Duration::ZERO);
    while server.world(|world| world.asked.len()) == asked {
        tokio::task::yield_now().await;
    }
    pulling.stop().await;
    while operator.pull_lock().await.expect("an answer").is_none() {
        tokio::task::yield_now().await;
    }
}
