//! Holds a message against Meta's limits before it costs a request.
//!
//! Refuses only what Meta documents as refused. What depends on the account, the template or the person is
//! not known here and is left to Meta.

use crate::limits;
use crate::outgoing::{
    Action, Body, CardAction, CarouselAction, Component, ContactCard, Header, Interactive,
    ListAction, Media, MediaSource, Outgoing, Parameter, ProductListAction, ReplyButton, Template,
};

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

type Checked = Result<(), LimitError>;

fn at_most(field: impl Into<String>, text: &str, limit: usize) -> Checked {
    let actual = text.chars().count();
    if actual > limit {
        Err(LimitError::TooLong {
            field: field.into(),
            limit,
            actual,
        })
    } else {
        Ok(())
    }
}

fn filled(field: impl Into<String>, text: &str, limit: usize) -> Checked {
    let field = field.into();
    if text.trim().is_empty() {
        return Err(LimitError::Missing {
            field,
            mend: "give it a text",
        });
    }
    at_most(field, text, limit)
}

fn count(field: impl Into<String>, actual: usize, least: usize, most: usize) -> Checked {
    let field = field.into();
    if actual < least {
        Err(LimitError::TooFew {
            field,
            limit: least,
            actual,
        })
    } else if actual > most {
        Err(LimitError::TooMany {
            field,
            limit: most,
            actual,
        })
    } else {
        Ok(())
    }
}

