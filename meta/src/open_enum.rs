//! Enums over Meta's words that never refuse a word they do not know.
//!
//! Meta adds values without notice, so each such enum ends in `Other`, which keeps the word as it came.
//! Reading ignores the case of ASCII letters, because Meta's own pages disagree about it; writing uses
//! the documented form.

/// Declares an enum of documented words with an `Other(String)` variant for the rest.
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal $(| $alias:literal)*,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        $vis enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A word that this crate does not know, as it came.
            Other(String),
        }

        impl $name {
            /// Every documented value.
            $vis const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// Meta's word for the value.
            $vis fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case($word) $(|| word.eq_ignore_ascii_case($alias))* {
                    return Self::$variant;
                })+
                Self::Other(word.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Words;
                impl serde::de::Visitor<'_> for Words {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a word")
                    }
                    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<$name, E> {
                        Ok($name::from(word))
                    }
                }
                deserializer.deserialize_str(Words)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    open_enum! {
        /// Colours for the test.
        enum Colour { /// Red.
            Red = "RED", /// Green.
            Green = "GREEN" | "VERDE", }
    }

    #[test]
    fn known_words_any_case_and_unknown_words_survive() {
        for (word, want) in [
            ("RED", Colour::Red),
            ("red", Colour::Red),
            ("verde", Colour::Green),
        ] {
            assert_eq!(serde_json::from_value::<Colour>(word.into()).unwrap(), want);
        }
        let odd: Colour = serde_json::from_str("\"Mauve\"").unwrap();
        assert_eq!(odd, Colour::Other("Mauve".into()));
        assert_eq!(serde_json::to_string(&odd).unwrap(), "\"Mauve\"");
        assert_eq!(serde_json::to_string(&Colour::Green).unwrap(), "\"GREEN\"");
        assert!(serde_json::from_str::<Colour>("7").is_err());
        assert_eq!(Colour::KNOWN, [Colour::Red, Colour::Green]);
    }
}
