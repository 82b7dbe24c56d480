//! The table of error codes: complete, in order, and with the classes that sending relies on.

#![expect(
    clippy::unreadable_literal,
    reason = "codes are names, written as Meta writes them"
)]

use std::collections::BTreeSet;

use wigwag_meta::classify::{ALL, Class, lookup, lookup_with_subcode};
use wigwag_meta::{Effect, GraphError};

/// Every code of Meta's pages; 200 stands for 200 to 299, 33 is also a subcode of 100.
const DOCUMENTED: &[i64] = &[
    0, 3, 10, 190, 200, 102, 368, 130497, 131031, 4, 17, 32, 613, 80007, 130429, 131048, 131056,
    131064, 133016, 1, 2, 33, 100, 341, 130472, 131000, 131005, 131008, 131009, 131016, 131020,
    131021, 131026, 131030, 131035, 131036, 131037, 131041, 131042, 131044, 131045, 131047, 131049,
    131050, 131051, 131052, 131053, 131055, 131057, 131058, 131059, 131060, 131061, 131062, 131063,
    131201, 131202, 131203, 131204, 131207, 131208, 131209, 131210, 131211, 131212, 131213, 131214,
    131215, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069,
    133000, 133004, 133005, 133006, 133008, 133009, 133010, 133015, 133016, 134011, 134100, 134101,
    134102, 134103, 135000, 136024, 137000, 138000, 138001, 138002, 138003, 138004, 138005, 138006,
    138007, 138009, 138012, 138013, 138014, 138015, 138017, 138018, 138019, 138020, 138021, 138022,
    138023, 139000, 139001, 139002, 139003, 139004, 139100, 139101, 139102, 139103, 147001, 147002,
    147003, 147004, 147005, 200005, 200006, 200007, 1752041, 2388001, 2388012, 2388019, 2388024,
    2388040, 2388047, 2388072, 2388073, 2388091, 2388093, 2388103, 2388293, 2388299, 2494100,
    2593079, 2593085, 2593107, 2593108, 2593109,
];

#[test]
fn every_documented_code_has_a_row_and_rows_are_in_order() {
    let missing: Vec<_> = DOCUMENTED
        .iter()
        .filter(|code| lookup(**code).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
    let documented: BTreeSet<_> = DOCUMENTED.iter().copied().collect();
    let more: Vec<_> = ALL
        .iter()
        .map(|info| info.code)
        .filter(|code| !documented.contains(code))
        .collect();
    assert_eq!(more, [104], "rows beyond the documented ones");
}

#[test]
fn rows_are_fit_for_catalogues() {
    let names: BTreeSet<_> = ALL.iter().map(|info| info.name).collect();
    assert_eq!(names.len(), ALL.len(), "names differ");
    for info in ALL {
        let key = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        };
        assert!(
            key(info.name) && key(info.reason) && key(info.action),
            "{info:?}"
        );
        assert!(
            !info.title.is_empty() && !info.title.ends_with('.'),
            "{info:?}"
        );
        assert_ne!(info.class, Class::Unknown, "{info:?}");
        if info.class.passes() {
            assert!(
                info.wait_seconds.is_some(),
                "what passes needs a wait: {info:?}"
            );
        }
    }
}

#[test]
fn classes_that_sending_relies_on() {
    let classes = [
        (Class::Throughput, &[130429][..]),
        (Class::Pair, &[131056]),
        (Class::BackOff, &[4, 80007, 613, 17, 32]),
        (Class::Retry, &[1, 2, 131000, 131016, 133004]),
        (Class::Token, &[0, 102, 104, 190]),
        (Class::Permission, &[3, 10, 200, 250, 299, 131005]),
        (Class::Window, &[131047]),
        (Class::OptOut, &[131050]),
        (Class::MarketingLimit, &[131049, 130472]),
        (
            Class::NumberUnavailable,
            &[131026, 131021, 131030, 131062, 137000],
        ),
        (Class::Payment, &[131042]),
        (Class::Policy, &[368, 131031, 130497, 131048, 131064]),
        (Class::Media, &[131052, 131053]),
        (Class::Sender, &[131057, 133010, 131037, 131045]),
        (
            Class::Template,
            &[
                132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018,
            ],
        ),
        (Class::Request, &[100, 131008, 131009, 131051]),
    ];
    for (class, codes) in classes {
        for code in codes {
            assert_eq!(lookup(*code).map(|info| info.class), Some(class), "{code}");
        }
    }
    assert!(lookup(131_999).is_none() && lookup(300).is_none() && lookup(-1).is_none());
}

#[test]
fn only_refusals_have_no_effect() {
    let refused = [
        4, 80007, 130429, 131056, 131057, 190, 100, 131008, 131009, 132000, 132001, 132005, 132007,
        132012, 132015, 132016, 132018, 0, 10, 200, 299, 368, 131005, 131021, 131026, 131030,
        131031, 131042, 131047, 131049, 131051,
    ];
    for code in refused {
        assert_eq!(
            Effect::of_graph(&GraphError::new(code, "", "")),
            Effect::None,
            "{code}"
        );
    }
    for code in [
        1, 2, 131000, 131016, 133004, 135000, 138004, 139103, 999_999, -5,
    ] {
        assert_eq!(
            Effect::of_graph(&GraphError::new(code, "", "")),
            Effect::Maybe,
            "{code}"
        );
    }
}

#[test]
fn subcodes_decide_where_they_have_a_row() {
    let name = |code, subcode| lookup_with_subcode(code, subcode).map(|info| info.name);
    assert_eq!(name(100, Some(2_388_024)), Some("template_exists"));
    assert_eq!(name(100, Some(33)), Some("unknown_object"));
    assert_eq!(name(100, Some(2_999_999)), Some("invalid_parameter"));
    assert_eq!(name(190, Some(463)), Some("token_expired"));
    assert_eq!(name(130_429, Some(2_494_055)), Some("throughput"));
    assert_eq!(name(33, None), Some("number_deleted"));
    // The effect follows the code, not the subcode.
    let odd = GraphError {
        error_subcode: Some(2_388_024),
        ..GraphError::new(131_000, "", "")
    };
    assert_eq!(Effect::of_graph(&odd), Effect::Maybe);
}
