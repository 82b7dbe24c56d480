//! Files that came with a message.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::TryStreamExt as _;
use wigwag_meta::signature;
use wigwag_model::id::Id as _;
use wigwag_store::feed;
use wigwag_store::media::State as MediaState;
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::rig::{Rig, eventually};

/// A PNG of 3 × 2 pixels as far as its header says.
fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0".to_vec();
    bytes.extend([7; 300]);
    bytes
}

#[db_test]
async fn a_file_is_fetched_kept_and_told_of(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let head = feed::head(&rig.db, rig.workspace()).await.unwrap();
    let meta_id = rig.at_meta("image/png", png()).await;
    let (id, message) = rig.incoming("image", meta_id).await;
    let file = eventually("the file is kept", async || {
        let file = rig.media(id).await;
        (file.state == MediaState::Ready).then_some(file)
    })
    .await;
    assert_eq!(file.size, Some(320 + 9));
    assert_eq!((file.width, file.height), (Some(3), Some(2)));
    let key = file.object_key.unwrap();
    assert_eq!(key, format!("{}/{id}", rig.workspace()));
    let pieces: Vec<_> = rig
        .context
        .files()
        .read(&key, None)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pieces.concat(), png());
    let told = feed::after(&rig.db, rig.workspace(), head, 100)
        .await
        .unwrap();
    assert!(
        told.iter()
            .any(|event| event.kind == "message.changed" && event.subject == message.uuid())
    );
    eventually("the job is gone", async || {
        let left = rig
            .count("SELECT COUNT(*) FROM jobs WHERE kind = 'media.fetch'")
            .await;
        (left == 0).then_some(())
    })
    .await;
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_picture_in_a_webhook_ends_up_in_the_thread(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let meta_id = rig.at_meta("image/png", png()).await;
    let there = rig.meta.media_url(&meta_id, None).await.unwrap();
    let digest = hex::decode(there.sha256.unwrap()).unwrap();
    let second = rig.db.mint().now().as_micros() / 1_000_000;
    let body = serde_json::json!({"object": "whatsapp_business_account", "entry": [{
        "id": sim.credentials.waba_id,
        "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "912248901199", "phone_number_id": rig.phone_number_id},
            "contacts": [{"wa_id": "919812345678", "profile": {"name": "Asha"}}],
            "messages": [{
                "id": "wamid.picture", "from": "919812345678", "timestamp": second.to_string(), "type": "image",
                "image": {"id": meta_id, "mime_type": "image/png", "sha256": STANDARD.encode(digest), "caption": "Red"},
            }],
        }}],
    }]})
    .to_string();
    let signature = signature::sign(rig.fixture.app_secret.as_bytes(), body.as_bytes());
    rig.engine
        .accept(&rig.fixture.app_id, Some(&signature), body.into())
        .await
        .unwrap();
    let row = eventually("the picture is in the thread", async || {
        let mut rows = rig
            .rows("SELECT m.kind, f.state, f.width, f.mime_type FROM messages m JOIN media f ON f.id = m.media_id WHERE f.state <> 'pending'")
            .await;
        rows.pop()
    })
    .await;
    let text = |at| row.text(at).unwrap();
    assert_eq!(
        (text(0), text(1), text(3)),
        ("image".into(), "ready".into(), "image/png".into())
    );
    assert_eq!(row.int(2).unwrap(), 3);
    sim.shutdown().await;
    rig.end().await;
}

#[db_test]
async fn a_file_that_meta_has_forgotten_is_given_up_at_once(db: TestDb) {
    let (rig, sim) = Rig::start(db).await;
    let meta_id = rig.at_meta("image/png", png()).await;
    rig.advance(&sim, Duration::from_hours(31 * 24));
    let (id, message) = rig.incoming("image", meta_id).await;
    let file = eventually("the file is given up", async || {
        let file = rig.media(id).await;
        (file.state == MediaState::Failed).then_some(file)
    })
    .await;
    assert_eq!(file.failure.as_deref(), Some("expired"));
    let (tries, error, _) =
        eventually("the job has failed", async || rig.job("media.fetch").await).await;
    assert_eq!(tries, 1);
    assert!(error.unwrap().starts_with("expired: "));
    let shown = wigwag_store::messages::get(&rig.db, rig.workspace(), message)
        .await
        .unwrap();
    assert_eq!(shown.file.unwrap().failure.as_deref(), Some("expired"));
    sim.shutdown().await;
    rig.end().await;
}

/// Says the same of every file, and gives out bytes that get better with each try.
#[derive(Clone)]
struct Shaky {
    asked: Arc<AtomicUsize>,
    given: Arc<AtomicUsize>,
    base: String,
    /// What a download answers, by its number; the last one stays.
    script: Vec<Answer>,
}

#[derive(Clone, Copy)]
enum Answer {
    Stale,
    Damaged,
    Empty,
    TooLarge,
    Good,
}

