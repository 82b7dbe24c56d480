//! The items of a batch, in our words.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wigwag_model::opt_out::Act;
use wigwag_model::rates::Charge;
use wigwag_model::{
    Kind, MessageId, MessageState, NumberId, PortfolioId, Timestamp, WabaId, WorkspaceId, endpoint,
};

use crate::dead_letters::NewDeadLetter;

/// Which stretch of the journal a batch covers.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The partition.
    pub partition: i64,
    /// The lane's bit.
    pub lane: i64,
    /// Where the cursor stands.
    pub from: i64,
    /// Where it goes.
    pub to: i64,
}

/// Everything that a batch holds.
#[derive(Debug, Default, Clone)]
pub struct Items {
    /// Messages of people.
    pub messages: Vec<Inbound>,
    /// Reactions, edits and revocations of messages.
    pub marks: Vec<Mark>,
    /// Stops and resumptions of marketing.
    pub preferences: Vec<Preference>,
    /// People whose WhatsApp id or business-scoped id changed.
    pub user_ids: Vec<UserIdChange>,
    /// Statuses of our messages.
    pub statuses: Vec<StatusItem>,
    /// Changes of templates and numbers.
    pub accounts: Vec<AccountChange>,
    /// What could not be read or routed.
    pub dead: Vec<NewDeadLetter>,
    /// Numbers that something arrived for, with the arrival.
    pub seen: Vec<(WorkspaceId, NumberId, Timestamp)>,
}

impl Items {
    /// How many items there are, apart from notes of arrival.
    pub fn len(&self) -> usize {
        self.messages.len()
            + self.marks.len()
            + self.preferences.len()
            + self.user_ids.len()
            + self.statuses.len()
            + self.accounts.len()
            + self.dead.len()
    }

    /// The workspace of the first item that has one.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.messages
            .first()
            .map(|item| item.workspace)
            .or_else(|| self.marks.first().map(|item| item.workspace))
            .or_else(|| self.preferences.first().map(|item| item.workspace))
            .or_else(|| self.user_ids.first().map(|item| item.workspace))
            .or_else(|| self.statuses.first().map(|item| item.workspace))
            .or_else(|| self.seen.first().map(|(workspace, ..)| *workspace))
    }

    /// Whether there is nothing to apply.
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.seen.is_empty()
    }
}

/// The identities and names by which a webhook states a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Person {
    /// The WhatsApp id as Meta wrote it; absent for people known only by BSUID.
    pub wa_id: Option<String>,
    /// The canonical phone in E.164, made from the WhatsApp id.
    pub phone: Option<String>,
    /// The business-scoped user id.
    pub user_id: Option<String>,
    /// Meta's id of the portfolio that the user id is scoped to.
    pub portfolio: String,
    /// The name in the person's profile.
    pub profile_name: Option<String>,
    /// The person's username.
    pub username: Option<String>,
}

/// A file that came with a message, to be fetched by a job.
#[derive(Debug, Clone)]
pub struct NewMedia {
    /// Meta's media id.
    pub meta_media_id: String,
    /// `image`, `video`, `audio`, `document`, `sticker`.
    pub kind: Kind,
    /// The type that Meta states.
    pub mime_type: String,
    /// The document's name.
    pub filename: Option<String>,
    /// The digest that Meta states.
    pub sha256: Option<Vec<u8>>,
}

/// A whole message that stops or resumes marketing.
#[derive(Debug, Clone)]
pub struct OptWord {
    /// What it asks for.
    pub act: Act,
    /// The message as it was written.
    pub text: String,
    /// The usual answer when it changes something; the workspace may have another, or none.
    pub usual: &'static str,
    /// Makes a message of words; `None` where they cannot be one.
    pub compose: fn(&str) -> Option<Answer>,
}

/// A message of ours that waits in a transaction of what causes it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its content as the API gives it out, JSON.
    pub content: String,
    /// One line of it for the list.
    pub preview: String,
    /// The request to Meta as JSON, without recipient and callback data.
    pub body: String,
}

/// A message of a person.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The number written to.
    pub number: NumberId,
    /// Who wrote.
    pub person: Person,
    /// Meta's id of the message.
    pub wamid: String,
    /// Its kind.
    pub kind: Kind,
    /// Its content as the API gives it out, JSON.
    pub content: String,
    /// The line that stands for it in lists.
    pub preview: String,
    /// Its file.
    pub media: Option<NewMedia>,
    /// The wamid of the message it replies to.
    pub reply_to: Option<String>,
    /// The ad or post that it came from, JSON.
    pub referral: Option<String>,
    /// What it says about marketing, when that is all it says.
    pub opt: Option<OptWord>,
    /// Meta's second.
    pub at: Timestamp,
    /// The journal's number.
    pub seq: i64,
    /// The place in the body.
    pub idx: i64,
}

