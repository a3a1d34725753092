//! What a browser loads for a page the first time: the page and everything of ours it names.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::Server;
use crate::command::keyroll;
use crate::http::Client;

const NAME: &str = "bench@keyroll.example";
const PASSWORD: &str = "correct horse battery staple";
const ENCODING: (&str, &str) = ("accept-encoding", "br, gzip");

pub struct Page {
    pub path: &'static str,
    pub requests: usize,
    pub bytes: usize,
}

/// Signs in and loads each page as a browser with an empty cache does.
pub fn weigh(server: &Server, database: &str) -> anyhow::Result<Vec<Page>> {
    add_person(database)?;
    let mut client = Client::connect(server.address)?;
    let form = format!("user_name={}&password={}", NAME.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let signed_in = client.post("/sign-in", &form)?;
    let cookie = signed_in.header("set-cookie").and_then(|cookie| cookie.split(';').next());
    let cookie =
        cookie.with_context(|| format!("signing in answered {} without a cookie", signed_in.status))?.to_owned();
    let mut pages = Vec::new();
    for path in ["/overview", "/users", "/events", "/data"] {
        let answer = client.get(path, &[ENCODING, ("cookie", &cookie), ("accept", "text/html")])?;
        if answer.status != 200 {
            bail!("{path} answered {}", answer.status);
        }
        let html = decoded(&answer.body, answer.header("content-encoding"))?;
        let mut page = Page { path, requests: 1, bytes: answer.body.len() };
        let mut wanted = files_in(&html);
        let mut loaded = BTreeSet::new();
        while let Some(file) = wanted.pop_first() {
            let name = file.split('?').next().unwrap_or(&file).to_owned();
            if !loaded.insert(name.clone()) {
                continue;
            }
            let answer = client.get(&file, &[ENCODING])?;
            if answer.status != 200 {
                bail!("{path} names {file}, which answered {}", answer.status);
            }
            page.requests += 1;
            page.bytes += answer.body.len();
            if name.ends_with(".css") {
                // Fonts and pictures of the style sheet.
                wanted.extend(files_in(&decoded(&answer.body, answer.header("content-encoding"))?));
            }
        }
        pages.push(page);
    }
    Ok(pages)
}

fn add_person(database: &str) -> anyhow::Result<()> {
    let mut add = Command::new(keyroll())
        .args(["user", "add", NAME, "--role", "security-reader"])
        .env("DATABASE_URL", database)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    add.stdin.take().context("no standard input")?.write_all(format!("{PASSWORD}\n").as_bytes())?;
    if !add.wait()?.success() {
        bail!("`keyroll user add` failed");
    }
    Ok(())
}

fn decoded(body: &[u8], encoding: Option<&str>) -> anyhow::Result<String> {
    let mut text = String::new();
    match encoding {
        Some("br") => brotli::Decompressor::new(body, 1 << 16).read_to_string(&mut text)?,
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_string(&mut text)?,
        _ => std::str::from_utf8(body)?.chars().map(|c| text.push(c)).count(),
    };
    Ok(text)
}

/// Addresses of files, as they stand in quotes or in url(…).
fn files_in(text: &str) -> BTreeSet<String> {
    let words = text.split(['"', '\'', '(', ')']);
    let ours = words.filter(|word| ["/v/", "/assets/", "/pkg/"].iter().any(|folder| word.starts_with(folder)));
    ours.filter(|word| word.contains('.')).map(|word| word.replace("&amp;", "&")).collect()
}
