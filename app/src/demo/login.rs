//! The ways into the demo that each start makes anew: a link that signs in once, and an API key.

use std::time::Duration;

use wigwag_api::auth::api_key;
use wigwag_api::secret;
use wigwag_model::Permission;
use wigwag_store::api_keys;
use wigwag_store::one_time_tokens::{self, Purpose};

use super::shop::Shop;
use crate::failure::Outcome;
use crate::node::Node;

/// How long the link works.
const LINK_LIVES: Duration = Duration::from_hours(24);

/// A fresh token for the login link.
///
/// # Errors
/// What the database says.
pub(super) async fn one_time(node: &Node, shop: &Shop) -> Outcome<String> {
    let api = node.api();
    let token = secret::random_text::<24>(api);
    one_time_tokens::insert(
        api.db(),
        one_time_tokens::New {
            hash: secret::hash(&token),
            purpose: Purpose::Login,
            account: Some(shop.account),
            workspace: Some(shop.workspace),
            expires_at: api.clock().now().plus(LINK_LIVES),
        },
    )
    .await?;
    Ok(token)
}

/// A fresh API key that may do everything.
///
/// # Errors
/// What the database says.
pub(super) async fn api_key(node: &Node, shop: &Shop) -> Outcome<String> {
    let db = node.api().db();
    let fresh = api_key::fresh(db.mint().random());
    let scopes = Permission::ALL
        .iter()
        .map(|permission| permission.as_str().to_owned())
        .collect();
    let new = api_keys::New {
        name: "Demo".to_owned(),
        prefix: fresh.prefix,
        hash: fresh.hash,
        scopes,
        created_by: Some(shop.owner),
        expires_at: None,
        number: None,
        publishable: None,
    };
    api_keys::insert(db, shop.workspace, new).await?;
    Ok(fresh.secret)
}
