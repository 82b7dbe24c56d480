//! What Meta would charge for a message, in the simulator's own figures for the countries of its people,
//! so that the product's costs can be compared with somebody else's. It shares no code with the product.
//!
//! Source: the rate cards of July and October 2026 in dollars, as others copied them.

use jiff::civil::Date;
use serde_json::Value;

/// The first day of the older figures.
const KNOWN_FROM: Date = jiff::civil::date(2026, 7, 1);
/// The first day of the newer ones.
const NEWER_FROM: Date = jiff::civil::date(2026, 10, 1);

/// Country; marketing, then utility (which authentication and service cost too), each by the older and
/// the newer card, in millionths of a dollar.
const FIGURES: &[(&str, [i64; 2], [i64; 2])] = &[
    ("AE", [49_900, 57_600], [15_700, 15_700]),
    ("BR", [62_500, 62_500], [6_800, 6_800]),
    ("CA", [25_000, 25_000], [3_400, 3_400]),
    ("DE", [136_500, 136_500], [55_000, 55_000]),
    ("ES", [70_700, 70_700], [20_000, 20_000]),
    ("FR", [85_900, 85_900], [30_000, 30_000]),
    ("GB", [63_500, 63_500], [22_000, 22_000]),
    ("ID", [41_100, 41_100], [25_000, 25_000]),
    ("IN", [11_800, 11_800], [1_400, 1_400]),
    ("IT", [79_500, 79_500], [30_000, 30_000]),
    ("JP", [73_200, 84_200], [11_300, 11_300]),
    ("KE", [22_500, 22_500], [4_000, 4_000]),
    ("MX", [30_500, 39_700], [8_500, 8_500]),
    ("NG", [51_600, 51_600], [6_700, 6_700]),
    ("TR", [10_900, 10_900], [900, 900]),
    ("UA", [86_000, 86_000], [21_200, 29_800]),
    ("US", [25_000, 25_000], [3_400, 3_400]),
    ("VN", [73_200, 84_200], [11_300, 11_300]),
];

/// What a delivered message costs by its pricing object, in millionths of a dollar; `None` where the
/// figure is not here.
pub(crate) fn cost(pricing: &Value, country: &str, day: Date) -> Option<i64> {
    if pricing["billable"] == false {
        return Some(0);
    }
    if pricing["pricing_model"] != "PMP" || day < KNOWN_FROM {
        return None;
    }
    let (_, marketing, utility) = FIGURES.iter().find(|(known, ..)| *known == country)?;
    let card = usize::from(day >= NEWER_FROM);
    match pricing["category"].as_str()? {
        "marketing" | "marketing_lite" => Some(marketing[card]),
        "utility" | "authentication" | "service" => Some(utility[card]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn by_category_country_and_day() {
        let of = |category: &str, country: &str, day: &str| {
            let pricing = json!({"billable": true, "pricing_model": "PMP", "category": category});
            cost(&pricing, country, day.parse().unwrap())
        };
        assert_eq!(of("marketing", "AE", "2026-09-30"), Some(49_900));
        assert_eq!(of("marketing", "AE", "2026-10-01"), Some(57_600));
        assert_eq!(of("service", "IN", "2026-10-01"), Some(1_400));
        assert_eq!(of("marketing", "XX", "2026-10-01"), None);
        assert_eq!(of("marketing", "AE", "2026-06-30"), None);
        let free = json!({"billable": false, "pricing_model": "PMP"});
        assert_eq!(cost(&free, "XX", "2026-10-01".parse().unwrap()), Some(0));
    }
}
