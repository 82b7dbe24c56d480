//! What Meta says no with, and to which field it belongs.

use serde::Serialize;
use wigwag_meta::{Class, Error};

/// A refusal of Meta's in our terms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refusal {
    /// The field that Meta means, if one can tell.
    pub field: Option<&'static str>,
    /// A stable code: `name_taken`, `template_limit`, `meta_refused`, ….
    pub code: &'static str,
    /// Meta's code.
    pub meta_code: Option<i64>,
    /// Meta's subcode.
    pub meta_subcode: Option<i64>,
    /// Meta's title.
    pub title: Option<String>,
    /// Meta's words.
    pub words: String,
    /// After how many seconds another try may help.
    pub retry_after: Option<u32>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.words)
    }
}

/// Subcodes of template calls: field and code.
const SUBCODES: &[(i64, Option<&str>, &str)] = &[
    (2_388_019, None, "template_limit"),
    (2_388_023, Some("name"), "name_held"),
    (2_388_024, Some("name"), "name_taken"),
    (2_388_040, Some("components"), "text_too_long"),
    (2_388_047, Some("components.header.text"), "header_refused"),
    (2_388_072, Some("components.body.text"), "body_refused"),
    (2_388_073, Some("components.footer.text"), "footer_refused"),
    (2_388_153, Some("components.buttons"), "buttons_refused"),
    (
        2_388_273,
        Some("components.header.media_id"),
        "header_sample_required",
    ),
    (
        2_388_293,
        Some("components.body.text"),
        "body_too_few_words",
    ),
    (2_388_299, Some("components.body.text"), "variable_at_edge"),
    (2_593_002, None, "not_editable"),
];

/// What an error of Meta's proves.
pub(super) enum Outcome {
    /// It was refused; nothing changed.
    Refused(Box<Refusal>),
    /// It may have been accepted.
    Unsure,
}

impl Outcome {
    /// Reads an error of a template call.
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::Graph { error: graph, .. } if error.class() != Class::Retry => {
                let subcode = graph.error_subcode;
                let known = SUBCODES.iter().find(|row| Some(row.0) == subcode);
                let (field, code) =
                    known.map_or((None, general(error.class())), |row| (row.1, row.2));
                Self::Refused(Box::new(Refusal {
                    field,
                    code,
                    meta_code: Some(graph.code),
                    meta_subcode: subcode,
                    title: graph.error_user_title.clone(),
                    words: graph.details().to_owned(),
                    retry_after: graph
                        .info()
                        .filter(|info| info.class.passes())
                        .and_then(|info| info.wait_seconds),
                }))
            }
            Error::NotSent(_) | Error::Stopped => Self::Refused(Box::new(Refusal {
                field: None,
                code: "unreachable",
                meta_code: None,
                meta_subcode: None,
                title: None,
                words: error.to_string(),
                retry_after: Some(30),
            })),
            _ => Self::Unsure,
        }
    }
}

fn general(class: Class) -> &'static str {
    match class {
        Class::Token => "token_refused",
        Class::Permission => "permission_missing",
        Class::BackOff => "rate_limited",
        _ => "meta_refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_meta::GraphError;

    fn refused(code: i64, subcode: Option<i64>) -> Refusal {
        let error = Error::Graph {
            status: 400,
            error: Box::new(GraphError {
                error_subcode: subcode,
                error_user_msg: Some("Meta's words".to_owned()),
                code,
                ..GraphError::default()
            }),
        };
        match Outcome::of(&error) {
            Outcome::Refused(refusal) => *refusal,
            Outcome::Unsure => panic!("{code} proves a refusal"),
        }
    }

    #[test]
    fn a_name_that_is_taken_belongs_to_the_name() {
        let taken = refused(100, Some(2_388_024));
        assert_eq!((taken.field, taken.code), (Some("name"), "name_taken"));
        assert_eq!(taken.words, "Meta's words");
    }

    #[test]
    fn what_is_not_known_is_said_in_metas_words() {
        let other = refused(100, Some(1));
        assert_eq!((other.field, other.code), (None, "meta_refused"));
        assert_eq!(refused(190, None).code, "token_refused");
        let limited = refused(80_007, None);
        assert_eq!(limited.code, "rate_limited");
        assert!(limited.retry_after.is_some());
    }

    #[test]
    fn silence_and_faults_prove_nothing() {
        for error in [
            Error::Timeout,
            Error::Broken("reset".to_owned()),
            Error::Status { status: 502 },
            Error::Graph {
                status: 500,
                error: Box::new(GraphError::new(1, "unknown", "")),
            },
        ] {
            assert!(matches!(Outcome::of(&error), Outcome::Unsure), "{error}");
        }
        let left = Error::NotSent("no connection".to_owned());
        assert!(matches!(Outcome::of(&left), Outcome::Refused(_)));
    }
}
