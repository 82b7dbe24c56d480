//! What is known of contacts, as far as a filter asks for it: for the interpreter in memory.

use std::collections::BTreeMap;

use wigwag_model::audience::{Facts, Filter, Happened, Outcome, Plan, Standing, Talk, Why};
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{CampaignId, ContactId, MessageState, Timestamp, WorkspaceId};

use super::kinds;
use crate::contacts::{COLUMNS, Contact, get, read_contact};
use crate::{Batch, Error, Executor, Result, Snapshot, segments, sql_rows, sql_rows_owned};

/// Why a filter finds a contact, or why not.
///
/// # Errors
/// [`Error::NotFound`] for an unknown contact, [`Error::Filter`] for a filter that cannot be asked.
pub async fn why(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    contact: ContactId,
) -> Result<Why> {
    let contact = get(on, workspace, contact).await?.id;
    let filter = segments::filled(on, workspace, filter).await?;
    let kinds = kinds(on, workspace, &filter).await?;
    let plan = Plan::new(&filter, &kinds, now)?;
    let mut known = facts(on, workspace, &filter, &[contact]).await?;
    let facts = known.remove(&contact).ok_or(Error::NotFound)?;
    Ok(plan.why(&facts, &kinds))
}

/// What a filter, whose saved segments are in place, asks of contacts. Those that were merged into others
/// are left out.
///
/// # Errors
/// What the database says.
pub async fn facts(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    filter: &Filter,
    ids: &[ContactId],
) -> Result<BTreeMap<ContactId, Facts>> {
    let batch = || Batch::new().ids("id", ids.iter().copied());
    let rows = sql_rows_owned(
        format!(
            "SELECT {COLUMNS} FROM {{rows}} JOIN contacts p ON p.workspace_id = {{$1}} AND p.id = r.id AND p.merged_into IS NULL"
        ),
        batch(),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    let mut all = BTreeMap::new();
    for row in &rows {
        let contact = read_contact(row)?;
        all.insert(contact.id, of(contact));
    }
    let asks = Asks::of(filter);
    if asks.consent {
        consent(on, workspace, batch(), &mut all).await?;
    }
    if asks.lists {
        lists(on, workspace, batch(), &mut all).await?;
    }
    if asks.conversations {
        conversations(on, workspace, batch(), &mut all).await?;
    }
    for name in filter.events() {
        events(on, workspace, name, batch(), &mut all).await?;
    }
    for campaign in filter.campaigns() {
        outcomes(on, workspace, campaign, batch(), &mut all).await?;
    }
    Ok(all)
}

/// Which tables a filter asks.
#[derive(Default)]
struct Asks {
    consent: bool,
    lists: bool,
    conversations: bool,
}

impl Asks {
    fn of(filter: &Filter) -> Self {
        let mut asks = Self::default();
        filter.walk(&mut |part| match part {
            Filter::Consent(_) => asks.consent = true,
            Filter::List(_) => asks.lists = true,
            Filter::Conversation(_) => asks.conversations = true,
            _ => {}
        });
        asks
    }
}

fn of(contact: Contact) -> Facts {
    let names = [contact.name, contact.profile_name, contact.username];
    Facts {
        tags: contact.tags,
        traits: contact.traits,
        country: contact.country,
        name: names
            .into_iter()
            .flatten()
            .find(|name| !name.trim_matches(' ').is_empty()),
        phone: contact.phone,
        source: contact.source,
        email: contact.email,
        created_at: contact.created_at,
        updated_at: contact.updated_at,
        last_seen_at: contact.last_seen_at,
        ..Facts::default()
    }
}

type All = BTreeMap<ContactId, Facts>;

async fn consent(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    batch: Batch,
    all: &mut All,
) -> Result<()> {
    let rows = sql_rows(
        "SELECT c.contact_id, c.category, c.state FROM {rows}
         JOIN consent c ON c.workspace_id = {$1} AND c.contact_id = r.id",
        batch,
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    for row in &rows {
        let category = Category::parse(&row.text(1)?).ok_or(Error::Inconsistent {
            table: "consent",
            column: "category",
        })?;
        if let Some(facts) = all.get_mut(&row.id(0)?) {
            facts
                .consent
                .push((category, ConsentState::parse(&row.text(2)?)));
        }
    }
    Ok(())
}

async fn lists(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    batch: Batch,
    all: &mut All,
) -> Result<()> {
    let rows = sql_rows(
        "SELECT m.contact_id, m.list_id FROM {rows}
         JOIN audience_list_members m ON m.workspace_id = {$1} AND m.contact_id = r.id",
        batch,
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    for row in &rows {
        if let Some(facts) = all.get_mut(&row.id(0)?) {
            facts.lists.insert(row.id(1)?);
        }
    }
    Ok(())
}

async fn conversations(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    batch: Batch,
    all: &mut All,
) -> Result<()> {
    let rows = sql_rows(
        "SELECT v.contact_id, v.status, v.unread_count, v.assignee_id IS NOT NULL, v.window_closes_at, v.number_id FROM {rows}
         JOIN conversations v ON v.workspace_id = {$1} AND v.contact_id = r.id",
        batch,
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    for row in &rows {
        let status = Standing::parse(&row.text(1)?).ok_or(Error::Inconsistent {
            table: "conversations",
            column: "status",
        })?;
        if let Some(facts) = all.get_mut(&row.id(0)?) {
            facts.conversations.push(Talk {
                status,
                unread: row.int(2)? > 0,
                assigned: row.bool(3)?,
                window_closes_at: row.opt_time(4)?,
                number: row.id(5)?,
            });
        }
    }
    Ok(())
}

async fn events(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    name: &str,
    batch: Batch,
    all: &mut All,
) -> Result<()> {
    let rows = sql_rows(
        "SELECT e.contact_id, e.occurred_at, e.properties FROM {rows}
         JOIN events e ON e.workspace_id = {$1} AND e.contact_id = r.id AND e.name = $2",
        batch,
    )
    .bind(workspace)
    .bind(name)
    .fetch_all(on)
    .await?;
    for row in &rows {
        let properties = serde_json::from_str(&row.text(2)?).map_err(|_| Error::Inconsistent {
            table: "events",
            column: "properties",
        })?;
        if let Some(facts) = all.get_mut(&row.id(0)?) {
            facts.events.push(Happened {
                name: name.to_owned(),
                at: row.int(1)?,
                properties,
            });
        }
    }
    Ok(())
}

/// What became of a campaign; of somebody who was written to in a second round, that round counts.
async fn outcomes(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    campaign: CampaignId,
    batch: Batch,
    all: &mut All,
) -> Result<()> {
    let rows = sql_rows(
        "SELECT t.contact_id, t.state, m.state, t.replied_at, t.clicked_at, t.converted_at, t.opted_out_at FROM {rows}
         JOIN campaign_recipients t ON t.workspace_id = {$1} AND t.campaign_id = $2 AND t.contact_id = r.id
         LEFT JOIN messages m ON m.workspace_id = t.workspace_id AND m.id = t.message_id ORDER BY t.round",
        batch,
    )
    .bind(workspace)
    .bind(campaign)
    .fetch_all(on)
    .await?;
    for row in &rows {
        let Some(facts) = all.get_mut(&row.id(0)?) else {
            continue;
        };
        let mut known = std::collections::BTreeSet::new();
        let (state, message) = (row.text(1)?, row.opt_int(2)?);
        if state == "planned" {
            known.insert(Outcome::Planned);
        }
        if state == "skipped" {
            known.insert(Outcome::Skipped);
        }
        known.extend(message.and_then(of_rank));
        for (column, outcome) in [
            (3, Outcome::Replied),
            (4, Outcome::Clicked),
            (5, Outcome::Converted),
            (6, Outcome::OptedOut),
        ] {
            if row.opt_int(column)?.is_some() {
                known.insert(outcome);
            }
        }
        facts.outcomes.insert(campaign, known);
    }
    Ok(())
}

fn of_rank(rank: i64) -> Option<Outcome> {
    let mut outcomes = Outcome::ALL.iter().copied();
    outcomes.find(|outcome| {
        MessageState::parse(outcome.as_str()).is_some_and(|state| state.rank() == rank)
    })
}
