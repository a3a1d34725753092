//! Secrets and phone numbers planted wherever one could get in; then every byte that the program has left anywhere is looked
//! through: none comes out, but for a secret that is shown once to whoever made it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use calamine::{Reader as _, Xlsx};
use rstest::rstest;
use serde_json::{Value, json};

use crate::cli::{Console, out};
use crate::house::{Engine, PASSWORD};
use crate::served::{self, Server, client, cookie_of};

mod records;
mod tenant;

use records::{LEFT, NUMBER};
use tenant::{CLIENT_ID, ECHOING, Tenant};

/// 32 bytes that say so themselves.
const KEY: &str = "Y2FuYXJ5LWtleS1jYW5hcnkta2V5LWNhbmFyeS1rZXk=";
const KEY_BYTES: &str = "canary-key-canary-key";
const GRAPH_SECRET: &str = "canaryGraph~Qq8.Secret";
const OIDC_SECRET: &str = "canaryOidc~Ww7.Secret";
/// Typed into the field for passwords, and, by mistake, into that for names.
const MISTYPED: &str = "canary mistyped password";
const MISPLACED: &str = "canary misplaced password";
/// Of which nothing comes but that it is easy to guess.
const EASY: &str = "canarycanarycanary";

/// What was found, and where it came from.
#[derive(Default)]
struct Heap(Vec<(String, Vec<u8>)>);

impl Heap {
    fn add(&mut self, from: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push((from.into(), bytes.into()));
    }

    /// The files of a folder as they are, and as what they are packed from.
    fn add_files(&mut self, folder: &Path, but: &[&str]) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_file() && !but.contains(&name.as_str()) {
                self.add(name, std::fs::read(&path).expect("a file"));
            }
        }
    }

    fn holds_none_of(&self, needles: &[&str]) {
        for (from, bytes) in &self.0 {
            for needle in needles {
                let found = bytes.windows(needle.len()).position(|window| window == needle.as_bytes());
                if let Some(at) = found {
                    let around = &bytes[at.saturating_sub(200)..(at + 120).min(bytes.len())];
                    panic!("{needle} in {from}: …{}…", String::from_utf8_lossy(around));
                }
            }
        }
    }
}

/// The program with its secrets, and a browser of a Global Administrator.
struct Place {
    console: Console,
    server: Server,
    client: reqwest::Client,
    cookie: String,
    /// Of the authenticator app.
    app_secrets: Vec<String>,
}

impl Place {
    fn command(console: &Console, args: &[&str]) -> std::process::Command {
        let mut command = console.command(&[&["--config", "keyroll.toml"], args].concat());
        command.env("KEYROLL_KEY", KEY).env("KEYROLL_OIDC_CLIENT_SECRET", OIDC_SECRET).env("KEYROLL_LOG", "debug");
        command
    }

    async fn open(engine: Engine, tenant: &Tenant) -> Option<Self> {
        let console = Console::open(engine).await?;
        let (host, url) = (&tenant.host, &tenant.url);
        console.write(
            "keyroll.toml",
            &format!(
                "[oidc]\nissuer = \"{url}\"\nclient_id = \"keyroll\"\n[sync]\ntrusted_hosts = [\"{host}\"]\n\
                 interval_minutes = 0\n[access_log]\nstream = \"access.jsonl\"\n"
            ),
        );
        console.add_person("zoe@contoso.com", "global-administrator");
        for (name, text) in records::files() {
            console.write(&name, &text);
            let imported = Self::command(&console, &["import", &name]).output().expect("runs");
            assert!(matches!(imported.status.code(), Some(0 | 3)), "{name}: {imported:?}");
            std::fs::remove_file(console.database.dir().join(&name)).expect("removed");
            std::fs::write(
                console.database.dir().join(format!("import-{}.out", console_outputs(&console))),
                [imported.stdout, imported.stderr].concat(),
            )
            .expect("written");
        }
        let log = console.database.dir().join("log");
        let flags = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--metrics-listen", "127.0.0.1:0"];
        let server = Server::spawn(Self::command(&console, &flags).stderr(File::create(&log).expect("a file")));
        let client = client().build().expect("a client");
        Some(Self { console, server, client, cookie: String::new(), app_secrets: Vec::new() })
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(format!("{}{path}", self.server.url)).header("origin", &self.server.url);
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").header("cookie", &self.cookie);
        request.body(body).send().await.expect("an answer")
    }

