//! The router on a test database, asked without a network.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::{Extension, Router};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use wigwag_api::auth::api_key;
use wigwag_api::{Api, Parts, PublicApi, Settings};
use wigwag_engine::{Engine, Files, Role};
use wigwag_meta::Client;
use wigwag_meta::client::Config;
use wigwag_model::{ContactId, ConversationId, Permission};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, api_keys, sql};

pub(crate) struct World {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    pub(crate) engine: Engine,
    api: Api,
    router: Router,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The problem's stable code.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The field of the first field error.
    pub(crate) fn field(&self) -> &str {
        self.body["errors"][0]["field"].as_str().unwrap_or_default()
    }
}

impl World {
    pub(crate) async fn new(db: TestDb) -> Self {
        // Takes requests and sends nothing: nothing here needs Meta.
        Self::with(db, "http://127.0.0.1:9", PublicApi::default()).await
    }

    /// With a Meta at an address, and settings of the API in Interakt's form.
    pub(crate) async fn with(db: TestDb, meta: &str, public_api: PublicApi) -> Self {
        let f = db.workspace().await;
        let config = Config::at(meta.parse().unwrap());
        let files = tempfile::tempdir().unwrap();
        let store = object_store::local::LocalFileSystem::new_with_prefix(files.path()).unwrap();
        let engine = Engine::start(wigwag_engine::Parts {
            db: (*db).clone(),
            files: Files::new(Arc::new(store)),
            meta: Client::new(config, "unused".to_owned().into()).unwrap(),
            settings: wigwag_engine::Settings::default(),
            role: Role::Web,
        })
        .await
        .unwrap();
        let api = Api::start(Parts {
            engine: engine.clone(),
            settings: Settings {
                public_url: "http://localhost:8080".parse().unwrap(),
                hosts: vec![],
                trusted_proxies: vec![],
                demo: false,
                simulator_url: None,
                public_api,
            },
        });
        let peer = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
        let router = wigwag_api::router(api.clone(), Router::new())
            .layer(Extension(axum::extract::ConnectInfo(peer)));
        Self {
            db,
            f,
            engine,
            api,
            router,
        }
    }

    /// A key of a workspace with these permissions.
    pub(crate) async fn key_of(&self, f: &Fixture, permissions: &[Permission]) -> String {
        let fresh = api_key::fresh(self.db.mint().random());
        let new = api_keys::New {
            name: "Test".to_owned(),
            prefix: fresh.prefix,
            hash: fresh.hash,
            scopes: permissions
                .iter()
                .map(|permission| permission.as_str().to_owned())
                .collect(),
            created_by: None,
            expires_at: None,
            number: None,
            publishable: None,
        };
        api_keys::insert(&self.db, f.workspace, new).await.unwrap();
        fresh.secret
    }

    /// A key of our workspace that may do everything.
    pub(crate) async fn key(&self) -> String {
        self.key_of(&self.f, Permission::ALL).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        let bearer = format!("Bearer {key}");
        self.ask(Method::GET, path, &[("authorization", &bearer)], None)
            .await
    }

    /// The body as it is.
    pub(crate) async fn text(&self, key: &str, path: &str) -> String {
        let request = Request::builder()
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .body(Body::empty())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// A POST whose answer is no JSON: its headers, and the body as it is.
    pub(crate) async fn post_text(
        &self,
        key: &str,
        path: &str,
        body: &Value,
    ) -> (HeaderMap, String) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// A POST with an idempotency key of its own.
    pub(crate) async fn post(&self, key: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {key}");
        let idempotency = hex::encode(self.db.mint().random::<8>());
        self.ask(
            Method::POST,
            path,
            &[
                ("authorization", &bearer),
                ("idempotency-key", &idempotency),
            ],
            Some(body),
        )
        .await
    }

    /// A POST of these bytes, as another system sends it.
    pub(crate) async fn raw(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    /// A POST whose body is a file.
    pub(crate) async fn upload(&self, bearer: &str, path: &str, bytes: &'static str) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::AUTHORIZATION, bearer)
            .header(header::CONTENT_TYPE, "text/csv")
            .body(Body::from(bytes))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    /// A POST of a form with this boundary.
    pub(crate) async fn form(
        &self,
        authorization: &str,
        path: &str,
        boundary: &str,
        body: Vec<u8>,
    ) -> Answer {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    /// A contact of a workspace whose window is open.
    pub(crate) async fn conversation_of(
        &self,
        f: &Fixture,
        phone: &str,
    ) -> (ContactId, ConversationId) {
        let (contact, conversation): (ContactId, ConversationId) =
            (self.db.mint().id(), self.db.mint().id());
        let (f, phone, now) = (f.clone(), phone.to_owned(), self.db.mint().now());
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    let no = sql("UPDATE workspaces SET next_contact_no = next_contact_no + 1 WHERE id = $1 RETURNING next_contact_no")
                        .bind(f.workspace).fetch_one(tx).await?.int(0)?;
                    sql("INSERT INTO contacts (workspace_id, id, no, name, phone, tags, traits, source, name_key, created_at, updated_at, version)
                         VALUES ($1, $2, $3, 'Mira', $4, '[]', '{}', 'api', 'mira', $5, $5, 1)")
                        .bind(f.workspace).bind(contact).bind(no).bind(&phone).bind(now).execute(tx).await?;
                    sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at, changed_seq, created_at, window_closes_at)
                         VALUES ($1, $2, $3, $4, 'open', 2, 'Mira', $5, 0, $5, $6)")
                        .bind(f.workspace).bind(conversation).bind(contact).bind(f.number).bind(now)
                        .bind(now.plus(Duration::from_hours(24)))
                        .execute(tx).await
                })
            })
            .await
            .unwrap();
        (contact, conversation)
    }

    pub(crate) async fn end(self) {
        self.api.stop();
        self.engine.stop().await;
        self.db.remove().await;
    }
}
