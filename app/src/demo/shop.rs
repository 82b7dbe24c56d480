//! The demo's workspace: made at the first start, found again at the later ones.

mod orders;
mod people;
mod story;
mod tell;
mod words;

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use wigwag_model::{AccountId, MemberId, Role, WorkspaceId};
use wigwag_store::members::{self, NewPerson};
use wigwag_store::{accounts, numbers, workspaces};

use super::control::Control;
use super::meta::Meta;
use crate::connect;
use crate::data_folder::DataFolder;
use crate::failure::{Outcome, failed};
use crate::node::Node;

/// The shop's name.
const NAME: &str = "Kite & Co.";
/// A file that is there while the story is told.
const BEGUN: &str = "story-begun";
/// Who works there: the first owns it.
const STAFF: &[(&str, &str, Role)] = &[
    ("asha", "Asha Rao", Role::Owner),
    ("ravi", "Ravi Menon", Role::Agent),
    ("noor", "Noor Shaikh", Role::Admin),
];

/// The demo's workspace and who owns it.
pub(super) struct Shop {
    pub(super) workspace: WorkspaceId,
    pub(super) account: AccountId,
    pub(super) owner: MemberId,
    pub(super) email: String,
    pub(super) password: String,
}

/// Finds the shop, or makes it; `empty`: without staff, contacts and conversations.
///
/// # Errors
/// What the database or the simulator says.
pub(super) async fn open(
    node: &Node,
    meta: &Meta,
    folder: &DataFolder,
    empty: bool,
) -> Outcome<Shop> {
    let db = node.api().db();
    let known = workspaces::list(db)
        .await?
        .into_iter()
        .find(|workspace| workspace.demo);
    let (workspace, fresh) = match known {
        Some(workspace) => (workspace.id, false),
        None => (
            workspaces::create(db, NAME, "Asia/Kolkata", true).await?,
            true,
        ),
    };
    let password = password(node, folder, workspace, empty).await?;
    let (account, owner) = owner(node).await?;
    let context = node.engine().context();
    // A simulator that was started anew has other ids and tokens.
    if !connect::is_connected(context, workspace, meta.access()).await? {
        connect::connect(context, meta.client(), workspace, meta.access()).await?;
    }
    if fresh && !empty {
        let staff = members::list(db, workspace).await?;
        let stage = tell::Stage {
            db,
            control: Control::of(meta.url())?,
            workspace,
            number: numbers::first_sendable(db, workspace).await?,
            portfolio_id: meta.access().portfolio_id.clone(),
            members: STAFF
                .iter()
                .filter_map(|(short, ..)| {
                    let email = address(short);
                    let member = staff.iter().find(|member| member.email == email)?;
                    Some((*short, member.id))
                })
                .collect::<HashMap<_, _>>(),
            owner,
        };
        let begun = folder.join(BEGUN);
        std::fs::write(&begun, "")
            .map_err(|error| failed(format!("{} cannot be written: {error}", begun.display())))?;
        tell::tell(&stage, story::read()?).await?;
        std::fs::remove_file(&begun)
            .map_err(|error| failed(format!("{} cannot be removed: {error}", begun.display())))?;
    } else if folder.join(BEGUN).exists() {
        tracing::warn!(
            folder = %folder.path().display(),
            "the first start was cut short, so that a part of the shop is missing: delete the folder to begin anew"
        );
    }
    Ok(Shop {
        workspace,
        account,
        owner,
        email: address(STAFF[0].0),
        password,
    })
}

fn address(short: &str) -> String {
    format!("{short}@kite.example")
}

async fn owner(node: &Node) -> Outcome<(AccountId, MemberId)> {
    let (db, email) = (node.api().db(), address(STAFF[0].0));
    let gone = || {
        failed(format!(
            "{email} is not here any more: start with another --data folder"
        ))
    };
    let account = accounts::find_by_email(db, &email)
        .await?
        .ok_or_else(gone)?;
    let (_, member) = members::first_of_account(db, account.id)
        .await?
        .ok_or_else(gone)?;
    Ok((account.id, member))
}

/// The password of everybody in the shop, from the data folder. Hashing is slow by design, so that
/// it is done only when there is nobody with that password yet.
async fn password(
    node: &Node,
    folder: &DataFolder,
    workspace: WorkspaceId,
    empty: bool,
) -> Outcome<String> {
    let db = node.api().db();
    let file = folder.join("password");
    let kept = std::fs::read_to_string(&file).ok();
    let staff = members::list(db, workspace).await?;
    if let Some(kept) = kept
        && !staff.is_empty()
    {
        return Ok(kept.trim().to_owned());
    }
    let random = wigwag_api::secret::base32(&db.mint().random::<10>());
    let password = format!("kite-{random}");
    let hash = node
        .api()
        .passwords()
        .hash(&password)
        .await
        .map_err(|error| failed(error.to_string()))?;
    for member in &staff {
        accounts::set_password(db, member.account, &hash).await?;
    }
    if staff.is_empty() {
        let wanted = if empty { 1 } else { STAFF.len() };
        for (short, name, role) in &STAFF[..wanted] {
            let person = NewPerson {
                email: address(short),
                name: (*name).to_owned(),
                password_hash: hash.clone(),
                role: *role,
            };
            members::add_person(db, workspace, person).await?;
        }
    }
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&file)
        .and_then(|mut out| writeln!(out, "{password}"));
    written.map_err(|error| failed(format!("{} cannot be written: {error}", file.display())))?;
    Ok(password)
}
