//! Templates: list, read, create, change, delete.

use super::Client;
use crate::error::Error;
use crate::response::Success;
use crate::template::{CreatedTemplate, FIELDS, NewTemplate, Template, TemplateEdit};

/// What to delete. A name that was approved cannot be used again for 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteTemplate<'a> {
    /// All languages of a name.
    Name(&'a str),
    /// One template: id and name.
    One {
        /// Id.
        id: &'a str,
        /// Name.
        name: &'a str,
    },
}

impl Client {
    /// All templates of a WABA, over all pages.
    pub async fn list_templates(&self, waba_id: &str) -> Result<Vec<Template>, Error> {
        self.read_templates(waba_id, &[("fields", FIELDS), ("limit", "100")])
            .await
    }

    /// The templates of a WABA with a name: one per language.
    pub async fn templates_named(&self, waba_id: &str, name: &str) -> Result<Vec<Template>, Error> {
        let query = [("fields", FIELDS), ("limit", "100"), ("name", name)];
        let found = self.read_templates(waba_id, &query).await?;
        // Graph's filter also finds names that begin the same.
        Ok(found
            .into_iter()
            .filter(|template| template.name == name)
            .collect())
    }

    async fn read_templates(
        &self,
        waba_id: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<Template>, Error> {
        let found: Vec<serde_json::Value> =
            self.list(&[waba_id, "message_templates"], query).await?;
        Ok(found
            .into_iter()
            .filter_map(Template::from_listing)
            .collect())
    }

    /// One template.
    pub async fn get_template(&self, template_id: &str) -> Result<Template, Error> {
        self.get(&[template_id], &[("fields", FIELDS)]).await
    }

    /// Creates a template and hands it in for review. At most 100 an hour and WABA.
    pub async fn create_template(
        &self,
        waba_id: &str,
        template: &NewTemplate,
    ) -> Result<CreatedTemplate, Error> {
        self.post(&[waba_id, "message_templates"], template).await
    }

    /// Changes a template and hands it in again. Approved ones: once a day, ten times in 30 days.
    pub async fn edit_template(
        &self,
        template_id: &str,
        edit: &TemplateEdit,
    ) -> Result<Success, Error> {
        self.post(&[template_id], edit).await
    }

    /// Deletes templates.
    pub async fn delete_template(
        &self,
        waba_id: &str,
        what: DeleteTemplate<'_>,
    ) -> Result<Success, Error> {
        let query = match what {
            DeleteTemplate::Name(name) => vec![("name", name)],
            DeleteTemplate::One { id, name } => vec![("hsm_id", id), ("name", name)],
        };
        self.delete(&[waba_id, "message_templates"], &query).await
    }
}
