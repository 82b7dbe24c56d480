//! Files by the API: uploaded, judged, read by signed addresses; and listings asked for.
#![expect(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use futures::StreamExt as _;
use http_body_util::BodyExt as _;
use object_store::local::LocalFileSystem;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use wigwag_api::auth::api_key;
use wigwag_api::{Api, Parts, Settings};
use wigwag_engine::{Engine, Files, Role};
use wigwag_meta::{Client, Config};
use wigwag_model::WorkspaceId;
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{api_keys, sql};
use wigwag_store_macros::db_test;

const BOUNDARY: &str = "kite-kite-kite";

/// The API on a database and a folder of its own; nothing runs in the background.
struct Rig {
    db: TestDb,
    fixture: Fixture,
    router: Router,
    engine: Engine,
    folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Status and stable code of a problem.
    fn problem(&self) -> (u16, String) {
        let code = self.json()["code"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), code)
    }
}

impl Rig {
    async fn start(db: TestDb) -> Self {
        let fixture = db.workspace().await;
        let folder = tempfile::tempdir().unwrap();
        let store = LocalFileSystem::new_with_prefix(folder.path()).unwrap();
        let nobody = Config::at("http://127.0.0.1:9".parse().unwrap());
        let engine = Engine::start(wigwag_engine::Parts {
            db: (*db).clone(),
            files: Files::new(Arc::new(store)),
            meta: Client::new(nobody, String::new().into()).unwrap(),
            settings: wigwag_engine::Settings::default(),
            role: Role::Web,
        })
        .await
        .unwrap();
        let api = Api::start(Parts {
            engine: engine.clone(),
            settings: Settings {
                public_url: "http://localhost:8080".parse().unwrap(),
                hosts: Vec::new(),
                trusted_proxies: Vec::new(),
                demo: false,
                simulator_url: None,
                public_api: wigwag_api::PublicApi::default(),
            },
        });
        Self {
            router: wigwag_api::router(api, Router::new()),
            db,
            fixture,
            engine,
            folder,
        }
    }

    async fn end(self) {
        self.engine.stop().await;
        self.db.remove().await;
    }

    /// An API key of a workspace.
    async fn key(&self, workspace: WorkspaceId, scopes: &[&str]) -> String {
        let fresh = api_key::fresh(self.db.mint().random());
        let new = api_keys::New {
            name: "test".to_owned(),
            prefix: fresh.prefix,
            hash: fresh.hash,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            created_by: None,
            expires_at: None,
            number: None,
            publishable: None,
        };
        api_keys::insert(&self.db, workspace, new).await.unwrap();
        fresh.secret
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            bytes: response.into_body().collect().await.unwrap().to_bytes(),
        }
    }

    async fn get(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
        let mut request = Request::get(path).header(header::HOST, "localhost");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, key: &str, kind: &str, body: Body) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, kind);
        self.send(request.body(body).unwrap()).await
    }

    /// Uploads a form of parts: name, file name, bytes.
    async fn upload(&self, key: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
        let mut form = Vec::new();
        for (name, filename, bytes) in parts {
            form.extend(head(name, *filename).bytes());
            form.extend(*bytes);
            form.extend(b"\r\n");
        }
        form.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.post("/api/v1/media", key, &form_type(), form.into())
            .await
    }

    async fn sender(&self) -> String {
        self.key(self.fixture.workspace, &["messages.send"]).await
    }

    /// How many files lie in the folder, finished or not.
    fn kept(&self) -> usize {
        let mut count = 0;
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            count += std::fs::read_dir(entry.unwrap().path()).unwrap().count();
        }
        count
    }
}

fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// The beginning of a part.
fn head(name: &str, filename: Option<&str>) -> String {
    let file = filename
        .map(|name| format!("; filename=\"{name}\""))
        .unwrap_or_default();
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
}

fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0".to_vec();
    bytes.extend(0..=255);
    bytes
}

