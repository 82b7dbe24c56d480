//! What is known of what happened, for its body.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use uuid::Uuid;
use wigwag_model::endpoint::Kind;
use wigwag_model::id::Id as _;
use wigwag_model::{
    CampaignId, ContactId, ConversationId, Kind as MessageKind, MediaId, MemberId, MessageId,
    NumberId, TemplateId, Timestamp, WorkspaceId,
};

use super::clicks::{self, ClickFacts};
use super::notices::{self, AccountFacts};
use super::rows;
use crate::events::Event;
use crate::tx::Subject;
use crate::{Db, Error, Reader, Result, sql};

/// Something that happened, with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// Its number, in the order of the commits.
    pub seq: i64,
    /// What it is.
    pub kind: Kind,
    /// What was so at that moment, such as a state.
    pub detail: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// What it is about; nothing when that is gone.
    pub facts: Option<Facts>,
}

/// What something is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Facts {
    /// A message.
    Message(Box<MessageFacts>),
    /// A conversation.
    Conversation(ConversationFacts),
    /// A contact.
    Contact(ContactFacts),
    /// Something that a contact did.
    Event(Box<Event>, ContactFacts),
    /// A campaign.
    Campaign(CampaignFacts),
    /// A template.
    Template(TemplateFacts),
    /// A click in a message.
    Click(Box<ClickFacts>),
    /// An account of Meta's, or a number of it.
    Account(AccountFacts),
}

impl Facts {
    /// Of whom or what it is: one thing after the other is told of it.
    pub fn topic(&self) -> Uuid {
        match self {
            Self::Message(message) => message.contact.id.uuid(),
            Self::Conversation(conversation) => conversation.contact.id.uuid(),
            Self::Contact(contact) | Self::Event(_, contact) => contact.id.uuid(),
            Self::Campaign(campaign) => campaign.id.uuid(),
            Self::Template(template) => template.id.uuid(),
            Self::Click(click) => click.message.contact.id.uuid(),
            Self::Account(account) => account.subject,
        }
    }
}

