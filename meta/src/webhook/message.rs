//! Messages that people send to us, one struct for each kind of body.
//!
//! [`Message`] is flat, as on the wire: one optional body per type. [`Message::content`] gives the one that
//! `type` names. The same struct reads echoes of messages sent from the WhatsApp Business app (`to`).
//! Source: Meta's “messages webhook reference” pages.

use super::card::ContactCard;
use super::error::WebhookError;
use super::lenient::{Raw, Text, Timestamp};
use super::reply::{Button, InteractiveReply, Order};

open_struct! {
    /// One inbound message.
    pub struct Message<'a> {
        /// WhatsApp id of the sender; absent where the number may not be shown.
        from: Option<Text<'a>> = "from",
        /// Business-scoped user id of the sender.
        from_user_id: Option<Text<'a>> = "from_user_id",
        /// Business-scoped user id for the parent portfolio.
        from_parent_user_id: Option<Text<'a>> = "from_parent_user_id",
        /// Echoes only: WhatsApp id of the person written to.
        to: Option<Text<'a>> = "to",
        /// Echoes only: business-scoped user id of the person written to.
        to_user_id: Option<Text<'a>> = "to_user_id",
        /// Group of the message.
        group_id: Option<Text<'a>> = "group_id",
        /// The wamid.
        id: Text<'a> = "id",
        /// When it was sent, in Unix seconds.
        timestamp: Timestamp = "timestamp",
        /// The type: names the field that holds the body.
        kind: Text<'a> = "type",
        /// Reply, forward or product enquiry.
        context: Option<Box<Context<'a>>> = "context",
        /// The ad or post from which the person came.
        referral: Option<Box<Referral<'a>>> = "referral",
        /// Identity of the sender, where identity checks are switched on.
        identity: Option<Box<Identity<'a>>> = "identity",
        /// Why the message could not be given to us.
        errors: Vec<WebhookError<'a>> = "errors",
        /// Type `text`.
        text: Option<TextBody<'a>> = "text",
        /// Type `image`.
        image: Option<Box<Media<'a>>> = "image",
        /// Type `video`.
        video: Option<Box<Media<'a>>> = "video",
        /// Type `audio`.
        audio: Option<Box<Media<'a>>> = "audio",
        /// Type `document`.
        document: Option<Box<Media<'a>>> = "document",
        /// Type `sticker`.
        sticker: Option<Box<Media<'a>>> = "sticker",
        /// Type `location`.
        location: Option<Box<Location<'a>>> = "location",
        /// Type `contacts`.
        contacts: Vec<ContactCard<'a>> = "contacts",
        /// Type `reaction`.
        reaction: Option<Box<Reaction<'a>>> = "reaction",
        /// Type `button`: quick reply of a template.
        button: Option<Box<Button<'a>>> = "button",
        /// Type `interactive`.
        interactive: Option<Box<InteractiveReply<'a>>> = "interactive",
        /// Type `order`.
        order: Option<Box<Order<'a>>> = "order",
        /// Type `system`.
        system: Option<Box<System<'a>>> = "system",
        /// Type `unsupported`.
        unsupported: Option<Box<Unsupported<'a>>> = "unsupported",
        /// Type `edit`.
        edit: Option<Box<Edit<'a>>> = "edit",
        /// Type `revoke`.
        revoke: Option<Box<Revoke<'a>>> = "revoke",
        /// Type `request_welcome`: the person opened the chat for the first time (older documentation).
        request_welcome: Option<Box<RequestWelcome<'a>>> = "request_welcome",
    }
    check check_message
}

fn check_message(message: &Message<'_>) -> Result<(), &'static str> {
    match (message.id.is_empty(), message.kind.is_empty()) {
        (true, _) => Err("a message needs an id"),
        (_, true) => Err("a message needs a type"),
        _ => Ok(()),
    }
}

open_struct! {
    /// Body of a text message.
    pub struct TextBody<'a> {
        /// The text.
        body: Text<'a> = "body",
    }
}

open_struct! {
    /// Body of an image, video, audio, document or sticker message.
    pub struct Media<'a> {
        /// Media id, valid for 7 days.
        id: Text<'a> = "id",
        /// MIME type.
        mime_type: Option<Text<'a>> = "mime_type",
        /// SHA-256 of the bytes, in base64 or hex as Meta sent it.
        sha256: Option<Text<'a>> = "sha256",
        /// Direct address, valid for 5 minutes.
        url: Option<Text<'a>> = "url",
        /// Caption (image, video, document).
        caption: Option<Text<'a>> = "caption",
        /// File name (document).
        filename: Option<Text<'a>> = "filename",
        /// Voice message (audio).
        voice: Option<bool> = "voice",
        /// Animated (sticker).
        animated: Option<bool> = "animated",
    }
}

open_struct! {
    /// Body of a location message.
    pub struct Location<'a> {
        /// Degrees north.
        latitude: f64 = "latitude" via Decimal,
        /// Degrees east.
        longitude: f64 = "longitude" via Decimal,
        /// Name of the place.
        name: Option<Text<'a>> = "name",
        /// Address of the place.
        address: Option<Text<'a>> = "address",
        /// Link of the place.
        url: Option<Text<'a>> = "url",
    }
}

open_struct! {
    /// Body of a reaction.
    pub struct Reaction<'a> {
        /// The message reacted to.
        message_id: Text<'a> = "message_id",
        /// The emoji; absent or empty: the reaction was removed.
        emoji: Option<Text<'a>> = "emoji",
    }
}

