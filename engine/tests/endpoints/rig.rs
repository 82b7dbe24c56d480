//! An engine that tells endpoints, and a shop whose contacts change.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::memory::InMemory;
use secrecy::SecretString;
use serde_json::{Value, json};
use wigwag_engine::endpoints::{Made, Wish};
use wigwag_engine::outside::{Allowed, Machine, Outside};
use wigwag_engine::{Engine, Files, Parts, Role, Settings, wait};
use wigwag_meta::{Client, Config, signature};
use wigwag_model::endpoint::{Form, Kind};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, EndpointId, WorkspaceId};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::endpoints::{self, Delivery};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, sql};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Rig {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    /// How long the engine waits for an answer, from its next start on.
    pub(crate) timeout: Duration,
    engine: Option<Engine>,
}

impl Rig {
    pub(crate) async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        let mut rig = Self {
            db,
            f,
            timeout: PATIENCE,
            engine: None,
        };
        rig.start().await;
        rig
    }

    /// Starts the engine anew with another patience. A short one is for receivers that never answer: those
    /// that do would be too late for it on a busy machine.
    pub(crate) async fn waits_for(&mut self, timeout: Duration) {
        self.stop().await;
        self.timeout = timeout;
        self.start().await;
    }

    /// Starts the engine, as a process that begins.
    pub(crate) async fn start(&mut self) {
        let base = "http://127.0.0.1:9".parse().unwrap();
        let allowed = Allowed::parse(&["127.0.0.1"]).unwrap();
        let engine = Engine::start(Parts {
            db: (*self.db).clone(),
            files: Files::new(Arc::new(InMemory::new())),
            meta: Client::new(Config::at(base), SecretString::from("none")).unwrap(),
            settings: Settings {
                outside: Some(Outside::with(allowed, Arc::new(Machine), self.timeout).unwrap()),
                ..Settings::default()
            },
            role: Role::All,
        })
        .await
        .unwrap();
        self.engine = Some(engine);
    }

    /// Stops the engine and keeps the database.
    pub(crate) async fn stop(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.stop().await;
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.f.workspace
    }

    pub(crate) async fn end(mut self) {
        self.stop().await;
        self.db.remove().await;
    }

    pub(crate) async fn endpoint(&self, url: &str, events: &[Kind]) -> Made {
        self.endpoint_of(Form::Wigwag, url, events).await
    }

    pub(crate) async fn endpoint_of(&self, form: Form, url: &str, events: &[Kind]) -> Made {
        let wish = Wish {
            name: "Books".to_owned(),
            url: url.to_owned(),
            form,
            events: events.to_vec(),
        };
        let context = self.engine().context();
        wigwag_engine::endpoints::create(context, self.workspace(), wish)
            .await
            .unwrap()
    }

    pub(crate) async fn person(&self, no: u32) -> ContactId {
        let new = NewContact {
            name: Some(format!("Person {no}")),
            phone: Phone::parse(&format!("+9198000{no:05}"), None).unwrap(),
            email: None,
            tags: Vec::new(),
            traits: BTreeMap::new(),
            source: "api",
        };
        contacts::create(&self.db, self.workspace(), new)
            .await
            .unwrap()
            .id()
    }

    pub(crate) async fn rename(&self, id: ContactId, name: &str) {
        let mut on = self.db.reader().await.unwrap();
        let version = contacts::get(&mut on, self.workspace(), id)
            .await
            .unwrap()
            .version;
        let edit = contacts::Edit {
            name: Some(Some(name.to_owned())),
            version,
            ..contacts::Edit::default()
        };
        contacts::edit(&self.db, self.workspace(), id, edit)
            .await
            .unwrap();
    }

    /// A webhook of Meta's with this in its value.
    pub(crate) async fn webhook(&self, inner: &str) {
        let body = format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{}","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},{inner}}}}}]}}]}}"#,
            self.f.waba_id, self.f.phone_number_id
        );
        self.post(body).await;
    }

    /// A webhook of Meta's about an account or a portfolio: what it told at a second.
    pub(crate) async fn notice(&self, entry: &str, time: i64, field: &str, value: &Value) {
        let change = json!({ "field": field, "value": value });
        let entry = json!({ "id": entry, "time": time, "changes": [change] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [entry] });
        self.post(body.to_string()).await;
    }

    async fn post(&self, body: String) {
        let signed = signature::sign(self.f.app_secret.as_bytes(), body.as_bytes());
        self.engine()
            .accept(&self.f.app_id, Some(&signed), Bytes::from(body))
            .await
            .unwrap();
    }

    /// A message of ours that Meta accepted as `wamid`, in the only conversation.
    pub(crate) async fn accepted(&self, wamid: &'static str, source: &'static str) {
        let (workspace, number) = (self.workspace(), self.f.number);
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    let id: wigwag_model::MessageId = tx.mint().id();
                    let now = tx.mint().now();
                    sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, source,
                            wamid, callback_data, state, at, seq, idx, accepted_at, created_at, changed_seq)
                         SELECT c.workspace_id, $2, c.id, c.contact_id, $3, 'out', 'text', '{\"body\":\"Thanks\"}', $4, $5, 'order=7', 50, $6, 0, 0, $6, $6, 0
                         FROM conversations c WHERE c.workspace_id = $1")
                        .bind(workspace)
                        .bind(id)
                        .bind(number)
                        .bind(source)
                        .bind(wamid)
                        .bind(now)
                        .execute(tx)
                        .await
                })
            })
            .await
            .unwrap();
    }

    /// Makes a message of ours one of a template's, as Meta sent it.
    pub(crate) async fn templated(&self, wamid: &'static str) {
        let (workspace, waba) = (self.workspace(), self.f.waba);
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    let id: wigwag_model::TemplateId = tx.mint().id();
                    let now = tx.mint().now();
                    sql("INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality,
                            parameter_format, components, synced_at, created_at)
                         VALUES ($1, $2, $3, '77', 'spring', 'en', 'marketing', 'approved', 'green', 'positional', '[]', $4, $4)
                         ON CONFLICT DO NOTHING")
                        .bind(workspace)
                        .bind(id)
                        .bind(waba)
                        .bind(now)
                        .execute(tx)
                        .await?;
                    sql("UPDATE messages SET kind = 'template', content = '{\"name\":\"spring\"}', sent_at = $3,
                            template_id = (SELECT t.id FROM templates t WHERE t.workspace_id = $1 AND t.name = 'spring')
                         WHERE workspace_id = $1 AND wamid = $2")
                        .bind(workspace)
                        .bind(wamid)
                        .bind(now)
                        .execute(tx)
                        .await
                })
            })
            .await
            .unwrap();
    }

    /// The deliveries of an endpoint, the oldest first.
    pub(crate) async fn deliveries(&self, endpoint: EndpointId) -> Vec<Delivery> {
        let (mut rows, _) =
            endpoints::deliveries(&self.db, self.workspace(), endpoint, None, None, 200)
                .await
                .unwrap();
        rows.reverse();
        rows
    }

    /// Waits until so many deliveries are in a state.
    pub(crate) async fn until(&self, endpoint: EndpointId, state: &str, wanted: usize) {
        eventually(&format!("{wanted} {state}"), async || {
            let rows = self.deliveries(endpoint).await;
            let count = rows.iter().filter(|row| row.state == state).count();
            (count == wanted).then_some(())
        })
        .await;
    }

    /// Waits until the first delivery was tried so often, and nothing is under way.
    pub(crate) async fn tried(&self, endpoint: EndpointId, tries: i64) -> Delivery {
        eventually(&format!("{tries} tries"), async || {
            let first = self.deliveries(endpoint).await.into_iter().next()?;
            let recorded = first.tried_at.is_some() && self.claimed().await == 0;
            (recorded && first.tries == tries).then_some(first)
        })
        .await
    }

    /// Deliveries that are under way.
    pub(crate) async fn claimed(&self) -> i64 {
        sql("SELECT COUNT(*) FROM endpoint_deliveries WHERE claimed_by IS NOT NULL")
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .int(0)
            .unwrap()
    }
}

/// Asks until the answer is there.
pub(crate) async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            wait::pause(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"))
}
