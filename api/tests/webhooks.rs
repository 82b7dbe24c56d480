//! Meta's webhooks and dead letters over HTTP: what is answered to good and bad input.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use object_store::memory::InMemory;
use secrecy::SecretString;
use serde_json::Value;
use tower::ServiceExt as _;
use wigwag_api::auth::api_key;
use wigwag_api::{Api, Settings};
use wigwag_engine::{Engine, Files, Role, ingest::LIMIT, wait};
use wigwag_meta::{Client, Config, signature};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Db, api_keys, sql};
use wigwag_store_macros::db_test;

/// How often a test asks for what must come, with 5 ms in between.
const PATIENCE: usize = 12_000;

struct Server {
    db: TestDb,
    f: Fixture,
    engine: Engine,
    router: Router,
}

impl Server {
    async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        let base = "http://127.0.0.1:9".parse().unwrap();
        let engine = Engine::start(wigwag_engine::Parts {
            db: Db::clone(&db),
            files: Files::new(Arc::new(InMemory::new())),
            meta: Client::new(Config::at(base), SecretString::from("none")).unwrap(),
            settings: wigwag_engine::Settings::default(),
            role: Role::All,
        })
        .await
        .unwrap();
        let api = Api::start(wigwag_api::Parts {
            engine: engine.clone(),
            settings: Settings {
                public_url: "http://console.example".parse().unwrap(),
                hosts: Vec::new(),
                trusted_proxies: Vec::new(),
                demo: false,
                simulator_url: None,
                public_api: wigwag_api::PublicApi::default(),
            },
        });
        let router = wigwag_api::router(api, Router::new());
        Self {
            db,
            f,
            engine,
            router,
        }
    }

    async fn end(self) {
        self.engine.stop().await;
        self.db.remove().await;
    }

    async fn call(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Posts a body to an app's address with a signature.
    async fn post(&self, app: &str, signature: Option<&str>, body: &[u8]) -> Response<Body> {
        let mut request = Request::post(format!("/webhooks/whatsapp/{app}"))
            .header(header::HOST, "console.example")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(signature) = signature {
            request = request.header("X-Hub-Signature-256", signature);
        }
        let body = Body::from(body.to_vec());
        self.call(request.body(body).unwrap()).await
    }

    /// Posts a body as the app itself would.
    async fn signed(&self, body: &[u8]) -> StatusCode {
        let signature = signature::sign(self.f.app_secret.as_bytes(), body);
        let answer = self.post(&self.f.app_id, Some(&signature), body).await;
        answer.status()
    }

    async fn challenge(&self, app: &str, query: &str) -> Response<Body> {
        let request = Request::get(format!("/webhooks/whatsapp/{app}?{query}"))
            .header(header::HOST, "console.example");
        self.call(request.body(Body::empty()).unwrap()).await
    }

    async fn count(&self, question: &'static str) -> i64 {
        let mut reader = self.db.reader().await.unwrap();
        let row = sql(question).fetch_one(&mut reader).await.unwrap();
        row.int(0).unwrap()
    }

    async fn until(&self, question: &'static str, wanted: i64) {
        for _ in 0..PATIENCE {
            if self.count(question).await == wanted {
                return;
            }
            wait::pause(Duration::from_millis(5)).await;
        }
        panic!("{question} did not become {wanted}");
    }
}

