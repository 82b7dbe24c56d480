//! One of the two databases while a history happens to it.

use std::time::Duration;

use wigwag_model::phone::Phone;
use wigwag_model::rates::Charge;
use wigwag_model::{
    ConversationId, Currency, Kind, MessageId, MessageState, Role, Scope, Timestamp,
};
use wigwag_store::conversations::{self, Status};
use wigwag_store::ingest::{
    self, Inbound, Items, Mark, MarkKind, NewMedia, Person, Preference, StatusItem, UserIdChange,
};
use wigwag_store::lanes;
use wigwag_store::outbox::{self, Claim, Claimed, Finished, Idempotency, New, Outcome, Urgency};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Db, Error, sql};

use crate::operation::{Operation, Reported, Written};

/// The second at which the clocks begin.
const START: i64 = 1_795_424_400;

pub(crate) struct Machine {
    db: TestDb,
    f: Fixture,
    claimed: Vec<Claimed>,
    seq: i64,
    last: Option<Operation>,
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(START + seconds)
}

/// An answer as text. What a database says in its own words is not compared.
fn told<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Err(Error::Db(error)) => panic!("the database fails: {error}"),
        other => format!("{other:?}"),
    }
}

impl Machine {
    pub(crate) async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        Self {
            db,
            f,
            claimed: Vec::new(),
            seq: 0,
            last: None,
        }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    pub(crate) async fn end(self) {
        self.db.remove().await;
    }

    pub(crate) async fn run(&mut self, operation: &Operation) -> String {
        let operation = match operation {
            Operation::Again => match self.last.clone() {
                Some(last) => last,
                None => return String::new(),
            },
            other => other.clone(),
        };
        self.last = Some(operation.clone());
        match operation {
            Operation::Write(written) => {
                let messages = written.into_iter().map(|row| self.inbound(row)).collect();
                self.apply(Items {
                    messages,
                    ..Items::default()
                })
                .await
            }
            Operation::Mark(marks) => {
                let marks = marks.into_iter().map(|row| self.mark(row)).collect();
                self.apply(Items {
                    marks,
                    ..Items::default()
                })
                .await
            }
            Operation::Prefer(who, stop, seconds) => {
                let preference = Preference {
                    workspace: self.f.workspace,
                    person: Self::person(who),
                    category: "marketing".to_owned(),
                    state: if stop { "denied" } else { "granted" },
                    at: at(seconds),
                };
                self.apply(Items {
                    preferences: vec![preference],
                    ..Items::default()
                })
                .await
            }
            Operation::Move(from, to) => {
                let change = UserIdChange {
                    workspace: self.f.workspace,
                    before: Self::person(from),
                    now: Self::person(to),
                };
                self.apply(Items {
                    user_ids: vec![change],
                    ..Items::default()
                })
                .await
            }
            Operation::Report(reported) => self.report(reported).await,
            Operation::Answer(who, key) => self.answer(who, key).await,
            Operation::Claim(limit) => self.claim(limit).await,
            Operation::Finish(which, outcome, wamid) => self.finish(which, outcome, wamid).await,
            Operation::SetStatus(who, status) => self.set_status(who, status).await,
            Operation::Wait(minutes) => {
                self.db
                    .clock
                    .advance(Duration::from_mins(u64::from(minutes)));
                String::new()
            }
            Operation::Again => String::new(),
        }
    }

    async fn apply(&self, items: Items) -> String {
        told(ingest::apply_part(&self.db, items).await)
    }

    /// Some people are known by number, some by user id, some by both.
    fn person(who: u8) -> Person {
        let wa_id = (who != 3).then(|| format!("91980000000{who}"));
        Person {
            phone: wa_id
                .as_deref()
                .and_then(Phone::from_wa_id)
                .map(|phone| phone.as_str().to_owned()),
            wa_id,
            user_id: (who >= 2).then(|| format!("IN.{}", who / 2)),
            portfolio: "1".to_owned(),
            profile_name: Some(format!("Person {who}")),
            username: None,
        }
    }

