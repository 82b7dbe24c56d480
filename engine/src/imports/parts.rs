//! Several values in one cell: tags, and the parts of a list.

/// The parts of a cell, divided by commas, semicolons or bars. A part in quotes holds them, and quotes
/// doubled.
pub(super) fn parts_of(cell: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = cell;
    loop {
        rest = rest.trim_start();
        let (part, after) = if let Some((part, after)) = quoted(rest) {
            (Some(part), after)
        } else {
            let end = rest.find(DIVIDERS).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            let part = part.trim();
            ((!part.is_empty()).then(|| part.to_owned()), after)
        };
        parts.extend(part);
        let mut chars = after.chars();
        if chars.next().is_none() {
            return parts;
        }
        rest = chars.as_str();
    }
}

const DIVIDERS: [char; 3] = [',', ';', '|'];

/// A part in quotes and what stands after it, from the divider on; none where the quotes are part of the value.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut part = String::new();
    loop {
        let at = rest.find('"')?;
        part.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(after) = rest.strip_prefix('"') else {
            let after = rest.trim_start();
            return (after.is_empty() || after.starts_with(DIVIDERS)).then_some((part, after));
        };
        part.push('"');
        rest = after;
    }
}

/// Parts as one cell, from which [`parts_of`] reads them again.
pub(super) fn cell_of<'p>(parts: impl Iterator<Item = &'p str>) -> String {
    let written: Vec<String> = parts
        .map(|part| {
            let plain = !part.is_empty()
                && part.trim() == part
                && !part.starts_with(['"', '\''])
                && !part.contains(DIVIDERS);
            if plain {
                part.to_owned()
            } else {
                format!("\"{}\"", part.replace('"', "\"\""))
            }
        })
        .collect();
    written.join("; ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_come_back(parts in proptest::collection::vec("[ \"',;|a\u{940}=\n-]{0,6}", 0..5)) {
            let cell = cell_of(parts.iter().map(String::as_str));
            prop_assert_eq!(parts_of(&cell), parts);
        }
    }

    #[test]
    fn people_write_parts_as_they_like() {
        for (cell, parts) in [
            ("vip; new", vec!["vip", "new"]),
            ("a,b|c;;d, ", vec!["a", "b", "c", "d"]),
            ("\"a, b\"; c", vec!["a, b", "c"]),
            ("\"12\"\" pipe\"", vec!["12\" pipe"]),
            // Quotes that nobody closed, or that close inside, are part of the value.
            ("\"a; b", vec!["\"a", "b"]),
            ("\"a\"b; c", vec!["\"a\"b", "c"]),
            ("", vec![]),
        ] {
            assert_eq!(parts_of(cell), parts, "{cell}");
        }
    }
}
