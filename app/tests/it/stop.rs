//! A stop while a request is under way: it is answered; a second signal does not wait.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use crate::process::{Server, folder, origin};

const BODY: &str = r#"{"email":"nobody@kite.example","password":"whatever it is"}"#;

/// Starts a server and a request whose body has not come yet, which the server waits for.
fn under_way(folder: &Path) -> (Server, TcpStream) {
    let arguments = [
        "demo",
        "--json",
        "--port",
        "0",
        "--sim-port",
        "0",
        "--data",
        "data",
        "--empty",
    ];
    let (server, ready) = Server::start(folder, &arguments);
    let address = origin(&ready).replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "POST /api/v1/session HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
        BODY.len()
    )
    .unwrap();
    // The server says so when the handler reads the body.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.signal();
    while !server.log().contains("stopping") {
        std::thread::yield_now();
    }
    (server, stream)
}

#[test]
fn no_request_is_cut() {
    let folder = folder();
    let (server, mut stream) = under_way(folder.path());
    stream.write_all(BODY.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(
        answer.contains("\"code\":\"invalid_credentials\""),
        "{answer}"
    );
    assert_eq!(server.wait(), 0);
}

#[test]
fn a_second_signal_does_not_wait() {
    let folder = folder();
    let (server, stream) = under_way(folder.path());
    server.signal();
    assert_eq!(server.wait(), 1);
    drop(stream);
}
