//! Which market a person is in: by the calling code of the number, else by the country of the
//! business-scoped user id.
//!
//! Source: the table of markets on Meta's pricing page. Meta goes by calling code, so that a number
//! of Guernsey (44) is in the market of the United Kingdom; only the codes 1 and 7 are divided.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use crate::zone::Day;

/// A market of Meta's rate cards: a country or a region of several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Market(&'static str);

/// The markets that are more than one country, with Meta's names for them.
const REGIONS: [(&str, &str); 8] = [
    ("north_america", "North America"),
    ("rest_of_africa", "Rest of Africa"),
    ("rest_of_asia_pacific", "Rest of Asia Pacific"),
    (
        "rest_of_central_and_eastern_europe",
        "Rest of Central & Eastern Europe",
    ),
    ("rest_of_latin_america", "Rest of Latin America"),
    ("rest_of_middle_east", "Rest of Middle East"),
    ("rest_of_western_europe", "Rest of Western Europe"),
    ("other", "Other"),
];

impl Market {
    /// The market of every country that Meta does not list (Meta: “Other”).
    pub const OTHER: Self = Self("other");

    /// The stable key: `IN`, `rest_of_africa`, `other`.
    pub fn key(self) -> &'static str {
        self.0
    }

    /// Meta's name of a region; `None` for a market that is one country, whose key is its ISO 3166
    /// code.
    pub fn region(self) -> Option<&'static str> {
        REGIONS
            .iter()
            .find(|(key, _)| *key == self.0)
            .map(|(_, name)| *name)
    }

    /// The market with this key.
    pub fn parse(key: &str) -> Option<Self> {
        MARKETS.keys.get(key).map(|key| Self(key))
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl serde::Serialize for Market {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// Where a person is, as far as rates tell countries apart. The market of a place may change with
/// the day: countries leave their region when Meta gives them rates of their own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// ISO 3166 alpha-2; `None` for countries that Meta does not list.
    country: Option<&'static str>,
}

impl Place {
    /// Everywhere that Meta's table does not list.
    pub const OTHER: Self = Self { country: None };

    /// The country (ISO 3166 alpha-2), where the table lists it. The United States stand for all of
    /// the calling code 1 that is not told apart.
    pub fn country(self) -> Option<&'static str> {
        self.country
    }

    /// The market on a day (Meta: the table of markets of the card in force).
    pub fn market(self, day: Day) -> Market {
        let steps = self
            .country
            .and_then(|country| MARKETS.of_country.get(country));
        let step = steps.and_then(|steps| steps.iter().rev().find(|(from, _)| *from <= day));
        step.map_or(Market::OTHER, |(_, market)| *market)
    }
}

/// Where somebody is: by the phone number (E.164 or WhatsApp id; what is not a digit is passed
/// over), else by the country before the dot of the business-scoped user id (`IN.1234`; Meta:
/// Business-scoped user IDs). `None` when neither says anything.
pub fn place(phone: Option<&str>, user_id: Option<&str>) -> Option<Place> {
    let digits: Option<String> = phone
        .map(|phone| phone.chars().filter(char::is_ascii_digit).take(4).collect())
        .filter(|digits: &String| !digits.is_empty());
    if let Some(digits) = digits {
        let found = (1..=digits.len())
            .rev()
            .find_map(|length| MARKETS.of_prefix.get(&digits[..length]));
        return Some(Place {
            country: found.copied(),
        });
    }
    let (country, _) = user_id?.split_once('.')?;
    let listed = MARKETS
        .of_country
        .get_key_value(country.to_ascii_uppercase().as_str());
    Some(Place {
        country: listed.map(|(country, _)| *country),
    })
}

/// The market of somebody on a day; [`Market::OTHER`] also for somebody without number and id.
pub fn market(phone: Option<&str>, user_id: Option<&str>, day: Day) -> Market {
    place(phone, user_id).map_or(Market::OTHER, |place| place.market(day))
}

#[derive(Default)]
struct Markets {
    /// Digits that a number begins with, to the country.
    of_prefix: HashMap<String, &'static str>,
    /// The markets of a country, each with its first day, in order.
    of_country: HashMap<&'static str, Vec<(Day, Market)>>,
    keys: HashMap<&'static str, &'static str>,
}

static MARKETS: LazyLock<Markets> =
    LazyLock::new(|| read(include_str!("markets.txt")).unwrap_or_default());

