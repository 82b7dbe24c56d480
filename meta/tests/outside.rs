//! What the client for addresses that people typed connects to, and what not: every spelling of
//! what is inside is tried, and a listener counts connections.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wigwag_meta::outside::{
    Allowed, Failure, Found, Lookup, MOST_ANSWER, Machine, Outside, Refusal, is_public,
};

/// Names that lead where a test says, one answer after the other; the last stays.
struct Told(Mutex<VecDeque<Vec<IpAddr>>>);

impl Told {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let answers = answers
            .iter()
            .map(|answer| answer.iter().map(|text| text.parse().unwrap()).collect());
        Arc::new(Self(Mutex::new(answers.collect())))
    }
}

impl Lookup for Told {
    fn lookup(&self, _: String) -> Found {
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        };
        Box::pin(async move { Ok(answer.unwrap_or_default()) })
    }
}

/// A listener that says the same to everybody and counts.
async fn listen(address: &str, answer: &'static [u8]) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut request = [0; 4_096];
                if socket.read(&mut request).await.is_ok() {
                    drop(socket.write_all(answer).await);
                }
            });
        }
    });
    (port, count)
}

const FINE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

fn outside(allowed: &[&str], lookup: Arc<dyn Lookup>) -> Outside {
    let allowed = Allowed::parse(allowed).unwrap();
    Outside::with(allowed, lookup, Duration::from_mins(1)).unwrap()
}

async fn post(outside: &Outside, url: &str) -> Result<u16, Failure> {
    let url = url.parse().unwrap();
    let answer = outside.post(&url, Vec::new(), Bytes::from_static(b"{}"));
    answer.await.map(|answer| answer.status)
}

/// Numbers that are not public, in the spellings that browsers and C libraries take.
const INSIDE_V4: &[&str] = &[
    "0.0.0.0",
    "0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "10.1",
    "0xa000001",
    "012.0.0.1",
    "167772161",
    "100.64.0.1",
    "100.127.255.254",
    "0x64.0x40.0.1",
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "0177.0.0.1",
    "0177.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "0x7f.1",
    "0X7F.0X0.0X0.0X1",
    "2130706433",
    "017700000001",
    "127.0.0.1.",
    "127.000.000.001",
    "%31%32%37.0.0.1",
    "127\u{3002}0\u{3002}0\u{3002}1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "169.254.0.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.16689662",
    "172.16.0.1",
    "172.31.255.254",
    "172.20.10.2",
    "0xac100001",
    "192.0.0.1",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.0.2.255",
    "192.31.196.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.168.1",
    "0300.0250.0.1",
    "3232235777",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "232.1.1.1",
    "240.0.0.1",
    "250.1.2.3",
    "255.255.255.255",
    "4294967295",
    "0xffffffff",
];