async fn text(answer: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn code(answer: Response<Body>) -> String {
    assert_eq!(
        answer.headers()[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let problem: Value = serde_json::from_str(&text(answer).await).unwrap();
    problem["code"].as_str().unwrap().to_owned()
}

#[db_test]
async fn the_challenge_is_answered_to_whoever_knows_the_token(db: TestDb) {
    let server = Server::new(db).await;
    let token = &server.f.verify_token;
    let good = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}");
    let answer = server.challenge(&server.f.app_id, &good).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(
        answer.headers()[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    assert_eq!(text(answer).await, "1158201444");
    for (app, query, status) in [
        (server.f.app_id.as_str(), good.replace(token, "wrong"), 403),
        (
            server.f.app_id.as_str(),
            "hub.mode=subscribe&hub.challenge=1".to_owned(),
            403,
        ),
        ("123", good.clone(), 403),
        (
            server.f.app_id.as_str(),
            good.replace("subscribe", "unsubscribe"),
            422,
        ),
        (server.f.app_id.as_str(), String::new(), 422),
    ] {
        let answer = server.challenge(app, &query).await;
        assert_eq!(answer.status().as_u16(), status, "{app} {query}");
        assert!(!text(answer).await.contains("1158201444"));
    }
    server.end().await;
}

#[db_test]
async fn a_wrong_or_missing_signature_is_401_and_leaves_no_trace(db: TestDb) {
    let server = Server::new(db).await;
    let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    let other = signature::sign(b"other", body);
    let right = signature::sign(server.f.app_secret.as_bytes(), body);
    for (app, signature) in [
        (server.f.app_id.as_str(), None),
        (server.f.app_id.as_str(), Some(other.as_str())),
        (server.f.app_id.as_str(), Some("sha256=zz")),
        ("123", Some(right.as_str())),
    ] {
        let answer = server.post(app, signature, body).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(code(answer).await, "unauthenticated");
    }
    for table in [
        "SELECT COUNT(*) FROM journal",
        "SELECT COUNT(*) FROM dead_letters",
        "SELECT COUNT(*) FROM audit",
    ] {
        assert_eq!(server.count(table).await, 0, "{table}");
    }
    server.end().await;
}

#[db_test]
async fn a_body_over_the_limit_is_413_announced_or_not(db: TestDb) {
    let server = Server::new(db).await;
    let large = vec![b'x'; LIMIT + 1];
    let signature = signature::sign(server.f.app_secret.as_bytes(), &large);
    let answer = server
        .post(&server.f.app_id, Some(&signature), &large)
        .await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(code(answer).await, "too_large");
    let announced = Request::post(format!("/webhooks/whatsapp/{}", server.f.app_id))
        .header(header::HOST, "console.example")
        .header(header::CONTENT_LENGTH, LIMIT + 1)
        .header("X-Hub-Signature-256", &signature);
    let answer = server.call(announced.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = large
        .chunks(100_000)
        .map(|piece| Ok(piece.to_vec()))
        .collect();
    let streamed = Request::post(format!("/webhooks/whatsapp/{}", server.f.app_id))
        .header(header::HOST, "console.example")
        .header("X-Hub-Signature-256", &signature);
    let body = Body::from_stream(futures::stream::iter(pieces));
    let answer = server.call(streamed.body(body).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.count("SELECT COUNT(*) FROM journal").await, 0);
    assert_eq!(server.signed(&large[..LIMIT]).await, StatusCode::OK);
    server.end().await;
}

#[db_test]
async fn a_signed_body_of_unknown_shape_or_number_is_200_and_a_dead_letter(db: TestDb) {
    let server = Server::new(db).await;
    let elsewhere = br#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":[{"from":"919800000001","id":"wamid.1","timestamp":"1795424400","type":"text","text":{"body":"hi"}}]}}]}]}"#;
    for body in [&b"not json"[..], b"", b"{}", b"[1]", b"\xff\xfe", elsewhere] {
        assert_eq!(server.signed(body).await, StatusCode::OK);
    }
    server
        .until(
            "SELECT COUNT(*) FROM dead_letters WHERE reason = 'unknown_shape'",
            5,
        )
        .await;
    server
        .until(
            "SELECT COUNT(*) FROM dead_letters WHERE reason = 'unknown_route'",
            1,
        )
        .await;
    assert_eq!(server.count("SELECT COUNT(*) FROM messages").await, 0);
    assert_eq!(server.count("SELECT COUNT(*) FROM contacts").await, 0);
    server.end().await;
}

#[db_test]
async fn dead_letters_are_listed_replayed_and_discarded_with_the_permission(db: TestDb) {
    let server = Server::new(db).await;
    server.signed(b"first").await;
    server.signed(b"second").await;
    server.until("SELECT COUNT(*) FROM dead_letters", 2).await;
    let key = |scope: &'static str| {
        let fresh = api_key::fresh(server.db.mint().random());
        let new = api_keys::New {
            name: scope.to_owned(),
            prefix: fresh.prefix,
            hash: fresh.hash,
            scopes: vec![scope.to_owned()],
            created_by: None,
            expires_at: None,
            number: None,
            publishable: None,
        };
        let (db, workspace) = (Db::clone(&server.db), server.f.workspace);
        async move {
            api_keys::insert(&db, workspace, new).await.unwrap();
            fresh.secret
        }
    };
    let (may, may_not) = (key("operations.manage").await, key("contacts.read").await);
    let call = |method: &'static str, path: String, key: String| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "console.example")
            .header(header::AUTHORIZATION, format!("Bearer {key}"));
        server.call(request.body(Body::empty()).unwrap())
    };
    let list = "/api/v1/dead-letters?limit=1".to_owned();
    assert_eq!(
        call("GET", list.clone(), may_not).await.status(),
        StatusCode::FORBIDDEN
    );
    let page: Value =
        serde_json::from_str(&text(call("GET", list.clone(), may.clone()).await).await).unwrap();
    let letter = &page["data"][0];
    assert_eq!(
        (letter["reason"].as_str(), letter["state"].as_str()),
        (Some("unknown_shape"), Some("open"))
    );
    let next = format!("{list}&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest: Value =
        serde_json::from_str(&text(call("GET", next, may.clone()).await).await).unwrap();
    assert_ne!(rest["data"][0]["item_preview"], letter["item_preview"]);
    assert!(rest["next_cursor"].is_null());
    let at = |what: &str| {
        format!(
            "/api/v1/dead-letters/{}/{what}",
            letter["id"].as_str().unwrap()
        )
    };
    let answer = call("POST", at("replay"), may.clone()).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert_eq!(code(answer).await, "conflict");
    assert_eq!(
        call("POST", at("discard"), may.clone()).await.status(),
        StatusCode::OK
    );
    let answer = call("POST", at("replay"), may.clone()).await;
    assert_eq!(code(answer).await, "stale");
    let gone = "/api/v1/dead-letters?state=discarded".to_owned();
    let page: Value = serde_json::from_str(&text(call("GET", gone, may).await).await).unwrap();
    assert_eq!(page["data"][0]["attempts"], 1);
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    server.end().await;
}
