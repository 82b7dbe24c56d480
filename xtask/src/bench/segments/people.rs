//! People as a shop has them, made from their number alone: the same number is the same person in every
//! run. What each of them has is known without asking anybody.

pub(super) const DAY: i64 = 86_400_000_000;
/// Everything happens at noon of its day, counted back from the moment at which the rows are made: a
/// filter that is asked some hours later still finds the same people.
pub(super) const NOON: i64 = DAY / 2;
/// Over so many days contacts were made.
const DAYS: u64 = 1_095;

const GIVEN: [&str; 20] = [
    "Asha", "Bima", "Carlos", "Devi", "Esther", "Farah", "Gita", "Hugo", "Indra", "Joana", "Kiran",
    "Lucia", "Mohan", "Nadia", "Omar", "Priya", "Rafael", "Sita", "Tariq", "Usha",
];
const FAMILY: [&str; 10] = [
    "Rao", "Santos", "Okafor", "Wijaya", "Mehta", "Lopez", "Khan", "Iyer", "Silva", "Nair",
];
const CITIES: [&str; 20] = [
    "Pune", "Goa", "Jaipur", "Nagpur", "Kanpur", "Delhi", "Mumbai", "Chennai", "Kochi", "Indore",
    "Surat", "Mysore", "Agra", "Patna", "Bhopal", "Lagos", "Jakarta", "Bogota", "Lima", "Recife",
];
const INTERESTS: [&str; 20] = [
    "kites", "tea", "books", "shoes", "music", "garden", "travel", "toys", "lamps", "bags",
    "games", "rugs", "spices", "coffee", "bikes", "paper", "silk", "cameras", "hats", "plants",
];

/// What people do: the name, how many of a hundred do it at all, and at most how often.
pub(super) const DOINGS: [(&str, u64, u64); 6] = [
    ("Page Viewed", 50, 7),
    ("Product Viewed", 40, 6),
    ("Added To Cart", 30, 4),
    (ORDER, 25, 4),
    ("Review Written", 10, 2),
    ("Refund Asked", 5, 1),
];
pub(super) const ORDER: &str = "Order Placed";

/// Something that somebody did.
pub(super) struct Done {
    pub(super) name: &'static str,
    /// How many days ago.
    pub(super) days: i64,
    pub(super) amount: u32,
    pub(super) coupon: Option<&'static str>,
}

/// A conversation of somebody.
pub(super) struct Talk {
    pub(super) status: &'static str,
    pub(super) unread: bool,
    /// How many days ago the person wrote last.
    pub(super) days: i64,
}

/// Somebody.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) country: &'static str,
    pub(super) tags: Vec<&'static str>,
    pub(super) city: &'static str,
    pub(super) plan: &'static str,
    pub(super) spent: Option<u32>,
    /// In how many days; less than none is past.
    pub(super) renews: Option<i64>,
    pub(super) interests: Vec<&'static str>,
    /// What was said about marketing.
    pub(super) agreed: Option<bool>,
    /// How many days ago it was made.
    pub(super) made: i64,
    pub(super) talk: Option<Talk>,
    pub(super) done: Vec<Done>,
    /// Whether it was written to by the campaign, and answered.
    pub(super) campaign: Option<bool>,
}

/// A number below `below` that goes with a person and a question.
fn roll(person: u64, question: u64, below: u64) -> u64 {
    // SplitMix64.
    let mut bits = person
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(question.wrapping_mul(0xd1b5_4a32_d192_ed03));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (bits ^ (bits >> 31)) % below
}

impl Person {
    /// Of `count` people the one with this number; those with high numbers were made last.
    pub(super) fn new(number: u64, count: u64) -> Self {
        let roll = |question: u64, below: u64| roll(number, question, below);
        let one = |question: u64, of: &[&'static str]| of[roll(question, of.len() as u64) as usize];
        let mut tags = Vec::new();
        for (question, tag, in_ten_thousand) in [
            (1, "active", 9_000),
            (2, "wholesale", 800),
            (3, "newsletter", 4_500),
        ] {
            if roll(question, 10_000) < in_ten_thousand {
                tags.push(tag);
            }
        }
        // So few must be there in any number of people.
        if number % 10_000 == 7_777 {
            tags.push("beta");
        }
        tags.sort_unstable();
        let mut interests = Vec::new();
        if roll(4, 100) < 40 {
            for question in 5..8 {
                interests.push(one(question, &INTERESTS));
            }
            interests.sort_unstable();
            interests.dedup();
        }
        let talk = (roll(8, 100) < 30).then(|| Talk {
            status: ["open", "open", "closed", "closed", "snoozed"][roll(9, 5) as usize],
            unread: roll(10, 5) == 0,
            days: roll(11, 365) as i64,
        });
        let mut done = Vec::new();
        for (at, (name, in_a_hundred, most)) in (0..).zip(DOINGS) {
            if roll(20 + at, 100) >= in_a_hundred {
                continue;
            }
            for time in 0..=roll(30 + at, most) {
                let question = 100 * (at + 1) + 3 * time;
                done.push(Done {
                    name,
                    days: roll(question, 365) as i64,
                    amount: 100 + roll(question + 1, 4_900) as u32,
                    coupon: (roll(question + 2, 100) < 15).then_some(if time % 2 == 0 {
                        "DIWALI"
                    } else {
                        "MONSOON"
                    }),
                });
            }
        }
        Self {
            name: format!("{} {} {number}", one(12, &GIVEN), one(13, &FAMILY)),
            country: ["IN", "IN", "IN", "IN", "IN", "IN", "IN", "ID", "BR", "NG"]
                [roll(14, 10) as usize],
            tags,
            city: one(15, &CITIES),
            plan: [
                "free", "free", "free", "free", "free", "free", "silver", "silver", "gold",
                "platinum",
            ][roll(16, 10) as usize],
            spent: (roll(17, 10) < 8).then(|| roll(18, 10_000) as u32),
            renews: (roll(19, 2) == 0).then(|| roll(40, 360) as i64 - 180),
            interests,
            agreed: match roll(41, 100) {
                0..62 => Some(true),
                62..70 => Some(false),
                _ => None,
            },
            made: ((count - 1 - number) * DAYS / count) as i64,
            talk,
            done,
            campaign: (roll(42, 10) == 0).then(|| roll(43, 20) == 0),
        }
    }

    /// How often somebody did something in the last so many days.
    pub(super) fn times(&self, name: &str, days: i64) -> usize {
        let of = |done: &&Done| done.name == name && done.days < days;
        self.done.iter().filter(of).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_the_same_each_time_and_people_differ() {
        let (one, again, other) = (Person::new(5, 9), Person::new(5, 9), Person::new(6, 9));
        assert_eq!(one.name, again.name);
        assert_eq!(one.done.len(), again.done.len());
        assert_ne!(one.name, other.name);
    }

    #[test]
    fn people_do_as_much_as_is_said() {
        let done: usize = (0..10_000)
            .map(|number| Person::new(number, 10_000).done.len())
            .sum();
        assert!(
            (48_000..55_000).contains(&done),
            "{done} events of 10,000 people"
        );
    }
}
