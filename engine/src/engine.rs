//! The engine as a whole: its parts started together and stopped in order.

use wigwag_meta::Client;
use wigwag_store::Db;

use crate::context::{Context, Settings};
use crate::dispatch;
use crate::files::Files;
use crate::ingest::{AcceptError, Ingest};

/// What the engine is made of.
#[derive(Debug)]
pub struct Parts {
    /// The database, migrated.
    pub db: Db,
    /// The files of messages.
    pub files: Files,
    /// Meta's API; its connections are used with each WABA's own token.
    pub meta: Client,
    /// What an operator set.
    pub settings: Settings,
    /// Which parts run in this process.
    pub role: Role,
}

/// Which parts of the engine a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    All,
    /// Takes webhooks and requests; applies and sends nothing.
    Web,
    /// Applies webhooks, sends messages, runs jobs.
    Worker,
}

impl Role {
    /// Whether webhooks are applied, messages sent and jobs run here.
    pub fn works(self) -> bool {
        matches!(self, Self::All | Self::Worker)
    }
}

/// The running engine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Engine {
    context: Context,
    ingest: Ingest,
}

impl Engine {
    /// Starts the parts that the role asks for.
    ///
    /// # Errors
    /// What the database says.
    pub async fn start(parts: Parts) -> wigwag_store::Result<Self> {
        let context = Context::new(parts.db, parts.files, parts.meta, parts.settings);
        let ingest = Ingest::start(&context, parts.role).await?;
        crate::campaigns::start_clicks(&context);
        crate::events::start(&context);
        if parts.role.works() {
            crate::jobs::start(&context);
            crate::statistics::start(&context);
            crate::sweep::start(&context);
            crate::campaigns::start(&context);
            crate::campaigns::ongoing::start_watch(&context);
            crate::endpoints::start(&context);
            crate::blocks::start(&context);
            dispatch::start(&context);
        }
        Ok(Self { context, ingest })
    }

    /// What takes webhooks in.
    pub fn ingest(&self) -> &Ingest {
        &self.ingest
    }

    /// Takes a webhook of an app, see [`Ingest::accept`].
    ///
    /// # Errors
    /// [`AcceptError`]; only after `Ok` may Meta be answered 200.
    pub async fn accept(
        &self,
        app: &str,
        signature: Option<&str>,
        body: bytes::Bytes,
    ) -> Result<(), AcceptError> {
        self.ingest.accept(app, signature, body).await
    }

    /// What every part works with.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The database.
    pub fn db(&self) -> &Db {
        self.context.db()
    }

    /// Claims nothing more, and returns once all that is under way has its record.
    pub async fn stop(&self) {
        self.context.stop().cancel();
        self.context.tasks().close();
        self.context.tasks().wait().await;
    }
}
