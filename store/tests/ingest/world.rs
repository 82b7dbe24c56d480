//! A workspace to apply things to, items made short, and questions about the outcome.

use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_model::{ConversationId, Kind, MessageId, MessageState, NumberId, Timestamp};
use wigwag_store::ingest::{
    self, Inbound, Items, Mark, MarkKind, NewMedia, Person, Preference, StatusItem,
};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Db, Error, Priority, Result, sql};

/// The second at which everything here begins.
pub(crate) const START: i64 = 1_795_424_400;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(START + seconds)
}

pub(crate) struct World {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
}

impl World {
    pub(crate) async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        Self { db, f }
    }

    pub(crate) async fn end(self) {
        self.db.remove().await;
    }

    /// A text of a person, named by the WhatsApp id.
    pub(crate) fn text(&self, wa_id: &str, wamid: &str, seconds: i64, seq: i64) -> Inbound {
        Inbound {
            workspace: self.f.workspace,
            number: self.f.number,
            person: self.person(wa_id),
            wamid: wamid.to_owned(),
            kind: Kind::Text,
            content: format!(r#"{{"body":"{wamid}"}}"#),
            preview: wamid.to_owned(),
            media: None,
            reply_to: None,
            referral: None,
            opt: None,
            at: at(seconds),
            seq,
            idx: 0,
        }
    }

    pub(crate) fn picture(&self, wa_id: &str, wamid: &str, seconds: i64, seq: i64) -> Inbound {
        Inbound {
            kind: Kind::Image,
            content: r#"{"caption":"kites"}"#.to_owned(),
            media: Some(NewMedia {
                meta_media_id: format!("meta-{wamid}"),
                kind: Kind::Image,
                mime_type: "image/jpeg".to_owned(),
                filename: None,
                sha256: None,
            }),
            ..self.text(wa_id, wamid, seconds, seq)
        }
    }

    pub(crate) fn person(&self, wa_id: &str) -> Person {
        Person {
            wa_id: Some(wa_id.to_owned()),
            phone: Phone::from_wa_id(wa_id).map(|phone| phone.as_str().to_owned()),
            portfolio: self.f.portfolio_id.clone(),
            ..Person::default()
        }
    }

    pub(crate) fn status(&self, wamid: &str, state: MessageState, seconds: i64) -> StatusItem {
        StatusItem {
            workspace: self.f.workspace,
            number: self.f.number,
            wamid: wamid.to_owned(),
            state,
            at: at(seconds),
            message: None,
            failure_code: None,
            failure_reason: None,
            failure_detail: None,
            pricing: None,
            charge: None,
            free_entry_until: None,
        }
    }

    pub(crate) fn mark(&self, wamid: &str, seconds: i64, kind: MarkKind) -> Mark {
        Mark {
            workspace: self.f.workspace,
            number: self.f.number,
            wamid: wamid.to_owned(),
            at: at(seconds),
            kind,
        }
    }

    pub(crate) fn preference(&self, wa_id: &str, state: &'static str, seconds: i64) -> Preference {
        Preference {
            workspace: self.f.workspace,
            person: self.person(wa_id),
            category: "marketing".to_owned(),
            state,
            at: at(seconds),
        }
    }

    /// Applies items as a batch.
    pub(crate) async fn apply(&self, items: Items) {
        self.try_apply(items).await.unwrap();
    }

    pub(crate) async fn try_apply(&self, items: Items) -> Result<()> {
        ingest::apply_part(&self.db, items).await
    }

    pub(crate) async fn apply_messages(&self, messages: Vec<Inbound>) {
        self.apply(Items {
            messages,
            ..Items::default()
        })
        .await;
    }

    pub(crate) async fn apply_statuses(&self, statuses: Vec<StatusItem>) {
        self.apply(Items {
            statuses,
            ..Items::default()
        })
        .await;
    }

    /// The one conversation there is.
    pub(crate) async fn conversation(&self) -> ConversationId {
        sql("SELECT id FROM conversations WHERE workspace_id = $1")
            .bind(self.f.workspace)
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .id(0)
            .unwrap()
    }

    /// A message of ours in the one conversation, its last one; without wamid its outcome is unknown.
    pub(crate) async fn sent(&self, wamid: Option<&str>) -> MessageId {
        let (workspace, number) = (self.f.workspace, self.f.number);
        let conversation = self.conversation().await;
        let state = if wamid.is_some() {
            MessageState::Accepted
        } else {
            MessageState::Unknown
        };
        let wamid = wamid.map(str::to_owned);
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    let id: MessageId = tx.mint().id();
                    sql("INSERT INTO messages (workspace_id, id, conversation_id, contact_id, number_id, direction, kind, content, source,
                            wamid, state, at, seq, idx, created_at, changed_seq)
                         SELECT $1, $2, id, contact_id, number_id, 'out', 'text', '{\"body\":\"ours\"}', 'composer', $4, $5, $6, 0, 0, $6, 0
                         FROM conversations WHERE workspace_id = $1 AND id = $3")
                        .bind(workspace)
                        .bind(id)
                        .bind(conversation)
                        .bind(wamid)
                        .bind(state.rank())
                        .bind(at(10))
                        .execute(tx)
                        .await?;
                    sql("UPDATE conversations SET last_message_id = $3, last_direction = 'out', last_state = $4, last_at = $5
                         WHERE workspace_id = $1 AND id = $2")
                        .bind(workspace)
                        .bind(conversation)
                        .bind(id)
                        .bind(state.rank())
                        .bind(at(10))
                        .execute(tx)
                        .await?;
                    if state == MessageState::Unknown {
                        sql("INSERT INTO attempts (workspace_id, message_id, try_no, number_id, lane_epoch, started_at, effect)
                             VALUES ($1, $2, 1, $3, 1, $4, 'maybe')")
                            .bind(workspace)
                            .bind(id)
                            .bind(number)
                            .bind(at(10))
                            .execute(tx)
                            .await?;
                    }
                    Ok(id)
                })
            })
            .await
            .unwrap()
    }

    pub(crate) async fn count(&self, question: &'static str) -> i64 {
        count(&self.db, question).await
    }

    pub(crate) async fn texts(&self, question: &'static str) -> Vec<String> {
        texts(&self.db, question).await
    }
}

pub(crate) async fn count(db: &Db, question: &'static str) -> i64 {
    sql(question)
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap()
        .int(0)
        .unwrap()
}

/// The first column of all rows.
pub(crate) async fn texts(db: &Db, question: &'static str) -> Vec<String> {
    sql(question)
        .fetch_all(&mut db.reader().await.unwrap())
        .await
        .unwrap()
        .iter()
        .map(|row| row.opt_text(0).unwrap().unwrap_or_else(|| "-".to_owned()))
        .collect()
}

/// A number of another WABA of the workspace.
pub(crate) async fn another_number(world: &World) -> NumberId {
    let (workspace, waba) = (world.f.workspace, world.f.waba);
    world
        .db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let id: NumberId = tx.mint().id();
                sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status, throughput, enabled, created_at)
                     VALUES ($1, $2, $3, $4, '+1', 'Second', 'green', 'connected', 80, 1, 0)")
                    .bind(workspace)
                    .bind(id)
                    .bind(waba)
                    .bind(id.uuid().to_string())
                    .execute(tx)
                    .await?;
                Ok::<_, Error>(id)
            })
        })
        .await
        .unwrap()
}
