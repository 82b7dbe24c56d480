//! The database of an instance that is not running, written with its own command-line client.
//! Bulk loading a million rows is no question of the product's, so it does not go through the product.

use super::Instance;
use crate::{install, run};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// Where the rows go.
pub(crate) enum Database {
    Sqlite { client: PathBuf, file: PathBuf },
    Postgres { client: PathBuf, url: String },
}

/// A value of a row.
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    /// A text that was made for the row.
    Owned(String),
    Id([u8; 16]),
    /// Bytes in hexadecimal.
    Bytes(&'a str),
}

impl Database {
    pub(crate) fn of(instance: &Instance) -> Result<Self> {
        if let Some(cluster) = instance.cluster() {
            return Ok(Self::Postgres {
                client: cluster.program("psql"),
                url: cluster.database_url("wigwag"),
            });
        }
        if let Some(url) = instance.database() {
            return Ok(Self::Postgres {
                client: run::find("psql").context("psql is not installed")?,
                url: url.to_owned(),
            });
        }
        let file =
            find(&instance.folder().join("data")).context("no SQLite file in the data folder")?;
        Ok(Self::Sqlite {
            client: install::sqlite()?,
            file,
        })
    }

    /// One column of one row, as text; bytes in hexadecimal.
    pub(crate) fn ask(&self, column: &str, bytes: bool, rest: &str) -> Result<String> {
        let mut command = match self {
            Self::Sqlite { client, file } => {
                let column = if bytes {
                    format!("lower(hex({column}))")
                } else {
                    column.to_owned()
                };
                let mut command = Command::new(client);
                command
                    .arg(file)
                    .arg(format!("SELECT {column} FROM {rest}"));
                command
            }
            Self::Postgres { client, url } => {
                let column = if bytes {
                    format!("replace(ltrim({column}::text, '\\x'), '-', '')")
                } else {
                    column.to_owned()
                };
                let mut command = Command::new(client);
                command.args([
                    "-X",
                    "-q",
                    "-A",
                    "-t",
                    "-c",
                    &format!("SELECT {column} FROM {rest}"),
                    url,
                ]);
                command
            }
        };
        let asked = command.output().context("the database's client")?;
        if !asked.status.success() {
            bail!(
                "SELECT {column} FROM {rest}: {}",
                String::from_utf8_lossy(&asked.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&asked.stdout).trim().to_owned())
    }

    /// One statement by itself, also while the product runs.
    pub(crate) fn tell(&self, statement: &str) -> Result<()> {
        let mut command = match self {
            Self::Sqlite { client, file } => {
                let mut command = Command::new(client);
                command.args(["-bail", "-cmd", ".timeout 10000"]).arg(file);
                command.arg(statement);
                command
            }
            Self::Postgres { client, url } => {
                let mut command = Command::new(client);
                command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, url]);
                command
            }
        };
        let told = command.output().context("the database's client")?;
        if !told.status.success() {
            bail!(
                "{statement}: {}",
                String::from_utf8_lossy(&told.stderr).trim()
            );
        }
        Ok(())
    }

    /// Begin to write.
    pub(crate) fn load(&self) -> Result<Load> {
        let mut command = match self {
            Self::Sqlite { client, file } => {
                let mut command = Command::new(client);
                command.arg("-bail").arg(file);
                command
            }
            Self::Postgres { client, url } => {
                let mut command = Command::new(client);
                command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", url]);
                command
            }
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("the database's client could not be started")?;
        let out = BufWriter::with_capacity(1 << 20, child.stdin.take().context("no stdin")?);
        let mut load = Load {
            child,
            out,
            postgres: matches!(self, Self::Postgres { .. }),
            first: true,
            tables: BTreeSet::new(),
        };
        if !load.postgres {
            load.statement("PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN")?;
        }
        Ok(load)
    }
}

/// Rows on their way in.
pub(crate) struct Load {
    child: Child,
    out: BufWriter<ChildStdin>,
    postgres: bool,
    first: bool,
    /// The tables that got rows.
    tables: BTreeSet<String>,
}

impl Load {
    /// A statement in words that both databases understand.
    pub(crate) fn statement(&mut self, sql: &str) -> Result<()> {
        writeln!(self.out, "{sql};")?;
        Ok(())
    }

