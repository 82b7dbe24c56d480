//! What somebody wishes to send, before anything is checked.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_model::content::Location;
use wigwag_model::{CampaignId, MediaId, MessageId, TemplateId};

use crate::media;

/// A wish to send.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it says.
    pub what: What,
    /// The message of the same thread that it answers.
    pub reply_to: Option<MessageId>,
    /// What the client calls it.
    pub client_ref: Option<String>,
    /// What the client gets back with all that is told of it; at most 512 characters.
    pub callback_data: Option<String>,
    /// The API campaign that counts it.
    pub campaign: Option<CampaignId>,
}

/// A file that Meta fetches from its address when the message leaves (Meta: Media messages, `link`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// An https address.
    pub url: String,
    /// A document's name.
    pub filename: Option<String>,
}

/// What a draft says.
#[derive(Debug, Clone)]
pub enum What {
    /// Words.
    Text {
        /// At most 4,096 characters.
        body: String,
        /// Whether the first link is drawn as a card.
        preview_url: bool,
    },
    /// A file that was uploaded before; its kind is the message's.
    Media {
        /// The file.
        media: MediaId,
        /// Words below it, at most 1,024 characters.
        caption: Option<String>,
        /// A document's name.
        filename: Option<String>,
        /// Whether a sound is a voice note.
        voice: bool,
    },
    /// A file at an address; it is not kept here.
    Link {
        /// What the message is.
        kind: media::Kind,
        /// The file.
        file: Linked,
        /// Words below it, at most 1,024 characters.
        caption: Option<String>,
    },
    /// An emoji on a message of the thread; an empty one takes it back.
    Reaction {
        /// The message.
        message: MessageId,
        /// The emoji.
        emoji: String,
    },
    /// A place.
    Location(Location),
    /// Contact cards in Meta's shape (Meta: Contacts messages).
    Contacts(Value),
    /// Buttons, a list or another interactive message in Meta's shape (Meta: Interactive messages).
    Interactive(Value),
    /// A template with its values.
    Template {
        /// Which.
        template: TemplateId,
        /// Values by key: `body.1`, `header.name`, `button.0.url`, …
        variables: BTreeMap<String, String>,
        /// The header's file.
        header_media: Option<MediaId>,
        /// The header's file, where it is at an address.
        header_link: Option<Linked>,
        /// The header's place.
        header_location: Option<Location>,
        /// The status of an order, in Meta's shape (Meta: Order status templates).
        order_status: Option<Value>,
    },
}
