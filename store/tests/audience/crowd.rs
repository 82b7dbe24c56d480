//! A workspace with people made by hand.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use wigwag_model::audience::Filter;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};
use wigwag_store::consent::{Outcome, Rule, Word};
use wigwag_store::contacts::{self, NewContact};
use wigwag_store::events::{self, NewEvent, Who};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, audience, consent, sql};

pub(crate) struct Crowd {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    pub(crate) names: BTreeMap<ContactId, String>,
}

impl Crowd {
    pub(crate) async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        Self {
            db,
            f,
            names: BTreeMap::new(),
        }
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.f.workspace
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.db.mint().now()
    }

    /// Makes a person; `about` holds `email`, `tags`, `traits`, `source`.
    pub(crate) async fn person(&mut self, name: &str, phone: &str, about: Value) -> ContactId {
        // Ids are in the order of the clock.
        self.db.clock.advance(std::time::Duration::from_millis(5));
        let text = |key: &str| about[key].as_str().map(str::to_owned);
        let traits: Map<String, Value> = about["traits"].as_object().cloned().unwrap_or_default();
        let tags = about["tags"].as_array().cloned().unwrap_or_default();
        let new = NewContact {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            phone: Phone::parse(phone, None).unwrap(),
            email: text("email"),
            tags: tags
                .iter()
                .map(|tag| tag.as_str().unwrap().to_owned())
                .collect(),
            traits: traits.into_iter().collect(),
            source: if about["source"] == "api" {
                "api"
            } else {
                "manual"
            },
        };
        let id = contacts::create_of_any_kind(&self.db, self.workspace(), new)
            .await
            .unwrap()
            .id();
        self.names.insert(id, name.to_owned());
        id
    }

    pub(crate) fn word(
        &self,
        contact: ContactId,
        state: ConsentState,
        source: &str,
        seconds: i64,
    ) -> Word {
        Word {
            workspace: self.workspace(),
            contact,
            category: Category::Marketing,
            state,
            source: source.to_owned(),
            actor: "system".to_owned(),
            text: None,
            at: Timestamp::from_seconds(1_795_424_400 + seconds),
        }
    }

    pub(crate) async fn say(&self, rule: Rule, words: Vec<Word>) -> Vec<Outcome> {
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move { consent::put(tx, rule, &words).await })
            })
            .await
            .unwrap()
    }

    pub(crate) async fn run(&self, text: &'static str, contact: ContactId) {
        let workspace = self.workspace();
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move { sql(text).bind(workspace).bind(contact).execute(tx).await })
            })
            .await
            .unwrap();
    }

    /// An event so many seconds ago.
    pub(crate) async fn event(&self, contact: ContactId, name: &str, about: Value, seconds: i64) {
        let ago = Duration::from_secs(u64::try_from(seconds).unwrap());
        let new = NewEvent {
            contact: Who::Id(contact),
            name: name.to_owned(),
            properties: about.as_object().unwrap().clone(),
            occurred_at: Some(self.now().minus(ago)),
            source_id: None,
        };
        events::track(&self.db, self.workspace(), new)
            .await
            .unwrap();
    }

    /// A conversation: `how` decides its status, whether it is unread, assigned, and its window.
    pub(crate) async fn talk(&self, contact: ContactId, how: i64) {
        let (workspace, number) = (self.workspace(), self.f.number);
        let status = ["open", "snoozed", "closed"][usize::try_from(how % 3).unwrap()];
        let assignee = (how % 2 == 0).then_some(self.f.owner);
        let closes = match how % 4 {
            0 => None,
            1 => Some(self.now().minus(Duration::from_hours(1))),
            2 => Some(self.now()),
            _ => Some(self.now().plus(Duration::from_hours(2_000))),
        };
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, assignee_id, unread_count,
                            contact_name, activity_at, window_closes_at, changed_seq, created_at)
                         VALUES ($1, $2, $2, $3, $4, $5, $6, 'x', 0, $7, 0, 0)")
                        .bind(workspace)
                        .bind(contact)
                        .bind(number)
                        .bind(status)
                        .bind(assignee)
                        .bind(how / 6)
                        .bind(closes)
                        .execute(tx)
                        .await
                })
            })
            .await
            .unwrap();
    }

    /// The names of those whom a filter finds, by pages of three, and as counted.
    pub(crate) async fn found(&self, filter: Value) -> Vec<String> {
        let filter = Filter::read(&filter).unwrap();
        let people = self.pages(&filter, 3).await;
        let mut on = self.db.snapshot().await.unwrap();
        let counted = audience::count(&mut on, self.workspace(), &filter, self.now())
            .await
            .unwrap();
        assert_eq!(
            counted,
            i64::try_from(people.len()).unwrap(),
            "count and pages of {filter:?}"
        );
        let mut names: Vec<String> = people.iter().map(|id| self.names[id].clone()).collect();
        names.sort();
        names
    }

    pub(crate) async fn pages(&self, filter: &Filter, size: u32) -> Vec<ContactId> {
        let mut snapshot = self.db.snapshot().await.unwrap();
        let mut found: Vec<ContactId> = Vec::new();
        loop {
            let after = found.last().copied();
            let page = audience::page(
                &mut snapshot,
                self.workspace(),
                filter,
                self.now(),
                None,
                after,
                size,
            )
            .await
            .unwrap();
            found.extend(page.iter().map(|person| person.contact.id));
            if page.len() < size as usize {
                break;
            }
        }
        assert!(found.is_sorted(), "pages are in the order of ids");
        found
    }

    pub(crate) async fn end(self) {
        self.db.remove().await;
    }
}