    async fn get(&self, path: &str) -> Vec<u8> {
        let request = self.client.get(format!("{}{path}", self.server.url)).header("cookie", &self.cookie);
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let head = format!("{:?}", answer.headers());
        [head.into_bytes(), answer.bytes().await.expect("a body").to_vec()].concat()
    }

    async fn sign_in(&mut self, heap: &mut Heap) {
        for (name, password) in
            [("zoe@contoso.com", MISTYPED), (MISPLACED, ""), (MISPLACED, MISTYPED), (NUMBER, MISTYPED)]
        {
            let refused = self.post("/sign-in", &[("user_name", name), ("password", password)]).await;
            assert!(refused.status().is_client_error(), "{}", refused.status());
            // The form comes back as it was sent, but for the password.
            let page = refused.text().await.expect("text").replace(MISPLACED, "").replace(NUMBER, "");
            heap.add("a refused sign-in", page);
        }
        let person = ("zoe@contoso.com", PASSWORD);
        let headers = [("origin", self.server.url.as_str())];
        let (answer, app) = served::sign_in_with_app(&self.client, &self.server.url, &headers, person).await;
        self.cookie = cookie_of(&answer);
        self.app_secrets = app.secrets().into();
        for (current, chosen) in [(MISTYPED, PASSWORD), (PASSWORD, EASY)] {
            let form = [("current_password", current), ("new_password", chosen)];
            let refused = self.post("/preferences/password", &form).await;
            assert!(refused.status().is_client_error(), "{}", refused.status());
            heap.add("a refused change of the password", refused.text().await.expect("text"));
        }
    }

    /// Two tenants: one that answers, and one that says what secret it was sent.
    async fn connect(&self, tenant: &Tenant, heap: &mut Heap) {
        for (name, directory) in [("Answering", "contoso.com"), ("Echoing", ECHOING)] {
            let form = [
                ("name", name),
                ("directory", directory),
                ("client_id", CLIENT_ID),
                ("cloud", "other"),
                ("authority", tenant.url.as_str()),
                ("graph_root", tenant.url.as_str()),
                ("credential", "secret"),
                ("place", "stored"),
                ("secret", GRAPH_SECRET),
            ];
            let added = self.post("/settings/sources", &form).await;
            assert_eq!(added.status(), 303, "{}", added.text().await.expect("text"));
            let refused = self.post("/settings/sources", &form).await;
            heap.add("a refused form of a source", refused.text().await.expect("text"));
        }
        for id in [1, 2] {
            let tested = self.post(&format!("/settings/sources/{id}/test"), &[]).await;
            assert_eq!(tested.status(), 200);
            heap.add("a tested source", tested.text().await.expect("text"));
        }
    }

    /// To the provider and back; it says what secret it was sent.
    async fn come_from_provider(&self, heap: &mut Heap) {
        let sent = self.client.get(format!("{}/sign-in/oidc", self.server.url)).send().await.expect("an answer");
        assert_eq!(sent.status(), 303, "{}", sent.text().await.expect("text"));
        let location: url::Url = sent.headers()["location"].to_str().expect("text").parse().expect("an address");
        let state = location.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
        let cookie = sent.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("one").to_owned();
        let back = format!("{}/sign-in/oidc/callback?code=canary&state={state}", self.server.url);
        let refused = self.client.get(back).header("cookie", cookie).send().await.expect("an answer");
        assert!(!refused.status().is_success() && !refused.status().is_redirection(), "{}", refused.status());
        heap.add("a refused provider", refused.text().await.expect("text"));
    }
}

fn console_outputs(console: &Console) -> usize {
    std::fs::read_dir(console.database.dir()).expect("a folder").count()
}

