//! From a draft to Meta's request and to what the thread shows.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wigwag_meta::outgoing::{
    Body, Location as MetaLocation, Media, Outgoing, Text as MetaText, To,
};
use wigwag_model::consent::Category;
use wigwag_model::content::{self, Location, MediaContent};
use wigwag_model::{ConversationId, Kind, MediaId, NumberId, Scope, TemplateId, WorkspaceId};
use wigwag_store::media::{self, State};
use wigwag_store::messages;
use wigwag_store::outbox::OwnReaction;

use super::draft::{Draft, Linked, What};
use super::request::FILE;
use super::send::SendError;
use super::template::{self, Attached};
use crate::Context;
use crate::media::{self as files, known};

/// A draft that can be written.
#[derive(Debug)]
pub(super) struct Composed {
    pub(super) kind: Kind,
    pub(super) content: Value,
    pub(super) body: Body,
    pub(super) file: Option<File>,
    pub(super) template: Option<(TemplateId, Category)>,
    pub(super) reply_to_wamid: Option<String>,
    pub(super) reaction: Option<OwnReaction>,
}

/// The file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) id: MediaId,
    /// Whether Meta has it under an id that is good for this number.
    pub(crate) uploaded: bool,
    pub(crate) kind: String,
    pub(crate) filename: Option<String>,
}

/// Where a draft goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thread<'a> {
    pub(super) context: &'a Context,
    pub(super) scope: &'a Scope,
    pub(super) conversation: ConversationId,
    pub(super) number: NumberId,
}

impl Composed {
    fn new(kind: Kind, content: Value, body: Body) -> Self {
        Self {
            kind,
            content,
            body,
            file: None,
            template: None,
            reply_to_wamid: None,
            reaction: None,
        }
    }
}

/// Checks a draft and renders it.
pub(super) async fn compose(thread: Thread<'_>, draft: Draft) -> Result<Composed, SendError> {
    let mut composed = match draft.what {
        What::Text { body, preview_url } => Composed::new(
            Kind::Text,
            json(&content::Text { body: body.clone() })?,
            Body::Text {
                text: MetaText {
                    preview_url: preview_url.then_some(true),
                    body,
                },
            },
        ),
        What::Media {
            media,
            caption,
            filename,
            voice,
        } => of_media(thread, media, caption, filename, voice).await?,
        What::Link {
            kind,
            file,
            caption,
        } => of_link(kind, file, caption)?,
        What::Reaction { message, emoji } => {
            let wamid = wamid(thread, "reaction.message_id", message).await?;
            Composed {
                reply_to_wamid: Some(wamid.clone()),
                reaction: Some(OwnReaction {
                    message,
                    emoji: emoji.clone(),
                }),
                ..Composed::new(
                    Kind::Reaction,
                    serde_json::json!({ "emoji": emoji }),
                    Body::reaction(wamid, emoji),
                )
            }
        }
        What::Location(place) => Composed::new(
            Kind::Location,
            json(&place)?,
            Body::Location {
                location: location(place),
            },
        ),
        What::Contacts(cards) => Composed::new(
            Kind::Contacts,
            serde_json::json!({ "contacts": cards }),
            Body::Contacts {
                contacts: shape("contacts", cards)?,
            },
        ),
        What::Interactive(message) => Composed::new(
            Kind::Interactive,
            message.clone(),
            Body::interactive(shape("interactive", message)?),
        ),
        What::Template {
            template: id,
            variables,
            header_media,
            header_link,
            header_location,
            order_status,
        } => {
            let header = match header_media {
                Some(media) => Some(file(thread, "template.header_media_id", media).await?),
                None => None,
            };
            let attached = Attached {
                header,
                link: header_link,
                location: header_location,
                order_status,
                cards: BTreeMap::new(),
            };
            template::compose(thread, id, &variables, attached).await?
        }
    };
    if let Some(message) = draft.reply_to
        && composed.kind != Kind::Reaction
    {
        composed.reply_to_wamid = Some(wamid(thread, "reply_to", message).await?);
    }
    check(&composed)?;
    Ok(composed)
}

/// Holds the request against Meta's limits; the recipient is filled in when it leaves.
pub(super) fn check(composed: &Composed) -> Result<(), SendError> {
    let message = Outgoing::new(To::Phone("+10000000000".to_owned()), composed.body.clone());
    message.check().map_err(|error| {
        use wigwag_meta::LimitError as L;
        let (field, code) = match &error {
            L::TooLong { field, .. } => (field, "too_long"),
            L::TooMany { field, .. } => (field, "too_many"),
            L::TooFew { field, .. } => (field, "too_few"),
            L::Missing { field, .. } => (field, "required"),
            L::Duplicate { field } => (field, "duplicate"),
            L::Invalid { field, .. } => (field, "invalid"),
        };
        SendError::field(field.clone(), code, error.to_string())
    })
}