    fn inbound(&mut self, (who, wamid, seconds, file): Written) -> Inbound {
        self.seq += 1;
        Inbound {
            workspace: self.f.workspace,
            number: self.f.number,
            person: Self::person(who),
            wamid: format!("wamid.in.{wamid}"),
            kind: if file { Kind::Image } else { Kind::Text },
            content: format!(r#"{{"body":"naïve \u0000 “{seconds}” 🪁"}}"#),
            preview: format!("line {seconds}"),
            media: file.then(|| NewMedia {
                meta_media_id: format!("{wamid}"),
                kind: Kind::Image,
                mime_type: "image/png".to_owned(),
                filename: None,
                sha256: wamid.is_multiple_of(2).then(|| vec![wamid; 32]),
            }),
            reply_to: wamid.is_multiple_of(3).then(|| "wamid.out.1".to_owned()),
            referral: None,
            opt: None,
            at: at(seconds),
            seq: self.seq,
            idx: 0,
        }
    }

    fn mark(&self, (wamid, seconds, what): (u8, i64, u8)) -> Mark {
        let kind = match what {
            0 => MarkKind::Reaction {
                emoji: Some(format!("e{seconds}")),
            },
            1 => MarkKind::Reaction { emoji: None },
            2 => MarkKind::Edit {
                content: Some(format!(r#"{{"body":"edited {seconds}"}}"#)),
                preview: format!("edited {seconds}"),
            },
            _ => MarkKind::Revoke,
        };
        Mark {
            workspace: self.f.workspace,
            number: self.f.number,
            wamid: format!("wamid.in.{wamid}"),
            at: at(seconds),
            kind,
        }
    }

    async fn report(&self, reported: Vec<Reported>) -> String {
        let ours = self.ours().await;
        let statuses = reported
            .into_iter()
            .map(|(wamid, state, seconds, callback, priced)| StatusItem {
                workspace: self.f.workspace,
                number: self.f.number,
                wamid: format!("wamid.out.{wamid}"),
                state,
                at: at(seconds),
                message: ours.get(usize::from(wamid)).copied().filter(|_| callback),
                failure_code: (state == MessageState::Failed).then_some(131_026 + seconds),
                failure_reason: (state == MessageState::Failed).then(|| "undeliverable".to_owned()),
                failure_detail: None,
                pricing: priced.then(|| format!(r#"{{"category":"c{seconds}"}}"#)),
                charge: (priced && state >= MessageState::Delivered).then(|| Charge {
                    micros: seconds * 100,
                    currency: Currency::USD,
                    card: "2026-10-01".parse().ok(),
                }),
                free_entry_until: None,
            })
            .collect();
        self.apply(Items {
            statuses,
            seen: vec![(self.f.workspace, self.f.number, at(5))],
            ..Items::default()
        })
        .await
    }

    /// Messages of ours in the order in which they were made.
    async fn ours(&self) -> Vec<MessageId> {
        sql("SELECT id FROM messages WHERE direction = 'out' ORDER BY id")
            .fetch_all(&mut self.db.reader().await.expect("a reader"))
            .await
            .expect("messages")
            .iter()
            .map(|row| row.id(0).expect("an id"))
            .collect()
    }

    async fn conversation(&self, who: u8) -> Option<ConversationId> {
        let rows = sql("SELECT id FROM conversations ORDER BY id")
            .fetch_all(&mut self.db.reader().await.expect("a reader"))
            .await
            .expect("conversations");
        rows.get(usize::from(who))
            .map(|row| row.id(0).expect("an id"))
    }

    fn scope(&self) -> Scope {
        Scope::member(self.f.workspace, self.f.owner, Role::Owner)
    }

    async fn answer(&self, who: u8, key: u8) -> String {
        let Some(conversation) = self.conversation(who).await else {
            return "nobody".to_owned();
        };
        let new = New {
            conversation,
            kind: Kind::Text,
            content: format!(r#"{{"body":"answer {key}"}}"#),
            preview: format!("answer {key}"),
            media: None,
            prepare: false,
            template: None,
            category: None,
            reply_to_wamid: None,
            client_ref: None,
            callback_data: None,
            campaign: None,
            source: "composer",
            author: Some(self.f.owner),
            body: "{}".to_owned(),
            urgency: if key.is_multiple_of(2) {
                Urgency::Reply
            } else {
                Urgency::Transactional
            },
            reaction: None,
            idempotency: Some(Idempotency {
                key: format!("key {key}"),
                request_hash: vec![who],
            }),
        };
        told(outbox::enqueue(&self.db, &self.scope(), new).await)
    }

    async fn claim(&mut self, limit: u8) -> String {
        let until = self.db.mint().now().plus(Duration::from_mins(1));
        let lease =
            match lanes::acquire(&self.db, self.f.workspace, self.f.number, "lane", until).await {
                Ok(Some(lease)) => lease,
                other => return told(other),
            };
        let wish = Claim {
            lease,
            lease_until: until,
            send_by: 0,
            limit: i64::from(limit),
            busy: Vec::new(),
        };
        let claims = outbox::claim(&self.db, wish).await;
        if let Ok(claims) = &claims {
            self.claimed.extend(claims.claimed.iter().cloned());
        }
        told(claims)
    }

    async fn finish(&mut self, which: u8, outcome: u8, wamid: u8) -> String {
        if usize::from(which) >= self.claimed.len() {
            return "none".to_owned();
        }
        let row = self.claimed.remove(usize::from(which));
        let now = self.db.mint().now();
        let outcome = match outcome {
            0 | 1 => Outcome::Accepted {
                wamid: format!("wamid.out.{wamid}"),
            },
            2 => Outcome::Retry {
                due_at: now.plus(Duration::from_secs(5)),
                code: Some(130_429),
                detail: "slower".to_owned(),
            },
            3 => Outcome::Failed {
                code: Some(131_026),
                reason: "undeliverable".to_owned(),
                detail: "no".to_owned(),
            },
            _ => Outcome::Unknown {
                code: None,
                detail: "broke off".to_owned(),
            },
        };
        let finished = Finished {
            workspace: self.f.workspace,
            number: self.f.number,
            message: row.message,
            conversation: row.conversation,
            contact: row.contact,
            try_no: row.try_no,
            reserved: row.reserved,
            http_status: Some(200),
            ended_at: now,
            outcome,
        };
        told(outbox::finish(&self.db, vec![finished]).await)
    }

    async fn set_status(&self, who: u8, status: u8) -> String {
        let Some(conversation) = self.conversation(who).await else {
            return "nobody".to_owned();
        };
        let (status, until) = match status {
            0 => (Status::Open, None),
            1 => (Status::Closed, None),
            _ => (Status::Snoozed, Some(at(1_000_000))),
        };
        told(conversations::set_status(&self.db, &self.scope(), conversation, status, until).await)
    }
}
