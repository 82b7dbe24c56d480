//! A template message for one of many: the same words and the same request that the composer would
//! make, without a database.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_model::content::{Location, preview};
use wigwag_store::templates::Template;

use super::compose::{File, check};
use super::send::SendError;
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
    let composed = template::fill_in(row, values, file.cloned(), place.cloned())?;
    check(&composed)?;
    let body = request::stored(composed.body, None)
        .map_err(|error| SendError::Render(error.to_string()))?;
    Ok(Rendered {
        preview: preview(composed.kind, &composed.content),
        content: composed.content,
        body,
    })
}