/// A contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactFacts {
    /// Its id.
    pub id: ContactId,
    /// The name under which lists show it.
    pub name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// WhatsApp's id.
    pub wa_id: Option<String>,
    /// The business-scoped user id.
    pub user_id: Option<String>,
    /// The id that the shop's own programs gave it.
    pub external_id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Typed fields.
    pub traits: BTreeMap<String, Value>,
    /// What it says of marketing: `granted`, `denied` or nothing.
    pub marketing: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageFacts {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// With whom.
    pub contact: ContactFacts,
    /// The number here.
    pub number: NumberId,
    /// Meta's id of it.
    pub phone_number_id: String,
    /// The number as it is shown.
    pub display_phone_number: String,
    /// Whether the contact wrote it.
    pub inbound: bool,
    /// Its kind.
    pub kind: MessageKind,
    /// What it says, in the API's shape for its kind.
    pub content: Value,
    /// Its file and the file's type.
    pub media: Option<(MediaId, String)>,
    /// What made it: `composer`, `api`, `campaign`, …
    pub source: String,
    /// Meta's id.
    pub wamid: Option<String>,
    /// Meta's id of what it answers.
    pub reply_to_wamid: Option<String>,
    /// What the program that sent it gets back.
    pub callback_data: Option<String>,
    /// The campaign that counts it.
    pub campaign: Option<CampaignId>,
    /// Its template: id, name, language, components as JSON.
    pub template: Option<(TemplateId, String, String, String)>,
    /// Meta's code of a failure.
    pub failure_code: Option<i64>,
    /// The stable reason of a failure.
    pub failure_reason: Option<String>,
    /// Meta's words on it.
    pub failure_detail: Option<String>,
    /// When it was written.
    pub at: Timestamp,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// What Meta charged, in millionths, and the currency.
    pub cost: Option<(i64, String)>,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationFacts {
    /// Its id.
    pub id: ConversationId,
    /// With whom.
    pub contact: ContactFacts,
    /// The number here.
    pub number: NumberId,
    /// Whom it was given to, when this is told: id, name, e-mail.
    pub assignee: Option<(MemberId, String, String)>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignFacts {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFacts {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// Its category.
    pub category: String,
    /// Meta's id.
    pub meta_template_id: String,
    /// Meta's id of its account.
    pub waba_id: String,
    /// Why Meta rejected it: a code of Meta's.
    pub rejected_reason: Option<String>,
}

/// What happened in a workspace and was not spread yet, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn pending(db: &Db, workspace: WorkspaceId, limit: u32) -> Result<Vec<Happened>> {
    let mut on = db.reader().await?;
    let rows = sql(
        "SELECT seq, kind, subject_id, detail, at, recorded_at FROM happenings
                    WHERE workspace_id = $1 ORDER BY seq LIMIT $2",
    )
    .bind(workspace)
    .bind(i64::from(limit))
    .fetch_all(&mut on)
    .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let kind = Kind::parse(&row.text(1)?).ok_or(Error::Inconsistent {
            table: "happenings",
            column: "kind",
        })?;
        let subject: Subject = row.id(2)?;
        let happened = Happened {
            seq: row.int(0)?,
            kind,
            detail: row.opt_text(3)?,
            at: row.time(4)?,
            recorded_at: row.time(5)?,
            facts: None,
        };
        all.push((subject.0, happened));
    }
    let known = Known::read(&mut on, workspace, &all).await?;
    Ok(all
        .into_iter()
        .map(|(subject, mut happened)| {
            happened.facts = known.of(subject, &happened);
            happened
        })
        .collect())
}

/// The rows that some happenings are about.
struct Known {
    messages: HashMap<Uuid, (ContactId, MessageFacts)>,
    conversations: HashMap<Uuid, (ContactId, NumberId)>,
    contacts: HashMap<ContactId, ContactFacts>,
    events: HashMap<Uuid, Event>,
    campaigns: HashMap<Uuid, CampaignFacts>,
    templates: HashMap<Uuid, TemplateFacts>,
    members: HashMap<MemberId, (String, String)>,
    /// The messages of ours that quick replies answer, by the replies.
    answered: HashMap<Uuid, Uuid>,
    accounts: HashMap<Uuid, notices::Known>,
}

impl Known {
    async fn read(
        on: &mut Reader,
        workspace: WorkspaceId,
        all: &[(Uuid, Happened)],
    ) -> Result<Self> {
        let of = |kinds: &[Kind]| -> Vec<Subject> {
            let subjects: HashSet<Uuid> = all
                .iter()
                .filter(|(_, happened)| kinds.contains(&happened.kind))
                .map(|(subject, _)| *subject)
                .collect();
            subjects.into_iter().map(Subject).collect()
        };
        let answered = clicks::answered(on, workspace, of(&[Kind::MessageClicked])).await?;
        let mut wanted = of(&[
            Kind::MessageReceived,
            Kind::MessageSent,
            Kind::MessageStatus,
            Kind::MessageClicked,
        ]);
        wanted.extend(answered.values().copied().map(Subject));
        let messages = rows::messages(on, workspace, wanted).await?;
        let conversations = rows::conversations(
            on,
            workspace,
            of(&[
                Kind::ConversationAssigned,
                Kind::ConversationClosed,
                Kind::ConversationOpened,
                Kind::ConversationSnoozed,
            ]),
        )
        .await?;
        let events = rows::told_events(on, workspace, of(&[Kind::EventTracked])).await?;
        let mut people: HashSet<ContactId> = of(&[
            Kind::ContactCreated,
            Kind::ContactChanged,
            Kind::ConsentChanged,
        ])
        .into_iter()
        .map(|subject| ContactId::from_uuid(subject.0))
        .collect();
        people.extend(messages.values().map(|(contact, _)| *contact));
        people.extend(conversations.values().map(|(contact, _)| *contact));
        people.extend(events.values().map(|event| event.contact));
        let assignees = all
            .iter()
            .filter(|(_, happened)| happened.kind == Kind::ConversationAssigned)
            .filter_map(|(_, happened)| happened.detail.as_deref()?.parse().ok())
            .collect();
        Ok(Self {
            contacts: rows::contacts(on, workspace, people.into_iter().collect()).await?,
            campaigns: rows::campaigns(on, workspace, of(&[Kind::CampaignChanged])).await?,
            templates: rows::templates(
                on,
                workspace,
                of(&[Kind::TemplateChanged, Kind::TemplateMeasured]),
            )
            .await?,
            members: rows::members(on, workspace, assignees).await?,
            accounts: notices::accounts(
                on,
                workspace,
                of(&[
                    Kind::AccountAlerted,
                    Kind::AccountChanged,
                    Kind::AccountReviewed,
                    Kind::AccountLimitsChanged,
                    Kind::NumberChanged,
                ]),
            )
            .await?,
            answered,
            messages,
            conversations,
            events,
        })
    }

    /// A message with its contact.
    fn message(&self, id: Uuid) -> Option<MessageFacts> {
        let (contact, message) = self.messages.get(&id)?;
        let mut message = message.clone();
        message.contact = self.contacts.get(contact)?.clone();
        Some(message)
    }

    fn of(&self, subject: Uuid, happened: &Happened) -> Option<Facts> {
        let detail = happened.detail.as_deref();
        match happened.kind {
            Kind::MessageReceived | Kind::MessageSent | Kind::MessageStatus => {
                let message = self.message(subject)?;
                Some(Facts::Message(Box::new(message)))
            }
            Kind::MessageClicked => {
                let click = clicks::facts(subject, detail, &self.answered, |id| self.message(id))?;
                Some(Facts::Click(Box::new(click)))
            }
            Kind::ConversationAssigned
            | Kind::ConversationClosed
            | Kind::ConversationOpened
            | Kind::ConversationSnoozed => {
                let (contact, number) = self.conversations.get(&subject)?;
                let assignee: Option<MemberId> = detail.and_then(|id| id.parse().ok());
                Some(Facts::Conversation(ConversationFacts {
                    id: ConversationId::from_uuid(subject),
                    contact: self.contacts.get(contact)?.clone(),
                    number: *number,
                    assignee: assignee.and_then(|id| {
                        let (name, email) = self.members.get(&id)?.clone();
                        Some((id, name, email))
                    }),
                }))
            }
            Kind::ContactCreated | Kind::ContactChanged | Kind::ConsentChanged => {
                let contact = self.contacts.get(&ContactId::from_uuid(subject))?;
                Some(Facts::Contact(contact.clone()))
            }
            Kind::EventTracked => {
                let event = self.events.get(&subject)?;
                let contact = self.contacts.get(&event.contact)?.clone();
                Some(Facts::Event(Box::new(event.clone()), contact))
            }
            Kind::CampaignChanged => self.campaigns.get(&subject).cloned().map(Facts::Campaign),
            Kind::TemplateChanged | Kind::TemplateMeasured => {
                self.templates.get(&subject).cloned().map(Facts::Template)
            }
            // Told even when the account is no more: that may be what it says.
            Kind::AccountAlerted
            | Kind::AccountChanged
            | Kind::AccountReviewed
            | Kind::AccountLimitsChanged
            | Kind::NumberChanged => Some(Facts::Account(notices::facts(
                subject,
                self.accounts.get(&subject),
                detail,
            ))),
        }
    }
}
