//! An engine that runs jobs, and short ways to give it files.

use std::sync::Arc;
use std::time::Duration;

use object_store::memory::InMemory;
use wigwag_engine::imports::{self, Refusal, Wish};
use wigwag_engine::{Context, Engine, Files, Parts, Role, Settings, wait};
use wigwag_meta::{Client, Config};
use wigwag_model::{ImportId, WorkspaceId};
use wigwag_store::imports::{Import, State};
use wigwag_store::testing::{Fixture, TestDb};
use wigwag_store::{Priority, sql};

/// How often a test asks for what must come, with 20 ms in between.
pub(crate) const PATIENCE: u32 = 3_000;

pub(crate) struct Rig {
    pub(crate) db: TestDb,
    pub(crate) f: Fixture,
    pub(crate) files: Files,
    engine: Engine,
}

async fn engine(db: &TestDb, files: &Files, role: Role) -> Engine {
    Engine::start(Parts {
        db: (**db).clone(),
        files: files.clone(),
        meta: Client::new(
            Config::at("http://127.0.0.1:9".parse().unwrap()),
            "unused".to_owned().into(),
        )
        .unwrap(),
        settings: Settings::default(),
        role,
    })
    .await
    .unwrap()
}

impl Rig {
    pub(crate) async fn new(db: TestDb) -> Self {
        let f = db.workspace().await;
        // Nobody is at Meta here.
        db.write(Priority::Foreground, |tx| {
            Box::pin(async move {
                for text in ["DELETE FROM numbers", "DELETE FROM wabas"] {
                    sql(text).execute(tx).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        let files = Files::new(Arc::new(InMemory::new()));
        let engine = engine(&db, &files, Role::Worker).await;
        Self {
            db,
            f,
            files,
            engine,
        }
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.f.workspace
    }

    pub(crate) fn context(&self) -> &Context {
        self.engine.context()
    }

    /// The process goes away and comes again.
    pub(crate) async fn restart(&mut self) {
        self.engine.stop().await;
        self.engine = engine(&self.db, &self.files, Role::Worker).await;
    }

    pub(crate) async fn try_upload(&self, bytes: &[u8]) -> Result<Import, Refusal> {
        self.try_upload_to(self.workspace(), bytes).await
    }

    async fn try_upload_to(&self, workspace: WorkspaceId, bytes: &[u8]) -> Result<Import, Refusal> {
        let mut receiver = imports::receive(self.context(), workspace).await?;
        // In pieces, as a network brings it.
        for piece in bytes.chunks(1_000) {
            receiver.push(piece.to_vec().into()).await?;
        }
        receiver.finish("people.csv", "system".to_owned()).await
    }

    pub(crate) async fn upload(&self, bytes: &[u8]) -> Import {
        self.try_upload(bytes).await.unwrap()
    }

    /// Into another workspace of the same database.
    pub(crate) async fn upload_to(&self, workspace: WorkspaceId, bytes: &[u8]) -> Import {
        self.try_upload_to(workspace, bytes).await.unwrap()
    }

    pub(crate) async fn run_in(
        &self,
        workspace: WorkspaceId,
        import: &Import,
        wish: &Wish,
    ) -> Import {
        self.begin_in(workspace, import, wish).await;
        for _ in 0..PATIENCE {
            let import = wigwag_store::imports::get(
                &mut self.db.reader().await.unwrap(),
                workspace,
                import.id,
            )
            .await
            .unwrap();
            if matches!(import.state, State::Done | State::Failed) {
                return import;
            }
            wait::pause(Duration::from_millis(20)).await;
        }
        panic!("the import does not end");
    }

    /// Takes an import back and waits for the end of that.
    pub(crate) async fn undo(&self, id: ImportId) -> wigwag_store::imports::Undo {
        imports::begin_undo(self.context(), self.workspace(), id, "system".to_owned())
            .await
            .unwrap();
        for _ in 0..PATIENCE {
            let mut on = self.db.reader().await.unwrap();
            let undo = wigwag_store::imports::undo(&mut on, self.workspace(), id)
                .await
                .unwrap()
                .unwrap();
            if undo.state != wigwag_store::imports::UndoState::Running {
                return undo;
            }
            wait::pause(Duration::from_millis(20)).await;
        }
        panic!("the way back does not end");
    }

    /// The import as suggested.
    pub(crate) fn wish(import: &Import) -> Wish {
        Wish {
            mapping: imports::suggest(&import.columns, &[])
                .iter()
                .map(ToString::to_string)
                .collect(),
            default_country: Some("IN".to_owned()),
            consent: None,
            tags: Vec::new(),
            list_name: "People".to_owned(),
            update_existing: true,
            actor: "system".to_owned(),
        }
    }

    pub(crate) async fn begin(&self, import: &Import, wish: &Wish) {
        self.begin_in(self.workspace(), import, wish).await;
    }

    async fn begin_in(&self, workspace: WorkspaceId, import: &Import, wish: &Wish) {
        let faults = wish.faults(&import.columns, self.db.mint().now());
        assert!(faults.is_empty(), "{faults:?}");
        let text = serde_json::to_string(wish).unwrap();
        wigwag_store::imports::wish(&self.db, workspace, import.id, import.position, text)
            .await
            .unwrap();
        imports::start(self.context(), workspace, import.id)
            .await
            .unwrap();
    }

    pub(crate) async fn get(&self, id: ImportId) -> Import {
        wigwag_store::imports::get(&mut self.db.reader().await.unwrap(), self.workspace(), id)
            .await
            .unwrap()
    }

    pub(crate) async fn ended(&self, id: ImportId) -> Import {
        for _ in 0..PATIENCE {
            let import = self.get(id).await;
            if matches!(import.state, State::Done | State::Failed) {
                return import;
            }
            wait::pause(Duration::from_millis(20)).await;
        }
        panic!("the import does not end: {:?}", self.get(id).await);
    }

    pub(crate) async fn run(&self, import: &Import, wish: &Wish) -> Import {
        self.begin(import, wish).await;
        self.ended(import.id).await
    }

    pub(crate) async fn count(&self, question: &'static str) -> i64 {
        sql(question)
            .fetch_one(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .int(0)
            .unwrap()
    }

    /// Waits until no file is left: an import forgets its own once it has ended.
    pub(crate) async fn until_no_files(&self) {
        use futures::TryStreamExt as _;
        let mut left = Vec::new();
        for _ in 0..PATIENCE {
            left = self.files.store().list(None).try_collect().await.unwrap();
            if left.is_empty() {
                return;
            }
            wait::pause(Duration::from_millis(20)).await;
        }
        panic!("files are left: {left:?}");
    }

    pub(crate) async fn texts(&self, question: &'static str) -> Vec<String> {
        sql(question)
            .fetch_all(&mut self.db.reader().await.unwrap())
            .await
            .unwrap()
            .iter()
            .map(|row| row.opt_text(0).unwrap().unwrap_or_else(|| "-".to_owned()))
            .collect()
    }

    pub(crate) async fn end(self) {
        self.engine.stop().await;
        self.db.remove().await;
    }
}
