//! Accounts: people who sign in, whatever workspaces they belong to. Password hashes come and go
//! as opaque texts; `engine` makes and checks them.

use wigwag_model::{AccountId, Timestamp};

use crate::{Db, Priority, Result, Row, Tx, sql};

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address as it was typed.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The comparable form of an e-mail address.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

fn read(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.id(0)?,
        email: row.text(1)?,
        name: row.text(2)?,
        password_hash: row.text(3)?,
        disabled_at: row.opt_time(4)?,
        created_at: row.time(5)?,
    })
}

/// Makes an account inside a transaction.
///
/// # Errors
/// [`crate::Error::Conflict`] when the address is taken.
pub async fn insert_in(
    tx: &mut Tx,
    email: &str,
    name: &str,
    password_hash: &str,
) -> Result<AccountId> {
    let (id, now): (AccountId, _) = (tx.mint().id(), tx.mint().now());
    sql(
        "INSERT INTO accounts (id, email, email_key, name, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(email.trim())
    .bind(email_key(email))
    .bind(name)
    .bind(password_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(id)
}

/// The account of an e-mail address.
///
/// # Errors
/// What the database says.
pub async fn find_by_email(db: &Db, email: &str) -> Result<Option<Account>> {
    let mut reader = db.reader().await?;
    let row = sql(
        "SELECT id, email, name, password_hash, disabled_at, created_at
                   FROM accounts WHERE email_key = $1",
    )
    .bind(email_key(email))
    .fetch_optional(&mut reader)
    .await?;
    row.as_ref().map(read).transpose()
}

/// One account.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn get(db: &Db, id: AccountId) -> Result<Account> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT id, email, name, password_hash, disabled_at, created_at FROM accounts WHERE id = $1")
        .bind(id)
        .fetch_one(&mut reader)
        .await?;
    read(&row)
}

/// Whether there is any account: until then the first owner may set up the installation.
///
/// # Errors
/// What the database says.
pub async fn any(db: &Db) -> Result<bool> {
    let mut reader = db.reader().await?;
    Ok(sql("SELECT id FROM accounts LIMIT 1")
        .fetch_optional(&mut reader)
        .await?
        .is_some())
}

/// Changes the password's hash and ends every session of the account.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn set_password(db: &Db, id: AccountId, password_hash: &str) -> Result<()> {
    let hash = password_hash.to_owned();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let changed = sql("UPDATE accounts SET password_hash = $2 WHERE id = $1")
                .bind(id)
                .bind(hash)
                .execute(tx)
                .await?;
            if changed == 0 {
                return Err(crate::Error::NotFound);
            }
            sql("DELETE FROM sessions WHERE account_id = $1")
                .bind(id)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Replaces the hash by one with stronger parameters, unless the password was changed meanwhile.
///
/// # Errors
/// What the database says.
pub async fn rehash(db: &Db, id: AccountId, old: &str, new: &str) -> Result<()> {
    let (old, new) = (old.to_owned(), new.to_owned());
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
                .bind(id)
                .bind(old)
                .bind(new)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}
