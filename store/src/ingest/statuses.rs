//! Statuses of our messages: evidence that only ever moves a message forward.

use std::collections::{BTreeMap, HashMap};

use wigwag_model::id::Id as _;
use wigwag_model::rates::Charge;
use wigwag_model::{ConversationId, MessageId, MessageState, NumberId, Timestamp, WorkspaceId};

use super::items::StatusItem;
use super::{locking, parked, seqs};
use crate::campaigns::Share;
use crate::endpoints::Happening;
use crate::{Batch, Dialect, Error, Event, Result, Row, Tx, sql_rows, sql_rows_owned};

/// Meta's code of a refusal because the person switched our marketing off.
pub(crate) const STOPPED_MARKETING: i64 = 131_050;

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
    /// What Meta charges, of the furthest state that said it: the state's rank and its JSON.
    pricing: Option<(i64, String)>,
    /// What the message was charged, by the earliest that said it, with when that was.
    charge: Option<(Timestamp, Charge)>,
    claimed: Option<MessageId>,
    items: Vec<StatusItem>,
}

/// What is kept of Meta's pricing object: with the state that it came with, so that the furthest
/// one stands in whichever order they arrive.
#[derive(serde::Serialize, serde::Deserialize)]
struct Pricing<'a> {
    rank: i64,
    #[serde(borrow)]
    pricing: &'a serde_json::value::RawValue,
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
            charge: None,
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
                if self.failed.is_none_or(|known| item.at < known) {
                    self.code = item.failure_code;
                    self.reason.clone_from(&item.failure_reason);
                    self.detail.clone_from(&item.failure_detail);
                }
                earliest(&mut self.failed);
            }
            _ => {}
        }
        if let Some(pricing) = &item.pricing {
            let stated = (item.state.rank(), pricing.clone());
            if self.pricing.as_ref().is_none_or(|known| *known < stated) {
                self.pricing = Some(stated);
            }
        }
        if let Some(charge) = item.charge
            && self.charge.is_none_or(|(at, _)| item.at < at)
        {
            self.charge = Some((item.at, charge));
        }
        self.claimed = self.claimed.or(item.message);
        self.items.push(item);
    }
}

impl Evidence {
    /// When it had been delivered at the latest: `read` may come without `delivered`.
    fn delivered(&self) -> Option<Timestamp> {
        [self.delivered, self.read, self.played]
            .into_iter()
            .flatten()
            .min()
    }

    /// When it had been read at the latest.
    fn read(&self) -> Option<Timestamp> {
        [self.read, self.played].into_iter().flatten().min()
    }

    /// The pricing to write, when it says more than what the row has.
    fn pricing_over(&self, stored: Option<&str>) -> Option<String> {
        let (rank, pricing) = self.pricing.as_ref()?;
        let known: Option<Pricing<'_>> = stored.and_then(|text| serde_json::from_str(text).ok());
        if known.is_some_and(|known| (known.rank, known.pricing.get()) >= (*rank, pricing.as_str()))
        {
            return None;
        }
        let pricing: &serde_json::value::RawValue = serde_json::from_str(pricing).ok()?;
        serde_json::to_string(&Pricing {
            rank: *rank,
            pricing,
        })
        .ok()
    }
}

/// A message that evidence was found for.
struct Known {
    id: MessageId,
    conversation: ConversationId,
    campaign: bool,
    state: Option<MessageState>,
    share: Option<Share>,
    pricing: Option<String>,
    /// Its charge, when it has none yet.
    charge: Option<Charge>,
    moved: bool,
    /// The states that were not known before, with when they were reached.
    news: [Option<(MessageState, Timestamp)>; 5],
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
    look_again(tx, &evidence, &mut known).await?;
    let unknown: Vec<_> = evidence
        .iter()
        .filter(|(key, _)| !known.contains_key(*key))
        .flat_map(|(_, evidence)| evidence.items.iter())
        .map(park_row)
        .collect::<Result<_>>()?;
    parked::park(tx, unknown).await?;
    write(tx, &evidence, &known).await
}

