//! A hostile provider, a hostile network between, and a hostile browser: nobody comes in.

use axum::http::StatusCode;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use serde_json::{Value, json};
use server::auth::limiter::TRIES_PER_ADDRESS;
use server::auth::oidc::RoleRules;

use super::provider::{CLIENT_ID, CLIENT_SECRET, ENTRA, GLOBAL_ADMINISTRATOR, Rsa, Twist, signed_part};
use super::twists::{
    answer, base64url, claims, document, forge, head, keys, plus_seconds, sign_by_stranger, sign_with_secret,
};
use super::{Place, session_of};
use crate::addresses::ELSEWHERE;
use crate::house::Engine;

const BAD_GATEWAY: StatusCode = StatusCode::BAD_GATEWAY;

#[rstest]
// What the token says.
#[case::issuer_of_another(claims(|claims| claims["iss"] = json!("http://127.0.0.1:14001")))]
#[case::issuer_with_a_slash_more(claims(|claims| claims["iss"] = json!("http://127.0.0.1:14000/")))]
#[case::issuer_as_a_list(claims(|claims| claims["iss"] = json!(["http://127.0.0.1:14000"])))]
#[case::issuer_missing(claims(|claims| claims["iss"] = json!(null)))]
#[case::audience_of_another(claims(|claims| claims["aud"] = json!("another")))]
#[case::audience_of_others_too(claims(|claims| claims["aud"] = json!([CLIENT_ID, "another"])))]
#[case::audience_empty(claims(|claims| claims["aud"] = json!([])))]
#[case::audience_missing(claims(|claims| claims["aud"] = json!(null)))]
#[case::authorized_party_is_another(claims(|claims| claims["azp"] = json!("another")))]
#[case::nonce_missing(claims(|claims| claims["nonce"] = json!(null)))]
#[case::nonce_of_another_sign_in(claims(|claims| claims["nonce"] = json!("n-0S6_WzA2Mj")))]
#[case::expired(claims(|claims| plus_seconds(claims, "exp", -3_661)))]
#[case::expires_never(claims(|claims| claims["exp"] = json!(null)))]
#[case::expires_in_words(claims(|claims| claims["exp"] = json!("tomorrow")))]
#[case::expires_beyond_all_numbers(claims(|claims| claims["exp"] = json!(1e300)))]
#[case::good_in_an_hour(claims(|claims| plus_seconds(claims, "nbf", 3_600)))]
#[case::issued_in_the_future(claims(|claims| plus_seconds(claims, "iat", 3_600)))]
#[case::issued_long_ago(claims(|claims| plus_seconds(claims, "iat", -3_600)))]
#[case::issued_never(claims(|claims| claims["iat"] = json!(null)))]
#[case::nobody(claims(|claims| claims["sub"] = json!(null)))]
#[case::nobody_in_spaces(claims(|claims| claims["sub"] = json!("   ")))]
#[case::subject_with_control_characters(claims(|claims| claims["sub"] = json!("ada\nbo")))]
#[case::subject_too_long(claims(|claims| claims["sub"] = json!("a".repeat(256))))]
#[case::subject_is_a_number(claims(|claims| claims["sub"] = json!(7)))]
// How it is signed.
#[case::no_algorithm(forge(|_, mut head, claims| {
    head["alg"] = json!("none");
    format!("{}.", signed_part(&head.to_string(), &claims.to_string()))
}))]
#[case::no_algorithm_in_capitals(head(|head| head["alg"] = json!("NONE")))]
#[case::signed_with_the_public_key(forge(|provider, head, claims| {
    sign_with_secret(provider.public_key(), head, &claims)
}))]
#[case::signed_with_the_clients_secret(forge(|_, head, claims| {
    sign_with_secret(CLIENT_SECRET.as_bytes(), head, &claims)
}))]
#[case::signed_by_a_stranger(forge(|_, head, claims| sign_by_stranger(&head, &claims)))]
#[case::key_that_is_unknown(head(|head| head["kid"] = json!("key-9")))]
#[case::key_at_an_address(forge(|_, mut head, claims| {
    head["kid"] = json!("key-9");
    head["jku"] = json!("https://evil.test/keys");
    sign_by_stranger(&head, &claims)
}))]
#[case::certificate_at_an_address(forge(|_, mut head, claims| {
    head["x5u"] = json!("https://evil.test/certificate");
    sign_by_stranger(&head, &claims)
}))]
#[case::key_in_the_head(forge(|_, mut head, claims| {
    head["alg"] = json!("RS256");
    head["jwk"] = Rsa::of_tests().public("key-1");
    Rsa::of_tests().sign(&head, &claims)
}))]
#[case::key_of_another_kind(forge(|_, mut head, claims| {
    head["alg"] = json!("RS256");
    Rsa::of_tests().sign(&head, &claims)
}))]
#[case::two_keys_of_one_name(Twist {
    forge: Some(Box::new(|_, mut head, claims| {
        head["alg"] = json!("RS256");
        Rsa::of_tests().sign(&head, &claims)
    })),
    ..keys(|keys| keys["keys"].as_array_mut().expect("a list").push(Rsa::of_tests().public("key-1")))
})]
#[case::key_for_encryption(keys(|keys| keys["keys"][0]["use"] = json!("enc")))]
#[case::key_for_another_algorithm(keys(|keys| keys["keys"][0]["alg"] = json!("RS256")))]
#[case::key_that_is_a_secret(Twist {
    forge: Some(Box::new(|_, head, claims| sign_with_secret(b"known to all", head, &claims))),
    ..keys(|keys| keys["keys"] = json!([{ "kty": "oct", "kid": "key-1", "k": base64url(b"known to all") }]))
})]
#[case::signature_with_a_bit_flipped(forge(|provider, head, claims| {
    let token = provider.sign(&head, &claims);
    let (rest, last) = token.split_at(token.len() - 2);
    format!("{rest}{}", if last == "AA" { "AQ" } else { "AA" })
}))]
#[case::signature_of_other_words(forge(|provider, head, mut claims| {
    let honest = provider.sign(&head, &claims);
    claims["wids"] = json!([GLOBAL_ADMINISTRATOR]);
    let signature = honest.rsplit('.').next().expect("three parts");
    format!("{}.{signature}", signed_part(&head.to_string(), &claims.to_string()))
}))]
// How it is written.
#[case::claim_that_stands_twice(forge(|provider, head, claims| {
    let twice = claims.to_string().replacen('{', "{\"sub\":\"somebody else\",", 1);
    provider.sign_text(&head.to_string(), &twice)
}))]
#[case::algorithm_that_stands_twice(forge(|provider, head, claims| {
    let twice = head.to_string().replacen('{', "{\"alg\":\"none\",", 1);
    provider.sign_text(&twice, &claims.to_string())
}))]
#[case::demands_that_are_not_understood(head(|head| head["crit"] = json!(["b64"])))]
#[case::token_of_another_type(head(|head| head["typ"] = json!("at+jwt")))]
#[case::logout_token_for_an_id_token(head(|head| head["typ"] = json!("logout+jwt")))]
#[case::too_long(claims(|claims| claims["padding"] = json!("x".repeat(70_000))))]
#[case::five_parts(forge(|provider, head, claims| format!("{}.a.b", provider.sign(&head, &claims))))]
#[case::two_parts(forge(|_, head, claims| signed_part(&head.to_string(), &claims.to_string())))]
#[case::no_object(forge(|provider, head, _| provider.sign_text(&head.to_string(), "[1, 2]")))]
#[case::no_text(forge(|_, _, _| "…".to_owned()))]
// What the provider says of itself.
#[case::document_of_another(document(|document| document["issuer"] = json!("http://127.0.0.1:14001")))]
#[case::keys_inside_the_house(document(|document| document["jwks_uri"] = json!("http://10.0.0.7/keys")))]
#[case::tokens_from_metadata_services(document(|document| {
    document["token_endpoint"] = json!("http://169.254.169.254/latest");
}))]
#[case::keys_from_a_file(document(|document| document["jwks_uri"] = json!("file:///etc/passwd")))]
#[case::document_is_no_document(answer("document", StatusCode::OK, "<html>"))]
#[case::document_with_two_issuers(answer("document", StatusCode::OK, "{\"issuer\":\"a\",\"issuer\":\"b\"}"))]
#[case::keys_are_no_keys(answer("keys", StatusCode::OK, "{}"))]
#[case::tokens_without_an_id_token(answer("token", StatusCode::OK, "{\"access_token\":\"x\"}"))]
#[case::tokens_are_no_tokens(answer("token", StatusCode::OK, "id_token=x"))]
#[tokio::test]
async fn a_token_that_proves_nothing_lets_nobody_in(#[case] twist: Twist) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    // The browser is on its way when the provider turns.
    let sent = place.send("/").await;
    place.provider.twist(twist);
    let turned = place.come_back(&sent.cookie, &place.provider.authorize(&sent.url)).await;
    if turned.status == StatusCode::SEE_OTHER {
        // It is about what the provider says of itself, which is read again after an hour.
        place.house.run_sql("DELETE FROM sessions; DELETE FROM people").await;
        place.house.clock.advance(3_600_000);
        let refused = place.sign_in_to_or_refused().await;
        place.refuses(&refused, BAD_GATEWAY).await;
    } else {
        place.refuses(&turned, BAD_GATEWAY).await;
    }
    // It was the twist and nothing else.
    place.provider.twist(Twist::default());
    place.house.clock.advance(3_600_000);
    place.sign_in().await;
}