const LISTS: [&str; 12] = [
    "users",
    "events",
    "sign-ins",
    "usage/users",
    "usage/applications",
    "mfa/activity",
    "mfa/blocked-users",
    "mfa/bypassed-users",
    "mfa/fraud-alerts",
    "mfa/servers",
    "lists/mfa-registered",
    "lists/mfa-not-registered",
];
const RANGE: &str = "range=30d&as_of=2026-11-20T12:00:00Z";
const PAGES: [&str; 22] = [
    "/overview",
    "/usage",
    "/mfa",
    "/sms-and-voice",
    "/users",
    "/events",
    "/sign-ins",
    "/data",
    "/data/1",
    "/data/2",
    "/data/3",
    "/data/4",
    "/data/5",
    "/data/6",
    "/settings/sources",
    "/settings/tokens",
    "/settings/people",
    "/settings/access-log",
    "/settings/retention",
    "/preferences",
    "/exports",
    "/views",
];

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_planted_comes_out_nowhere(#[case] engine: Engine) {
    let tenant = Tenant::start().await;
    let Some(mut place) = Place::open(engine, &tenant).await else { return };
    let mut heap = Heap::default();
    place.sign_in(&mut heap).await;
    place.connect(&tenant, &mut heap).await;
    place.come_from_provider(&mut heap).await;
    let token = place.console.token("programs", "global-administrator");

    for (name, text) in records::files() {
        heap.add(format!("pushing {name}"), place.server.push(&token, text.as_bytes()).expect("an answer").body);
        let mut events = place.server.events(&token);
        let uploaded = place.server.upload(&token, &name, text.as_bytes()).expect("an answer");
        let taken: Value = serde_json::from_str(&uploaded.body).expect("JSON");
        while place.server.json(&token, &format!("/api/v1/data/{}", taken["imports"][0]))["status"] == "running" {
            events.number();
        }
    }
    let synced = Place::command(&place.console, &["sync"]).output().expect("runs");
    heap.add("keyroll sync", [synced.stdout, synced.stderr].concat());
    assert!(tenant.was_asked(), "the tenant was pulled from");

    // Somebody looks for a number, or sends a token the wrong way: neither stays.
    let number = NUMBER.replace('+', "%2B").replace(' ', "+");
    for path in [
        format!("/users?q={number}"),
        format!("/api/v1/sign-ins?q={number}&sort=none"),
        format!("/users/{}", number.replace('+', "%20")),
    ] {
        place.get(&path).await;
    }
    let mut paths: BTreeSet<String> = PAGES.map(str::to_owned).into();
    for list in LISTS {
        for format in ["csv", "jsonl", "xlsx"] {
            paths.insert(format!("/{list}.{format}?{RANGE}"));
        }
        paths.insert(format!("/{list}?{RANGE}"));
        paths.insert(format!("/api/v1/{list}?{RANGE}"));
    }
    for list in ["users", "sign-ins", "events"] {
        let people = if list == "users" { "&population=everyone" } else { "" };
        let found = place.server.json(&token, &format!("/api/v1/{list}?{RANGE}{people}"));
        for id in found["items"].as_array().expect("a list").iter().filter_map(|item| item["id"].as_str()) {
            paths.insert(format!("/{list}/{}", percent(id)));
            paths.insert(format!("/api/v1/{list}/{}", percent(id)));
        }
    }
    for path in [
        "/v1.0/users",
        "/v1.0/auditLogs/signIns",
        "/v1.0/auditLogs/directoryAudits",
        "/v1.0/nothing",
        "/api/v1/settings/sources",
        "/api/v1/settings/tokens",
        "/api/v1/settings/access-log",
        "/api/v1/data",
        "/api/v1/nothing",
    ] {
        paths.insert(path.to_owned());
    }
    for import in 1..=12 {
        for path in ["/data/N", "/api/v1/data/N", "/data/N/rejected.csv", "/data/N/rejected.jsonl"] {
            paths.insert(path.replace('N', &import.to_string()));
        }
    }
    for path in &paths {
        let bytes = place.get(path).await;
        if path.contains(".xlsx") {
            heap.add(path.clone(), cells(&bytes));
        }
        heap.add(path.clone(), bytes);
    }
    for format in ["csv", "jsonl", "xlsx"] {
        let wanted = json!({"list": "sign-ins", "query": RANGE, "format": format});
        let asked = place.server.post(&token, "/api/v1/exports", &wanted);
        let location = asked.header("location").unwrap_or_else(|| panic!("{}", asked.body)).to_owned();
        let mut events = place.server.events_at("/live/exports", &token);
        while ["queued", "running"].map(Value::from).contains(&place.server.json(&token, &location)["state"]) {
            events.number();
        }
        let bytes = place.client.get(format!("{}{location}/file", place.server.url)).bearer_auth(&token).send().await;
        let bytes = bytes.expect("an answer").bytes().await.expect("a file").to_vec();
        assert!(bytes.len() > 1_000, "a file with rows");
        if format == "xlsx" {
            heap.add("a background workbook", cells(&bytes));
        }
        heap.add(format!("a background export as {format}"), bytes);
    }
    let metrics = place.server.metrics.clone().expect("an address");
    heap.add("metrics", place.client.get(metrics).send().await.expect("an answer").text().await.expect("text"));

    // The database as it is while it is open, with what is beside it.
    heap.add_files(place.console.database.dir(), &[]);
    let backup = Place::command(&place.console, &["backup", "all.backup"]).output().expect("runs");
    assert!(backup.status.success(), "{backup:?}");
    place.server.signal("TERM");
    assert!(place.server.ended().0.success());
    for args in [
        &["doctor"][..],
        &["user", "list", "--json"],
        &["token", "list", "--json"],
        &["export", "sign-ins", "--format", "csv"],
    ] {
        let output = Place::command(&place.console, args).output().expect("runs");
        heap.add(args.join(" "), [output.stdout, output.stderr].concat());
    }
    heap.add_files(place.console.database.dir(), &[]);
    let backup = std::fs::read(place.console.database.dir().join("all.backup")).expect("a file");
    heap.add("the backup, unpacked", zstd::decode_all(&backup[..]).expect("zstd"));

    // The test looks where something is: what was masked stands there, in its place.
    let (all, masked): (Vec<_>, _) = (heap.0.iter().collect(), records::MASKED.as_bytes());
    let shows = |name: &str| {
        all.iter()
            .any(|(from, bytes)| from.starts_with(name) && bytes.windows(masked.len()).any(|window| window == masked))
    };
    for name in ["/sign-ins/", "/api/v1/sign-ins/", "/users", "/data", "/sign-ins.csv", "the backup"] {
        assert!(shows(name), "{name} shows no masked number");
    }
    let secret = place.cookie.split_once('=').expect("a value").1.to_owned();
    heap.holds_none_of(&[
        GRAPH_SECRET,
        OIDC_SECRET,
        tenant::ACCESS_TOKEN,
        PASSWORD,
        MISTYPED,
        MISPLACED,
        EASY,
        KEY,
        KEY_BYTES,
        token.trim_start_matches("kr_"),
        &secret,
    ]);
    heap.holds_none_of(&place.app_secrets.iter().map(String::as_str).collect::<Vec<_>>());
    heap.holds_none_of(&LEFT);
    assert!(!out(&place.console.run(&["token", "list", "--json"])).contains(&token));
}

fn percent(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// What a workbook says.
fn cells(bytes: &[u8]) -> String {
    let at = bytes.windows(4).position(|window| window == b"PK\x03\x04");
    let Some(at) = at else { return String::new() };
    let mut book = Xlsx::new(Cursor::new(bytes[at..].to_vec())).expect("a workbook");
    book.worksheets()
        .into_iter()
        .flat_map(|(name, range)| range.rows().map(|row| format!("{name}: {row:?}\n")).collect::<Vec<_>>())
        .collect()
}
