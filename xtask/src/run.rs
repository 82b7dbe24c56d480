//! Running other programs: with their output passed on as it comes, and read for its figures.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The full path of a program, as a shell would find it.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A command in `dir`, printed before it runs so that a reader can repeat it by hand.
pub(crate) fn command<S: AsRef<OsStr>>(dir: &Path, program: &str, arguments: &[S]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(dir)
        .stdin(Stdio::null());
    command
}

/// Print a command the way a person would type it.
pub(crate) fn announce(command: &Command) {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    eprintln!("\n$ {}", words.join(" "));
}

/// Run to the end with its output shown, and fail when it fails.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    announce(command);
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{program} could not be started"))?;
    if !status.success() {
        bail!("{program} failed ({status})");
    }
    Ok(())
}

/// Run to the end with its output shown, and hand each line (without colours) to `line` as well.
/// Returns whether the program succeeded.
pub(crate) fn observe(command: &mut Command, line: impl FnMut(&str) + Send) -> Result<bool> {
    announce(command);
    if std::io::stderr().is_terminal() {
        // The pipe hides the terminal from the program; colours are worth keeping for a person.
        command
            .env("CARGO_TERM_COLOR", "always")
            .env("FORCE_COLOR", "1");
    }
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} could not be started"))?;
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as _),
        child.stderr.take().map(|stream| Box::new(stream) as _),
    ];
    let line = &std::sync::Mutex::new(line);
    std::thread::scope(|scope| {
        for stream in streams.into_iter().flatten() {
            scope.spawn(move || pass_on(stream, line));
        }
    });
    let status = child
        .wait()
        .with_context(|| format!("{program} was lost"))?;
    Ok(status.success())
}

fn pass_on<F: FnMut(&str)>(stream: Box<dyn Read + Send>, line: &std::sync::Mutex<F>) {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while matches!(reader.read_until(b'\n', &mut bytes), Ok(read) if read > 0) {
        // A reader that went away (`| head`) is no reason to lose the result.
        let _ = std::io::stdout().lock().write_all(&bytes);
        let text = without_colours(&String::from_utf8_lossy(&bytes));
        if let Ok(mut line) = line.lock() {
            line(text.trim_end());
        }
        bytes.clear();
    }
}

/// The text without its ANSI colour sequences.
pub(crate) fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\u{1b}' {
            plain.push(character);
            continue;
        }
        // `ESC [ … letter`; whatever else may follow an escape is one character.
        if rest.next() == Some('[') {
            for inner in rest.by_ref() {
                if inner.is_ascii_alphabetic() {
                    break;
                }
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_removed_and_words_kept() {
        assert_eq!(
            without_colours("\u{1b}[1;32m3 passed\u{1b}[0m, 0 failed"),
            "3 passed, 0 failed"
        );
    }

    #[test]
    fn both_streams_of_a_program_are_read() {
        let mut lines = Vec::new();
        let mut command = command(
            Path::new("."),
            "sh",
            &["-c", "echo out; echo err >&2; exit 3"],
        );
        let success = observe(&mut command, |line| lines.push(line.to_owned())).unwrap();
        lines.sort();
        assert!(!success);
        assert_eq!(lines, ["err", "out"]);
    }
}