/// On PostgreSQL a message may have been named while its row was waited for: what named it has
/// looked among the parked before this status could be there, so it is looked for once more.
async fn look_again(
    tx: &mut Tx,
    evidence: &BTreeMap<Key, Evidence>,
    known: &mut HashMap<Key, Known>,
) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let rest: BTreeMap<Key, Evidence> = evidence
        .iter()
        .filter(|(key, evidence)| evidence.claimed.is_some() && !known.contains_key(*key))
        .map(|(key, evidence)| (key.clone(), evidence.clone()))
        .collect();
    if !rest.is_empty() {
        known.extend(by_wamid(tx, &rest).await?);
    }
    Ok(())
}

/// Applies evidence whose messages are known to exist.
pub(super) async fn apply_known(tx: &mut Tx, items: Vec<StatusItem>) -> Result<()> {
    if items.is_empty() {
        Ok(())
    } else {
        Box::pin(apply(tx, items)).await
    }
}

fn park_row(item: &StatusItem) -> Result<parked::Waiting> {
    let payload = parked::Payload::Status {
        rank: item.state.rank(),
        at: item.at.as_micros(),
        code: item.failure_code,
        reason: item.failure_reason.clone(),
        detail: item.failure_detail.clone(),
        pricing: item.pricing.clone(),
        charge: item.charge,
        free_entry_until: item.free_entry_until.map(Timestamp::as_micros),
    };
    let payload = serde_json::to_string(&payload).map_err(|error| Error::Db(Box::new(error)))?;
    Ok((
        item.workspace,
        item.number,
        item.wamid.clone(),
        item.state.as_str().to_owned(),
        payload,
    ))
}

/// Whether the evidence says anything that the row does not.
fn read(workspace: WorkspaceId, row: &Row, evidence: &Evidence) -> Result<Known> {
    let share = Share::read(workspace, row, 12)?;
    let state = row.opt_int(4)?.and_then(MessageState::from_rank);
    let news = |at: usize, stated: Option<Timestamp>| -> Result<bool> {
        let known = row.opt_time(at)?;
        Ok(stated.is_some_and(|stated| known.is_none_or(|known| stated < known)))
    };
    let first = |at: usize, state: MessageState, stated: Option<Timestamp>| -> Result<_> {
        let known = row.opt_time(at)?.is_some();
        Ok(stated.filter(|_| !known).map(|at| (state, at)))
    };
    // A failure that comes after a delivery is none.
    let failed = evidence
        .failed
        .filter(|_| state.is_some_and(|state| state < MessageState::Failed));
    let firsts = [
        first(5, MessageState::Sent, evidence.sent)?,
        first(9, MessageState::Failed, failed)?,
        first(6, MessageState::Delivered, evidence.delivered())?,
        first(7, MessageState::Read, evidence.read())?,
        first(8, MessageState::Played, evidence.played)?,
    ];
    let pricing = evidence.pricing_over(row.opt_text(10)?.as_deref());
    // A message is charged once: whatever is said later changes nothing.
    let charged = row.opt_int(11)?.is_some();
    let charge = evidence
        .charge
        .filter(|_| !charged)
        .map(|(_, charge)| charge);
    let moved = state.is_some_and(|state| state.advance(evidence.state).is_some())
        || news(5, evidence.sent)?
        || news(6, evidence.delivered())?
        || news(7, evidence.read())?
        || news(8, evidence.played)?
        || news(9, evidence.failed)?
        || pricing.is_some()
        || charge.is_some();
    Ok(Known {
        id: row.id(1)?,
        conversation: row.id(2)?,
        campaign: row.text(3)? == "campaign",
        state,
        share,
        pricing,
        charge,
        moved,
        news: firsts,
    })
}

