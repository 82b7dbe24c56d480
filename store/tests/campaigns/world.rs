//! A workspace with people, a template and a lane.

use std::collections::BTreeMap;
use std::time::Duration;

use wigwag_model::campaign::State;
use wigwag_model::consent::Category;
use wigwag_model::id::Id as _;
use wigwag_model::{CampaignId, ContactId, MessageId, MessageState, TemplateId, Timestamp};
use wigwag_store::campaigns::{
    self, Begin, Canary, Counts, Fed, Feed, NewLink, Patch, Planned, Taps,
};
use wigwag_store::ingest::{self, Items, StatusItem};
use wigwag_store::lanes::{self, Lease};
use wigwag_store::outbox::{self, Claim, Claimed, Claims, Finished, Outcome, Urgency};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, sql};

pub(crate) const MINUTE: Duration = Duration::from_mins(1);

pub(crate) struct World {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    pub(crate) template: TemplateId,
    pub(crate) lease: Lease,
}

impl World {
    pub(crate) async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        let template: TemplateId = db.mint().id();
        let (workspace, waba) = (f.workspace, f.waba);
        db.write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let now = tx.mint().now();
                sql("INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality,
                        parameter_format, components, synced_at, created_at)
                     VALUES ($1, $2, $3, '77', 'spring', 'en', 'marketing', 'approved', 'green', 'positional', '[]', $4, $4)")
                    .bind(workspace).bind(template).bind(waba).bind(now).execute(tx).await
            })
        })
        .await
        .unwrap();
        // Unknown messages age while webhooks come.
        for _ in 0..2 {
            let items = Items {
                seen: vec![(f.workspace, f.number, db.mint().now())],
                ..Items::default()
            };
            ingest::apply_part(&db, items).await.unwrap();
        }
        let lease = lanes::acquire(
            &db,
            f.workspace,
            f.number,
            "here",
            db.mint().now().plus(MINUTE),
        )
        .await
        .unwrap()
        .unwrap();
        Self {
            db,
            f,
            template,
            lease,
        }
    }

    /// People who agreed to marketing.
    pub(crate) async fn people(&self, count: usize) -> Vec<ContactId> {
        let ids: Vec<ContactId> = (0..count).map(|_| self.db.mint().id()).collect();
        let (workspace, made) = (self.f.workspace, ids.clone());
        self.db
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    let now = tx.mint().now();
                    for (at, id) in made.into_iter().enumerate() {
                        let no = sql("UPDATE workspaces SET next_contact_no = next_contact_no + 1 WHERE id = $1 RETURNING next_contact_no")
                            .bind(workspace).fetch_one(tx).await?.int(0)?;
                        let phone = format!("+9198{no:04}{at:04}");
                        sql("INSERT INTO contacts (workspace_id, id, no, name, phone, wa_id, tags, traits, source, name_key, created_at, updated_at, version)
                             VALUES ($1, $2, $3, 'Mira', $4, $5, '[]', '{}', 'api', 'mira', $6, $6, 1)")
                            .bind(workspace).bind(id).bind(no).bind(&phone).bind(phone.trim_start_matches('+')).bind(now)
                            .execute(tx).await?;
                        for (kind, value) in [("phone", phone.as_str()), ("wa_id", phone.trim_start_matches('+'))] {
                            sql("INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at) VALUES ($1, $2, '', $3, $4, $5)")
                                .bind(workspace).bind(kind).bind(value).bind(id).bind(now).execute(tx).await?;
                        }
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        ids
    }

    /// A campaign that is being planned.
    pub(crate) async fn begun(&self) -> (CampaignId, i64) {
        let id = campaigns::create(
            &self.db,
            self.f.workspace,
            "Spring".to_owned(),
            "system".to_owned(),
        )
        .await
        .unwrap();
        let patch = Patch {
            number: Some(Some(self.f.number)),
            template: Some(Some(self.template)),
            audience: Some(serde_json::json!({"everyone": true})),
            ..Patch::default()
        };
        assert!(
            campaigns::edit(&self.db, self.f.workspace, id, 1, patch)
                .await
                .unwrap()
        );
        let now = self.db.mint().now();
        let begin = Begin {
            version: 2,
            category: Category::Marketing,
            confirmed: None,
            at: None,
            undo_until: now,
            canary: false,
        };
        let state = campaigns::begin(&self.db, self.f.workspace, id, begin)
            .await
            .unwrap();
        assert_eq!(state, Some(State::Planning));
        (id, self.campaign(id).await.version)
    }

    pub(crate) fn planned(
        &self,
        contact: ContactId,
        no: i64,
        reason: Option<&'static str>,
    ) -> Planned {
        Planned {
            contact,
            no,
            due_at: self.db.mint().now(),
            zone: None,
            reason,
            market: Some("IN".to_owned()),
            estimate_micros: Some(11_800),
            filled: Some("{}".to_owned()),
            canary: false,
        }
    }

    /// A campaign to these people that runs.
    pub(crate) async fn running(&self, people: &[ContactId]) -> CampaignId {
        let (id, version) = self.begun().await;
        let rows = (1..)
            .zip(people)
            .map(|(no, contact)| self.planned(*contact, no, None))
            .collect();
        campaigns::plan_chunk(&self.db, self.f.workspace, id, version, self.f.number, rows)
            .await
            .unwrap();
        campaigns::planned(&self.db, self.f.workspace, id, version, Canary::Off, None)
            .await
            .unwrap();
        id
    }

    pub(crate) async fn campaign(&self, id: CampaignId) -> campaigns::Campaign {
        campaigns::get(&mut self.db.reader().await.unwrap(), self.f.workspace, id)
            .await
            .unwrap()
    }

    /// Hands over at most so many.
    pub(crate) async fn feed(&self, id: CampaignId, limit: i64) -> usize {
        let due = campaigns::due(&self.db, self.f.workspace, id, false, limit)
            .await
            .unwrap();
        let rows = due
            .into_iter()
            .map(|row| Fed {
                contact: row.contact,
                round: row.round,
                content: r#"{"body":"Hello"}"#.to_owned(),
                preview: "Hello".to_owned(),
                body: "{}".to_owned(),
                links: vec![NewLink {
                    slug: slug(row.contact, id, row.round),
                    variable: "button.0.url".to_owned(),
                    destination: "https://shop.example/sale".to_owned(),
                }],
            })
            .collect();
        let wish = Feed {
            workspace: self.f.workspace,
            campaign: id,
            number: self.f.number,
            template: self.template,
            category: Category::Marketing,
            media: None,
            urgency: Urgency::Campaign,
            reply_until: self.db.mint().now().plus(MINUTE * 60),
            rows,
        };
        campaigns::feed(&self.db, wish).await.unwrap()
    }

    pub(crate) async fn claim(&self, limit: i64) -> Claims {
        let wish = Claim {
            lease: self.lease.clone(),
            lease_until: self.db.mint().now().plus(MINUTE),
            send_by: 0,
            limit,
            busy: Vec::new(),
        };
        outbox::claim(&self.db, wish).await.unwrap()
    }

    pub(crate) async fn finish(&self, row: &Claimed, outcome: Outcome) {
        let finished = Finished {
            workspace: self.f.workspace,
            number: self.f.number,
            message: row.message,
            conversation: row.conversation,
            contact: row.contact,
            try_no: row.try_no,
            reserved: row.reserved,
            http_status: Some(200),
            ended_at: self.db.mint().now(),
            outcome,
        };
        outbox::finish(&self.db, vec![finished]).await.unwrap();
    }

    pub(crate) async fn accept(&self, row: &Claimed) {
        let wamid = wamid(row.message);
        self.finish(row, Outcome::Accepted { wamid }).await;
    }

    /// A status that names the message by wamid, and by callback data where wished.
    pub(crate) async fn status(&self, message: MessageId, state: MessageState, callback: bool) {
        let item = StatusItem {
            workspace: self.f.workspace,
            number: self.f.number,
            wamid: wamid(message),
            state,
            at: self.db.mint().now(),
            message: callback.then_some(message),
            failure_code: (state == MessageState::Failed).then_some(131_049),
            failure_reason: (state == MessageState::Failed).then(|| "marketing_limit".to_owned()),
            failure_detail: None,
            pricing: None,
            charge: None,
            free_entry_until: None,
        };
        let items = Items {
            statuses: vec![item],
            ..Items::default()
        };
        ingest::apply_part(&self.db, items).await.unwrap();
    }

    pub(crate) async fn counts(&self, id: CampaignId) -> Counts {
        let mut counts = campaigns::counts_of(&self.db, self.f.workspace, id, None)
            .await
            .unwrap();
        counts.0.retain(|_, n| *n != 0);
        counts
    }

    /// Follows the link of a person's message so many times.
    pub(crate) async fn tap(&self, id: CampaignId, contact: ContactId, round: i64, count: i64) {
        let now = self.now();
        let taps = Taps {
            count,
            first: now,
            last: now,
        };
        let all = BTreeMap::from([(slug(contact, id, round), taps)]);
        campaigns::count_taps(&self.db, all).await.unwrap();
    }

    /// What the rows say.
    pub(crate) async fn rows(&self, id: CampaignId) -> BTreeMap<String, i64> {
        let rows = sql(
            "SELECT p.state, m.state, p.replied_at, p.opted_out_at, p.clicked_at, p.converted_at FROM campaign_recipients p
             LEFT JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
             WHERE p.workspace_id = $1 AND p.campaign_id = $2",
        )
        .bind(self.f.workspace)
        .bind(id)
        .fetch_all(&mut self.db.reader().await.unwrap())
        .await
        .unwrap();
        let mut counted = BTreeMap::new();
        for row in &rows {
            let state = match row.opt_int(1).unwrap() {
                Some(rank) => MessageState::from_rank(rank).unwrap().as_str().to_owned(),
                None => row.text(0).unwrap(),
            };
            *counted.entry(state).or_default() += 1;
            for (at, flag) in [
                (2, "replied"),
                (3, "opted_out"),
                (4, "clicked"),
                (5, "converted"),
            ] {
                if row.opt_int(at).unwrap().is_some() {
                    *counted.entry(flag.to_owned()).or_default() += 1;
                }
            }
        }
        for (name, text) in [
            (
                "clicks",
                "SELECT COALESCE(CAST(SUM(clicks) AS BIGINT), 0) FROM links WHERE workspace_id = $1 AND campaign_id = $2 AND round > 0",
            ),
            (
                "goal_0",
                "SELECT COUNT(*) FROM campaign_conversions WHERE workspace_id = $1 AND campaign_id = $2 AND goal = 0",
            ),
            (
                "goal_1",
                "SELECT COUNT(*) FROM campaign_conversions WHERE workspace_id = $1 AND campaign_id = $2 AND goal = 1",
            ),
        ] {
            let row = sql(text)
                .bind(self.f.workspace)
                .bind(id)
                .fetch_one(&mut self.db.reader().await.unwrap())
                .await
                .unwrap();
            let n = row.int(0).unwrap();
            if n > 0 {
                counted.insert(name.to_owned(), n);
            }
        }
        counted
    }

    pub(crate) async fn count(&self, text: &'static str) -> i64 {
        sql(text)
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .int(0)
            .unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.db.mint().now()
    }

    pub(crate) async fn end(self) {
        self.db.remove().await;
    }
}

/// The slug of a person's link.
pub(crate) fn slug(contact: ContactId, campaign: CampaignId, round: i64) -> String {
    format!(
        "{}{}{round}",
        contact.uuid().simple(),
        campaign.uuid().simple()
    )
}

pub(crate) fn wamid(message: MessageId) -> String {
    format!("wamid.{message}")
}
