//! Blocking people.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Client;
use crate::error::{Error, GraphError};
use crate::limits;

/// Answer to block or unblock. Some people may have been refused: then `error` is set too.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockAnswer {
    /// Who was, and who was not.
    pub block_users: BlockResult,
    /// The error of the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<GraphError>,
}

/// Who was blocked or unblocked, and who was not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockResult {
    /// Blocked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added_users: Vec<BlockedUser>,
    /// Unblocked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed_users: Vec<BlockedUser>,
    /// Refused, with reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_users: Vec<BlockedUser>,
}

impl BlockAnswer {
    /// What is said of one person, named as in the call. Meta repeats the name as `input`; where it does not, the ids
    /// are compared.
    pub fn fate(&self, user: &str) -> BlockFate<'_> {
        let lists = &self.block_users;
        if let Some(failed) = lists.failed_users.iter().find(|one| one.is(user)) {
            return failed
                .errors
                .first()
                .map_or(BlockFate::Unsaid, BlockFate::Refused);
        }
        let mut done = lists.added_users.iter().chain(&lists.removed_users);
        if done.any(|one| one.is(user)) {
            BlockFate::Done
        } else {
            BlockFate::Unsaid
        }
    }
}

/// What an answer says of one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BlockFate<'a> {
    /// Blocked or unblocked, as was asked.
    Done,
    /// Not, for this reason.
    Refused(&'a GraphError),
    /// Nothing.
    Unsaid,
}

/// One person of a block list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockedUser {
    /// What we wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// WhatsApp id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wa_id: Option<String>,
    /// Business-scoped user id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Why not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<GraphError>,
}

impl BlockedUser {
    fn is(&self, user: &str) -> bool {
        let bare = |text: &str| text.trim_start_matches('+').to_owned();
        let names = [&self.input, &self.wa_id, &self.user_id];
        names
            .into_iter()
            .flatten()
            .any(|name| bare(name) == bare(user))
    }
}

impl Client {
    /// Blocks people, by phone number or business-scoped user id; at most [`crate::limits::BLOCK_USERS`], and only
    /// those who wrote to the number in the last 24 hours (else code 131047 for the person). A partial failure,
    /// code 139100, is an answer with `failed_users`, not an error. Source: Meta's “Block users”.
    pub async fn block_users(
        &self,
        phone_number_id: &str,
        users: &[&str],
    ) -> Result<BlockAnswer, Error> {
        self.change_block(Method::POST, phone_number_id, users)
            .await
    }

    /// Unblocks people, by phone number or business-scoped user id, whenever they wrote.
    pub async fn unblock_users(
        &self,
        phone_number_id: &str,
        users: &[&str],
    ) -> Result<BlockAnswer, Error> {
        self.change_block(Method::DELETE, phone_number_id, users)
            .await
    }

    async fn change_block(
        &self,
        method: Method,
        phone_number_id: &str,
        users: &[&str],
    ) -> Result<BlockAnswer, Error> {
        // A BSUID has a dot after the country and goes into another field.
        let key = |user: &str| {
            if user.contains('.') {
                "user_id"
            } else {
                "user"
            }
        };
        let users: Vec<_> = users
            .iter()
            .map(|user| json!({ key(user): user }))
            .collect();
        let body = json!({"messaging_product": "whatsapp", "block_users": users});
        let request = self
            .request(method, &[phone_number_id, "block_users"], &[])
            .json(&body);
        let response = request.send().await.map_err(super::transport)?;
        let status = response.status();
        let bytes = super::collect(response).await?;
        if status.is_success() {
            return serde_json::from_slice(&bytes)
                .map_err(|error| super::unreadable(status.as_u16(), &bytes, &error));
        }
        // Code 139100 comes with both parts; without the first it is a plain refusal.
        match serde_json::from_slice::<BlockAnswer>(&bytes) {
            Ok(answer) if answer.block_users != BlockResult::default() => Ok(answer),
            _ => Err(super::failure(status.as_u16(), &bytes)),
        }
    }

    /// Everybody whom a number has blocked, at most [`crate::limits::BLOCK_LIST`]. Code 139102 says that the list
    /// changed while its pages were read: begin anew.
    pub async fn list_blocked_users(
        &self,
        phone_number_id: &str,
    ) -> Result<Vec<BlockedUser>, Error> {
        // Meta's page shows a flat list, its reference one that is wrapped once more.
        #[derive(Deserialize)]
        struct Entry {
            #[serde(default)]
            block_users: Vec<BlockedUser>,
            #[serde(flatten)]
            user: BlockedUser,
        }
        let entries: Vec<Entry> = self
            .pages(
                &[phone_number_id, "block_users"],
                &[("limit", "100")],
                limits::BLOCK_LIST / 100 + 1,
            )
            .await?;
        let nobody = BlockedUser::default();
        Ok(entries
            .into_iter()
            .flat_map(|entry| entry.block_users.into_iter().chain([entry.user]))
            .filter(|user| *user != nobody)
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_of_each_what_became_of_them() {
        let partly = json!({
            "messaging_product": "whatsapp",
            "block_users": {
                "added_users": [{"input": "+919812345678", "wa_id": "919812345678"}],
                "failed_users": [
                    {"input": "+442079460958", "wa_id": "442079460958", "errors": [{"code": 131_047, "message": "Re-engagement"}]},
                    {"wa_id": "4930901820"},
                ],
            },
            "error": {"code": 139_100, "message": "(#139100) Not everybody"},
        });
        let answer: BlockAnswer = serde_json::from_value(partly).expect("an answer");
        assert_eq!(answer.fate("+919812345678"), BlockFate::Done);
        assert_eq!(answer.fate("919812345678"), BlockFate::Done);
        assert!(
            matches!(answer.fate("+442079460958"), BlockFate::Refused(error) if error.code == 131_047)
        );
        // A failure without a reason says nothing, and so does silence.
        assert_eq!(answer.fate("+4930901820"), BlockFate::Unsaid);
        assert_eq!(answer.fate("IN.1"), BlockFate::Unsaid);
        let removed = json!({"block_users": {"removed_users": [{"user_id": "IN.77"}]}});
        let answer: BlockAnswer = serde_json::from_value(removed).expect("an answer");
        assert_eq!(answer.fate("IN.77"), BlockFate::Done);
    }
}