/// What a mark does to its message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum MarkKind {
    /// A reaction by the person; without emoji it is taken back.
    Reaction {
        /// The emoji.
        emoji: Option<String>,
    },
    /// New words.
    Edit {
        /// The content with the new words, JSON; `None` when Meta did not say them.
        content: Option<String>,
        /// The new preview.
        preview: String,
    },
    /// Deleted by the person.
    Revoke,
}

/// A mark on an earlier message.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The number.
    pub number: NumberId,
    /// The message it is on.
    pub wamid: String,
    /// When.
    pub at: Timestamp,
    /// What it does.
    pub kind: MarkKind,
}

/// A stop or a resumption of marketing by a person.
#[derive(Debug, Clone)]
pub struct Preference {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// Who.
    pub person: Person,
    /// `marketing`, `utility`, …
    pub category: String,
    /// `granted` or `denied`.
    pub state: &'static str,
    /// When.
    pub at: Timestamp,
}

/// A changed identity of a person.
#[derive(Debug, Clone)]
pub struct UserIdChange {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The person as known before.
    pub before: Person,
    /// The person's identities now.
    pub now: Person,
}

/// A status of one of our messages.
#[derive(Debug, Clone)]
pub struct StatusItem {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The number it was sent from.
    pub number: NumberId,
    /// Meta's id of the message.
    pub wamid: String,
    /// The state that it proves.
    pub state: MessageState,
    /// Meta's second.
    pub at: Timestamp,
    /// Our message, when the status echoes our callback data.
    pub message: Option<MessageId>,
    /// Meta's error code of a failure.
    pub failure_code: Option<i64>,
    /// The failure's stable key.
    pub failure_reason: Option<String>,
    /// Meta's details.
    pub failure_detail: Option<String>,
    /// Meta's pricing object, JSON.
    pub pricing: Option<String>,
    /// What the message was charged, where the status proves a delivery and states the price.
    pub charge: Option<Charge>,
    /// Until when everything to this person is free, because of an ad (Meta: free entry point).
    pub free_entry_until: Option<Timestamp>,
}

/// What a webhook tells of a template; what it does not tell stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateNews {
    /// New status, lower case.
    pub status: Option<String>,
    /// Why it was rejected: a code of Meta's.
    pub rejected_reason: Option<String>,
    /// Why it was rejected, in Meta's words.
    pub rejection_words: Option<String>,
    /// What to change, in Meta's words.
    pub rejection_advice: Option<String>,
    /// Why it was paused or disabled: `FIRST_PAUSE`, ….
    pub pause_reason: Option<String>,
    /// Why it was paused or disabled, in Meta's words.
    pub pause_words: Option<String>,
    /// New quality, lower case.
    pub quality: Option<String>,
    /// New category, lower case.
    pub category: Option<String>,
    /// The category before, lower case.
    pub previous_category: Option<String>,
    /// The category that it will get, lower case.
    pub announced_category: Option<String>,
}

/// A change of a template or a number.
#[derive(Debug, Clone)]
pub enum AccountChange {
    /// Of a template.
    Template {
        /// The tenant.
        workspace: WorkspaceId,
        /// The WABA.
        waba: WabaId,
        /// Meta's id of the template.
        meta_template_id: String,
        /// What is new.
        news: TemplateNews,
    },
    /// Of templates in ways that Meta only hints at: they are to be read again.
    Templates {
        /// The tenant.
        workspace: WorkspaceId,
        /// The WABA.
        waba: WabaId,
    },
    /// Of a number, named by its displayed phone number.
    Number {
        /// The tenant.
        workspace: WorkspaceId,
        /// The WABA.
        waba: WabaId,
        /// Digits of the displayed number.
        digits: String,
        /// New verified name.
        verified_name: Option<String>,
        /// New throughput in messages per second.
        throughput: Option<i64>,
        /// New messaging limit, people per 24 hours.
        messaging_limit: Option<i64>,
    },
    /// Of the portfolio's messaging limit.
    Limit {
        /// The tenant.
        workspace: WorkspaceId,
        /// The portfolio or WABA's portfolio.
        portfolio: Option<PortfolioId>,
        /// The WABA that told.
        waba: WabaId,
        /// People per 24 hours; `None` is unlimited.
        people: Option<i64>,
    },
    /// Whatever else it changes, this is what endpoints are told of it.
    Notice(Notice),
}

/// Something that Meta tells of an account, a portfolio or a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The account's row, or the portfolio's.
    pub subject: Uuid,
    /// What it is told as.
    pub kind: endpoint::Kind,
    /// Meta's name of the webhook's field.
    pub field: String,
    /// Meta's value of it.
    pub value: serde_json::Value,
    /// When it happened.
    pub at: Timestamp,
    /// By what the same words are told apart from those of another time: Meta's second.
    pub sent: i64,
}
