//! The facts on which [`wigwag_model::can_send`] decides, read by one statement text, and the
//! numbers that have a lane.

use wigwag_model::can_send::{Facts, Purpose, Reach};
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ContactId, NumberId, Timestamp, WabaId, WorkspaceId};

use crate::{Db, Result, Row, sql};

/// Selects the facts from a conversation `v`, in the order of [`read`]. The arguments: what `v`
/// comes from, the number's id, the template's id, the category, further columns, and the end of
/// the statement.
macro_rules! facts_of {
    ($from:literal, $number:literal, $template:literal, $category:literal, $more:literal, $end:literal) => {
        concat!(
            "SELECT v.contact_id, n.id, n.enabled, n.status, c.blocked_at, c.phone, c.wa_id, c.user_id,
                v.window_closes_at, t.status, k.state, n.messaging_limit, w.portfolio",
            $more,
            " FROM ",
            $from,
            " JOIN contacts c ON c.workspace_id = v.workspace_id AND c.id = v.contact_id
             JOIN numbers n ON n.workspace_id = v.workspace_id AND n.id = ",
            $number,
            " JOIN wabas w ON w.workspace_id = n.workspace_id AND w.id = n.waba
             LEFT JOIN templates t ON t.workspace_id = v.workspace_id AND t.id = ",
            $template,
            " LEFT JOIN consent k ON k.workspace_id = v.workspace_id AND k.contact_id = v.contact_id AND k.category = ",
            $category,
            " ",
            $end
        )
    };
}
pub(super) use facts_of;

/// How many columns [`facts_of`] selects before what a caller adds.
pub(super) const FACTS: usize = 13;

/// The facts as read.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) contact: ContactId,
    pub(super) number: NumberId,
    enabled: bool,
    status: String,
    blocked: bool,
    pub(super) phone: Option<String>,
    pub(super) wa_id: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) window_closes_at: Option<Timestamp>,
    template_status: Option<String>,
    consent: ConsentState,
    pub(super) messaging_limit: Option<i64>,
    pub(super) portfolio: Option<wigwag_model::PortfolioId>,
}

/// Reads the first columns of a row of [`facts_of`].
pub(super) fn read(row: &Row) -> Result<Read> {
    Ok(Read {
        contact: row.id(0)?,
        number: row.id(1)?,
        enabled: row.bool(2)?,
        status: row.text(3)?,
        blocked: row.opt_int(4)?.is_some(),
        phone: row.opt_text(5)?,
        wa_id: row.opt_text(6)?,
        user_id: row.opt_text(7)?,
        window_closes_at: row.opt_time(8)?,
        template_status: row.opt_text(9)?,
        consent: row
            .opt_text(10)?
            .map_or(ConsentState::Unknown, |text| ConsentState::parse(&text)),
        messaging_limit: row.opt_int(11)?,
        portfolio: row.opt_id(12)?,
    })
}

impl Read {
    /// The purpose of a template message.
    pub(super) fn template(&self, category: Option<Category>) -> Purpose<'_> {
        Purpose::Template {
            status: self.template_status.as_deref(),
            consent: self.consent,
            authentication: category == Some(Category::Authentication),
        }
    }

    /// The facts at an instant.
    pub(super) fn at<'a>(&'a self, now: Timestamp, purpose: Purpose<'a>) -> Facts<'a> {
        Facts {
            now,
            number_enabled: self.enabled,
            number_status: &self.status,
            blocked: self.blocked,
            reach: if self.phone.is_some() || self.wa_id.is_some() {
                Reach::Phone
            } else if self.user_id.is_some() {
                Reach::UserId
            } else {
                Reach::Nowhere
            },
            window_closes_at: self.window_closes_at,
            purpose,
        }
    }
}

/// A number that has a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The number.
    pub number: NumberId,
    /// The WABA, whose token is used.
    pub waba: WabaId,
    /// Meta's id of the number.
    pub phone_number_id: String,
    /// Messages per second that Meta takes.
    pub throughput: i64,
}

/// Every number of all workspaces: one that is switched off has a lane too, which ends what waits for it.
///
/// # Errors
/// What the database says.
pub async fn senders(db: &Db) -> Result<Vec<Sender>> {
    let rows =
        sql("SELECT workspace_id, id, waba, phone_number_id, throughput FROM numbers ORDER BY id")
            .fetch_all(&mut db.reader().await?)
            .await?;
    rows.iter()
        .map(|row| {
            Ok(Sender {
                workspace: row.id(0)?,
                number: row.id(1)?,
                waba: row.id(2)?,
                phone_number_id: row.text(3)?,
                throughput: row.int(4)?,
            })
        })
        .collect()
}
