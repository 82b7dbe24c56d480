//! Headers, bodies and footers with their values, of a template or of a card.

use serde_json::Value;
use wigwag_meta::outgoing::{Card, Component, Media, Parameter, Product, Template as MetaTemplate};
use wigwag_model::content::{Template, TemplateCard, TemplateHeader};
use wigwag_model::template::{fill, places, shown_text};
use wigwag_store::templates::Template as Row;

use super::super::compose::location;
use super::super::draft::Linked;
use super::super::request::FILE;
use super::super::send::SendError;
use super::{Attached, Rendered, Values, buttons, offer};

/// A template with its values, while it is put together.
pub(super) struct Filling<'a> {
    row: &'a Row,
    values: &'a Values,
    attached: &'a Attached,
    named: bool,
}

/// What a part of a template becomes: what is shown, and what Meta gets.
type Part<T> = (T, Option<Component>);

impl<'a> Filling<'a> {
    pub(super) fn new(row: &'a Row, values: &'a Values, attached: &'a Attached) -> Self {
        Self {
            row,
            values,
            attached,
            named: row.parameter_format == "named",
        }
    }

    pub(super) fn finish(self) -> Result<Rendered, SendError> {
        let row = self.row;
        let mut content = Template {
            name: row.name.clone(),
            language: row.language.clone(),
            category: row.category.clone(),
            header: None,
            body: String::new(),
            footer: None,
            buttons: Vec::new(),
            offer: None,
            cards: Vec::new(),
        };
        let mut components = Vec::new();
        for component in row.components.as_array().into_iter().flatten() {
            match word(component, "type").as_str() {
                "HEADER" => {
                    let (shown, part) = self.header("", component)?;
                    content.header = Some(shown);
                    components.extend(part);
                }
                "BODY" => {
                    let (shown, part) = self.text("", "body", component);
                    content.body = shown;
                    components.extend(part);
                }
                "FOOTER" => content.footer = shown_text(component),
                "BUTTONS" => {
                    let (shown, parts) = buttons::fill_all(&self, "", component)?;
                    content.buttons = shown;
                    components.extend(parts);
                }
                "LIMITED_TIME_OFFER" => {
                    let (shown, part) = offer::fill(&self, component)?;
                    content.offer = Some(shown);
                    components.extend(part);
                }
                "CAROUSEL" => {
                    let (shown, part) = self.carousel(component)?;
                    content.cards = shown;
                    components.push(part);
                }
                // Asks for leave to call: nothing of it is filled in.
                "CALL_PERMISSION_REQUEST" => {}
                other => {
                    return Err(SendError::field(
                        "template.template_id",
                        "unsupported",
                        format!(
                            "templates with a {} cannot be sent yet",
                            other.to_lowercase()
                        ),
                    ));
                }
            }
        }
        if let Some(order_status) = self.attached.order_status.clone() {
            let parameters = vec![Parameter::OrderStatus { order_status }];
            components.push(Component::OrderStatus { parameters });
        }
        Ok(Rendered {
            template: MetaTemplate {
                components,
                ..MetaTemplate::new(row.name.clone(), row.language.clone())
            },
            content,
        })
    }

