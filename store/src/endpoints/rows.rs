//! The rows that happenings are about, many at a time.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;
use wigwag_model::id::Id as _;
use wigwag_model::{
    CampaignId, ContactId, Kind as MessageKind, MemberId, NumberId, TemplateId, Timestamp,
    WorkspaceId,
};

use super::facts::{CampaignFacts, ContactFacts, MessageFacts, TemplateFacts};
use crate::events::{self, Event};
use crate::tx::Subject;
use crate::{Batch, Error, Reader, Result, Row, sql_rows, sql_rows_owned};

pub(super) async fn messages(
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

pub(super) async fn contacts(
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

pub(super) async fn conversations(
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

pub(super) async fn told_events(
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

pub(super) async fn campaigns(
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

pub(super) async fn templates(
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

pub(super) async fn members(
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
