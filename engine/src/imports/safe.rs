//! Cells that a spreadsheet would take for formulas.

/// A cell that is written so that no spreadsheet runs it: an apostrophe before what would be a
/// formula. `bare_cell` takes it away again, so that a corrected file can be put back.
pub fn safe_cell(cell: &str) -> String {
    if is_formula(unquoted(cell)) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A cell without the apostrophe that [`safe_cell`] or a spreadsheet put before it.
pub(super) fn bare_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(unquoted(rest)) => rest,
        _ => cell,
    }
}

/// However many apostrophes stand before it: each way through a file adds and takes away one.
fn unquoted(cell: &str) -> &str {
    cell.trim_start_matches('\'')
}

fn is_formula(cell: &str) -> bool {
    let first = cell.trim_start_matches([' ', '\u{a0}']).chars().next();
    matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_safe_cell_is_no_formula_and_comes_back(cell in "[' =+\\-@a-z0-9\t]{0,8}") {
            let safe = safe_cell(&cell);
            prop_assert!(!is_formula(&safe), "{safe:?}");
            prop_assert_eq!(bare_cell(&safe), cell.as_str());
        }
    }

    #[test]
    fn phone_numbers_survive_the_way_through_a_spreadsheet() {
        assert_eq!(safe_cell("+919876543210"), "'+919876543210");
        assert_eq!(bare_cell("'+919876543210"), "+919876543210");
        assert_eq!(
            safe_cell("=HYPERLINK(\"http://x\")"),
            "'=HYPERLINK(\"http://x\")"
        );
        assert_eq!(safe_cell("O'Neil"), "O'Neil");
        assert_eq!(bare_cell(&safe_cell("''=1")), "''=1");
    }
}
