//! A Keyroll that pulls from another one has the other's figures.

use std::sync::Arc;

use domain::connection::CredentialKind;
use domain::role::Role;
use domain::viewer::TenantId;
use graph_server::InProcess;
use rstest::rstest;
use serde_json::Value;
use server::sync::{Connector, SyncSettings, Which, sync};
use server::vault::{Purpose, Vault};
use store::{ConnectionSecret, ConnectionSettings, TokenScope};

use crate::graph_api::Graph;
use crate::house::{Engine, House, now};

const ROOT: &str = "http://127.0.0.1:3000";

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn another_keyroll_has_the_same_figures(#[case] engine: Engine) {
    let Some(first) = Graph::open_large(engine).await else { return };
    let Some(second) = House::open(engine).await else { return };
    pull(&first, &second).await;
    let token = second.token("other", TokenScope::Role(Role::SecurityReader)).await;
    let second = Graph { house: second, token, asks_for_all_members: false };
    for path in [
        "/api/v1/overview?range=30d",
        "/api/v1/overview?range=7d&population=guests",
        "/api/v1/overview?range=30d&population=admins",
        "/api/v1/usage?range=30d",
        "/api/v1/usage?range=24h",
        "/api/v1/sms-and-voice",
        "/api/v1/users?size=1000&population=members",
        "/api/v1/events?size=1000&range=90d",
        "/api/v1/sign-ins?size=1000&range=90d",
        "/api/v1/mfa/blocked-users?range=90d",
        "/api/v1/mfa/fraud-alerts?range=90d",
    ] {
        let (original, copy) = (figures(first.get(path).await), figures(second.get(path).await));
        assert_eq!(copy, original, "{path}");
    }
}

/// What is told of people and of what happened. When it came, and what names it, is each installation's own.
fn figures(mut answer: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for own in
                    ["sources", "known_from", "change", "not_kept", "updated_at", "default_method", "next", "source"]
                {
                    fields.remove(own);
                }
                if fields.contains_key("feature") {
                    fields.remove("id");
                }
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut answer);
    answer
}

async fn pull(from: &Graph, into: &House) {
    let settings = SyncSettings { trusted_hosts: vec!["127.0.0.1:3000".to_owned()], ..SyncSettings::default() };
    let vault = Vault::of(Some("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=".to_owned()), None, None);
    let token = from.token.strip_prefix("Bearer ").expect("a token");
    let sealed = vault.seal(Purpose::Connection, &token.into()).expect("sealed");
    let connection = ConnectionSettings {
        name: "Another Keyroll".into(),
        directory: "7a1c0de0-0000-4000-8000-000000000001".into(),
        client_id: "7a1c0de0-0000-4000-8000-000000000002".into(),
        authority: ROOT.into(),
        graph_root: ROOT.into(),
        credential: CredentialKind::Secret,
    };
    let (_, operator, admin) = into.services.console(TenantId::ONLY);
    admin.add_connection(connection, ConnectionSecret::Sealed(sealed), now()).await.expect("connected");
    let connector = Connector::new(settings, vault).through(Arc::new(InProcess(from.house.router.clone())));
    let report = sync(&operator, &connector, &into.clock, Which::Everything).await.expect("synchronised");
    assert_eq!(report.expect("nobody else pulls").problems().collect::<Vec<_>>(), Vec::<String>::new());
}
