//! Writing events down, many at once: each statement serves the whole batch.

use std::collections::{HashMap, HashSet};

use wigwag_model::audience::compared;
use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, EventId, WorkspaceId};

use super::{API, COLUMNS, CREATED, Event, NewEvent, Tracked, Who, read};
use crate::{Batch, Db, Error, Priority, Result, Tx, campaigns, sql_rows, sql_rows_owned};

/// Writes an event down, counts it for the goals of campaigns and begins the runs that it starts.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub async fn track(db: &Db, workspace: WorkspaceId, new: NewEvent) -> Result<Tracked> {
    track_all(db, workspace, vec![new])
        .await?
        .pop()
        .flatten()
        .ok_or(Error::NotFound)
}

/// [`track`] for many events in one transaction, in their order; `None` where there is no such contact.
///
/// # Errors
/// [`Error::Stale`] when another transaction wrote one of them at the same time and took it back: try again.
pub async fn track_all(
    db: &Db,
    workspace: WorkspaceId,
    new: Vec<NewEvent>,
) -> Result<Vec<Option<Tracked>>> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { track_batch(tx, workspace, new, API).await })
    })
    .await
}

/// [`track`] in the caller's transaction, by whoever the source is.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub(crate) async fn track_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    new: NewEvent,
    source: &str,
) -> Result<Tracked> {
    track_batch(tx, workspace, vec![new], source)
        .await?
        .pop()
        .flatten()
        .ok_or(Error::NotFound)
}

async fn track_batch(
    tx: &mut Tx,
    workspace: WorkspaceId,
    new: Vec<NewEvent>,
    source: &str,
) -> Result<Vec<Option<Tracked>>> {
    let mut known = known(tx, workspace, &new).await?;
    let people = find(tx, workspace, &new).await?;
    let now = tx.mint().now();
    let mut fresh: Vec<Event> = Vec::with_capacity(new.len());
    let mut seen: HashSet<String> = HashSet::new();
    // What each of them is: known before, the place among the new ones, or nobody's.
    let mut order: Vec<Answer> = Vec::with_capacity(new.len());
    for (at, one) in new.into_iter().enumerate() {
        if let Some(id) = &one.source_id
            && (known.contains_key(id) || !seen.insert(id.clone()))
        {
            order.push(Answer::Known(id.clone()));
            continue;
        }
        let Some(contact) = people.get(&at).copied() else {
            if let Some(id) = &one.source_id {
                seen.remove(id);
            }
            order.push(Answer::Nobody);
            continue;
        };
        order.push(Answer::New(fresh.len()));
        fresh.push(Event {
            id: tx.mint().id(),
            contact,
            name: one.name,
            properties: one.properties,
            occurred_at: one.occurred_at.unwrap_or(now),
            source_id: one.source_id,
            created_at: now,
            source: source.to_owned(),
        });
    }
    let written = insert(tx, workspace, &fresh).await?;
    if written.len() < fresh.len() {
        // Told twice at once: the other one was quicker.
        let lost: Vec<&Event> = fresh
            .iter()
            .filter(|event| !written.contains(&event.id))
            .collect();
        let ids = lost.iter().filter_map(|event| event.source_id.as_deref());
        known.extend(by_source(tx, workspace, ids.collect()).await?);
        for answer in &mut order {
            if let Answer::New(at) = answer
                && !written.contains(&fresh[*at].id)
            {
                let id = fresh[*at].source_id.clone().ok_or(Error::Stale)?;
                known.get(&id).ok_or(Error::Stale)?;
                *answer = Answer::Known(id);
            }
        }
    }
    let told: Vec<&Event> = fresh
        .iter()
        .filter(|event| written.contains(&event.id))
        .collect();
    campaigns::converted(tx, workspace, &told).await?;
    campaigns::ongoing::begin(tx, workspace, &told).await?;
    for event in told {
        tx.record(
            workspace,
            crate::Event {
                kind: CREATED,
                subject: event.id.uuid(),
                conversation: None,
            },
        );
        if let Some(id) = &event.source_id {
            known.entry(id.clone()).or_insert_with(|| event.clone());
        }
    }
    Ok(order
        .into_iter()
        .map(|answer| match answer {
            Answer::New(at) => fresh.get(at).cloned().map(Tracked::New),
            Answer::Known(id) => known.get(&id).cloned().map(Tracked::Known),
            Answer::Nobody => None,
        })
        .collect())
}

enum Answer {
    New(usize),
    Known(String),
    Nobody,
}

