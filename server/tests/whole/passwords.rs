//! Passwords as people have them: of any signs, as long as they like, taken to the letter, filled in by whatever helps.

use axum::http::StatusCode;
use domain::role::Role;
use domain::viewer::TenantId;
use server::auth::password;
use store::NewPerson;

use crate::house::{Engine, House};

const LONG: &str = "åäö 汉字 \"'<> Correct Horse; Battery -- Staple % 123 and so on, for more than sixty-four signs";

#[tokio::test]
async fn a_password_is_taken_to_the_letter() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    for (name, given) in [
        ("long", LONG.to_owned()),
        ("spaces", format!("  {LONG}  ")),
        ("longer", LONG.repeat(8)),
        ("plain", "aaaaaaaaaaaa".to_owned()),
    ] {
        assert_eq!(password::check_length(&given), Ok(()), "{name}");
        let person = NewPerson {
            user_name: name.to_owned(),
            display_name: name.to_owned(),
            role: Role::ReportsReader,
            password_hash: password::hash(&given).expect("hashes"),
            now: house.clock.now(),
        };
        admin.add_person(person).await.expect("added");
        let sign_in = async |password: &str| {
            house.clock.advance(60_000);
            house.post("/sign-in", &[], &[("user_name", name), ("password", password)]).await.status
        };
        let cut: String = given.chars().take(given.chars().count() - 1).collect();
        for wrong in [given.to_lowercase() + "x", given.to_uppercase(), format!("{given} "), format!(" {given}"), cut] {
            assert_eq!(sign_in(&wrong).await, StatusCode::UNAUTHORIZED, "{name}: {wrong}");
        }
        assert_eq!(sign_in(&given).await, StatusCode::SEE_OTHER, "{name}");
    }
}

#[tokio::test]
async fn the_form_hides_it_and_lets_a_password_manager_help() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let page = house.get("/sign-in", &[]).await.text;
    let field = page.split("<input").find(|field| field.contains("name=\"password\"")).expect("a field");
    let field = field.split('>').next().expect("its end");
    assert!(field.contains("type=\"password\"") && field.contains("autocomplete=\"current-password\""), "{field}");
    assert!(!page.contains("onpaste") && !field.contains("readonly") && !field.contains("maxlength"), "{field}");
}
