//! Databases for tests: SQLite in a temporary folder, PostgreSQL as a copy of a migrated template
//! database, one per test.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test set-up has nobody to report to"
)]

use std::ops::Deref;
use std::sync::Arc;

use sqlx::{ConnectOptions, Connection, Executor as _};
use std::str::FromStr;
use tokio::sync::OnceCell;
use wigwag_model::id::Id;
use wigwag_model::{
    AccountId, ContactId, Kind, ManualClock, MemberId, NumberId, PortfolioId, Timestamp, WabaId,
    WorkspaceId,
};

use crate::crypt::Keys;
use crate::db::{Db, Options};
use crate::ingest::{self, Inbound, Items, Person};
use crate::mint::Mint;
use crate::sql::sql;
use crate::tx::WriteFuture;
use crate::writer::Priority;

/// A migrated, empty database that goes away with the test.
pub struct TestDb {
    db: Db,
    /// The clock that everything in the database goes by; starts at 2026-11-23T09:00:00Z.
    pub clock: Arc<ManualClock>,
    /// The URL, for opening it a second time.
    pub url: String,
    admin: Option<(String, String)>,
    _folder: Option<tempfile::TempDir>,
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

/// The environment variable with an administrator's URL of a PostgreSQL server for tests.
pub const POSTGRES: &str = "WIGWAG_TEST_POSTGRES";

fn options(clock: &Arc<ManualClock>, seed: u8) -> Options {
    let mint = Mint::new(clock.clone(), [seed; 32]);
    Options::new(mint, Keys::new([42; 32]))
}

fn manual_clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::from_seconds(1_795_424_400)))
}

impl TestDb {
    /// A SQLite database in a temporary folder.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("wigwag.db").display());
        let clock = manual_clock();
        let db = Db::open(&url, options(&clock, 1))
            .await
            .expect("SQLite opens");
        db.migrate().await.expect("SQLite migrates");
        Self {
            db,
            clock,
            url,
            admin: None,
            _folder: Some(folder),
        }
    }

    /// A PostgreSQL database copied from the template; `None` when no server is named and none
    /// is required by `WIGWAG_TEST_REQUIRE_POSTGRES`.
    pub async fn postgres() -> Option<Self> {
        let Ok(admin) = std::env::var(POSTGRES) else {
            assert!(
                std::env::var("WIGWAG_TEST_REQUIRE_POSTGRES").is_err(),
                "{POSTGRES} must name a server: run the tests with cargo xtask test"
            );
            return None;
        };
        let template = template(&admin).await;
        let name = format!("wigwag_test_{}", unique());
        let mut conn = connect(&admin).await;
        conn.execute(sqlx::AssertSqlSafe(format!(
            "CREATE DATABASE {name} TEMPLATE {template}"
        )))
        .await
        .expect("a database for the test");
        conn.close()
            .await
            .expect("the administrator's connection closes");
        let url = with_database(&admin, &name);
        let clock = manual_clock();
        let db = Db::open(&url, options(&clock, 1))
            .await
            .expect("PostgreSQL opens");
        Some(Self {
            db,
            clock,
            url,
            admin: Some((admin, name)),
            _folder: None,
        })
    }

    /// Opens the same database again, as another process would.
    pub async fn again(&self) -> Db {
        Db::open(&self.url, options(&self.clock, 2))
            .await
            .expect("the database opens again")
    }

    /// Fills the tables that filters ask anew from what contacts hold, as the migration that made
    /// them did.
    pub async fn refill(&self) {
        self.db
            .write(Priority::Foreground, |tx| {
                Box::pin(crate::contacts::backfill(tx))
            })
            .await
            .expect("the tables are filled");
    }

    /// Closes and removes the database, after a look for what nobody owns: terms, tags and traits are not
    /// held to their contacts by the database itself.
    ///
    /// # Panics
    /// When a row is left of a contact that is not there.
    pub async fn remove(self) {
        // A test that closed its database itself has nothing to look at.
        if let Ok(mut on) = self.db.snapshot().await {
            for table in ["contact_terms", "contact_tags", "contact_traits"] {
                let stray = crate::sql_owned(format!(
                    "SELECT COUNT(*) FROM {table} t WHERE NOT EXISTS (
                       SELECT 1 FROM contacts p WHERE p.workspace_id = t.workspace_id AND p.id = t.contact_id)"
                ))
                .fetch_one(&mut on)
                .await
                .and_then(|row| row.int(0));
                assert!(
                    !matches!(stray, Ok(1..)),
                    "{stray:?} rows of nobody in {table}"
                );
            }
        }
        self.db.close().await;
        if let Some((admin, name)) = &self.admin {
            let mut conn = connect(admin).await;
            conn.execute(sqlx::AssertSqlSafe(format!(
                "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
            )))
            .await
            .expect("the test's database goes away");
        }
    }

    /// A workspace with an owner, an app, a portfolio, a WABA and a number, all routed.
    pub async fn workspace(&self) -> Fixture {
        fixture(&self.db, &unique()).await
    }

    /// Somebody's message to a number of a workspace is here, as a webhook brings it. Who that is.
    pub async fn heard(&self, f: &Fixture, number: NumberId, wa_id: &str) -> ContactId {
        let now = self.db.mint().now();
        let message = Inbound {
            workspace: f.workspace,
            number,
            person: Person {
                wa_id: Some(wa_id.to_owned()),
                phone: Some(format!("+{wa_id}")),
                portfolio: f.portfolio_id.clone(),
                ..Person::default()
            },
            wamid: format!("wamid.{wa_id}.{}", now.as_micros()),
            kind: Kind::Text,
            content: serde_json::json!({ "body": "Hello" }).to_string(),
            preview: "Hello".to_owned(),
            media: None,
            reply_to: None,
            referral: None,
            opt: None,
            at: now,
            seq: 1,
            idx: 0,
        };
        let items = Items {
            messages: vec![message],
            ..Items::default()
        };
        ingest::apply_part(&self.db, items)
            .await
            .expect("the message is taken");
        sql("SELECT contact_id FROM contact_identities WHERE workspace_id = $1 AND kind = 'wa_id' AND value = $2")
            .bind(f.workspace)
            .bind(wa_id)
            .fetch_one(&mut self.db.reader().await.expect("a reader"))
            .await
            .and_then(|row| row.id(0))
            .expect("whoever wrote is a contact")
    }
}