    /// Write `rows` into the columns of a table.
    pub(crate) fn rows<'a>(
        &mut self,
        table: &str,
        columns: &str,
        rows: impl Iterator<Item = Vec<Cell<'a>>>,
    ) -> Result<()> {
        self.tables.insert(table.to_owned());
        if self.postgres {
            writeln!(self.out, "COPY {table} ({columns}) FROM stdin;")?;
            for row in rows {
                for (number, cell) in row.iter().enumerate() {
                    let tab = if number > 0 { "\t" } else { "" };
                    write!(self.out, "{tab}{}", copied(cell))?;
                }
                writeln!(self.out)?;
            }
            writeln!(self.out, "\\.")?;
            return Ok(());
        }
        for (number, row) in rows.enumerate() {
            self.first = number % 200 == 0;
            if self.first {
                let end = if number > 0 { ";\n" } else { "" };
                write!(self.out, "{end}INSERT INTO {table} ({columns}) VALUES\n(")?;
            } else {
                write!(self.out, ",\n(")?;
            }
            for (number, cell) in row.iter().enumerate() {
                let comma = if number > 0 { "," } else { "" };
                write!(self.out, "{comma}{}", literal(cell))?;
            }
            write!(self.out, ")")?;
        }
        writeln!(self.out, ";")?;
        Ok(())
    }

    /// Finish; on PostgreSQL with fresh statistics of the tables that got rows, which it takes by itself in
    /// time. It takes none of those that are empty, and neither may we: it would plan for empty ones.
    pub(crate) fn finish(mut self) -> Result<()> {
        // On SQLite the product takes statistics away: it is to run as it does without them.
        if self.postgres {
            let tables: Vec<&str> = self.tables.iter().map(String::as_str).collect();
            let statement = format!("VACUUM ANALYZE {};\nCHECKPOINT", tables.join(", "));
            self.statement(&statement)?;
        } else {
            self.statement("COMMIT")?;
        }
        self.out.flush()?;
        drop(self.out);
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the rows were refused ({status})");
        }
        // Else what is measured waits for the disk that is busy with these rows.
        let synced = Command::new("sync").status().context("sync")?;
        if !synced.success() {
            bail!("sync ended with {synced}");
        }
        Ok(())
    }
}

/// A cell in the text format of `COPY`. Texts of the benchmark hold no tabs and no line ends.
fn copied(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Null => "\\N".to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => text.replace('\\', "\\\\"),
        Cell::Owned(text) => text.replace('\\', "\\\\"),
        Cell::Id(id) => hex::encode(id),
        Cell::Bytes(bytes) => format!("\\\\x{bytes}"),
    }
}

/// A cell as a literal of SQLite.
fn literal(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Cell::Owned(text) => format!("'{}'", text.replace('\'', "''")),
        Cell::Id(id) => format!("X'{}'", hex::encode(id)),
        Cell::Bytes(bytes) => format!("X'{bytes}'"),
    }
}

/// The first SQLite file below a folder.
fn find(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    entries.flatten().map(|entry| entry.path()).find(|path| {
        let mut head = [0; 15];
        std::fs::File::open(path)
            .and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head))
            .is_ok_and(|()| &head == b"SQLite format 3")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_in_each_database_s_words() {
        let cells = [
            Cell::Null,
            Cell::Int(-3),
            Cell::Text("Anna's"),
            Cell::Id([7; 16]),
            Cell::Bytes("c0ff"),
        ];
        let copied: Vec<String> = cells.iter().map(copied).collect();
        assert_eq!(
            copied,
            [
                "\\N",
                "-3",
                "Anna's",
                "07070707070707070707070707070707",
                "\\\\xc0ff"
            ]
        );
        let literals: Vec<String> = cells.iter().map(literal).collect();
        assert_eq!(
            literals,
            [
                "NULL",
                "-3",
                "'Anna''s'",
                "X'07070707070707070707070707070707'",
                "X'c0ff'"
            ]
        );
    }

    #[test]
    fn the_database_is_found_by_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("instance.lock"), "").unwrap();
        assert_eq!(find(folder.path()), None);
        let file = folder.path().join("wigwag.db");
        let made = Command::new(install::sqlite().unwrap())
            .arg(&file)
            .arg("CREATE TABLE t (a)")
            .status()
            .unwrap();
        assert!(made.success());
        assert_eq!(find(folder.path()), Some(file));
    }
}
