//! Short links: written with the messages that carry them, looked up when somebody follows one,
//! counted in batches.

use std::collections::BTreeMap;

use wigwag_model::{CampaignId, ContactId, MessageId, NumberId, Timestamp, WorkspaceId};

use super::counts::{Flag, Share};
use super::flags::flag;
use crate::endpoints::{Followed, Happening};
use crate::{Batch, Db, Priority, Result, Tx, sql, sql_rows};

/// A link to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// What stands in the address; nobody may be able to guess it.
    pub slug: String,
    /// The variable of its button: `button.0.url`.
    pub variable: String,
    /// Where it leads.
    pub destination: String,
}

/// Whose link it is.
pub(super) struct Owner<'l> {
    pub(super) contact: ContactId,
    pub(super) round: i64,
    pub(super) message: Option<MessageId>,
    pub(super) links: &'l [NewLink],
}

/// Writes the links of a campaign's messages.
pub(super) async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    owners: &[Owner<'_>],
) -> Result<()> {
    let all: Vec<(&Owner<'_>, &NewLink)> = owners
        .iter()
        .flat_map(|owner| owner.links.iter().map(move |link| (owner, link)))
        .collect();
    if all.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .texts("slug", all.iter().map(|(_, link)| link.slug.as_str()))
        .ints("round", all.iter().map(|(owner, _)| owner.round))
        .ids("contact_id", all.iter().map(|(owner, _)| owner.contact))
        .opt_ids("message_id", all.iter().map(|(owner, _)| owner.message))
        .texts(
            "variable",
            all.iter().map(|(_, link)| link.variable.as_str()),
        )
        .texts(
            "destination",
            all.iter().map(|(_, link)| link.destination.as_str()),
        );
    sql_rows(
        "INSERT INTO links (workspace_id, slug, campaign_id, round, contact_id, message_id, variable, destination, clicks, created_at)
         SELECT $1, r.slug, $2, r.round, r.contact_id, r.message_id, r.variable, r.destination, 0, $3 FROM {rows} WHERE true",
        rows,
    )
    .bind(workspace)
    .bind(campaign)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes the links of a test message, which count in no report.
///
/// # Errors
/// What the database says.
pub async fn try_links(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    contact: ContactId,
    links: Vec<NewLink>,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let owner = Owner {
                contact,
                round: 0,
                message: None,
                links: &links,
            };
            write(tx, workspace, campaign, &[owner]).await
        })
    })
    .await
}

/// Where a link leads; `None` when there is no such link. The slug alone finds it: whoever has it
/// was given it.
///
/// # Errors
/// What the database says.
pub async fn destination(db: &Db, slug: &str) -> Result<Option<String>> {
    sql("SELECT destination FROM links WHERE slug = $1")
        .bind(slug)
        .fetch_optional(&mut db.reader().await?)
        .await?
        .map(|row| row.text(0))
        .transpose()
}

/// How often a link was followed, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taps {
    /// How often.
    pub count: i64,
    /// First.
    pub first: Timestamp,
    /// Last.
    pub last: Timestamp,
}

/// Counts how often links were followed, all in one transaction; a person's first time is dated in
/// the recipient's row. Links that are gone meanwhile are left out.
///
/// # Errors
/// What the database says; then nothing was counted.
pub async fn count_taps(db: &Db, taps: BTreeMap<String, Taps>) -> Result<()> {
    if taps.is_empty() {
        return Ok(());
    }
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let rows = Batch::new()
                .texts("slug", taps.keys().map(String::as_str))
                .ints("n", taps.values().map(|taps| taps.count))
                .times("first", taps.values().map(|taps| taps.first))
                .times("last", taps.values().map(|taps| taps.last));
            let counted = sql_rows(
                "UPDATE links SET clicks = links.clicks + r.n,
                    first_clicked_at = COALESCE(links.first_clicked_at, r.first), last_clicked_at = r.last
                 FROM {rows} WHERE links.slug = r.slug
                 RETURNING links.workspace_id, links.campaign_id, links.round, links.contact_id, links.slug,
                    links.message_id, links.variable, links.destination",
                rows,
            )
            .fetch_all(tx)
            .await?;
            let mut people: BTreeMap<(Share, ContactId), Timestamp> = BTreeMap::new();
            for row in &counted {
                let share = Share {
                    workspace: row.id(0)?,
                    campaign: row.id(1)?,
                    round: row.int(2)?,
                };
                let Some(taps) = taps.get(&row.text(4)?) else {
                    continue;
                };
                if share.round == 0 {
                    continue;
                }
                tx.moves().taps(share, taps.count);
                if let Some(message) = row.opt_id(5)? {
                    let followed = Followed {
                        variable: row.text(6)?,
                        url: row.text(7)?,
                        count: taps.count,
                    };
                    let happening = Happening::followed(message, &followed, taps.last);
                    tx.happened(share.workspace, happening);
                }
                let first = people.entry((share, row.id(3)?)).or_insert(taps.first);
                *first = taps.first.min(*first);
            }
            clicked(tx, people).await
        })
    })
    .await
}