/// Each address in disguise, as each of the three that a document names.
#[rstest]
#[case::of_this_computer("http://127.0.0.1:14000")]
#[case::of_the_world("https://login.example.org")]
#[tokio::test]
async fn a_document_leads_nowhere_else(#[case] issuer: &str) {
    let place = Place::open_at(Engine::Sqlite, issuer, RoleRules::default()).await.expect("SQLite is always there");
    let is_local = issuer.starts_with("http:");
    let others = [
        ("an address without a name", "https://10.0.0.7"),
        ("this computer, or the world", if is_local { "https://login.example.org" } else { "https://127.0.0.1:14000" }),
        (
            "this computer by http, or its name",
            if is_local { "http://login.example.org" } else { "http://localhost:14000" },
        ),
    ];
    for (trick, address) in ELSEWHERE.into_iter().chain(others) {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let path = address.to_owned() + "/path";
            place.provider.twist(document(move |document| document[name] = json!(path)));
            let refused = place.house.get("/sign-in/oidc", &[]).await;
            assert_eq!(refused.status, BAD_GATEWAY, "{trick}: {name} {address}");
        }
    }
    place.provider.twist(Twist::default());
    place.sign_in().await;
}

#[rstest]
#[case::document_is_down("document", StatusCode::INTERNAL_SERVER_ERROR)]
#[case::document_is_moved("document", StatusCode::FOUND)]
#[case::keys_are_gone("keys", StatusCode::NOT_FOUND)]
#[case::tokens_are_down("token", StatusCode::SERVICE_UNAVAILABLE)]
#[case::too_many_requests("token", StatusCode::TOO_MANY_REQUESTS)]
#[tokio::test]
async fn a_provider_that_is_down_lets_nobody_in(#[case] path: &'static str, #[case] status: StatusCode) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    place.provider.twist(answer(path, status, "down"));
    let refused = place.sign_in_to_or_refused().await;
    place.refuses(&refused, StatusCode::SERVICE_UNAVAILABLE).await;
    place.provider.twist(Twist::default());
    place.sign_in().await;
}

