//! What is known of what happened, for its body: the rows that it is about, many at a time.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use uuid::Uuid;
use wigwag_model::endpoint::Kind;
use wigwag_model::id::Id as _;
use wigwag_model::{
    CampaignId, ContactId, ConversationId, Kind as MessageKind, MediaId, MemberId, MessageId,
    NumberId, TemplateId, Timestamp, WorkspaceId,
};

use crate::events::{self, Event};
use crate::tx::Subject;
use crate::{Batch, Db, Error, Reader, Result, Row, sql, sql_rows, sql_rows_owned};

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
        let messages = messages(
            on,
            workspace,
            of(&[
                Kind::MessageReceived,
                Kind::MessageSent,
                Kind::MessageStatus,
            ]),
        )
        .await?;
        let conversations = conversations(
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
        let events = told_events(on, workspace, of(&[Kind::EventTracked])).await?;
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
            contacts: contacts(on, workspace, people.into_iter().collect()).await?,
            campaigns: campaigns(on, workspace, of(&[Kind::CampaignChanged])).await?,
            templates: templates(on, workspace, of(&[Kind::TemplateChanged])).await?,
            members: members(on, workspace, assignees).await?,
            messages,
            conversations,
            events,
        })
    }

    fn of(&self, subject: Uuid, happened: &Happened) -> Option<Facts> {
        match happened.kind {
            Kind::MessageReceived | Kind::MessageSent | Kind::MessageStatus => {
                let (contact, message) = self.messages.get(&subject)?;
                let mut message = message.clone();
                message.contact = self.contacts.get(contact)?.clone();
                Some(Facts::Message(Box::new(message)))
            }
            Kind::ConversationAssigned
            | Kind::ConversationClosed
            | Kind::ConversationOpened
            | Kind::ConversationSnoozed => {
                let (contact, number) = self.conversations.get(&subject)?;
                let assignee: Option<MemberId> =
                    happened.detail.as_deref().and_then(|id| id.parse().ok());
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
            Kind::TemplateChanged => self.templates.get(&subject).cloned().map(Facts::Template),
        }
    }
}

async fn messages(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<Subject>,
) -> Result<HashMap<Uuid, (ContactId, MessageFacts)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT m.id, m.conversation_id, m.contact_id, m.number_id, n.phone_number_id, n.display_phone_number, m.direction, m.kind,
            m.content, f.id, f.mime_type, m.source, m.wamid, m.reply_to_wamid, m.callback_data, m.campaign_id,
            t.id, t.name, t.language, t.components, m.failure_code, m.failure_reason, m.failure_detail, m.at,
            m.delivered_at, m.read_at, m.cost_micros, m.cost_currency
         FROM {rows} JOIN messages m ON m.workspace_id = {$1} AND m.id = r.id
         JOIN numbers n ON n.workspace_id = m.workspace_id AND n.id = m.number_id
         LEFT JOIN media f ON f.workspace_id = m.workspace_id AND f.id = m.media_id
         LEFT JOIN templates t ON t.workspace_id = m.workspace_id AND t.id = m.template_id",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id::<Subject>(0)?.0, message(row)?)))
        .collect()
}

fn message(row: &Row) -> Result<(ContactId, MessageFacts)> {
    let content = serde_json::from_str(&row.text(8)?).map_err(|_| Error::Inconsistent {
        table: "messages",
        column: "content",
    })?;
    let template: Option<TemplateId> = row.opt_id(16)?;
    let contact: ContactId = row.id(2)?;
    let facts = MessageFacts {
        id: row.id(0)?,
        conversation: row.id(1)?,
        // The contact is read apart, once for all that happened to it.
        contact: ContactFacts::unknown(contact),
        number: row.id(3)?,
        phone_number_id: row.text(4)?,
        display_phone_number: row.text(5)?,
        inbound: row.text(6)? == "in",
        kind: MessageKind::parse(&row.text(7)?),
        content,
        media: row.opt_id(9)?.zip(row.opt_text(10)?),
        source: row.text(11)?,
        wamid: row.opt_text(12)?,
        reply_to_wamid: row.opt_text(13)?,
        callback_data: row.opt_text(14)?,
        campaign: row.opt_id(15)?,
        template: match template {
            Some(id) => Some((id, row.text(17)?, row.text(18)?, row.text(19)?)),
            None => None,
        },
        failure_code: row.opt_int(20)?,
        failure_reason: row.opt_text(21)?,
        failure_detail: row.opt_text(22)?,
        at: row.time(23)?,
        delivered_at: row.opt_time(24)?,
        read_at: row.opt_time(25)?,
        cost: row.opt_int(26)?.zip(row.opt_text(27)?),
    };
    Ok((contact, facts))
}

