//! The rows that were not taken, as a file that can be corrected and put back.

use wigwag_store::imports::{Column, Problem};

use super::safe::safe_cell;

/// What the last column is called; it is left out when the file comes back.
const PROBLEM: &str = "Problem";

/// The first line: the names of the file's columns and of the one that says what is wrong.
///
/// It begins with the mark by which spreadsheets know UTF-8.
pub fn error_head(columns: &[Column]) -> String {
    let names = columns.iter().map(|column| column.name.as_str());
    let cells = names.chain([PROBLEM]).map(safe_cell);
    format!("\u{feff}{}", line(cells))
}

/// The lines of problems, each row as it stood with what is wrong at its end.
pub fn error_lines(columns: usize, problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| {
            // A row with too many cells keeps them: whoever corrects it has to see them.
            let width = columns.max(problem.record.len());
            let cells = (0..width).map(|at| {
                problem
                    .record
                    .get(at)
                    .map(String::as_str)
                    .unwrap_or_default()
            });
            let what = format!("{}: {}", problem.field, problem.message);
            line(cells.map(safe_cell).chain([safe_cell(&what)]))
        })
        .collect()
}

pub(super) fn line(cells: impl Iterator<Item = String>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let cells: Vec<String> = cells.collect();
    // Writing into memory cannot fail.
    let written = writer.write_record(&cells);
    debug_assert!(written.is_ok());
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use wigwag_model::audience::TraitKind;

    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_row_has_its_problem() {
        let column = |name: &str| Column {
            name: name.to_owned(),
            samples: Vec::new(),
            kind: TraitKind::Text,
            filled: 0,
        };
        let head = error_head(&[column("Name"), column("=1+1")]);
        assert_eq!(head, "\u{feff}Name,'=1+1,Problem\r\n");
        let problem = |record: &[&str]| Problem {
            row_no: 1,
            field: "phone".to_owned(),
            code: "phone_missing".to_owned(),
            message: "there is no phone number".to_owned(),
            record: record.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let lines = error_lines(
            2,
            &[
                problem(&["@SUM(A1)"]),
                problem(&["A, \"B\"", "+91", "more"]),
            ],
        );
        assert_eq!(
            lines,
            "'@SUM(A1),,phone: there is no phone number\r\n\"A, \"\"B\"\"\",'+91,more,phone: there is no phone number\r\n"
        );
    }
}
