//! An engine on a fresh database, an app that signs, and questions about what became of it all.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::memory::InMemory;
use secrecy::SecretString;
use wigwag_engine::{AcceptError, Engine, Files, Parts, Role, Settings, wait};
use wigwag_meta::{Client, Config, signature};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Db, sql};

/// How often a question is asked before the answer counts as wrong.
const PATIENCE: usize = 12_000;

pub(crate) struct Rig {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    pub(crate) engine: Engine,
}

impl Rig {
    pub(crate) async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        let engine = engine(Db::clone(&db), Role::All).await;
        Self { db, f, engine }
    }

    /// Stops the engine and removes the database.
    pub(crate) async fn end(self) {
        self.engine.stop().await;
        self.db.remove().await;
    }

    /// A webhook of Meta's from the fixtures of `wigwag-meta`, for this rig's account and number.
    pub(crate) fn fixture(&self, name: &str) -> String {
        let path = format!(
            "{}/../meta/tests/fixtures/webhooks/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read_to_string(path)
            .unwrap()
            .replace("501000000000001", &self.f.waba_id)
            .replace("601000000000001", &self.f.phone_number_id)
    }

    /// Signs and sends a body.
    pub(crate) async fn send(&self, body: &str) -> Result<(), AcceptError> {
        let signed = signature::sign(self.f.app_secret.as_bytes(), body.as_bytes());
        let body = Bytes::copy_from_slice(body.as_bytes());
        self.engine
            .accept(&self.f.app_id, Some(&signed), body)
            .await
    }

    /// Sends fixtures, one after the other.
    pub(crate) async fn send_all(&self, names: &[&str]) {
        for name in names {
            self.send(&self.fixture(name)).await.unwrap();
        }
    }

    /// A message of a person as Meta sends it.
    pub(crate) fn text(&self, from: &str, wamid: &str, words: &str, at: i64) -> String {
        self.messages(&format!(
            r#"{{"from":"{from}","id":"{wamid}","timestamp":"{at}","type":"text","text":{{"body":"{words}"}}}}"#
        ))
    }

    /// A body with these messages.
    pub(crate) fn messages(&self, messages: &str) -> String {
        self.value(&format!(r#""messages":[{messages}]"#))
    }

    /// A body with this in its `messages` value.
    pub(crate) fn value(&self, inner: &str) -> String {
        format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{}","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},{inner}}}}}]}}]}}"#,
            self.f.waba_id, self.f.phone_number_id
        )
    }

    /// A status of a message of ours.
    pub(crate) fn status(&self, wamid: &str, status: &str, at: i64) -> String {
        self.value(&format!(
            r#""statuses":[{{"id":"{wamid}","status":"{status}","timestamp":"{at}","recipient_id":"919800000001"}}]"#
        ))
    }

    /// The answer to a question with one number.
    pub(crate) async fn count(&self, question: &'static str) -> i64 {
        sql(question)
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .int(0)
            .unwrap()
    }

    /// The answer to a question with one text.
    pub(crate) async fn text_of(&self, question: &'static str) -> String {
        sql(question)
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .text(0)
            .unwrap()
    }

    /// Waits until a question has this answer.
    pub(crate) async fn until(&self, question: &'static str, wanted: i64) {
        let mut last = 0;
        for _ in 0..PATIENCE {
            last = self.count(question).await;
            if last == wanted {
                return;
            }
            wait::pause(Duration::from_millis(5)).await;
        }
        panic!("{question}: {last} instead of {wanted}");
    }
}

/// An engine on a database; nothing of Meta is reached from it.
pub(crate) async fn engine(db: Db, role: Role) -> Engine {
    let base = "http://127.0.0.1:9".parse().unwrap();
    let meta = Client::new(Config::at(base), SecretString::from("none")).unwrap();
    let parts = Parts {
        db,
        files: Files::new(Arc::new(InMemory::new())),
        meta,
        settings: Settings::default(),
        role,
    };
    Engine::start(parts).await.unwrap()
}
