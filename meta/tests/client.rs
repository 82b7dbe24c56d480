//! The client against servers that behave, refuse, lie and break.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;
use wigwag_meta::client::{DeleteTemplate, Upload};
use wigwag_meta::outgoing::{Body, Outgoing, To};
use wigwag_meta::response::MessageStatus;
use wigwag_meta::{Class, Client, Config, Effect, Error, SendOutcome};

const TOKEN: &str = "EAA-a-token-of-ours";

/// Patient enough for a busy machine.
fn client_at(base: &str) -> Client {
    client_waiting(base, Duration::from_mins(1))
}

fn client_waiting(base: &str, timeout: Duration) -> Client {
    let config = Config {
        version: Some("v25.0".into()),
        connect_timeout: Duration::from_mins(1),
        timeout,
        ..Config::at(Url::parse(base).unwrap())
    };
    Client::new(config, SecretString::from(TOKEN)).unwrap()
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}

fn hello() -> Outgoing {
    Outgoing::new(To::Phone("+4915112345678".into()), Body::text("Moin"))
        .with_callback_data("w1.7.1")
}

async fn send_to(router: Router) -> SendOutcome {
    client_at(&serve(router).await)
        .send_message("100200", &hello(), || false)
        .await
}

/// A server that answers every message with this.
fn answering(status: StatusCode, body: &'static str) -> Router {
    Router::new().fallback(move || async move { (status, body) })
}

/// A raw server that hands each connection to `talk` and counts them.
async fn raw<F, T>(talk: F) -> (String, Arc<AtomicUsize>)
where
    F: Fn(tokio::net::TcpStream) -> T + Send + Sync + 'static,
    T: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            seen.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(talk(stream));
        }
    });
    (format!("http://{address}"), count)
}

async fn read_request(stream: &mut tokio::net::TcpStream) -> String {
    let (mut request, mut piece) = (Vec::new(), [0_u8; 4096]);
    loop {
        let count = stream.read(&mut piece).await.unwrap();
        request.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if count == 0
            || text.ends_with(
                "\"w1.7.1\",\"type\":\"text\",\"text\":{\"preview_url\":true,\"body\":\"Moin\"}}",
            )
        {
            return text;
        }
    }
}

