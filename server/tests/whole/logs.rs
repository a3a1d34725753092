//! `keyroll serve --log-format json`: each line is JSON, and none of them names anybody.

use std::fs::File;

use serde_json::Value;

use crate::cli::{Console, DETAILS};
use crate::house::{Engine, PASSWORD};
use crate::served::{self, Server, client, cookie_of};

const USER: &str = "00000000-0000-0000-0000-000000000001";

#[tokio::test]
async fn each_line_is_json_and_names_nobody() {
    let console = Console::open(Engine::Sqlite).await.expect("SQLite is always there");
    console.add_person("zebulon@contoso.com", "security-administrator");
    let token = console.token("programs", "security-administrator");
    let log = console.database.dir().join("log");
    let mut command = console.command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
    // All that is said of what goes on, and not only what is said by default.
    command.env("KEYROLL_LOG", "debug").stderr(File::create(&log).expect("a file"));
    let mut server = Server::spawn(&mut command);
    let client = client().build().expect("a client");
    let sign_in = async |password: &str| {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("user_name", "zebulon@contoso.com"), ("password", password)])
            .finish();
        let form = client.post(format!("{}/sign-in", server.url)).header("origin", &server.url).body(form);
        form.header("content-type", "application/x-www-form-urlencoded").send().await.expect("an answer")
    };
    assert_eq!(sign_in("a mistaken password").await.status(), 401);
    let person = ("zebulon@contoso.com", PASSWORD);
    let signed_in = served::sign_in(&client, &server.url, &[("origin", &server.url)], person).await;
    assert_eq!(signed_in.status(), 303);
    let cookie = cookie_of(&signed_in);
    let secret = cookie.split_once('=').expect("a value").1.to_owned();

    let boundary = "a-line-between-parts";
    let part =
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"ada.jsonl\"\r\n\r\n");
    let upload = client.post(format!("{}/data", server.url)).header("origin", &server.url).header("cookie", &cookie);
    let upload = upload.header("content-type", format!("multipart/form-data; boundary={boundary}"));
    let uploaded = upload.body(format!("{part}{DETAILS}\r\n--{boundary}--\r\n")).send().await.expect("an answer");
    assert!(uploaded.status().is_redirection() || uploaded.status().is_success(), "{}", uploaded.status());
    // It is read in the background: followed as a page does.
    let mut events = server.events(&token);
    while server.json(&token, "/api/v1/data")["last_30_days"]["accepted"] != 2 {
        events.number();
    }
    for path in ["/users?q=ada", "/users/none-such-person", &format!("/users/{USER}"), "/wilhelmina?q=ada"] {
        let page = client.get(format!("{}{path}", server.url)).header("cookie", &cookie).send().await;
        assert!(page.expect("a page").status().as_u16() < 500, "{path}");
    }
    assert_eq!(server.json(&token, "/api/v1/users?q=ada")["total"], 1);
    assert_eq!(
        server.push(&token, b"{\"half\": \"ada@contoso.com\"").expect("an answer").status,
        422,
        "nothing that can be read"
    );
    drop(events);
    server.signal("TERM");
    assert!(server.ended().0.success());

    let text = std::fs::read_to_string(&log).expect("a log");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
    let routes: Vec<&str> = lines.iter().filter_map(|line| line["span"]["route"].as_str()).collect();
    for route in ["/sign-in", "/users", "/users/{id}", "/data", "/api/v1/users", "none"] {
        assert!(routes.contains(&route), "{route}: {routes:?}");
    }
    assert!(lines.iter().any(|line| line["message"] == "a file was imported"), "{text}");
    let lower = text.to_lowercase();
    for word in
        ["ada@", "ada.jsonl", "=ada", "\"ada", "zebulon", "wilhelmina", "none-such", "mistaken", "contoso", USER]
    {
        assert!(!lower.contains(word), "{word}: {text}");
    }
    for secret in [PASSWORD, "correct+horse", &secret, token.trim_start_matches("kr_")] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