fn unique<'a>(field: &str, ids: impl Iterator<Item = &'a str>) -> Checked {
    let mut seen = std::collections::HashSet::new();
    let mut ids = ids;
    if ids.all(|id| seen.insert(id)) {
        Ok(())
    } else {
        Err(LimitError::Duplicate {
            field: field.to_owned(),
        })
    }
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

impl crate::outgoing::Location {
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

impl Interactive {
    fn check(&self) -> Checked {
        let (header_kinds, body_limit, body_needed) = match &self.action {
            Action::Button(_) | Action::CtaUrl(_) => {
                (HeaderKinds::All, limits::INTERACTIVE_BODY, true)
            }
            Action::List(_) => (HeaderKinds::Text, limits::LIST_BODY, true),
            Action::ProductList(_) => (HeaderKinds::TextNeeded, limits::INTERACTIVE_BODY, true),
            Action::Product(_) => (HeaderKinds::None, limits::INTERACTIVE_BODY, false),
            Action::Carousel(_) => (HeaderKinds::None, limits::INTERACTIVE_BODY, true),
            _ => (HeaderKinds::All, limits::INTERACTIVE_BODY, true),
        };
        self.check_header(header_kinds)?;
        match &self.body {
            Some(body) => filled("interactive.body.text", &body.text, body_limit)?,
            None if body_needed => {
                return Err(LimitError::Missing {
                    field: "interactive.body".into(),
                    mend: "give it a text",
                });
            }
            None => {}
        }
        if let Some(footer) = &self.footer {
            if matches!(self.action, Action::Carousel(_)) {
                let field = "interactive.footer".into();
                return Err(LimitError::Invalid {
                    field,
                    mend: "a carousel takes no footer",
                });
            }
            filled("interactive.footer.text", &footer.text, limits::FOOTER)?;
        }
        self.check_action()
    }

    fn check_header(&self, kinds: HeaderKinds) -> Checked {
        let field = "interactive.header";
        match (&self.header, kinds) {
            (None, HeaderKinds::TextNeeded) => Err(LimitError::Missing {
                field: field.into(),
                mend: "a product list needs a text header",
            }),
            (None, _) => Ok(()),
            (Some(_), HeaderKinds::None) => Err(LimitError::Invalid {
                field: field.into(),
                mend: "this kind takes no header",
            }),
            (Some(Header::Text { text }), _) => {
                filled("interactive.header.text", text, limits::HEADER_TEXT)
            }
            (Some(_), HeaderKinds::Text | HeaderKinds::TextNeeded) => Err(LimitError::Invalid {
                field: field.into(),
                mend: "this kind takes a text header only",
            }),
            (Some(Header::Image { image }), _) => media("interactive.header.image", image, false),
            (Some(Header::Video { video }), _) => media("interactive.header.video", video, false),
            (Some(Header::Document { document }), _) => {
                media("interactive.header.document", document, false)
            }
        }
    }

    fn check_action(&self) -> Checked {
        match &self.action {
            Action::Button(action) => {
                count(
                    "interactive.action.buttons",
                    action.buttons.len(),
                    1,
                    limits::REPLY_BUTTONS,
                )?;
                for (index, ReplyButton::Reply { reply }) in action.buttons.iter().enumerate() {
                    let field = format!("interactive.action.buttons[{index}].reply");
                    filled(format!("{field}.id"), &reply.id, limits::BUTTON_ID)?;
                    filled(format!("{field}.title"), &reply.title, limits::BUTTON_TITLE)?;
                }
                let ids = action
                    .buttons
                    .iter()
                    .map(|ReplyButton::Reply { reply }| reply.id.as_str());
                unique("interactive.action.buttons[].reply.id", ids)
            }
            Action::List(list) => check_list(list),
            Action::CtaUrl(action) => {
                let field = "interactive.action.parameters";
                filled(
                    format!("{field}.display_text"),
                    &action.parameters.display_text,
                    limits::BUTTON_TITLE,
                )?;
                filled(format!("{field}.url"), &action.parameters.url, usize::MAX)
            }
            Action::Flow(action) => {
                let flow = &action.parameters;
                filled(
                    "interactive.action.parameters.flow_cta",
                    &flow.flow_cta,
                    limits::FLOW_CTA,
                )?;
                if flow.flow_id.is_some() || flow.flow_name.is_some() {
                    return Ok(());
                }
                let field = "interactive.action.parameters.flow_id".into();
                Err(LimitError::Missing {
                    field,
                    mend: "give flow_id or flow_name",
                })
            }
            Action::ProductList(list) => check_products(list),
            Action::Carousel(carousel) => check_carousel(carousel),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Copy)]
enum HeaderKinds {
    All,
    Text,
    TextNeeded,
    None,
}

fn check_list(list: &ListAction) -> Checked {
    filled(
        "interactive.action.button",
        &list.button,
        limits::BUTTON_TITLE,
    )?;
    count(
        "interactive.action.sections",
        list.sections.len(),
        1,
        limits::SECTIONS,
    )?;
    let rows = || list.sections.iter().flat_map(|section| &section.rows);
    count(
        "interactive.action.sections[].rows",
        rows().count(),
        1,
        limits::LIST_ROWS,
    )?;
    for (index, section) in list.sections.iter().enumerate() {
        section_title(index, section.title.as_deref(), list.sections.len())?;
        for (row_index, row) in section.rows.iter().enumerate() {
            let field = format!("interactive.action.sections[{index}].rows[{row_index}]");
            filled(format!("{field}.id"), &row.id, limits::ROW_ID)?;
            filled(format!("{field}.title"), &row.title, limits::ROW_TITLE)?;
            at_most(
                format!("{field}.description"),
                row.description.as_deref().unwrap_or_default(),
                limits::ROW_DESCRIPTION,
            )?;
        }
    }
    unique(
        "interactive.action.sections[].rows[].id",
        rows().map(|row| row.id.as_str()),
    )
}

fn section_title(index: usize, title: Option<&str>, sections: usize) -> Checked {
    let field = format!("interactive.action.sections[{index}].title");
    match title {
        Some(title) => filled(field, title, limits::SECTION_TITLE),
        None if sections > 1 => Err(LimitError::Missing {
            field,
            mend: "with several sections each needs a title",
        }),
        None => Ok(()),
    }
}

fn check_products(list: &ProductListAction) -> Checked {
    count(
        "interactive.action.sections",
        list.sections.len(),
        1,
        limits::SECTIONS,
    )?;
    let products = list
        .sections
        .iter()
        .map(|section| section.product_items.len())
        .sum();
    count(
        "interactive.action.sections[].product_items",
        products,
        1,
        limits::PRODUCTS,
    )?;
    list.sections
        .iter()
        .enumerate()
        .try_for_each(|(index, section)| {
            section_title(index, section.title.as_deref(), list.sections.len())
        })
}

fn check_carousel(carousel: &CarouselAction) -> Checked {
    let cards = &carousel.cards;
    count(
        "interactive.action.cards",
        cards.len(),
        limits::CAROUSEL_CARDS_MIN,
        limits::CAROUSEL_CARDS_MAX,
    )?;
    for (index, card) in cards.iter().enumerate() {
        let field = format!("interactive.action.cards[{index}]");
        if let Some(body) = &card.body {
            filled(format!("{field}.body.text"), &body.text, limits::CARD_BODY)?;
        }
        let same = |a: &CardAction, b: &CardAction| match (a, b) {
            (CardAction::Buttons { buttons: a }, CardAction::Buttons { buttons: b }) => {
                a.len() == b.len()
            }
            _ => std::mem::discriminant(a) == std::mem::discriminant(b),
        };
        if !cards
            .first()
            .is_none_or(|first| same(&first.action, &card.action))
        {
            let mend = "all cards need the same kinds of buttons";
            return Err(LimitError::Invalid {
                field: format!("{field}.action"),
                mend,
            });
        }
    }
    Ok(())
}

impl Template {
    fn check(&self) -> Checked {
        filled("template.name", &self.name, limits::TEMPLATE_NAME)?;
        filled("template.language.code", &self.language.code, usize::MAX)?;
        check_components("template.components", &self.components)
    }
}

fn check_components(path: &str, components: &[Component]) -> Checked {
    for (index, component) in components.iter().enumerate() {
        let field = format!("{path}[{index}]");
        match component {
            Component::Header { parameters }
            | Component::Body { parameters }
            | Component::Button { parameters, .. }
            | Component::LimitedTimeOffer { parameters } => {
                for (number, parameter) in parameters.iter().enumerate() {
                    check_parameter(&format!("{field}.parameters[{number}]"), parameter)?;
                }
            }
            Component::Carousel { cards } => {
                let most = limits::CAROUSEL_CARDS_MAX;
                count(
                    format!("{field}.cards"),
                    cards.len(),
                    limits::CAROUSEL_CARDS_MIN,
                    most,
                )?;
                for (number, card) in cards.iter().enumerate() {
                    check_components(
                        &format!("{field}.cards[{number}].components"),
                        &card.components,
                    )?;
                }
            }
            Component::OrderStatus { .. } | Component::TapTargetConfiguration { .. } => {}
        }
    }
    Ok(())
}

fn check_parameter(field: &str, parameter: &Parameter) -> Checked {
    match parameter {
        Parameter::Text { text, .. } => {
            let field = format!("{field}.text");
            if text.trim().is_empty() {
                return Err(LimitError::Missing {
                    field,
                    mend: "give the variable a value",
                });
            }
            if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
                let mend = "no line breaks, tabs or more than four spaces in a row";
                return Err(LimitError::Invalid { field, mend });
            }
            Ok(())
        }
        Parameter::CouponCode { coupon_code } => filled(
            format!("{field}.coupon_code"),
            coupon_code,
            limits::COUPON_CODE,
        ),
        Parameter::Image { image: file } => media(&format!("{field}.image"), file, false),
        Parameter::Video { video: file } | Parameter::Gif { gif: file } => {
            media(&format!("{field}.video"), file, false)
        }
        Parameter::Document { document: file } => media(&format!("{field}.document"), file, false),
        Parameter::Location { location } => location.check(&format!("{field}.location")),
        _ => Ok(()),
    }
}
