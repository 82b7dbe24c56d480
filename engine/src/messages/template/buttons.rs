//! Buttons with their values.

use serde_json::Value;
use wigwag_meta::outgoing::{
    ActionParameter, Component, Parameter, ProductItem, ProductSection, SubType,
};
use wigwag_model::content::TemplateButton;
use wigwag_model::template::fill;

use super::super::send::SendError;
use super::filling::{Filling, word};

/// What buttons become: what is shown, and what Meta gets for those that are filled in.
pub(super) type Buttons = (Vec<TemplateButton>, Vec<Component>);

/// Fills in all buttons of a component; `prefix` is a card's.
pub(super) fn fill_all(
    filling: &Filling<'_>,
    prefix: &str,
    component: &Value,
) -> Result<Buttons, SendError> {
    let (mut shown, mut components) = (Vec::new(), Vec::new());
    let buttons = component["buttons"].as_array().into_iter().flatten();
    for (at, button) in (0_u8..).zip(buttons) {
        let (look, parameter) = one(filling, &format!("{prefix}button.{at}"), button)?;
        shown.push(look);
        components.extend(parameter.map(|(sub_type, parameter)| Component::Button {
            sub_type,
            index: Some(at),
            parameters: vec![parameter],
        }));
    }
    Ok((shown, components))
}

fn one(
    filling: &Filling<'_>,
    part: &str,
    button: &Value,
) -> Result<(TemplateButton, Option<(SubType, Parameter)>), SendError> {
    let kind = word(button, "type");
    let url = button["url"].as_str().unwrap_or_default();
    let value = |key: &str| filling.value(&format!("{part}.{key}"));
    let owned = |key: &str| value(key).unwrap_or_default().to_owned();
    let mut shown = TemplateButton {
        r#type: kind.to_ascii_lowercase(),
        text: button["text"].as_str().unwrap_or_default().to_owned(),
        url: (!url.is_empty()).then(|| url.to_owned()),
        phone: button["phone_number"].as_str().map(str::to_owned),
        code: None,
    };
    let parameter = match kind.as_str() {
        "URL" if url.contains("{{") => {
            let value = owned("url");
            shown.url = Some(fill(url, |_| Some(value.clone())));
            Some((SubType::Url, Parameter::text(value)))
        }
        "COPY_CODE" => {
            let code = owned("code");
            shown.code = Some(code.clone());
            Some((
                SubType::CopyCode,
                Parameter::CouponCode { coupon_code: code },
            ))
        }
        // An authentication code goes twice: into the body and into the button, whether it is copied or
        // filled in by one tap.
        "OTP" => {
            let code = filling.value("body.1").unwrap_or_default().to_owned();
            shown.code = Some(code.clone());
            Some((SubType::Url, Parameter::text(code)))
        }
        "QUICK_REPLY" => value("payload").map(|payload| {
            let payload = payload.to_owned();
            (SubType::QuickReply, Parameter::Payload { payload })
        }),
        "FLOW" => Some((
            SubType::Flow,
            flow(part, value("flow_token"), value("flow_data"))?,
        )),
        "CATALOG" => value("thumbnail").map(|product| {
            let action = ActionParameter {
                thumbnail_product_retailer_id: Some(product.to_owned()),
                ..ActionParameter::default()
            };
            (SubType::Catalog, Parameter::Action { action })
        }),
        "MPM" => {
            let action = ActionParameter {
                thumbnail_product_retailer_id: Some(owned("thumbnail")),
                sections: sections(part, &owned("products"))?,
                ..ActionParameter::default()
            };
            Some((SubType::Mpm, Parameter::Action { action }))
        }
        _ => None,
    };
    Ok((shown, parameter))
}

/// A flow is opened with a token, `unused` where nobody needs one, and maybe with data.
fn flow(part: &str, token: Option<&str>, data: Option<&str>) -> Result<Parameter, SendError> {
    let data = data.map(serde_json::from_str).transpose();
    let flow_action_data = data.map_err(|_| {
        SendError::field(
            format!("template.variables.{part}.flow_data"),
            "invalid",
            "give a JSON object",
        )
    })?;
    Ok(Parameter::Action {
        action: ActionParameter {
            flow_token: Some(token.unwrap_or("unused").to_owned()),
            flow_action_data,
            ..ActionParameter::default()
        },
    })
}

/// Products as Meta's sections, or as ids with commas between them.
fn sections(part: &str, text: &str) -> Result<Vec<ProductSection>, SendError> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|error| {
            SendError::field(
                format!("template.variables.{part}.products"),
                "invalid",
                format!("not sections in Meta's shape: {error}"),
            )
        });
    }
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(|id| ProductItem {
            product_retailer_id: id.to_owned(),
        });
    Ok(vec![ProductSection {
        title: Some("Products".to_owned()),
        product_items: items.collect(),
    }])
}
