//! `keyroll serve` in a process of its own, and what it answers over its port.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;

use crate::authenticator::{Authenticator, SET_UP};
use crate::cli::Console;

/// Nobody waits longer for an answer, nor for an event.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// Killed when it is dropped.
pub struct Server {
    child: Child,
    /// As it says it: scheme, host and port.
    pub url: String,
    address: String,
    /// Of its metrics.
    pub metrics: Option<String>,
    log: Option<BufReader<ChildStderr>>,
}

/// An answer that has come to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    head: String,
    pub body: String,
}

/// What an open page listens to.
pub struct Events(BufReader<TcpStream>);

/// Signs a new person in over the network, with an authenticator app that is set up on the way; the answer that has the
/// session. `headers` go with every form.
pub async fn sign_in(
    client: &reqwest::Client,
    url: &str,
    headers: &[(&'static str, &str)],
    person: (&str, &str),
) -> reqwest::Response {
    sign_in_with_app(client, url, headers, person).await.0
}

/// The same, and the app.
pub async fn sign_in_with_app(
    client: &reqwest::Client,
    url: &str,
    headers: &[(&'static str, &str)],
    (user_name, password): (&str, &str),
) -> (reqwest::Response, Authenticator) {
    let post = async |path: &str, cookie: &str, form: &[(&str, &str)]| {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = client.post(format!("{url}{path}")).header("cookie", cookie).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.expect("an answer")
    };
    let led = post("/sign-in", "", &[("user_name", user_name), ("password", password)]).await;
    assert_eq!(led.status(), 303);
    assert_eq!(led.headers()["location"], SET_UP);
    let step = cookie_of(&led);
    let page = client.get(format!("{url}{SET_UP}")).header("cookie", &step).send().await.expect("a page");
    let app = Authenticator::of_page(&page.text().await.expect("text"));
    let code = app.code(server::clock::Clock::System.now());
    (post(SET_UP, &step, &[("code", &code)]).await, app)
}

/// The first cookie that an answer sets, as a browser sends it.
pub fn cookie_of(answer: &reqwest::Response) -> String {
    let set = answer.headers()["set-cookie"].to_str().expect("text");
    set.split(';').next().expect("a first part").to_owned()
}

/// A client that stays where it is and asks nobody else.
pub fn client() -> reqwest::ClientBuilder {
    // Another test may have done so.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(ANSWER_WITHIN).redirect(reqwest::redirect::Policy::none()).no_proxy()
}

impl Server {
    /// Waits until it listens.
    pub fn start(console: &Console) -> Self {
        let mut command = console.command(&["serve", "--listen", "127.0.0.1:0"]);
        Self::spawn(command.stderr(Stdio::null()))
    }

    /// The same with more flags, and with a log that can be read.
    pub fn start_with(console: &Console, flags: &[&str]) -> Self {
        let mut command = console.command(&[&["serve", "--listen", "127.0.0.1:0"], flags].concat());
        Self::spawn(command.stderr(Stdio::piped()))
    }

    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut metrics = None;
        let url = loop {
            let line = lines.next().expect("it says where it is").expect("text");
            if let Some(url) = line.strip_prefix("Keyroll is at ") {
                break url.trim_end_matches('/').to_owned();
            }
            metrics = line.strip_prefix("Metrics are at ").map(str::to_owned).or(metrics);
        };
        let address = url.split("://").nth(1).expect("an address").to_owned();
        let log = child.stderr.take().map(BufReader::new);
        Self { child, url, address, metrics, log }
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(kill.expect("kill runs").success(), "{name}");
    }

    /// The first line of the log from here on that has a text in it.
    pub fn logged(&mut self, text: &str) -> String {
        let log = self.log.as_mut().expect("started with a log");
        loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).expect("text") > 0, "the log has ended without `{text}`");
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits until it has ended by itself; what else it logged. Killed where it does not end: then it was no success.
    pub fn ended(&mut self) -> (ExitStatus, String) {
        let id = self.id().to_string();
        let (has_ended, end) = channel::<()>();
        let waiting = std::thread::spawn(move || {
            if end.recv_timeout(ANSWER_WITHIN) == Err(RecvTimeoutError::Timeout) {
                let kill = Command::new("kill").args(["-KILL", &id]).status();
                assert!(kill.expect("kill runs").success());
            }
        });
        let mut rest = String::new();
        if let Some(log) = &mut self.log {
            log.read_to_string(&mut rest).expect("text");
        }
        let status = self.child.wait().expect("it ends");
        drop(has_ended);
        waiting.join().expect("it was still there");
        (status, rest)
    }

    /// Sends records; `None` where the server is gone before it has answered.
    pub fn push(&self, token: &str, body: &[u8]) -> Option<Reply> {
        let length = format!("Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n", body.len());
        self.answer(&self.ask("POST /api/v1/ingest", token, &length, body)?)
    }

    /// Sends a file as the form on `/data` does, and reads where it can be seen.
    pub fn upload(&self, token: &str, name: &str, file: &[u8]) -> Option<Reply> {
        const BOUNDARY: &str = "a-line-between-parts";
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), file, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let headers = format!(
            "Accept: application/json\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.answer(&self.ask("POST /data", token, &headers, &body)?)
    }

    /// From here on the most memory is told anew: it begins with what the program has now.
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.id()), "5").expect("the kernel forgets");
    }

    /// The most memory it has had, in KiB, as the kernel counts it.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        peak.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    pub fn get(&self, token: &str, path: &str) -> Reply {
        let reply = self.ask(&format!("GET {path}"), token, "", &[]).and_then(|stream| self.answer(&stream));
        reply.unwrap_or_else(|| panic!("{path} was not answered"))
    }

    /// What a program reads.
    pub fn json(&self, token: &str, path: &str) -> Value {
        let reply = self.get(token, path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{path}: {error}: {}", reply.body))
    }

    /// Sends a few lines of JSON.
    pub fn post(&self, token: &str, path: &str, body: &Value) -> Reply {
        let body = body.to_string();
        let headers = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        let reply = self.ask(&format!("POST {path}"), token, &headers, body.as_bytes());
        reply.and_then(|stream| self.answer(&stream)).unwrap_or_else(|| panic!("{path} was not answered"))
    }

    /// Listens as an open page does.
    pub fn events(&self, token: &str) -> Events {
        self.events_at("/live", token)
    }

    /// The same for what a page of its own follows.
    pub fn events_at(&self, path: &str, token: &str) -> Events {
        Events(BufReader::new(self.ask(&format!("GET {path}"), token, "", &[]).expect("the server is there")))
    }

    /// Begins a request; `None` where nobody listens.
    pub fn ask(&self, what: &str, token: &str, headers: &str, body: &[u8]) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(ANSWER_WITHIN)).expect("a limit");
        let head = format!(
            "{what} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok()?;
        Some(stream)
    }

    /// The whole answer; `None` where it breaks off.
    pub fn answer(&self, mut stream: &TcpStream) -> Option<Reply> {
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let reply = Reply { status, head: head.to_ascii_lowercase(), body: body.to_owned() };
        let length: Option<usize> = reply.header("content-length").map(|length| length.parse().expect("a number"));
        length.is_none_or(|length| length == body.len()).then_some(reply)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Events {
    /// The number of the next change.
    pub fn number(&mut self) -> i64 {
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).expect("an event comes");
            assert!(read > 0, "the stream has ended");
            if let Some(number) = line.strip_prefix("data: ") {
                return number.trim().parse().expect("a number");
            }
        }
    }

    /// Waits until the stream has ended well.
    pub fn end(mut self) {
        self.0.read_to_end(&mut Vec::new()).expect("it ends well");
    }
}
