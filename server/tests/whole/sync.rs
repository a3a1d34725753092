//! `keyroll sync` against a Graph on a port of this computer.

use std::process::{Command, Output};

use domain::connection::{CredentialKind, Resource};
use domain::instant::{Instant, MINUTE_MS};
use domain::viewer::TenantId;
use graph_server::{CLIENT_ID, DIRECTORY, Event, Fault, GraphServer, Kind, RetryAfter, SECRET, World};
use rstest::rstest;
use serde_json::{Value, json};
use server::vault::{Purpose, Vault};
use store::{ConnectionSecret, ConnectionSettings, Options, Services};

use crate::cli::{Console, err, out};
use crate::house::Engine;

const USER: &str = "7a1c0de0-0000-4000-9000-000000000001";

/// What time it is for `keyroll`, which has no clock of ours.
#[expect(clippy::disallowed_methods, reason = "the binary asks the computer, too")]
pub fn now() -> Instant {
    Instant::from_timestamp(jiff::Timestamp::now())
}

fn sign_in(i: usize, at: Instant) -> Value {
    json!({
        "id": format!("7a1c0de0-0000-4000-b000-{i:012x}"), "createdDateTime": at.to_string(), "userId": USER,
        "userPrincipalName": "ada@contoso.com", "userDisplayName": "Ada", "appDisplayName": "Office", "appId": USER,
        "isInteractive": true, "authenticationRequirement": "multiFactorAuthentication",
        "status": { "errorCode": 0, "additionalDetails": "MFA successfully completed" },
        "authenticationDetails": [{
            "authenticationMethod": "Text message", "succeeded": true, "authenticationStepDateTime": at.to_string(),
            "authenticationStepResultDetail": "MFA successfully completed",
        }],
    })
}

fn world() -> World {
    let recent = |minutes: i64| now().plus_millis(-minutes * MINUTE_MS);
    let audit = json!({
        "id": "AuthenticationMethods_1", "activityDateTime": recent(9).to_string(), "result": "success",
        "activityDisplayName": "User registered security info", "loggedByService": "Authentication Methods",
        "category": "UserManagement", "resultReason": "User registered Mobile Phone SMS",
        "initiatedBy": { "user": { "id": USER, "userPrincipalName": "ada@contoso.com" } },
        "targetResources": [{ "id": USER, "type": "User", "userPrincipalName": "ada@contoso.com" }],
    });
    let mut events = vec![Event { kind: Kind::Audit, at: recent(9), versions: vec![(recent(9), audit)] }];
    events.extend((0..7).map(|i| {
        let at = recent(i64::try_from(i).expect("small") + 10);
        Event { kind: Kind::SignIn, at, versions: vec![(at, sign_in(i, at))] }
    }));
    World {
        users: vec![json!({
            "id": USER, "userPrincipalName": "ada@contoso.com", "displayName": "Ada", "userType": "Member",
            "accountEnabled": true, "department": "Mathematics",
        })],
        registration: vec![json!({
            "id": USER, "userPrincipalName": "ada@contoso.com", "userDisplayName": "Ada", "userType": "member",
            "isSsprRegistered": true, "isSsprEnabled": true, "isSsprCapable": true, "isMfaRegistered": true,
            "isMfaCapable": true, "isPasswordlessCapable": false, "methodsRegistered": ["mobilePhone", "email"],
            "lastUpdatedDateTime": recent(60).to_string(),
        })],
        events_summary: vec![json!({
            "id": "1", "feature": "reset", "userPrincipalName": "ada@contoso.com", "userDisplayName": "Ada",
            "isSuccess": true, "authMethod": "email", "failureReason": "", "eventDateTime": recent(30).to_string(),
        })],
        events,
        page_size: 30,
        latency_ms: 0,
        // Tests do not wait: programs that follow one another know nothing of each other's requests.
        counts_requests: false,
        ..World::default()
    }
}

