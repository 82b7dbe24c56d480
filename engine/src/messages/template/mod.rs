//! Template messages: the values for Meta, and the words that the thread shows.
//!
//! [`render`] is the one way from a template and its values to both. It reads nothing and asks nobody, so that
//! a campaign calls it for each of its people, and a preview shows what would be sent. Source: Meta's “Template
//! components” and each template kind's page on sending.

mod buttons;
mod filling;
mod offer;

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_meta::outgoing::{Body, Template as MetaTemplate};
use wigwag_model::consent::Category;
use wigwag_model::content::{Location, Template};
use wigwag_model::id::Id as _;
use wigwag_model::template::{extras, variables};
use wigwag_model::{Kind, MediaId, TemplateId};
use wigwag_store::templates::{self, Template as Row};

use super::compose::{Composed, File, Thread, file, json};
use super::draft::Linked;
use super::send::SendError;
use crate::media::{UploadError, upload_to_meta};

use filling::Filling;

/// Values by key: `body.1`, `header.name`, `button.0.url`, ….
pub(crate) type Values = BTreeMap<String, String>;

/// What a template takes beside texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attached {
    /// The file of its header.
    pub(crate) header: Option<File>,
    /// The file of its header, where it is at an address.
    pub(crate) link: Option<Linked>,
    /// The place of its header.
    pub(crate) location: Option<Location>,
    /// The status of an order, in Meta's shape.
    pub(crate) order_status: Option<Value>,
    /// Meta's ids of the files of cards, by key: `card.0.header`. Other cards have links.
    pub(crate) cards: BTreeMap<String, String>,
}

/// A template with its values.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    /// What the thread shows.
    pub(crate) content: Template,
    /// What Meta gets.
    pub(crate) template: MetaTemplate,
}

/// Puts values into a template. Every variable needs one, and every value a variable.
///
/// # Errors
/// [`SendError::Field`] with the field in the request.
pub(crate) fn render(
    row: &Row,
    values: &Values,
    attached: &Attached,
) -> Result<Rendered, SendError> {
    check_values(row, values)?;
    Filling::new(row, values, attached).finish()
}

pub(super) async fn compose(
    thread: Thread<'_>,
    id: TemplateId,
    values: &Values,
    attached: Attached,
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
    let attached = Attached {
        cards: card_files(thread, values).await?,
        ..attached
    };
    let rendered = render(&row, values, &attached)?;
    let category = Category::parse(&row.category).unwrap_or(Category::Marketing);
    Ok(Composed {
        kind: Kind::Template,
        content: json(&rendered.content)?,
        body: Body::template(rendered.template),
        file: attached.header,
        template: Some((id, category)),
        reply_to_wamid: None,
        reaction: None,
    })
}

/// Hands the files of cards to Meta. A message keeps one file for later, and a carousel has up to ten: they go
/// before it is written. Nobody gets anything by that.
async fn card_files(
    thread: Thread<'_>,
    values: &Values,
) -> Result<BTreeMap<String, String>, SendError> {
    let mut found = BTreeMap::new();
    for (key, value) in values {
        if !(key.starts_with("card.") && key.ends_with(".header")) || value.starts_with("https://")
        {
            continue;
        }
        let field = format!("template.variables.{key}");
        let media: MediaId = value.parse().map_err(|_| {
            SendError::field(
                &*field,
                "invalid",
                format!(
                    "give the id of an uploaded file, `{}_…`, or an https address",
                    MediaId::PREFIX
                ),
            )
        })?;
        file(thread, &field, media).await?;
        let (context, workspace) = (thread.context, thread.scope.workspace);
        let id = upload_to_meta(context, workspace, media, thread.number)
            .await
            .map_err(|error| match error {
                UploadError::Store(error) => SendError::Store(error),
                error => SendError::field(&*field, "upload_failed", error.to_string()),
            })?;
        found.insert(key.clone(), id);
    }
    Ok(found)
}

/// Every variable has a value, and no value is without a variable.
fn check_values(row: &Row, values: &Values) -> Result<(), SendError> {
    let wanted = variables(&row.components, row.parameter_format == "named");
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
    let extras = extras(&row.components);
    let known = |key: &str| {
        let mut all = wanted.iter().chain(&extras);
        all.any(|variable| variable.key == key)
    };
    if let Some(key) = values.keys().find(|key| !known(key)) {
        return Err(SendError::field(
            format!("template.variables.{key}"),
            "unknown",
            "the template has no such variable",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
