//! What a rig of on-going campaigns does: drafts, starts, things that contacts do, and runs.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wigwag_engine::campaigns;
use wigwag_engine::campaigns::ongoing;
use wigwag_model::audience::Filter;
use wigwag_model::campaign::{Settings, State};
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_model::{CampaignId, ContactId, SegmentId};
use wigwag_store::campaigns::Patch;
use wigwag_store::campaigns::ongoing::{self as rows, Enrol, Runs};
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::events::{self, NewEvent, Who};
use wigwag_store::{Priority, contacts, segments};

use crate::rig::Rig;
use crate::waits::PATIENCE;

/// What starts a run: something of a hundred and more was paid.
pub(crate) fn paid() -> Value {
    json!({"event": {"name": "Paid", "where": [{"key": "total", "is": {"gte": 100}}]}})
}

/// A template that needs a yes.
pub(crate) fn marketing() -> Value {
    json!({"name": "kites_are_back", "language": "en_US", "category": "MARKETING",
           "components": [{"type": "BODY", "text": "The red kites are back in the shop."}]})
}

impl Rig {
    /// An on-going draft: the order's number is the event's.
    pub(crate) async fn ongoing(&self, ongoing: Value, settings: Settings) -> CampaignId {
        let (db, workspace) = (&self.db, self.f.workspace);
        let (name, actor) = ("Order confirmed".to_owned(), "system".to_owned());
        let id = wigwag_store::campaigns::create_ongoing(db, workspace, name, actor)
            .await
            .unwrap();
        let number = if ongoing["trigger"].get("event").is_some() {
            json!({"from": "column", "key": "order", "fallback": "1042"})
        } else {
            json!({"from": "constant", "value": "1042"})
        };
        let variables = json!({
            "body.1": {"from": "field", "key": "first_name", "fallback": "there"},
            "body.2": number,
            "button.0.url": {"from": "constant", "value": "1042"},
        });
        let patch = Patch {
            number: Some(Some(self.f.number)),
            template: Some(Some(self.template)),
            variables: Some(serde_json::from_value(variables).unwrap()),
            settings: Some(settings),
            ongoing: Some(serde_json::from_value(ongoing).unwrap()),
            ..Patch::default()
        };
        campaigns::edit(self.engine.context(), &self.scope(), id, 1, patch)
            .await
            .unwrap();
        id
    }

    pub(crate) async fn begin(&self, id: CampaignId, existing: bool) {
        let state = ongoing::start(self.engine.context(), &self.scope(), id, existing)
            .await
            .unwrap();
        assert_eq!(state, State::Running);
    }

    /// Something that a contact does; the same `source` is the same thing.
    pub(crate) async fn does(&self, who: ContactId, name: &str, properties: Value, source: &str) {
        let new = NewEvent {
            contact: Who::Id(who),
            name: name.to_owned(),
            properties: properties.as_object().unwrap().clone(),
            occurred_at: None,
            source_id: Some(source.to_owned()),
        };
        events::track(&self.db, self.f.workspace, new)
            .await
            .unwrap();
    }

    pub(crate) async fn edited(&self, who: ContactId, edit: impl FnOnce(&mut contacts::Edit)) {
        let mut on = self.db.reader().await.unwrap();
        let known = contacts::get(&mut on, self.f.workspace, who).await.unwrap();
        drop(on);
        let mut change = contacts::Edit {
            name: None,
            email: None,
            tags: None,
            traits: None,
            version: known.version,
        };
        edit(&mut change);
        contacts::edit(&self.db, self.f.workspace, who, change)
            .await
            .unwrap();
    }

    pub(crate) async fn retag(&self, who: ContactId, tags: &[&str]) {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        self.edited(who, |edit| edit.tags = Some(tags)).await;
    }

    pub(crate) async fn set_trait(&self, who: ContactId, key: &str, value: Value) {
        let traits = BTreeMap::from([(key.to_owned(), value)]);
        self.edited(who, |edit| edit.traits = Some(traits)).await;
    }

    pub(crate) async fn newcomer(&self, phone: &str) {
        let new = contacts::NewContact {
            name: Some("Noor".to_owned()),
            phone: Phone::parse(phone, None).unwrap(),
            email: None,
            tags: Vec::new(),
            traits: BTreeMap::new(),
            source: "api",
        };
        contacts::create(&self.db, self.f.workspace, new)
            .await
            .unwrap();
    }

    pub(crate) async fn agree(&self, people: &[ContactId]) {
        let (workspace, at) = (self.f.workspace, self.db.mint().now());
        let words: Vec<Word> = people
            .iter()
            .map(|contact| Word {
                workspace,
                contact: *contact,
                category: Category::Marketing,
                state: ConsentState::Granted,
                source: "api".to_owned(),
                actor: "system".to_owned(),
                text: None,
                at,
            })
            .collect();
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move { consent::put(tx, Rule::Told, &words).await.map(drop) })
            })
            .await
            .unwrap();
    }

    pub(crate) async fn segment(&self, name: &str, filter: &Value) -> SegmentId {
        let filter = Filter::read(filter).unwrap();
        segments::create(
            &self.db,
            self.f.workspace,
            name.to_owned(),
            filter,
            "system".to_owned(),
        )
        .await
        .unwrap()
        .id
    }

    /// How many runs are in which state, or were dropped for which reason.
    pub(crate) async fn runs(&self, id: CampaignId) -> BTreeMap<String, usize> {
        let which = Runs::default();
        let (list, _) = rows::runs(&self.db, self.f.workspace, id, &which, None, 200)
            .await
            .unwrap();
        let mut found = BTreeMap::new();
        for run in list {
            *found.entry(run.reason.unwrap_or(run.state)).or_default() += 1;
        }
        found
    }

    /// Goes on until those who are in already when a campaign starts are taken in, or known to be in.
    pub(crate) async fn until_enrolled(&self, id: CampaignId) {
        for _ in 0..PATIENCE {
            let watches = rows::watches(&self.db).await.unwrap();
            let mut known = watches.iter().filter(|watch| watch.campaign == id);
            if known.any(|watch| watch.enrol == Enrol::Done) {
                return;
            }
            self.step().await;
        }
        panic!("nobody looked who is in already");
    }

    pub(crate) async fn until_runs(&self, id: CampaignId, wanted: &[(&str, usize)]) {
        let wanted: BTreeMap<String, usize> = wanted
            .iter()
            .map(|(name, n)| ((*name).to_owned(), *n))
            .collect();
        for _ in 0..PATIENCE {
            if self.runs(id).await == wanted {
                return;
            }
            self.step().await;
        }
        panic!("never {wanted:?}: {:?}", self.runs(id).await);
    }

    pub(crate) async fn until_sent(&self, id: CampaignId, count: i64) {
        for _ in 0..PATIENCE {
            if self.counts(id).await.delivered() == count {
                return;
            }
            self.step().await;
        }
        panic!(
            "never {count}: {:?} {:?}",
            self.counts(id).await.0,
            self.runs(id).await
        );
    }
}