#[db_test]
async fn a_file_goes_in_and_comes_out_by_its_signed_address(db: TestDb) {
    let rig = Rig::start(db).await;
    let key = rig.sender().await;
    let made = rig
        .upload(
            &key,
            &[("kind", None, b"image"), ("file", Some("kite.png"), &png())],
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let media = made.json();
    for (field, value) in [
        ("kind", json!("image")),
        ("mime_type", json!("image/png")),
        ("filename", json!("kite.png")),
        ("size", json!(png().len())),
        ("state", json!("ready")),
        ("width", json!(3)),
        ("height", json!(2)),
    ] {
        assert_eq!(media[field], value, "{field}");
    }
    let url = media["url"].as_str().unwrap();
    let whole = rig.get(url, &[]).await;
    assert_eq!(
        (whole.status, &whole.bytes[..]),
        (StatusCode::OK, &png()[..])
    );
    assert_eq!(whole.header(header::CONTENT_TYPE), "image/png");
    assert_eq!(
        whole.header(header::CONTENT_DISPOSITION),
        "inline; filename=\"kite.png\"; filename*=UTF-8''kite.png"
    );
    assert_eq!(whole.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(
        whole
            .header(header::CONTENT_SECURITY_POLICY)
            .ends_with("sandbox")
    );
    assert!(
        whole
            .header(header::CACHE_CONTROL)
            .starts_with("private, max-age=600")
    );
    assert_eq!(
        whole.header(header::CONTENT_LENGTH),
        png().len().to_string()
    );
    let tag = whole.header(header::ETAG).to_owned();
    let again = rig.get(url, &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!(
        (again.status, again.bytes.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );
    rig.end().await;
}

#[db_test]
async fn players_get_the_range_that_they_ask_for(db: TestDb) {
    let rig = Rig::start(db).await;
    let key = rig.sender().await;
    let made = rig
        .upload(&key, &[("file", Some("kite.png"), &png())])
        .await;
    let media = made.json();
    let (url, size) = (media["url"].as_str().unwrap(), png().len());
    let part = rig.get(url, &[(header::RANGE, "bytes=8-15")]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.bytes[..], png()[8..16]);
    assert_eq!(
        part.header(header::CONTENT_RANGE),
        format!("bytes 8-15/{size}")
    );
    assert_eq!(part.header(header::CONTENT_LENGTH), "8");
    let tail = rig.get(url, &[(header::RANGE, "bytes=-4")]).await;
    assert_eq!(tail.bytes[..], [252, 253, 254, 255]);
    let beyond = rig.get(url, &[(header::RANGE, "bytes=9000-")]).await;
    assert_eq!(beyond.problem(), (416, "range_not_satisfiable".to_owned()));
    assert_eq!(
        beyond.header(header::CONTENT_RANGE),
        format!("bytes */{size}")
    );
    let other = [
        (header::RANGE, "bytes=0-3"),
        (header::IF_RANGE, "\"other\""),
    ];
    assert_eq!(rig.get(url, &other).await.status, StatusCode::OK);
    let head = Request::head(url)
        .header(header::HOST, "localhost")
        .body(Body::empty())
        .unwrap();
    let head = rig.send(head).await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.header(header::CONTENT_LENGTH), size.to_string());
    rig.end().await;
}

#[db_test]
async fn an_address_opens_one_file_of_one_workspace_for_a_while(db: TestDb) {
    let rig = Rig::start(db).await;
    let other = rig.db.workspace().await;
    let key = rig.sender().await;
    let theirs = rig.key(other.workspace, &["messages.send"]).await;
    let made = rig
        .upload(&key, &[("file", Some("a.txt"), b"Twelve kites")])
        .await
        .json();
    let foreign = rig
        .upload(&theirs, &[("file", Some("b.txt"), b"Nine kites")])
        .await
        .json();
    let url = made["url"].as_str().unwrap();
    let (id, other_id) = (
        made["id"].as_str().unwrap(),
        foreign["id"].as_str().unwrap(),
    );
    assert_eq!(rig.get(url, &[]).await.status, StatusCode::OK);
    let expected = (403, "link_expired".to_owned());
    let workspace = other.workspace.to_string();
    let (path, query) = url.split_once('?').unwrap();
    let last = if url.ends_with('A') { 'B' } else { 'A' };
    let changed = format!("{}{last}", &url[..url.len() - 1]);
    for wrong in [
        path.to_owned(),
        format!("{path}?w={workspace}"),
        url.replace(id, other_id),
        url.replace(&rig.fixture.workspace.to_string(), &workspace),
        url.replace("exp=", "exp=9"),
        format!("{url}&more=1"),
        format!("{path}?{query}&{query}"),
        changed,
    ] {
        assert_eq!(rig.get(&wrong, &[]).await.problem(), expected, "{wrong}");
    }
    // A key does not help: only the address counts.
    let bearer = format!("Bearer {key}");
    let refused = rig.get(path, &[(header::AUTHORIZATION, &bearer)]).await;
    assert_eq!(refused.problem(), expected);
    rig.db.clock.advance(Duration::from_mins(15));
    assert_eq!(rig.get(url, &[]).await.problem(), expected);
    rig.end().await;
}

#[db_test]
async fn what_browsers_might_run_is_a_download(db: TestDb) {
    let rig = Rig::start(db).await;
    let key = rig.sender().await;
    let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>";
    let made = rig
        .upload(&key, &[("file", Some("पतंग.svg"), svg)])
        .await
        .json();
    let shown = rig.get(made["url"].as_str().unwrap(), &[]).await;
    assert_eq!(
        shown.header(header::CONTENT_TYPE),
        "text/plain; charset=utf-8"
    );
    assert!(
        shown
            .header(header::CONTENT_DISPOSITION)
            .starts_with("attachment; ")
    );
    // One that came in by webhook with a type of its sender's choice.
    let workspace = rig.fixture.workspace;
    rig.db
        .write(wigwag_store::Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE media SET mime_type = 'text/html' WHERE workspace_id = $1")
                    .bind(workspace)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
    let shown = rig.get(made["url"].as_str().unwrap(), &[]).await;
    assert!(
        shown
            .header(header::CONTENT_DISPOSITION)
            .starts_with("attachment; ")
    );
    assert!(
        shown
            .header(header::CONTENT_SECURITY_POLICY)
            .contains("sandbox")
    );
    rig.end().await;
}

#[db_test]
async fn bad_uploads_say_what_to_mend_and_leave_nothing(db: TestDb) {
    let rig = Rig::start(db).await;
    let key = rig.sender().await;
    let mut large = b"\xff\xd8\xff\xe0".to_vec();
    large.resize((5 << 20) + 1, 1);
    let field = |answer: &Answer| {
        let json = answer.json();
        let error = &json["errors"][0];
        (
            answer.status.as_u16(),
            error["field"].as_str().unwrap_or_default().to_owned(),
            error["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let fields = |status: u16, name: &str, code: &str| (status, name.to_owned(), code.to_owned());
    let empty = rig.upload(&key, &[("file", Some("a.png"), b"")]).await;
    assert_eq!(field(&empty), fields(422, "file", "empty"));
    let none = rig.upload(&key, &[("kind", None, b"image")]).await;
    assert_eq!(field(&none), fields(422, "file", "required"));
    let kind = rig
        .upload(
            &key,
            &[("kind", None, b"picture"), ("file", Some("a.png"), &png())],
        )
        .await;
    assert_eq!(field(&kind), fields(422, "kind", "invalid"));
    let wrong = rig
        .upload(
            &key,
            &[("file", Some("a.png"), &png()), ("kind", None, b"audio")],
        )
        .await;
    assert_eq!(field(&wrong), fields(422, "kind", "invalid"));
    let unknown = rig
        .upload(
            &key,
            &[("file", Some("a.png"), &png()), ("caption", None, b"x")],
        )
        .await;
    assert_eq!(field(&unknown), fields(422, "caption", "unknown"));
    let two = rig
        .upload(
            &key,
            &[
                ("file", Some("a.png"), &png()),
                ("file", Some("b.png"), &png()),
            ],
        )
        .await;
    assert_eq!(field(&two), fields(422, "file", "invalid"));
    let gif = rig
        .upload(&key, &[("file", Some("a.png"), b"GIF89a\x01\0\x01\0")])
        .await;
    assert_eq!(gif.problem(), (415, "unsupported_file".to_owned()));
    assert!(
        gif.json()["detail"]
            .as_str()
            .unwrap()
            .contains("JPEG or PNG")
    );
    assert_eq!(gif.json()["params"]["mime_type"], "image/gif");
    let image = rig.upload(&key, &[("file", Some("a.jpg"), &large)]).await;
    assert_eq!(image.problem(), (413, "too_large".to_owned()));
    assert_eq!(image.json()["params"]["limit"], 5 << 20);
    let json = rig
        .post("/api/v1/media", &key, "application/json", "{}".into())
        .await;
    assert_eq!(json.problem(), (400, "bad_request".to_owned()));
    let cut = format!("{}half", head("file", Some("a.txt")));
    let cut = rig
        .post("/api/v1/media", &key, &form_type(), cut.into())
        .await;
    assert_eq!(cut.problem(), (400, "bad_request".to_owned()));
    let reader = rig
        .key(rig.fixture.workspace, &["conversations.read"])
        .await;
    let refused = rig
        .upload(&reader, &[("file", Some("a.png"), &png())])
        .await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    assert_eq!(rig.kept(), 0, "no file is left behind");
    let rows = sql("SELECT COUNT(*) FROM media")
        .fetch_one(&mut rig.db.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!(rows.int(0).unwrap(), 0);
    rig.end().await;
}

/// A form with a PDF file of so many bytes, made as it is read.
fn pdf(size: usize) -> Body {
    const PIECE: usize = 1 << 20;
    let start = head("file", Some("a.pdf")) + "%PDF-1.7";
    let left = size - 8;
    let pieces = (0..left.div_ceil(PIECE))
        .map(move |no| Bytes::from(vec![b'x'; PIECE.min(left - no * PIECE)]));
    let end = Bytes::from(format!("\r\n--{BOUNDARY}--\r\n"));
    let all = std::iter::once(Bytes::from(start))
        .chain(pieces)
        .chain(std::iter::once(end));
    Body::from_stream(futures::stream::iter(all).map(Ok::<_, std::io::Error>))
}

#[db_test]
async fn documents_stream_up_to_metas_limit(db: TestDb) {
    let rig = Rig::start(db).await;
    let key = rig.sender().await;
    let limit = 100 << 20;
    let most = rig
        .post("/api/v1/media", &key, &form_type(), pdf(limit))
        .await;
    assert_eq!(most.status, StatusCode::CREATED);
    assert_eq!(most.json()["size"], limit);
    let over = rig
        .post("/api/v1/media", &key, &form_type(), pdf(limit + 1))
        .await;
    assert_eq!(over.problem(), (413, "too_large".to_owned()));
    assert_eq!(over.json()["params"]["limit"], limit);
    assert_eq!(rig.kept(), 1);
    rig.end().await;
}

#[db_test]
async fn listings_are_asked_for_once(db: TestDb) {
    let rig = Rig::start(db).await;
    let key = rig
        .key(rig.fixture.workspace, &["templates.write", "numbers.write"])
        .await;
    for path in ["/api/v1/templates/sync", "/api/v1/numbers/sync"] {
        for _ in 0..2 {
            let answer = rig
                .post(path, &key, "application/json", Body::empty())
                .await;
            assert_eq!(
                (answer.status, answer.json()),
                (StatusCode::ACCEPTED, json!({}))
            );
        }
        let reader = rig
            .key(rig.fixture.workspace, &["templates.read", "numbers.read"])
            .await;
        let refused = rig
            .post(path, &reader, "application/json", Body::empty())
            .await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    }
    let rows = sql("SELECT kind FROM jobs ORDER BY kind")
        .fetch_all(&mut rig.db.reader().await.unwrap())
        .await
        .unwrap();
    let kinds: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(kinds, ["number.sync", "template.sync"]);
    rig.end().await;
}
