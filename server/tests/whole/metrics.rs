//! What Prometheus reads: the same figures as the API gives, on a listener of their own.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::instant::DAY_MS;
use domain::role::Role;
use rstest::rstest;
use serde_json::Value;
use store::TokenScope;

use crate::cli::{Console, DETAILS, err};
use crate::house::{Engine, House};
use crate::served::{Server, client};
use crate::tls::Pair;

type Samples = BTreeMap<String, f64>;

/// Every sample by its name and labels, with the labels in the order of the alphabet.
fn samples(text: &str) -> Samples {
    assert!(text.ends_with("# EOF\n"), "{text}");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        let (name, labels) = name.split_once('{').unwrap_or((name, "}"));
        let mut labels: Vec<&str> = labels.strip_suffix('}').expect("the end").split("\",").collect();
        labels.sort_unstable();
        let labels: Vec<String> = labels.iter().map(|label| label.replace('"', "")).collect();
        (format!("{name}{{{}}}", labels.join(",")), value.parse().expect("a number"))
    };
    lines.map(sample).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn seconds(value: &Value) -> f64 {
    let at: domain::instant::Instant = value.as_str().expect("text").parse().expect("an instant");
    at.millis() as f64 / 1000.0
}

/// What the API's figures would be as samples.
fn expected(overview: &Value, data: &Value) -> Samples {
    let mut samples = Samples::new();
    for (tile, tally) in overview["tiles"].as_object().expect("tiles") {
        for answer in ["yes", "no", "unknown"] {
            samples.insert(format!("keyroll_users{{answer={answer},tile={tile}}}"), number(&tally[answer]));
        }
    }
    for (insight, n) in overview["insights"].as_object().expect("insights") {
        samples.insert(format!("keyroll_users_insight{{insight={insight}}}"), number(n));
    }
    for source in data["sources"].as_array().expect("sources") {
        let label = format!("{{source={}}}", source["source"].as_str().expect("a name"));
        let refreshed = seconds(&source["last_refreshed"]);
        samples.insert(format!("keyroll_source_last_refreshed_timestamp_seconds{label}"), refreshed);
        samples.insert(format!("keyroll_source_covers_to_timestamp_seconds{label}"), seconds(&source["covers_to"]));
        if source["stale_after_hours"].is_number() {
            let is_stale = source["stale"].as_bool().expect("yes or no");
            samples.insert(format!("keyroll_source_stale{label}"), f64::from(u8::from(is_stale)));
        }
    }
    for outcome in ["accepted", "duplicate", "replaced", "skipped", "rejected"] {
        let n = number(&data["last_30_days"][outcome]);
        samples.insert(format!("keyroll_records_last_30_days{{outcome={outcome}}}"), n);
    }
    samples
}

