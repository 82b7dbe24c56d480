//! SQLite's one writer: a task that drains a queue into one transaction, so that many pieces of
//! work share one fsync.
//!
//! Each piece has a savepoint and an outcome of its own, and its caller is answered only after
//! the commit has returned. There is no artificial wait: a group is what came while the last
//! commit was under way. Background work is served when the foreground queue is empty, and now and then
//! while it is not.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::crypt::Keys;
use crate::error::{Error, Result};
use crate::fold::Log;
use crate::mint::Mint;
use crate::tx::{Tx, WriteFuture};
use crate::wakes::Wakes;

/// Commands in one transaction at most.
const GROUP: usize = 1_024;
/// Foreground commands that may wait.
const QUEUE: usize = 4_096;
/// Background commands that may wait.
const BACKGROUND_QUEUE: usize = 64;
/// While there is foreground work, a background command is followed by a rest of so many times
/// its own length: together they get at most half of the writer. (In a burst of webhooks the
/// appliers rest by themselves.)
const REST: i64 = 1;
/// µs of background work that is long. While there is such work, background commands get commits of their
/// own: people and webhooks that came before them are not to wait for them. Otherwise they share their commit,
/// which saves an fsync.
const LONG: i64 = 4_000;
/// µs after a long command in which more of them are to be expected.
const MORE: i64 = 1_000_000;
/// How long a caller waits for a place in a full queue.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who waits for a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// A person, a webhook or a send.
    Foreground,
    /// Appliers, imports, deletes: in chunks that hold the writer for at most some 20 ms.
    Background,
}

/// Answers the caller: with the value when given `None`, with the commit's failure otherwise.
type Reply = Box<dyn FnOnce(Option<Error>) + Send>;
type Run = Box<
    dyn for<'t> FnOnce(&'t mut Tx) -> Pin<Box<dyn Future<Output = Outcome> + Send + 't>> + Send,
>;

struct Outcome {
    keep: bool,
    reply: Reply,
}

