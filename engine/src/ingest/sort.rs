//! From the pieces of a body to items: each finds its workspace and becomes what the store applies,
//! or a dead letter.

use std::time::Duration;

use wigwag_meta::webhook::{Content, Envelope, Item, Message, MessagesValue, parse};
use wigwag_model::content::Kind;
use wigwag_model::id::Id as _;
use wigwag_model::{NumberId, Timestamp, WorkspaceId};
use wigwag_store::ingest::{Inbound, Items, Mark, MarkKind, Preference};
use wigwag_store::journal::Stored;
use wigwag_store::routes::{Resolved, RouteKind};

use super::letters::{self, Reason};
use super::pieces::{Piece, What, contact, pieces};
use super::routes::{Known, Owner};
use super::{accounts, classify, content, notices, opt_out, people, statuses};

/// How far ahead of its arrival Meta's second may be before it is not believed.
const AHEAD: Duration = Duration::from_hours(24);

/// A body of the journal, read.
pub(super) struct Body<'b> {
    /// The entry that it came from.
    pub(super) stored: &'b Stored,
    envelope: Result<Envelope<'b>, String>,
}

impl<'b> Body<'b> {
    /// Reads a body; one that cannot be read is kept as such.
    pub(super) fn read(stored: &'b Stored) -> Self {
        Self {
            envelope: parse(&stored.body).map_err(|error| error.to_string()),
            stored,
        }
    }

    /// Its pieces; none when it could not be read.
    pub(super) fn pieces(&self) -> Vec<Piece<'_, 'b>> {
        self.envelope.as_ref().map(pieces).unwrap_or_default()
    }

    /// The pieces of a lane.
    pub(super) fn of_lane(&self, lane: i64) -> Vec<Piece<'_, 'b>> {
        let mut pieces = self.pieces();
        pieces.retain(|piece| piece.lane(self.stored.class) == lane);
        pieces
    }

    /// Puts everything that the lane has to do into `items`.
    pub(super) fn sort(&self, lane: i64, known: &Known, items: &mut Items) {
        let pieces = self.pieces();
        if pieces.is_empty() && classify::keeper(self.stored.class) == lane {
            let why = match &self.envelope {
                Err(error) => without_values(error),
                Ok(_) => "the body holds no changes".to_owned(),
            };
            items
                .dead
                .push(letters::of_body(self.stored, Reason::UnknownShape, why));
        }
        for piece in &pieces {
            if piece.lane(self.stored.class) == lane {
                sort(self.stored, piece, known, items);
            }
        }
    }
}

/// Puts one piece into `items`.
pub(super) fn sort(stored: &Stored, piece: &Piece<'_, '_>, known: &Known, items: &mut Items) {
    let keys = piece.routes();
    let owner = known.owner(&stored.app, keys.iter().copied());
    let workspace = match &owner {
        Owner::Known(_, resolved) => Some(resolved.route.workspace),
        Owner::OtherApp | Owner::Nobody => None,
    };
    let mut dead = |reason, detail: String| {
        items
            .dead
            .push(letters::of_piece(stored, piece, workspace, reason, detail));
    };
    if let Some(error) = piece.unreadable() {
        return dead(Reason::Unreadable, without_values(error));
    }
    if let What::Hollow(change) = piece.what {
        let field = change.field().to_owned();
        return dead(
            Reason::UnknownShape,
            format!("the change of the field {field} holds nothing"),
        );
    }
    let (kind, resolved) = match owner {
        Owner::Known(kind, resolved) => (kind, resolved),
        Owner::OtherApp => {
            return dead(
                Reason::UnknownRoute,
                format!(
                    "{} belongs to another app than {}",
                    named(&keys),
                    stored.app
                ),
            );
        }
        Owner::Nobody => {
            return dead(
                Reason::UnknownRoute,
                format!("{} belongs to no workspace here", named(&keys)),
            );
        }
    };
    let sorter = Sorter {
        stored,
        index: piece.index,
        time: piece.entry.and_then(|entry| entry.time).map(|time| time.0),
        kind,
        owner: &resolved,
    };
    if let Err((reason, detail)) = sorter.take(&piece.what, items) {
        let letter = letters::of_piece(stored, piece, workspace, reason, detail);
        items.dead.push(letter);
    }
}

