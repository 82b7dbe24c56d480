//! The request as it leaves: recipient, callback data and file are filled in at the last moment,
//! because a merge or a new upload may have changed them since the message was written.

use wigwag_meta::Error;
use wigwag_meta::outgoing::{Body, Component, Media, MediaSource, Outgoing, Parameter, To};
use wigwag_store::outbox::Claimed;

/// Stands for Meta's id of the message's file until it leaves.
pub(crate) const FILE: &str = "$file";

/// A request without recipient, as it is kept in the outbox.
pub(crate) fn stored(body: Body, reply_to: Option<&str>) -> Result<String, serde_json::Error> {
    let mut message = Outgoing::new(To::Phone(String::new()), body);
    message.to = None;
    if let Some(wamid) = reply_to {
        message = message.replying_to(wamid);
    }
    serde_json::to_string(&message)
}

/// The request of a claimed row.
///
/// # Errors
/// [`Error::NotSent`] when it cannot be put together: nothing left.
pub(crate) fn of(row: &Claimed) -> Result<Outgoing, Error> {
    let mut message: Outgoing = serde_json::from_str(&row.body)
        .map_err(|error| Error::NotSent(format!("the stored request: {error}")))?;
    match (&row.recipient.phone, &row.recipient.user_id) {
        (Some(phone), _) => message.to = Some(phone.clone()),
        (None, Some(user)) => message.recipient = Some(user.clone()),
        (None, None) => return Err(Error::NotSent("nobody to send to".to_owned())),
    }
    message.biz_opaque_callback_data = Some(format!("w1.{}.{}", row.message, row.try_no));
    if let Some(media) = file(&mut message.body) {
        let id = row
            .meta_media_id
            .clone()
            .ok_or_else(|| Error::NotSent("the file is not with Meta".to_owned()))?;
        media.source = MediaSource::Id(id);
    }
    Ok(message)
}

/// The file that is still to be filled in.
fn file(body: &mut Body) -> Option<&mut Media> {
    let media = match body {
        Body::Image { image: media }
        | Body::Video { video: media }
        | Body::Audio { audio: media }
        | Body::Document { document: media }
        | Body::Sticker { sticker: media } => media,
        Body::Template { template } => template
            .components
            .iter_mut()
            .filter_map(|component| match component {
                Component::Header { parameters } => parameters.first_mut(),
                _ => None,
            })
            .find_map(|parameter| match parameter {
                Parameter::Image { image: media }
                | Parameter::Video { video: media }
                | Parameter::Document { document: media } => Some(media),
                _ => None,
            })?,
        _ => return None,
    };
    (media.source == MediaSource::Id(FILE.to_owned())).then_some(media)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::id::Id as _;
    use wigwag_model::{ContactId, ConversationId, MessageId, Timestamp};
    use wigwag_store::outbox::Recipient;

    fn claimed(body: String) -> Claimed {
        let at = Timestamp::from_seconds(1);
        Claimed {
            message: MessageId::new(at, [1; 10]),
            conversation: ConversationId::new(at, [2; 10]),
            contact: ContactId::new(at, [3; 10]),
            try_no: 2,
            written_at: at,
            recipient: Recipient {
                phone: Some("+919800000001".to_owned()),
                user_id: None,
            },
            body,
            meta_media_id: Some("77".to_owned()),
            reserved: false,
            campaign: None,
        }
    }

    #[test]
    fn recipient_file_and_callback_are_filled_in() {
        let body = Body::Image {
            image: Media::id(FILE).with_caption("Kites"),
        };
        let row = claimed(stored(body, Some("wamid.5")).unwrap());
        let message = serde_json::to_value(of(&row).unwrap()).unwrap();
        assert_eq!(message["to"], "+919800000001");
        assert_eq!(message["image"]["id"], "77");
        assert_eq!(message["context"]["message_id"], "wamid.5");
        let callback = message["biz_opaque_callback_data"].as_str().unwrap();
        assert_eq!(
            wigwag_store::ingest::callback_of(callback),
            Some(row.message)
        );
    }

    #[test]
    fn a_message_without_its_file_or_recipient_does_not_leave() {
        let body = Body::Image {
            image: Media::id(FILE),
        };
        let mut row = claimed(stored(body, None).unwrap());
        row.meta_media_id = None;
        assert!(matches!(of(&row), Err(Error::NotSent(_))));
        let mut row = claimed(stored(Body::text("Hello"), None).unwrap());
        row.recipient.phone = None;
        assert!(matches!(of(&row), Err(Error::NotSent(_))));
        row.recipient.user_id = Some("IN.5".to_owned());
        assert_eq!(of(&row).unwrap().recipient.as_deref(), Some("IN.5"));
    }
}
