use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::connection::Resource;
use domain::instant::{Instant, MINUTE_MS};
use graph::{Client, Count, Credential, Ended, Limiters, Mark, Now, Plan, Sink, Tenant, pull};
use graph_server::{CLIENT_ID, DIRECTORY, Event, GraphServer, Kind, SECRET, World};
use serde_json::{Value, json};

pub const ROOT: &str = "http://127.0.0.1:8080";

pub fn start() -> Instant {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

pub fn server(world: World) -> GraphServer {
    GraphServer::new(world, ROOT, start())
}

pub fn tenant() -> Tenant {
    tenant_of(DIRECTORY, CLIENT_ID)
}

pub fn tenant_of(directory: &str, client_id: &str) -> Tenant {
    Tenant::new(directory, client_id, ROOT, ROOT, &["127.0.0.1:8080".to_owned()]).expect("trusted")
}

pub fn clock(server: &GraphServer, ahead_ms: i64) -> Now {
    let server = server.clone();
    Arc::new(move || server.now().plus_millis(ahead_ms))
}

pub fn client(server: &GraphServer) -> Client {
    client_with(server, Credential::Secret(SECRET.into()), 0)
}

pub fn client_with(server: &GraphServer, credential: Credential, ahead_ms: i64) -> Client {
    let now = clock(server, ahead_ms);
    Client::new(tenant(), credential, Arc::new(server.door()), &Limiters::default(), now)
}

/// Keeps every record's latest copy by id, and the mark, as a database would.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    pub records: BTreeMap<String, Value>,
    pub mark: Mark,
    pub pages: usize,
}

impl Sink for Memory {
    type Error = std::convert::Infallible;

    async fn page(&mut self, body: Bytes, _: Instant) -> Result<(), Self::Error> {
        let page: Value = serde_json::from_slice(&body).expect("a whole page");
        self.pages += 1;
        for record in page["value"].as_array().expect("records") {
            let id = record["id"].as_str().expect("an id").to_owned();
            let older = self.records.get(&id).is_some_and(|kept| version(kept) > version(record));
            if !older {
                self.records.insert(id, record.clone());
            }
        }
        Ok(())
    }

    async fn mark(&mut self, mark: &Mark) -> Result<(), Self::Error> {
        self.mark = mark.clone();
        Ok(())
    }
}

pub fn version(record: &Value) -> u64 {
    record["revision"].as_u64().unwrap_or_default()
}

pub async fn run(client: &Client, resource: Resource, memory: &mut Memory) -> Ended<std::convert::Infallible> {
    pull(client, resource, memory.mark.clone(), &Plan::default(), &Count::default(), memory).await
}

pub fn done() -> Ended<std::convert::Infallible> {
    Ended::Done { without_details: false }
}

/// A record with nothing but what tells it apart, there from the moment it happens.
pub fn event(kind: Kind, number: usize, at: Instant) -> Event {
    Event { kind, at, versions: vec![(at, json!({ "id": format!("{kind:?}-{number}"), "revision": 0 }))] }
}

/// As many records as that, one a minute, up to the beginning.
pub fn minutes(kind: Kind, n: usize) -> Vec<Event> {
    (0..n).map(|i| event(kind, i, start().plus_millis(-MINUTE_MS * i64::try_from(i + 1).expect("small")))).collect()
}

pub fn people(n: usize) -> Vec<Value> {
    (0..n).map(|i| json!({ "id": format!("user-{i}"), "userPrincipalName": format!("user{i}@contoso.com") })).collect()
}