async fn connect(url: &str) -> sqlx::PgConnection {
    sqlx::postgres::PgConnectOptions::from_str(url)
        .expect("a PostgreSQL URL")
        .disable_statement_logging()
        .connect()
        .await
        .expect("PostgreSQL answers")
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url
        .split_once('?')
        .map_or((url, None), |(base, query)| (base, Some(query)));
    let start = base.rfind('/').expect("a database in the URL");
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &base[..start])
}

/// Text that no other test of any process has.
fn unique() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!(
        "{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

/// The migrated template database, made by whichever test comes first and named after the
/// migrations, so that a changed schema gets a new one.
async fn template(admin: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let name = format!("wigwag_template_{}", crate::migrate::fingerprint());
            let mut conn = connect(admin).await;
            // Held until this connection closes: one process makes the template, others wait.
            conn.execute("SELECT pg_advisory_lock(722018)")
                .await
                .expect("the template's lock");
            let known: Option<i32> =
                sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
                    .bind(&name)
                    .fetch_optional(&mut conn)
                    .await
                    .expect("the list of databases");
            if known.is_none() {
                let making = format!("{name}_making");
                for text in [
                    format!("DROP DATABASE IF EXISTS {making}"),
                    format!("CREATE DATABASE {making}"),
                ] {
                    conn.execute(sqlx::AssertSqlSafe(text))
                        .await
                        .expect("the template begins");
                }
                let db = Db::open(&with_database(admin, &making), options(&manual_clock(), 3))
                    .await
                    .expect("the template opens");
                db.migrate().await.expect("the template migrates");
                db.close().await;
                conn.execute(sqlx::AssertSqlSafe(format!(
                    "ALTER DATABASE {making} RENAME TO {name}"
                )))
                .await
                .expect("the template is ready");
            }
            conn.close()
                .await
                .expect("the administrator's connection closes");
            name
        })
        .await
        .clone()
}

/// What [`TestDb::workspace`] made.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its owner's account.
    pub account: AccountId,
    /// Its owner.
    pub owner: MemberId,
    /// Meta's id of the app.
    pub app_id: String,
    /// The app's secret.
    pub app_secret: String,
    /// The app's verify token.
    pub verify_token: String,
    /// The portfolio.
    pub portfolio: PortfolioId,
    /// Meta's id of the portfolio.
    pub portfolio_id: String,
    /// The WABA.
    pub waba: WabaId,
    /// Meta's id of the WABA.
    pub waba_id: String,
    /// The number.
    pub number: NumberId,
    /// Meta's id of the number.
    pub phone_number_id: String,
}

