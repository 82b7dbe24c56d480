//! One installation of the product for one measurement: its folder, its database, its process.

use crate::folder::Folder;
use crate::load::product::{Product, Ready};
use crate::postgres::{Cluster, free_port};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// The database that it runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Variant {
    /// The embedded one
    Sqlite,
    /// A private cluster, started for the run
    Postgres,
}

impl Variant {
    /// The name in figures.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

const PREFIX: &str = "wigwag-xtask-";

/// Everything that outlives one start of the process.
pub(crate) struct Instance {
    binary: PathBuf,
    folder: Folder,
    cluster: Option<Cluster>,
    database: Option<String>,
    port: u16,
    simulator_port: u16,
}

impl Instance {
    /// A new, empty installation; on PostgreSQL with a cluster of its own.
    pub(crate) fn new(binary: &Path, variant: Variant) -> Result<Self> {
        let cluster = match variant {
            Variant::Sqlite => None,
            Variant::Postgres => Some(Cluster::start()?),
        };
        Self::of_cluster(binary, cluster, Folder::fleeting(PREFIX)?)
    }

    /// An installation in a folder of this name, with the data that are there.
    pub(crate) fn kept(binary: &Path, variant: Variant, folder: &Path) -> Result<Self> {
        let folder = folder.join(variant.name());
        let cluster = match variant {
            Variant::Sqlite => None,
            Variant::Postgres => Some(Cluster::start_in(Folder::kept(&folder.join("cluster"))?)?),
        };
        Self::of_cluster(binary, cluster, Folder::kept(&folder)?)
    }

    fn of_cluster(binary: &Path, cluster: Option<Cluster>, folder: Folder) -> Result<Self> {
        let database = match &cluster {
            Some(cluster) => Some(cluster.create_database("wigwag")?),
            None => None,
        };
        Self::with(binary, cluster, database, folder)
    }

    /// A new installation on a database that somebody else looks after.
    pub(crate) fn on_database(binary: &Path, url: String) -> Result<Self> {
        Self::with(binary, None, Some(url), Folder::fleeting(PREFIX)?)
    }

    fn with(
        binary: &Path,
        cluster: Option<Cluster>,
        database: Option<String>,
        folder: Folder,
    ) -> Result<Self> {
        Ok(Self {
            binary: binary.to_path_buf(),
            folder,
            cluster,
            database,
            port: free_port()?,
            simulator_port: free_port()?,
        })
    }

    /// The folder for data and logs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The private cluster, on PostgreSQL.
    pub(crate) fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }

    /// The database's URL, where it is not the embedded one.
    pub(crate) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Start (again) on the same data and port; `simulator` names one outside the process.
    pub(crate) fn start(&self, simulator: Option<&str>) -> Result<(Product, Ready)> {
        self.starting(simulator).start()
    }

    /// The start as a value, for a caller that must not wait for it on its own thread.
    pub(crate) fn starting(&self, simulator: Option<&str>) -> Starting {
        self.starting_in("data", self.port, simulator)
    }

    /// A second process beside the first: in the same folder on the embedded database, in one of its own
    /// with the same master key on one that is shared.
    pub(crate) fn second(&self, simulator: &str) -> Result<Starting> {
        let port = free_port()?;
        if self.database.is_none() {
            return Ok(self.starting_in("data", port, Some(simulator)));
        }
        let folder = self.folder.path().join("second");
        std::fs::create_dir_all(&folder)?;
        let key = self.folder.path().join("data/master.key");
        std::fs::copy(key, folder.join("master.key")).context("the master key")?;
        Ok(self.starting_in("second", port, Some(simulator)))
    }

    fn starting_in(&self, folder: &str, port: u16, simulator: Option<&str>) -> Starting {
        let mut arguments = vec![
            "demo".to_owned(),
            "--json".to_owned(),
            format!("--port={port}"),
            format!("--data={}", self.folder.path().join(folder).display()),
        ];
        match simulator {
            Some(url) => arguments.push(format!("--simulator={url}")),
            None => arguments.push(format!("--sim-port={}", self.simulator_port)),
        }
        if let Some(url) = &self.database {
            arguments.push(format!("--database={url}"));
        }
        Starting {
            binary: self.binary.clone(),
            arguments,
            log: self.folder.path().join(format!("wigwag-{folder}.log")),
        }
    }
}

/// A start that is about to happen.
pub(crate) struct Starting {
    binary: PathBuf,
    arguments: Vec<String>,
    log: PathBuf,
}

impl Starting {
    /// The same start through another program, which gets `arguments` and then the command.
    pub(crate) fn under(mut self, program: &Path, mut arguments: Vec<String>) -> Self {
        arguments.push(self.binary.display().to_string());
        arguments.append(&mut self.arguments);
        Self {
            binary: program.to_path_buf(),
            arguments,
            log: self.log,
        }
    }

    /// Start the process and wait until it is ready.
    pub(crate) fn start(&self) -> Result<(Product, Ready)> {
        Product::start(&self.binary, &self.arguments, &self.log)
    }
}