#[tokio::test]
async fn an_accepted_message_is_named() {
    let router = Router::new().route(
        "/v25.0/{number}/messages",
        post(|Path(number): Path<String>, headers: HeaderMap, Json(body): Json<Value>| async move {
            assert_eq!(number, "100200");
            assert_eq!(headers["authorization"], format!("Bearer {TOKEN}"));
            assert_eq!(headers["content-type"], "application/json");
            assert_eq!(body["text"]["body"], "Moin");
            assert_eq!(body["biz_opaque_callback_data"], "w1.7.1");
            (
                [("x-app-usage", r#"{"call_count":12,"total_time":40,"total_cputime":3}"#),
                 ("x-business-use-case-usage", r#"{"1":[{"type":"whatsapp","call_count":77,"estimated_time_to_regain_access":240}]}"#)],
                Json(json!({
                    "messaging_product": "whatsapp",
                    "contacts": [{"input": "+4915112345678", "wa_id": "4915112345678"}],
                    "messages": [{"id": "wamid.QUJD", "message_status": "held_for_quality_assessment"}]
                })),
            )
        }),
    );
    let outcome = send_to(router).await;
    assert_eq!(outcome.effect, Effect::Accepted);
    assert_eq!(outcome.wamid.as_deref(), Some("wamid.QUJD"));
    assert_eq!(outcome.wa_id.as_deref(), Some("4915112345678"));
    assert_eq!(
        outcome.message_status,
        Some(MessageStatus::HeldForQualityAssessment)
    );
    assert_eq!(
        (outcome.http_status, outcome.usage_percent),
        (Some(200), Some(77))
    );
    assert_eq!(outcome.error, None);
}

#[tokio::test]
async fn refusals_have_no_effect_and_faults_may_have_one() {
    let refusal = |code| -> &'static str {
        Box::leak(
            json!({"error": {"message": "no", "code": code, "type": "OAuthException"}})
                .to_string()
                .into_boxed_str(),
        )
    };
    let cases = [
        (
            StatusCode::BAD_REQUEST,
            refusal(131_056),
            Effect::None,
            Class::Pair,
        ),
        (
            StatusCode::TOO_MANY_REQUESTS,
            refusal(130_429),
            Effect::None,
            Class::Throughput,
        ),
        (
            StatusCode::UNAUTHORIZED,
            refusal(190),
            Effect::None,
            Class::Token,
        ),
        (
            StatusCode::NOT_FOUND,
            refusal(132_001),
            Effect::None,
            Class::Template,
        ),
        // Even a status of success may carry an error.
        (StatusCode::OK, refusal(100), Effect::None, Class::Request),
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            refusal(131_000),
            Effect::Maybe,
            Class::Retry,
        ),
        (
            StatusCode::BAD_REQUEST,
            refusal(987_654),
            Effect::Maybe,
            Class::Unknown,
        ),
        (
            StatusCode::BAD_GATEWAY,
            "<html>502</html>",
            Effect::Maybe,
            Class::Retry,
        ),
        (StatusCode::GATEWAY_TIMEOUT, "", Effect::Maybe, Class::Retry),
        (
            StatusCode::BAD_REQUEST,
            "not json",
            Effect::Maybe,
            Class::Terminal,
        ),
        (
            StatusCode::OK,
            "{\"messages\":[{\"id\":\"wam",
            Effect::Maybe,
            Class::Retry,
        ),
        (
            StatusCode::OK,
            "{\"messages\":[]}",
            Effect::Maybe,
            Class::Retry,
        ),
        (
            StatusCode::OK,
            "{\"messages\":[{\"id\":\"\"}]}",
            Effect::Maybe,
            Class::Retry,
        ),
        (StatusCode::OK, "", Effect::Maybe, Class::Retry),
        (StatusCode::FOUND, "", Effect::Maybe, Class::Terminal),
    ];
    for (status, body, effect, class) in cases {
        let outcome = send_to(answering(status, body)).await;
        assert_eq!(outcome.effect, effect, "{status} {body}: {outcome:?}");
        assert_eq!(
            outcome.error.as_ref().map(Error::class),
            Some(class),
            "{status} {body}"
        );
        assert_eq!(outcome.http_status, Some(status.as_u16()));
        assert_eq!(outcome.wamid, None);
    }
}

#[tokio::test]
async fn a_refused_connection_has_no_effect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let outcome = client_at(&base).send_message("1", &hello(), || false).await;
    assert!(
        matches!(outcome.error, Some(Error::NotSent(_))),
        "{outcome:?}"
    );
    assert_eq!(outcome.effect, Effect::None);
    assert!(
        !format!("{outcome:?}").contains("messages"),
        "no address in errors"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_may_have_an_effect() {
    let (base, count) = raw(|mut stream| async move {
        let request = read_request(&mut stream).await;
        assert!(request.contains("Moin"));
    })
    .await;
    let outcome = client_at(&base).send_message("1", &hello(), || false).await;
    assert_eq!(outcome.effect, Effect::Maybe, "{outcome:?}");
    assert!(
        matches!(outcome.error, Some(Error::Broken(_))),
        "{outcome:?}"
    );
    assert_eq!(count.load(Ordering::SeqCst), 1, "never tried twice");
}

#[tokio::test]
async fn a_body_that_breaks_off_may_have_an_effect() {
    let (base, count) = raw(|mut stream| async move {
        read_request(&mut stream).await;
        let answer =
            b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"messages\":[{\"id\":\"wamid.X\"}]";
        stream.write_all(answer).await.unwrap();
    })
    .await;
    let outcome = client_at(&base).send_message("1", &hello(), || false).await;
    assert_eq!(
        (outcome.effect, outcome.http_status),
        (Effect::Maybe, Some(200)),
        "{outcome:?}"
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn silence_after_the_request_may_have_an_effect() {
    let (base, count) = raw(|mut stream| async move {
        read_request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    // Long enough to connect and to write the request on a busy machine.
    let client = client_waiting(&base, Duration::from_secs(3));
    let outcome = client.send_message("1", &hello(), || false).await;
    assert_eq!(
        (outcome.effect, outcome.error),
        (Effect::Maybe, Some(Error::Timeout))
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_stop_before_the_connection_opens_none() {
    let (base, count) = raw(|_| async {}).await;
    let outcome = client_at(&base).send_message("1", &hello(), || true).await;
    assert_eq!(
        (outcome.effect, outcome.error),
        (Effect::None, Some(Error::Stopped))
    );
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_stop_while_connecting_keeps_the_body_back() {
    let (tell, heard) = std::sync::mpsc::channel();
    let (base, _) = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            let mut all = Vec::new();
            // Ends when the client closes, with or without an error of the transport.
            drop(stream.read_to_end(&mut all).await);
            tell.send(String::from_utf8_lossy(&all).into_owned())
                .unwrap();
        }
    })
    .await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    // No at the first question (before connecting), yes at the second (right before the first byte).
    let stop = move || counter.fetch_add(1, Ordering::SeqCst) > 0;
    let client = client_at(&base);
    let outcome = client.send_message("1", &hello(), stop).await;
    assert_eq!(
        (outcome.effect, outcome.error),
        (Effect::None, Some(Error::Stopped))
    );
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    drop(client);
    let received = tokio::task::spawn_blocking(move || heard.recv().unwrap())
        .await
        .unwrap();
    assert!(!received.contains("Moin"), "{received}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let hits = Arc::new(AtomicUsize::new(0));
    let router = Router::new()
        .route(
            "/elsewhere",
            get(|State(hits): State<Arc<AtomicUsize>>| async move {
                hits.fetch_add(1, Ordering::SeqCst);
                "{}"
            })
            .post(|State(hits): State<Arc<AtomicUsize>>| async move {
                hits.fetch_add(1, Ordering::SeqCst);
                "{}"
            }),
        )
        .fallback(|| async { (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]) })
        .with_state(hits.clone());
    let outcome = send_to(router).await;
    assert_eq!(outcome.effect, Effect::Maybe);
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn lists_are_read_over_all_pages_and_end() {
    let pages = |Query(query): Query<std::collections::HashMap<String, String>>| async move {
        let template = |id: &str| {
            json!({"id": id, "name": "n", "language": "en_US", "status": "APPROVED",
            "category": "UTILITY", "components": [{"type": "BODY", "text": "Hi"}]})
        };
        assert_eq!(query["limit"], "100");
        Json(match query.get("after").map(String::as_str) {
            None => {
                json!({"data": [template("1"), template("2")], "paging": {"cursors": {"after": "A"}, "next": "http://x/"}})
            }
            Some("A") => {
                json!({"data": [{"id": "3", "name": "odd", "components": {"0": "no list"}, "new_field": 1}],
                "paging": {"cursors": {"after": "B"}, "next": "http://x/"}})
            }
            Some("B") => {
                json!({"data": [], "paging": {"cursors": {"before": "B", "after": "B"}, "next": "http://x/"}})
            }
            other => panic!("{other:?}"),
        })
    };
    let client =
        client_at(&serve(Router::new().route("/v25.0/77/message_templates", get(pages))).await);
    let templates = client.list_templates("77").await.unwrap();
    assert_eq!(
        templates
            .iter()
            .map(|template| template.id.as_str())
            .collect::<Vec<_>>(),
        ["1", "2", "3"]
    );
    assert_eq!(templates[0].components[0].text.as_deref(), Some("Hi"));
    assert_eq!(templates[2].extra["components"], json!({"0": "no list"}));
    assert_eq!(templates[2].extra["new_field"], 1);
}

#[tokio::test]
async fn media_goes_up_and_comes_down() {
    let router = Router::new()
        .route("/v25.0/5/media", post(|mut form: axum::extract::Multipart| async move {
            let mut seen = Vec::new();
            while let Some(field) = form.next_field().await.unwrap() {
                let head = (field.name().unwrap().to_owned(), field.file_name().map(str::to_owned), field.content_type().map(str::to_owned));
                seen.push((head, field.bytes().await.unwrap()));
            }
            assert_eq!(seen[0].1, "whatsapp");
            assert_eq!(seen[1].1, "image/png");
            assert_eq!(seen[2].0, ("file".into(), Some("kite.png".into()), Some("image/png".into())));
            assert_eq!(seen[2].1, vec![7_u8; 3000]);
            Json(json!({"id": "900"}))
        }))
        .route("/v25.0/900", get(|uri: Uri| async move {
            assert_eq!(uri.query(), Some("phone_number_id=5"));
            Json(json!({"messaging_product": "whatsapp", "id": "900", "url": "http://127.0.0.1:1/x", "mime_type": "image/png", "file_size": "3000"}))
        }).delete(|| async { Json(json!({"success": true})) }))
        .route("/bytes", get(|headers: HeaderMap| async move {
            assert_eq!(headers["authorization"], format!("Bearer {TOKEN}"));
            ([("content-type", "image/png")], Bytes::from(vec![7_u8; 3000]))
        }))
        .route("/endless", get(|| async {
            axum::body::Body::from_stream(futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![1_u8; 1000]))))
        }));
    let base = serve(router).await;
    let client = client_at(&base);
    let pieces = futures::stream::iter(
        (0..3).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![7_u8; 1000]))),
    );
    let upload = client
        .upload_media(
            "5",
            Upload::stream("kite.png", "image/png", Some(3000), pieces),
        )
        .await
        .unwrap();
    assert_eq!(upload.id, "900");
    let info = client.media_url("900", Some("5")).await.unwrap();
    assert_eq!(info.file_size, Some(3000));

    let mut download = client
        .download_media(&format!("{base}/bytes"), 3000)
        .await
        .unwrap();
    assert_eq!(
        (download.mime_type(), download.length()),
        (Some("image/png"), Some(3000))
    );
    let mut bytes = Vec::new();
    while let Some(piece) = download.chunk().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    assert_eq!(bytes, vec![7_u8; 3000]);

    let too_large = client
        .download_media(&format!("{base}/bytes"), 2999)
        .await
        .unwrap_err();
    assert_eq!(too_large, Error::TooLarge { limit: 2999 });
    let mut endless = client
        .download_media(&format!("{base}/endless"), 5000)
        .await
        .unwrap();
    let error = loop {
        match endless.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the limit was not kept"),
            Err(error) => break error,
        }
    };
    assert_eq!(error, Error::TooLarge { limit: 5000 });
    assert!(client.delete_media("900", None).await.unwrap().success);
}

