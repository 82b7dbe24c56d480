//! What a file looks like: what divides its columns, whether they have names, what is in them.

use csv::StringRecord;
use wigwag_model::audience::TraitKind;
use wigwag_store::imports::Column;

use super::safe::bare_cell;
use super::stretch::{is_blank, rows_of};

/// Most columns of a file.
pub(super) const MOST_COLUMNS: usize = 200;
/// Rows at the beginning that tell what divides columns.
const LOOKED_AT: usize = 100;
/// Values of a column that are shown.
const SAMPLES: usize = 3;
/// Most characters of a name or a value that is shown.
const SHOWN: usize = 100;

/// How a file's rows are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// What divides its columns.
    pub(super) delimiter: char,
    /// The byte at which its first row begins.
    pub(super) begin: usize,
}

/// Finds the shape by a file's beginning.
pub(super) fn shape(head: &str) -> Shape {
    // Spreadsheets write what divides the columns into a line of its own.
    let line = head.lines().next().unwrap_or_default();
    if let Some(delimiter) = line
        .trim_matches('"')
        .strip_prefix("sep=")
        .and_then(|rest| rest.chars().next())
        .filter(char::is_ascii)
    {
        let begin = head.find('\n').map_or(head.len(), |at| at + 1);
        return Shape { delimiter, begin };
    }
    let mut best = (0, 0, ',');
    for delimiter in [',', ';', '\t', '|'] {
        let counts: Vec<usize> = rows_of(head.as_bytes(), delimiter)
            .records()
            .map_while(Result::ok)
            .filter(|record| !is_blank(record))
            .take(LOOKED_AT)
            .map(|record| record.len())
            .collect();
        // As many columns as most rows have; rows that agree count for more than columns.
        let usual = counts
            .iter()
            .copied()
            .max_by_key(|usual| counts.iter().filter(|count| *count == usual).count())
            .unwrap_or(0);
        if usual < 2 {
            continue;
        }
        let agree = counts.iter().filter(|count| **count == usual).count();
        let score = (agree * 100 / counts.len().max(1), usual, delimiter);
        if (score.0, score.1) > (best.0, best.1) {
            best = score;
        }
    }
    Shape {
        delimiter: best.2,
        begin: 0,
    }
}

/// Whether the first row names the columns: it holds no phone number and no address.
pub(super) fn is_header(first: &StringRecord) -> bool {
    let looks_like_data = |cell: &str| {
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        digits >= 6 || cell.contains('@')
    };
    !is_blank(first) && !first.iter().any(looks_like_data)
}

/// Gathers what is in the columns, row by row.
#[derive(Debug)]
pub(super) struct Survey {
    columns: Vec<Column>,
    fits: Vec<Fits>,
    rows: i64,
}

#[derive(Debug, Clone, Copy)]
struct Fits {
    number: bool,
    boolean: bool,
    datetime: bool,
}

impl Survey {
    /// For columns with these names.
    pub(super) fn new(names: Vec<String>) -> Self {
        let fits = Fits {
            number: true,
            boolean: true,
            datetime: true,
        };
        Self {
            fits: vec![fits; names.len()],
            columns: names
                .into_iter()
                .map(|name| Column {
                    name,
                    samples: Vec::new(),
                    kind: TraitKind::Text,
                    filled: 0,
                })
                .collect(),
            rows: 0,
        }
    }

    /// Takes a row in.
    pub(super) fn add(&mut self, record: &StringRecord) {
        self.rows += 1;
        for ((column, fits), cell) in self.columns.iter_mut().zip(&mut self.fits).zip(record) {
            let cell = bare_cell(cell.trim());
            if cell.is_empty() {
                continue;
            }
            column.filled += 1;
            if column.samples.len() < SAMPLES && !column.samples.iter().any(|known| known == cell) {
                column.samples.push(cell.chars().take(SHOWN).collect());
            }
            fits.number &= as_number(cell).is_some();
            fits.boolean &= as_boolean(cell).is_some();
            fits.datetime &= as_datetime(cell);
        }
    }

