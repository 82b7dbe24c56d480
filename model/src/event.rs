//! Events: what contacts did elsewhere (`Order Placed`), told by a shop's own programs.

/// Most characters of an event's name.
pub const MOST_NAME: usize = 128;

/// What is wrong with an event's name; names are compared letter by letter.
pub fn name_problem(name: &str) -> Option<&'static str> {
    if name.is_empty() || name.chars().count() > MOST_NAME {
        Some("name the event in 1 to 128 characters, like `Order Placed`")
    } else if name.trim() != name || name.contains(char::is_control) {
        Some("write the event's name without spaces around it and without control characters")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_some_words() {
        for right in ["Order Placed", "x", "ऑर्डर", &"é".repeat(128)] {
            assert_eq!(name_problem(right), None, "{right}");
        }
        for wrong in ["", " Order", "Order\n", "a\u{7}b", &"é".repeat(129)] {
            assert!(name_problem(wrong).is_some(), "{wrong:?}");
        }
    }
}
