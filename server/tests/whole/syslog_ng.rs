//! The real syslog-ng, with the configuration of `docs/push.md`, where it is installed; elsewhere its very requests.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::role::Role;
use rstest::rstest;
use serde_json::{Value, json};
use store::TokenScope;

use crate::house::{Engine, House, request};
use crate::push::{PATH, lines};
use crate::records::SIGN_INS;

const DOCUMENT: &str = include_str!("../../../docs/push.md");
const PROGRAM: &str = "/usr/sbin/syslog-ng";

/// The configuration in the document, for this server, token and file.
fn configuration(url: &str, token: &str, file: &Path) -> String {
    let (_, from) = DOCUMENT.split_once("```conf\n").expect("a configuration");
    let (text, _) = from.split_once("```").expect("its end");
    let with = text
        .replace("https://keyroll.example.org", url)
        .replace("Bearer kr_…", token)
        .replace("/var/log/entra/in.ndjson", &file.display().to_string());
    assert!(with.contains(url) && with.contains(token) && with.contains("in.ndjson"), "{with}");
    with
}

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that listens, for as long as the runtime lives.
async fn listen(house: &House) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let service = house.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    url
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn syslog_ng_delivers_every_record_once(#[case] engine: Engine) {
    if !Path::new(PROGRAM).exists() {
        eprintln!("skipped: syslog-ng is not installed");
        return;
    }
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("syslog-ng", TokenScope::Ingest).await;
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let url = listen(&house).await;
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("in.ndjson");
    std::fs::write(&file, format!("{}{{broken\n", lines(SIGN_INS))).expect("written");
    let settings = dir.path().join("syslog-ng.conf");
    std::fs::write(&settings, configuration(&url, &token, &file)).expect("written");
    let in_dir = |name: &str| dir.path().join(name).display().to_string();
    let child = Command::new(PROGRAM)
        .args(["-F", "--no-caps", "-f", &in_dir("syslog-ng.conf"), "-R", &in_dir("persist")])
        .args(["-p", &in_dir("pid"), "-c", &in_dir("control")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("syslog-ng starts");
    let _running = Running(child);
    let counts = async || {
        let data = house.get("/api/v1/data", &[("authorization", &reader)]).await.json();
        data["imports"][0]["counts"].clone()
    };
    let delivered = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            let counts = counts().await;
            if counts["records"].as_i64() >= Some(4) {
                return counts;
            }
            tokio::task::yield_now().await;
        }
    });
    let counts = delivered.await.expect("delivered within a minute");
    assert_eq!((&counts["accepted"], &counts["rejected"]), (&json!(3), &json!(1)), "{counts}");
    let list = house.get("/api/v1/sign-ins", &[("authorization", &reader)]).await.json();
    assert_eq!(list["total"], 3);
}

/// What was seen of it: batches without a newline at their end, sent again as a whole until the answer is 2xx.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_batch_that_is_sent_again_counts_once(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    let token = house.token("syslog-ng", TokenScope::Ingest).await;
    let reader = house.token("reader", TokenScope::Role(Role::ReportsReader)).await;
    let batch = format!("{}{{broken", lines(SIGN_INS));
    let headers = [("authorization", token.as_str()), ("content-type", "application/x-ndjson"), ("accept", "*/*")];
    let mut answers: Vec<Value> = Vec::new();
    for _ in 0..3 {
        let answer = house.send(request(Method::POST, PATH, &headers, Body::from(batch.clone()))).await;
        assert_eq!(answer.status, StatusCode::OK, "one bad line must not hold a batch back for ever");
        answers.push(answer.json());
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    let list = house.get("/api/v1/sign-ins", &[("authorization", &reader)]).await.json();
    assert_eq!(list["total"], 3);
}