/// What a route key is, for an operator; ids of numbers and accounts are no personal data.
fn named(keys: &[(RouteKind, &str)]) -> String {
    match keys.first() {
        Some((RouteKind::PhoneNumber, id)) => format!("the number {id}"),
        Some((RouteKind::Waba | RouteKind::Portfolio, id)) => format!("the account {id}"),
        None => "an item without a number or account".to_owned(),
    }
}

/// The parser's words without the value that it found: that may be what a person wrote.
pub(super) fn without_values(error: &str) -> String {
    match error.find(", expected ") {
        Some(at) => format!("a value is not as it should be{}", &error[at..]),
        None => error.to_owned(),
    }
}

struct Sorter<'s> {
    stored: &'s Stored,
    index: i64,
    /// When what its entry tells happened, where Meta says so.
    time: Option<i64>,
    /// What the route is for.
    kind: RouteKind,
    owner: &'s Resolved,
}

type Refusal = (Reason, String);

impl Sorter<'_> {
    fn workspace(&self) -> WorkspaceId {
        self.owner.route.workspace
    }

    fn number(&self) -> NumberId {
        NumberId::from_uuid(self.owner.route.subject)
    }

    fn take(&self, what: &What<'_, '_>, items: &mut Items) -> Result<(), Refusal> {
        if self.kind == RouteKind::PhoneNumber {
            let seen = (self.workspace(), self.number(), self.stored.received_at);
            items.seen.push(seen);
        }
        match what {
            What::Message(value, Item::Parsed(message)) => self.message(value, message, items)?,
            What::Status(_, Item::Parsed(status)) => {
                let at = self.at(status.timestamp.0);
                match statuses::evidence(
                    self.workspace(),
                    self.number(),
                    &self.owner.billing,
                    status,
                    at,
                ) {
                    Some(evidence) => items.statuses.push(evidence),
                    None => ignored("status"),
                }
            }
            What::Error(_, Item::Parsed(error)) => {
                // Meta lost or dropped something before it was a message; nothing can be applied.
                tracing::warn!(
                    app = self.stored.app,
                    number = %self.number(),
                    code = error.code,
                    title = error.title.as_deref(),
                    "WhatsApp reports an error that belongs to no message"
                );
                metrics::counter!("wigwag_meta_errors_total", "code" => error.code.to_string())
                    .increment(1);
            }
            What::Preference(_, Item::Parsed(preference)) => {
                let person = people::chooser(preference, &self.owner.portfolio);
                if !people::is_known(&person) {
                    return Err((Reason::Unreadable, "the preference names nobody".to_owned()));
                }
                let state = match preference.value.to_ascii_lowercase().as_str() {
                    "stop" => "denied",
                    "resume" => "granted",
                    _ => {
                        return Err((
                            Reason::Unsupported,
                            "the preference is neither stop nor resume".to_owned(),
                        ));
                    }
                };
                items.preferences.push(Preference {
                    workspace: self.workspace(),
                    person,
                    category: category(&preference.category),
                    state,
                    at: self.at(preference.timestamp.0),
                });
            }
            What::UserId(_, Item::Parsed(update)) => {
                let change = people::new_user_id(self.workspace(), update, &self.owner.portfolio);
                match change {
                    Some(change) => items.user_ids.push(change),
                    None => {
                        return Err((Reason::Unreadable, "the change names no ids".to_owned()));
                    }
                }
            }
            What::Change(change) => {
                let mut changes = accounts::changes(change, self.kind, self.owner);
                let at = self.at(self.time.unwrap_or_default());
                changes.extend(notices::notice(change, self.owner, self.time, at));
                if changes.is_empty() {
                    ignored(change.field());
                }
                items.accounts.extend(changes);
            }
            // Told before this was called: unreadable or hollow.
            _ => {}
        }
        Ok(())
    }

    fn message(
        &self,
        value: &MessagesValue<'_>,
        message: &Message<'_>,
        items: &mut Items,
    ) -> Result<(), Refusal> {
        if message.group_id.is_some() {
            return Err((
                Reason::Unsupported,
                "messages of groups are not shown yet".to_owned(),
            ));
        }
        let at = self.at(message.timestamp.0);
        let (wamid, kind) = match message.content() {
            Content::Reaction(reaction) => {
                let emoji = reaction.emoji.as_deref().filter(|emoji| !emoji.is_empty());
                let emoji = emoji.map(str::to_owned);
                (&reaction.message_id, MarkKind::Reaction { emoji })
            }
            Content::Edit(edit) => {
                let (content, preview) = content::edited(edit.message.as_ref());
                (
                    &edit.original_message_id,
                    MarkKind::Edit { content, preview },
                )
            }
            Content::Revoke(revoke) => (&revoke.original_message_id, MarkKind::Revoke),
            _ => return self.inbound(value, message, at, items),
        };
        if wamid.is_empty() {
            return Err((
                Reason::Unreadable,
                "it does not say which message it is about".to_owned(),
            ));
        }
        items.marks.push(Mark {
            workspace: self.workspace(),
            number: self.number(),
            wamid: wamid.as_str().to_owned(),
            at,
            kind,
        });
        Ok(())
    }

    fn inbound(
        &self,
        value: &MessagesValue<'_>,
        message: &Message<'_>,
        at: Timestamp,
        items: &mut Items,
    ) -> Result<(), Refusal> {
        let portfolio = &self.owner.portfolio;
        let person = match &message.system {
            Some(system) if message.kind == "system" => people::before(message, system, portfolio),
            _ => people::sender(message, contact(value, message), portfolio),
        };
        if !people::is_known(&person) {
            return Err((Reason::Unreadable, "the message names no sender".to_owned()));
        }
        let said = content::said(message);
        if said.kind == Kind::System
            && let Some(system) = &message.system
        {
            let moved = people::moved(self.workspace(), message, system, portfolio);
            items.user_ids.extend(moved);
        }
        items.messages.push(Inbound {
            workspace: self.workspace(),
            number: self.number(),
            person,
            wamid: message.id.as_str().to_owned(),
            kind: said.kind,
            content: said.content,
            preview: said.preview,
            media: said.media,
            reply_to: message
                .context
                .as_ref()
                .and_then(|context| context.id.as_deref())
                .filter(|wamid| !wamid.is_empty())
                .map(str::to_owned),
            referral: message
                .referral
                .as_ref()
                .and_then(|referral| serde_json::to_string(referral).ok()),
            opt: opt_out::word(message),
            at,
            seq: self.stored.seq,
            idx: self.index,
        });
        Ok(())
    }

    /// Meta's second, unless it is absurd: a thread must not end in the next century.
    fn at(&self, seconds: i64) -> Timestamp {
        let at = Timestamp::from_seconds(seconds);
        let arrived = self.stored.received_at;
        if seconds <= 0 || at > arrived.plus(AHEAD) {
            arrived
        } else {
            at
        }
    }
}

/// Our category for Meta's word: `marketing_messages` is `marketing`.
fn category(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    word.strip_suffix("_messages").unwrap_or(&word).to_owned()
}

/// Counts what is known and changes nothing here.
fn ignored(what: &str) {
    metrics::counter!("wigwag_ingest_ignored_total", "what" => what.to_owned()).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_do_not_repeat_what_people_wrote() {
        let error = serde_json::from_str::<u64>("\"my secret\"").unwrap_err();
        let told = without_values(&error.to_string());
        assert!(!told.contains("secret"), "{told}");
        assert!(told.contains("expected u64"), "{told}");
    }

    #[test]
    fn metas_categories_are_ours() {
        assert_eq!(category("marketing_messages"), "marketing");
        assert_eq!(category("UTILITY"), "utility");
    }
}
