//! A template message for one of many: the same words and the same request that the composer would
//! make, without a database.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_meta::outgoing::Body;
use wigwag_model::Kind;
use wigwag_model::content::{Location, preview};
use wigwag_store::templates::Template;

use super::compose::{Composed, File, check, json};
use super::send::SendError;
use super::template::Attached;
use super::{request, template};

/// A template message that is ready to be written down.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    /// What the thread shows.
    pub(crate) content: Value,
    /// One line of it.
    pub(crate) preview: String,
    /// The request as JSON, without recipient and callback data.
    pub(crate) body: String,
}

/// Fills a template in and holds it against Meta's limits.
///
/// # Errors
/// [`SendError::Field`] names what is missing or does not fit.
pub(crate) fn render(
    row: &Template,
    values: &BTreeMap<String, String>,
    file: Option<&File>,
    place: Option<&Location>,
) -> Result<Rendered, SendError> {
    let attached = Attached {
        header: file.cloned(),
        location: place.cloned(),
        ..Attached::default()
    };
    let rendered = template::render(row, values, &attached)?;
    let composed = Composed {
        kind: Kind::Template,
        content: json(&rendered.content)?,
        body: Body::template(rendered.template),
        file: attached.header,
        template: None,
        reply_to_wamid: None,
        reaction: None,
    };
    check(&composed)?;
    let body = request::stored(composed.body, None)
        .map_err(|error| SendError::Render(error.to_string()))?;
    Ok(Rendered {
        preview: preview(composed.kind, &composed.content),
        content: composed.content,
        body,
    })
}