#[rstest]
#[case::moved(StatusCode::FOUND)]
#[case::refused(StatusCode::BAD_REQUEST)]
#[tokio::test]
async fn tokens_that_are_refused_are_refused(#[case] status: StatusCode) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    place.provider.twist(answer("token", status, "{\"error\":\"invalid_grant\"}"));
    let refused = place.sign_in_to_or_refused().await;
    place.refuses(&refused, StatusCode::FORBIDDEN).await;
}

/// Changes what the browser brings back.
type Tamper = fn(&mut Vec<(String, String)>);

fn set(parameters: &mut [(String, String)], name: &str, value: &str) {
    let parameter = parameters.iter_mut().find(|(given, _)| given == name).expect("it is there");
    value.clone_into(&mut parameter.1);
}

#[rstest]
#[case::no_state(|all: &mut Vec<(String, String)>| all.retain(|(name, _)| name != "state"))]
#[case::empty_state(|all: &mut Vec<(String, String)>| set(all, "state", ""))]
#[case::other_state(|all: &mut Vec<(String, String)>| set(all, "state", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))]
#[case::state_that_stands_twice(|all: &mut Vec<(String, String)>| all.push(all[1].clone()))]
#[case::code_that_stands_twice(|all: &mut Vec<(String, String)>| all.push(("code".to_owned(), "another".to_owned())))]
#[case::no_code(|all: &mut Vec<(String, String)>| all.retain(|(name, _)| name != "code"))]
#[case::empty_code(|all: &mut Vec<(String, String)>| set(all, "code", ""))]
#[case::issuer_of_another(|all: &mut Vec<(String, String)>| set(all, "iss", "https://evil.test"))]
#[case::issuer_that_is_not_named(|all: &mut Vec<(String, String)>| all.retain(|(name, _)| name != "iss"))]
#[tokio::test]
async fn an_answer_to_another_question_lets_nobody_in(#[case] tamper: Tamper) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let sent = place.send("/").await;
    let mut parameters = place.provider.authorize(&sent.url);
    tamper(&mut parameters);
    let refused = place.come_back(&sent.cookie, &parameters).await;
    place.refuses(&refused, StatusCode::BAD_REQUEST).await;
    assert_eq!(place.provider.asked("authorization_code"), 0, "the code is not shown to anybody");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn an_answer_is_good_once_and_in_one_browser(#[case] engine: Engine) {
    let Some(place) = Place::open(engine).await else { return };
    let (mine, other) = (place.send("/").await, place.send("/").await);
    let answer = place.provider.authorize(&mine.url);

    let stolen = place.come_back("", &answer).await;
    place.refuses(&stolen, StatusCode::BAD_REQUEST).await;
    let in_other = place.come_back(&other.cookie, &answer).await;
    place.refuses(&in_other, StatusCode::BAD_REQUEST).await;

    // Also where the provider is careless about codes.
    place.provider.twist(Twist { is_careless: true, ..Twist::default() });
    let first = place.come_back(&mine.cookie, &answer).await;
    assert!(session_of(&first).is_some(), "{}", first.text);
    let again = place.come_back(&mine.cookie, &answer).await;
    assert_eq!((again.status, session_of(&again)), (StatusCode::BAD_REQUEST, None));
}

#[tokio::test]
async fn a_code_of_somebody_else_is_of_no_use() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let (mine, other) = (place.send("/").await, place.send("/").await);
    let mut answer = place.provider.authorize(&mine.url);
    // The attacker's own code, with the state of the one who is to come in as the attacker.
    let code = place.provider.authorize(&other.url).swap_remove(0).1;
    set(&mut answer, "code", &code);
    let refused = place.come_back(&mine.cookie, &answer).await;
    place.refuses(&refused, StatusCode::FORBIDDEN).await;
    // A provider that does not look at PKCE gives a token of another sign-in: the nonce tells.
    place.provider.twist(Twist { is_careless: true, ..Twist::default() });
    let mine = place.send("/").await;
    let mut answer = place.provider.authorize(&mine.url);
    set(&mut answer, "code", &place.provider.authorize(&place.send("/").await.url).swap_remove(0).1);
    let refused = place.come_back(&mine.cookie, &answer).await;
    place.refuses(&refused, BAD_GATEWAY).await;
}

