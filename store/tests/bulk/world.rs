//! A workspace with people, and short ways to do things to them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wigwag_model::audience::Filter;
use wigwag_model::bulk::BulkAction;
use wigwag_model::phone::Phone;
use wigwag_model::{BulkId, ContactId, ConversationId, MemberId};
use wigwag_store::bulk::{self, Begun, Bulk, NewBulk, Who};
use wigwag_store::contacts::{self, Contact, NewContact};
use wigwag_store::erasures::{self, Piece};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Error, Priority, Result, sql, sql_owned};

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

    pub(crate) async fn person(&self, name: &str, phone: &str, tags: &[&str]) -> ContactId {
        let new = NewContact {
            name: Some(name.to_owned()),
            phone: Phone::parse(phone, None).unwrap(),
            email: None,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            traits: BTreeMap::new(),
            source: "manual",
        };
        contacts::create(&self.db, self.f.workspace, new)
            .await
            .unwrap()
            .id()
    }

    /// So many people with a tag of their own.
    pub(crate) async fn people(&self, count: usize, tag: &str) -> Vec<ContactId> {
        let mut made = Vec::new();
        for at in 0..count {
            let phone = format!("+9198700{at:05}");
            made.push(self.person("Somebody", &phone, &[tag]).await);
        }
        made
    }

    pub(crate) async fn contact(&self, id: ContactId) -> Result<Contact> {
        contacts::get(&mut self.db.reader().await.unwrap(), self.f.workspace, id).await
    }

    pub(crate) async fn tags(&self, id: ContactId) -> Vec<String> {
        self.contact(id).await.unwrap().tags
    }

    pub(crate) async fn retag(&self, id: ContactId, tags: &[&str]) {
        let edit = contacts::Edit {
            tags: Some(tags.iter().map(|tag| (*tag).to_owned()).collect()),
            version: self.contact(id).await.unwrap().version,
            ..contacts::Edit::default()
        };
        contacts::edit(&self.db, self.f.workspace, id, edit)
            .await
            .unwrap();
    }

    pub(crate) async fn thread(&self, contact: ContactId, to: Option<MemberId>) -> ConversationId {
        let (id, f) = (self.db.mint().id::<ConversationId>(), self.f.clone());
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    let now = tx.mint().now();
                    sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, assignee_id, unread_count,
                            contact_name, last_preview, activity_at, changed_seq, created_at)
                         VALUES ($1, $2, $3, $4, 'open', $5, 0, 'Somebody', 'hello', $6, 0, $6)")
                        .bind(f.workspace).bind(id).bind(contact).bind(f.number).bind(to).bind(now)
                        .execute(tx).await
                })
            })
            .await
            .unwrap();
        id
    }

    pub(crate) async fn assignee(&self, thread: ConversationId) -> Option<MemberId> {
        sql("SELECT assignee_id FROM conversations WHERE workspace_id = $1 AND id = $2")
            .bind(self.f.workspace)
            .bind(thread)
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .opt_id(0)
            .unwrap()
    }

    pub(crate) async fn try_begin(&self, action: Value, who: Who) -> Result<Begun> {
        let action: BulkAction = serde_json::from_value(action).unwrap();
        let new = NewBulk {
            action: action.checked().unwrap(),
            who,
            actor: self.f.owner.to_string(),
        };
        bulk::begin(&self.db, self.f.workspace, new).await
    }

    pub(crate) async fn begin(&self, action: Value, who: Who) -> BulkId {
        self.try_begin(action, who).await.unwrap().id
    }

    pub(crate) async fn get(&self, id: BulkId) -> Bulk {
        bulk::get(&mut self.db.reader().await.unwrap(), self.f.workspace, id)
            .await
            .unwrap()
    }

    /// One page; says whether that was the last.
    pub(crate) async fn step(&self, id: BulkId) -> Result<bool> {
        let page = bulk::next_page(&self.db, self.f.workspace, &self.get(id).await).await?;
        Ok(bulk::apply(&self.db, self.f.workspace, id, page)
            .await?
            .last)
    }

    pub(crate) async fn run(&self, id: BulkId) -> Bulk {
        while !self.step(id).await.unwrap() {}
        self.get(id).await
    }

    pub(crate) async fn act(&self, action: Value, who: Who) -> Bulk {
        let id = self.begin(action, who).await;
        self.run(id).await
    }

    pub(crate) async fn undo(&self, id: BulkId) -> Bulk {
        let since = wigwag_model::Timestamp::from_seconds(0);
        bulk::begin_undo(&self.db, self.f.workspace, id, since, "system".to_owned())
            .await
            .unwrap();
        while !bulk::take_back(&self.db, self.f.workspace, id)
            .await
            .unwrap()
        {}
        self.get(id).await
    }

    pub(crate) async fn erase(&self, ids: &[ContactId]) {
        let needles = erasures::needles(&self.db, self.f.workspace, ids)
            .await
            .unwrap();
        erasures::scrub(&self.db, self.f.workspace, &needles)
            .await
            .unwrap();
        self.act(json!({"type": "erase"}), Who::Listed(ids.to_vec()))
            .await;
        for id in erasures::open(&self.db, self.f.workspace).await.unwrap() {
            while erasures::clear(&self.db, self.f.workspace, id)
                .await
                .unwrap()
                != Piece::Done
            {}
        }
    }

    pub(crate) async fn int(&self, question: &str) -> i64 {
        sql_owned(question.to_owned())
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .int(0)
            .unwrap()
    }

    pub(crate) async fn write(&self, statements: Vec<String>) {
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    for text in statements {
                        sql_owned(text).execute(tx).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
    }

    pub(crate) fn tagged(tag: &str) -> Who {
        Who::Filter(Filter::Tag(tag.to_owned()))
    }

    pub(crate) fn is_stale<T: std::fmt::Debug>(result: &Result<T>) -> bool {
        matches!(result, Err(Error::Stale))
    }
}
