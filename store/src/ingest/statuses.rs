//! Statuses of our messages: evidence that only ever moves a message forward.

use std::collections::{BTreeMap, HashMap};

use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, MessageId, MessageState, NumberId, Timestamp, WorkspaceId};

use super::items::StatusItem;
use super::parked;
use crate::{Batch, Error, Event, Result, Row, Tx, sql_rows};

/// Our message in the callback data that we send with each POST: `w1.<message id>.<try>`.
pub fn callback_of(data: &str) -> Option<MessageId> {
    let (id, _) = data.strip_prefix("w1.")?.rsplit_once('.')?;
    id.parse().ok()
}

/// All that a batch says of one message.
#[derive(Debug, Clone)]
struct Evidence {
    state: MessageState,
    sent: Option<Timestamp>,
    delivered: Option<Timestamp>,
    read: Option<Timestamp>,
    played: Option<Timestamp>,
    failed: Option<Timestamp>,
    code: Option<i64>,
    reason: Option<String>,
    detail: Option<String>,
    pricing: Option<String>,
    claimed: Option<MessageId>,
    items: Vec<StatusItem>,
}

impl Evidence {
    fn of(item: StatusItem) -> Self {
        let mut evidence = Self {
            state: item.state,
            sent: None,
            delivered: None,
            read: None,
            played: None,
            failed: None,
            code: None,
            reason: None,
            detail: None,
            pricing: None,
            claimed: None,
            items: Vec::new(),
        };
        evidence.add(item);
        evidence
    }

    fn add(&mut self, item: StatusItem) {
        if let Some(state) = self.state.advance(item.state) {
            self.state = state;
        }
        let earliest = |slot: &mut Option<Timestamp>| {
            *slot = Some(slot.map_or(item.at, |known| known.min(item.at)));
        };
        match item.state {
            MessageState::Sent => earliest(&mut self.sent),
            MessageState::Delivered => earliest(&mut self.delivered),
            MessageState::Read => earliest(&mut self.read),
            MessageState::Played => earliest(&mut self.played),
            MessageState::Failed => {
                earliest(&mut self.failed);
                self.code = item.failure_code;
                self.reason.clone_from(&item.failure_reason);
                self.detail.clone_from(&item.failure_detail);
            }
            _ => {}
        }
        if item.pricing.is_some() {
            self.pricing.clone_from(&item.pricing);
        }
        self.claimed = self.claimed.or(item.message);
        self.items.push(item);
    }
}

/// A message that evidence was found for.
struct Known {
    id: MessageId,
    conversation: ConversationId,
    campaign: bool,
    moved: bool,
}

type Key = (WorkspaceId, NumberId, String);

pub(super) async fn apply(tx: &mut Tx, items: Vec<StatusItem>) -> Result<()> {
    let mut evidence: BTreeMap<Key, Evidence> = BTreeMap::new();
    for item in items {
        let key = (item.workspace, item.number, item.wamid.clone());
        match evidence.get_mut(&key) {
            Some(known) => known.add(item),
            None => {
                evidence.insert(key, Evidence::of(item));
            }
        }
    }
    if evidence.is_empty() {
        return Ok(());
    }
    let mut known = by_wamid(tx, &evidence).await?;
    claim_by_callback(tx, &evidence, &mut known).await?;
    let unknown: Vec<_> = evidence
        .iter()
        .filter(|(key, _)| !known.contains_key(*key))
        .flat_map(|(_, evidence)| evidence.items.iter())
        .map(park_row)
        .collect::<Result<_>>()?;
    parked::park(tx, unknown).await?;
    write(tx, &evidence, &known).await
}

/// Applies evidence whose messages are known to exist.
pub(super) async fn apply_known(tx: &mut Tx, items: Vec<StatusItem>) -> Result<()> {
    if items.is_empty() {
        Ok(())
    } else {
        Box::pin(apply(tx, items)).await
    }
}

fn park_row(item: &StatusItem) -> Result<(WorkspaceId, NumberId, String, &'static str, String)> {
    let payload = parked::Payload::Status {
        rank: item.state.rank(),
        at: item.at.as_micros(),
        code: item.failure_code,
        reason: item.failure_reason.clone(),
        detail: item.failure_detail.clone(),
        pricing: item.pricing.clone(),
    };
    let payload = serde_json::to_string(&payload).map_err(|error| Error::Db(Box::new(error)))?;
    Ok((
        item.workspace,
        item.number,
        item.wamid.clone(),
        item.state.as_str(),
        payload,
    ))
}

