//! A row of a file becomes somebody, or a problem with the mend.

use std::collections::{BTreeMap, HashMap};

use csv::StringRecord;
use serde_json::Value;
use wigwag_model::Timestamp;
use wigwag_model::audience::{MAX_TEXT, TraitKind, Typed, typed};
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_store::imports::{Column, Problem, Said, Taken};

use super::columns::{as_boolean, as_number};
use super::mapping::{Target, Wish};
use super::parts::parts_of;
use super::safe::bare_cell;

/// Most characters of a name.
const NAME: usize = 200;
/// Most characters of a tag.
const TAG: usize = 50;
/// Most characters of an id of somebody else's.
const EXTERNAL: usize = 200;
/// Most tags of one row.
const TAGS: usize = 50;

/// What is needed to read rows.
#[derive(Debug, Clone)]
pub(super) struct Preparer {
    targets: Vec<(Target, TraitKind)>,
    default_country: Option<String>,
    tags: Vec<String>,
    next: i64,
}

/// What became of a row.
pub(super) type Prepared = Result<Taken, Problem>;

struct Refused {
    field: String,
    code: &'static str,
    message: String,
}

fn refused(field: &str, code: &'static str, message: impl Into<String>) -> Refused {
    Refused {
        field: field.to_owned(),
        code,
        message: message.into(),
    }
}

impl Preparer {
    /// For a file's columns; `kinds` are those of traits that are defined, `next` the number of
    /// the next row.
    pub(super) fn new(
        wish: &Wish,
        columns: &[Column],
        kinds: &HashMap<String, TraitKind>,
        next: i64,
    ) -> Self {
        let targets = wish
            .targets()
            .into_iter()
            .zip(columns)
            .map(|(target, column)| {
                let kind = match &target {
                    Target::Trait(key) => kinds.get(key).copied().unwrap_or(column.kind),
                    Target::Typed(kind, key) => kinds.get(key).copied().unwrap_or(*kind),
                    _ => TraitKind::Text,
                };
                (target, kind)
            })
            .collect();
        Self {
            targets,
            default_country: wish.default_country.clone(),
            tags: wish.tags.clone(),
            next,
        }
    }

    /// Reads the next row.
    pub(super) fn row(&mut self, record: &StringRecord) -> Prepared {
        let row_no = self.next;
        self.next += 1;
        self.read(row_no, record).map_err(|refused| Problem {
            row_no,
            field: refused.field,
            code: refused.code.to_owned(),
            message: refused.message,
            record: kept(record),
        })
    }

    fn read(&self, row_no: i64, record: &StringRecord) -> Result<Taken, Refused> {
        let more = record
            .iter()
            .skip(self.targets.len())
            .any(|cell| !cell.trim().is_empty());
        if more {
            let message = format!(
                "the row has {} cells and the file {} columns: put quotes around a cell that holds what divides columns",
                record.len(),
                self.targets.len()
            );
            return Err(refused("row", "cells", message));
        }
        let mut phone = None;
        let (mut name, mut profile_name, mut email, mut external) = (None, None, None, None);
        let mut consents = Vec::new();
        let mut tags = self.tags.clone();
        let (mut traits, mut columns) = (BTreeMap::new(), BTreeMap::new());
        for (at, (target, kind)) in self.targets.iter().enumerate() {
            let cell = bare_cell(record.get(at).unwrap_or_default().trim()).trim();
            if *target == Target::Phone {
                phone = Some(self.phone(cell)?);
                continue;
            }
            if cell.is_empty() {
                continue;
            }
            match target {
                Target::Phone | Target::Ignore => {}
                Target::Name => name = Some(short("name", cell, NAME)?),
                Target::Profile => profile_name = Some(short("profile_name", cell, NAME)?),
                Target::Email => email = Some(address(cell)?),
                Target::External => external = Some(short("external_id", cell, EXTERNAL)?),
                Target::Consent(category) => consents.push(said(*category, cell)?),
                Target::Tags => {
                    for tag in parts_of(cell) {
                        tags.push(short("tags", &tag, TAG)?);
                    }
                    if tags.len() > TAGS {
                        return Err(refused("tags", "many", format!("use at most {TAGS} tags")));
                    }
                }
                Target::Trait(key) | Target::Typed(_, key) => {
                    traits.insert(key.clone(), value(key, *kind, cell)?);
                }
                Target::Column(name) => {
                    columns.insert(name.clone(), fitting(&target.to_string(), cell)?);
                }
            }
        }
        let phone =
            phone.ok_or_else(|| refused("phone", "phone_missing", "there is no phone number"))?;
        Ok(Taken {
            row_no,
            phone,
            name,
            profile_name,
            email,
            external,
            consents,
            tags,
            traits,
            columns,
            record: kept(record),
        })
    }