/// Events that were told before, by their senders' ids.
async fn known(
    tx: &mut Tx,
    workspace: WorkspaceId,
    new: &[NewEvent],
) -> Result<HashMap<String, Event>> {
    let ids = new.iter().filter_map(|one| one.source_id.as_deref());
    by_source(tx, workspace, ids.collect()).await
}

/// Events by their senders' ids.
pub(crate) async fn by_source(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: Vec<&str>,
) -> Result<HashMap<String, Event>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows_owned(
        format!(
            "SELECT {COLUMNS} FROM {{rows}} JOIN events e ON e.workspace_id = {{$1}} AND e.source_id = r.source_id"
        ),
        Batch::new().texts("source_id", ids),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let mut known = HashMap::new();
    for row in &rows {
        let event = read(row)?;
        if let Some(id) = &event.source_id {
            known.insert(id.clone(), event);
        }
    }
    Ok(known)
}

/// The contacts that are meant, by the place of the event; of one that was merged the contact that it
/// became.
async fn find(
    tx: &mut Tx,
    workspace: WorkspaceId,
    new: &[NewEvent],
) -> Result<HashMap<usize, ContactId>> {
    let mut ids: Vec<(usize, ContactId)> = Vec::new();
    let mut names: Vec<(usize, &'static str, &str)> = Vec::new();
    for (at, one) in new.iter().enumerate() {
        match &one.contact {
            Who::Id(id) => ids.push((at, *id)),
            Who::Phone(phone) => names.push((at, "phone", phone.as_str())),
            Who::External(id) => names.push((at, "external", id.as_str())),
        }
    }
    let place = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    if !ids.is_empty() {
        let rows = Batch::new()
            .ints("place", ids.iter().map(|(at, _)| place(*at)))
            .ids("id", ids.iter().map(|(_, id)| *id));
        found.extend(
            sql_rows(
                "SELECT r.place, COALESCE(c.merged_into, c.id) FROM {rows}
                 JOIN contacts c ON c.workspace_id = {$1} AND c.id = r.id AND c.erased_at IS NULL",
                rows,
            )
            .bind(workspace)
            .fetch_all(tx)
            .await?,
        );
    }
    if !names.is_empty() {
        let rows = Batch::new()
            .ints("place", names.iter().map(|(at, ..)| place(*at)))
            .texts("kind", names.iter().map(|(_, kind, _)| *kind))
            .texts("value", names.iter().map(|(.., value)| *value));
        found.extend(
            sql_rows(
                "SELECT r.place, COALESCE(c.merged_into, c.id) FROM {rows}
                 JOIN contact_identities i ON i.workspace_id = {$1} AND i.kind = r.kind AND i.scope = '' AND i.value = r.value
                 JOIN contacts c ON c.workspace_id = i.workspace_id AND c.id = i.contact_id AND c.erased_at IS NULL",
                rows,
            )
            .bind(workspace)
            .fetch_all(tx)
            .await?,
        );
    }
    found
        .iter()
        .map(|row| {
            Ok((
                usize::try_from(row.int(0)?).unwrap_or(usize::MAX),
                row.id(1)?,
            ))
        })
        .collect()
}

/// Writes events down; those that are new.
async fn insert(tx: &mut Tx, workspace: WorkspaceId, events: &[Event]) -> Result<HashSet<EventId>> {
    if events.is_empty() {
        return Ok(HashSet::new());
    }
    let properties = events
        .iter()
        .map(|event| {
            serde_json::to_string(&event.properties).map_err(|error| Error::Db(Box::new(error)))
        })
        .collect::<Result<Vec<String>>>()?;
    let rows = Batch::new()
        .ids("id", events.iter().map(|event| event.id))
        .ids("contact_id", events.iter().map(|event| event.contact))
        .texts("name", events.iter().map(|event| event.name.as_str()))
        .texts("properties", properties)
        .times("occurred_at", events.iter().map(|event| event.occurred_at))
        .opt_texts(
            "source_id",
            events.iter().map(|event| event.source_id.as_deref()),
        )
        .times("created_at", events.iter().map(|event| event.created_at))
        .texts(
            "compared",
            events
                .iter()
                .map(|event| compared(&event.properties).to_string()),
        )
        .opt_texts(
            "source",
            events
                .iter()
                .map(|event| Some(event.source.as_str()).filter(|source| *source != API)),
        );
    let rows = sql_rows(
        "INSERT INTO events (workspace_id, id, contact_id, name, properties, occurred_at, source_id, created_at, compared, source)
         SELECT $1, r.id, r.contact_id, r.name, r.properties, r.occurred_at, r.source_id, r.created_at, r.compared, r.source
         FROM {rows} WHERE true ON CONFLICT DO NOTHING RETURNING id",
        rows,
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| row.id(0)).collect()
}