impl ContactFacts {
    fn unknown(id: ContactId) -> Self {
        Self {
            id,
            name: None,
            phone: None,
            wa_id: None,
            user_id: None,
            external_id: None,
            email: None,
            tags: Vec::new(),
            traits: BTreeMap::new(),
            marketing: None,
            created_at: Timestamp::default(),
        }
    }
}

async fn contacts(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<ContactId>,
) -> Result<HashMap<ContactId, ContactFacts>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT c.id, COALESCE(c.name, c.profile_name, c.username), c.phone, c.wa_id, c.user_id,
            (SELECT MIN(i.value) FROM contact_identities i WHERE i.workspace_id = c.workspace_id AND i.contact_id = c.id
                AND i.kind = 'external' AND i.scope = ''),
            c.email, c.tags, c.traits,
            (SELECT s.state FROM consent s WHERE s.workspace_id = c.workspace_id AND s.contact_id = c.id AND s.category = 'marketing'),
            c.created_at
         FROM {rows} JOIN contacts c ON c.workspace_id = {$1} AND c.id = r.id",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            let wrong = |column| Error::Inconsistent {
                table: "contacts",
                column,
            };
            let facts = ContactFacts {
                id: row.id(0)?,
                name: row.opt_text(1)?,
                phone: row.opt_text(2)?,
                wa_id: row.opt_text(3)?,
                user_id: row.opt_text(4)?,
                external_id: row.opt_text(5)?,
                email: row.opt_text(6)?,
                tags: serde_json::from_str(&row.text(7)?).map_err(|_| wrong("tags"))?,
                traits: serde_json::from_str(&row.text(8)?).map_err(|_| wrong("traits"))?,
                marketing: row.opt_text(9)?,
                created_at: row.time(10)?,
            };
            Ok((facts.id, facts))
        })
        .collect()
}

async fn conversations(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<Subject>,
) -> Result<HashMap<Uuid, (ContactId, NumberId)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT c.id, c.contact_id, c.number_id FROM {rows}
         JOIN conversations c ON c.workspace_id = {$1} AND c.id = r.id",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id::<Subject>(0)?.0, (row.id(1)?, row.id(2)?))))
        .collect()
}

async fn told_events(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<Subject>,
) -> Result<HashMap<Uuid, Event>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows_owned(
        format!(
            "SELECT {} FROM {{rows}} JOIN events e ON e.workspace_id = {{$1}} AND e.id = r.id",
            events::COLUMNS
        ),
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            let event = events::read(row)?;
            Ok((event.id.uuid(), event))
        })
        .collect()
}

async fn campaigns(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<Subject>,
) -> Result<HashMap<Uuid, CampaignFacts>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT c.id, c.name FROM {rows} JOIN campaigns c ON c.workspace_id = {$1} AND c.id = r.id",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            let id: CampaignId = row.id(0)?;
            let name = row.text(1)?;
            Ok((id.uuid(), CampaignFacts { id, name }))
        })
        .collect()
}

async fn templates(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<Subject>,
) -> Result<HashMap<Uuid, TemplateFacts>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT t.id, t.name, t.language, t.category, t.meta_template_id, w.waba_id, t.rejected_reason FROM {rows}
         JOIN templates t ON t.workspace_id = {$1} AND t.id = r.id
         JOIN wabas w ON w.workspace_id = t.workspace_id AND w.id = t.waba",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            let id: TemplateId = row.id(0)?;
            let facts = TemplateFacts {
                id,
                name: row.text(1)?,
                language: row.text(2)?,
                category: row.text(3)?,
                meta_template_id: row.text(4)?,
                waba_id: row.text(5)?,
                rejected_reason: row.opt_text(6)?,
            };
            Ok((id.uuid(), facts))
        })
        .collect()
}

async fn members(
    on: &mut Reader,
    workspace: WorkspaceId,
    ids: Vec<MemberId>,
) -> Result<HashMap<MemberId, (String, String)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT m.id, a.name, a.email FROM {rows} JOIN members m ON m.workspace_id = {$1} AND m.id = r.id
         JOIN accounts a ON a.id = m.account_id",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, (row.text(1)?, row.text(2)?))))
        .collect()
}
