//! Passwords as people have them: of any signs, as long as they like, taken to the letter, filled in by whatever helps.

use axum::http::StatusCode;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use server::auth::password;
use store::NewPerson;

use crate::cli::{Console, err};
use crate::house::{Database, Engine, House, PASSWORD};

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

/// Known ones, and words of this place: of the account, the address, the organisation, and a connected tenant.
const EASY: &[&str] = &[
    "Password1234!",
    "qwertyuiop12",
    "aaaaaaaaaaaa",
    "ada adastra ada",
    "sign-ins.fabrikam.example",
    "Contoso Keyroll",
    "litware12345",
];

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_somebody_would_try_first_is_refused_wherever_one_is_set(#[case] engine: Engine) {
    let Some(house) = House::open_as(engine, "http://sign-ins.fabrikam.example:3000", false).await else { return };
    house.add_source().await;
    house.run_sql("UPDATE connections SET name = 'Litware', directory = 'litware.example'").await;
    let (_, token) = house.setup_link().await.expect("nobody is there");
    let names = [("token", token.as_str()), ("user_name", "ada"), ("display_name", "Ada Adastra")];
    for easy in EASY {
        let answer = house.post("/setup", &[], &[&names[..], &[("password", easy)]].concat()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{easy}");
        assert!(answer.text.contains("This password is easy to guess") && answer.text.contains(&token), "{easy}");
        assert!(!answer.text.contains(easy), "it is not repeated: {}", answer.text);
    }
    let swedish =
        house.post("/setup", &[("accept-language", "sv")], &[&names[..], &[("password", EASY[0])]].concat()).await;
    assert!(swedish.text.contains("Lösenordet är lätt att gissa"), "{}", swedish.text);
    let made = house.post("/setup", &[], &[&names[..], &[("password", PASSWORD)]].concat()).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);

    let id = house.services.console(TenantId::ONLY).2.people().await.expect("people")[0].id;
    let session = house.session(id).await;
    for easy in EASY {
        house.clock.advance(60_000);
        let form = [("current_password", PASSWORD), ("new_password", *easy)];
        let answer = house.post("/preferences/password", &[("cookie", &session)], &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{easy}");
        assert!(answer.text.contains("This password is easy to guess") && !answer.text.contains(easy), "{easy}");
    }

    let console = Console { database: Database::at(house.database_url().to_owned()) };
    let with_place = |args: &[&str], password: &str| {
        console.write(
            "keyroll.toml",
            "[http]\npublic_url = \"https://sign-ins.fabrikam.example\"\n[site]\norganisation = \"Contoso\"\n",
        );
        console.run_with_input(&[&["--config", "keyroll.toml"], args].concat(), &format!("{password}\n"))
    };
    for easy in EASY {
        let adding = ["user", "add", "bo", "--role", "reports-reader", "--display-name", "Ada Adastra"];
        for args in [&adding[..], &["user", "password", "ada"]] {
            let refused = with_place(args, easy);
            assert_eq!(refused.status.code(), Some(1), "{easy} {args:?}");
            assert!(err(&refused).contains("easy to guess") && !err(&refused).contains(easy), "{}", err(&refused));
        }
    }
    let changed = with_place(&["user", "password", "ada"], "seven green bicycles at dawn");
    assert_eq!(changed.status.code(), Some(0), "{}", err(&changed));
}

#[tokio::test]
async fn an_organisation_refuses_passwords_and_words_of_its_own() {
    let console = Console { database: Database::new(Engine::Sqlite).await.expect("SQLite is always there") };
    let add = |name: &str, password: &str| {
        let args = ["--config", "keyroll.toml", "user", "add", name, "--role", "reports-reader"];
        console.run_with_input(&args, &format!("{password}\n"))
    };
    console.write("keyroll.toml", "[passwords]\nrefused = \"refused.txt\"\n");
    let serve = ["--config", "keyroll.toml", "serve", "--listen", "127.0.0.1:0"];
    for missing in [add("ada", PASSWORD), console.run(&serve)] {
        assert_eq!(missing.status.code(), Some(1));
        assert!(err(&missing).contains("refused passwords refused.txt cannot be used"), "{}", err(&missing));
    }
    console.write("refused.txt", "\u{feff}Seven Green Bicycles at Dawn\r\nZwiebelfisch\r\n\r\n");
    for refused in ["seven green BICYCLES at dawn", "Zwiebelfisch Zwiebelfisch", "Zwi3belfisch2026"] {
        let answer = add("ada", refused);
        assert_eq!(answer.status.code(), Some(1), "{refused}");
        assert!(err(&answer).contains("easy to guess"), "{}", err(&answer));
    }
    for (name, taken) in [("ada", "seven green bicycles at noon"), ("bo", "Zwiebelfisch rides seven green bicycles")] {
        let answer = add(name, taken);
        assert_eq!(answer.status.code(), Some(0), "{}", err(&answer));
    }
    // A list of breaches has more lines than words that one could look for: each is compared with the whole.
    let breached: String = (0..1_001).map(|n| format!("nine purple umbrellas {n}\n")).collect();
    console.write("refused.txt", &breached);
    assert_eq!(add("cy", "Nine Purple Umbrellas 700").status.code(), Some(1));
    assert_eq!(add("cy", "nine purple umbrellas 1701").status.code(), Some(0));
    std::fs::write(console.database.dir().join("refused.txt"), [0xff, 0xfe, b'a', 0]).expect("written");
    assert!(err(&add("dee", PASSWORD)).contains("it is not UTF-8"));
}
