//! `/api/docs`: everything that the OpenAPI document says stands on the page, so that the page cannot go stale.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::role::Role;
use serde_json::Value;
use server::api::openapi;
use store::TokenScope;

use crate::house::{Engine, House};

/// The page in a language.
async fn page(language: &str) -> String {
    let house = House::open_as(Engine::Sqlite, "https://keyroll.example.org", false).await.expect("SQLite");
    let token = house.token("t", TokenScope::Role(Role::ReportsReader)).await;
    let answer = house.get(&format!("/api/docs?lang={language}"), &[("authorization", &token)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    // Leptos marks where one text ends and the next begins.
    answer.text.replace("<!>", "").replace("<!---->", "")
}

fn document() -> Value {
    serde_json::from_str(&openapi::pretty().expect("JSON")).expect("JSON")
}

/// What follows this wherever it stands, each to the next.
fn parts<'a>(page: &'a str, opening: &str) -> Vec<&'a str> {
    page.split(opening).skip(1).collect()
}

/// As HTML has a text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[tokio::test]
async fn every_operation_stands_there_with_all_it_takes_and_answers() {
    let (page, document) = (page("en").await, document());
    let articles: Vec<&str> =
        parts(&page, "<article ").iter().filter_map(|part| part.split("</article>").next()).collect();
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            operations += 1;
            let id = operation["operationId"].as_str().expect("an id");
            let article = articles.iter().find(|article| article.contains(&format!("id=\"{id}\"")));
            let article = article.unwrap_or_else(|| panic!("{id} stands there"));
            let at = format!("{method} {path}");
            assert!(article.contains(&method.to_uppercase()) && article.contains(path.as_str()), "{at}");
            assert!(page.contains(&format!("href=\"#{id}\"")), "{at} is among the contents");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let parameter = match parameter["$ref"].as_str() {
                    Some(to) => document.pointer(to.trim_start_matches('#')).expect("it is there"),
                    None => parameter,
                };
                let name = parameter["name"].as_str().expect("a name");
                assert!(article.contains(&format!(">{name}</span>")), "{at} takes {name}");
                let values = [&parameter["schema"]["enum"], &parameter["schema"]["items"]["enum"]];
                for value in values.into_iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
                    assert!(article.contains(&format!(">{}</li>", escaped(value))), "{at} takes {name}={value}");
                }
            }
            for status in operation["responses"].as_object().expect("answers").keys() {
                assert!(article.contains(&format!(">{status}</th>")), "{at} answers {status}");
            }
            assert!(article.contains("curl ") && article.contains("https://keyroll.example.org/api/v1/"), "{at}");
        }
    }
    assert_eq!(articles.len(), operations, "nothing else stands there");
}

#[tokio::test]
async fn every_parameter_is_described() {
    for (path, item) in document()["paths"].as_object().expect("paths") {
        for operation in item.as_object().expect("operations").values() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["$ref"].is_string() || parameter["description"].is_string(), "{path}: {parameter}");
            }
        }
    }
}

#[tokio::test]
async fn every_shape_stands_there_once_and_every_link_leads_somewhere() {
    let page = page("en").await;
    let quoted = |opening: &str| -> Vec<String> {
        parts(&page, opening).iter().map(|part| part.split('"').next().expect("a text").to_owned()).collect()
    };
    let ids = quoted(" id=\"");
    let once: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "no id stands there twice");
    for link in quoted("href=\"#") {
        assert!(once.contains(&link), "#{link} is on the page");
    }
    assert!(page.contains("id=\"shape-User\"") && page.contains("id=\"shape-Problem\""));
    let document = document();
    for field in document["components"]["schemas"]["User"]["properties"].as_object().expect("fields").keys() {
        let shape = page.split("id=\"shape-User\"").nth(1).and_then(|rest| rest.split("</section>").next());
        assert!(shape.expect("a shape").contains(&format!(">{field}</span>")), "{field}");
    }
}

#[tokio::test]
async fn in_swedish_the_documents_english_is_marked() {
    let page = page("sv").await;
    assert!(page.contains("<html lang=\"sv\"") && page.contains(">Parametrar<"));
    for summary in ["Registration details: one item per user of the population.", "Registration and reset events of"] {
        let before = page.split(summary).next().filter(|before| before.len() < page.len()).expect("it stands there");
        let element = before.rsplit("<div").next().expect("an element");
        assert!(element.contains("lang=\"en\""), "{element}");
    }
}
