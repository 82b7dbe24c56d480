//! What people agreed to: the present state per contact and category, and the log of every word
//! that changed it.
//!
//! There is one way to write it, [`put`], whoever speaks. The later word stands, with two limits:
//! an import never turns a no into a yes, and what a person decided alone only that person takes
//! back.

use std::collections::HashMap;

use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ConsentId, ContactId, Timestamp, WorkspaceId};

use crate::contacts::changed;
use crate::endpoints::Happening;
use crate::{Batch, Db, Result, Row, Tx, campaigns, sql, sql_rows};

/// The source of a word that withdraws what an import said.
pub const UNDONE: &str = "import undone";

/// Something said about consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// About whom.
    pub contact: ContactId,
    /// The category.
    pub category: Category,
    /// Yes or no.
    pub state: ConsentState,
    /// How it is known: `keyword`, `whatsapp`, `meta`, `manual`, `api`, `import`, …
    pub source: String,
    /// Who wrote it down: a member, a key, `system`.
    pub actor: String,
    /// The words.
    pub text: Option<String>,
    /// When it was said.
    pub at: Timestamp,
}

/// What a word may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The person's own word: the later one stands.
    Own,
    /// The person takes back what it decided itself; nothing else.
    Resume,
    /// A member's or a program's word: the later one stands, but a person's own no stays.
    Told,
    /// A file's word: a no stays, whoever said it.
    Imported,
    /// A file's yes is withdrawn, where it still stands as the file gave it, at the same time.
    Undone,
}

/// What became of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it was written down.
    pub applied: bool,
    /// What stood before.
    pub before: ConsentState,
    /// How that was known.
    pub before_source: Option<String>,
}

impl Outcome {
    /// Whether the person was turned from something else to this state.
    pub fn turned_to(&self, state: ConsentState) -> bool {
        self.applied && self.before != state
    }
}

