//! A running engine on a database and files of its own, beside a simulator whose clock moves with it.

use std::sync::Arc;
use std::time::Duration;

use object_store::memory::InMemory;
use secrecy::SecretString;
use wigwag_engine::{Context, Engine, Files, Parts, Role, Settings, numbers, wait};
use wigwag_meta::client::Upload;
use wigwag_meta::{Client, Config};
use wigwag_model::id::Id as _;
use wigwag_model::{
    ContactId, ConversationId, MediaId, MessageId, NumberId, Timestamp, WabaId, WorkspaceId,
};
use wigwag_simulator::{Options, Running, Simulator, VirtualClock};
use wigwag_store::media::{self, Media};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Job, Priority, Row, sql, wabas};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Rig {
    pub(crate) db: TestDb,
    pub(crate) fixture: Fixture,
    pub(crate) context: Context,
    pub(crate) engine: Engine,
    /// The client that the engine's own are made from, with the simulator's token.
    pub(crate) meta: Client,
    pub(crate) waba: WabaId,
    pub(crate) number: NumberId,
    pub(crate) phone_number_id: String,
}

impl Rig {
    /// Beside the simulator.
    pub(crate) async fn start(db: TestDb) -> (Self, Running) {
        let clock = Arc::new(VirtualClock::frozen_at(db.mint().now().as_micros()));
        let sim = Simulator::start(Options {
            clock,
            ..Options::default()
        })
        .await
        .unwrap();
        let known = &sim.credentials;
        let rig = Self::at(db, &sim.url, &known.waba_id, &known.access_token).await;
        (rig, sim)
    }

    /// Beside whatever answers at an address. Nothing runs before the WABA is known.
    pub(crate) async fn at(db: TestDb, url: &str, waba_id: &str, token: &str) -> Self {
        let fixture = db.workspace().await;
        // The fixture's own WABA is nobody's at Meta: its listings would only fail.
        db.write(Priority::Foreground, |tx| {
            Box::pin(async move {
                for text in ["DELETE FROM numbers", "DELETE FROM wabas"] {
                    sql(text).execute(tx).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        let meta = Client::new(
            Config::at(url.parse().unwrap()),
            SecretString::from(token.to_owned()),
        )
        .unwrap();
        let new = wabas::New {
            portfolio: Some(fixture.portfolio),
            app_id: fixture.app_id.clone(),
            waba_id: waba_id.to_owned(),
            name: "Kite & Co.".to_owned(),
            access_token: token.to_owned(),
        };
        let waba = wabas::put(&db, fixture.workspace, new).await.unwrap();
        let engine = Engine::start(Parts {
            db: (*db).clone(),
            files: Files::new(Arc::new(InMemory::new())),
            meta: meta.clone(),
            settings: Settings::default(),
            role: Role::Worker,
        })
        .await
        .unwrap();
        let context = engine.context().clone();
        numbers::sync(&context, fixture.workspace, waba)
            .await
            .unwrap();
        let rows = wigwag_store::numbers::list(&db, fixture.workspace)
            .await
            .unwrap();
        Self {
            number: rows[0].id,
            phone_number_id: rows[0].phone_number_id.clone(),
            db,
            fixture,
            context,
            engine,
            meta,
            waba,
        }
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.fixture.workspace
    }

    /// Stops the engine and removes the database.
    pub(crate) async fn end(self) {
        self.engine.stop().await;
        self.db.remove().await;
    }

    /// Moves both clocks.
    pub(crate) fn advance(&self, sim: &Running, span: Duration) {
        sim.advance(span);
        self.db.clock.advance(span);
    }

    /// Puts a file at Meta and returns its id there.
    pub(crate) async fn at_meta(&self, mime_type: &str, bytes: Vec<u8>) -> String {
        let upload = Upload::bytes("file", mime_type, bytes);
        self.meta
            .upload_media(&self.phone_number_id, upload)
            .await
            .unwrap()
            .id
    }

    /// A message with a file that is still at Meta, and the job that fetches it.
    pub(crate) async fn incoming(
        &self,
        kind: &'static str,
        meta_media_id: String,
    ) -> (MediaId, MessageId) {
        let mint = self.db.mint();
        let (media, message): (MediaId, MessageId) = (mint.id(), mint.id());
        let (workspace, number) = (self.workspace(), self.number);
        let no = i64::from(u32::from_be_bytes(mint.random()));
        self.db.write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let contact = tx.mint().id::<ContactId>();
                let thread = tx.mint().id::<ConversationId>();
                sql("INSERT INTO contacts (workspace_id, id, no, tags, traits, source, name_key, created_at, updated_at, version)
                     VALUES ($1, $2, $3, '[]', '{}', 'message', '', 0, 0, 1)")
                    .bind(workspace).bind(contact).bind(no).execute(tx).await?;
                sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, activity_at, changed_seq, created_at)
                     VALUES ($1, $2, $3, $4, 'open', 1, 'Asha', 0, 0, 0)")
                    .bind(workspace).bind(thread).bind(contact).bind(number).execute(tx).await?;
                sql("INSERT INTO media (workspace_id, id, kind, mime_type, state, number_id, meta_media_id, created_at)
                     VALUES ($1, $2, $3, 'application/octet-stream', 'pending', $4, $5, 0)")
                    .bind(workspace).bind(media).bind(kind).bind(number).bind(meta_media_id).execute(tx).await?;
                sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, media_id, source, at, seq, idx, created_at, changed_seq)
                     VALUES ($1, $2, $3, $4, $5, 'in', $6, '{}', $7, 'phone', 0, 1, 0, 0, 0)")
                    .bind(workspace).bind(message).bind(thread).bind(contact).bind(number).bind(kind).bind(media).execute(tx).await?;
                let run_at = tx.mint().now();
                tx.enqueue(Job {
                    kind: "media.fetch",
                    workspace: Some(workspace),
                    payload: format!("{{\"media_id\":\"{media}\"}}"),
                    run_at,
                    dedupe_key: Some(format!("media.fetch:{}", media.uuid())),
                    max_tries: 3,
                });
                Ok(())
            })
        })
        .await
        .unwrap();
        (media, message)
    }

    pub(crate) async fn media(&self, id: MediaId) -> Media {
        media::get(&self.db, self.workspace(), id).await.unwrap()
    }

    /// The rows of a query without parameters.
    pub(crate) async fn rows(&self, text: &'static str) -> Vec<Row> {
        sql(text)
            .fetch_all(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
    }

    /// The one number that a query gives.
    pub(crate) async fn count(&self, text: &'static str) -> i64 {
        self.rows(text).await[0].int(0).unwrap()
    }

    /// Waits for the listings and the sweep that every start brings.
    pub(crate) async fn first_listings(&self) {
        eventually("what the start brings is done", async || {
            let templates = self.count("SELECT COUNT(*) FROM templates").await;
            let jobs = self.count("SELECT COUNT(*) FROM jobs").await;
            // The listing of templates is the last that is enqueued.
            (templates > 0 && jobs == 0).then_some(())
        })
        .await;
    }

    /// The job of a kind as it waits or failed: its tries and its last error.
    pub(crate) async fn job(&self, kind: &str) -> Option<(i64, Option<String>, Timestamp)> {
        let rows = self
            .rows("SELECT kind, tries, last_error, run_at FROM jobs WHERE locked_until IS NULL")
            .await;
        rows.iter()
            .find(|row| row.text(0).unwrap() == kind)
            .map(|row| {
                (
                    row.int(1).unwrap(),
                    row.opt_text(2).unwrap(),
                    row.time(3).unwrap(),
                )
            })
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
