//! SIGTERM: what is under way is finished, open pages are let go, and whoever does not go on holds up nobody.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use rstest::rstest;

use crate::cli::Console;
use crate::house::Engine;
use crate::killed_push::token;
use crate::push::{PATH, lines};
use crate::records::SIGN_INS;
use crate::served::{ANSWER_WITHIN, Server};

/// How a client of HTTP/2 begins: the preface and settings that change nothing (RFC 9113, 3.4 and 6.5).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Half a push.
fn begin_push(server: &Server, token: &str, body: &[u8]) -> TcpStream {
    let headers = format!("Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n", body.len());
    server.ask(&format!("POST {PATH}"), token, &headers, &body[..body.len() / 2]).expect("it listens")
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn what_is_under_way_is_finished_and_who_does_not_go_on_holds_up_nobody(#[case] engine: Engine) {
    let Some(console) = Console::open(engine).await else { return };
    let (sender, reader) = (token(&console, &["--scope", "ingest"]), token(&console, &["--role", "security-reader"]));
    let mut server = Server::start_with(&console, &[]);
    let body = lines(SIGN_INS).into_bytes();
    let mut going_on = begin_push(&server, &sender, &body);
    let silent = begin_push(&server, &sender, &body);
    // Asked whether it has seen all that was said, before the connection is closed, it does not say.
    let mut mute = TcpStream::connect(server.address()).expect("it listens");
    mute.set_read_timeout(Some(ANSWER_WITHIN)).expect("a limit");
    mute.write_all(PREFACE).expect("taken");
    mute.read_exact(&mut [0; 9]).expect("it speaks HTTP/2");

    let mut page = server.events(&reader);
    page.number();
    server.signal("TERM");
    page.end();
    going_on.write_all(&body[body.len() / 2..]).expect("taken");
    let reply = server.answer(&going_on).expect("an answer");
    assert_eq!(reply.status, 200, "{}", reply.body);
    let (status, log) = server.ended();
    assert!(status.success(), "{status}: {log}");
    assert!(log.contains("answers that were not finished in this time are broken off"), "{log}");
    drop((silent, mute));

    let server = Server::start(&console);
    let imports = &server.json(&reader, "/api/v1/data")["imports"];
    assert_eq!(imports.as_array().map(Vec::len), Some(1), "{imports}");
    assert_eq!(imports[0]["counts"]["accepted"], lines(SIGN_INS).lines().count(), "{imports}");
}
