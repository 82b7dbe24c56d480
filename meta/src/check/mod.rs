//! Holds a message against Meta's limits before it costs a request.
//!
//! Refuses only what Meta documents as refused. What depends on the account, the template or the person is
//! not known here and is left to Meta.

mod interactive;
mod measure;
mod template;

use self::measure::{Checked, at_most, count, filled};
use crate::limits;
use crate::outgoing::{Body, ContactCard, Location, Media, MediaSource, Outgoing};

/// Why a message would be refused. `field` is the path in the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// Too long.
    #[error("{field} has {actual} characters, at most {limit} are allowed")]
    TooLong {
        /// Path in the request.
        field: String,
        /// Most characters.
        limit: usize,
        /// Characters there are.
        actual: usize,
    },
    /// Too many.
    #[error("{field} has {actual} entries, at most {limit} are allowed")]
    TooMany {
        /// Path in the request.
        field: String,
        /// Most entries.
        limit: usize,
        /// Entries there are.
        actual: usize,
    },
    /// Too few.
    #[error("{field} has {actual} entries, at least {limit} are needed")]
    TooFew {
        /// Path in the request.
        field: String,
        /// Fewest entries.
        limit: usize,
        /// Entries there are.
        actual: usize,
    },
    /// Missing or empty.
    #[error("{field} is missing: {mend}")]
    Missing {
        /// Path in the request.
        field: String,
        /// What to do.
        mend: &'static str,
    },
    /// The same id twice.
    #[error("{field} is used twice: give each entry its own")]
    Duplicate {
        /// Path in the request.
        field: String,
    },
    /// Not of the right form.
    #[error("{field} is not valid: {mend}")]
    Invalid {
        /// Path in the request.
        field: String,
        /// What to do.
        mend: &'static str,
    },
}

impl Outgoing {
    /// Refuses what Meta documents as refused, with the path of the field.
    pub fn check(&self) -> Checked {
        if self.to.as_deref().unwrap_or_default().is_empty()
            && self.recipient.as_deref().unwrap_or_default().is_empty()
        {
            return Err(LimitError::Missing {
                field: "to".into(),
                mend: "give a phone number or a recipient",
            });
        }
        if let Some(data) = &self.biz_opaque_callback_data {
            at_most("biz_opaque_callback_data", data, limits::CALLBACK_DATA)?;
        }
        match &self.body {
            Body::Text { text } => filled("text.body", &text.body, limits::TEXT_BODY),
            Body::Image { image } => media("image", image, true),
            Body::Video { video } => media("video", video, true),
            Body::Document { document } => media("document", document, true),
            Body::Audio { audio } => media("audio", audio, false),
            Body::Sticker { sticker } => media("sticker", sticker, false),
            Body::Location { location } => location.check("location"),
            Body::Contacts { contacts } => cards(contacts),
            Body::Reaction { reaction } => {
                filled("reaction.message_id", &reaction.message_id, usize::MAX)
            }
            Body::Interactive { interactive } => interactive.check(),
            Body::Template { template } => template.check(),
        }
    }
}

fn media(field: &str, media: &Media, caption: bool) -> Checked {
    match (&media.source, &media.caption) {
        (MediaSource::Id(id), _) if id.is_empty() => Err(LimitError::Missing {
            field: format!("{field}.id"),
            mend: "upload the media first",
        }),
        (MediaSource::Link(link), _)
            if !link.starts_with("https://") && !link.starts_with("http://") =>
        {
            Err(LimitError::Invalid {
                field: format!("{field}.link"),
                mend: "use an https address",
            })
        }
        (_, Some(_)) if !caption => Err(LimitError::Invalid {
            field: format!("{field}.caption"),
            mend: "this type takes no caption",
        }),
        (_, Some(text)) => at_most(format!("{field}.caption"), text, limits::CAPTION),
        (_, None) => Ok(()),
    }
}

impl Location {
    fn check(&self, field: &str) -> Checked {
        let valid =
            (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude);
        let mend = "latitude is −90 to 90 and longitude −180 to 180 degrees";
        if valid {
            Ok(())
        } else {
            Err(LimitError::Invalid {
                field: field.to_owned(),
                mend,
            })
        }
    }
}

fn cards(contacts: &[ContactCard]) -> Checked {
    count("contacts", contacts.len(), 1, limits::CONTACTS)?;
    contacts.iter().enumerate().try_for_each(|(index, card)| {
        filled(
            format!("contacts[{index}].name.formatted_name"),
            &card.name.formatted_name,
            usize::MAX,
        )?;
        let name = &card.name;
        let parts = [
            &name.first_name,
            &name.middle_name,
            &name.last_name,
            &name.prefix,
            &name.suffix,
        ];
        if parts.iter().any(|part| part.is_some()) {
            return Ok(());
        }
        let field = format!("contacts[{index}].name.first_name");
        Err(LimitError::Missing {
            field,
            mend: "give one more part of the name",
        })
    })
}