    /// The value of a key such as `body.1`.
    pub(super) fn value(&self, key: &str) -> Option<&'a str> {
        self.values.get(key).map(String::as_str)
    }

    /// The values of a text's places, in the order in which they appear.
    fn parameters(&self, part: &str, text: &str) -> Vec<Parameter> {
        let of = |name: String| {
            let value = self.value(&format!("{part}.{name}"))?;
            Some(if self.named {
                Parameter::named(name, value)
            } else {
                Parameter::text(value)
            })
        };
        places(text).into_iter().filter_map(of).collect()
    }

    fn text(&self, prefix: &str, part: &str, component: &Value) -> Part<String> {
        let words = shown_text(component).unwrap_or_default();
        let key = format!("{prefix}{part}");
        let parameters = self.parameters(&key, &words);
        let shown = fill(&words, |name| {
            self.value(&format!("{key}.{name}")).map(str::to_owned)
        });
        let filled = (!parameters.is_empty()).then_some(match part {
            "header" => Component::Header { parameters },
            _ => Component::Body { parameters },
        });
        (shown, filled)
    }

    fn header(&self, prefix: &str, component: &Value) -> Result<Part<TemplateHeader>, SendError> {
        let format = word(component, "format");
        let mut shown = TemplateHeader {
            format: format.to_ascii_lowercase(),
            text: None,
            location: None,
            link: None,
            product: None,
        };
        let parameter = match format.as_str() {
            "TEXT" => {
                let (text, part) = self.text(prefix, "header", component);
                shown.text = Some(text);
                return Ok((shown, part));
            }
            "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" if prefix.is_empty() => {
                match &self.attached.link {
                    Some(file) => linked(&format, file, &mut shown),
                    None => self.file(&format, &shown.format)?,
                }
            }
            "IMAGE" | "VIDEO" => {
                let key = format!("{prefix}header");
                let media = self.card_file(&key, &mut shown);
                media_parameter(&format, media)
            }
            "LOCATION" => {
                let Some(place) = &self.attached.location else {
                    return Err(SendError::field(
                        "template.header_location",
                        "required",
                        "the header wants a place",
                    ));
                };
                shown.location = Some(place.clone());
                Parameter::Location {
                    location: location(place.clone()),
                }
            }
            "PRODUCT" => {
                let of = |key: &str| {
                    let key = format!("{prefix}header.{key}");
                    self.value(&key).unwrap_or_default().to_owned()
                };
                let product = Product {
                    product_retailer_id: of("product_id"),
                    catalog_id: of("catalog_id"),
                };
                shown.product = Some(product.product_retailer_id.clone());
                Parameter::Product { product }
            }
            other => {
                return Err(SendError::field(
                    "template.template_id",
                    "unsupported",
                    format!(
                        "templates with a {} header cannot be sent yet",
                        other.to_lowercase()
                    ),
                ));
            }
        };
        let parameters = vec![parameter];
        Ok((shown, Some(Component::Header { parameters })))
    }

    /// The file of the template's own header.
    fn file(&self, format: &str, shown: &str) -> Result<Parameter, SendError> {
        let Some(file) = &self.attached.header else {
            return Err(SendError::field(
                "template.header_media_id",
                "required",
                format!("the header wants a file: upload an {shown} first"),
            ));
        };
        let wanted = if format == "GIF" { "video" } else { shown };
        if file.kind != wanted {
            return Err(SendError::field(
                "template.header_media_id",
                "invalid",
                format!(
                    "the header wants the kind {wanted}, this file is of the kind {}",
                    file.kind
                ),
            ));
        }
        let media = Media {
            filename: file.filename.clone().filter(|_| format == "DOCUMENT"),
            ..Media::id(FILE)
        };
        Ok(media_parameter(format, media))
    }

    /// The file of a card: one that Meta has, or a link.
    fn card_file(&self, key: &str, shown: &mut TemplateHeader) -> Media {
        let value = self.value(key).unwrap_or_default();
        if let Some(id) = self.attached.cards.get(key) {
            return Media::id(id.clone());
        }
        shown.link = Some(value.to_owned());
        Media::link(value)
    }

    fn carousel(&self, carousel: &Value) -> Result<(Vec<TemplateCard>, Component), SendError> {
        let (mut shown, mut cards) = (Vec::new(), Vec::new());
        let listed = carousel["cards"].as_array().into_iter().flatten();
        for (at, card) in (0_u8..).zip(listed) {
            let prefix = format!("card.{at}.");
            let mut look = TemplateCard::default();
            let mut components = Vec::new();
            for component in card["components"].as_array().into_iter().flatten() {
                match word(component, "type").as_str() {
                    "HEADER" => {
                        let (header, part) = self.header(&prefix, component)?;
                        look.header = Some(header);
                        components.extend(part);
                    }
                    "BODY" => {
                        let (text, part) = self.text(&prefix, "body", component);
                        look.body = Some(text);
                        components.extend(part);
                    }
                    "BUTTONS" => {
                        let (all, parts) = buttons::fill_all(self, &prefix, component)?;
                        look.buttons = all;
                        components.extend(parts);
                    }
                    _ => {}
                }
            }
            shown.push(look);
            cards.push(Card {
                card_index: at,
                components,
            });
        }
        Ok((shown, Component::Carousel { cards }))
    }
}

/// A header's file that Meta fetches from its address.
fn linked(format: &str, file: &Linked, shown: &mut TemplateHeader) -> Parameter {
    shown.link = Some(file.url.clone());
    let media = Media {
        filename: file.filename.clone().filter(|_| format == "DOCUMENT"),
        ..Media::link(file.url.clone())
    };
    media_parameter(format, media)
}

fn media_parameter(format: &str, media: Media) -> Parameter {
    match format {
        "IMAGE" => Parameter::Image { image: media },
        "VIDEO" => Parameter::Video { video: media },
        "GIF" => Parameter::Gif { gif: media },
        _ => Parameter::Document { document: media },
    }
}

pub(super) fn word(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_ascii_uppercase()
}
