//! The demo's workspace: made at the first start, found again at the later ones.

use wigwag_model::{AccountId, MemberId, Role, WorkspaceId};
use wigwag_store::members::{self, NewPerson};
use wigwag_store::{accounts, workspaces};

use super::meta::Meta;
use crate::connect;
use crate::data_folder::DataFolder;
use crate::failure::{Outcome, failed};
use crate::node::Node;

/// The owner's address.
const EMAIL: &str = "asha@kite.example";

/// The demo's workspace and who owns it.
pub(super) struct Shop {
    pub(super) workspace: WorkspaceId,
    pub(super) account: AccountId,
    pub(super) owner: MemberId,
    pub(super) email: String,
    pub(super) password: String,
}

/// Finds the shop, or makes it.
///
/// # Errors
/// What the database or the simulator says.
pub(super) async fn open(
    node: &Node,
    meta: &Meta,
    folder: &DataFolder,
    _empty: bool,
) -> Outcome<Shop> {
    let db = node.api().db();
    let known = workspaces::list(db)
        .await?
        .into_iter()
        .find(|workspace| workspace.demo);
    let password = password(folder, node)?;
    let workspace = match known {
        Some(workspace) => workspace.id,
        None => found(node, &password).await?,
    };
    let context = node.engine().context();
    // A simulator that was started anew has other ids and tokens.
    if !connect::is_connected(context, workspace, meta.access()).await? {
        connect::connect(context, meta.client(), workspace, meta.access()).await?;
    }
    let account = accounts::find_by_email(db, EMAIL).await?.ok_or_else(|| {
        failed(format!(
            "the demo's owner {EMAIL} is missing: start with another --data folder"
        ))
    })?;
    let (_, owner) = members::first_of_account(db, account.id)
        .await?
        .ok_or_else(|| {
            failed("the demo's owner is in no workspace: start with another --data folder")
        })?;
    Ok(Shop {
        workspace,
        account: account.id,
        owner,
        email: account.email,
        password,
    })
}

/// Makes the workspace and its owner.
async fn found(node: &Node, password: &str) -> Outcome<WorkspaceId> {
    let db = node.api().db();
    let hash = node
        .api()
        .passwords()
        .hash(password)
        .await
        .map_err(|error| failed(error.to_string()))?;
    let workspace = workspaces::create(db, "Kite & Co.", "Asia/Kolkata", true).await?;
    let owner = NewPerson {
        email: EMAIL.to_owned(),
        name: "Asha Rao".to_owned(),
        password_hash: hash,
        role: Role::Owner,
    };
    members::add_person(db, workspace, owner).await?;
    Ok(workspace)
}

fn password(folder: &DataFolder, node: &Node) -> Outcome<String> {
    let file = folder.join("password");
    if let Ok(text) = std::fs::read_to_string(&file) {
        return Ok(text.trim().to_owned());
    }
    let password = format!(
        "kite-{}",
        &wigwag_api::secret::base32(&node.api().db().mint().random::<8>())[..10]
    );
    std::fs::write(&file, format!("{password}\n"))
        .map_err(|error| failed(format!("{}: {error}", file.display())))?;
    Ok(password)
}
