//! Links between the documents: each resolves, and each page of the book can be reached.
//! Addresses outside the repository are not asked: a test does not use the network.

use super::{Finding, Source};
use std::collections::BTreeSet;

/// The table of contents of the book.
const SUMMARY: &str = "docs/SUMMARY.md";

pub(super) fn check(paths: &[String], sources: &[Source], findings: &mut Vec<Finding>) {
    let mut known: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
    for path in paths {
        let mut folder = path.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            known.insert(parent);
            folder = parent;
        }
    }
    let pages: Vec<&Source> = sources
        .iter()
        .filter(|source| source.extension() == "md")
        .collect();
    let mut in_book = BTreeSet::new();
    for page in &pages {
        for (line, target) in targets(&page.text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() {
                page.path.clone()
            } else {
                resolve(&page.path, file)
            };
            if !known.contains(path.as_str()) {
                findings.push(Finding::new(
                    &page.path,
                    line,
                    format!("the link `{target}` leads nowhere"),
                ));
            } else if !anchor.is_empty()
                && let Some(other) = pages.iter().find(|other| other.path == path)
                && !anchors(&other.text).contains(anchor)
            {
                findings.push(Finding::new(
                    &page.path,
                    line,
                    format!("`{path}` has no heading `#{anchor}`"),
                ));
            }
            if page.path == SUMMARY {
                in_book.insert(path);
            }
        }
    }
    for page in pages
        .iter()
        .filter(|page| page.path.starts_with("docs/") && page.path != SUMMARY)
    {
        if !in_book.contains(&page.path) {
            findings.push(Finding::new(&page.path, 0, format!("is not in {SUMMARY}")));
        }
    }
}

/// The targets of `[text](target)` and `![text](target)` outside code, with their lines.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        let mut rest = line;
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            let Some(end) = rest.find(')') else { break };
            let target = rest[..end].trim();
            if !target.contains("://") && !target.starts_with("mailto:") && !target.is_empty() {
                found.push((number, target));
            }
            rest = &rest[end..];
        }
    }
    found
}

/// Lines outside fenced code, counted from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(number, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((number + 1, line))
    })
}

/// The anchors that a page's headings get: lower case, spaces as dashes, other signs dropped.
fn anchors(text: &str) -> BTreeSet<String> {
    prose(text)
        .filter_map(|(_, line)| line.strip_prefix('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter_map(|sign| match sign {
                    ' ' => Some('-'),
                    '-' | '_' => Some(sign),
                    _ => sign.is_alphanumeric().then_some(sign),
                })
                .collect()
        })
        .collect()
}

/// A relative link as a path from the root of the repository.
fn resolve(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        let mut findings = Vec::new();
        check(&paths, &sources, &mut findings);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn good_links_resolve() {
        let files = [
            (
                "README.md",
                "[Book](docs/install.md#first-steps) ![x](docs/pictures/inbox.png) [folder](docs/)",
            ),
            ("docs/SUMMARY.md", "- [Install](install.md)"),
            (
                "docs/install.md",
                "# Install\n## First steps!\n[up](../README.md) [out](https://example.com)",
            ),
            ("docs/pictures/inbox.png", ""),
        ];
        assert_eq!(told(&files), [""; 0]);
    }

    #[test]
    fn bad_links_and_lost_pages_are_told() {
        let files = [
            (
                "README.md",
                "[Gone](docs/gone.md)\n[Part](docs/install.md#missing)\n```\n[code](nowhere.md)\n```",
            ),
            ("docs/SUMMARY.md", ""),
            ("docs/install.md", "# Install"),
        ];
        assert_eq!(
            told(&files),
            [
                "README.md:1: the link `docs/gone.md` leads nowhere",
                "README.md:2: `docs/install.md` has no heading `#missing`",
                "docs/install.md: is not in docs/SUMMARY.md",
            ]
        );
    }
}
