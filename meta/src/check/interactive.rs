//! Limits of interactive messages.

use super::measure::{Checked, at_most, count, filled, unique};
use super::{LimitError, media};
use crate::limits;
use crate::outgoing::{
    Action, CardAction, CarouselAction, Header, Interactive, ListAction, ProductListAction,
    ReplyButton,
};

impl Interactive {
    pub(super) fn check(&self) -> Checked {
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
