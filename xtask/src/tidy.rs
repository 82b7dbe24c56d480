//! The repository's own rules, as code: what a reviewer would otherwise have to remember.
//! Each rule is a function from a path and a text to findings, so that each has a test. A rule that
//! needs an exception takes it from the list beside it, with the reason written down.

mod arrows;
mod dependencies;
mod links;
mod text;

use crate::repo;
use anyhow::{Result, bail};
use std::fmt;
use std::path::Path;

/// One broken rule, with the place and the mend.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// Counted from 1; 0 where the rule is about the whole file.
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.message),
            line => write!(out, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// A file of the tree that is text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn extension(&self) -> &str {
        Path::new(&self.path)
            .extension()
            .and_then(|name| name.to_str())
            .unwrap_or("")
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Check the whole tree.
pub(crate) fn run() -> Result<()> {
    let root = repo::root()?;
    let paths = repo::files(&root)?;
    let sources: Vec<Source> = paths
        .iter()
        .filter_map(|path| {
            // What is not UTF-8 is a picture or a font: no rule here is about those.
            let text = std::fs::read_to_string(root.join(path)).ok()?;
            Some(Source {
                path: path.clone(),
                text,
            })
        })
        .collect();
    let mut findings = Vec::new();
    for source in &sources {
        text::check(source, &mut findings);
        arrows::check(source, &mut findings);
    }
    dependencies::check(&sources, &mut findings);
    links::check(&paths, &sources, &mut findings);
    for finding in &findings {
        eprintln!("{finding}");
    }
    if findings.is_empty() {
        eprintln!("tidy: {} files keep the rules", paths.len());
        return Ok(());
    }
    bail!("tidy: {} findings", findings.len());
}
