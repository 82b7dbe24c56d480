//! What a person said, in the shape that the API gives out (`wigwag_model::content`).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::{Map, Value, json};
use wigwag_meta::webhook::{self, Content, Context, EditedMessage, Message};
use wigwag_model::content::{Kind, Location, MediaContent, Reply, Text, preview};
use wigwag_store::ingest::NewMedia;

/// A message in our words.
#[derive(Debug)]
pub(super) struct Said {
    /// Its kind.
    pub(super) kind: Kind,
    /// Its content, JSON.
    pub(super) content: String,
    /// The line for lists.
    pub(super) preview: String,
    /// Its file.
    pub(super) media: Option<NewMedia>,
}

/// Reads a message that stands in the thread. Reactions, edits and revocations do not.
pub(super) fn said(message: &Message<'_>) -> Said {
    let (kind, mut content, file) = match message.content() {
        Content::Text(text) => (
            Kind::Text,
            value(&Text {
                body: text.body.as_str().to_owned(),
            }),
            None,
        ),
        Content::Image(file) => media(Kind::Image, file),
        Content::Video(file) => media(Kind::Video, file),
        Content::Audio(file) => media(Kind::Audio, file),
        Content::Document(file) => media(Kind::Document, file),
        Content::Sticker(file) => media(Kind::Sticker, file),
        Content::Location(place) => (
            Kind::Location,
            value(&Location {
                latitude: place.latitude,
                longitude: place.longitude,
                name: owned(place.name.as_deref()),
                address: owned(place.address.as_deref()),
                url: owned(place.url.as_deref()),
            }),
            None,
        ),
        Content::Contacts(cards) => (Kind::Contacts, json!({ "contacts": value(&cards) }), None),
        Content::Button(button) => (
            Kind::Button,
            json!({ "text": button.text, "payload": button.payload }),
            None,
        ),
        Content::Order(order) => (Kind::Order, value(order), None),
        Content::System(system) => (
            Kind::System,
            json!({
                "type": system.kind, "body": system.body,
                "wa_id": system.wa_id, "user_id": system.user_id,
            }),
            None,
        ),
        Content::RequestWelcome => (Kind::System, json!({ "type": "request_welcome" }), None),
        Content::ButtonReply(_)
        | Content::ListReply(_)
        | Content::NfmReply(_)
        | Content::CallPermissionReply(_)
        | Content::OtherInteractive(_) => (Kind::Reply, value(&reply(message)), None),
        Content::Unsupported(unsupported) => {
            let kind = unsupported.and_then(|body| body.kind.as_deref());
            (Kind::Unsupported, unknown(message, kind, None), None)
        }
        Content::Unknown { kind, raw } => (
            Kind::Unsupported,
            unknown(message, Some(kind), raw.map(webhook::Raw::get)),
            None,
        ),
        // Applied to other messages; never asked for here.
        Content::Reaction(_) | Content::Edit(_) | Content::Revoke(_) => {
            (Kind::Unsupported, json!({}), None)
        }
    };
    if let (Some(context), Value::Object(content)) = (message.context.as_deref(), &mut content) {
        add_context(content, context);
    }
    Said {
        kind,
        preview: preview(kind, &content),
        content: content.to_string(),
        media: file,
    }
}

/// The new content and preview of an edited message; no content when Meta did not say it.
pub(super) fn edited(message: Option<&EditedMessage<'_>>) -> (Option<String>, String) {
    let Some(message) = message else {
        return (None, String::new());
    };
    let (kind, content) = if let Some(text) = &message.text {
        let body = text.body.as_str().to_owned();
        (Kind::Text, value(&Text { body }))
    } else if let Some(file) = &message.image {
        (Kind::Image, media(Kind::Image, file).1)
    } else if let Some(file) = &message.video {
        (Kind::Video, media(Kind::Video, file).1)
    } else if let Some(file) = &message.document {
        (Kind::Document, media(Kind::Document, file).1)
    } else {
        return (None, String::new());
    };
    (Some(content.to_string()), preview(kind, &content))
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// Writing our own types as JSON values cannot fail; an empty object stands for the impossible.
fn value(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_else(|_| json!({}))
}

fn media(kind: Kind, file: &webhook::Media<'_>) -> (Kind, Value, Option<NewMedia>) {
    let content = value(&MediaContent {
        caption: owned(file.caption.as_deref()),
        filename: owned(file.filename.as_deref()),
        voice: file.voice.unwrap_or_default(),
        animated: file.animated.unwrap_or_default(),
        link: None,
    });
    // Without an id there is nothing to fetch: the words are shown, the file is not.
    let new = (!file.id.is_empty()).then(|| NewMedia {
        meta_media_id: file.id.as_str().to_owned(),
        kind,
        mime_type: file
            .mime_type
            .as_deref()
            .unwrap_or("application/octet-stream")
            .to_owned(),
        filename: owned(file.filename.as_deref()),
        sha256: file.sha256.as_deref().and_then(digest),
    });
    (kind, content, new)
}

/// Meta writes digests in base64 and has written them in hexadecimal.
fn digest(text: &str) -> Option<Vec<u8>> {
    let bytes = hex::decode(text)
        .ok()
        .or_else(|| STANDARD.decode(text).ok())
        .or_else(|| STANDARD_NO_PAD.decode(text).ok())?;
    (bytes.len() == 32).then_some(bytes)
}

fn reply(message: &Message<'_>) -> Reply {
    let mut reply = Reply {
        r#type: message
            .interactive
            .as_ref()
            .map(|reply| reply.kind.as_str().to_owned())
            .unwrap_or_default(),
        id: None,
        title: None,
        description: None,
        response: None,
    };
    match message.content() {
        Content::ButtonReply(button) => {
            reply.id = Some(button.id.as_str().to_owned());
            reply.title = Some(button.title.as_str().to_owned());
        }
        Content::ListReply(row) => {
            reply.id = Some(row.id.as_str().to_owned());
            reply.title = Some(row.title.as_str().to_owned());
            reply.description = owned(row.description.as_deref());
        }
        Content::NfmReply(form) => {
            reply.id = owned(form.name.as_deref());
            reply.title = owned(form.body.as_deref());
            reply.response = form.response_json.as_deref().map(|text| {
                // JSON in a string, by Meta's word; kept as text when it is not.
                serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
            });
        }
        Content::CallPermissionReply(permission) => reply.response = Some(value(permission)),
        Content::OtherInteractive(other) => {
            let raw = other.extra.get(&other.kind);
            reply.response = raw.and_then(|raw| raw.read().ok());
        }
        _ => {}
    }
    reply
}

fn unknown(message: &Message<'_>, kind: Option<&str>, raw: Option<&str>) -> Value {
    let errors: Vec<Value> = message
        .errors
        .iter()
        .map(
            |error| json!({ "code": error.code, "title": error.title, "details": error.details() }),
        )
        .collect();
    let raw: Option<Value> = raw.and_then(|raw| serde_json::from_str(raw).ok());
    json!({ "type": kind, "errors": errors, "raw": raw })
}

/// What a message carries besides its own words.
fn add_context(content: &mut Map<String, Value>, context: &Context<'_>) {
    if context.forwarded == Some(true) || context.frequently_forwarded == Some(true) {
        content.insert("forwarded".to_owned(), Value::Bool(true));
    }
    if context.frequently_forwarded == Some(true) {
        content.insert("frequently_forwarded".to_owned(), Value::Bool(true));
    }
    if let Some(product) = &context.referred_product {
        content.insert("referred_product".to_owned(), value(product));
    }
}
