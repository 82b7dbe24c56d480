//! An engine with a simulator as its Meta, whose webhooks come back, and clocks that go together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use object_store::memory::InMemory;
use parking_lot::Mutex;
use secrecy::SecretString;
use serde_json::{Value, json};
use wigwag_engine::{Engine, Files, Parts, Role, Settings, campaigns, templates};
use wigwag_meta::client::Config;
use wigwag_meta::{Client, http};
use wigwag_model::campaign::{Brakes, Settings as CampaignSettings};
use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_model::{CampaignId, ContactId, Role as MemberRole, Scope, TemplateId};
use wigwag_simulator::{Options, Running, Simulator, VirtualClock};
use wigwag_store::campaigns::{Campaign, Counts, Patch};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::routes::{self, Route, RouteKind};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, apps, sql, wabas};

/// Where webhooks go while the engine is up.
type Door = Arc<Mutex<Option<Engine>>>;

pub(crate) struct Rig {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    pub(crate) sim: Running,
    pub(crate) engine: Engine,
    pub(crate) template: TemplateId,
    /// Meta's id of the template.
    pub(crate) meta_template: String,
    door: Door,
    http: reqwest::Client,
}

/// Takes a webhook, as `api` does.
async fn receive(
    State((door, app)): State<(Door, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let engine = door.lock().clone();
    let Some(engine) = engine else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    let signature = headers
        .get("x-hub-signature-256")
        .and_then(|value| value.to_str().ok());
    match engine.accept(&app, signature, body).await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}

async fn start(db: &TestDb, sim: &Running) -> Engine {
    let config = Config {
        // What gets no answer in time is unknown for good, and a busy machine answers late.
        timeout: Duration::from_mins(1),
        ..Config::at(sim.url.parse().unwrap())
    };
    Engine::start(Parts {
        db: (**db).clone(),
        files: Files::new(Arc::new(InMemory::new())),
        meta: Client::new(config, SecretString::from("unused")).unwrap(),
        settings: Settings {
            public_url: "https://wigwag.example".to_owned(),
            ..Settings::default()
        },
        role: Role::All,
    })
    .await
    .unwrap()
}

impl Rig {
    pub(crate) async fn new(db: TestDb) -> Self {
        let sim = Simulator::start(Options {
            clock: Arc::new(VirtualClock::frozen_at(db.mint().now().as_micros())),
            ..Options::default()
        })
        .await
        .unwrap();
        let f = known(&db, &sim).await;
        let engine = start(&db, &sim).await;
        let door: Door = Arc::new(Mutex::new(Some(engine.clone())));
        let app = sim.credentials.app_id.clone();
        let router = Router::new()
            .route("/hook", post(receive))
            .with_state((door.clone(), app));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http = http::client(&http::Options {
            system_proxy: false,
            ..http::Options::default()
        })
        .unwrap();
        let mut rig = Self {
            template: db.mint().id(),
            meta_template: String::new(),
            db,
            f,
            sim,
            engine,
            door,
            http,
        };
        let url = format!("http://{address}/hook");
        rig.tell("app", &json!({"callback_url": url})).await;
        rig.tell("faults", &json!({"batch_max": 50, "no_pair_limit": true}))
            .await;
        rig.choose_template().await;
        rig
    }

    /// A utility template of the simulator's with words only.
    async fn choose_template(&mut self) {
        self.engine_syncs().await;
        let filter = wigwag_store::templates::Filter {
            query: Some("order confirmed".to_owned()),
            ..wigwag_store::templates::Filter::default()
        };
        let (rows, _) =
            wigwag_store::templates::list(&self.db, self.f.workspace, &filter, None, 100)
                .await
                .unwrap();
        let row = rows.iter().find(|row| row.language == "en_US").unwrap();
        self.template = row.id;
        let known = self.ask("templates").await;
        known["data"]
            .as_array()
            .or_else(|| known.as_array())
            .unwrap()
            .iter()
            .find(|node| node["name"] == row.name.as_str() && node["language"] == "en_US")
            .and_then(|node| node["id"].as_str())
            .unwrap()
            .clone_into(&mut self.meta_template);
    }

    /// Has Meta approve another template and takes it for the drafts.
    pub(crate) async fn approve(&mut self, template: &Value) {
        let meta = &self.sim.credentials;
        let url = format!("{}/v25.0/{}/message_templates", self.sim.url, meta.waba_id);
        let request = self.http.post(url).bearer_auth(&meta.access_token);
        let answer = request.json(template).send().await.unwrap();
        let made: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let id = made["id"].as_str().unwrap_or_else(|| panic!("{made}"));
        let decision = json!({"status": "APPROVED"});
        self.tell(&format!("templates/{id}/decision"), &decision)
            .await;
        id.clone_into(&mut self.meta_template);
        self.engine_syncs().await;
        let filter = wigwag_store::templates::Filter::default();
        let (rows, _) =
            wigwag_store::templates::list(&self.db, self.f.workspace, &filter, None, 200)
                .await
                .unwrap();
        let row = rows
            .iter()
            .find(|row| row.meta_template_id.as_deref() == Some(id))
            .unwrap();
        assert_eq!(row.status, "approved");
        self.template = row.id;
    }

    pub(crate) fn scope(&self) -> Scope {
        Scope::member(self.f.workspace, self.f.owner, MemberRole::Owner)
    }

    /// People on both sides; `behaviour` says what each phone does.
    pub(crate) async fn people(
        &self,
        count: usize,
        behaviour: impl Fn(usize) -> Value,
    ) -> Vec<ContactId> {
        let mut made = Vec::with_capacity(count);
        for at in 0..count {
            let phone = format!("+9198{:08}", 10_000_000 + at);
            let person =
                json!({"name": format!("Mira {at}"), "phone": phone, "behaviour": behaviour(at)});
            self.tell("persons", &person).await;
            let new = NewContact {
                name: Some(format!("Mira {at}")),
                phone: Phone::parse(&phone, None).unwrap(),
                email: None,
                tags: vec!["kites".to_owned()],
                traits: BTreeMap::new(),
                source: "api",
            };
            made.push(
                contacts::create(&self.db, self.f.workspace, new)
                    .await
                    .unwrap()
                    .id(),
            );
        }
        made
    }

    /// A draft to everybody with the tag, without canary and time to undo.
    pub(crate) async fn draft(&self, settings: CampaignSettings) -> CampaignId {
        let id = wigwag_store::campaigns::create(
            &self.db,
            self.f.workspace,
            "Spring".to_owned(),
            "system".to_owned(),
        )
        .await
        .unwrap();
        let variables = json!({
            "body.1": {"from": "field", "key": "first_name", "fallback": "there"},
            "body.2": {"from": "constant", "value": "1042"},
            "button.0.url": {"from": "constant", "value": "1042"},
        });
        let patch = Patch {
            number: Some(Some(self.f.number)),
            template: Some(Some(self.template)),
            audience: Some(json!({"tag": "kites"})),
            variables: Some(serde_json::from_value(variables).unwrap()),
            settings: Some(settings),
            ..Patch::default()
        };
        campaigns::edit(self.engine.context(), &self.scope(), id, 1, patch)
            .await
            .unwrap();
        id
    }

    pub(crate) async fn send(&self, id: CampaignId) {
        campaigns::send(self.engine.context(), &self.scope(), id, None)
            .await
            .unwrap();
    }

    pub(crate) async fn campaign(&self, id: CampaignId) -> Campaign {
        let mut reader = self.db.reader().await.unwrap();
        wigwag_store::campaigns::get(&mut reader, self.f.workspace, id)
            .await
            .unwrap()
    }

    pub(crate) async fn counts(&self, id: CampaignId) -> Counts {
        wigwag_store::campaigns::counts_of(&self.db, self.f.workspace, id, None)
            .await
            .unwrap()
    }

    pub(crate) async fn advance(&self, span: Duration) {
        self.db.clock.advance(span);
        let ms = u64::try_from(span.as_millis()).unwrap();
        self.tell("clock", &json!({"advance_ms": ms})).await;
    }

    /// Accepted messages by person, as the simulator's ledger has them.
    pub(crate) async fn ledger(&self) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        let mut after = 0;
        loop {
            let page = self
                .ask(&format!("ledger?limit=500&after_seq={after}"))
                .await;
            let rows = page["data"]
                .as_array()
                .or_else(|| page.as_array())
                .unwrap()
                .clone();
            let Some(last) = rows.last() else {
                return found;
            };
            after = last["seq"].as_u64().unwrap();
            for row in &rows {
                *found
                    .entry(row["person"].as_str().unwrap().to_owned())
                    .or_default() += 1;
            }
        }
    }

    pub(crate) async fn ask(&self, path: &str) -> Value {
        let url = format!("{}/_sim/{path}", self.sim.url);
        let answer = self.http.get(url).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    pub(crate) async fn tell(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}/_sim/{path}", self.sim.url);
        let answer = self.http.post(url).json(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Reads templates from the simulator anew.
    pub(crate) async fn engine_syncs(&self) {
        templates::sync(self.engine.context(), self.f.workspace, self.f.waba)
            .await
            .unwrap();
    }

    /// Stops the engine and starts another on the same database.
    pub(crate) async fn restart(&mut self) {
        *self.door.lock() = None;
        self.engine.stop().await;
        self.engine = start(&self.db, &self.sim).await;
        *self.door.lock() = Some(self.engine.clone());
    }

    pub(crate) async fn end(self) {
        *self.door.lock() = None;
        self.engine.stop().await;
        self.db.remove().await;
        self.sim.shutdown().await;
    }
}

/// Makes the simulator's app, account and number known here.
async fn known(db: &TestDb, sim: &Running) -> Fixture {
    let mut f = db.workspace().await;
    let meta = &sim.credentials;
    apps::put(
        db,
        &meta.app_id,
        "Kite",
        &meta.app_secret,
        &meta.verify_token,
    )
    .await
    .unwrap();
    let waba = wabas::New {
        portfolio: Some(f.portfolio),
        app_id: f.app_id.clone(),
        waba_id: f.waba_id.clone(),
        name: "Kite".to_owned(),
        access_token: meta.access_token.clone(),
    };
    wabas::put(db, f.workspace, waba).await.unwrap();
    f.phone_number_id.clone_from(&meta.phone_number_id);
    let (number, waba) = (f.number, f.waba);
    let (phone_number_id, waba_id) = (meta.phone_number_id.clone(), meta.waba_id.clone());
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE wabas SET waba_id = $2 WHERE id = $1")
                .bind(waba)
                .bind(waba_id)
                .execute(tx)
                .await?;
            sql("UPDATE numbers SET phone_number_id = $2, throughput = 80 WHERE id = $1")
                .bind(number)
                .bind(phone_number_id)
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
    for (kind, external, subject) in [
        (
            RouteKind::PhoneNumber,
            &meta.phone_number_id,
            f.number.uuid(),
        ),
        (RouteKind::Waba, &meta.waba_id, f.waba.uuid()),
        (RouteKind::Portfolio, &meta.portfolio_id, f.portfolio.uuid()),
    ] {
        let route = Route {
            app: meta.app_id.clone(),
            workspace: f.workspace,
            subject,
        };
        routes::claim(db, kind, external, route).await.unwrap();
    }
    f
}

/// Settings without canary and time to undo, with brakes that do not come in the way.
pub(crate) fn plain() -> CampaignSettings {
    CampaignSettings {
        undo_seconds: 0,
        canary: None,
        brakes: Brakes {
            failure_percent: None,
            opt_out_percent: None,
            ..Brakes::default()
        },
        ..CampaignSettings::default()
    }
}
