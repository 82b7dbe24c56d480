//! The people of a campaign as a file for spreadsheets, read and written page by page.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use wigwag_model::{CampaignId, Timestamp, WorkspaceId};
use wigwag_store::Db;
use wigwag_store::campaigns::{self, Recipient, RecipientKey, Recipients};

use super::report::ListRecipients;
use crate::Api;
use crate::auth::Caller;
use crate::download;
use crate::problem::Problem;
use crate::request::{Id, Params};

/// People read at a time.
const PAGE: u32 = 1_000;

/// Spreadsheets read UTF-8 by this mark only.
const MARK: &str = "\u{feff}";

const HEADINGS: [&str; 16] = [
    "name",
    "phone",
    "state",
    "reason",
    "code",
    "round",
    "due_at",
    "accepted_at",
    "delivered_at",
    "read_at",
    "failed_at",
    "replied_at",
    "clicked_at",
    "converted_at",
    "opted_out_at",
    "contact_id",
];

/// A cell: quoted where it must be, and never a formula.
fn cell(text: &str, line: &mut String) {
    // A phone number is a sum of nothing: it stays as it can be read in again.
    let phone = text.strip_prefix('+').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let formula = !phone && text.starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']);
    if !formula && !text.contains([',', '"', '\n', '\r', ';']) {
        line.push_str(text);
        return;
    }
    line.push('"');
    if formula {
        line.push('\'');
    }
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    let mut line = String::new();
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        cell(&text, &mut line);
    }
    line.push_str("\r\n");
    line
}

fn line(person: Recipient) -> String {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    row([
        person.name,
        person.phone.unwrap_or_default(),
        person.state,
        person.reason.unwrap_or_default(),
        person.code.map(|code| code.to_string()).unwrap_or_default(),
        person.round.to_string(),
        person.due_at.to_string(),
        time(person.accepted_at),
        time(person.delivered_at),
        time(person.read_at),
        time(person.failed_at),
        time(person.replied_at),
        time(person.clicked_at),
        time(person.converted_at),
        time(person.opted_out_at),
        person.contact.to_string(),
    ])
}

/// Where the file is.
enum Place {
    Begin,
    After(RecipientKey),
    End,
}

struct File {
    db: Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    wish: Recipients,
    place: Place,
}

impl File {
    /// The next piece of the file.
    async fn next(&mut self) -> wigwag_store::Result<Option<Bytes>> {
        let (mut text, after) = match self.place {
            Place::Begin => (format!("{MARK}{}", row(HEADINGS.map(str::to_owned))), None),
            Place::After(key) => (String::new(), Some(key)),
            Place::End => return Ok(None),
        };
        let (people, next) = campaigns::recipients(
            &self.db,
            self.workspace,
            self.campaign,
            &self.wish,
            after,
            PAGE,
        )
        .await?;
        for person in people {
            text.push_str(&line(person));
        }
        self.place = next.map_or(Place::End, Place::After);
        Ok(Some(Bytes::from(text)))
    }
}

/// The people of a campaign as CSV.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/recipients.csv", operation_id = "exportRecipients", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign"), ListRecipients),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv")))]
pub async fn recipients(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Params(wish): Params<ListRecipients>,
) -> Result<Response, Problem> {
    let workspace = caller.scope.workspace;
    campaigns::get(&mut api.db().reader().await?, workspace, id).await?;
    let file = File {
        db: api.db().clone(),
        workspace,
        campaign: id,
        wish: wish.wish()?,
        place: Place::Begin,
    };
    let pieces = futures::stream::try_unfold(file, |mut file| async move {
        match file.next().await {
            Ok(piece) => Ok(piece.map(|piece| (piece, file))),
            Err(error) => {
                tracing::error!(%error, "a file of recipients ends early");
                Err(std::io::Error::other("the file ends early"))
            }
        }
    });
    Ok(download::csv("recipients.csv", Body::from_stream(pieces)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        let mut line = String::new();
        cell(text, &mut line);
        line
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in [
            "=1+1",
            "+1+cmd|' /C calc'!A0",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "+",
            "|calc",
        ] {
            assert!(one(text).starts_with("\"'"), "{text:?}: {}", one(text));
        }
        assert_eq!(one("+919800000001"), "+919800000001");
        assert_eq!(one("Asha \"A\" Rao, Pune"), "\"Asha \"\"A\"\" Rao, Pune\"");
        assert_eq!(one("two\nlines"), "\"two\nlines\"");
        assert_eq!(one(""), "");
    }
}
