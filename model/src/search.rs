//! Comparable and searchable text, made in Rust so that both databases find the same things.

use crate::phone::Phone;

/// Folds a text for comparison: lower case, marks of the Latin script removed, spaces joined.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_whitespace() || character.is_control() {
            gap = !folded.is_empty();
            continue;
        }
        if gap {
            folded.push(' ');
            gap = false;
        }
        match plain(character) {
            Some(base) => folded.push_str(base),
            None => folded.push(character),
        }
    }
    folded
}

/// The base letters of a Latin letter with marks.
fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        // Combining marks vanish: the letter before them stays.
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

/// What stands before the digits of a phone number that are kept backwards. No word of a name or of an
/// address begins with it.
const BACKWARDS: char = '<';

/// The terms by which a contact is found: folded words of its names, the digits of its phone number with
/// and without the country's code and backwards, the local part and whole of its e-mail address.
///
/// Words in scripts without spaces are also cut into pairs of characters, so that a part of a
/// Chinese or Japanese name finds the person.
pub fn contact_terms(names: &[&str], phone: Option<&str>, email: Option<&str>) -> Vec<String> {
    let mut terms = std::collections::BTreeSet::new();
    for name in names {
        for word in fold(name)
            .split(|c: char| !c.is_alphanumeric() && !is_mark(c))
            .filter(|word| !word.is_empty())
        {
            terms.insert(word.to_owned());
            if word.chars().any(is_unspaced) {
                let letters: Vec<char> = word.chars().collect();
                terms.extend(letters.windows(2).map(String::from_iter));
            }
        }
    }
    if let Some(phone) = phone {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= SHORTEST {
            terms.extend(Phone::parts(&format!("+{digits}")).map(|(_, national)| national));
            terms.insert(backwards(&digits));
            terms.insert(digits);
        }
    }
    if let Some(email) = email {
        let email = fold(email);
        if let Some((local, _)) = email.split_once('@') {
            terms.insert(local.to_owned());
        }
        terms.insert(email);
    }
    terms.into_iter().collect()
}

/// Digits that are worth looking for among the ends of phone numbers.
const SHORTEST: usize = 4;

fn backwards(digits: &str) -> String {
    std::iter::once(BACKWARDS)
        .chain(digits.chars().rev())
        .collect()
}

/// A range of terms: from the first text to before the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The first term.
    pub from: String,
    /// The first term after the last.
    pub to: String,
}

impl Reach {
    /// The ranges of which one must hold one of a contact's terms for a word of a query: those that begin
    /// with it and, for digits, the phone numbers that end with it.
    pub fn of(word: &str) -> Vec<Self> {
        let mut ranges = vec![Self::beginning(word.to_owned())];
        if word.len() >= SHORTEST && word.bytes().all(|byte| byte.is_ascii_digit()) {
            ranges.push(Self::ending(word));
        }
        ranges
    }

    /// One term alone.
    pub fn exactly(term: &str) -> Self {
        Self {
            from: term.to_owned(),
            to: format!("{term}\u{1}"),
        }
    }

    /// The phone numbers that end with these digits.
    pub fn ending(digits: &str) -> Self {
        Self::beginning(backwards(digits))
    }

    fn beginning(from: String) -> Self {
        let to = format!("{from}\u{10ffff}");
        Self { from, to }
    }
}

/// The words of a query: each must reach one of a contact's terms, see [`Reach`].
pub fn query_terms(query: &str) -> Vec<String> {
    let folded = fold(query);
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= SHORTEST
        && folded
            .chars()
            .all(|c| c.is_ascii_digit() || " +-().".contains(c))
    {
        return vec![digits];
    }
    folded
        .split(|c: char| !c.is_alphanumeric() && !is_mark(c) && !"@._-+".contains(c))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Vowel signs and the like that belong to their letter (Indic, Arabic, Hebrew, Thai).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0591}'..='\u{05c7}' | '\u{0610}'..='\u{061a}' | '\u{064b}'..='\u{065f}' | '\u{0900}'..='\u{0dff}' | '\u{0e31}'..='\u{0e4e}')
}

/// Scripts written without spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_joins_spaces_and_drops_marks() {
        assert_eq!(
            fold("  José\u{301}  ÁLVAREZ-Straße "),
            "jose alvarez-strasse"
        );
    }

    #[test]
    fn a_contact_is_found_by_word_suffix_and_pair() {
        let terms = contact_terms(
            &["Asha Rao", "王小明"],
            Some("+91 98765 43210"),
            Some("Asha@kite.example"),
        );
        for wanted in [
            "asha",
            "rao",
            "王小",
            "小明",
            "919876543210",
            "9876543210",
            "asha@kite.example",
        ] {
            assert!(
                terms.iter().any(|term| term == wanted),
                "{wanted} in {terms:?}"
            );
        }
    }

    #[test]
    fn a_number_is_found_by_its_beginnings_and_its_ends() {
        let terms = contact_terms(&["Asha"], Some("+919876543210"), None);
        let reached = |word: &str| {
            let ranges = Reach::of(word);
            terms.iter().any(|term| {
                ranges
                    .iter()
                    .any(|reach| reach.from <= *term && *term < reach.to)
            })
        };
        for found in [
            "9198",
            "919876543210",
            "98765",
            "9876543210",
            "3210",
            "543210",
        ] {
            assert!(reached(found), "{found}");
        }
        for missed in ["321", "9877", "54321", "0123"] {
            assert!(!reached(missed), "{missed}");
        }
        // Nobody types the mark: it ends a word.
        assert_eq!(query_terms("<0123"), ["0123"]);
        // What is too short for a number has no terms.
        assert_eq!(contact_terms(&[], Some("+123"), None), Vec::<String>::new());
    }

    #[test]
    fn a_query_of_digits_is_one_term() {
        assert_eq!(query_terms("98765 43210"), ["9876543210"]);
        assert_eq!(query_terms("José r"), ["jose", "r"]);
    }
}