const DIGEST_OF_GOOD: &str = "770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c";

async fn account() -> &'static str {
    r#"{"id":"77","currency":"USD","timezone_id":"71"}"#
}

async fn look_up(State(shaky): State<Shaky>, Path(id): Path<String>) -> Response {
    let no = shaky.asked.fetch_add(1, Ordering::SeqCst);
    let body = format!(
        r#"{{"id":"{id}","url":"{}/bytes/{no}","sha256":"{DIGEST_OF_GOOD}","mime_type":"text/plain"}}"#,
        shaky.base
    );
    body.into_response()
}

async fn bytes(State(shaky): State<Shaky>) -> Response {
    let no = shaky.given.fetch_add(1, Ordering::SeqCst);
    match shaky.script[no.min(shaky.script.len() - 1)] {
        Answer::Stale => StatusCode::NOT_FOUND.into_response(),
        Answer::Damaged => "baad".into_response(),
        Answer::Empty => "".into_response(),
        Answer::TooLarge => {
            let piece = || Ok::<_, std::io::Error>(axum::body::Bytes::from(vec![b'x'; 1 << 20]));
            let endless = futures::stream::repeat_with(piece);
            axum::body::Body::from_stream(endless).into_response()
        }
        Answer::Good => "good".into_response(),
    }
}

async fn numbers() -> &'static str {
    r#"{"data":[{"id":"500","display_phone_number":"+91 22 1","verified_name":"Kite"}]}"#
}

/// An engine beside a Meta that answers by a script.
async fn shaky(db: TestDb, script: Vec<Answer>) -> (Rig, Shaky) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let shaky = Shaky {
        asked: Arc::default(),
        given: Arc::default(),
        base: base.clone(),
        script,
    };
    let app = Router::new()
        .route("/77", get(account))
        .route("/77/phone_numbers", get(numbers))
        .route("/77/message_templates", get(async || r#"{"data":[]}"#))
        .route("/bytes/{no}", get(bytes))
        .route("/{id}", get(look_up))
        .with_state(shaky.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (Rig::at(db, &base, "77", "token").await, shaky)
}

#[db_test]
async fn each_try_asks_for_a_fresh_address_and_checks_the_bytes(db: TestDb) {
    let script = vec![Answer::Stale, Answer::Damaged, Answer::Good];
    let (rig, meta) = shaky(db, script).await;
    let (id, _) = rig.incoming("document", "900".to_owned()).await;
    for (tries, reason) in [(1, "address_expired"), (2, "damaged")] {
        let (error, again) = eventually("the try is recorded", async || {
            let (done, error, again) = rig.job("media.fetch").await?;
            (done == tries).then_some((error?, again))
        })
        .await;
        assert!(error.starts_with(reason), "{error}");
        assert_eq!(rig.media(id).await.state, MediaState::Pending);
        rig.db.clock.advance(again.since(rig.db.mint().now()));
    }
    let file = eventually("the file is kept", async || {
        let file = rig.media(id).await;
        (file.state == MediaState::Ready).then_some(file)
    })
    .await;
    assert_eq!(hex::encode(file.sha256.unwrap()), DIGEST_OF_GOOD);
    assert_eq!(meta.asked.load(Ordering::SeqCst), 3, "one look-up per try");
    rig.end().await;
}

#[db_test]
async fn a_file_that_never_comes_is_given_up_with_its_last_reason(db: TestDb) {
    let (rig, meta) = shaky(db, vec![Answer::Empty]).await;
    let (id, _) = rig.incoming("document", "900".to_owned()).await;
    for tries in 1..3 {
        let again = eventually("the try is recorded", async || {
            let (done, _, again) = rig.job("media.fetch").await?;
            (done == tries).then_some(again)
        })
        .await;
        rig.db.clock.advance(again.since(rig.db.mint().now()));
    }
    let file = eventually("the file is given up", async || {
        let file = rig.media(id).await;
        (file.state == MediaState::Failed).then_some(file)
    })
    .await;
    assert_eq!(file.failure.as_deref(), Some("empty"));
    assert_eq!(meta.given.load(Ordering::SeqCst), 3);
    rig.end().await;
}

#[db_test]
async fn an_endless_file_is_cut_off_at_metas_limit(db: TestDb) {
    let (rig, _) = shaky(db, vec![Answer::TooLarge]).await;
    let (id, _) = rig.incoming("document", "900".to_owned()).await;
    let file = eventually("the file is given up", async || {
        let file = rig.media(id).await;
        (file.state == MediaState::Failed).then_some(file)
    })
    .await;
    assert_eq!(file.failure.as_deref(), Some("too_large"));
    let kept = rig
        .context
        .files()
        .read(&format!("{}/{id}", rig.workspace()), None)
        .await;
    assert!(kept.err().unwrap().is_missing(), "nothing of it is kept");
    rig.end().await;
}
