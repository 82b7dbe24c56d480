//! Dead letters: what could not be read, routed or applied, with the reason.

use wigwag_model::WorkspaceId;
use wigwag_store::dead_letters::NewDeadLetter;
use wigwag_store::journal::Stored;

use super::PARTITION;
use super::pieces::Piece;

/// Why an item was put aside; stable keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// A number or account that this installation, or this app, does not own.
    UnknownRoute,
    /// The item cannot be read.
    Unreadable,
    /// The body is no webhook that we know.
    UnknownShape,
    /// Readable, but nothing that Wigwag can show yet.
    Unsupported,
    /// The database refused it.
    Failed,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::UnknownRoute => "unknown_route",
            Self::Unreadable => "unreadable",
            Self::UnknownShape => "unknown_shape",
            Self::Unsupported => "unsupported",
            Self::Failed => "failed",
        }
    }
}

/// A letter about one piece of a body. `detail` is for an operator and names no person.
pub(super) fn of_piece(
    stored: &Stored,
    piece: &Piece<'_, '_>,
    workspace: Option<WorkspaceId>,
    reason: Reason,
    detail: impl Into<String>,
) -> NewDeadLetter {
    let letter = letter(stored, workspace, reason, detail.into());
    NewDeadLetter {
        index: piece.index,
        item: piece.body(),
        ..letter
    }
}

/// A letter about a body as a whole.
pub(super) fn of_body(stored: &Stored, reason: Reason, detail: impl Into<String>) -> NewDeadLetter {
    letter(stored, None, reason, detail.into())
}

fn letter(
    stored: &Stored,
    workspace: Option<WorkspaceId>,
    reason: Reason,
    detail: String,
) -> NewDeadLetter {
    NewDeadLetter {
        workspace,
        app: stored.app.clone(),
        partition: PARTITION,
        seq: stored.seq,
        index: -1,
        reason: reason.as_str(),
        detail,
        item: stored.body.clone(),
        received_at: stored.received_at,
    }
}

/// Counts and logs letters that were kept.
pub(super) fn note(letters: &[NewDeadLetter]) {
    for letter in letters {
        metrics::counter!("wigwag_dead_letters_total", "reason" => letter.reason).increment(1);
        tracing::warn!(
            app = letter.app,
            seq = letter.seq,
            index = letter.index,
            reason = letter.reason,
            detail = letter.detail,
            "an item of a webhook was put aside as a dead letter"
        );
    }
}
