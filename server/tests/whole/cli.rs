//! The binary as people run it: what it prints where, and its exit codes.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use domain::access::ActorKind;
use domain::report::AccessItem;
use rstest::rstest;

use crate::house::{Database, Engine, PASSWORD};

pub struct Console {
    pub database: Database,
}

impl Console {
    pub async fn open(engine: Engine) -> Option<Self> {
        Some(Self { database: Database::new(engine).await? })
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyroll"));
        command.args(args).current_dir(self.database.dir()).env("DATABASE_URL", &self.database.url);
        // Settings of this computer, and what only the tests are told, such as `KEYROLL_KILLS`.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("KEYROLL_")) {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary runs")
    }

    pub fn run_with_input(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.command(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("taken");
        child.wait_with_output().expect("ends")
    }

    /// Adds a person whose password is [`PASSWORD`].
    pub fn add_person(&self, user_name: &str, role: &str) {
        let add = self.run_with_input(&["user", "add", user_name, "--role", role], &format!("{PASSWORD}\n"));
        assert_eq!(add.status.code(), Some(0), "{}", err(&add));
    }

    /// Makes a token of a role.
    pub fn token(&self, name: &str, role: &str) -> String {
        let made = self.run(&["token", "create", "--role", role, "--name", name]);
        assert_eq!(made.status.code(), Some(0), "{}", err(&made));
        out(&made).trim().to_owned()
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.database.dir().join(name), text).expect("written");
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

pub const DETAILS: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","userPrincipalName":"ada@contoso.com","userDisplayName":"Ada","userType":"member","isAdmin":false,"isSsprRegistered":true,"isSsprEnabled":true,"isSsprCapable":true,"isMfaRegistered":true,"isMfaCapable":true,"isPasswordlessCapable":false,"methodsRegistered":["email","mobilePhone"],"defaultMfaMethod":"mobilePhone","lastUpdatedDateTime":"2026-11-10T12:00:00Z"}
{"id":"00000000-0000-0000-0000-000000000002","userPrincipalName":"bo@contoso.com","userDisplayName":"Bo","userType":"member","isAdmin":false,"isSsprRegistered":false,"isSsprEnabled":true,"isSsprCapable":false,"isMfaRegistered":false,"isMfaCapable":false,"isPasswordlessCapable":false,"methodsRegistered":[],"lastUpdatedDateTime":"2026-11-10T12:00:00Z"}
"#;

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn importing_twice_changes_nothing(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    console.write("details.jsonl", DETAILS);
    let first = console.run(&["import", "details.jsonl", "--json"]);
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let sums: serde_json::Value = serde_json::from_str(&out(&first)).expect("JSON alone on stdout");
    let expected = serde_json::json!({"files": 1, "records": 2, "accepted": 2, "duplicate": 0, "replaced": 0,
        "skipped": 0, "rejected": 0, "by_kind": {"userRegistrationDetails": 2}});
    assert_eq!(sums, expected);
    let second = console.run_with_input(&["import", "-", "--json"], DETAILS);
    assert_eq!(second.status.code(), Some(0), "{}", err(&second));
    let sums: serde_json::Value = serde_json::from_str(&out(&second)).expect("JSON");
    assert_eq!((&sums["accepted"], &sums["duplicate"]), (&0.into(), &2.into()));

    let users = console.run(&["export", "users", "--format", "csv", "--registered", "no", "--columns", "user_name"]);
    assert_eq!(out(&users), "user_name\r\nbo@contoso.com\r\n", "{}", err(&users));
    let users = console.run(&["export", "users", "--format", "jsonl", "--sort", "-user_name", "--columns=user_name"]);
    assert_eq!(out(&users), "{\"user_name\":\"bo@contoso.com\"}\n{\"user_name\":\"ada@contoso.com\"}\n");
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_cannot_be_read_is_told_with_its_place(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    let first = DETAILS.lines().next().expect("a line");
    console.write("half.jsonl", &format!("{first}\n{{\"broken\n{first}\n"));
    let output = console.run(&["import", "half.jsonl"]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(err(&output).contains("half.jsonl:2: "), "{}", err(&output));
    assert!(out(&output).contains("1 quarantined"), "{}", out(&output));

    console.write("picture.png", "\u{89}PNG\r\n\u{1a}\n\0\0\0\rIHDR");
    console.write("empty.json", "");
    console.write("whole.jsonl", DETAILS);
    let output = console.run(&["import", "picture.png", "empty.json", "whole.jsonl", "--json"]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(err(&output).contains("picture.png: refused: "), "{}", err(&output));
    let sums: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(sums["files"], 3, "the rest was imported");
    assert_eq!(sums["accepted"], 1, "the first user was there already");
}

#[tokio::test]
async fn paths_are_looked_at_before_anything_is_imported() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    console.write("details.jsonl", DETAILS);
    std::fs::create_dir(console.database.dir().join("nothing")).expect("made");
    for paths in [&["details.jsonl", "missing.jsonl"][..], &["details.jsonl", "nothing"]] {
        let output = console.run(&[&["import"], paths].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains(paths[1]) && err(&output).contains("nothing was imported"), "{}", err(&output));
    }
    let users = console.run(&["export", "users", "--format", "csv", "--columns", "id"]);
    assert_eq!(out(&users), "id\r\n");
    // The files of a directory, by name; what lies deeper is left alone.
    let folder = console.database.dir().join("exports");
    std::fs::create_dir_all(folder.join("deeper")).expect("made");
    std::fs::write(folder.join("a.jsonl"), DETAILS).expect("written");
    let output = console.run(&["import", "exports", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("\"files\":1"), "{}", out(&output));
}

#[test]
fn wrong_usage_is_code_2() {
    let console = Console { database: futures::executor::block_on(Database::new(Engine::Sqlite)).expect("SQLite") };
    for args in [
        &[][..],
        &["import"],
        &["import", "x", "--observed-at", "yesterday"],
        &["import", "x", "--date-order", "ymd"],
        &["fly"],
        &["user", "add", "ada"],
        &["user", "add", "ada", "--role", "emperor"],
        &["token", "create", "--name", "t"],
        &["token", "create", "--name", "t", "--role", "reports-reader", "--scope", "ingest"],
        &["token", "create", "--name", "t", "--role", "reports-reader", "--expires", "soon"],
        &["export", "users"],
        &["export", "users", "--format", "csv", "--feature", "reset"],
        &["export", "users", "--format", "csv", "--registered", "maybe"],
        &["export", "nothing", "--format", "csv"],
        &["export", "mfa", "--format", "csv"],
        &["export", "sign-ins", "--format", "csv", "--feature", "reset"],
        &["export", "sign-ins", "--format", "csv", "--challenged", "unknown"],
        &["export", "mfa/servers", "--format", "csv", "--status", "open"],
        &["export", "lists/mfa-registered", "--format", "pdf"],
        &["serve", "--demo", "--listen", "0.0.0.0:0"],
        &["serve", "--tls-cert", "certificate.pem"],
        &["serve", "--tls-key", "key.pem"],
        &["serve", "--log-format", "xml"],
    ] {
        let output = console.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(!err(&output).is_empty() && out(&output).is_empty(), "{args:?}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn people_are_managed_from_the_console(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    let add = ["user", "add", "ada@contoso.com", "--role", "global-reader", "--display-name", "Ada"];
    let short = console.run_with_input(&add, "too short\n");
    assert_eq!(short.status.code(), Some(1));
    assert!(err(&short).contains("at least 12 characters"), "{}", err(&short));
    let added = console.run_with_input(&add, "a long enough password\n");
    assert_eq!(added.status.code(), Some(0), "{}", err(&added));
    let again = console.run_with_input(&add, "a long enough password\n");
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("exists already"), "{}", err(&again));
    assert_eq!(
        console.run(&["user", "set-role", "ada@contoso.com", "--role", "reports-reader"]).status.code(),
        Some(0)
    );
    assert_eq!(console.run(&["user", "disable", "ada@contoso.com"]).status.code(), Some(0));
    assert_eq!(console.run(&["user", "disable", "bo@contoso.com"]).status.code(), Some(1));
    let list = console.run(&["user", "list"]);
    assert_eq!(out(&list), "ada@contoso.com\treports-reader\tAda\tdisabled\tno second factor yet\n");
    let json: serde_json::Value = serde_json::from_str(&out(&console.run(&["user", "list", "--json"]))).expect("JSON");
    assert_eq!(json[0]["role"], "reports-reader");
    assert!(json[0].get("password_hash").is_none());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_token_is_printed_alone_and_once(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    let made = console.run(&["token", "create", "--role", "reports-reader", "--name", "siem", "--expires", "12h"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let token = out(&made);
    assert!(token.starts_with("kr_") && token.ends_with('\n') && token.lines().count() == 1, "{token}");
    let push = console.run(&["token", "create", "--scope", "ingest", "--name", "push"]);
    assert_eq!(push.status.code(), Some(0), "{}", err(&push));
    let list = out(&console.run(&["token", "list", "--json"]));
    assert!(!list.contains(token.trim()), "{list}");
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(2));
    assert_eq!(console.run(&["token", "revoke", "siem"]).status.code(), Some(0));
    assert_eq!(console.run(&["token", "revoke", "nothing"]).status.code(), Some(1));
    assert!(out(&console.run(&["token", "list"])).contains("revoked"), "a revoked token stays listed");
}

#[tokio::test]
async fn settings_and_databases_that_cannot_be_used_are_named() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    console.write("keyroll.toml", "[http]\nlisen = \"127.0.0.1:1\"\n");
    let output = console.run(&["--config", "keyroll.toml", "migrate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("keyroll.toml") && err(&output).contains("lisen"), "{}", err(&output));
    let output = console.run(&["--config", "missing.toml", "migrate"]);
    assert!(err(&output).contains("missing.toml"), "{}", err(&output));
    let output = console.run(&["--database-url", "mysql://x", "migrate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("mysql://x"), "{}", err(&output));
    assert_eq!(console.run(&["migrate"]).status.code(), Some(0));
}

#[tokio::test]
async fn plain_http_is_for_this_computer() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    let output = console.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("--allow-insecure-http"), "{}", err(&output));
}

#[tokio::test]
async fn a_demo_database_takes_no_real_data() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    console.write("details.jsonl", DETAILS);
    let services = store::Services::open(&console.database.url, store::Options::default()).await.expect("opens");
    services.mark_demo().await.expect("empty");
    for args in [&["import", "details.jsonl"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let output = console.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(err(&output).contains("takes no real data"), "{}", err(&output));
    }
}

/// What is done at the console is written down as the console's.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn commands_are_written_down(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    console.add_person("sara@contoso.com", "global-reader");
    console.token("siem", "global-reader");
    console.run(&["token", "revoke", "siem"]);
    console.run(&["retention", "set", "sign_ins", "--days", "90"]);
    console.run(&["export", "users", "--format", "csv"]);
    let read = console.run(&["export", "settings/access-log", "--format", "jsonl", "--sort", "at"]);
    let lines: Vec<AccessItem> = out(&read).lines().map(|line| serde_json::from_str(line).expect("an entry")).collect();
    assert!(lines.iter().all(|entry| entry.actor_kind == ActorKind::Console));
    let said: Vec<String> = lines
        .into_iter()
        .map(|entry| format!("{} {} {}", entry.route, entry.action, entry.target.unwrap_or_default()))
        .collect();
    assert_eq!(
        said[..6],
        [
            "keyroll user add change sara@contoso.com as global-reader",
            "keyroll token create change siem as global-reader",
            "keyroll token revoke change siem",
            "keyroll retention set change sign_ins 90 days",
            "keyroll export export users.csv?",
            "keyroll export export_end users.csv?",
        ]
    );
}