/// The handle to the writing task.
#[derive(Debug)]
pub(crate) struct Writer {
    foreground: mpsc::Sender<Run>,
    background: mpsc::Sender<Run>,
    stop: parking_lot::Mutex<Option<oneshot::Sender<()>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(
        conn: SqliteConnection,
        mint: Mint,
        keys: Keys,
        wakes: Wakes,
        log: Arc<Log>,
    ) -> Self {
        let (foreground, fore) = mpsc::channel(QUEUE);
        let (background, back) = mpsc::channel(BACKGROUND_QUEUE);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(
            Tx::sqlite(conn, mint, keys, wakes),
            fore,
            back,
            log,
            stopped,
        ));
        Self {
            foreground,
            background,
            stop: parking_lot::Mutex::new(Some(stop)),
            task: tokio::sync::Mutex::new(Some(task)),
        }
    }

    pub(crate) async fn write<T, F>(&self, priority: Priority, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> WriteFuture<'t, T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Result<T>>();
        let run: Run = Box::new(move |tx| {
            Box::pin(async move {
                let result = match work(tx).await {
                    Ok(value) => tx.finish().await.map(|()| value),
                    Err(error) => Err(error),
                };
                Outcome {
                    keep: result.is_ok(),
                    reply: Box::new(move |failure| {
                        // A caller that went away does not want its answer.
                        let _ = answer.send(match failure {
                            Some(error) => Err(error),
                            None => result,
                        });
                    }),
                }
            })
        });
        let queue = match priority {
            Priority::Foreground => &self.foreground,
            Priority::Background => &self.background,
        };
        queue
            .send_timeout(run, PATIENCE)
            .await
            .map_err(|_| Error::Busy)?;
        answered.await.map_err(|_| Error::Busy)?
    }

    /// Finishes what is queued and closes the connection.
    pub(crate) async fn close(&self) {
        if let Some(stop) = self.stop.lock().take() {
            let _ = stop.send(());
        }
        let task = self.task.lock().await.take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

async fn serve(
    mut tx: Tx,
    mut foreground: mpsc::Receiver<Run>,
    mut background: mpsc::Receiver<Run>,
    log: Arc<Log>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut group = Vec::with_capacity(GROUP);
    let mut stopping = false;
    let mut rest_until = i64::MIN;
    let mut long_until = i64::MIN;
    loop {
        let mut last = Priority::Foreground;
        let mut apart = None;
        tokio::select! {
            biased;
            count = foreground.recv_many(&mut group, GROUP) => {
                if count == 0 {
                    break;
                }
                let now = tx.mint().clock().monotonic_us();
                if now >= rest_until
                    && let Ok(run) = background.try_recv()
                {
                    if now < long_until {
                        apart = Some(run);
                    } else {
                        group.push(run);
                        last = Priority::Background;
                    }
                }
            }
            Some(run) = background.recv() => {
                group.push(run);
                last = Priority::Background;
            }
            _ = &mut stopped, if !stopping => {
                // Closing lets queued work through and refuses more.
                stopping = true;
                foreground.close();
                background.close();
                continue;
            }
        }
        if log.nearly_folded() {
            tx.fold().await;
        }
        let mut took = commit(&mut tx, group.drain(..)).await;
        if let Some(run) = apart {
            took = commit(&mut tx, std::iter::once(run)).await;
            last = Priority::Background;
        }
        log.written();
        if last == Priority::Background {
            metrics::histogram!("wigwag_store_background_seconds").record(took as f64 / 1e6);
            let now = tx.mint().clock().monotonic_us();
            rest_until = now + took * REST;
            if took > LONG {
                long_until = now + MORE;
            }
        }
    }
    while let Some(run) = background.recv().await {
        commit(&mut tx, std::iter::once(run)).await;
    }
    tx.close().await;
}

/// Runs a group in one transaction and answers each caller after the commit. Returns how many
/// microseconds the last command of the group took.
async fn commit(tx: &mut Tx, group: impl ExactSizeIterator<Item = Run>) -> i64 {
    let clock = Arc::clone(tx.mint().clock());
    let mut took = 0;
    let single = group.len() == 1;
    metrics::histogram!("wigwag_store_group_size").record(group.len() as f64);
    let mut replies: Vec<Reply> = Vec::with_capacity(group.len());
    if let Err(error) = tx.begin().await {
        // Dropping the commands answers their callers with `Busy`; the log has the reason.
        tracing::error!(error = %error, "a write transaction could not begin");
        drop(group.collect::<Vec<_>>());
        return took;
    }
    let mut failure: Option<Error> = None;
    for run in group {
        if failure.is_some() {
            drop(run);
            continue;
        }
        let started = clock.monotonic_us();
        match one(tx, run, single).await {
            Ok(reply) => replies.push(reply),
            Err(error) => failure = Some(error),
        }
        took = clock.monotonic_us() - started;
    }
    if failure.is_none()
        && let Err(error) = tx.commit().await
    {
        failure = Some(error);
    }
    if let Some(error) = failure {
        tracing::error!(error = %error, "a write transaction failed");
        if let Err(error) = tx.rollback().await {
            tracing::error!(error = %error, "a write transaction could not be rolled back");
        }
        let text = error.to_string();
        for reply in replies {
            reply(Some(Error::Db(text.clone().into())));
        }
        return took;
    }
    for reply in replies {
        reply(None);
    }
    took
}

/// Runs one command in its savepoint. The error is the transaction's, not the command's.
async fn one(tx: &mut Tx, run: Run, single: bool) -> Result<Reply> {
    if !single {
        tx.control("SAVEPOINT command").await?;
    }
    let outcome = run(tx).await;
    if single && !outcome.keep {
        // Alone in its transaction: undo it whole and let an empty one commit.
        tx.rollback().await?;
        tx.begin().await?;
    } else if outcome.keep {
        if !single {
            tx.control("RELEASE command").await?;
        }
    } else {
        tx.forget();
        tx.control("ROLLBACK TO command").await?;
        tx.control("RELEASE command").await?;
    }
    Ok(outcome.reply)
}