/// A tenant on a port, connected to an empty database.
pub struct Tenant {
    pub console: Console,
    server: GraphServer,
    host: String,
}

impl Tenant {
    async fn open(engine: Engine) -> Option<Self> {
        Self::open_with(engine, world()).await
    }

    pub async fn open_with(engine: Engine, world: World) -> Option<Self> {
        let console = Console::open(engine).await?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let server = GraphServer::new(world, &format!("http://{host}"), now());
        tokio::spawn(axum::serve(listener, server.router()).into_future());
        Some(Self { console, server, host })
    }

    pub async fn connect(&self, secret: ConnectionSecret) {
        let root = format!("http://{}", self.host);
        let settings = ConnectionSettings {
            name: "Contoso".into(),
            directory: DIRECTORY.into(),
            client_id: CLIENT_ID.into(),
            authority: root.clone(),
            graph_root: root,
            credential: CredentialKind::Secret,
        };
        let services = self.services().await;
        services.console(TenantId::ONLY).2.add_connection(settings, secret, now()).await.expect("connected");
    }

    async fn services(&self) -> Services {
        Services::open(&self.console.database.url, Options::default()).await.expect("opens")
    }

    pub fn command(&self) -> Command {
        let mut command = self.console.command(&["sync", "--json"]);
        // A day is one request for each log: more than five in all would have to wait.
        command.env("KEYROLL_SYNC_REACH_DAYS", "1").env("KEYROLL_SYNC_TRUSTED_HOSTS", &self.host);
        command
    }

