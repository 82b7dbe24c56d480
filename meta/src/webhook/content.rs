//! The body of a message by its type, for exhaustive matching.
//!
//! A view over [`Message`], nothing is copied. A type whose body is missing is `Unknown`, as is a type that
//! this crate does not know: both keep what came.

use super::card::ContactCard;
use super::lenient::Raw;
use super::message::{
    Edit, Location, Media, Message, Reaction, Revoke, System, TextBody, Unsupported,
};
use super::reply::{
    Button, ButtonReply, CallPermissionReply, InteractiveReply, ListReply, NfmReply, Order,
};

/// The body of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Content<'m, 'a> {
    /// Text.
    Text(&'m TextBody<'a>),
    /// Image, with caption.
    Image(&'m Media<'a>),
    /// Video, with caption.
    Video(&'m Media<'a>),
    /// Audio file or voice message.
    Audio(&'m Media<'a>),
    /// Document, with caption and file name.
    Document(&'m Media<'a>),
    /// Sticker.
    Sticker(&'m Media<'a>),
    /// Location.
    Location(&'m Location<'a>),
    /// Contact cards.
    Contacts(&'m [ContactCard<'a>]),
    /// Reaction to a message.
    Reaction(&'m Reaction<'a>),
    /// Quick reply of a template.
    Button(&'m Button<'a>),
    /// Reply button of an interactive message.
    ButtonReply(&'m ButtonReply<'a>),
    /// List row of an interactive message.
    ListReply(&'m ListReply<'a>),
    /// Finished flow or address form.
    NfmReply(&'m NfmReply<'a>),
    /// Answer to a request to call.
    CallPermissionReply(&'m CallPermissionReply<'a>),
    /// An interactive reply of a kind that this crate does not know.
    OtherInteractive(&'m InteractiveReply<'a>),
    /// Cart from the catalogue.
    Order(&'m Order<'a>),
    /// A change of the person's number or id.
    System(&'m System<'a>),
    /// Something that the Cloud API cannot give us; the reason is in the message's errors.
    Unsupported(Option<&'m Unsupported<'a>>),
    /// A message was changed.
    Edit(&'m Edit<'a>),
    /// A message was deleted.
    Revoke(&'m Revoke<'a>),
    /// The chat was opened for the first time.
    RequestWelcome,
    /// A type that this crate does not know, or one whose body is missing.
    Unknown {
        /// Meta's word for the type.
        kind: &'m str,
        /// The body as it came.
        raw: Option<&'m Raw<'a>>,
    },
}

open_enum! {
    /// The type of a message, as named by `type` on the wire; serves in and out.
    pub enum ContentKind {
        /// Text.
        Text = "text",
        /// Image.
        Image = "image",
        /// Video.
        Video = "video",
        /// Audio or voice.
        Audio = "audio",
        /// Document.
        Document = "document",
        /// Sticker.
        Sticker = "sticker",
        /// Location.
        Location = "location",
        /// Contact cards.
        Contacts = "contacts",
        /// Reaction.
        Reaction = "reaction",
        /// Template (outgoing).
        Template = "template",
        /// Interactive message or reply.
        Interactive = "interactive",
        /// Quick reply of a template (inbound).
        Button = "button",
        /// Order (inbound).
        Order = "order",
        /// System message (inbound).
        System = "system",
        /// Unsupported (inbound).
        Unsupported = "unsupported",
        /// Edit (inbound).
        Edit = "edit",
        /// Revoke (inbound).
        Revoke = "revoke",
        /// Welcome request (inbound).
        RequestWelcome = "request_welcome",
    }
}

impl<'a> Message<'a> {
    /// The body that `type` names.
    pub fn content(&self) -> Content<'_, 'a> {
        let body = match self.kind.as_str() {
            "text" => self.text.as_ref().map(Content::Text),
            "image" => self.image.as_deref().map(Content::Image),
            "video" => self.video.as_deref().map(Content::Video),
            "audio" | "voice" => self.audio.as_deref().map(Content::Audio),
            "document" => self.document.as_deref().map(Content::Document),
            "sticker" => self.sticker.as_deref().map(Content::Sticker),
            "location" => self.location.as_deref().map(Content::Location),
            "contacts" if !self.contacts.is_empty() => Some(Content::Contacts(&self.contacts)),
            "reaction" => self.reaction.as_deref().map(Content::Reaction),
            "button" => self.button.as_deref().map(Content::Button),
            "interactive" => self.interactive.as_deref().map(interactive),
            "order" => self.order.as_deref().map(Content::Order),
            "system" => self.system.as_deref().map(Content::System),
            "unsupported" => Some(Content::Unsupported(self.unsupported.as_deref())),
            "edit" => self.edit.as_deref().map(Content::Edit),
            "revoke" => self.revoke.as_deref().map(Content::Revoke),
            "request_welcome" => Some(Content::RequestWelcome),
            _ => None,
        };
        body.unwrap_or_else(|| Content::Unknown {
            kind: &self.kind,
            raw: self.unknown_body(),
        })
    }

    /// The media of an image, video, audio, document or sticker message.
    pub fn media(&self) -> Option<&Media<'a>> {
        match self.content() {
            Content::Image(media)
            | Content::Video(media)
            | Content::Audio(media)
            | Content::Document(media)
            | Content::Sticker(media) => Some(media),
            _ => None,
        }
    }
}

fn interactive<'m, 'a>(reply: &'m InteractiveReply<'a>) -> Content<'m, 'a> {
    let known = match reply.kind.as_str() {
        "button_reply" => reply.button_reply.as_ref().map(Content::ButtonReply),
        "list_reply" => reply.list_reply.as_ref().map(Content::ListReply),
        "nfm_reply" => reply.nfm_reply.as_ref().map(Content::NfmReply),
        "call_permission_reply" => reply
            .call_permission_reply
            .as_ref()
            .map(Content::CallPermissionReply),
        _ => None,
    };
    known.unwrap_or(Content::OtherInteractive(reply))
}
