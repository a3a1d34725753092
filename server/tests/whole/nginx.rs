//! The real nginx, with the configuration of `deploy/nginx.conf`, where it is installed.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use server::auth::limiter::TRIES_PER_NAME;

use crate::cli::{Console, DETAILS, err, out};
use crate::house::{Engine, PASSWORD};
use crate::served::{self, ANSWER_WITHIN, Server};
use crate::tls::Pair;

const CONFIGURATION: &str = include_str!("../../../deploy/nginx.conf");
const PROGRAM: &str = "/usr/sbin/nginx";

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Ports of this computer that nobody listens on.
struct Ports {
    keyroll: u16,
    http: u16,
    https: u16,
}

/// The configuration, for these ports, inside what nginx needs around it.
fn configuration(dir: &Path, ports: &Ports) -> String {
    let in_dir = |name: &str| dir.join(name).display().to_string();
    let mut text = CONFIGURATION.to_owned();
    for (from, to) in [
        ("keyroll.example.org;", "localhost;".to_owned()),
        ("listen 80;", format!("listen 127.0.0.1:{};", ports.http)),
        ("listen 443 ssl", format!("listen 127.0.0.1:{} ssl", ports.https)),
        ("    server 127.0.0.1:3000;", format!("    server 127.0.0.1:{};", ports.keyroll)),
        ("/etc/ssl/keyroll/certificate.pem", in_dir("certificate.pem")),
        ("/etc/ssl/keyroll/key.pem", in_dir("key.pem")),
    ] {
        assert!(text.contains(from), "{from} is gone from the configuration");
        text = text.replace(from, &to);
    }
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| {
        // Nothing of the computer's own nginx is touched.
        format!("{kind}_temp_path {};\n", in_dir(kind))
    });
    format!(
        "daemon off;\nmaster_process off;\npid {};\nevents {{}}\nhttp {{\naccess_log off;\n{}\n{text}}}\n",
        in_dir("pid"),
        places.concat()
    )
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

#[tokio::test]
async fn what_stands_in_deploy_works() {
    if !Path::new(PROGRAM).exists() {
        eprintln!("skipped: nginx is not installed");
        return;
    }
    let ports = Ports { keyroll: free_port(), http: free_port(), https: free_port() };
    let (console, pair) = (Console::open(Engine::Sqlite).await.expect("SQLite is always there"), Pair::make());
    pair.write(&console);
    console.add_person("ada", "global-administrator");
    let sender = console.run(&["token", "create", "--scope", "ingest", "--name", "shipper"]);
    let sender = format!("Bearer {}", out(&sender).trim());
    let (listen, url) = (format!("127.0.0.1:{}", ports.keyroll), format!("https://localhost:{}", ports.https));
    let mut command = console.command(&["serve", "--listen", &listen, "--public-url", &url]);
    let _keyroll = Server::spawn(command.env("KEYROLL_HTTP_TRUSTED_PROXIES", "127.0.0.1").stderr(Stdio::null()));

    console.write("nginx.conf", &configuration(console.database.dir(), &ports));
    let nginx = |flags: &[&str]| {
        let mut nginx = Command::new(PROGRAM);
        nginx.arg("-p").arg(console.database.dir()).args(["-e", "stderr", "-c", "nginx.conf"]).args(flags);
        nginx
    };
    let checked = nginx(&["-t"]).output().expect("nginx runs");
    assert!(checked.status.success(), "{}", err(&checked));
    let _nginx = Running(nginx(&[]).stderr(Stdio::null()).spawn().expect("nginx starts"));
    let listens = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", ports.https)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(ANSWER_WITHIN, listens).await.expect("nginx listens");

    let client = |from: [u8; 4]| pair.client().local_address(IpAddr::from(from)).build().expect("a client");
    let (one, other) = (client([127, 0, 0, 3]), client([127, 0, 0, 2]));
    let plain = one.get(format!("http://localhost:{}/users?q=a", ports.http)).send().await.expect("an answer");
    assert_eq!(plain.headers()["location"], "https://localhost/users?q=a");

    let sign_in = async |client: &reqwest::Client, password: &str, says: String| {
        let form = client.post(format!("{url}/sign-in")).header("sec-fetch-site", "same-origin");
        let form = form.header("x-forwarded-for", says).header("content-type", "application/x-www-form-urlencoded");
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("user_name", "ada"), ("password", password)])
            .finish();
        form.body(body).send().await.expect("an answer")
    };
    // Whoever guesses is slowed down, whatever he says of himself; and nobody else is.
    for n in 0..TRIES_PER_NAME {
        assert_eq!(sign_in(&one, "wrong", format!("192.0.2.{n}")).await.status(), 401);
    }
    assert_eq!(sign_in(&one, "wrong", "192.0.2.99".to_owned()).await.status(), 429);
    let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "")];
    let signed_in = served::sign_in(&other, &url, &headers, ("ada", PASSWORD)).await;
    assert_eq!((signed_in.status().as_u16(), signed_in.version()), (303, reqwest::Version::HTTP_2));
    assert!(signed_in.headers().contains_key("strict-transport-security"));
    let cookie = signed_in.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.starts_with("__Host-session="), "{cookie}");

    // News come through while the answer goes on; and more than nginx takes by itself goes in.
    let cookie = cookie.split(';').next().expect("a first part");
    let mut live = other.get(format!("{url}/live")).header("cookie", cookie).send().await.expect("events");
    let mut event = async || String::from_utf8_lossy(&live.chunk().await.expect("goes on").expect("more")).into_owned();
    assert!(event().await.contains("event: number"));
    let push = other.post(format!("{url}/api/v1/ingest")).header("authorization", &sender);
    let body = format!("{DETAILS}{}", "\n".repeat(4 << 20));
    let pushed = push.header("content-type", "application/x-ndjson").body(body).send().await.expect("an answer");
    assert_eq!(pushed.status(), 200);
    while !event().await.contains("event: number") {}
}