open_struct! {
    /// Something changed about a person. Such a message comes without `contacts`.
    pub struct System<'a> {
        /// Meta's sentence about it.
        body: Option<Text<'a>> = "body",
        /// `user_changed_number`, `user_changed_user_id`….
        kind: Option<Text<'a>> = "type",
        /// New WhatsApp id; `new_wa_id` in older bodies.
        wa_id: Option<Text<'a>> = "wa_id" | "new_wa_id",
        /// New business-scoped user id.
        user_id: Option<Text<'a>> = "user_id",
        /// New business-scoped user id for the parent portfolio.
        parent_user_id: Option<Text<'a>> = "parent_user_id",
        /// The business-scoped user id before.
        previous_user_id: Option<Text<'a>> = "previous_user_id",
        /// Hash of the new identity key.
        identity: Option<Text<'a>> = "identity",
        /// The person, in older bodies.
        customer: Option<Text<'a>> = "customer",
    }
}

open_struct! {
    /// Something that the Cloud API cannot give us.
    pub struct Unsupported<'a> {
        /// What it was: `edit`, `poll_creation`, `gif`….
        kind: Option<Text<'a>> = "type",
    }
}

open_struct! {
    /// A message was changed by its sender.
    pub struct Edit<'a> {
        /// The message that was changed.
        original_message_id: Text<'a> = "original_message_id",
        /// Its new content.
        message: Option<EditedMessage<'a>> = "message",
    }
}

open_struct! {
    /// The new content of a changed message: a text, or media with another caption.
    pub struct EditedMessage<'a> {
        /// Reply or forward.
        context: Option<Box<Context<'a>>> = "context",
        /// The type: names the field that holds the body.
        kind: Text<'a> = "type",
        /// Type `text`.
        text: Option<TextBody<'a>> = "text",
        /// Type `image`.
        image: Option<Box<Media<'a>>> = "image",
        /// Type `video`.
        video: Option<Box<Media<'a>>> = "video",
        /// Type `document`.
        document: Option<Box<Media<'a>>> = "document",
    }
}

impl EditedMessage<'_> {
    /// The new text or caption.
    pub fn text(&self) -> Option<&str> {
        let media = self
            .image
            .as_ref()
            .or(self.video.as_ref())
            .or(self.document.as_ref());
        let caption = || media.and_then(|media| media.caption.as_deref());
        self.text
            .as_ref()
            .map(|text| text.body.as_str())
            .or_else(caption)
    }
}

open_struct! {
    /// A message was deleted by its sender.
    pub struct Revoke<'a> {
        /// The message that was deleted.
        original_message_id: Text<'a> = "original_message_id",
    }
}

open_struct! {
    /// The person opened the chat for the first time; carries nothing documented.
    pub struct RequestWelcome<'a> {}
}

open_struct! {
    /// What a message refers to.
    pub struct Context<'a> {
        /// Sender of the message referred to.
        from: Option<Text<'a>> = "from",
        /// The message referred to.
        id: Option<Text<'a>> = "id",
        /// Forwarded.
        forwarded: Option<bool> = "forwarded",
        /// Forwarded more than five times.
        frequently_forwarded: Option<bool> = "frequently_forwarded",
        /// The product the person asks about.
        referred_product: Option<ReferredProduct<'a>> = "referred_product",
    }
}

open_struct! {
    /// A product of the catalogue.
    pub struct ReferredProduct<'a> {
        /// The catalogue.
        catalog_id: Option<Text<'a>> = "catalog_id",
        /// The seller's id of the product.
        product_retailer_id: Option<Text<'a>> = "product_retailer_id",
    }
}

open_struct! {
    /// The ad or post from which the person came; on the first message only.
    pub struct Referral<'a> {
        /// Its address.
        source_url: Option<Text<'a>> = "source_url",
        /// Its id.
        source_id: Option<Text<'a>> = "source_id",
        /// `ad` or `post`.
        source_type: Option<Text<'a>> = "source_type",
        /// Headline.
        headline: Option<Text<'a>> = "headline",
        /// Text.
        body: Option<Text<'a>> = "body",
        /// `image` or `video`.
        media_type: Option<Text<'a>> = "media_type",
        /// Image.
        image_url: Option<Text<'a>> = "image_url",
        /// Video.
        video_url: Option<Text<'a>> = "video_url",
        /// Small image of the video.
        thumbnail_url: Option<Text<'a>> = "thumbnail_url",
        /// Click id for reporting conversions; absent for ads in WhatsApp statuses.
        ctwa_clid: Option<Text<'a>> = "ctwa_clid",
        /// The greeting shown by the ad.
        welcome_message: Option<WelcomeMessage<'a>> = "welcome_message",
    }
}

open_struct! {
    /// The greeting shown by an ad.
    pub struct WelcomeMessage<'a> {
        /// Its text.
        text: Option<Text<'a>> = "text",
    }
}

open_struct! {
    /// Identity of a sender.
    pub struct Identity<'a> {
        /// Whether the identity was acknowledged.
        acknowledged: Option<bool> = "acknowledged",
        /// When it was made.
        created_timestamp: Option<Timestamp> = "created_timestamp",
        /// Its hash.
        hash: Option<Text<'a>> = "hash",
    }
}

impl<'a> Message<'a> {
    /// The raw body of a type that this crate does not know: the field named like the type.
    pub fn unknown_body(&self) -> Option<&Raw<'a>> {
        self.extra.get(&self.kind)
    }
}
