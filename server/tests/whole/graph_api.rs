//! `/v1.0` and `/beta`, as clients of Microsoft Graph ask them.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};
use server::generate;
use store::TokenScope;

use crate::house::{Answer, Engine, House, now, request};
use crate::records::SIGN_IN;

pub const DETAILS: &str = "/v1.0/reports/authenticationMethods/userRegistrationDetails";

/// A server with a token of some role.
pub struct Graph {
    pub house: House,
    pub token: String,
    /// Asks for members of enumerations that came later.
    pub asks_for_all_members: bool,
}

impl Graph {
    pub async fn open(engine: Engine, role: Role) -> Option<Self> {
        let house = House::open(engine).await?;
        house.add_all_records().await;
        let token = house.token("graph", TokenScope::Role(role)).await;
        Some(Self { house, token, asks_for_all_members: false })
    }

    /// With a generated organisation, as far as Graph knows it.
    pub async fn open_large(engine: Engine) -> Option<Self> {
        let house = House::open(engine).await?;
        let dir = tempfile::tempdir().expect("a directory");
        let settings = generate::Settings {
            users: 60,
            sign_ins: 150,
            days: 20,
            seed: 6,
            end: now(),
            faults: generate::Faults::default(),
        };
        generate::write_files(&settings, dir.path()).expect("files");
        for name in generate::FILES.iter().filter(|name| name.ends_with(".jsonl")) {
            let text = std::fs::read_to_string(dir.path().join(name)).expect("a file");
            house.import(name, &text).await;
        }
        let token = house.token("graph", TokenScope::Role(Role::SecurityReader)).await;
        Some(Self { house, token, asks_for_all_members: true })
    }

    pub async fn answer(&self, path: &str) -> Answer {
        let mut headers = vec![("authorization", self.token.as_str())];
        if self.asks_for_all_members {
            headers.push(("prefer", "include-unknown-enum-members"));
        }
        self.house.get(&path.replace(' ', "%20"), &headers).await
    }

