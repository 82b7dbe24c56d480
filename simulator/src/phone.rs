//! Phone numbers as WhatsApp sees them: digits, one spelling per person, and the country.
//!
//! The simulator counts by person, so two spellings of one number must meet here. This is its own
//! small table; it does not share code with the product that it checks.

/// Countries by calling code, longest code first where codes overlap.
const CODES: &[(&str, &str)] = &[
    ("1204", "CA"),
    ("1226", "CA"),
    ("1236", "CA"),
    ("1250", "CA"),
    ("1289", "CA"),
    ("1306", "CA"),
    ("1343", "CA"),
    ("1365", "CA"),
    ("1403", "CA"),
    ("1416", "CA"),
    ("1418", "CA"),
    ("1431", "CA"),
    ("1437", "CA"),
    ("1438", "CA"),
    ("1450", "CA"),
    ("1506", "CA"),
    ("1514", "CA"),
    ("1519", "CA"),
    ("1579", "CA"),
    ("1581", "CA"),
    ("1587", "CA"),
    ("1604", "CA"),
    ("1613", "CA"),
    ("1639", "CA"),
    ("1647", "CA"),
    ("1672", "CA"),
    ("1705", "CA"),
    ("1709", "CA"),
    ("1778", "CA"),
    ("1780", "CA"),
    ("1782", "CA"),
    ("1807", "CA"),
    ("1819", "CA"),
    ("1825", "CA"),
    ("1867", "CA"),
    ("1873", "CA"),
    ("1902", "CA"),
    ("1905", "CA"),
    ("1809", "DO"),
    ("1829", "DO"),
    ("1849", "DO"),
    ("1658", "JM"),
    ("1876", "JM"),
    ("1787", "PR"),
    ("1939", "PR"),
    ("1242", "BS"),
    ("1246", "BB"),
    ("1264", "AI"),
    ("1268", "AG"),
    ("1284", "VG"),
    ("1340", "VI"),
    ("1345", "KY"),
    ("1441", "BM"),
    ("1473", "GD"),
    ("1649", "TC"),
    ("1664", "MS"),
    ("1670", "MP"),
    ("1671", "GU"),
    ("1684", "AS"),
    ("1721", "SX"),
    ("1758", "LC"),
    ("1767", "DM"),
    ("1784", "VC"),
    ("1868", "TT"),
    ("1869", "KN"),
    ("77", "KZ"),
    ("76", "KZ"),
    ("7", "RU"),
    ("1", "US"),
    ("20", "EG"),
    ("27", "ZA"),
    ("30", "GR"),
    ("31", "NL"),
    ("32", "BE"),
    ("33", "FR"),
    ("34", "ES"),
    ("36", "HU"),
    ("39", "IT"),
    ("40", "RO"),
    ("41", "CH"),
    ("43", "AT"),
    ("44", "GB"),
    ("45", "DK"),
    ("46", "SE"),
    ("47", "NO"),
    ("48", "PL"),
    ("49", "DE"),
    ("51", "PE"),
    ("52", "MX"),
    ("54", "AR"),
    ("55", "BR"),
    ("56", "CL"),
    ("57", "CO"),
    ("58", "VE"),
    ("60", "MY"),
    ("61", "AU"),
    ("62", "ID"),
    ("63", "PH"),
    ("64", "NZ"),
    ("65", "SG"),
    ("66", "TH"),
    ("81", "JP"),
    ("82", "KR"),
    ("84", "VN"),
    ("86", "CN"),
    ("90", "TR"),
    ("91", "IN"),
    ("92", "PK"),
    ("93", "AF"),
    ("94", "LK"),
    ("98", "IR"),
    ("212", "MA"),
    ("213", "DZ"),
    ("216", "TN"),
    ("218", "LY"),
    ("221", "SN"),
    ("225", "CI"),
    ("233", "GH"),
    ("234", "NG"),
    ("237", "CM"),
    ("244", "AO"),
    ("250", "RW"),
    ("251", "ET"),
    ("254", "KE"),
    ("255", "TZ"),
    ("256", "UG"),
    ("260", "ZM"),
    ("263", "ZW"),
    ("351", "PT"),
    ("353", "IE"),
    ("358", "FI"),
    ("359", "BG"),
    ("370", "LT"),
    ("371", "LV"),
    ("380", "UA"),
    ("385", "HR"),
    ("420", "CZ"),
    ("421", "SK"),
    ("502", "GT"),
    ("503", "SV"),
    ("504", "HN"),
    ("505", "NI"),
    ("506", "CR"),
    ("507", "PA"),
    ("591", "BO"),
    ("593", "EC"),
    ("595", "PY"),
    ("598", "UY"),
    ("852", "HK"),
    ("880", "BD"),
    ("886", "TW"),
    ("961", "LB"),
    ("962", "JO"),
    ("964", "IQ"),
    ("965", "KW"),
    ("966", "SA"),
    ("968", "OM"),
    ("971", "AE"),
    ("972", "IL"),
    ("973", "BH"),
    ("974", "QA"),
    ("977", "NP"),
    ("998", "UZ"),
    ("53", "CU"),
    ("95", "MM"),
    ("211", "SS"),
    ("220", "GM"),
    ("222", "MR"),
    ("223", "ML"),
    ("224", "GN"),
    ("226", "BF"),
    ("227", "NE"),
    ("228", "TG"),
    ("229", "BJ"),
    ("230", "MU"),
    ("231", "LR"),
    ("232", "SL"),
    ("235", "TD"),
    ("236", "CF"),
    ("238", "CV"),
    ("239", "ST"),
    ("240", "GQ"),
    ("241", "GA"),
    ("242", "CG"),
    ("243", "CD"),
    ("245", "GW"),
    ("248", "SC"),
    ("249", "SD"),
    ("252", "SO"),
    ("253", "DJ"),
    ("257", "BI"),
    ("258", "MZ"),
    ("261", "MG"),
    ("262", "RE"),
    ("264", "NA"),
    ("265", "MW"),
    ("266", "LS"),
    ("267", "BW"),
    ("268", "SZ"),
    ("269", "KM"),
    ("291", "ER"),
    ("297", "AW"),
    ("298", "FO"),
    ("299", "GL"),
    ("350", "GI"),
    ("352", "LU"),
    ("354", "IS"),
    ("355", "AL"),
    ("356", "MT"),
    ("357", "CY"),
    ("372", "EE"),
    ("373", "MD"),
    ("374", "AM"),
    ("375", "BY"),
    ("376", "AD"),
    ("377", "MC"),
    ("378", "SM"),
    ("381", "RS"),
    ("382", "ME"),
    ("383", "XK"),
    ("386", "SI"),
    ("387", "BA"),
    ("389", "MK"),
    ("423", "LI"),
    ("501", "BZ"),
    ("509", "HT"),
    ("590", "GP"),
    ("592", "GY"),
    ("594", "GF"),
    ("596", "MQ"),
    ("597", "SR"),
    ("599", "CW"),
    ("670", "TL"),
    ("673", "BN"),
    ("675", "PG"),
    ("676", "TO"),
    ("677", "SB"),
    ("678", "VU"),
    ("679", "FJ"),
    ("680", "PW"),
    ("682", "CK"),
    ("685", "WS"),
    ("686", "KI"),
    ("687", "NC"),
    ("688", "TV"),
    ("689", "PF"),
    ("691", "FM"),
    ("692", "MH"),
    ("850", "KP"),
    ("853", "MO"),
    ("855", "KH"),
    ("856", "LA"),
    ("960", "MV"),
    ("963", "SY"),
    ("967", "YE"),
    ("970", "PS"),
    ("975", "BT"),
    ("976", "MN"),
    ("992", "TJ"),
    ("993", "TM"),
    ("994", "AZ"),
    ("995", "GE"),
    ("996", "KG"),
];

