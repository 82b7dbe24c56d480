//! The few questions that every limit asks.

use super::LimitError;

pub(super) type Checked = Result<(), LimitError>;

pub(super) fn at_most(field: impl Into<String>, text: &str, limit: usize) -> Checked {
    let actual = text.chars().count();
    if actual > limit {
        Err(LimitError::TooLong {
            field: field.into(),
            limit,
            actual,
        })
    } else {
        Ok(())
    }
}

pub(super) fn filled(field: impl Into<String>, text: &str, limit: usize) -> Checked {
    let field = field.into();
    if text.trim().is_empty() {
        return Err(LimitError::Missing {
            field,
            mend: "give it a text",
        });
    }
    at_most(field, text, limit)
}

pub(super) fn count(field: impl Into<String>, actual: usize, least: usize, most: usize) -> Checked {
    let field = field.into();
    if actual < least {
        Err(LimitError::TooFew {
            field,
            limit: least,
            actual,
        })
    } else if actual > most {
        Err(LimitError::TooMany {
            field,
            limit: most,
            actual,
        })
    } else {
        Ok(())
    }
}

pub(super) fn unique<'a>(field: &str, ids: impl Iterator<Item = &'a str>) -> Checked {
    let mut seen = std::collections::HashSet::new();
    let mut ids = ids;
    if ids.all(|id| seen.insert(id)) {
        Ok(())
    } else {
        Err(LimitError::Duplicate {
            field: field.to_owned(),
        })
    }
}
