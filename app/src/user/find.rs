//! Finding people and workspaces, and listing them.

use wigwag_model::WorkspaceId;
use wigwag_store::accounts::Account;
use wigwag_store::members::Member;
use wigwag_store::workspaces::Workspace;
use wigwag_store::{Db, accounts, members, workspaces};

use super::On;
use crate::config::Config;
use crate::database;
use crate::failure::{Outcome, failed};

/// Opens the installation.
///
/// # Errors
/// When the configuration is wrong or the database cannot be used.
pub(super) async fn open(on: &On) -> Outcome<(Config, Db)> {
    let config = on.source.read()?;
    let db = database::open_existing(&config).await?;
    Ok((config, db))
}

/// The account of an address.
///
/// # Errors
/// When there is none.
pub(super) async fn account(db: &Db, email: &str) -> Outcome<Account> {
    accounts::find_by_email(db, email).await?.ok_or_else(|| {
        failed(format!(
            "there is nobody with the address {email}: `wigwag user list` shows who there is"
        ))
    })
}

/// The places of an account, in every workspace.
///
/// # Errors
/// When it is in none.
pub(super) async fn places(db: &Db, account: &Account) -> Outcome<Vec<(WorkspaceId, Member)>> {
    let mut places = Vec::new();
    for workspace in workspaces::list(db).await? {
        let here = members::list(db, workspace.id).await?;
        let own = here
            .into_iter()
            .filter(|member| member.account == account.id);
        places.extend(own.map(|member| (workspace.id, member)));
    }
    if places.is_empty() {
        return Err(failed(format!("{} is in no workspace", account.email)));
    }
    Ok(places)
}

/// The workspace of a name or id; the only one when none is named.
///
/// # Errors
/// When there is none, or several to choose from.
pub(crate) async fn workspace(db: &Db, wanted: Option<&str>) -> Outcome<Workspace> {
    let all = workspaces::list(db).await?;
    let names = || {
        let names: Vec<_> = all.iter().map(|one| format!("{:?}", one.name)).collect();
        names.join(", ")
    };
    match wanted {
        Some(text) => {
            let found = all
                .iter()
                .find(|one| one.id.to_string() == text || one.name.eq_ignore_ascii_case(text));
            found.cloned().ok_or_else(|| {
                failed(format!(
                    "there is no workspace {text:?}; there are: {}",
                    names()
                ))
            })
        }
        None => match all.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(failed(
                "there is no workspace yet: name a new one with --new-workspace, or use the set-up page that `wigwag serve` tells of",
            )),
            _ => Err(failed(format!(
                "name the workspace with --workspace: {}",
                names()
            ))),
        },
    }
}

/// Lists everybody.
///
/// # Errors
/// When the database cannot be used.
pub(super) async fn list(on: &On) -> Outcome {
    let (_, db) = open(on).await?;
    for workspace in workspaces::list(&db).await? {
        say!("{}  ({})", workspace.name, workspace.id);
        let members = members::list(&db, workspace.id).await?;
        let wide = |of: fn(&Member) -> &str| {
            let widths = members.iter().map(|member| of(member).chars().count());
            widths.max().unwrap_or(0)
        };
        let (emails, names) = (wide(|member| &member.email), wide(|member| &member.name));
        for member in &members {
            let role = member.role.as_str();
            let state = if member.disabled_at.is_some() {
                "disabled"
            } else {
                ""
            };
            let line = format!(
                "  {:emails$}  {:names$}  {role:<5}  {state}",
                member.email, member.name
            );
            say!("{}", line.trim_end());
        }
    }
    db.close().await;
    Ok(())
}