#[tokio::test]
async fn the_token_does_not_go_to_strangers() {
    let client = Client::new(Config::meta().unwrap(), SecretString::from(TOKEN)).unwrap();
    for url in [
        "https://evil.example/whatsapp_business/attachments/?mid=1",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://evilfbsbx.com/x",
        "http://lookaside.fbsbx.com/x",
        "http://127.0.0.1:9/x",
    ] {
        let error = client.download_media(url, 10).await.unwrap_err();
        assert!(
            matches!(error, Error::UntrustedHost { .. }),
            "{url}: {error}"
        );
    }
    assert!(!format!("{client:?}").contains(TOKEN));
}

#[tokio::test]
async fn ids_are_escaped_and_resources_are_where_meta_has_them() {
    let echo = |method: axum::http::Method, uri: Uri, body: Bytes| async move {
        let text = String::from_utf8(body.to_vec()).unwrap();
        // Said back through the error's text, which every call returns.
        let message = format!("{method} {uri} {text}");
        (
            StatusCode::BAD_REQUEST,
            Json(json!({"error": {"message": message, "code": 100}})),
        )
            .into_response()
    };
    let client = client_at(&serve(Router::new().fallback(echo)).await);
    let said = |error: Error| error.graph().unwrap().message.clone();
    let secret = SecretString::from("s&=1");

    let said_back = said(client.get_phone_number("1/../2?x").await.unwrap_err());
    assert!(
        said_back.starts_with("GET /v25.0/1%2F..%2F2%3Fx?fields=id%2Cdisplay"),
        "{said_back}"
    );
    let cases = [
        (
            said(client.register("5", "123456").await.unwrap_err()),
            r#"POST /v25.0/5/register {"messaging_product":"whatsapp","pin":"123456"}"#,
        ),
        (
            said(client.mark_read("5", "wamid.1").await.unwrap_err()),
            r#"POST /v25.0/5/messages {"messaging_product":"whatsapp","status":"read","message_id":"wamid.1"}"#,
        ),
        (
            said(client.typing("5", "wamid.1").await.unwrap_err()),
            r#"POST /v25.0/5/messages {"messaging_product":"whatsapp","status":"read","message_id":"wamid.1","typing_indicator":{"type":"text"}}"#,
        ),
        (
            said(
                client
                    .delete_template("7", DeleteTemplate::One { id: "8", name: "n" })
                    .await
                    .unwrap_err(),
            ),
            "DELETE /v25.0/7/message_templates?hsm_id=8&name=n ",
        ),
        (
            said(client.subscribe_app("7", None).await.unwrap_err()),
            "POST /v25.0/7/subscribed_apps {}",
        ),
        (
            said(client.unsubscribe_app("7").await.unwrap_err()),
            "DELETE /v25.0/7/subscribed_apps ",
        ),
        (
            said(client.exchange_code("3", &secret, "c").await.unwrap_err()),
            "GET /v25.0/oauth/access_token?client_id=3&client_secret=s%26%3D1&code=c ",
        ),
        (
            said(
                client
                    .block_users("5", &["+491", "US.1"])
                    .await
                    .unwrap_err(),
            ),
            r#"POST /v25.0/5/block_users {"block_users":[{"user":"+491"},{"user_id":"US.1"}],"messaging_product":"whatsapp"}"#,
        ),
    ];
    for (got, want) in cases {
        assert_eq!(got, want);
    }
}

