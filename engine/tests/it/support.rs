//! An engine on a test database with a simulator as its Meta.

use std::sync::Arc;
use std::time::Duration;

use object_store::memory::InMemory;
use secrecy::SecretString;
use serde_json::{Value, json};
use wigwag_engine::{Engine, Files, Parts, Role, Settings};
use wigwag_meta::client::Config;
use wigwag_meta::{Client, http};
use wigwag_model::{ContactId, ConversationId, MessageId, MessageState, Role as MemberRole, Scope};
use wigwag_simulator::{Options, Running, Simulator, VirtualClock};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, sql, wabas};

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A workspace whose number is the simulator's.
pub(crate) struct World {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    pub(crate) sim: Running,
    http: reqwest::Client,
}

impl World {
    pub(crate) async fn new(db: TestDb) -> Self {
        let start = db.mint().now().as_micros();
        let sim = Simulator::start(Options {
            clock: Arc::new(VirtualClock::frozen_at(start)),
            ..Options::default()
        })
        .await
        .unwrap();
        let mut f = db.workspace().await;
        let waba = wabas::New {
            portfolio: Some(f.portfolio),
            app_id: f.app_id.clone(),
            waba_id: f.waba_id.clone(),
            name: "Kite".to_owned(),
            access_token: sim.credentials.access_token.clone(),
        };
        wabas::put(&db, f.workspace, waba).await.unwrap();
        f.phone_number_id
            .clone_from(&sim.credentials.phone_number_id);
        let (number, phone_number_id) = (f.number, f.phone_number_id.clone());
        let waba_id = sim.credentials.waba_id.clone();
        let waba = f.waba;
        db.write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                sql("UPDATE wabas SET waba_id = $2 WHERE id = $1")
                    .bind(waba)
                    .bind(waba_id)
                    .execute(tx)
                    .await?;
                sql("UPDATE numbers SET phone_number_id = $2, throughput = 1000 WHERE id = $1")
                    .bind(number)
                    .bind(phone_number_id)
                    .execute(tx)
                    .await
            })
        })
        .await
        .unwrap();
        let http = http::client(&http::Options {
            system_proxy: false,
            ..http::Options::default()
        })
        .unwrap();
        Self { db, f, sim, http }
    }

    /// Starts an engine that works.
    pub(crate) async fn engine(&self) -> Engine {
        let config = Config {
            // What gets no answer in time is unknown for good, and a busy machine answers late.
            timeout: PATIENCE,
            ..Config::at(self.sim.url.parse().unwrap())
        };
        Engine::start(Parts {
            db: (*self.db).clone(),
            files: Files::new(Arc::new(InMemory::new())),
            meta: Client::new(config, SecretString::from("unused")).unwrap(),
            settings: Settings::default(),
            role: Role::All,
        })
        .await
        .unwrap()
    }

    pub(crate) fn scope(&self) -> Scope {
        Scope::member(self.f.workspace, self.f.owner, MemberRole::Owner)
    }

    /// One of the simulator's people who has just written, with the conversation here.
    pub(crate) async fn person(&self, phone: &str) -> ConversationId {
        let person = self
            .tell("persons", &json!({"name": "Mira", "phone": phone}))
            .await;
        self.tell("inbound", &json!({"person": person["id"], "text": "Hello"}))
            .await;
        let (contact, conversation): (ContactId, ConversationId) =
            (self.db.mint().id(), self.db.mint().id());
        let (f, phone, now) = (self.f.clone(), phone.to_owned(), self.db.mint().now());
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    let no = sql("UPDATE workspaces SET next_contact_no = next_contact_no + 1 WHERE id = $1 RETURNING next_contact_no")
                        .bind(f.workspace).fetch_one(tx).await?.int(0)?;
                    sql("INSERT INTO contacts (workspace_id, id, no, phone, tags, traits, source, name_key, created_at, updated_at, version)
                         VALUES ($1, $2, $3, $4, '[]', '{}', 'api', '', $5, $5, 1)")
                        .bind(f.workspace).bind(contact).bind(no).bind(&phone).bind(now).execute(tx).await?;
                    sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at, changed_seq, created_at, window_closes_at)
                         VALUES ($1, $2, $3, $4, 'open', 0, 'Mira', $5, 0, $5, $6)")
                        .bind(f.workspace).bind(conversation).bind(contact).bind(f.number).bind(now)
                        .bind(now.plus(Duration::from_hours(24)))
                        .execute(tx).await
                })
            })
            .await
            .unwrap();
        conversation
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

    /// The texts that the simulator accepted, in its order.
    pub(crate) async fn accepted(&self) -> Vec<String> {
        let ledger = self.ask("ledger?limit=1000").await;
        let entries = ledger
            .as_array()
            .or_else(|| ledger["data"].as_array())
            .unwrap();
        entries
            .iter()
            .map(|entry| {
                entry["body"]["text"]["body"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    }

    pub(crate) async fn state(&self, id: MessageId) -> MessageState {
        let row = sql("SELECT state FROM messages WHERE id = $1")
            .bind(id)
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap();
        MessageState::from_rank(row.int(0).unwrap()).unwrap()
    }

    /// Waits until a message has one of these states.
    pub(crate) async fn until(&self, id: MessageId, wanted: &[MessageState]) -> MessageState {
        let mut commits = self.db.feed_wakes().subscribe();
        let waiting = async {
            loop {
                commits.borrow_and_update();
                let state = self.state(id).await;
                if wanted.contains(&state) {
                    return state;
                }
                commits.changed().await.unwrap();
            }
        };
        if let Ok(state) = tokio::time::timeout(PATIENCE, waiting).await {
            return state;
        }
        panic!("still {:?}, wanted {wanted:?}", self.state(id).await)
    }

    pub(crate) async fn count(&self, text: &'static str) -> i64 {
        let mut reader = self.db.reader().await.unwrap();
        sql(text)
            .fetch_one(&mut reader)
            .await
            .unwrap()
            .int(0)
            .unwrap()
    }

    pub(crate) async fn end(self, engine: Engine) {
        engine.stop().await;
        self.db.remove().await;
        self.sim.shutdown().await;
    }
}