/// Writes words down, in their order, each in the log and as the present state.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &mut Tx, rule: Rule, words: &[Word]) -> Result<Vec<Outcome>> {
    let mut outcomes = vec![None; words.len()];
    let mut waves: Vec<Vec<usize>> = Vec::new();
    let mut seen: HashMap<(WorkspaceId, ContactId, Category), usize> = HashMap::new();
    for (at, word) in words.iter().enumerate() {
        // The second word of a person goes into the second statement, and so on.
        let wave = seen
            .entry((word.workspace, word.contact, word.category))
            .or_default();
        if waves.len() <= *wave {
            waves.push(Vec::new());
        }
        waves[*wave].push(at);
        *wave += 1;
    }
    for wave in waves {
        let said: Vec<&Word> = wave.iter().map(|at| &words[*at]).collect();
        for (at, outcome) in wave.iter().zip(one_each(tx, rule, &said).await?) {
            outcomes[*at] = Some(outcome);
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

async fn one_each(tx: &mut Tx, rule: Rule, words: &[&Word]) -> Result<Vec<Outcome>> {
    let before = standing(tx, words).await?;
    let text = match rule {
        Rule::Own => {
            "INSERT INTO consent (workspace_id, contact_id, category, state, source, text, at)
             SELECT r.workspace_id, r.contact_id, r.category, r.state, r.source, r.text, r.at FROM {rows} WHERE true
             ON CONFLICT (workspace_id, contact_id, category) DO UPDATE
             SET state = excluded.state, source = excluded.source, text = excluded.text, at = excluded.at
             WHERE consent.at < excluded.at OR (consent.at = excluded.at AND consent.state <> excluded.state)
             RETURNING contact_id, category"
        }
        Rule::Told => {
            "INSERT INTO consent (workspace_id, contact_id, category, state, source, text, at)
             SELECT r.workspace_id, r.contact_id, r.category, r.state, r.source, r.text, r.at FROM {rows} WHERE true
             ON CONFLICT (workspace_id, contact_id, category) DO UPDATE
             SET state = excluded.state, source = excluded.source, text = excluded.text, at = excluded.at
             WHERE consent.at <= excluded.at AND NOT (excluded.state <> 'denied' AND consent.state = 'denied'
                AND consent.source IN ('keyword', 'whatsapp', 'meta'))
             RETURNING contact_id, category"
        }
        Rule::Imported => {
            "INSERT INTO consent (workspace_id, contact_id, category, state, source, text, at)
             SELECT r.workspace_id, r.contact_id, r.category, r.state, r.source, r.text, r.at FROM {rows} WHERE true
             ON CONFLICT (workspace_id, contact_id, category) DO UPDATE
             SET state = excluded.state, source = excluded.source, text = excluded.text, at = excluded.at
             WHERE consent.state <> 'denied' AND consent.state <> excluded.state
             RETURNING contact_id, category"
        }
        Rule::Undone => {
            "UPDATE consent SET state = r.state, source = r.source, text = r.text FROM {rows}
             WHERE consent.workspace_id = r.workspace_id AND consent.contact_id = r.contact_id AND consent.category = r.category
               AND consent.state = 'granted' AND consent.source = 'import' AND consent.at = r.at
             RETURNING consent.contact_id, consent.category"
        }
        Rule::Resume => {
            "UPDATE consent SET state = r.state, source = r.source, text = r.text, at = r.at FROM {rows}
             WHERE consent.workspace_id = r.workspace_id AND consent.contact_id = r.contact_id AND consent.category = r.category
               AND consent.state = 'denied' AND consent.source IN ('keyword', 'whatsapp', 'meta') AND consent.at <= r.at
             RETURNING consent.contact_id, consent.category"
        }
    };
    let written = sql_rows(text, columns(words)).fetch_all(tx).await?;
    let written = written
        .iter()
        .map(|row| Ok((row.id(0)?, row.text(1)?)))
        .collect::<Result<std::collections::HashSet<(ContactId, String)>>>()?;
    let applied: Vec<&Word> = words
        .iter()
        .copied()
        .filter(|word| written.contains(&(word.contact, word.category.as_str().to_owned())))
        .collect();
    log(tx, &applied).await?;
    let denied = applied
        .iter()
        .filter(|word| word.category == Category::Marketing && word.state == ConsentState::Denied)
        .map(|word| (word.workspace, word.contact, word.at));
    campaigns::opted_out(tx, denied).await?;
    for word in &applied {
        changed(tx, word.workspace, word.contact);
        let said = serde_json::json!({
            "category": word.category.as_str(), "state": word.state.as_str(), "source": word.source,
        });
        let happening = Happening::consent(word.contact, said.to_string(), word.at);
        tx.happened(word.workspace, happening);
    }
    Ok(words
        .iter()
        .map(|word| {
            let key = (word.contact, word.category.as_str().to_owned());
            let stood = before.get(&key);
            Outcome {
                applied: written.contains(&key),
                before: stood.map_or(ConsentState::Unknown, |stood| stood.0),
                before_source: stood.map(|stood| stood.1.clone()),
            }
        })
        .collect())
}

fn columns(words: &[&Word]) -> Batch {
    Batch::new()
        .ids("workspace_id", words.iter().map(|word| word.workspace))
        .ids("contact_id", words.iter().map(|word| word.contact))
        .texts("category", words.iter().map(|word| word.category.as_str()))
        .texts("state", words.iter().map(|word| word.state.as_str()))
        .texts("source", words.iter().map(|word| word.source.as_str()))
        .opt_texts("text", words.iter().map(|word| word.text.as_deref()))
        .times("at", words.iter().map(|word| word.at))
}

type Standing = HashMap<(ContactId, String), (ConsentState, String)>;

async fn standing(tx: &mut Tx, words: &[&Word]) -> Result<Standing> {
    let rows = Batch::new()
        .ids("workspace_id", words.iter().map(|word| word.workspace))
        .ids("contact_id", words.iter().map(|word| word.contact))
        .texts("category", words.iter().map(|word| word.category.as_str()));
    let rows = sql_rows(
        "SELECT c.contact_id, c.category, c.state, c.source FROM {rows} JOIN consent c
           ON c.workspace_id = r.workspace_id AND c.contact_id = r.contact_id AND c.category = r.category",
        rows,
    )
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let state = ConsentState::parse(&row.text(2)?);
            Ok(((row.id(0)?, row.text(1)?), (state, row.text(3)?)))
        })
        .collect()
}