/// Reads the table; the text of a line that is wrong otherwise, for the test.
fn read(text: &'static str) -> Result<Markets, &'static str> {
    let mut markets = Markets::default();
    let mut market = |key: &'static str| {
        markets.keys.insert(key, key);
        Market(key)
    };
    let mut countries = HashMap::new();
    let mut prefixes = HashMap::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let Some(country) = words.next().filter(|word| !word.starts_with('#')) else {
            continue;
        };
        let code = words.next().ok_or(line)?;
        let (code, areas) = code.split_once(':').unwrap_or((code, ""));
        for area in areas.split(',') {
            // Canada has no area codes here: the United States stand for both, in the same market.
            prefixes.insert(format!("{code}{area}"), country);
        }
        let mut steps = vec![(Day::MIN, market(words.next().ok_or(line)?))];
        while let Some(day) = words.next() {
            let day: Day = day.parse().map_err(|_| line)?;
            steps.push((day, market(words.next().ok_or(line)?)));
        }
        countries.insert(country, steps);
    }
    markets.of_prefix = prefixes;
    markets.of_country = countries;
    Ok(markets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(phone: &str, day: &str) -> &'static str {
        market(Some(phone), None, day.parse().unwrap()).key()
    }

    #[test]
    fn the_table_is_read_whole() {
        let markets = read(include_str!("markets.txt")).map_err(str::to_owned);
        let markets = markets.unwrap();
        assert_eq!(markets.of_country.len(), 141 + 20);
        let regions = markets.keys.keys().filter(|key| key.len() > 2).count();
        assert_eq!(regions, REGIONS.len());
        // Nobody's prefix but those of 1 and 7 is the beginning of another's.
        for prefix in markets.of_prefix.keys() {
            for other in markets.of_prefix.keys() {
                let shared = prefix.starts_with(['1', '7']);
                assert!(
                    shared || prefix == other || !prefix.starts_with(other),
                    "{prefix} {other}"
                );
            }
        }
    }

    #[test]
    fn calling_codes_and_area_codes_decide() {
        let day = "2026-11-01";
        for (phone, market) in [
            ("+919876543210", "IN"),
            ("4915112345678", "DE"),
            ("+12125550100", "north_america"),
            ("+14165550100", "north_america"),
            ("+18095550100", "rest_of_latin_america"),
            ("+18765550100", "rest_of_latin_america"),
            ("+19395550100", "rest_of_latin_america"),
            ("+12425550100", "other"),
            ("+79161234567", "RU"),
            ("+77011234567", "KZ"),
            ("+254712345678", "rest_of_africa"),
            ("+3545551234", "other"),
            ("+447781123456", "GB"),
            ("+971501234567", "AE"),
            ("+8801712345678", "BD"),
        ] {
            assert_eq!(on(phone, day), market, "{phone}");
        }
    }

    #[test]
    fn countries_leave_their_region_on_a_day() {
        for (phone, before, day, after) in [
            ("+212612345678", "rest_of_africa", "2026-10-01", "MA"),
            ("+77011234567", "other", "2026-10-01", "KZ"),
            ("+85251234567", "rest_of_asia_pacific", "2026-07-01", "HK"),
        ] {
            let first: Day = day.parse().unwrap();
            let eve = first.yesterday().unwrap();
            assert_eq!(on(phone, &eve.to_string()), before);
            assert_eq!(on(phone, day), after);
        }
    }

    #[test]
    fn a_user_id_says_the_country_where_no_number_does() {
        let day = "2026-11-01".parse().unwrap();
        assert_eq!(market(None, Some("IN.123456"), day).key(), "IN");
        assert_eq!(market(None, Some("us.123"), day).key(), "north_america");
        assert_eq!(market(None, Some("IS.123"), day).key(), "other");
        assert_eq!(
            market(Some("+5511987654321"), Some("IN.1"), day).key(),
            "BR"
        );
        assert_eq!(market(Some(""), Some("IN.1"), day).key(), "IN");
        assert_eq!(place(None, None), None);
        assert_eq!(place(None, Some("123456")), None);
        assert_eq!(market(None, None, day), Market::OTHER);
    }

    #[test]
    fn keys_are_read_back() {
        assert_eq!(Market::parse("other"), Some(Market::OTHER));
        let africa = Market::parse("rest_of_africa").unwrap();
        assert_eq!(africa.region(), Some("Rest of Africa"));
        assert_eq!(Market::parse("IN").unwrap().region(), None);
        assert_eq!(Market::parse("nowhere"), None);
    }
}