#[tokio::test]
async fn tokens_profiles_and_partial_blocks_are_read() {
    let router = Router::new()
        .route("/v25.0/oauth/access_token", get(|| async { Json(json!({"access_token": "T1", "token_type": "bearer"})) }))
        .route("/v25.0/debug_token", get(|| async { Json(json!({"data": {"app_id": "3", "type": "SYSTEM_USER", "expires_at": 0, "is_valid": true,
            "scopes": ["whatsapp_business_messaging"], "granular_scopes": [{"scope": "whatsapp_business_management", "target_ids": ["7"]}]}})) }))
        .route("/v25.0/5/whatsapp_business_profile", get(|| async { Json(json!({"data": [{"messaging_product": "whatsapp", "about": "Kites", "websites": ["https://kites.example"]}]})) }))
        .route("/v25.0/6/whatsapp_business_profile", get(|| async { Json(json!({"data": [{"business_profile": {"about": "Wrapped"}}]})) }))
        .route("/v25.0/5/block_users", post(|| async { (StatusCode::BAD_REQUEST, Json(json!({
            "block_users": {"added_users": [{"input": "+491", "wa_id": "491"}], "failed_users": [{"input": "+492", "errors": [{"message": "no", "code": 131_047}]}]},
            "error": {"message": "(#139100) partly", "code": 139_100}}))) }));
    let client = client_at(&serve(router).await);
    let secret = SecretString::from("s");
    let token = client.exchange_code("3", &secret, "code").await.unwrap();
    assert_eq!(token.access_token.expose_secret(), "T1");
    assert!(!format!("{token:?}").contains("T1"));
    let info = client.debug_token(&secret).await.unwrap();
    assert!(info.is_valid && info.granular_scopes[0].target_ids == ["7"]);
    assert_eq!(
        client.get_profile("5").await.unwrap().about.as_deref(),
        Some("Kites")
    );
    assert_eq!(
        client.get_profile("6").await.unwrap().about.as_deref(),
        Some("Wrapped")
    );
    let block = client.block_users("5", &["+491", "+492"]).await.unwrap();
    assert_eq!(block.block_users.added_users.len(), 1);
    assert_eq!(
        block.block_users.failed_users[0].errors[0].class(),
        Class::Window
    );
    assert_eq!(block.error.unwrap().code, 139_100);
}