/// Adds to the log.
async fn log(tx: &mut Tx, words: &[&Word]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let ids: Vec<ConsentId> = words.iter().map(|_| tx.mint().id()).collect();
    let rows = columns(words)
        .ids("id", ids)
        .texts("actor", words.iter().map(|word| word.actor.as_str()));
    sql_rows(
        "INSERT INTO consent_log (workspace_id, id, contact_id, category, state, source, actor, text, at, recorded_at)
         SELECT r.workspace_id, r.id, r.contact_id, r.category, r.state, r.source, r.actor, r.text, r.at, $1 FROM {rows}",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: ConsentId,
    /// What was said.
    pub word: Word,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

/// What was said about a contact's consent, the latest first.
///
/// # Errors
/// What the database says.
pub async fn history(
    db: &Db,
    workspace: WorkspaceId,
    contact: ContactId,
    limit: u32,
) -> Result<Vec<Entry>> {
    let rows = sql(
        "SELECT id, category, state, source, actor, text, at, recorded_at FROM consent_log
         WHERE workspace_id = $1 AND contact_id = $2 ORDER BY at DESC, id DESC LIMIT $3",
    )
    .bind(workspace)
    .bind(contact)
    .bind(i64::from(limit))
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| entry(row, workspace, contact))
        .collect()
}

fn entry(row: &Row, workspace: WorkspaceId, contact: ContactId) -> Result<Entry> {
    let wrong = crate::Error::Inconsistent {
        table: "consent_log",
        column: "category",
    };
    Ok(Entry {
        id: row.id(0)?,
        word: Word {
            workspace,
            contact,
            category: Category::parse(&row.text(1)?).ok_or(wrong)?,
            state: ConsentState::parse(&row.text(2)?),
            source: row.text(3)?,
            actor: row.text(4)?,
            text: row.opt_text(5)?,
            at: row.time(6)?,
        },
        recorded_at: row.time(7)?,
    })
}

/// Begins the log with what stood before there was one; part of the migration that makes it.
pub(crate) async fn backfill(tx: &mut Tx) -> Result<()> {
    const STEP: i64 = 1_000;
    let mut after: Option<(WorkspaceId, ContactId, String)> = None;
    loop {
        let statement = match &after {
            None => sql(
                "SELECT workspace_id, contact_id, category, state, source, text, at FROM consent
                         ORDER BY workspace_id, contact_id, category LIMIT $1",
            )
            .bind(STEP),
            Some((workspace, contact, category)) => sql(
                "SELECT workspace_id, contact_id, category, state, source, text, at FROM consent
                 WHERE (workspace_id, contact_id, category) > ($2, $3, $4)
                 ORDER BY workspace_id, contact_id, category LIMIT $1",
            )
            .bind(STEP)
            .bind(*workspace)
            .bind(*contact)
            .bind(category),
        };
        let rows = statement.fetch_all(tx).await?;
        let mut words = Vec::with_capacity(rows.len());
        for row in &rows {
            after = Some((row.id(0)?, row.id(1)?, row.text(2)?));
            let Some(category) = Category::parse(&row.text(2)?) else {
                continue;
            };
            words.push(Word {
                workspace: row.id(0)?,
                contact: row.id(1)?,
                category,
                state: ConsentState::parse(&row.text(3)?),
                source: row.text(4)?,
                actor: "system".to_owned(),
                text: row.opt_text(5)?,
                at: row.time(6)?,
            });
        }
        log(tx, &words.iter().collect::<Vec<_>>()).await?;
        if i64::try_from(rows.len()).unwrap_or(0) < STEP {
            return Ok(());
        }
    }
}
