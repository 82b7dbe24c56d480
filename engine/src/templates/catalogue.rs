//! Templates as programs look them up: by name and language, and in stretches of a filtered list.

use wigwag_model::template::variables;
use wigwag_model::{NumberId, WorkspaceId};
use wigwag_store::templates::{self, DELETED, Filter, Template};
use wigwag_store::{Error, numbers};

use crate::Context;

/// Templates that are read at a time.
const STEP: u32 = 200;

/// What became of a look-up by name.
#[derive(Debug, Clone, PartialEq)]
pub enum Named {
    /// The template.
    Found(Box<Template>),
    /// The name is there in these languages only; in none when nobody has the name.
    Languages(Vec<String>),
}

/// The template of a number's account with a name and a language.
///
/// # Errors
/// What the database says.
pub async fn by_name(
    context: &Context,
    workspace: WorkspaceId,
    number: NumberId,
    name: &str,
    language: &str,
) -> wigwag_store::Result<Named> {
    let waba = numbers::get(context.db(), workspace, number).await?.waba;
    let all = templates::named(context.db(), workspace, waba, name).await?;
    let there = |row: &&Template| row.status != DELETED;
    if let Some(found) = all
        .iter()
        .filter(there)
        .find(|row| row.language == language)
    {
        return Ok(Named::Found(Box::new(found.clone())));
    }
    let languages = all.iter().filter(there).map(|row| row.language.clone());
    Ok(Named::Languages(languages.collect()))
}

/// Which templates.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A part of the name.
    pub name: Option<String>,
    /// Any of Meta's statuses, in lower case.
    pub statuses: Option<Vec<&'static str>>,
    /// The language.
    pub language: Option<String>,
    /// Whether there is something to fill in.
    pub variables: Option<bool>,
}

impl Wanted {
    fn has(&self, row: &Template) -> bool {
        let of = |status: &&'static str| *status == row.status;
        let fills = || {
            let named = row.parameter_format == "named";
            !variables(&row.components, named).is_empty()
        };
        // What Meta does not know is nobody's but ours.
        !row.is_draft()
            && self
                .statuses
                .as_ref()
                .is_none_or(|statuses| statuses.iter().any(of))
            && self
                .language
                .as_ref()
                .is_none_or(|language| *language == row.language)
            && self.variables.is_none_or(|wanted| wanted == fills())
    }
}

/// How many templates there are of those wanted, and a stretch of them by name. An account has some
/// thousands at most, so that they are looked through.
///
/// # Errors
/// What the database says.
pub async fn catalogue(
    context: &Context,
    workspace: WorkspaceId,
    wanted: &Wanted,
    offset: usize,
    limit: usize,
) -> Result<(usize, Vec<Template>), Error> {
    let filter = Filter {
        query: wanted.name.clone(),
        ..Filter::default()
    };
    let (mut count, mut kept, mut after) = (0, Vec::new(), None);
    loop {
        let (rows, next) = templates::list(context.db(), workspace, &filter, after, STEP).await?;
        for row in rows.into_iter().filter(|row| wanted.has(row)) {
            if count >= offset && kept.len() < limit {
                kept.push(row);
            }
            count += 1;
        }
        if next.is_none() {
            return Ok((count, kept));
        }
        after = next;
    }
}