/// Reads a phone number as Meta does: digits with or without `+`, spaces, dashes, brackets.
///
/// Without `+` and too short to hold a country code, the business number's code is put before it.
/// Returns the one spelling that WhatsApp uses (`wa_id`), or nothing when it cannot be a number.
pub(crate) fn wa_id(input: &str, business_digits: &str) -> Option<String> {
    let trimmed = input.trim();
    if trimmed
        .chars()
        .any(|c| !(c.is_ascii_digit() || " +-().\u{a0}".contains(c)))
    {
        return None;
    }
    let mut digits: String = trimmed.chars().filter(char::is_ascii_digit).collect();
    if !trimmed.trim_start_matches(['(', ' ']).starts_with('+') {
        if let Some(rest) = digits.strip_prefix("00") {
            digits = rest.to_owned();
        } else if digits.len() <= 10 && digits.len() >= 6 {
            digits = format!(
                "{}{}",
                calling_code(business_digits),
                digits.trim_start_matches('0')
            );
        }
    }
    (7..=15).contains(&digits.len()).then(|| canonical(&digits))
}

/// Undoes the mobile prefixes that are written by some and left out by others.
fn canonical(digits: &str) -> String {
    if let Some(rest) = digits.strip_prefix("521").filter(|rest| rest.len() == 10) {
        return format!("52{rest}");
    }
    if let Some(rest) = digits.strip_prefix("54").filter(|rest| rest.len() == 10) {
        return format!("549{rest}");
    }
    if let Some(rest) = digits.strip_prefix("55").filter(|rest| rest.len() == 10)
        && matches!(rest.as_bytes()[2], b'6'..=b'9')
    {
        return format!("55{}9{}", &rest[..2], &rest[2..]);
    }
    digits.to_owned()
}

fn entry(digits: &str) -> Option<&'static (&'static str, &'static str)> {
    CODES
        .iter()
        .filter(|(code, _)| digits.starts_with(code))
        .max_by_key(|(code, _)| code.len())
}

/// The ISO country of a number, `ZZ` where it is not known.
pub(crate) fn country(digits: &str) -> &'static str {
    entry(digits).map_or("ZZ", |(_, country)| country)
}

/// The country calling code of a number.
pub(crate) fn calling_code(digits: &str) -> &'static str {
    match entry(digits) {
        // Only under 1 do countries share a code and differ in the three digits after it.
        Some((code, _)) if code.len() == 4 => "1",
        Some((_, "KZ")) => "7",
        Some((code, _)) => code,
        None => "1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_meet() {
        for text in [
            "+91 98200-12345",
            "919820012345",
            "00919820012345",
            "9820012345",
            "(+91) 98200 12345",
        ] {
            assert_eq!(
                wa_id(text, "912240001234").as_deref(),
                Some("919820012345"),
                "{text}"
            );
        }
        assert_eq!(wa_id("+5215512345678", "1"), wa_id("+525512345678", "1"));
        assert_eq!(wa_id("+551187654321", "1"), wa_id("+5511987654321", "1"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(wa_id("hello", "1"), None);
        assert_eq!(wa_id("+12", "1"), None);
        assert_eq!(wa_id("", "1"), None);
    }

    #[test]
    fn countries() {
        assert_eq!(country("14165550100"), "CA");
        assert_eq!(country("16505550100"), "US");
        assert_eq!(country("12425550100"), "BS");
        assert_eq!(country("971501234567"), "AE");
        assert_eq!(country("999123456789"), "ZZ");
        assert_eq!(calling_code("18765550100"), "1");
    }
}
