//! What can be done to many contacts at a time.

use serde::{Deserialize, Serialize};

use crate::MemberId;

/// Most tags of one action, and of one contact.
pub const MOST_TAGS: usize = 50;
/// Most characters of a tag.
pub const MOST_TAG: usize = 50;
/// Most contacts that are named one by one; more are meant by a filter.
pub const MOST_LISTED: usize = 5_000;

/// An action on contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkAction {
    /// Gives them tags that they do not have.
    AddTags {
        /// The tags.
        tags: Vec<String>,
    },
    /// Takes tags away, however they are spelled.
    RemoveTags {
        /// The tags.
        tags: Vec<String>,
    },
    /// Gives their conversations to a member, or to nobody.
    Assign {
        /// The member.
        member_id: Option<MemberId>,
    },
    /// Nothing is sent to them any more.
    Block,
    /// They may be written to again.
    Unblock,
    /// Removes what is known of them. There is no way back.
    Erase,
}

/// What is wrong with an action: the field inside it, and the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionFault {
    /// `tags` or `tags[0]`.
    pub field: String,
    /// A stable code.
    pub code: &'static str,
    /// The mend.
    pub message: String,
}

impl BulkAction {
    /// The name in tables and in the API.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AddTags { .. } => "add_tags",
            Self::RemoveTags { .. } => "remove_tags",
            Self::Assign { .. } => "assign",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Erase => "erase",
        }
    }

    /// Whether it can be taken back.
    pub fn can_be_undone(&self) -> bool {
        !matches!(self, Self::Erase)
    }

    /// The action with tidy tags: without spaces around them, each once.
    ///
    /// # Errors
    /// [`ActionFault`] for no tags, too many, or one that is empty or too long.
    pub fn checked(self) -> Result<Self, ActionFault> {
        let tidy = |tags: Vec<String>| {
            let fault = |field: String, code, message: String| ActionFault {
                field,
                code,
                message,
            };
            if tags.is_empty() || tags.len() > MOST_TAGS {
                let message = format!("name 1 to {MOST_TAGS} tags");
                return Err(fault("tags".to_owned(), "length", message));
            }
            let mut tidy: Vec<String> = Vec::with_capacity(tags.len());
            for (at, tag) in tags.iter().enumerate() {
                let tag = tag.trim();
                if tag.is_empty() || tag.chars().count() > MOST_TAG {
                    let message = format!("a tag has 1 to {MOST_TAG} characters");
                    return Err(fault(format!("tags[{at}]"), "length", message));
                }
                if !tidy.iter().any(|known| known == tag) {
                    tidy.push(tag.to_owned());
                }
            }
            Ok(tidy)
        };
        Ok(match self {
            Self::AddTags { tags } => Self::AddTags { tags: tidy(tags)? },
            Self::RemoveTags { tags } => Self::RemoveTags { tags: tidy(tags)? },
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_action_is_read_tidied_and_refused_by_field() {
        let read = |value| serde_json::from_value::<BulkAction>(value);
        let action = read(json!({"type": "add_tags", "tags": [" vip ", "vip", "नया"]})).unwrap();
        let wanted = BulkAction::AddTags {
            tags: vec!["vip".to_owned(), "नया".to_owned()],
        };
        assert_eq!(action.checked(), Ok(wanted));
        for (tags, field) in [
            (json!([]), "tags"),
            (json!(["a", " "]), "tags[1]"),
            (json!(["x".repeat(51)]), "tags[0]"),
        ] {
            let action = read(json!({"type": "remove_tags", "tags": tags})).unwrap();
            assert_eq!(action.checked().unwrap_err().field, field);
        }
        assert!(read(json!({"type": "add_tags"})).is_err());
        assert!(read(json!({"type": "assign", "member_id": "contact_1"})).is_err());
        let nobody = read(json!({"type": "assign", "member_id": null})).unwrap();
        assert_eq!((nobody.kind(), nobody.can_be_undone()), ("assign", true));
        assert!(!read(json!({"type": "erase"})).unwrap().can_be_undone());
    }
}