/// Whether the evidence says anything that the row does not.
fn read(row: &Row, evidence: &Evidence) -> Result<Known> {
    let state = row.opt_int(4)?.and_then(MessageState::from_rank);
    let news = |at: usize, stated: Option<Timestamp>| -> Result<bool> {
        Ok(stated.is_some() && row.opt_int(at)?.is_none())
    };
    let moved = state.is_some_and(|state| state.advance(evidence.state).is_some())
        || news(5, evidence.sent)?
        || news(6, evidence.delivered.or(evidence.read).or(evidence.played))?
        || news(7, evidence.read.or(evidence.played))?
        || news(8, evidence.played)?
        || news(9, evidence.failed)?
        || (evidence.pricing.is_some() && row.opt_text(10)?.is_none());
    Ok(Known {
        id: row.id(1)?,
        conversation: row.id(2)?,
        campaign: row.text(3)? == "campaign",
        moved,
    })
}

async fn by_wamid(tx: &mut Tx, evidence: &BTreeMap<Key, Evidence>) -> Result<HashMap<Key, Known>> {
    let keys: Vec<&Key> = evidence.keys().collect();
    let rows = Batch::new()
        .ids("workspace_id", keys.iter().map(|key| key.0))
        .ids("number_id", keys.iter().map(|key| key.1))
        .texts("wamid", keys.iter().map(|key| key.2.as_str()));
    let found = sql_rows(
        "SELECT r.ord, m.id, m.conversation_id, m.source, m.state, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at, m.pricing
         FROM {rows} JOIN messages m
           ON m.workspace_id = r.workspace_id AND m.number_id = r.number_id AND m.wamid = r.wamid
         WHERE m.direction = 'out'",
        rows,
    )
    .fetch_all(tx)
    .await?;
    found
        .iter()
        .map(|row| {
            let key = keys[usize::try_from(row.int(0)?).unwrap_or_default()];
            Ok((key.clone(), read(row, &evidence[key])?))
        })
        .collect()
}

