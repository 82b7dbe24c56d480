//! Lines of `strace -f -y`: which call, on which file, with what, and whether it began or ended there.

/// What is traced: everything that reads a request, writes a page, syncs a file or writes an answer.
pub(super) const TRACED: &str =
    "read,recvfrom,recvmsg,readv,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync";

/// Which part of a call a line tells of. Another thread's line may come between begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Begin,
    End,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call<'a> {
    pub(super) thread: &'a str,
    pub(super) name: &'a str,
    pub(super) part: Part,
    /// `12</path>`; empty in the line that ends a call.
    pub(super) file: &'a str,
    /// The rest of the line: data and result.
    pub(super) text: &'a str,
    /// strace answered in the kernel's place, and nothing was done.
    pub(super) injected: bool,
}

/// Read one line; signals and exits are no calls.
pub(super) fn parse(line: &str) -> Option<Call<'_>> {
    let (thread, rest) = line.trim_start().split_once(' ')?;
    let rest = rest.trim_start();
    let injected = rest.ends_with("(INJECTED)");
    if let Some(resumed) = rest.strip_prefix("<... ") {
        let (name, text) = resumed.split_once(" resumed>")?;
        return Some(Call {
            thread,
            name,
            part: Part::End,
            file: "",
            text,
            injected,
        });
    }
    let (name, arguments) = rest.split_once('(')?;
    if !name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return None;
    }
    let part = if rest.ends_with("<unfinished ...>") {
        Part::Begin
    } else {
        Part::Whole
    };
    let end = arguments
        .find('>')
        .map_or_else(|| arguments.len().min(8), |end| end + 1);
    let (file, text) = arguments.split_at(end);
    Some(Call {
        thread,
        name,
        part,
        file,
        text,
        injected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_begun_and_ended_calls_are_told_apart() {
        let whole = parse("17 fdatasync(4</x/w.db-wal>) = 0 (INJECTED)").unwrap();
        assert_eq!(
            (whole.name, whole.part, whole.file, whole.injected),
            ("fdatasync", Part::Whole, "4</x/w.db-wal>", true)
        );
        let begun = parse("17 pwrite64(4</x/w.db-wal>, \"ab\", 2, 0 <unfinished ...>").unwrap();
        assert_eq!((begun.part, begun.thread), (Part::Begin, "17"));
        let ended = parse("17 <... pwrite64 resumed>) = 2").unwrap();
        assert_eq!(
            (ended.name, ended.part, ended.injected),
            ("pwrite64", Part::End, false)
        );
        assert_eq!(parse("17 +++ exited with 0 +++"), None);
        assert_eq!(parse("17 --- SIGTERM {si_signo=SIGTERM} ---"), None);
    }
}
