//! Passkeys: what is believed, and what is not.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::instant::MINUTE_MS;
use domain::role::Role;
use domain::viewer::TenantId;
use rstest::rstest;
use serde_json::{Value, json};

use super::device::{BACKED_UP, BACKUP_ELIGIBLE, Device, HAS_CREDENTIAL, PRESENT, Says, VERIFIED, text};
use super::session;
use crate::access_log::written;
use crate::authenticator::SET_UP;
use crate::house::{Answer, Engine, House, request};

const URL: &str = "http://localhost:3000";
const ASK: &str = "/sign-in/passkey/options";
const SIGN_IN: &str = "/sign-in/passkey";
const ASK_NEW: &str = "/sign-in/set-up-second-step/passkey/options";
const ADD: &str = "/sign-in/set-up-second-step/passkey";

impl House {
    pub(super) async fn open_named(engine: Engine) -> Option<Self> {
        Self::open_as(engine, URL, false).await
    }

    async fn post_json(&self, path: &str, cookie: &str, body: &Value) -> Answer {
        let headers = [("cookie", cookie), ("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
        self.send(request(Method::POST, path, &headers, Body::from(body.to_string()))).await
    }

    /// Options of a passkey that is to be made, within a step.
    async fn ask_new(&self, step: &str) -> Value {
        let options = self.post(ASK_NEW, &[("cookie", step)], &[]).await;
        assert_eq!(options.status, StatusCode::OK, "{}", options.text);
        options.json()
    }

    /// Options of a sign-in, and its cookie.
    async fn ask_any(&self) -> (Value, String) {
        let options = self.post(ASK, &[], &[("return_to", "/users?q=a")]).await;
        assert_eq!(options.status, StatusCode::OK, "{}", options.text);
        (options.json(), options.cookie().expect("a step"))
    }

    /// Somebody with a passkey, and a session from setting it up.
    pub(super) async fn with_passkey(&self, user_name: &str) -> (Device, String) {
        let step = self.password(user_name).await;
        let options = self.ask_new(&step).await;
        let device = Device::new(&options);
        let added = self.post_json(ADD, &step, &device.create(&Says::to(&options, "webauthn.create"))).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.text);
        (device, session(&added).expect("a session"))
    }

    /// An honest sign-in.
    pub(super) async fn pass(&self, device: &mut Device) -> Answer {
        let (options, step) = self.ask_any().await;
        self.post_json(SIGN_IN, &step, &device.get(&Says::to(&options, "webauthn.get"))).await
    }
}

fn is_refused(answer: &Answer, what: &str) {
    assert_eq!((answer.status, session(answer)), (StatusCode::UNAUTHORIZED, None), "{what}: {}", answer.text);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_passkey_is_set_up_and_is_enough(#[case] engine: Engine) {
    let Some(house) = House::open_named(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    let page = house.get("/sign-in", &[]).await.text;
    assert!(page.contains("Sign in with a passkey"), "{page}");
    let step = house.password("ada").await;
    assert!(house.get(SET_UP, &[("cookie", &step)]).await.text.contains("Use a passkey instead"));
    let options = house.ask_new(&step).await;
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["attestation"], "none");
    let selection = &options["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&json!("required"), &json!("required")));
    assert_eq!(options["excludeCredentials"], json!([]));
    assert!(!options["user"]["id"].as_str().expect("a handle").contains("ada"));
    let mut device = Device::new(&options);
    let added = house.post_json(ADD, &step, &device.create(&Says::to(&options, "webauthn.create"))).await;
    assert_eq!(added.json()["location"], "/");
    assert!(house.is_in(&session(&added).expect("a session")).await);
    is_refused(&house.post_json(ADD, &step, &json!({})).await, "the step is over");

    let (options, step) = house.ask_any().await;
    assert_eq!((&options["rpId"], &options["userVerification"]), (&json!("localhost"), &json!("required")));
    assert!(options.get("allowCredentials").is_none(), "nobody is named");
    assert!(step.starts_with("passkey-step="), "{step}");
    let answer = house.post_json(SIGN_IN, &step, &device.get(&Says::to(&options, "webauthn.get"))).await;
    assert_eq!(answer.json()["location"], "/users?q=a");
    let here = session(&answer).expect("a session");
    assert!(house.is_in(&here).await);
    let page = house.get("/preferences", &[("cookie", &here)]).await.text;
    assert!(page.contains("Passkey: Browser"), "{page}");
    let people = house.get("/api/v1/settings/people", &[("cookie", &here)]).await.json();
    assert_eq!(people["items"][0]["factors"], json!(["passkey"]));
    // Beside the password it is the second step.
    let step = house.password("ada").await;
    let page = house.get("/sign-in/second-step", &[("cookie", &step)]).await;
    assert!(page.text.contains("Use a passkey") && !page.text.contains("name=\"code\""), "{}", page.text);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_no_new_passkey_is_not_stored(#[case] engine: Engine) {
    type Lie = fn(&mut Says);
    let Some(house) = House::open_named(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let step = house.password("ada").await;
    let lies: [(&str, Lie); 14] = [
        ("another origin", |says| says.origin = "http://evil.test:3000".to_owned()),
        ("another port", |says| says.origin = "http://localhost:3001".to_owned()),
        ("https", |says| says.origin = "https://localhost:3000".to_owned()),
        ("a name below", |says| says.name = "app.localhost".to_owned()),
        ("another name", |says| says.name = "evil.test".to_owned()),
        ("another challenge", |says| says.challenge = text(&[7; 32])),
        ("of a sign-in", |says| says.kind = "webauthn.get"),
        ("within another site", |says| says.cross_origin = Some(true)),
        ("below another site", |says| says.top_origin = Some("http://evil.test")),
        ("nobody present", |says| says.flags = VERIFIED),
        ("nobody verified", |says| says.flags = PRESENT),
        ("a copy that cannot be", |says| says.flags |= BACKED_UP),
        ("an algorithm that was not asked for", |says| says.algorithm = -35),
        ("something behind", |says| says.trailing = b"x"),
    ];
    for (what, lie) in lies {
        let options = house.ask_new(&step).await;
        let device = Device::new(&options);
        let mut says = Says::to(&options, "webauthn.create");
        lie(&mut says);
        is_refused(&house.post_json(ADD, &step, &device.create(&says)).await, what);
        let honest = device.create(&Says::to(&options, "webauthn.create"));
        is_refused(&house.post_json(ADD, &step, &honest).await, "a challenge is good once");
    }
    let options = house.ask_new(&step).await;
    let device = Device::new(&options);
    let honest = device.create(&Says::to(&options, "webauthn.create"));
    for (field, value) in [("rawId", json!("AAAA")), ("id", json!("AAAA")), ("type", json!("password"))] {
        let options = house.ask_new(&step).await;
        let mut changed = device.create(&Says::to(&options, "webauthn.create"));
        changed[field] = value;
        is_refused(&house.post_json(ADD, &step, &changed).await, field);
    }
    for broken in ["", "AAAA", "!!!", "oA"] {
        house.ask_new(&step).await;
        let mut changed = honest.clone();
        changed["response"]["attestationObject"] = broken.into();
        is_refused(&house.post_json(ADD, &step, &changed).await, broken);
    }
    assert_eq!(house.count("passkeys").await, 0);
    is_refused(&house.post_json(ADD, "", &honest).await, "no step");
    is_refused(&house.post_json(ADD, &house.password("bo").await, &honest).await, "somebody else's step");

    // An honest one, as some devices say it.
    let options = house.ask_new(&step).await;
    let mut says = Says::to(&options, "webauthn.create");
    says.extensions = true;
    says.cross_origin = None;
    says.flags |= BACKUP_ELIGIBLE | BACKED_UP;
    let added = house.post_json(ADD, &step, &device.create(&says)).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text);
    // Nobody else can have the same.
    let step = house.password("bo").await;
    let options = house.ask_new(&step).await;
    let taken = device.create(&Says::to(&options, "webauthn.create"));
    is_refused(&house.post_json(ADD, &step, &taken).await, "it is Ada's");
    assert_eq!(house.count("passkeys").await, 1);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_no_answer_of_a_passkey_signs_nobody_in(#[case] engine: Engine) {
    type Lie = fn(&mut Says);
    let Some(house) = House::open_named(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (mut ada, _) = house.with_passkey("ada").await;
    let (mut bo, _) = house.with_passkey("bo").await;
    let lies: [(&str, Lie); 13] = [
        ("another origin", |says| says.origin = "http://evil.test:3000".to_owned()),
        ("another port", |says| says.origin = "http://localhost:3001".to_owned()),
        ("another name", |says| says.name = "evil.test".to_owned()),
        ("another challenge", |says| says.challenge = text(&[7; 32])),
        ("of a passkey that is made", |says| says.kind = "webauthn.create"),
        ("within another site", |says| says.cross_origin = Some(true)),
        ("below another site", |says| says.top_origin = Some("http://evil.test")),
        ("nobody present", |says| says.flags = VERIFIED),
        ("nobody verified", |says| says.flags = PRESENT),
        ("with a credential", |says| says.flags |= HAS_CREDENTIAL),
        ("a copy that cannot be", |says| says.flags |= BACKED_UP),
        ("copies that there were not", |says| says.flags |= BACKUP_ELIGIBLE),
        ("something behind", |says| says.trailing = b"x"),
    ];
    for (what, lie) in lies {
        let (options, step) = house.ask_any().await;
        let mut says = Says::to(&options, "webauthn.get");
        lie(&mut says);
        is_refused(&house.post_json(SIGN_IN, &step, &ada.get(&says)).await, what);
        let honest = ada.get(&Says::to(&options, "webauthn.get"));
        is_refused(&house.post_json(SIGN_IN, &step, &honest).await, "a challenge is good once");
        house.clock.advance(MINUTE_MS);
    }
    assert!(session(&house.pass(&mut ada).await).is_some(), "nothing of this has changed anything");

    // Parts of one answer in another.
    let (options, step) = house.ask_any().await;
    let says = Says::to(&options, "webauthn.get");
    let (of_ada, of_bo) = (ada.get(&says), bo.get(&says));
    for (what, path, value) in [
        ("Bo's signature", "/response/signature", of_bo["response"]["signature"].clone()),
        ("Bo's handle", "/response/userHandle", of_bo["response"]["userHandle"].clone()),
        ("no handle", "/response/userHandle", Value::Null),
        ("no signature", "/response/signature", json!("")),
        ("another count", "/response/authenticatorData", {
            let mut later = Device::new(&json!({ "user": { "id": "AAAA" } }));
            later.count = 900;
            later.get_again(&says)["response"]["authenticatorData"].clone()
        }),
        ("another type", "/type", json!("password")),
        ("another raw id", "/rawId", json!("AAAA")),
    ] {
        let (options, step) = house.ask_any().await;
        let mut changed = ada.get(&Says::to(&options, "webauthn.get"));
        *changed.pointer_mut(path).expect("a part") = value;
        is_refused(&house.post_json(SIGN_IN, &step, &changed).await, what);
    }
    let mut bos = of_bo.clone();
    (bos["id"], bos["rawId"]) = (ada.id().into(), ada.id().into());
    is_refused(&house.post_json(SIGN_IN, &step, &bos).await, "Bo signs with Ada's credential");
    house.clock.advance(MINUTE_MS);
    let (options, step) = house.ask_any().await;
    let says = Says::to(&options, "webauthn.get");
    let stranger = Device::new(&json!({ "user": { "id": of_ada["response"]["userHandle"] } }));
    is_refused(&house.post_json(SIGN_IN, &step, &stranger.get_again(&says)).await, "a credential that nobody has");
    let (options, _) = house.ask_any().await;
    let answer = ada.get(&Says::to(&options, "webauthn.get"));
    is_refused(&house.post_json(SIGN_IN, "", &answer).await, "no step");
    let (_, other) = house.ask_any().await;
    is_refused(&house.post_json(SIGN_IN, &other, &answer).await, "another browser's");
    let (options, step) = house.ask_any().await;
    let answer = ada.get(&Says::to(&options, "webauthn.get"));
    house.clock.advance(10 * MINUTE_MS);
    is_refused(&house.post_json(SIGN_IN, &step, &answer).await, "after ten minutes");
    assert!(session(&house.pass(&mut ada).await).is_some() && session(&house.pass(&mut bo).await).is_some());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_passkey_that_counts_backwards_may_be_a_copy(#[case] engine: Engine) {
    let Some(house) = House::open_named(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (mut ada, _) = house.with_passkey("ada").await;
    assert!(session(&house.pass(&mut ada).await).is_some());
    for back in [0, 1] {
        ada.count -= back;
        let (options, step) = house.ask_any().await;
        let copied = ada.get_again(&Says::to(&options, "webauthn.get"));
        is_refused(&house.post_json(SIGN_IN, &step, &copied).await, "the same count, or one before");
    }
    ada.count = 0;
    is_refused(&house.pass(&mut ada).await, "it has counted before");
    ada.count = 40;
    assert!(session(&house.pass(&mut ada).await).is_some());

    // Many do not count at all.
    let step = house.password("bo").await;
    let options = house.ask_new(&step).await;
    let mut bo = Device::new(&options);
    bo.count = 0;
    house.post_json(ADD, &step, &bo.create(&Says::to(&options, "webauthn.create"))).await;
    for _ in 0..2 {
        assert!(session(&house.pass(&mut bo).await).is_some());
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn passkeys_end_with_their_person_and_are_changed_by_them_alone(#[case] engine: Engine) {
    let Some(house) = House::open_named(engine).await else { return };
    house.add_person("ada", Role::ReportsReader).await;
    house.add_person("bo", Role::ReportsReader).await;
    let (_, _, admin) = house.services.console(TenantId::ONLY);
    let (mut ada, first) = house.with_passkey("ada").await;
    let (_, bo) = house.with_passkey("bo").await;
    const ONE: &str = "/preferences/factors/passkeys/1";
    for form in [&[("change", "remove")][..], &[("change", "rename"), ("name", "mine")]] {
        assert_eq!(house.post(ONE, &[("cookie", &bo)], form).await.status, StatusCode::NOT_FOUND);
    }
    let renamed = house.post(ONE, &[("cookie", &first)], &[("change", "rename"), ("name", " <Key> ")]).await;
    assert_eq!(renamed.header("location"), Some("/preferences"));
    assert!(house.get("/preferences", &[("cookie", &first)]).await.text.contains("value=\"&lt;Key&gt;\""));
    let last = house.post(ONE, &[("cookie", &first)], &[("change", "remove")]).await;
    assert_eq!(last.status, StatusCode::CONFLICT, "nobody is left with a password alone");

    // One more device; the first is not asked again.
    let led = house.post("/preferences/factors", &[("cookie", &first)], &[]).await;
    let both = format!("{first}; {}", led.cookie().expect("a step"));
    let options = house.ask_new(&both).await;
    assert_eq!(options["excludeCredentials"][0]["id"], ada.id());
    let mut phone = Device::new(&options);
    let added = house.post_json(ADD, &both, &phone.create(&Says::to(&options, "webauthn.create"))).await;
    assert_eq!(added.json()["location"], "/preferences");
    let here = session(&added).expect("a session");
    assert!(!house.is_in(&first).await, "other sessions have ended");
    house.clock.advance(10 * MINUTE_MS + 1);
    let old = house.post(ONE, &[("cookie", &here)], &[("change", "remove")]).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN, "the sign-in is too old");
    let here = session(&house.pass(&mut phone).await).expect("a session");
    let elsewhere = session(&house.pass(&mut ada).await).expect("a session");
    let removed = house.post(ONE, &[("cookie", &here)], &[("change", "remove")]).await;
    assert_eq!(removed.header("location"), Some("/preferences"));
    assert!(house.is_in(&here).await && !house.is_in(&elsewhere).await);
    is_refused(&house.pass(&mut ada).await, "removed");

    admin.set_disabled("ada", true).await.expect("disabled");
    is_refused(&house.pass(&mut phone).await, "disabled");
    admin.set_disabled("ada", false).await.expect("enabled");
    assert!(session(&house.pass(&mut phone).await).is_some());
    admin.reset_factors("ada").await.expect("reset");
    is_refused(&house.pass(&mut phone).await, "reset");
    assert_eq!(house.count("passkeys").await, 1, "Bo's");
}

#[tokio::test]
async fn at_an_ip_address_there_are_no_passkeys() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite");
    house.add_person("ada", Role::ReportsReader).await;
    assert!(!house.get("/sign-in", &[]).await.text.contains("Sign in with a passkey"));
    let step = house.password("ada").await;
    let page = house.get(SET_UP, &[("cookie", &step)]).await.text;
    assert!(page.contains("none is to be had at an IP address") && !page.contains("Use a passkey instead"), "{page}");
    for path in [ASK, SIGN_IN, ASK_NEW, ADD] {
        let answer = house.post(path, &[("cookie", &step)], &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_passkeys_are_answered_is_written_down(#[case] engine: Engine) {
    let Some(house) = House::open_named(engine).await else { return };
    house.add_person("ada", Role::GlobalAdministrator).await;
    let (mut ada, _) = house.with_passkey("ada").await;
    let (options, step) = house.ask_any().await;
    let mut says = Says::to(&options, "webauthn.get");
    says.flags = PRESENT;
    is_refused(&house.post_json(SIGN_IN, &step, &ada.get(&says)).await, "nobody verified");
    assert!(session(&house.pass(&mut ada).await).is_some());
    assert_eq!(
        written(&house, 0).await,
        [
            "nobody sign_in allowed /sign-in?user_name=ada&factor=password",
            "person change allowed /sign-in/set-up-second-step/passkey?user_name=ada&factor=passkey",
            "nobody sign_in refused /sign-in/passkey?user_name=ada&factor=passkey",
            "person sign_in allowed /sign-in/passkey?user_name=ada&factor=passkey",
        ]
    );
}