async fn by_wamid(tx: &mut Tx, evidence: &BTreeMap<Key, Evidence>) -> Result<HashMap<Key, Known>> {
    let keys: Vec<&Key> = evidence.keys().collect();
    let rows = Batch::new()
        .ids("workspace_id", keys.iter().map(|key| key.0))
        .ids("number_id", keys.iter().map(|key| key.1))
        .texts("wamid", keys.iter().map(|key| key.2.as_str()));
    let text = "SELECT r.ord, m.id, m.conversation_id, m.source, m.state, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at, m.pricing, m.cost_micros, m.campaign_id, m.campaign_round
         FROM {rows} JOIN messages m
           ON m.workspace_id = r.workspace_id AND m.number_id = r.number_id AND m.wamid = r.wamid
         WHERE m.direction = 'out'";
    let found = sql_rows_owned(
        locking(text, tx.dialect(), "m.workspace_id, m.id", "m"),
        rows,
    )
    .fetch_all(tx)
    .await?;
    found
        .iter()
        .map(|row| {
            let key = keys[usize::try_from(row.int(0)?).unwrap_or_default()];
            Ok((key.clone(), read(key.0, row, &evidence[key])?))
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
    let text = "SELECT r.ord, m.id, m.conversation_id, m.source, m.state, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at, m.pricing, m.cost_micros, m.campaign_id, m.campaign_round
         FROM {rows} JOIN messages m ON m.workspace_id = r.workspace_id AND m.id = r.id
         WHERE m.number_id = r.number_id AND m.direction = 'out' AND m.wamid IS NULL";
    let found = sql_rows_owned(
        locking(text, tx.dialect(), "m.workspace_id, m.id", "m"),
        rows,
    )
    .fetch_all(tx)
    .await?;
    let mut proven: Vec<(&Key, MessageId)> = Vec::with_capacity(found.len());
    for row in &found {
        let key = claims[usize::try_from(row.int(0)?).unwrap_or_default()].0;
        let claim = read(key.0, row, &evidence[key])?;
        // Two wamids for one message: both tries got through. The first keeps it, the other waits
        // among the parked, where nothing of it is lost.
        if proven.iter().any(|(_, id)| *id == claim.id) {
            continue;
        }
        if claim
            .state
            .is_some_and(|state| state < MessageState::Accepted)
        {
            let at = tx.mint().now();
            tx.happened(key.0, Happening::sent(claim.id, at));
        }
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
    lock_conversations(tx, &moves).await?;
    let seqs = seqs(tx, moves.iter().map(|(key, ..)| key.0)).await?;
    let cards: Vec<Option<String>> = moves
        .iter()
        .map(|(.., known)| Some(known.charge?.card?.to_string()))
        .collect();
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
            moves.iter().map(|(_, evidence, _)| evidence.delivered()),
        )
        .opt_times("seen", moves.iter().map(|(_, evidence, _)| evidence.read()))
        .opt_times(
            "played",
            moves.iter().map(|(_, evidence, _)| evidence.played),
        )
        .opt_times(
            "failed",
            moves.iter().map(|(_, evidence, _)| evidence.failed),
        )
        .opt_ints("code", moves.iter().map(|(_, evidence, _)| evidence.code))
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
            moves.iter().map(|(.., known)| known.pricing.as_deref()),
        )
        .opt_ints(
            "cost",
            moves
                .iter()
                .map(|(.., known)| known.charge.map(|charge| charge.micros)),
        )
        .opt_texts(
            "currency",
            moves
                .iter()
                .map(|(.., known)| known.charge.as_ref().map(|charge| charge.currency.as_str())),
        )
        .opt_texts("card", cards.iter().map(Option::as_deref))
        .ints("changed_seq", seqs);
    sql_rows(
        "UPDATE messages SET
            state = CASE WHEN messages.state < r.state AND messages.state <> 5 THEN r.state ELSE messages.state END,
            sent_at = CASE WHEN r.sent < messages.sent_at THEN r.sent ELSE COALESCE(messages.sent_at, r.sent) END,
            delivered_at = CASE WHEN r.delivered < messages.delivered_at THEN r.delivered ELSE COALESCE(messages.delivered_at, r.delivered) END,
            read_at = CASE WHEN r.seen < messages.read_at THEN r.seen ELSE COALESCE(messages.read_at, r.seen) END,
            played_at = CASE WHEN r.played < messages.played_at THEN r.played ELSE COALESCE(messages.played_at, r.played) END,
            failure_code = CASE WHEN r.failed IS NOT NULL AND (messages.failed_at IS NULL OR r.failed < messages.failed_at)
                THEN r.code ELSE messages.failure_code END,
            failure_reason = CASE WHEN r.failed IS NOT NULL AND (messages.failed_at IS NULL OR r.failed < messages.failed_at)
                THEN r.reason ELSE messages.failure_reason END,
            failure_detail = CASE WHEN r.failed IS NOT NULL AND (messages.failed_at IS NULL OR r.failed < messages.failed_at)
                THEN r.detail ELSE messages.failure_detail END,
            failed_at = CASE WHEN r.failed < messages.failed_at THEN r.failed ELSE COALESCE(messages.failed_at, r.failed) END,
            pricing = COALESCE(r.pricing, messages.pricing),
            cost_currency = CASE WHEN messages.cost_micros IS NULL THEN r.currency ELSE messages.cost_currency END,
            cost_card = CASE WHEN messages.cost_micros IS NULL THEN r.card ELSE messages.cost_card END,
            cost_micros = COALESCE(messages.cost_micros, r.cost),
            changed_seq = r.changed_seq
         FROM {rows} WHERE messages.workspace_id = r.workspace_id AND messages.id = r.id",
        rows,
    )
    .execute(tx)
    .await?;
    for (_, evidence, known) in &moves {
        if let Some(state) = known.state
            && let Some(to) = state.advance(evidence.state)
        {
            tx.moves().add_some(known.share, state, to);
        }
        if let (Some(share), Some(charge)) = (known.share, known.charge) {
            tx.moves()
                .charge(share, charge.currency.as_str(), charge.micros);
        }
    }
    last_states(tx, &moves).await?;
    free_entries(tx, &moves).await?;
    let stopped: Vec<_> = moves
        .iter()
        .filter(|(_, evidence, _)| evidence.code == Some(STOPPED_MARKETING))
        .filter_map(|(key, evidence, known)| Some((key.0, known.id, evidence.failed?)))
        .collect();
    super::opt_out::refused(tx, &stopped).await?;
    for (key, _, known) in &moves {
        for (state, at) in known.news.iter().flatten() {
            tx.happened(key.0, Happening::status(known.id, *state, Some(*at)));
        }
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

/// Locks the conversations whose tick may change, before the feed's counter is taken.
async fn lock_conversations(tx: &mut Tx, moves: &[(&Key, &Evidence, &Known)]) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", moves.iter().map(|(key, ..)| key.0))
        .ids("id", moves.iter().map(|(.., known)| known.conversation))
        .ids("message_id", moves.iter().map(|(.., known)| known.id));
    sql_rows(
        "SELECT 1 FROM {rows} JOIN conversations c ON c.workspace_id = r.workspace_id AND c.id = r.id
         WHERE c.last_message_id = r.message_id ORDER BY c.workspace_id, c.id FOR UPDATE OF c",
        rows,
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Keeps until when everything is free, as Meta says it with the first answer to an ad.
async fn free_entries(tx: &mut Tx, moves: &[(&Key, &Evidence, &Known)]) -> Result<()> {
    let told: BTreeMap<(WorkspaceId, ConversationId), Timestamp> = moves
        .iter()
        .filter_map(|(key, evidence, known)| {
            let until = evidence
                .items
                .iter()
                .filter_map(|item| item.free_entry_until);
            Some(((key.0, known.conversation), until.max()?))
        })
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", told.keys().map(|key| key.0))
        .ids("id", told.keys().map(|key| key.1))
        .times("until", told.values().copied());
    sql_rows(
        "UPDATE conversations SET free_entry_closes_at = r.until FROM {rows}
         WHERE conversations.workspace_id = r.workspace_id AND conversations.id = r.id
           AND COALESCE(conversations.free_entry_closes_at, 0) < r.until",
        rows,
    )
    .execute(tx)
    .await?;
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
