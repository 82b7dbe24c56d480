//! Template messages: the values for Meta, and the words that the thread shows.
//!
//! Source: Meta's “Template components” and each template kind's page on sending.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_meta::outgoing::{Body, Component, Media, Parameter, SubType, Template as MetaTemplate};
use wigwag_model::consent::Category;
use wigwag_model::content::{Location, Template, TemplateButton, TemplateHeader};
use wigwag_model::template::{fill, places, variables};
use wigwag_model::{Kind, TemplateId};
use wigwag_store::templates;

use super::compose::{Composed, File, Thread, json, location};
use super::request::FILE;
use super::send::SendError;

/// A template with its values, while it is put together.
struct Filling<'a> {
    values: &'a BTreeMap<String, String>,
    named: bool,
    components: Vec<Component>,
    shown: Template,
}

pub(super) async fn compose(
    thread: Thread<'_>,
    id: TemplateId,
    values: &BTreeMap<String, String>,
    file: Option<File>,
    header_location: Option<Location>,
) -> Result<Composed, SendError> {
    let row = match templates::get(thread.context.db(), thread.scope.workspace, id).await {
        Ok(row) => row,
        Err(wigwag_store::Error::NotFound) => {
            return Err(SendError::field(
                "template.template_id",
                "unknown",
                "there is no such template: list the templates for their ids",
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let category = Category::parse(&row.category).unwrap_or(Category::Marketing);
    let named = row.parameter_format == "named";
    check_values(&row.components, named, values)?;
    let mut filling = Filling {
        values,
        named,
        components: Vec::new(),
        shown: Template {
            name: row.name.clone(),
            language: row.language.clone(),
            category: row.category.clone(),
            header: None,
            body: String::new(),
            footer: None,
            buttons: Vec::new(),
        },
    };
    for component in row.components.as_array().into_iter().flatten() {
        match word(component, "type").as_str() {
            "HEADER" => filling.header(component, file.as_ref(), header_location.as_ref())?,
            "BODY" => filling.body(component),
            "FOOTER" => filling.shown.footer = text(component),
            "BUTTONS" => filling.buttons(component),
            other => {
                return Err(SendError::field(
                    "template.template_id",
                    "unsupported",
                    format!(
                        "templates with a {} cannot be written by hand yet",
                        other.to_lowercase()
                    ),
                ));
            }
        }
    }
    let meta = MetaTemplate {
        components: filling.components,
        ..MetaTemplate::new(row.name, row.language)
    };
    Ok(Composed {
        kind: Kind::Template,
        content: json(&filling.shown)?,
        body: Body::template(meta),
        file,
        template: Some((id, category)),
        reply_to_wamid: None,
        reaction: None,
    })
}

/// Every variable has a value, and no value is without a variable.
fn check_values(
    components: &Value,
    named: bool,
    values: &BTreeMap<String, String>,
) -> Result<(), SendError> {
    let wanted = variables(components, named);
    for variable in &wanted {
        if values
            .get(&variable.key)
            .is_none_or(|value| value.trim().is_empty())
        {
            return Err(SendError::field(
                format!("template.variables.{}", variable.key),
                "required",
                "give this variable a value",
            ));
        }
    }
    if let Some(key) = values
        .keys()
        .find(|key| !wanted.iter().any(|variable| variable.key == **key))
    {
        return Err(SendError::field(
            format!("template.variables.{key}"),
            "unknown",
            "the template has no such variable",
        ));
    }
    Ok(())
}

fn word(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_ascii_uppercase()
}

fn text(component: &Value) -> Option<String> {
    component["text"].as_str().map(str::to_owned)
}

impl Filling<'_> {
    fn value(&self, part: &str, name: &str) -> Option<String> {
        self.values.get(&format!("{part}.{name}")).cloned()
    }

    /// The values of a text's places, in the order in which they appear.
    fn parameters(&self, part: &str, text: &str) -> Vec<Parameter> {
        places(text)
            .into_iter()
            .filter_map(|name| {
                let value = self.value(part, &name)?;
                Some(if self.named {
                    Parameter::named(name, value)
                } else {
                    Parameter::text(value)
                })
            })
            .collect()
    }

    fn header(
        &mut self,
        component: &Value,
        file: Option<&File>,
        place: Option<&Location>,
    ) -> Result<(), SendError> {
        let format = word(component, "format");
        let mut shown = TemplateHeader {
            format: format.to_ascii_lowercase(),
            text: None,
            location: None,
        };
        let parameters = match format.as_str() {
            "TEXT" => {
                let words = text(component).unwrap_or_default();
                shown.text = Some(fill(&words, |name| self.value("header", name)));
                self.parameters("header", &words)
            }
            "IMAGE" | "VIDEO" | "DOCUMENT" => {
                let Some(file) = file else {
                    return Err(SendError::field(
                        "template.header_media_id",
                        "required",
                        format!("the header wants a file: upload an {} first", shown.format),
                    ));
                };
                if file.kind != shown.format {
                    return Err(SendError::field(
                        "template.header_media_id",
                        "invalid",
                        format!(
                            "the header wants the kind {}, this file is of the kind {}",
                            shown.format, file.kind
                        ),
                    ));
                }
                vec![match format.as_str() {
                    "IMAGE" => Parameter::Image {
                        image: Media::id(FILE),
                    },
                    "VIDEO" => Parameter::Video {
                        video: Media::id(FILE),
                    },
                    _ => Parameter::Document {
                        document: Media {
                            filename: file.filename.clone(),
                            ..Media::id(FILE)
                        },
                    },
                }]
            }
            "LOCATION" => {
                let Some(place) = place else {
                    return Err(SendError::field(
                        "template.header_location",
                        "required",
                        "the header wants a place",
                    ));
                };
                shown.location = Some(place.clone());
                vec![Parameter::Location {
                    location: location(place.clone()),
                }]
            }
            other => {
                return Err(SendError::field(
                    "template.template_id",
                    "unsupported",
                    format!(
                        "templates with a {} header cannot be written by hand yet",
                        other.to_lowercase()
                    ),
                ));
            }
        };
        if !parameters.is_empty() {
            self.components.push(Component::Header { parameters });
        }
        self.shown.header = Some(shown);
        Ok(())
    }

    fn body(&mut self, component: &Value) {
        let words = text(component).unwrap_or_default();
        let parameters = self.parameters("body", &words);
        self.shown.body = fill(&words, |name| self.value("body", name));
        if !parameters.is_empty() {
            self.components.push(Component::Body { parameters });
        }
    }

    fn buttons(&mut self, component: &Value) {
        let buttons = component["buttons"].as_array().into_iter().flatten();
        for (at, button) in (0_u8..).zip(buttons) {
            let kind = word(button, "type");
            let part = format!("button.{at}");
            let url = button["url"].as_str().unwrap_or_default();
            let mut shown = TemplateButton {
                r#type: kind.to_ascii_lowercase(),
                text: text(button).unwrap_or_default(),
                url: (!url.is_empty()).then(|| url.to_owned()),
                phone: button["phone_number"].as_str().map(str::to_owned),
                code: None,
            };
            let parameter = match kind.as_str() {
                "URL" if url.contains("{{") => {
                    let value = self.value(&part, "url").unwrap_or_default();
                    shown.url = Some(fill(url, |_| Some(value.clone())));
                    Some((SubType::Url, Parameter::text(value)))
                }
                "COPY_CODE" => {
                    let code = self.value(&part, "code").unwrap_or_default();
                    shown.code = Some(code.clone());
                    Some((
                        SubType::CopyCode,
                        Parameter::CouponCode { coupon_code: code },
                    ))
                }
                // An authentication code goes twice: into the body and into the button.
                "OTP" => {
                    let code = self.value("body", "1").unwrap_or_default();
                    shown.code = Some(code.clone());
                    Some((SubType::Url, Parameter::text(code)))
                }
                _ => None,
            };
            self.shown.buttons.push(shown);
            if let Some((sub_type, parameter)) = parameter {
                self.components.push(Component::Button {
                    sub_type,
                    index: Some(at),
                    parameters: vec![parameter],
                });
            }
        }
    }
}
