//! Contacts as a file that an import takes back as it is: the same columns, the same ways to write what is in
//! them.

use wigwag_model::audience::{Filter, TraitKind};
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{Timestamp, WorkspaceId};
use wigwag_store::audience::{self, Export, ExportRow, Trait};
use wigwag_store::contacts::ConsentRow;

use super::errors::line;
use super::mapping::Target;
use super::parts::cell_of;
use super::safe::safe_cell;
use crate::Context;

/// People that are read at a time.
const PEOPLE: u32 = 1_000;

/// A file that is being written.
#[derive(Debug, Clone)]
pub struct ContactsFile {
    workspace: WorkspaceId,
    export: Export,
    traits: Vec<Trait>,
}

const CATEGORIES: [Category; 3] = [
    Category::Marketing,
    Category::Utility,
    Category::Authentication,
];

impl ContactsFile {
    /// Begins a file of the people whom a filter finds now.
    ///
    /// # Errors
    /// [`wigwag_store::Error::Filter`] for a filter that cannot be asked.
    pub async fn begin(
        context: &Context,
        workspace: WorkspaceId,
        filter: &Filter,
        now: Timestamp,
    ) -> wigwag_store::Result<Self> {
        let export = audience::begin_export(context.db(), workspace, filter, now).await?;
        let traits = audience::traits(context.db(), workspace).await?;
        Ok(Self {
            workspace,
            export,
            traits,
        })
    }

    /// The first line: what the columns are, in the import's words. It begins with the mark by which
    /// spreadsheets know UTF-8.
    pub fn head(&self) -> String {
        let fixed = [
            Target::Phone,
            Target::Name,
            Target::Profile,
            Target::Email,
            Target::Tags,
            Target::External,
        ];
        let mut cells: Vec<String> = fixed.iter().map(ToString::to_string).collect();
        cells.extend(CATEGORIES.map(|category| Target::Consent(category).to_string()));
        cells.push("country".to_owned());
        cells.extend(
            self.traits
                .iter()
                .map(|known| Target::Typed(known.kind, known.key.clone()).to_string()),
        );
        format!("\u{feff}{}", line(cells.iter().map(|cell| safe_cell(cell))))
    }

    /// The lines of the next people after a number, and the number after which to go on; nothing when that
    /// was all.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lines(
        &self,
        context: &Context,
        after: i64,
    ) -> wigwag_store::Result<(String, Option<i64>)> {
        let (rows, next) =
            audience::export_page(context.db(), self.workspace, &self.export, after, PEOPLE)
                .await?;
        let lines = rows
            .iter()
            .map(|row| line(self.cells(row).iter().map(|cell| safe_cell(cell.trim()))))
            .collect();
        Ok((lines, next))
    }

    fn cells(&self, row: &ExportRow) -> Vec<String> {
        let contact = &row.person.contact;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut cells = vec![
            text(&contact.phone),
            text(&contact.name),
            text(&contact.profile_name),
            text(&contact.email),
            cell_of(contact.tags.iter().map(String::as_str)),
            text(&row.external),
        ];
        cells.extend(CATEGORIES.map(|category| consent(&row.person.consent, category)));
        cells.push(text(&contact.country));
        cells.extend(self.traits.iter().map(|known| {
            let given = contact.traits.get(&known.key);
            given.map_or_else(String::new, |value| cell(known.kind, value))
        }));
        cells
    }
}

/// Yes or no and since when; nothing where nothing was said.
fn consent(said: &[ConsentRow], category: Category) -> String {
    said.iter()
        .find(|row| row.category == category && row.state != ConsentState::Unknown)
        .map(|row| format!("{} {}", row.state.as_str(), row.at))
        .unwrap_or_default()
}

/// The value of a trait; nothing where it is not of the trait's kind and could not be read again.
fn cell(kind: TraitKind, value: &serde_json::Value) -> String {
    use serde_json::Value;
    match (kind, value) {
        (TraitKind::List, Value::Array(parts)) => cell_of(parts.iter().filter_map(Value::as_str)),
        (TraitKind::Text | TraitKind::Datetime, Value::String(text)) => text.clone(),
        (TraitKind::Number, Value::Number(number)) => number.to_string(),
        (TraitKind::Boolean, Value::Bool(yes)) => yes.to_string(),
        _ => String::new(),
    }
}