#[tokio::test]
async fn cookies_of_ones_own_making_do_not_have_the_provider_asked_for_ever() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let mut asked = Vec::new();
    for _ in 0..=TRIES_PER_ADDRESS {
        let sent = place.send("/").await;
        let mut answer = place.provider.authorize(&sent.url);
        set(&mut answer, "code", "made-up");
        asked.push(place.come_back(&sent.cookie, &answer).await);
    }
    let last = asked.pop().expect("an answer");
    assert!(asked.iter().all(|answer| answer.status == StatusCode::FORBIDDEN));
    place.refuses(&last, StatusCode::TOO_MANY_REQUESTS).await;
    assert_eq!(last.header("retry-after"), Some("60"));
    assert_eq!(place.provider.asked("authorization_code"), asked.len());
}

#[tokio::test]
async fn who_comes_back_too_late_begins_again() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let sent = place.send("/").await;
    place.house.clock.advance(15 * 60_000);
    let refused = place.come_back(&sent.cookie, &place.provider.authorize(&sent.url)).await;
    place.refuses(&refused, StatusCode::BAD_REQUEST).await;
}

#[tokio::test]
async fn a_refusal_of_the_provider_is_told() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    let sent = place.send("/").await;
    let state = place.provider.authorize(&sent.url).swap_remove(1);
    let iss = ("iss".to_owned(), "http://127.0.0.1:14000".to_owned());
    let answer = [("error".to_owned(), "access_denied".to_owned()), state, iss];
    let refused = place.come_back(&sent.cookie, &answer).await;
    place.refuses(&refused, StatusCode::FORBIDDEN).await;
}