    /// The columns and how many rows there were.
    pub(super) fn finish(mut self) -> (Vec<Column>, i64) {
        for (column, fits) in self.columns.iter_mut().zip(self.fits) {
            column.kind = match fits {
                _ if column.filled == 0 => TraitKind::Text,
                Fits { boolean: true, .. } => TraitKind::Boolean,
                Fits { number: true, .. } => TraitKind::Number,
                Fits { datetime: true, .. } => TraitKind::Datetime,
                _ => TraitKind::Text,
            };
        }
        (self.columns, self.rows)
    }
}

/// The names in a header, each once; a column without one is called by its place.
pub(super) fn names(first: &StringRecord, has_header: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(first.len());
    for (at, cell) in first.iter().enumerate() {
        let given: String = if has_header {
            bare_cell(cell.trim()).chars().take(SHOWN).collect()
        } else {
            String::new()
        };
        let base = if given.is_empty() {
            format!("Column {}", at + 1)
        } else {
            given
        };
        let mut name = base.clone();
        let mut again = 2;
        while names.contains(&name) {
            name = format!("{base} {again}");
            again += 1;
        }
        names.push(name);
    }
    names
}

/// A number as tables write it. A leading zero or plus is a name made of digits.
pub(super) fn as_number(cell: &str) -> Option<serde_json::Number> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let named = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let shaped = digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.starts_with(|c: char| c.is_ascii_digit());
    if named || !shaped || digits.len() > 15 {
        return None;
    }
    match cell.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => serde_json::Number::from_f64(cell.parse().ok()?),
    }
}

/// A truth value as tables write it; 0 and 1 are numbers.
pub(super) fn as_boolean(cell: &str) -> Option<bool> {
    match cell.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

/// Whether a cell is a day or an instant in the order year, month, day.
pub(super) fn as_datetime(cell: &str) -> bool {
    TraitKind::of(&serde_json::Value::from(cell)) == Some(TraitKind::Datetime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_divides_columns_is_found() {
        for (head, delimiter, begin) in [
            ("name,phone\nA,1\nB,2\n", ',', 0),
            ("name;phone\nA, b;1\nB, c;2\n", ';', 0),
            ("name\tphone\n\"A;B\"\t1\n", '\t', 0),
            ("name|phone\nA|1\n", '|', 0),
            ("sep=;\r\nname;phone\r\n", ';', 7),
            ("+919876543210\n+919876543211\n", ',', 0),
            ("name,\"a;b\",c\nx,\"1;2;3\",z\n", ',', 0),
            ("", ',', 0),
        ] {
            assert_eq!(shape(head), Shape { delimiter, begin }, "{head:?}");
        }
    }

    #[test]
    fn a_header_holds_no_data() {
        for (first, header) in [
            (vec!["Name", "Phone"], true),
            (vec!["Asha", "+91 98765 43210"], false),
            (vec!["Name", "a@b.example"], false),
            (vec!["नाम", "फ़ोन"], true),
            (vec!["Q1", "Q2"], true),
        ] {
            assert_eq!(
                is_header(&StringRecord::from(first.clone())),
                header,
                "{first:?}"
            );
        }
    }

    #[test]
    fn columns_have_names_and_kinds() {
        use TraitKind::{Boolean, Datetime, Number, Text};
        let first = StringRecord::from(vec!["Name", "", "Name", "'=x"]);
        let found = names(&first, true);
        assert_eq!(found, ["Name", "Column 2", "Name 2", "=x"]);
        let mut survey = Survey::new(names(
            &StringRecord::from(vec!["a", "b", "c", "d", "e", "f"]),
            false,
        ));
        for row in [
            vec!["Pune", "5", "yes", "2026-11-23", "0123", ""],
            vec!["", "-2.5", "No", "", "5", ""],
            vec!["Goa", "", "", "2026-11-24T10:00:00Z"],
        ] {
            survey.add(&StringRecord::from(row));
        }
        let (columns, rows) = survey.finish();
        assert_eq!(rows, 3);
        let kinds: Vec<TraitKind> = columns.iter().map(|column| column.kind).collect();
        assert_eq!(kinds, [Text, Number, Boolean, Datetime, Text, Text]);
        assert_eq!(
            (columns[0].samples.as_slice(), columns[0].filled),
            (["Pune".to_owned(), "Goa".to_owned()].as_slice(), 2)
        );
    }
}
