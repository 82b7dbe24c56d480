//! Blocking people.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Client;
use crate::error::{Error, GraphError};

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

impl Client {
    /// Blocks people, by phone number; at most 1,000, and only those who wrote in the last 24 hours.
    /// A partial failure is an answer with `failed_users`, not an error.
    pub async fn block_users(
        &self,
        phone_number_id: &str,
        users: &[&str],
    ) -> Result<BlockAnswer, Error> {
        self.change_block(Method::POST, phone_number_id, users)
            .await
    }

    /// Unblocks people, by phone number.
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

    /// Everybody whom a number has blocked.
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
            .list(&[phone_number_id, "block_users"], &[("limit", "100")])
            .await?;
        let nobody = BlockedUser::default();
        Ok(entries
            .into_iter()
            .flat_map(|entry| entry.block_users.into_iter().chain([entry.user]))
            .filter(|user| *user != nobody)
            .collect())
    }
}