/// Finds messages whose wamid we never learned by our own callback data, which proves the send.
/// The wamid is written with the rest; the outbox row goes, the attempt is closed as accepted.
async fn claim_by_callback(
    tx: &mut Tx,
    evidence: &BTreeMap<Key, Evidence>,
    known: &mut HashMap<Key, Known>,
) -> Result<()> {
    let claims: Vec<(&Key, MessageId)> = evidence
        .iter()
        .filter(|(key, _)| !known.contains_key(*key))
        .filter_map(|(key, evidence)| Some((key, evidence.claimed?)))
        .collect();
    if claims.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", claims.iter().map(|(key, _)| key.0))
        .ids("number_id", claims.iter().map(|(key, _)| key.1))
        .ids("id", claims.iter().map(|(_, id)| *id));
    let found = sql_rows(
        "SELECT r.ord, m.id, m.conversation_id, m.source, m.state, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at, m.pricing
         FROM {rows} JOIN messages m ON m.workspace_id = r.workspace_id AND m.id = r.id
         WHERE m.number_id = r.number_id AND m.direction = 'out' AND m.wamid IS NULL",
        rows,
    )
    .fetch_all(tx)
    .await?;
    let mut proven = Vec::with_capacity(found.len());
    for row in &found {
        let key = claims[usize::try_from(row.int(0)?).unwrap_or_default()].0;
        let claim = read(row, &evidence[key])?;
        proven.push((key, claim.id));
        known.insert(
            key.clone(),
            Known {
                moved: true,
                ..claim
            },
        );
    }
    if proven.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let rows = || {
        Batch::new()
            .ids("workspace_id", proven.iter().map(|(key, _)| key.0))
            .ids("id", proven.iter().map(|(_, id)| *id))
            .texts("wamid", proven.iter().map(|(key, _)| key.2.as_str()))
    };
    for text in [
        "UPDATE messages SET wamid = r.wamid, accepted_at = COALESCE(accepted_at, $1) FROM {rows}
         WHERE messages.workspace_id = r.workspace_id AND messages.id = r.id AND messages.wamid IS NULL",
        "UPDATE attempts SET effect = 'accepted', wamid = r.wamid, ended_at = COALESCE(ended_at, $1) FROM {rows}
         WHERE attempts.workspace_id = r.workspace_id AND attempts.message_id = r.id
           AND (attempts.effect IS NULL OR attempts.effect = 'maybe')",
    ] {
        sql_rows(text, rows()).bind(now).execute(tx).await?;
    }
    sql_rows(
        "DELETE FROM outbox WHERE (workspace_id, message_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        rows(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn write(
    tx: &mut Tx,
    evidence: &BTreeMap<Key, Evidence>,
    known: &HashMap<Key, Known>,
) -> Result<()> {
    let mut moves: Vec<(&Key, &Evidence, &Known)> = evidence
        .iter()
        .filter_map(|(key, evidence)| Some((key, evidence, known.get(key)?)))
        .filter(|(.., known)| known.moved)
        .collect();
    if moves.is_empty() {
        return Ok(());
    }
    // In the order of ids: two transactions lock rows alike.
    moves.sort_by_key(|(.., known)| known.id);
    let mut seqs = Vec::with_capacity(moves.len());
    for (key, ..) in &moves {
        seqs.push(tx.seq(key.0).await?);
    }
    let failed_now = |evidence: &Evidence| evidence.failed.is_some();
    let rows = Batch::new()
        .ids("workspace_id", moves.iter().map(|(key, ..)| key.0))
        .ids("id", moves.iter().map(|(.., known)| known.id))
        .ints(
            "state",
            moves.iter().map(|(_, evidence, _)| evidence.state.rank()),
        )
        .opt_times("sent", moves.iter().map(|(_, evidence, _)| evidence.sent))
        .opt_times(
            "delivered",
            moves
                .iter()
                .map(|(_, e, _)| e.delivered.or(e.read).or(e.played)),
        )
        .opt_times("seen", moves.iter().map(|(_, e, _)| e.read.or(e.played)))
        .opt_times(
            "played",
            moves.iter().map(|(_, evidence, _)| evidence.played),
        )
        .opt_times(
            "failed",
            moves.iter().map(|(_, evidence, _)| evidence.failed),
        )
        .opt_ints(
            "code",
            moves
                .iter()
                .map(|(_, e, _)| e.code.filter(|_| failed_now(e))),
        )
        .opt_texts(
            "reason",
            moves
                .iter()
                .map(|(_, evidence, _)| evidence.reason.as_deref()),
        )
        .opt_texts(
            "detail",
            moves
                .iter()
                .map(|(_, evidence, _)| evidence.detail.as_deref()),
        )
        .opt_texts(
            "pricing",
            moves
                .iter()
                .map(|(_, evidence, _)| evidence.pricing.as_deref()),
        )
        .ints("changed_seq", seqs);
    sql_rows(
        "UPDATE messages SET
            state = CASE WHEN messages.state < r.state AND messages.state <> 5 THEN r.state ELSE messages.state END,
            sent_at = COALESCE(messages.sent_at, r.sent), delivered_at = COALESCE(messages.delivered_at, r.delivered),
            read_at = COALESCE(messages.read_at, r.seen), played_at = COALESCE(messages.played_at, r.played),
            failed_at = COALESCE(messages.failed_at, r.failed),
            failure_code = COALESCE(messages.failure_code, r.code), failure_reason = COALESCE(messages.failure_reason, r.reason),
            failure_detail = COALESCE(messages.failure_detail, r.detail), pricing = COALESCE(r.pricing, messages.pricing),
            changed_seq = r.changed_seq
         FROM {rows} WHERE messages.workspace_id = r.workspace_id AND messages.id = r.id",
        rows,
    )
    .execute(tx)
    .await?;
    last_states(tx, &moves).await?;
    for (key, _, known) in &moves {
        // A campaign's messages are told of by progress, not one by one.
        if !known.campaign {
            let event = Event {
                kind: "message.changed",
                subject: known.id.uuid(),
                conversation: Some(known.conversation),
            };
            tx.record(key.0, event);
        }
    }
    Ok(())
}

/// Keeps the tick in the list in step where the message is the conversation's last.
async fn last_states(tx: &mut Tx, moves: &[(&Key, &Evidence, &Known)]) -> Result<()> {
    let rows = Batch::new()
        .ids("workspace_id", moves.iter().map(|(key, ..)| key.0))
        .ids("id", moves.iter().map(|(.., known)| known.conversation))
        .ids("message_id", moves.iter().map(|(.., known)| known.id))
        .ints(
            "state",
            moves.iter().map(|(_, evidence, _)| evidence.state.rank()),
        );
    let changed = sql_rows(
        "UPDATE conversations SET last_state = r.state FROM {rows}
         WHERE conversations.workspace_id = r.workspace_id AND conversations.id = r.id
           AND conversations.last_message_id = r.message_id AND conversations.last_state < r.state
         RETURNING conversations.workspace_id, conversations.id",
        rows,
    )
    .fetch_all(tx)
    .await?;
    for row in &changed {
        let (workspace, id): (WorkspaceId, ConversationId) = (row.id(0)?, row.id(1)?);
        tx.record(
            workspace,
            Event {
                kind: "conversation.changed",
                subject: id.uuid(),
                conversation: Some(id),
            },
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::Timestamp;

    #[test]
    fn callback_data_names_our_message() {
        let id = MessageId::new(Timestamp::from_seconds(5), [3; 10]);
        assert_eq!(callback_of(&format!("w1.{id}.2")), Some(id));
        assert_eq!(callback_of("w1.message_nonsense.1"), None);
        assert_eq!(callback_of("order=42"), None);
    }
}
