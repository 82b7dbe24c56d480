//! Costs against a table computed by hand: five markets, windows, a free entry point, failures and the
//! first of October 2026. Each amount is written out with its arithmetic, in millionths of a dollar.
#![expect(clippy::unwrap_used, reason = "a wrong table is a failed test")]

use proptest::prelude::*;
use wigwag_model::rates::{
    Billing, Category, Estimate, Free, Stated, Windows, charge, free, place, rate,
};
use wigwag_model::{Currency, Day, Timestamp};

const INDIA: &str = "+919876543210";
const BRAZIL: &str = "+5511987654321";
const GERMANY: &str = "+4915112345678";
const EMIRATES: &str = "+971501234567";
const KENYA: &str = "+254712345678";
const KAZAKHSTAN: &str = "+77011234567";

const SHUT: Windows = Windows {
    service: false,
    free_entry: false,
};
const OPEN: Windows = Windows {
    service: true,
    free_entry: false,
};
const ENTRY: Windows = Windows {
    service: false,
    free_entry: true,
};

/// Some people alike.
type Group = (&'static str, i64, Windows);

fn kolkata() -> Billing {
    Billing::of(Some("USD"), Some("Asia/Kolkata"))
}

fn estimate(into: &mut Estimate, category: Category, at: &str, groups: &[Group]) {
    let billing = kolkata();
    let day = billing.zone.day(at.parse().unwrap());
    for (phone, count, windows) in groups {
        let place = place(Some(phone), None).unwrap();
        let rate = rate(billing.currency(), day, place, category);
        into.add_many(rate, free(category, day, *windows), *count);
    }
}

/// What Meta would charge for these when they are delivered: each message by itself.
fn charged(category: Category, at: &str, groups: &[Group]) -> i64 {
    let billing = kolkata();
    let at: Timestamp = at.parse().unwrap();
    let day = billing.zone.day(at);
    let mut sum = 0;
    for (phone, count, windows) in groups {
        let stated = free(category, day, *windows).map_or(Stated::Charged(category), Stated::Free);
        for _ in 0..*count {
            sum += charge(stated, place(Some(phone), None), &billing, at)
                .unwrap()
                .micros;
        }
    }
    sum
}

/// (max, free, expected)
fn sums(estimate: &Estimate) -> (i64, i64, i64) {
    let total = estimate.total(Currency::USD);
    (total.max_micros, total.free_micros, total.expected_micros())
}

/// 1,670 people in five markets, a hundred of them within the window of an ad.
const MARKETING: [Group; 6] = [
    (INDIA, 900, SHUT),
    (INDIA, 100, ENTRY),
    (BRAZIL, 200, SHUT),
    (GERMANY, 50, OPEN),
    (EMIRATES, 300, SHUT),
    (KENYA, 120, SHUT),
];

#[test]
fn marketing_in_five_markets_with_a_free_entry_point() {
    let mut sum = Estimate::default();
    estimate(
        &mut sum,
        Category::Marketing,
        "2026-11-26T09:00:00Z",
        &MARKETING,
    );
    // India          1,000 × 0.0118 = 11.80
    // Brazil           200 × 0.0625 = 12.50
    // Germany           50 × 0.1365 =  6.825   an open service window makes no marketing free
    // Emirates         300 × 0.0576 = 17.28
    // Rest of Africa   120 × 0.0225 =  2.70
    //                                 51.105 at most
    // Free entry point 100 × 0.0118 =  1.18
    //                                 49.925 expected
    assert_eq!(sums(&sum), (51_105_000, 1_180_000, 49_925_000));
    let lines: Vec<_> = sum
        .lines()
        .map(|line| {
            (
                line.market.key(),
                line.count,
                line.rate_micros.unwrap(),
                line.amount_micros,
                line.free_micros,
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("AE", 300, 57_600, 17_280_000, 0),
            ("BR", 200, 62_500, 12_500_000, 0),
            ("DE", 50, 136_500, 6_825_000, 0),
            ("IN", 1_000, 11_800, 11_800_000, 1_180_000),
            ("rest_of_africa", 120, 22_500, 2_700_000, 0),
        ]
    );
    assert_eq!((sum.count(), sum.unpriced()), (1_670, 0));
    let all = charged(Category::Marketing, "2026-11-26T09:00:00Z", &MARKETING);
    assert_eq!(all, 49_925_000);
}

#[test]
fn one_in_ten_fails_and_is_free() {
    // What is delivered of the same people when one in ten fails, none of those from an ad.
    let delivered: [Group; 6] = [
        (INDIA, 800, SHUT),
        (INDIA, 100, ENTRY),
        (BRAZIL, 180, SHUT),
        (GERMANY, 45, OPEN),
        (EMIRATES, 270, SHUT),
        (KENYA, 108, SHUT),
    ];
    // India     800 × 0.0118 =  9.44      and 100 for nothing
    // Brazil    180 × 0.0625 = 11.25
    // Germany    45 × 0.1365 =  6.1425
    // Emirates  270 × 0.0576 = 15.552
    // Africa    108 × 0.0225 =  2.43
    //                          44.8145
    let sum = charged(Category::Marketing, "2026-11-26T09:00:00Z", &delivered);
    assert_eq!(sum, 44_814_500);
}

const UTILITY: [Group; 9] = [
    (INDIA, 600, SHUT),
    (INDIA, 400, OPEN),
    (BRAZIL, 150, SHUT),
    (BRAZIL, 50, OPEN),
    (GERMANY, 50, OPEN),
    (EMIRATES, 300, SHUT),
    (KENYA, 90, SHUT),
    (KENYA, 20, OPEN),
    (KENYA, 10, ENTRY),
];

#[test]
fn utility_in_the_window_before_and_after_the_first_of_october() {
    let (before, after) = ("2026-09-30T18:29:59Z", "2026-09-30T18:30:00Z");
    let mut sum = Estimate::default();
    estimate(&mut sum, Category::Utility, before, &UTILITY);
    //                          at most                 free
    // India    1,000 × 0.0014 = 1.40      400 × 0.0014 = 0.56
    // Brazil     200 × 0.0068 = 1.36       50 × 0.0068 = 0.34
    // Germany     50 × 0.0550 = 2.75       50 × 0.0550 = 2.75
    // Emirates   300 × 0.0157 = 4.71
    // Africa     120 × 0.0040 = 0.48       30 × 0.0040 = 0.12   10 of them from an ad
    //                          10.70                     3.77    6.93 expected
    assert_eq!(sums(&sum), (10_700_000, 3_770_000, 6_930_000));
    assert_eq!(charged(Category::Utility, before, &UTILITY), 6_930_000);

    // One second later it is October in Kolkata: only the ten from an ad are free, 10 × 0.0040 = 0.04.
    let mut sum = Estimate::default();
    estimate(&mut sum, Category::Utility, after, &UTILITY);
    assert_eq!(sums(&sum), (10_700_000, 40_000, 10_660_000));
    assert_eq!(charged(Category::Utility, after, &UTILITY), 10_660_000);
}

#[test]
fn a_campaign_across_the_first_of_october() {
    let (before, after) = ("2026-09-30T17:00:00Z", "2026-09-30T19:00:00Z");
    let (eve, morning): ([Group; 3], [Group; 3]) = (
        [
            (INDIA, 600, OPEN),
            (EMIRATES, 100, SHUT),
            (KAZAKHSTAN, 10, SHUT),
        ],
        [
            (INDIA, 400, OPEN),
            (EMIRATES, 200, SHUT),
            (KAZAKHSTAN, 10, SHUT),
        ],
    );
    // Marketing        before              after
    // India      600 × 0.0118 =  7.08   400 × 0.0118 =  4.72
    // Emirates   100 × 0.0499 =  4.99   200 × 0.0576 = 11.52
    // Kazakhstan  10 × 0.0604 =  0.604   10 × 0.0604 =  0.604  before in the market “Other”
    //                           12.674                 16.844  together 29.518
    let mut sum = Estimate::default();
    estimate(&mut sum, Category::Marketing, before, &eve);
    estimate(&mut sum, Category::Marketing, after, &morning);
    assert_eq!(sums(&sum), (29_518_000, 0, 29_518_000));
    let paid =
        charged(Category::Marketing, before, &eve) + charged(Category::Marketing, after, &morning);
    assert_eq!(paid, 29_518_000);

    // Utility          before                      after
    // India      600 × 0.0014 = 0.84 free    400 × 0.0014 = 0.56
    // Emirates   100 × 0.0157 = 1.57         200 × 0.0157 = 3.14
    // Kazakhstan  10 × 0.0077 = 0.077         10 × 0.0180 = 0.18
    //                           2.487                       3.88   at most 6.367, expected 5.527
    let mut sum = Estimate::default();
    estimate(&mut sum, Category::Utility, before, &eve);
    estimate(&mut sum, Category::Utility, after, &morning);
    assert_eq!(sums(&sum), (6_367_000, 840_000, 5_527_000));
    let paid =
        charged(Category::Utility, before, &eve) + charged(Category::Utility, after, &morning);
    assert_eq!(paid, 5_527_000);

    // Service          before                 after
    // India      600 for nothing        400 × 0.0014 = 0.56
    // Emirates   100 for nothing        200 × 0.0157 = 3.14
    // Kazakhstan  10 for nothing         10 × 0.0180 = 0.18
    let mut sum = Estimate::default();
    estimate(&mut sum, Category::Service, before, &eve);
    assert_eq!(sums(&sum), (0, 0, 0));
    estimate(&mut sum, Category::Service, after, &morning);
    assert_eq!(sums(&sum), (3_880_000, 0, 3_880_000));
    assert_eq!(charged(Category::Service, before, &eve), 0);
    assert_eq!(charged(Category::Service, after, &morning), 3_880_000);
}

#[test]
fn currencies_stand_side_by_side() {
    let inr = Currency::parse("INR").unwrap();
    let day: Day = "2026-11-26".parse().unwrap();
    let mut sum = Estimate::default();
    for (phone, count) in [(INDIA, 1_000), (EMIRATES, 10)] {
        let rate = rate(
            inr,
            day,
            place(Some(phone), None).unwrap(),
            Category::Marketing,
        );
        sum.add_many(rate, None, count);
    }
    // 1,000 × ₹0.8631 = ₹863.10 and, where no card in rupees is known, 10 × $0.0576 = $0.576
    assert_eq!(sum.total(inr).max_micros, 863_100_000);
    assert_eq!(sum.total(Currency::USD).max_micros, 576_000);
    assert_eq!(sum.totals().len(), 2);
}

fn anyone() -> impl Strategy<Value = (&'static str, Category, i64, Windows)> {
    let phones = prop::sample::select(vec![
        INDIA,
        BRAZIL,
        GERMANY,
        EMIRATES,
        KENYA,
        KAZAKHSTAN,
        "+3545551234",
        "+96512345678",
    ]);
    let categories = prop::sample::select(vec![
        Category::Marketing,
        Category::Utility,
        Category::Authentication,
        Category::AuthenticationInternational,
        Category::Service,
    ]);
    // The year 2026, in seconds.
    let at = 1_767_225_600_i64..1_798_761_600;
    let windows = (any::<bool>(), any::<bool>()).prop_map(|(service, free_entry)| Windows {
        service,
        free_entry,
    });
    (phones, categories, at, windows)
}

proptest! {
    /// Whoever is in it, an estimate is the sum of its lines, and what is expected is what is charged
    /// when all is delivered: nothing is lost or counted twice between the two.
    #[test]
    fn what_is_expected_is_what_is_charged(people in prop::collection::vec(anyone(), 0..60)) {
        let billing = kolkata();
        let (mut whole, mut paid) = (Estimate::default(), 0_i64);
        let (mut first, mut second) = (Estimate::default(), Estimate::default());
        for (number, (phone, category, at, windows)) in people.iter().enumerate() {
            let at = Timestamp::from_seconds(*at);
            let day = billing.zone.day(at);
            let whose = place(Some(phone), None).unwrap();
            let price = rate(billing.currency(), day, whose, *category);
            let why: Option<Free> = free(*category, day, *windows);
            whole.add(price, why);
            if number % 2 == 0 { first.add(price, why) } else { second.add(price, why) }
            let stated = why.map_or(Stated::Charged(*category), Stated::Free);
            paid += charge(stated, Some(whose), &billing, at).map_or(0, |charge| charge.micros);
        }
        first.merge(&second);
        prop_assert_eq!(&first, &whole);
        let total = whole.total(Currency::USD);
        prop_assert_eq!(total.expected_micros(), paid);
        prop_assert_eq!(whole.lines().map(|line| line.amount_micros).sum::<i64>(), total.max_micros);
        prop_assert_eq!(whole.lines().map(|line| line.count).sum::<i64>(), people.len() as i64);
        prop_assert_eq!(whole.count(), people.len() as i64);
    }
}