#[tokio::test]
async fn a_sample_goes_through_a_session_of_the_app() {
    async fn session(
        Path(path): Path<String>,
        Query(query): Query<std::collections::HashMap<String, String>>,
        headers: HeaderMap,
    ) -> impl IntoResponse {
        assert_eq!(path, "77/uploads");
        assert_eq!(query["file_name"], "kite & co.png");
        assert_eq!(
            (&*query["file_length"], &*query["file_type"]),
            ("3000", "image/png")
        );
        assert_eq!(headers["authorization"], format!("Bearer {TOKEN}"));
        Json(json!({"id": "upload:MTph?sig=ARb"}))
    }
    async fn bytes(uri: Uri, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
        assert_eq!(uri.to_string(), "/v25.0/upload:MTph?sig=ARb");
        assert_eq!(headers["authorization"], format!("OAuth {TOKEN}"));
        assert_eq!(headers["file_offset"], "0");
        assert_eq!(
            (headers["content-length"].as_bytes(), body.len()),
            (&b"3000"[..], 3000)
        );
        Json(json!({"h": "4::aW\n4::second"}))
    }
    let router = Router::new()
        .route("/v25.0/upload:MTph", post(bytes))
        .route("/v25.0/{*path}", post(session));
    let client = client_at(&serve(router).await);
    let upload = Upload::bytes("kite & co.png", "image/png", vec![7_u8; 3000]);
    assert_eq!(client.upload_sample("77", upload).await.unwrap(), "4::aW");
    let endless = Upload {
        length: None,
        ..Upload::bytes("a", "image/png", vec![1_u8])
    };
    let refused = client.upload_sample("77", endless).await.unwrap_err();
    assert!(matches!(refused, Error::NotSent(_)));
}
