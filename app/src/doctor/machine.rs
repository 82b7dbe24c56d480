//! The machine: folders, rights, the master key, the public address.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::report::Report;
use crate::config::Config;
use crate::keys;

/// Checks all of it.
pub(super) fn check(config: &Config, report: &mut Report) {
    folder("data folder", &config.data.folder, report);
    folder("media folder", &config.media_folder(), report);
    master_key(&config.keys.master_file, report);
    public_url(config, report);
}

fn folder(subject: &str, path: &Path, report: &mut Report) {
    let shown = path.display().to_string();
    let Ok(meta) = std::fs::metadata(path) else {
        report.unusual(
            subject,
            format!("{shown} is not there yet"),
            "`wigwag serve` makes it",
        );
        return;
    };
    if !meta.is_dir() {
        report.wrong(
            subject,
            format!("{shown} is no folder"),
            "move that file away",
        );
        return;
    }
    let probe = path.join(format!(".probe-{}", std::process::id()));
    let written = std::fs::write(&probe, b"wigwag\n").and_then(|()| std::fs::remove_file(&probe));
    if let Err(error) = written {
        let mend = "give the user that runs wigwag the right to write there";
        report.wrong(
            subject,
            format!("{shown} cannot be written ({error})"),
            mend,
        );
        return;
    }
    let mode = meta.permissions().mode() & 0o777;
    // Nothing for others; a group may be meant.
    if mode.trailing_zeros() < 3 {
        let mend = format!("chmod o-rwx {shown}");
        report.unusual(
            subject,
            format!("{shown} is open to every user (mode {mode:03o})"),
            &mend,
        );
        return;
    }
    report.fine(subject, format!("{shown} can be written"));
}

fn master_key(file: &Path, report: &mut Report) {
    let subject = "master key";
    if std::env::var_os(keys::VARIABLE).is_some() {
        report.fine(subject, format!("from {}", keys::VARIABLE));
        return;
    }
    if !file.exists() {
        let found = format!("{} is not there yet", file.display());
        report.unusual(subject, found, "`wigwag serve` makes it at its first start");
        return;
    }
    match keys::MasterKey::find(file) {
        Ok(_) => report.fine(
            subject,
            format!("{} is there, for its owner only", file.display()),
        ),
        Err(failure) => report.wrong(subject, failure.to_string(), "see the line itself"),
    }
}

fn public_url(config: &Config, report: &mut Report) {
    let (subject, url) = ("public address", &config.server.public_url);
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "https" {
        report.fine(subject, url.as_str());
    } else if local {
        let mend =
            "set server.public_url to the https:// address under which Meta reaches this server";
        report.unusual(subject, format!("{url} is this machine only"), mend);
    } else {
        let mend = "Meta calls https:// addresses only: put a proxy with a certificate in front and set server.public_url";
        report.wrong(subject, format!("{url} is not https"), mend);
    }
}
