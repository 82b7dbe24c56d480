//! By what a request names a person: the shop's own id, a phone number in either form, or both.
//!
//! Interakt: `fullPhoneNumber` holds digits with the country code first; or `countryCode` (`+91`) and
//! `phoneNumber` without country code and leading zero. Its samples carry both forms, so both are taken when
//! they agree.

use wigwag_model::phone::{Phone, PhoneError};
use wigwag_store::contacts::Known;

use super::text::Text;
use crate::problem::Problem;

/// Most characters of the shop's own id.
const MOST_ID: usize = 200;

/// The fields of a request that name a person.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) user_id: Option<Text>,
    pub(super) full_phone_number: Option<Text>,
    pub(super) country_code: Option<Text>,
    pub(super) phone_number: Option<Text>,
}

impl Person {
    /// Who is meant.
    pub(super) fn known(&self) -> Result<Known, Problem> {
        let known = Known {
            external: self.external()?,
            phone: self.phone()?,
        };
        if known.external.is_none() && known.phone.is_none() {
            return Err(Problem::field(
                "userId",
                "required",
                "name the user by userId, by fullPhoneNumber, or by countryCode and phoneNumber",
            ));
        }
        Ok(known)
    }

    fn external(&self) -> Result<Option<String>, Problem> {
        let Some(id) = filled(self.user_id.as_ref()) else {
            return Ok(None);
        };
        if id.chars().count() > MOST_ID || id.contains(char::is_control) {
            return Err(Problem::field(
                "userId",
                "too_long",
                "use at most 200 characters, and no control characters",
            ));
        }
        Ok(Some(id.to_owned()))
    }

    fn phone(&self) -> Result<Option<Phone>, Problem> {
        let full = filled(self.full_phone_number.as_ref())
            .map(full)
            .transpose()?;
        let parted = match (
            filled(self.country_code.as_ref()),
            filled(self.phone_number.as_ref()),
        ) {
            (Some(code), Some(number)) => Some(parted(code, number)?),
            (None, Some(_)) if full.is_none() => {
                return Err(Problem::field(
                    "countryCode",
                    "required",
                    "phoneNumber goes with countryCode, such as +91",
                ));
            }
            // Some clients send the country alone with the whole number, or the id.
            _ => None,
        };
        match (full, parted) {
            (Some(full), Some(parted)) if full != parted => Err(Problem::field(
                "fullPhoneNumber",
                "invalid",
                "this is another number than countryCode and phoneNumber: send one of the two forms",
            )),
            (full, parted) => Ok(full.or(parted)),
        }
    }
}

fn filled(text: Option<&Text>) -> Option<&str> {
    text.map(|text| text.0.trim())
        .filter(|text| !text.is_empty())
}

/// Digits with the country code first; a `+` before them is passed over.
pub(super) fn full(text: &str) -> Result<Phone, Problem> {
    let digits = text.trim_start_matches('+');
    Phone::parse(&format!("+{digits}"), None).map_err(|error| wrong("fullPhoneNumber", &error))
}

fn parted(code: &str, number: &str) -> Result<Phone, Problem> {
    let code = code.trim_start_matches('+').trim_start_matches("00");
    if code.is_empty() || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Problem::field(
            "countryCode",
            "invalid",
            "write the country's calling code, such as +91",
        ));
    }
    let whole = |number: &str| Phone::parse(&format!("+{code}{number}"), None);
    let phone = whole(number).or_else(|error| {
        // Written as it is dialled at home.
        match number.trim_start_matches('0') {
            bare if bare.len() < number.len() => whole(bare),
            _ => Err(error),
        }
    });
    phone.map_err(|error| wrong("phoneNumber", &error))
}

fn wrong(field: &str, error: &PhoneError) -> Problem {
    let message = match error {
        PhoneError::Invalid => error.to_string(),
        PhoneError::Length | PhoneError::Country => {
            "a phone number has 7 to 15 digits with its country code".to_owned()
        }
    };
    Problem::field(field, "invalid", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, full: &str, code: &str, number: &str) -> Person {
        let text = |text: &str| (!text.is_empty()).then(|| Text(text.to_owned()));
        Person {
            user_id: text(id),
            full_phone_number: text(full),
            country_code: text(code),
            phone_number: text(number),
        }
    }

    #[test]
    fn both_forms_are_one_number() {
        for (full, code, number) in [
            ("919876543210", "", ""),
            ("+919876543210", "", ""),
            ("", "+91", "9876543210"),
            ("", "91", "09876543210"),
            ("919876543210", "+91", "9876543210"),
            ("919876543210", "+91", ""),
        ] {
            let known = person("", full, code, number).known().unwrap();
            let phone = known.phone.unwrap();
            assert_eq!(phone.as_str(), "+919876543210", "{full} {code} {number}");
        }
        let known = person("c-7", "", "", "").known().unwrap();
        assert_eq!(known.external.as_deref(), Some("c-7"));
    }

    #[test]
    fn what_is_wrong_names_its_field() {
        for (id, full, code, number, field) in [
            ("", "", "", "", "userId"),
            ("", "", "+91", "", "userId"),
            ("", "", "", "9876543210", "countryCode"),
            ("", "", "India", "9876543210", "countryCode"),
            ("", "12", "", "", "fullPhoneNumber"),
            ("", "", "+91", "12", "phoneNumber"),
            ("", "919876543211", "+91", "9876543210", "fullPhoneNumber"),
        ] {
            let problem = person(id, full, code, number).known().unwrap_err();
            let words = problem.detail();
            assert!(words.starts_with(&format!("{field}: ")), "{words}");
        }
        let long = "x".repeat(201);
        assert!(person(&long, "", "", "").known().is_err());
    }
}