#[rstest]
#[case("https://evil.test/")]
#[case("//evil.test")]
#[case("/\\evil.test")]
#[case("/%2fevil.test/../..//evil.test\n")]
#[case("@evil.test")]
#[case("javascript:alert(1)")]
#[tokio::test]
async fn the_way_back_stays_on_this_site(#[case] elsewhere: &str) {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    assert_eq!(place.sign_in_to(elsewhere).await.header("location"), Some("/"), "{elsewhere}");
    // Nor where the browser's cookie says otherwise.
    let sent = place.send("/").await;
    let (rest, _) = sent.cookie.rsplit_once('.').expect("three parts");
    let cookie = format!("{rest}.{}", base64url(elsewhere.as_bytes()));
    let answer = place.come_back(&cookie, &place.provider.authorize(&sent.url)).await;
    assert_eq!(answer.header("location"), Some("/"), "{elsewhere}");
}

#[tokio::test]
async fn an_address_that_passed_on_to_somebody_else_brings_no_rights() {
    let place = Place::open(Engine::Sqlite).await.expect("SQLite is always there");
    place.provider.person(json!({ "wids": [GLOBAL_ADMINISTRATOR] }));
    place.sign_in().await;
    place.provider.person(json!({ "sub": "pairwise-eve", "wids": [super::provider::REPORTS_READER] }));
    let eve = place.sign_in().await;
    assert_eq!(place.house.get("/settings/sources", &[("cookie", &eve)]).await.status, StatusCode::FORBIDDEN);
    let (_, _, admin) = place.house.services.console(TenantId::ONLY);
    let roles: Vec<_> = admin.people().await.expect("people").iter().map(|person| person.role).collect();
    assert_eq!(roles, [Role::GlobalAdministrator, Role::ReportsReader], "two people with one address");
}

#[rstest]
#[case::another_tenant(json!({ "tid": "11111111-86f1-41af-91ab-2d7cd011db47" }))]
#[case::no_tenant(json!({ "tid": null }))]
#[case::no_object_id(json!({ "oid": null }))]
#[tokio::test]
async fn entra_has_to_name_tenant_and_person(#[case] person: Value) {
    let place = Place::open_at(Engine::Sqlite, ENTRA, RoleRules::default()).await.expect("SQLite is always there");
    place.provider.person(person);
    let refused = place.sign_in_to("/").await;
    place.refuses(&refused, BAD_GATEWAY).await;
}
