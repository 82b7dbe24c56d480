//! Limits of template messages that hold for every template.

use super::measure::{Checked, count, filled};
use super::{LimitError, media};
use crate::limits;
use crate::outgoing::{Component, Parameter, Template};

impl Template {
    pub(super) fn check(&self) -> Checked {
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