    /// On a thread of its own: the Graph answers on this one.
    async fn sync(&self, environment: &[(&'static str, String)]) -> Output {
        let mut command = self.command();
        command.envs(environment.iter().cloned());
        tokio::task::spawn_blocking(move || command.output().expect("the binary runs")).await.expect("it ends")
    }
}

fn resource(output: &Output, resource: Resource) -> Value {
    let report: Value = serde_json::from_str(&out(output)).unwrap_or_else(|_| panic!("{}", err(output)));
    let resources = report["sources"][0]["resources"].as_array().expect("resources").clone();
    resources.into_iter().find(|one| one["resource"] == resource.as_str()).expect("of every resource")
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_tenant_is_read_once_and_what_is_known_stays(#[case] engine: Engine) {
    let Some(tenant) = Tenant::open(engine).await else { return };
    tenant.console.write("secret", &format!("{SECRET}\n"));
    tenant.connect(ConnectionSecret::File("secret".into())).await;
    let first = tenant.sync(&[]).await;
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    for (one, accepted) in [
        (Resource::Users, 1),
        (Resource::RegistrationDetails, 1),
        (Resource::DirectoryAudits, 1),
        (Resource::SignIns, 7),
        (Resource::NonInteractiveSignIns, 0),
        (Resource::EventsSummary, 1),
    ] {
        assert_eq!(resource(&first, one)["accepted"], accepted, "{one}");
        assert_eq!(resource(&first, one)["problem"], Value::Null, "{one}");
    }
    assert_eq!(resource(&first, Resource::EventsSummary)["by_kind"]["userEventsSummary"], 1);
    let reader = tenant.services().await.console(TenantId::ONLY).0;
    let imports = reader.imports().await.expect("an answer").len();
    assert_eq!(imports, 5, "one for each resource that brought something");
    let second = tenant.sync(&[]).await;
    assert_eq!(second.status.code(), Some(0), "{}", err(&second));
    for one in Resource::ALL {
        assert_eq!(resource(&second, *one)["accepted"], 0, "{one}");
    }
    assert_eq!(resource(&second, Resource::SignIns)["duplicate"], 7, "the last hours again");
    assert_eq!(reader.imports().await.expect("an answer").len(), imports, "what brought nothing is not kept");
    let state = reader.connected_tenants().await.expect("an answer").remove(0);
    assert!(state.resources.iter().all(|item| item.problem.is_none() && item.last_success.is_some()), "{state:?}");
    let query = domain::query::UsersQuery::parse("", now()).expect("a query");
    let ada = reader.users(&query).await.expect("an answer").items.remove(0);
    assert_eq!(ada.department.as_deref(), Some("Mathematics"));
    assert_eq!(ada.registered, domain::answer::Answer::Yes);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_not_allowed_is_said_and_the_rest_is_read(#[case] engine: Engine) {
    let Some(tenant) = Tenant::open(engine).await else { return };
    tenant.connect(ConnectionSecret::Environment("GRAPH_SECRET".into())).await;
    let without = tenant.sync(&[]).await;
    assert_eq!(without.status.code(), Some(1));
    assert!(err(&without).contains("GRAPH_SECRET is not in the environment"), "{}", err(&without));
    let secret = [("GRAPH_SECRET", SECRET.to_owned())];
    tenant.server.world(|world| world.permissions = ["AuditLog.Read.All".to_owned()].into());
    let partly = tenant.sync(&secret).await;
    assert_eq!(partly.status.code(), Some(1), "{}", err(&partly));
    assert!(err(&partly).contains("Contoso: signIns was not read to its end"), "{}", err(&partly));
    assert!(err(&partly).contains("the application lacks the permission Directory.Read.All"), "{}", err(&partly));
    assert!(!err(&partly).contains(SECRET) && !out(&partly).contains(SECRET));
    assert_eq!(resource(&partly, Resource::DirectoryAudits)["accepted"], 1);
    assert_eq!(resource(&partly, Resource::SignIns)["problem"]["problem"], "permission_missing");
    tenant.server.world(|world| {
        *world = World { secret: "another".to_owned(), counts_requests: false, ..World::default() };
    });
    let refused = tenant.sync(&secret).await;
    assert!(err(&refused).contains("the client secret is wrong (AADSTS7000215)"), "{}", err(&refused));
    assert!(!err(&refused).contains("kim@contoso.com"), "the authority's own sentence names people");
}

#[tokio::test]
async fn a_long_wait_is_kept_by_the_next_program() {
    let Some(tenant) = Tenant::open(Engine::Sqlite).await else { return };
    tenant.connect(ConnectionSecret::Environment("GRAPH_SECRET".into())).await;
    let secret = [("GRAPH_SECRET", SECRET.to_owned())];
    tenant.server.misbehave(|_| Some(Fault::TooMany(RetryAfter::Seconds(3_600))));
    let first = tenant.sync(&secret).await;
    assert_eq!(first.status.code(), Some(1));
    assert!(err(&first).contains("Graph wants no requests before"), "{}", err(&first));
    tenant.server.behave();
    let asked = tenant.server.world(|world| world.asked.len());
    let second = tenant.sync(&secret).await;
    assert!(err(&second).contains("Graph wants no requests before"), "{}", err(&second));
    assert_eq!(tenant.server.world(|world| world.asked.len()), asked, "nothing was asked");
}

#[tokio::test]
async fn a_stored_secret_opens_with_the_key_alone() {
    let Some(tenant) = Tenant::open(Engine::Sqlite).await else { return };
    let key = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=";
    let sealed = Vault::of(Some(key.to_owned()), None, None).seal(Purpose::Connection, &SECRET.into()).expect("sealed");
    tenant.connect(ConnectionSecret::Sealed(sealed)).await;
    let with_key = tenant.sync(&[("KEYROLL_KEY", key.to_owned())]).await;
    assert_eq!(with_key.status.code(), Some(0), "{}", err(&with_key));
    let other = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDY=".to_owned();
    let with_other = tenant.sync(&[("KEYROLL_KEY", other)]).await;
    assert!(err(&with_other).contains("stored with another key"), "{}", err(&with_other));
    let database = tenant.console.database.dir().join("keyroll.db");
    let bytes = std::fs::read(database).expect("a file");
    assert!(!bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()), "the secret is not in the file");
}
