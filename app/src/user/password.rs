//! Passwords and one-time links.

use std::io::BufRead as _;
use std::time::Duration;

use clap::Args;
use wigwag_api::secret;
use wigwag_engine::accounts::{Passwords, check_password};
use wigwag_store::one_time_tokens::{self, Purpose};
use wigwag_store::{Db, accounts, members};
use zeroize::Zeroizing;

use super::{On, Person, change, find};
use crate::failure::{Outcome, failed, usage};

/// How long a link works.
const LINK_LIVES: Duration = Duration::from_hours(1);

/// Whose password.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// E-mail address
    email: String,
    /// Read the password from the first line of stdin instead of making one
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    on: On,
}

/// A password, and whether the person who runs the command has seen it.
pub(super) struct Chosen {
    text: Zeroizing<String>,
    made: bool,
}

impl Chosen {
    /// The password.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Prints a password that was made here: nobody knows it otherwise.
    pub(super) fn tell(&self) {
        if self.made {
            say!("Password: {}", self.text());
        }
    }
}

/// Reads a password from stdin, or makes one.
///
/// # Errors
/// When stdin has none.
pub(super) fn choose(db: &Db, from_stdin: bool) -> Outcome<Chosen> {
    if !from_stdin {
        return Ok(Chosen {
            text: Zeroizing::new(secret::base32(&db.mint().random::<10>())),
            made: true,
        });
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| failed(format!("stdin cannot be read: {error}")))?;
    let text = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
    if text.is_empty() {
        return Err(usage("--password-stdin: the first line of stdin is empty"));
    }
    Ok(Chosen { text, made: false })
}

/// Hashes a password.
///
/// # Errors
/// When that cannot be done, which no password causes.
pub(super) async fn hash(db: &Db, text: &str) -> Outcome<String> {
    Passwords::new(db.clone())
        .hash(text)
        .await
        .map_err(|error| failed(error.to_string()))
}

/// Sets a password.
///
/// # Errors
/// When there is no such person or the password is refused.
pub(super) async fn set(wish: &New) -> Outcome {
    let (_, db) = find::open(&wish.on).await?;
    let account = find::account(&db, &wish.email).await?;
    let chosen = choose(&db, wish.password_stdin)?;
    check_password(chosen.text(), &[&account.name, &account.email])
        .map_err(|error| usage(format!("the password is refused: {error}")))?;
    let hash = hash(&db, chosen.text()).await?;
    accounts::set_password(&db, account.id, &hash).await?;
    for (workspace, member) in find::places(&db, &account).await? {
        change::note(&db, workspace, "member.password", member.id.to_string()).await?;
    }
    say!(
        "{} has a new password; open sessions were ended.",
        account.email
    );
    chosen.tell();
    db.close().await;
    Ok(())
}

/// Prints a link that signs in once.
///
/// # Errors
/// When there is no such person or the person is kept out.
pub(super) async fn link(person: &Person) -> Outcome {
    let (config, db) = find::open(&person.on).await?;
    let account = find::account(&db, &person.email).await?;
    let (workspace, member) = members::first_of_account(&db, account.id)
        .await?
        .ok_or_else(|| {
            failed(format!(
                "{0} is kept out: `wigwag user enable {0}` first",
                account.email
            ))
        })?;
    let token = secret::base32(&db.mint().random::<20>());
    one_time_tokens::insert(
        &db,
        one_time_tokens::New {
            hash: secret::hash(&token),
            purpose: Purpose::Login,
            account: Some(account.id),
            workspace: Some(workspace),
            expires_at: db.mint().now().plus(LINK_LIVES),
        },
    )
    .await?;
    change::note(&db, workspace, "member.link", member.to_string()).await?;
    say!("{}", config.link(&format!("/login?token={token}")));
    db.close().await;
    Ok(())
}