async fn clicked(tx: &mut Tx, people: BTreeMap<(Share, ContactId), Timestamp>) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids(
            "workspace_id",
            people.keys().map(|(share, _)| share.workspace),
        )
        .ids(
            "campaign_id",
            people.keys().map(|(share, _)| share.campaign),
        )
        .ints("round", people.keys().map(|(share, _)| share.round))
        .ids("contact_id", people.keys().map(|(_, contact)| *contact))
        .times("at", people.values().copied());
    let dated = sql_rows(
        "UPDATE campaign_recipients SET clicked_at = r.at FROM {rows}
         WHERE campaign_recipients.workspace_id = r.workspace_id AND campaign_recipients.campaign_id = r.campaign_id
           AND campaign_recipients.round = r.round AND campaign_recipients.contact_id = r.contact_id
           AND campaign_recipients.clicked_at IS NULL
         RETURNING campaign_recipients.workspace_id, campaign_recipients.campaign_id, campaign_recipients.round",
        rows,
    )
    .fetch_all(tx)
    .await?;
    flag(tx, &dated, Flag::Clicked)
}

/// Dates the taps on quick replies of campaigns' messages: a tap names the message by its wamid.
/// Called in the transaction that writes what came in.
pub(crate) async fn tapped(
    tx: &mut Tx,
    taps: impl Iterator<Item = (WorkspaceId, NumberId, String, Timestamp)>,
) -> Result<()> {
    let mut first: BTreeMap<(WorkspaceId, NumberId, String), Timestamp> = BTreeMap::new();
    for (workspace, number, wamid, at) in taps {
        let known = first.entry((workspace, number, wamid)).or_insert(at);
        *known = at.min(*known);
    }
    if first.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", first.keys().map(|key| key.0))
        .ids("number_id", first.keys().map(|key| key.1))
        .texts("wamid", first.keys().map(|key| key.2.as_str()))
        .times("at", first.values().copied());
    let dated = sql_rows(
        "UPDATE campaign_recipients SET clicked_at = r.at
         FROM {rows} JOIN messages m ON m.workspace_id = r.workspace_id AND m.number_id = r.number_id AND m.wamid = r.wamid
         WHERE campaign_recipients.workspace_id = m.workspace_id AND campaign_recipients.campaign_id = m.campaign_id
           AND campaign_recipients.round = m.campaign_round AND campaign_recipients.contact_id = m.contact_id
           AND campaign_recipients.message_id = m.id AND campaign_recipients.clicked_at IS NULL
         RETURNING campaign_recipients.workspace_id, campaign_recipients.campaign_id, campaign_recipients.round",
        rows,
    )
    .fetch_all(tx)
    .await?;
    flag(tx, &dated, Flag::Clicked)
}

/// What became of one link, for whoever looks closer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What stands in the address.
    pub slug: String,
    /// Whose it is.
    pub contact: ContactId,
    /// The round; 0 for a test.
    pub round: i64,
    /// The variable of its button.
    pub variable: String,
    /// Where it leads.
    pub destination: String,
    /// How often it was followed.
    pub clicks: i64,
    /// When first.
    pub first_clicked_at: Option<Timestamp>,
    /// When last.
    pub last_clicked_at: Option<Timestamp>,
}

/// The links of a campaign to one person.
///
/// # Errors
/// What the database says.
pub async fn links_of(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    contact: ContactId,
) -> Result<Vec<Link>> {
    let rows = sql(
        "SELECT slug, contact_id, round, variable, destination, clicks, first_clicked_at, last_clicked_at FROM links
         WHERE workspace_id = $1 AND campaign_id = $2 AND contact_id = $3 ORDER BY round, variable, slug",
    )
    .bind(workspace)
    .bind(campaign)
    .bind(contact)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Link {
                slug: row.text(0)?,
                contact: row.id(1)?,
                round: row.int(2)?,
                variable: row.text(3)?,
                destination: row.text(4)?,
                clicks: row.int(5)?,
                first_clicked_at: row.opt_time(6)?,
                last_clicked_at: row.opt_time(7)?,
            })
        })
        .collect()
}