async fn of_media(
    thread: Thread<'_>,
    id: MediaId,
    caption: Option<String>,
    filename: Option<String>,
    voice: bool,
) -> Result<Composed, SendError> {
    let file = file(thread, "media_id", id).await?;
    let caption = caption.filter(|text| !text.trim().is_empty());
    let mut media = Media {
        caption: caption.clone(),
        ..Media::id(FILE)
    };
    let name = filename.or_else(|| file.filename.clone());
    let (kind, body) = match file.kind.as_str() {
        "image" => (Kind::Image, Body::Image { image: media }),
        "video" => (Kind::Video, Body::Video { video: media }),
        "sticker" => (Kind::Sticker, Body::Sticker { sticker: media }),
        "audio" => {
            media.voice = voice.then_some(true);
            (Kind::Audio, Body::Audio { audio: media })
        }
        _ => {
            media.filename.clone_from(&name);
            (Kind::Document, Body::Document { document: media })
        }
    };
    let content = MediaContent {
        caption,
        filename: (kind == Kind::Document).then_some(name).flatten(),
        voice: kind == Kind::Audio && voice,
        animated: false,
        link: None,
    };
    Ok(Composed {
        file: Some(file),
        ..Composed::new(kind, json(&content)?, body)
    })
}

/// A file that Meta fetches itself. What it is decides Meta when it fetches it.
fn of_link(
    kind: files::Kind,
    file: Linked,
    caption: Option<String>,
) -> Result<Composed, SendError> {
    if !file.url.starts_with("https://") {
        return Err(SendError::field(
            "link",
            "invalid",
            "give an https:// address that WhatsApp can fetch",
        ));
    }
    let captioned = matches!(
        kind,
        files::Kind::Image | files::Kind::Video | files::Kind::Document
    );
    let caption = caption.filter(|text| captioned && !text.trim().is_empty());
    let filename = file.filename.filter(|_| kind == files::Kind::Document);
    let media = Media {
        caption: caption.clone(),
        filename: filename.clone(),
        ..Media::link(file.url.clone())
    };
    let (kind, body) = match kind {
        files::Kind::Image => (Kind::Image, Body::Image { image: media }),
        files::Kind::Video => (Kind::Video, Body::Video { video: media }),
        files::Kind::Audio => (Kind::Audio, Body::Audio { audio: media }),
        files::Kind::Sticker => (Kind::Sticker, Body::Sticker { sticker: media }),
        files::Kind::Document => (Kind::Document, Body::Document { document: media }),
    };
    let content = MediaContent {
        caption,
        filename,
        link: Some(file.url),
        ..MediaContent::default()
    };
    Ok(Composed::new(kind, json(&content)?, body))
}

/// A file that can be sent.
pub(super) async fn file(thread: Thread<'_>, field: &str, id: MediaId) -> Result<File, SendError> {
    file_for(
        thread.context,
        thread.scope.workspace,
        thread.number,
        field,
        id,
    )
    .await
}

/// A file that can be sent from a number.
pub(crate) async fn file_for(
    context: &Context,
    workspace: WorkspaceId,
    number: NumberId,
    field: &str,
    id: MediaId,
) -> Result<File, SendError> {
    let row = match media::get(context.db(), workspace, id).await {
        Ok(row) => row,
        Err(wigwag_store::Error::NotFound) => {
            return Err(SendError::field(
                field,
                "unknown",
                "there is no such file: upload it first",
            ));
        }
        Err(error) => return Err(error.into()),
    };
    if row.state != State::Ready {
        return Err(SendError::field(
            field,
            "invalid",
            "the file is not here yet or could not be had: upload it again",
        ));
    }
    Ok(File {
        id,
        uploaded: known(context, &row, number).is_some(),
        kind: row.kind,
        filename: row.filename,
    })
}

async fn wamid(
    thread: Thread<'_>,
    field: &str,
    message: wigwag_model::MessageId,
) -> Result<String, SendError> {
    let found = messages::wamid(
        thread.context.db(),
        thread.scope.workspace,
        thread.conversation,
        message,
    )
    .await;
    match found {
        Ok(Some(wamid)) => Ok(wamid),
        Ok(None) => Err(SendError::field(
            field,
            "invalid",
            "this message has not reached WhatsApp, so that nothing can refer to it",
        )),
        Err(wigwag_store::Error::NotFound) => Err(SendError::field(
            field,
            "unknown",
            "there is no such message in this conversation",
        )),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn location(place: Location) -> MetaLocation {
    MetaLocation {
        latitude: place.latitude,
        longitude: place.longitude,
        name: place.name,
        address: place.address,
    }
}

/// JSON of our own types, which always works.
pub(super) fn json(value: &impl Serialize) -> Result<Value, SendError> {
    serde_json::to_value(value).map_err(|error| SendError::Render(error.to_string()))
}

/// JSON of a client in Meta's shape.
fn shape<T: DeserializeOwned>(field: &str, value: Value) -> Result<T, SendError> {
    serde_json::from_value(value).map_err(|error| {
        SendError::field(field, "invalid", format!("not in Meta's shape: {error}"))
    })
}