async fn fixture(db: &Db, unique: &str) -> Fixture {
    let mint = db.mint();
    let digits: String = unique
        .chars()
        .map(|c| if c == '_' { '0' } else { c })
        .collect();
    let made = Fixture {
        workspace: mint.id(),
        account: mint.id(),
        owner: mint.id(),
        app_id: format!("9{digits}"),
        app_secret: format!("secret-{unique}"),
        verify_token: format!("verify-{unique}"),
        portfolio: mint.id(),
        portfolio_id: format!("8{digits}"),
        waba: mint.id(),
        waba_id: format!("7{digits}"),
        number: mint.id(),
        phone_number_id: format!("6{digits}"),
    };
    let (key, wrapped) = db
        .keys()
        .new_data_key(mint, made.workspace.uuid())
        .expect("a data key");
    let token = key
        .seal(
            mint,
            "wabas",
            made.waba.uuid().as_bytes(),
            "access_token",
            b"token",
        )
        .expect("sealed");
    let instance = db.keys().instance();
    let secret = instance.seal(
        mint,
        "apps",
        made.app_id.as_bytes(),
        "secret",
        made.app_secret.as_bytes(),
    );
    let verify = instance.seal(
        mint,
        "apps",
        made.app_id.as_bytes(),
        "verify_token",
        made.verify_token.as_bytes(),
    );
    let (secret, verify) = (secret.expect("sealed"), verify.expect("sealed"));
    let given = made.clone();
    db.write(Priority::Foreground, move |tx| -> WriteFuture<'_, ()> {
        Box::pin(async move {
            let f = given;
            let now = tx.mint().now();
            sql("INSERT INTO workspaces (id, name, time_zone, demo, data_key, next_contact_no, created_at) VALUES ($1, 'Kite & Co.', 'Asia/Kolkata', 0, $2, 1, $3)")
                .bind(f.workspace).bind(wrapped).bind(now).execute(tx).await?;
            sql("INSERT INTO feeds (workspace_id, seq) VALUES ($1, 0)").bind(f.workspace).execute(tx).await?;
            sql("INSERT INTO accounts (id, email, email_key, name, password_hash, created_at) VALUES ($1, $2, $2, 'Asha Rao', '!', $3)")
                .bind(f.account).bind(format!("owner-{}@kite.example", f.app_id)).bind(now).execute(tx).await?;
            sql("INSERT INTO members (workspace_id, id, account_id, role, created_at) VALUES ($1, $2, $3, 'owner', $4)")
                .bind(f.workspace).bind(f.owner).bind(f.account).bind(now).execute(tx).await?;
            sql("INSERT INTO apps (id, name, secret_enc, verify_token_enc, created_at) VALUES ($1, 'Kite', $2, $3, $4)")
                .bind(&f.app_id).bind(secret).bind(verify).bind(now).execute(tx).await?;
            sql("INSERT INTO portfolios (workspace_id, id, portfolio_id, name, created_at) VALUES ($1, $2, $3, 'Kite', $4)")
                .bind(f.workspace).bind(f.portfolio).bind(&f.portfolio_id).bind(now).execute(tx).await?;
            sql("INSERT INTO wabas (workspace_id, id, portfolio, app_id, waba_id, name, access_token_enc, created_at) VALUES ($1, $2, $3, $4, $5, 'Kite', $6, $7)")
                .bind(f.workspace).bind(f.waba).bind(f.portfolio).bind(&f.app_id).bind(&f.waba_id).bind(token).bind(now).execute(tx).await?;
            sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality, status, throughput, enabled, created_at)
                 VALUES ($1, $2, $3, $4, '+91 80 4000 0000', 'Kite & Co.', 'green', 'connected', 80, 1, $5)")
                .bind(f.workspace).bind(f.number).bind(f.waba).bind(&f.phone_number_id).bind(now).execute(tx).await?;
            for (kind, external, subject) in [
                ("phone_number", &f.phone_number_id, f.number.uuid()),
                ("waba", &f.waba_id, f.waba.uuid()),
                ("portfolio", &f.portfolio_id, f.portfolio.uuid()),
            ] {
                sql("INSERT INTO routes (kind, external_id, app_id, workspace_id, subject_id) VALUES ($1, $2, $3, $4, $5)")
                    .bind(kind).bind(external).bind(&f.app_id).bind(f.workspace).bind(subject).execute(tx).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap_or_else(|error| panic!("the fixture: {error}"));
    made
}

/// Runs a test on both databases; what `#[db_test]` expands to calls this.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}
