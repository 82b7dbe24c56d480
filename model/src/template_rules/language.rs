//! The languages that templates may have (Meta: Supported languages), and which of them are written from
//! right to left.

/// A language of templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// Meta's code, such as `en_US`.
    pub code: &'static str,
    /// Its name in English.
    pub name: &'static str,
}

/// Every language, by name.
pub const ALL: &[Language] = &[
    language("af", "Afrikaans"),
    language("sq", "Albanian"),
    language("ar", "Arabic"),
    language("ar_EG", "Arabic (EGY)"),
    language("ar_AE", "Arabic (UAE)"),
    language("ar_LB", "Arabic (LBN)"),
    language("ar_MA", "Arabic (MAR)"),
    language("ar_QA", "Arabic (QAT)"),
    language("az", "Azerbaijani"),
    language("be_BY", "Belarusian"),
    language("bn", "Bengali"),
    language("bn_IN", "Bengali (IND)"),
    language("bg", "Bulgarian"),
    language("ca", "Catalan"),
    language("zh_CN", "Chinese (CHN)"),
    language("zh_HK", "Chinese (HKG)"),
    language("zh_TW", "Chinese (TAI)"),
    language("hr", "Croatian"),
    language("cs", "Czech"),
    language("da", "Danish"),
    language("prs_AF", "Dari"),
    language("nl", "Dutch"),
    language("nl_BE", "Dutch (BEL)"),
    language("en", "English"),
    language("en_GB", "English (UK)"),
    language("en_US", "English (US)"),
    language("en_AE", "English (UAE)"),
    language("en_AU", "English (AUS)"),
    language("en_CA", "English (CAN)"),
    language("en_GH", "English (GHA)"),
    language("en_IE", "English (IRL)"),
    language("en_IN", "English (IND)"),
    language("en_JM", "English (JAM)"),
    language("en_MY", "English (MYS)"),
    language("en_NZ", "English (NZL)"),
    language("en_QA", "English (QAT)"),
    language("en_SG", "English (SGP)"),
    language("en_UG", "English (UGA)"),
    language("en_ZA", "English (ZAF)"),
    language("et", "Estonian"),
    language("fil", "Filipino"),
    language("fi", "Finnish"),
    language("fr", "French"),
    language("fr_BE", "French (BEL)"),
    language("fr_CA", "French (CAN)"),
    language("fr_CH", "French (CHE)"),
    language("fr_CI", "French (CIV)"),
    language("fr_MA", "French (MAR)"),
    language("ka", "Georgian"),
    language("de", "German"),
    language("de_AT", "German (AUT)"),
    language("de_CH", "German (CHE)"),
    language("el", "Greek"),
    language("gu", "Gujarati"),
    language("ha", "Hausa"),
    language("he", "Hebrew"),
    language("hi", "Hindi"),
    language("hu", "Hungarian"),
    language("id", "Indonesian"),
    language("ga", "Irish"),
    language("it", "Italian"),
    language("ja", "Japanese"),
    language("kn", "Kannada"),
    language("kk", "Kazakh"),
    language("rw_RW", "Kinyarwanda"),
    language("ko", "Korean"),
    language("ky_KG", "Kyrgyz (Kyrgyzstan)"),
    language("lo", "Lao"),
    language("lv", "Latvian"),
    language("lt", "Lithuanian"),
    language("mk", "Macedonian"),
    language("ms", "Malay"),
    language("ml", "Malayalam"),
    language("mr", "Marathi"),
    language("nb", "Norwegian"),
    language("ps_AF", "Pashto"),
    language("fa", "Persian"),
    language("pl", "Polish"),
    language("pt_BR", "Portuguese (BR)"),
    language("pt_PT", "Portuguese (POR)"),
    language("pa", "Punjabi"),
    language("ro", "Romanian"),
    language("ru", "Russian"),
    language("sr", "Serbian"),
    language("si_LK", "Sinhala"),
    language("sk", "Slovak"),
    language("sl", "Slovenian"),
    language("es", "Spanish"),
    language("es_AR", "Spanish (ARG)"),
    language("es_CL", "Spanish (CHL)"),
    language("es_CO", "Spanish (COL)"),
    language("es_CR", "Spanish (CRI)"),
    language("es_DO", "Spanish (DOM)"),
    language("es_EC", "Spanish (ECU)"),
    language("es_HN", "Spanish (HND)"),
    language("es_MX", "Spanish (MEX)"),
    language("es_PA", "Spanish (PAN)"),
    language("es_PE", "Spanish (PER)"),
    language("es_ES", "Spanish (SPA)"),
    language("es_UY", "Spanish (URY)"),
    language("sw", "Swahili"),
    language("sv", "Swedish"),
    language("ta", "Tamil"),
    language("te", "Telugu"),
    language("th", "Thai"),
    language("tr", "Turkish"),
    language("uk", "Ukrainian"),
    language("ur", "Urdu"),
    language("uz", "Uzbek"),
    language("vi", "Vietnamese"),
    language("zu", "Zulu"),
];

const fn language(code: &'static str, name: &'static str) -> Language {
    Language { code, name }
}

/// Languages that are written from right to left, without their country.
const RIGHT_TO_LEFT: &[&str] = &["ar", "fa", "he", "prs", "ps", "ur"];

/// Whether Meta takes templates in a language; codes are compared as they are written.
pub fn is_known(code: &str) -> bool {
    ALL.iter().any(|language| language.code == code)
}

impl Language {
    /// Whether it is written from right to left.
    pub fn is_right_to_left(&self) -> bool {
        let base = self.code.split('_').next().unwrap_or_default();
        RIGHT_TO_LEFT.contains(&base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_known_as_they_are_written() {
        let codes: std::collections::BTreeSet<_> = ALL.iter().map(|one| one.code).collect();
        assert_eq!((codes.len(), ALL.len()), (111, 111));
        assert!(is_known("pt_BR") && is_known("prs_AF"));
        assert!(!is_known("pt-BR") && !is_known("en_XX") && !is_known(""));
    }

    #[test]
    fn scripts_run_their_way() {
        let of = |code: &str| ALL.iter().find(|one| one.code == code).unwrap();
        assert!(of("ar_EG").is_right_to_left() && of("ur").is_right_to_left());
        assert!(!of("hi").is_right_to_left());
    }
}