const INSIDE_V6: &[&str] = &[
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:0000:0000:0001",
    "::2",
    "::127.0.0.1",
    "::7f00:1",
    "::10.0.0.1",
    "::192.168.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::FFFF:7F00:0001",
    "0:0:0:0:0:ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:192.168.1.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "64:ff9b:1:ffff::127.0.0.1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:1::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:db8::1",
    "2001:db8:ffff::7",
    "2002::1",
    "2002:7f00:1::",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1",
    "2620:4f:8000::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "4000::1",
    "5f00::1",
    "8000::1",
    "fc00::1",
    "fc01:2:3::4",
    "fd00::1",
    "fd00:ec2::254",
    "fdff:ffff::1",
    "fe00::1",
    "fe80::1",
    "fe80::a9fe:a9fe",
    "febf::1",
    "fec0::1",
    "feff::1",
    "ff00::1",
    "ff01::1",
    "ff02::1",
    "ff02::fb",
    "ff05::2",
    "ff0e::1",
    "ffff::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

const NOT_ADDRESSES: &[(&str, Refusal)] = &[
    ("", Refusal::Address),
    ("example.com/hooks", Refusal::Address),
    ("/hooks", Refusal::Address),
    ("//example.com/hooks", Refusal::Address),
    ("http://", Refusal::Address),
    ("https://:443/", Refusal::Address),
    ("https://exa mple.com/", Refusal::Address),
    ("https://example.com:99999/", Refusal::Address),
    ("https://[::1", Refusal::Address),
    ("https://[fe80::1%25eth0]/", Refusal::Address),
    ("https://256.256.256.256/", Refusal::Address),
    ("https://1.2.3.4.5/", Refusal::Address),
    ("https://0x100000000/", Refusal::Address),
    ("https://exa\u{200d}<mple.com/", Refusal::Address),
    ("file:///etc/passwd", Refusal::Scheme),
    ("ftp://example.com/", Refusal::Scheme),
    ("gopher://example.com:70/_x", Refusal::Scheme),
    ("dict://example.com:11211/stat", Refusal::Scheme),
    ("ldap://example.com/", Refusal::Scheme),
    ("data:text/plain,x", Refusal::Scheme),
    ("javascript:alert(1)", Refusal::Scheme),
    ("unix:/var/run/docker.sock", Refusal::Scheme),
    ("ws://example.com/", Refusal::Scheme),
    ("jar:https://example.com/a!/b", Refusal::Scheme),
    ("https://user@example.com/", Refusal::UserInfo),
    ("https://user:word@example.com/", Refusal::UserInfo),
    ("https://:word@example.com/", Refusal::UserInfo),
    ("https://example.com@127.0.0.1/", Refusal::UserInfo),
    ("https://example.com:443@127.0.0.1/", Refusal::UserInfo),
    ("https://example.com%2f@127.0.0.1/", Refusal::UserInfo),
    ("https://127.0.0.1#@example.com/", Refusal::NotPublic),
    ("https://127.0.0.1?@example.com/", Refusal::NotPublic),
    ("https://127.0.0.1\\@example.com/", Refusal::NotPublic),
    ("https:127.0.0.1/", Refusal::NotPublic),
    ("https:///127.0.0.1/", Refusal::NotPublic),
    ("HTTPS://127.0.0.1:8443/", Refusal::NotPublic),
    (" \n https://127.0.0.1/\t", Refusal::NotPublic),
    ("ht\ntps://127.0.0.1/", Refusal::NotPublic),
];

#[tokio::test]
async fn no_spelling_of_an_address_inside_is_called() {
    let strict = Outside::new(Allowed::default()).unwrap();
    // Where something would answer, were it called.
    let (port, calls) = listen("127.0.0.1:0", FINE).await;
    let mut tried = 0;
    let v4 = INSIDE_V4.iter().map(|host| (*host).to_owned());
    let v6 = INSIDE_V6.iter().map(|host| format!("[{host}]"));
    for host in v4.chain(v6) {
        for url in [
            format!("http://{host}:{port}/x"),
            format!("https://{host}/"),
        ] {
            assert_eq!(
                strict.allowed().address(&url),
                Err(Refusal::NotPublic),
                "{url}"
            );
            assert_eq!(post(&strict, &url).await, Err(Failure::Refused), "{url}");
        }
        tried += 1;
    }
    for (text, refusal) in NOT_ADDRESSES {
        assert_eq!(strict.allowed().address(text), Err(*refusal), "{text:?}");
        tried += 1;
    }
    assert!(tried >= 150, "{tried}");
    assert_eq!(calls.load(Ordering::SeqCst), 0, "somebody was called");
    for right in [
        "https://example.com/hooks?a=1",
        "http://example.com:8080",
        "https://93.184.215.14/",
        "https://[2606:4700:4700::1111]/",
        "https://münchen.example/",
    ] {
        assert!(strict.allowed().address(right).is_ok(), "{right}");
    }
}

#[test]
fn public_addresses_are_public() {
    for text in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700::1",
        "2a00:1450:4001::1",
    ] {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_called() {
    let (port, calls) = listen("127.0.0.1:0", FINE).await;
    let url = format!("http://hooks.example:{port}/");
    for answers in [
        &[&["127.0.0.1"][..]][..],
        &[&["10.0.0.1", "127.0.0.1", "::1", "fd00::1"]],
        &[&["::ffff:127.0.0.1", "64:ff9b::7f00:1"]],
        &[&[]],
    ] {
        let strict = outside(&[], Told::new(answers));
        assert_eq!(
            post(&strict, &url).await,
            Err(Failure::Refused),
            "{answers:?}"
        );
    }
    // The machine's own names as well, however they are written.
    let strict = Outside::new(Allowed::default()).unwrap();
    for host in ["localhost", "LOCALHOST", "localhost."] {
        let url = format!("http://{host}:{port}/");
        assert!(
            strict.allowed().address(&url).is_ok(),
            "a name is looked up later"
        );
        let said = post(&strict, &url).await;
        assert!(
            matches!(said, Err(Failure::Refused | Failure::Connection)),
            "{host}: {said:?}"
        );
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0, "somebody was called");
}

#[tokio::test]
async fn of_mixed_addresses_only_the_right_ones_are_called() {
    // 127.0.0.2 stands for what is public: an exception, because tests stay on this machine.
    let (port, calls) = listen("127.0.0.2:0", FINE).await;
    let inside = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let mixed = outside(&["127.0.0.2"], Told::new(&[&["127.0.0.1", "127.0.0.2"]]));
    let url = format!("http://hooks.example:{port}/");
    assert_eq!(post(&mixed, &url).await, Ok(200));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    let waiting = tokio::time::timeout(Duration::from_millis(1), inside.accept());
    assert!(waiting.await.is_err(), "the wrong one was called");
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_not_followed() {
    let (port, calls) = listen("127.0.0.2:0", FINE).await;
    let (inside, touched) = {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let touched = Arc::new(AtomicUsize::new(0));
        let counted = touched.clone();
        let task = tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        (task, touched)
    };
    // Right at the first look-up, inside at every one after it.
    let told = Told::new(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let rebinding = outside(&["127.0.0.2"], told);
    let url = format!("http://hooks.example:{port}/");
    assert_eq!(post(&rebinding, &url).await, Ok(200));
    for _ in 0..3 {
        assert_eq!(post(&rebinding, &url).await, Err(Failure::Refused));
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(
        touched.load(Ordering::SeqCst),
        0,
        "the wrong one was called"
    );
    inside.abort();
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let (inside, touched) = listen("127.0.0.1:0", FINE).await;
    let answer = format!(
        "HTTP/1.1 303 See Other\r\nlocation: http://127.0.0.1:{inside}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (port, calls) = listen("127.0.0.2:0", answer.leak().as_bytes()).await;
    let client = outside(&["127.0.0.0/8"], Arc::new(Machine));
    assert_eq!(
        post(&client, &format!("http://127.0.0.2:{port}/")).await,
        Ok(303)
    );
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(touched.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4_096];
        assert!(socket.read(&mut request).await.unwrap() > 0);
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n";
        socket.write_all(head).await.unwrap();
        let (mut sent, piece) = (0, [b'x'; 8_192]);
        while socket.write_all(&piece).await.is_ok() {
            sent += piece.len();
        }
        sent
    });
    let client = outside(&["127.0.0.1"], Arc::new(Machine));
    assert_eq!(
        post(&client, &format!("http://127.0.0.1:{port}/")).await,
        Ok(200)
    );
    // What the sockets themselves hold was sent besides.
    let sent = server.await.unwrap();
    assert!(sent < MOST_ANSWER + 16 * 1024 * 1024, "{sent} bytes");
}

#[tokio::test]
async fn whoever_does_not_answer_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((socket, _)) = listener.accept().await {
            held.push(socket);
        }
    });
    let allowed = Allowed::parse(&["127.0.0.1"]).unwrap();
    let client = Outside::with(allowed, Arc::new(Machine), Duration::from_millis(200)).unwrap();
    let url = format!("http://127.0.0.1:{port}/");
    assert_eq!(post(&client, &url).await, Err(Failure::Timeout));
    silent.abort();
    let patient = outside(&["127.0.0.1"], Arc::new(Machine));
    assert_eq!(
        post(&patient, "http://127.0.0.1:1/").await,
        Err(Failure::Connection)
    );
}
