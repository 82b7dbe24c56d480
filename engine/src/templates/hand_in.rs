//! A template that is written and handed in by one request: whole, or not at all.

use wigwag_model::Scope;
use wigwag_model::template_rules::{self, Problem};
use wigwag_store::templates::Template;

use super::{TemplateError, Wish, create, remove, submit};
use crate::Context;

/// Writes a template and hands it in. Where that is refused, nothing of it stays here; where it is not known
/// whether Meta has it, it stays and is looked for.
///
/// # Errors
/// [`TemplateError`].
pub async fn hand_in(
    context: &Context,
    scope: &Scope,
    wish: Wish,
) -> Result<Template, TemplateError> {
    let mut draft = wish.draft.clone();
    draft.components = template_rules::normalise(&draft.components);
    let wrong: Vec<Problem> = template_rules::check(&draft)
        .into_iter()
        .filter(Problem::is_error)
        .collect();
    if !wrong.is_empty() {
        return Err(TemplateError::Problems(wrong));
    }
    let id = create(context, scope, wish).await?.id;
    match submit(context, scope, id).await {
        Ok(row) => Ok(row),
        Err(error @ (TemplateError::Unsure | TemplateError::Running)) => Err(error),
        Err(error) => {
            if let Err(error) = remove(context, scope, id, false).await {
                tracing::warn!(template = %id, %error, "a refused draft could not be taken away");
            }
            Err(error)
        }
    }
}
