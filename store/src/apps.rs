//! Meta apps: their secrets, sealed with the installation's key, and their verify tokens.
//!
//! Apps belong to the installation; a workspace sees those that its WABAs are reached through.

use wigwag_model::{Timestamp, WorkspaceId};
use zeroize::Zeroizing;

use crate::{Db, Error, Priority, Result, sql};

/// An app as a workspace sees it. Secrets are only told apart by their last characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Meta's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The last four characters of the secret.
    pub secret_last4: String,
    /// The first four characters of the verify token.
    pub verify_token_hint: String,
    /// When Meta last called for it.
    pub last_webhook_at: Option<Timestamp>,
}

/// The secrets that webhooks of an app may be signed with.
#[derive(Clone)]
pub struct Secrets {
    /// The present one.
    pub current: Zeroizing<Vec<u8>>,
    /// The one before, while a rotation runs.
    pub previous: Option<Zeroizing<Vec<u8>>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// Makes an app known or changes it. A changed secret keeps the old one as the previous.
///
/// # Errors
/// What the database says.
pub async fn put(db: &Db, id: &str, name: &str, secret: &str, verify_token: &str) -> Result<()> {
    let key = db.keys().instance();
    let row = id.as_bytes();
    let secret_enc = key.seal(db.mint(), "apps", row, "secret", secret.as_bytes())?;
    let verify_enc = key.seal(
        db.mint(),
        "apps",
        row,
        "verify_token",
        verify_token.as_bytes(),
    )?;
    let previous = match secrets(db, id).await {
        Ok(old) if old.current.as_slice() != secret.as_bytes() => {
            Some(key.seal(db.mint(), "apps", row, "previous_secret", &old.current)?)
        }
        Ok(_) | Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let (id, name, now) = (id.to_owned(), name.to_owned(), db.mint().now());
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO apps (id, name, secret_enc, verify_token_enc, created_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET name = $2, secret_enc = $3, verify_token_enc = $4,
                     previous_secret_enc = COALESCE($6, apps.previous_secret_enc)")
                .bind(id)
                .bind(name)
                .bind(secret_enc)
                .bind(verify_enc)
                .bind(now)
                .bind(previous)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// The secrets of an app.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Sealed`] with another master key.
pub async fn secrets(db: &Db, id: &str) -> Result<Secrets> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT secret_enc, previous_secret_enc FROM apps WHERE id = $1")
        .bind(id)
        .fetch_one(&mut reader)
        .await?;
    let key = db.keys().instance();
    let open = |field: &str, sealed: &[u8]| key.open("apps", id.as_bytes(), field, sealed);
    Ok(Secrets {
        current: open("secret", &row.bytes(0)?)?,
        previous: row
            .opt_bytes(1)?
            .map(|sealed| open("previous_secret", &sealed))
            .transpose()?,
    })
}

/// The secrets of every app of the installation, by Meta's id. One that does not open with the
/// present master key is left out, so that it cannot keep the others from being used.
///
/// # Errors
/// What the database says.
pub async fn all_secrets(db: &Db) -> Result<Vec<(String, Secrets)>> {
    let mut reader = db.reader().await?;
    let rows = sql("SELECT id, secret_enc, previous_secret_enc FROM apps ORDER BY id")
        .fetch_all(&mut reader)
        .await?;
    let key = db.keys().instance();
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.text(0)?;
        let open = |field: &str, sealed: &[u8]| key.open("apps", id.as_bytes(), field, sealed);
        let Ok(current) = open("secret", &row.bytes(1)?) else {
            tracing::error!(
                app = id,
                "the secret of an app does not open with this master key"
            );
            continue;
        };
        let previous = match row.opt_bytes(2)? {
            Some(sealed) => open("previous_secret", &sealed).ok(),
            None => None,
        };
        all.push((id, Secrets { current, previous }));
    }
    Ok(all)
}

/// The verify token of an app, for the webhook challenge.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Sealed`] with another master key.
pub async fn verify_token(db: &Db, id: &str) -> Result<Zeroizing<Vec<u8>>> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT verify_token_enc FROM apps WHERE id = $1")
        .bind(id)
        .fetch_one(&mut reader)
        .await?;
    db.keys()
        .instance()
        .open("apps", id.as_bytes(), "verify_token", &row.bytes(0)?)
}

/// The apps that a workspace's WABAs are reached through.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<App>> {
    let mut reader = db.reader().await?;
    let rows = sql("SELECT a.id, a.name, a.secret_enc, a.verify_token_enc,
                           (SELECT MAX(n.last_webhook_at) FROM numbers n
                            JOIN wabas w ON w.workspace_id = n.workspace_id AND w.id = n.waba
                            WHERE n.workspace_id = $1 AND w.app_id = a.id)
                    FROM apps a WHERE a.id IN (SELECT app_id FROM wabas WHERE workspace_id = $1) ORDER BY a.id")
        .bind(workspace)
        .fetch_all(&mut reader)
        .await?;
    let key = db.keys().instance();
    rows.iter()
        .map(|row| {
            let id = row.text(0)?;
            let open = |field: &str, sealed: &[u8]| -> Result<String> {
                let secret = key.open("apps", id.as_bytes(), field, sealed)?;
                Ok(String::from_utf8_lossy(&secret).into_owned())
            };
            let secret = Zeroizing::new(open("secret", &row.bytes(2)?)?);
            let token = Zeroizing::new(open("verify_token", &row.bytes(3)?)?);
            let tail = secret.chars().count().saturating_sub(4);
            Ok(App {
                secret_last4: secret.chars().skip(tail).collect(),
                verify_token_hint: token.chars().take(4).collect(),
                name: row.text(1)?,
                last_webhook_at: row.opt_time(4)?,
                id,
            })
        })
        .collect()
}