    /// A body of an answer that is well.
    pub async fn get(&self, path: &str) -> Value {
        let answer = self.answer(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }

    /// Every entity of a collection, page after page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut entities = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(&path).await;
            entities.extend(page["value"].as_array().expect("a list").iter().cloned());
            next = page["@odata.nextLink"].as_str().map(|link| {
                link.strip_prefix("http://127.0.0.1:3000").expect("the client's own scheme and host").to_owned()
            });
        }
        entities
    }

    /// The message of a refusal.
    async fn refusal(&self, path: &str, status: StatusCode, code: &str) -> String {
        let answer = self.answer(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        let error = &answer.json()["error"];
        assert_eq!(error["code"], code, "{path}");
        assert_eq!(error["innerError"]["request-id"], answer.header("request-id").expect("a number"), "{path}");
        error["message"].as_str().expect("a message").to_owned()
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn registration_details_are_those_of_graph(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::ReportsReader).await else { return };
    let page = graph.get(&format!("{DETAILS}?$orderby=userPrincipalName")).await;
    assert_eq!(
        page["@odata.context"],
        "http://127.0.0.1:3000/v1.0/$metadata#reports/authenticationMethods/userRegistrationDetails"
    );
    assert_eq!(
        page["value"][0],
        json!({
            "id": "00000000-0000-0000-0000-000000000001", "userPrincipalName": "ada@contoso.com",
            "userDisplayName": "=Ada, \"A\"", "userType": "member", "isAdmin": null, "isSsprRegistered": true,
            "isSsprEnabled": true, "isSsprCapable": true, "methodsRegistered": ["mobilePhone", "email"],
            "userPreferredMethodForSecondaryAuthentication": null, "lastUpdatedDateTime": "2026-11-18T12:00:00.000Z",
        }),
        "what is not known is left out"
    );
    assert_eq!(page["value"].as_array().map(Vec::len), Some(2));
    let one = graph.get(&format!("{}/00000000-0000-0000-0000-000000000001", DETAILS.to_lowercase())).await;
    assert_eq!(one["userPrincipalName"], "ada@contoso.com");
    assert!(one["@odata.context"].as_str().is_some_and(|context| context.ends_with("/$entity")));
    let old = graph.get("/beta/reports/credentialUserRegistrationDetails?$filter=isRegistered eq true").await;
    assert_eq!(
        old["value"],
        json!([{
            "id": "00000000-0000-0000-0000-000000000001", "userPrincipalName": "ada@contoso.com",
            "userDisplayName": "=Ada, \"A\"", "isRegistered": true, "isEnabled": true, "isCapable": true,
            "authMethods": ["mobilePhone", "email"],
        }])
    );
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn whoever_is_known_to_be_disabled_is_left_out(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::ReportsReader).await else { return };
    let bo =
        r#"{"id":"00000000-0000-0000-0000-000000000002","userPrincipalName":"bo@contoso.com","accountEnabled":false}"#;
    graph.house.import("users.jsonl", &format!("{bo}\n")).await;
    let page = graph.get(&format!("{DETAILS}?$count=true")).await;
    assert_eq!((page["@odata.count"].clone(), page["value"].as_array().map(Vec::len)), (json!(1), Some(1)));
    let message = graph
        .refusal(&format!("{DETAILS}/00000000-0000-0000-0000-000000000002"), StatusCode::NOT_FOUND, "ResourceNotFound")
        .await;
    assert_eq!(message, "There is no user with registration details '00000000-0000-0000-0000-000000000002'.");
    let users = graph.get("/v1.0/users?$count=true&$filter=accountEnabled eq false&$select=userPrincipalName").await;
    assert_eq!(users["value"], json!([{"userPrincipalName": "bo@contoso.com"}]));
    assert_eq!(users["@odata.count"], 1);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn sign_ins_are_those_of_graph(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::SecurityReader).await else { return };
    let given: Value = serde_json::from_str(crate::records::SIGN_INS).expect("JSON");
    let given = given["value"].as_array().or(given.as_array()).expect("records");
    let given = given.iter().find(|record| record["id"] == SIGN_IN).expect("Ada's");
    let beta = graph.get(&format!("/beta/auditLogs/signIns/{SIGN_IN}")).await;
    for name in [
        "id",
        "userId",
        "userPrincipalName",
        "userDisplayName",
        "appId",
        "appDisplayName",
        "ipAddress",
        "correlationId",
        "authenticationRequirement",
        "conditionalAccessStatus",
        "isInteractive",
    ] {
        assert_eq!(beta[name], given[name], "{name}");
    }
    assert_eq!(beta["status"]["errorCode"], given["status"]["errorCode"]);
    assert_eq!(
        beta["authenticationDetails"].as_array().map(Vec::len),
        given["authenticationDetails"].as_array().map(Vec::len)
    );
    let v1 = graph.get(&format!("/v1.0/auditLogs/signIns/{SIGN_IN}")).await;
    for name in ["authenticationRequirement", "authenticationDetails", "mfaDetail", "signInEventTypes"] {
        assert!(beta.get(name).is_some(), "beta has {name}");
        assert_eq!(v1.get(name), None, "v1.0 has no {name}");
    }
    let newest = graph.get("/beta/auditLogs/signIns?$filter=(userId eq '00000000-0000-0000-0000-000000000001')&$top=1&$orderby=createdDateTime desc").await;
    assert_eq!(newest["value"][0]["id"], SIGN_IN);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_restricted_is_for_those_who_may(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::ReportsReader).await else { return };
    for path in ["/beta/auditLogs/signIns".to_owned(), format!("/v1.0/auditLogs/signIns/{SIGN_IN}")] {
        let answer = graph.answer(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        for text in crate::records::RESTRICTED {
            assert!(!answer.text.contains(text), "{path}: {text}");
        }
        for name in ["ipAddress", "location", "conditionalAccessStatus", "appliedConditionalAccessPolicies"] {
            assert!(!answer.text.contains(name), "{path}: {name}");
        }
    }
    for path in [
        "/beta/auditLogs/signIns?$filter=ipAddress eq '203.0.113.9'",
        "/beta/auditLogs/signIns?$filter=startswith(location/city,'S')",
        "/v1.0/auditLogs/signIns?$orderby=ipAddress",
        "/v1.0/auditLogs/signIns?$select=id,location",
        "/v1.0/auditLogs/signIns/b01b1726-0147-425e-a7f7-21f252050400?$select=conditionalAccessStatus",
    ] {
        let message = graph.refusal(path, StatusCode::FORBIDDEN, "Authorization_RequestDenied").await;
        assert_eq!(message, "Address, location and Conditional Access of sign-ins are not for this role.", "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn events_and_audit_records_are_those_of_graph(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::SecurityReader).await else { return };
    let event = |method: &str| {
        json!({
            "feature": "registration", "userPrincipalName": "ada@contoso.com", "userDisplayName": "", "isSuccess": true,
            "authMethod": method, "failureReason": "", "eventDateTime": "2026-11-19T12:00:00.000Z",
        })
    };
    let without_id = |mut event: Value| {
        assert!(event["id"].is_string());
        event.as_object_mut().expect("an object").remove("id");
        event
    };
    let path =
        "/beta/reports/userCredentialUsageDetails?$filter=authMethod eq microsoft.graph.usageAuthMethod'mobileSMS'";
    let old = graph.get(path).await;
    assert_eq!(without_id(old["value"][0].clone()), event("mobileSMS"));
    let path = "/beta/reports/authenticationMethods/userEventsSummary?$filter=authMethod eq 'sms'";
    let new = graph.get(path).await;
    assert_eq!(without_id(new["value"][0].clone()), event("unknownFutureValue"), "a member that came later");
    let graph = Graph { asks_for_all_members: true, ..graph };
    let answer = graph.answer(path).await;
    assert_eq!(without_id(answer.json()["value"][0].clone()), event("sms"));
    assert_eq!(answer.header("preference-applied"), Some("include-unknown-enum-members"));

    let given: Value = serde_json::from_str(crate::records::AUDITS).expect("JSON");
    let given = given["value"].as_array().or(given.as_array()).expect("records");
    let audits = graph.all("/v1.0/auditLogs/directoryAudits?$top=2").await;
    assert_eq!(audits.len(), given.len());
    for record in given {
        let found = audits.iter().find(|audit| audit["id"] == record["id"]).expect("the record");
        for name in ["activityDisplayName", "loggedByService", "result", "resultReason", "correlationId", "category"] {
            // An empty text says nothing.
            let given = Some(&record[name]).filter(|text| **text != "").unwrap_or(&Value::Null);
            assert_eq!(&found[name], given, "{name}");
        }
        assert_eq!(found["targetResources"][0]["id"], record["targetResources"][0]["id"]);
        let one = graph.get(&format!("/beta/auditLogs/directoryAudits/{}", record["id"].as_str().expect("text"))).await;
        assert_eq!(one["activityDateTime"], found["activityDateTime"]);
    }
    let newest: Vec<&str> = audits.iter().filter_map(|audit| audit["activityDateTime"].as_str()).collect();
    assert!(newest.is_sorted_by(|one, other| one >= other), "{newest:?}");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn refusals_are_in_graphs_shape_and_say_where(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::ReportsReader).await else { return };
    for (path, message) in [
        ("/v1.0/groups", "Resource not found for the segment 'groups'."),
        ("/v1.0", "Resource not found for the segment ''."),
        (
            "/v1.0/reports/authenticationMethods/userEventsSummary",
            "Resource not found for the segment 'userEventsSummary'.",
        ),
        (
            "/v1.0/auditLogs/signIns?$filter=(status/errorCode eq )",
            "$filter: expected a value after 'eq' at position 22, found ')'.",
        ),
        (
            "/v1.0/auditLogs/signIns?filter=riskState eq 'none'",
            "$filter: 'riskState' at position 1 is not kept here, so nothing is told by it.",
        ),
        ("/v1.0/auditLogs/signIns?$skip=5", "$skip: this option is not supported."),
        ("/v1.0/auditLogs/signIns?$top=0", "$top: at least 1 has to be asked for."),
        ("/v1.0/auditLogs/signIns?$orderby=clientAppUsed", "$orderby: sign-ins are in no order of 'clientAppUsed'."),
        (
            "/v1.0/auditLogs/directoryAudits?$orderby=category",
            "$orderby: audit records are in no order of 'category', only of activityDateTime.",
        ),
        (
            "/v1.0/auditLogs/signIns?$skiptoken=eyJxIjoiIn0",
            "$skiptoken: this is not a link of this list; begin at its first page.",
        ),
    ] {
        assert_eq!(graph.refusal(path, StatusCode::BAD_REQUEST, "BadRequest").await, message, "{path}");
    }
    // A link of another question is no link.
    let first = graph.get("/v1.0/auditLogs/signIns?$top=1").await;
    let link = first["@odata.nextLink"].as_str().expect("a link").replace("$top=1", "$top=2");
    graph.refusal(&link, StatusCode::BAD_REQUEST, "BadRequest").await;

    let posted = request(Method::POST, "/v1.0/users", &[("authorization", &graph.token)], Body::from("{}"));
    assert_eq!(graph.house.send(posted).await.status, StatusCode::METHOD_NOT_ALLOWED);
    for (headers, status, code) in [
        (vec![], StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"),
        (vec![("authorization", "Bearer eyJ0")], StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"),
    ] {
        let answer = graph.house.get("/v1.0/auditLogs/signIns?$skip=5", &headers).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(code)));
    }
    let sender = graph.house.token("sender", TokenScope::Ingest).await;
    let headers = [("authorization", sender.as_str()), ("client-request-id", "mine-7")];
    let answer = graph.house.get("/v1.0/auditLogs/signIns", &headers).await;
    assert_eq!((answer.status, answer.header("client-request-id")), (StatusCode::FORBIDDEN, Some("mine-7")));
    assert_eq!(answer.json()["error"]["innerError"]["client-request-id"], "mine-7");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_batch_answers_each_by_itself(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::ReportsReader).await else { return };
    let batch = json!({"requests": [
        {"id": "a", "method": "GET", "url": "/users?$count=true&$top=1"},
        {"id": "b", "method": "GET", "url": "auditLogs/signIns?$filter=ipAddress eq '1.2.3.4'"},
        {"id": "c", "method": "GET", "url": "/users", "dependsOn": ["b"]},
        {"id": "d", "method": "DELETE", "url": "/users/1"},
        {"id": "e", "method": "GET", "url": "/users/ada@contoso.com?$select=id", "dependsOn": ["a"]},
    ]});
    let headers = [("authorization", graph.token.as_str()), ("content-type", "application/json")];
    let sent = request(Method::POST, "/v1.0/$batch", &headers, Body::from(batch.to_string()));
    let answer = graph.house.send(sent).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let responses = answer.json()["responses"].clone();
    let statuses: Vec<_> = responses.as_array().expect("a list").iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [200, 403, 424, 405, 200]);
    assert_eq!(responses[0]["body"]["@odata.count"], 2);
    assert_eq!(responses[4]["body"]["id"], "00000000-0000-0000-0000-000000000001");
    let many: Vec<Value> = (0..21).map(|id| json!({"id": id.to_string(), "method": "GET", "url": "/users"})).collect();
    let sent = request(Method::POST, "/v1.0/$batch", &headers, Body::from(json!({"requests": many}).to_string()));
    let answer = graph.house.send(sent).await;
    assert_eq!(answer.json()["error"]["message"], "$batch: 21 requests, and 20 are the most.");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_secret_is_a_token(#[case] engine: Engine) {
    let Some(graph) = Graph::open(engine, Role::ReportsReader).await else { return };
    let secret = graph.token.strip_prefix("Bearer ").expect("a token");
    for (secret, status) in [(secret, StatusCode::OK), ("kr_x", StatusCode::UNAUTHORIZED)] {
        let form = [("grant_type", "client_credentials"), ("client_id", "any"), ("client_secret", secret)];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let sent = request(Method::POST, "/contoso.com/oauth2/v2.0/token", &headers, Body::from(form));
        let answer = graph.house.send(sent).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        if status == StatusCode::OK {
            assert_eq!(answer.json()["access_token"], secret);
        }
    }
}
