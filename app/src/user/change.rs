//! Adding people, keeping them out, and what they may do.

use clap::Args;
use wigwag_engine::accounts::check_password;
use wigwag_model::{Role, WorkspaceId};
use wigwag_store::members::{self, Member, NewPerson};
use wigwag_store::{Db, Error, audit, workspaces};

use super::{On, Person, RoleName, find, password};
use crate::failure::{Failure, Outcome, failed, usage};

/// A person to add.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// E-mail address, with which the person signs in
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// What the person may do
    #[arg(long, value_enum, default_value_t = RoleName::Agent)]
    role: RoleName,
    /// The workspace, by name or id; needed only when there are several
    #[arg(long, value_name = "NAME", conflicts_with = "new_workspace")]
    workspace: Option<String>,
    /// Make a workspace of this name with the person as its owner
    #[arg(long, value_name = "NAME")]
    new_workspace: Option<String>,
    /// Read the password from the first line of stdin instead of making one
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    on: On,
}

/// A role to give.
#[derive(Debug, Args)]
pub(crate) struct NewRole {
    /// E-mail address
    email: String,
    /// The role
    #[arg(value_enum)]
    role: RoleName,
    #[command(flatten)]
    on: On,
}

/// Adds a person.
///
/// # Errors
/// When the address is no address or taken, or the password is refused.
pub(super) async fn add(wish: Add) -> Outcome {
    check_email(&wish.email)?;
    let (_, db) = find::open(&wish.on).await?;
    let chosen = password::choose(&db, wish.password_stdin)?;
    check_password(chosen.text(), &[&wish.name, &wish.email])
        .map_err(|error| usage(format!("the password is refused: {error}")))?;
    let hash = password::hash(&db, chosen.text()).await?;
    let (workspace, name, role) = if let Some(name) = &wish.new_workspace {
        let id = workspaces::create(&db, name, "UTC", false).await?;
        (id, name.clone(), Role::Owner)
    } else {
        let found = find::workspace(&db, wish.workspace.as_deref()).await?;
        (found.id, found.name, wish.role.into())
    };
    let person = NewPerson {
        email: wish.email.clone(),
        name: wish.name,
        password_hash: hash,
        role,
    };
    let (_, member) =
        members::add_person(&db, workspace, person)
            .await
            .map_err(|error| match error {
                Error::Conflict(_) => failed(format!("{} is taken already", wish.email)),
                other => other.into(),
            })?;
    note(&db, workspace, "member.create", member.to_string()).await?;
    say!("Added {} to {name} as {}.", wish.email, role.as_str());
    chosen.tell();
    db.close().await;
    Ok(())
}

/// Keeps a person out of every workspace, or lets them in again.
///
/// # Errors
/// When it is the last owner of one.
pub(super) async fn disable(person: &Person, disabled: bool) -> Outcome {
    let (_, db) = find::open(&person.on).await?;
    let account = find::account(&db, &person.email).await?;
    let places = find::places(&db, &account).await?;
    if disabled {
        for (workspace, member) in &places {
            keep_an_owner(&db, *workspace, member).await?;
        }
    }
    for (workspace, member) in &places {
        members::set_disabled(&db, *workspace, member.id, disabled).await?;
        let action = if disabled {
            "member.disable"
        } else {
            "member.enable"
        };
        note(&db, *workspace, action, member.id.to_string()).await?;
    }
    let what = if disabled { "kept out" } else { "let in again" };
    say!("{} is {what}.", account.email);
    db.close().await;
    Ok(())
}

/// Gives a person another role.
///
/// # Errors
/// When it is the last owner.
pub(super) async fn role(wish: &NewRole) -> Outcome {
    let (_, db) = find::open(&wish.on).await?;
    let account = find::account(&db, &wish.email).await?;
    let role = Role::from(wish.role);
    for (workspace, member) in find::places(&db, &account).await? {
        members::set_role(&db, workspace, member.id, role)
            .await
            .map_err(|error| match error {
                Error::Conflict(_) => last_owner(&account.email),
                other => other.into(),
            })?;
        note(&db, workspace, "member.role", member.id.to_string()).await?;
    }
    say!("{} is {} now.", account.email, role.as_str());
    db.close().await;
    Ok(())
}

async fn keep_an_owner(db: &Db, workspace: WorkspaceId, member: &Member) -> Outcome {
    let all = members::list(db, workspace).await?;
    let others = all.iter().any(|other| {
        other.id != member.id && other.role == Role::Owner && other.disabled_at.is_none()
    });
    if member.role == Role::Owner && !others {
        return Err(last_owner(&member.email));
    }
    Ok(())
}

fn last_owner(email: &str) -> Failure {
    failed(format!(
        "{email} is the last owner of a workspace: make somebody else an owner first"
    ))
}

/// Writes down in the audit log that the operator did it.
///
/// # Errors
/// What the database says.
pub(super) async fn note(
    db: &Db,
    workspace: WorkspaceId,
    action: &str,
    subject: String,
) -> Outcome {
    let entry = audit::Entry {
        actor: "operator".to_owned(),
        action: action.to_owned(),
        subject,
        detail: serde_json::json!({}),
    };
    Ok(audit::append(db, workspace, entry).await?)
}

fn check_email(text: &str) -> Outcome {
    let right = text.len() <= 254
        && !text.contains(char::is_whitespace)
        && text
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    if right {
        Ok(())
    } else {
        Err(usage(format!(
            "{text:?} is no e-mail address: write one like asha@kite.example"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_look_like_addresses() {
        assert!(check_email("asha@kite.example").is_ok());
        for wrong in ["asha", "@kite.example", "asha@kite", "a b@kite.example"] {
            assert!(
                matches!(check_email(wrong), Err(Failure::Usage(_))),
                "{wrong}"
            );
        }
    }
}