/// Samples of what is stored, and of nothing that the process counts or checks itself.
fn of_the_store(mut samples: Samples) -> Samples {
    let own = ["keyroll_http_", "keyroll_build_", "keyroll_self_check_"];
    samples.retain(|name, _| !own.iter().any(|own| name.starts_with(own)));
    samples
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn figures_are_those_of_the_api(#[case] engine: Engine) {
    let Some(house) = House::open(engine).await else { return };
    for (registered, stale) in [(0.0, None), (1.0, Some(0.0)), (1.0, Some(1.0))] {
        // A token lasts a day.
        let name = house.clock.now().to_string();
        let token = house.token(&name, TokenScope::Role(Role::ReportsReader)).await;
        let headers = [("authorization", token.as_str())];
        let overview = house.get("/api/v1/overview?range=30d", &headers).await.json();
        let data = house.get("/api/v1/data", &headers).await.json();
        let scraped = house.scrape().await;
        assert_eq!(scraped.status, StatusCode::OK);
        let text = scraped.header("content-type").expect("a type").to_owned();
        assert!(text.starts_with("application/openmetrics-text"), "{text}");
        let samples = of_the_store(samples(&scraped.text));
        assert_eq!(samples, expected(&overview, &data));
        assert_eq!(samples["keyroll_users{answer=yes,tile=registered}"], registered);
        let source = "keyroll_source_stale{source=userRegistrationDetails}";
        assert_eq!(samples.get(source).copied(), stale);
        for name in ["ada", "Ada", "contoso"] {
            assert!(!scraped.text.contains(name), "{name}: {}", scraped.text);
        }
        // The second time there is something, the third time it is old.
        if stale.is_none() {
            house.add_records().await;
        } else {
            house.clock.advance(2 * DAY_MS);
        }
        house.clock.advance(1_000);
    }
}

#[tokio::test]
async fn figures_that_cannot_be_read_are_not_zero() {
    for table in ["ALTER TABLE sources RENAME TO elsewhere", "ALTER TABLE imports RENAME TO elsewhere"] {
        let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
        assert_eq!(house.scrape().await.status, StatusCode::OK);
        house.run_sql(table).await;
        let scraped = house.scrape().await;
        assert_eq!(scraped.status, StatusCode::SERVICE_UNAVAILABLE, "{table}");
        assert_eq!(scraped.text, "the database does not answer\n");
    }
}

#[tokio::test]
async fn requests_are_counted_by_route() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    house.add_records().await;
    let cookie = house.sign_in(Role::ReportsReader).await;
    let headers = [("cookie", cookie.as_str())];
    for path in ["/users/00000000-0000-0000-0000-000000000001", "/users/nobody", "/users/none?q=ada"] {
        house.get(path, &headers).await;
    }
    house.get("/livez", &[]).await;
    house.get("/made/up/path", &headers).await;
    house.get("/overview", &[]).await;
    house.post("/preferences", &headers, &[("lang", "none")]).await;
    let text = house.scrape().await.text;
    let samples = samples(&text);
    for (route, method, status, n) in [
        ("/users/{id}", "GET", "2xx", 1.0),
        ("/users/{id}", "GET", "4xx", 2.0),
        ("/livez", "GET", "2xx", 1.0),
        ("/overview", "GET", "3xx", 1.0),
        ("none", "GET", "4xx", 1.0),
    ] {
        let name = format!("keyroll_http_requests_total{{method={method},route={route},status={status}}}");
        assert_eq!(samples.get(&name), Some(&n), "{name}: {text}");
    }
    assert_eq!(samples["keyroll_http_request_duration_seconds_count{method=GET,route=/users/{id}}"], 3.0);
    assert_eq!(samples["keyroll_http_request_duration_seconds_bucket{le=+Inf,method=GET,route=/users/{id}}"], 3.0);
    assert!(samples.contains_key("keyroll_http_requests_total{method=POST,route=/preferences,status=4xx}"), "{text}");
    assert_eq!(samples[&format!("keyroll_build_info{{version={}}}", env!("CARGO_PKG_VERSION"))], 1.0);
    for word in ["nobody", "made/up", "00000000-0000", "ada"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[tokio::test]
async fn they_have_a_listener_of_their_own() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    console.write("details.jsonl", DETAILS);
    assert_eq!(console.run(&["import", "details.jsonl"]).status.code(), Some(0));
    let token = console.token("supervisor", "reports-reader");
    let server = Server::start_with(&console, &["--metrics-listen", "127.0.0.1:0"]);
    let (client, metrics) = (client().build().expect("a client"), server.metrics.clone().expect("it says where"));
    let scraped = client.get(&metrics).send().await.expect("an answer").text().await.expect("text");
    let (overview, data) = (server.json(&token, "/api/v1/overview?range=30d"), server.json(&token, "/api/v1/data"));
    assert_eq!(of_the_store(samples(&scraped)), expected(&overview, &data));

    assert_eq!(server.get(&token, "/metrics").status, 404, "not among the pages");
    let pages = client.get(metrics.replace("/metrics", "/overview")).send().await.expect("an answer");
    assert_eq!(pages.status(), 404, "and no pages beside them");
    drop(server);
    assert_eq!(Server::start(&console).metrics, None, "nowhere unless asked for");
}

#[tokio::test]
async fn other_computers_read_them_only_where_that_is_said() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let output = console.run(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("--allow-remote-metrics"), "{}", err(&output));
    let told = ["--metrics-listen", "0.0.0.0:0", "--allow-remote-metrics"];
    let output = console.run(&[&["serve", "--listen", "127.0.0.1:0"], &told[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("by plain http"), "{}", err(&output));
    let server = Server::start_with(&console, &[&told[..], &["--allow-insecure-http"]].concat());
    assert!(server.metrics.is_some());
}

#[tokio::test]
async fn with_a_certificate_they_are_encrypted_too() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let pair = Pair::make();
    pair.write(&console);
    let flags = ["--tls-cert", "certificate.pem", "--tls-key", "key.pem", "--metrics-listen"];
    let remote = Server::start_with(&console, &[&flags[..], &["0.0.0.0:0", "--allow-remote-metrics"]].concat());
    assert!(remote.metrics.as_ref().is_some_and(|url| url.starts_with("https://")), "{:?}", remote.metrics);
    drop(remote);
    let server = Server::start_with(&console, &[&flags[..], &["127.0.0.1:0"]].concat());
    let metrics = server.metrics.clone().expect("it says where");
    let scraped = pair.client().build().expect("a client").get(&metrics).send().await.expect("an answer");
    assert!(scraped.text().await.expect("text").ends_with("# EOF\n"));
    let plain = client().build().expect("a client").get(metrics.replace("https", "http")).send().await;
    assert!(plain.is_err(), "{plain:?}");
}