    fn phone(&self, cell: &str) -> Result<Phone, Refused> {
        if cell.is_empty() {
            return Err(refused(
                "phone",
                "phone_missing",
                "there is no phone number",
            ));
        }
        let cell = cell.strip_prefix("tel:").unwrap_or(cell);
        // A spreadsheet took the number for a quantity.
        let cell = cell.strip_suffix(".0").unwrap_or(cell);
        let upper = cell.to_ascii_uppercase();
        if let Some((mantissa, exponent)) = upper.split_once("E+")
            && !mantissa.is_empty()
            && mantissa
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
            && exponent.chars().all(|c| c.is_ascii_digit())
        {
            let message = "a spreadsheet has rounded the number: format the column as text and export it again";
            return Err(refused("phone", "phone_rounded", message));
        }
        if cell.chars().any(char::is_alphabetic) {
            let message = "there are letters in the number: write digits, with the country code";
            return Err(refused("phone", "phone_letters", message));
        }
        Phone::parse(cell, self.default_country.as_deref()).map_err(|error| {
            use wigwag_model::phone::PhoneError;
            let code = match error {
                PhoneError::Length => "phone_length",
                PhoneError::Country => "phone_country",
                PhoneError::Invalid => "phone_invalid",
            };
            refused("phone", code, error.to_string())
        })
    }
}

/// A row as it is kept with its problem; a cell that is far too long is cut.
fn kept(record: &StringRecord) -> Vec<String> {
    record
        .iter()
        .take(super::columns::MOST_COLUMNS)
        .map(|cell| cell.chars().take(2_000).collect())
        .collect()
}

fn short(field: &str, cell: &str, most: usize) -> Result<String, Refused> {
    if cell.chars().count() > most {
        return Err(refused(
            field,
            "long",
            format!("use at most {most} characters"),
        ));
    }
    Ok(cell.to_owned())
}

fn fitting(field: &str, cell: &str) -> Result<String, Refused> {
    if cell.len() > MAX_TEXT {
        return Err(refused(
            field,
            "long",
            format!("use at most {MAX_TEXT} bytes"),
        ));
    }
    Ok(cell.to_owned())
}

fn address(cell: &str) -> Result<String, Refused> {
    let wrong = || {
        refused(
            "email",
            "email",
            "write an address like asha@kite.example, or leave it empty",
        )
    };
    let (local, domain) = cell.rsplit_once('@').ok_or_else(wrong)?;
    let domain_fits = domain.contains('.') && domain.split('.').all(|part| !part.is_empty());
    if local.is_empty() || !domain_fits || cell.len() > 254 || cell.contains(char::is_whitespace) {
        return Err(wrong());
    }
    Ok(cell.to_owned())
}

/// What a person said about a category: yes or no, and since when where the file knows.
fn said(category: Category, cell: &str) -> Result<Said, Refused> {
    let (word, at) = match cell.split_once(char::is_whitespace) {
        Some((word, at)) => (word, Some(at.trim())),
        None => (cell, None),
    };
    let state = match word.to_ascii_lowercase().as_str() {
        "granted" | "yes" | "true" => ConsentState::Granted,
        "denied" | "no" | "false" => ConsentState::Denied,
        _ => {
            let message = "write granted or denied, and the time if you know it, like granted 2026-11-23T09:30:00Z";
            return Err(refused(
                &format!("consent:{}", category.as_str()),
                "consent",
                message,
            ));
        }
    };
    let at = at
        .map(|at| {
            at.parse::<Timestamp>().map_err(|_| {
                let message = "write the time like 2026-11-23T09:30:00Z";
                refused(&format!("consent:{}", category.as_str()), "time", message)
            })
        })
        .transpose()?;
    Ok(Said {
        category,
        state,
        at,
    })
}

/// A cell as a value of a trait.
fn value(key: &str, kind: TraitKind, cell: &str) -> Result<Value, Refused> {
    let field = format!("trait:{key}");
    let fits = |value: Value, wish: &str| {
        if typed(kind, &value).contains(&Typed::Other) {
            let message = format!("`{key}` is {wish}");
            return Err(refused(&field, "kind", message));
        }
        Ok(value)
    };
    match kind {
        TraitKind::Text => fitting(&field, cell).map(Value::from),
        TraitKind::List => Ok(parts_of(cell)
            .iter()
            .map(|part| fitting(&field, part))
            .collect::<Result<Vec<_>, _>>()?
            .into()),
        TraitKind::Number => {
            let number = as_number(cell).or_else(|| serde_json::from_str(cell).ok());
            let value = number.map_or_else(|| Value::from(cell), Value::Number);
            fits(value, "a number: write it like 12.5")
        }
        TraitKind::Boolean => {
            let value = as_boolean(cell).map_or_else(|| Value::from(cell), Value::Bool);
            fits(value, "true or false: write one of these")
        }
        TraitKind::Datetime => fits(
            Value::from(cell),
            "a time: write it like 2026-11-23 or 2026-11-23T09:30:00Z",
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn preparer(mapping: &[&str]) -> Preparer {
        let wish = Wish {
            mapping: mapping.iter().map(|text| (*text).to_owned()).collect(),
            default_country: Some("IN".to_owned()),
            consent: None,
            tags: vec!["fair".to_owned()],
            list_name: "Fair".to_owned(),
            update_existing: true,
            actor: "system".to_owned(),
        };
        let columns: Vec<Column> = mapping
            .iter()
            .map(|name| Column {
                name: (*name).to_owned(),
                samples: Vec::new(),
                kind: TraitKind::Text,
                filled: 0,
            })
            .collect();
        let kinds = [
            ("spent", TraitKind::Number),
            ("member", TraitKind::Boolean),
            ("born", TraitKind::Datetime),
            ("likes", TraitKind::List),
        ];
        let kinds = kinds.map(|(key, kind)| (key.to_owned(), kind)).into();
        Preparer::new(&wish, &columns, &kinds, 1)
    }

    #[test]
    fn a_row_becomes_somebody() {
        let mut preparer = preparer(&[
            "name",
            "phone",
            "email",
            "tags",
            "trait:spent",
            "trait:member",
            "trait:born",
            "trait:likes",
            "trait:city",
            "column:Code",
            "ignore",
        ]);
        let record = StringRecord::from(vec![
            " Asha Rao ",
            "'98765 43210",
            "asha@kite.example",
            "vip; new",
            "12.50",
            "Yes",
            "1990-05-01",
            "Tea, Kites",
            "Pune",
            "K-1",
            "x",
            "",
        ]);
        let taken = preparer.row(&record).unwrap();
        assert_eq!(taken.row_no, 1);
        assert_eq!(taken.phone.as_str(), "+919876543210");
        assert_eq!(taken.name.as_deref(), Some("Asha Rao"));
        assert_eq!(taken.tags, ["fair", "vip", "new"]);
        assert_eq!(
            json!(taken.traits),
            json!({"spent": 12.5, "member": true, "born": "1990-05-01", "likes": ["Tea", "Kites"], "city": "Pune"})
        );
        assert_eq!(taken.columns["Code"], "K-1");
        let bare = preparer
            .row(&StringRecord::from(vec!["", "+44 20 7946 0958"]))
            .unwrap();
        assert_eq!((bare.row_no, bare.name, bare.traits.len()), (2, None, 0));
    }

    #[test]
    fn a_row_that_cannot_be_taken_says_why() {
        let mut preparer = preparer(&[
            "phone",
            "email",
            "trait:spent",
            "trait:born",
            "trait:member",
        ]);
        for (row, field, code) in [
            (vec![""], "phone", "phone_missing"),
            (vec!["9.19877E+11"], "phone", "phone_rounded"),
            (vec!["call me"], "phone", "phone_letters"),
            (vec!["12"], "phone", "phone_length"),
            (vec!["+1234567890123456"], "phone", "phone_length"),
            (vec!["9876543210", "asha"], "email", "email"),
            (vec!["9876543210", "", "many"], "trait:spent", "kind"),
            (
                vec!["9876543210", "", "", "01/05/1990"],
                "trait:born",
                "kind",
            ),
            (
                vec!["9876543210", "", "", "", "perhaps"],
                "trait:member",
                "kind",
            ),
            (vec!["9876543210", "", "", "", "", "more"], "row", "cells"),
        ] {
            let problem = preparer.row(&StringRecord::from(row.clone())).unwrap_err();
            assert_eq!(
                (problem.field.as_str(), problem.code.as_str()),
                (field, code),
                "{row:?}"
            );
            assert_eq!(problem.record, row);
        }
        assert!(
            preparer
                .row(&StringRecord::from(vec!["919876543210.0"]))
                .is_ok()
        );
    }
}
