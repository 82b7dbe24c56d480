//! The content that a fresh simulator starts with: an app, "Kite & Co.", its number and templates,
//! and forty people. The same seed gives the same ids, tokens and phones.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::Credentials;
use crate::app::{App, Token};
use crate::clock::DAY;
use crate::ids::{Ids, digest};
use crate::number::{Number, Portfolio, Profile, Waba};
use crate::person::{Reads, Replies};
use crate::state::State;
use crate::template::Template;

/// The number's display form.
const DISPLAY: &str = "+91 22 4890 1199";

/// What the seeded content is reached by. The ids depend on the seed alone.
pub(crate) fn credentials(seed: u64) -> Credentials {
    let mut ids = Ids::new(seed);
    Credentials {
        app_id: ids.object(),
        app_secret: ids.secret(),
        verify_token: ids.secret(),
        portfolio_id: ids.object(),
        waba_id: ids.object(),
        phone_number_id: ids.object(),
        display_phone_number: DISPLAY.to_owned(),
        access_token: ids.access_token(),
    }
}

/// Fills an empty state. `empty`: app, portfolio, WABA, number and token only.
pub(crate) fn plant(state: &mut State, now_us: i64, empty: bool) {
    let seed = state.ids.seed();
    let known = credentials(seed);
    // The ids of the credentials are used up.
    for _ in 0..7 {
        state.ids.object();
    }
    let app = App {
        id: known.app_id.clone(),
        name: "Kite & Co. Messaging".into(),
        secret: known.app_secret,
        verify_token: known.verify_token,
        subscription: None,
        uploads: BTreeMap::new(),
    };
    state.apps.insert(app.id.clone(), app);
    let user_id = state.ids.object();
    let token = Token {
        app_id: known.app_id.clone(),
        kind: "SYSTEM_USER".into(),
        valid: true,
        expires_us: 0,
        issued_us: now_us,
        user_id,
    };
    state.tokens.insert(known.access_token, token);
    let portfolio = Portfolio {
        id: known.portfolio_id.clone(),
        name: "Kite & Co.".into(),
        messaging_limit: "TIER_100K".into(),
        reached_us: HashMap::new(),
    };
    state.portfolios.insert(portfolio.id.clone(), portfolio);
    put_waba(
        state,
        &known.waba_id,
        &known.portfolio_id,
        "Kite & Co.",
        &known.app_id,
    );
    let mut number = Number::new(
        known.phone_number_id.clone(),
        known.waba_id.clone(),
        DISPLAY.into(),
        "Kite & Co.".into(),
    );
    number.profile = Profile {
        about: "Kites for every wind".into(),
        address: "14 Sea Face Road, Mumbai".into(),
        description: "Hand-made kites, lines and repairs. We answer from 9 to 18.".into(),
        email: "hello@kite.example".into(),
        vertical: "RETAIL".into(),
        websites: vec!["https://kite.example".into()],
        picture_url: None,
    };
    state.numbers.insert(number.id.clone(), number);
    if !empty {
        templates(state, &known.waba_id, now_us);
        people(state, seed);
    }
    state.give_user_ids();
}

/// Adds an app that is subscribed to nothing.
pub(crate) fn add_app(state: &mut State, name: &str) -> App {
    let app = App {
        id: state.ids.object(),
        name: name.to_owned(),
        secret: state.ids.secret(),
        verify_token: state.ids.secret(),
        subscription: None,
        uploads: BTreeMap::new(),
    };
    state.apps.insert(app.id.clone(), app.clone());
    app
}

/// Adds a portfolio.
pub(crate) fn add_portfolio(state: &mut State, name: &str) -> String {
    let id = state.ids.object();
    let portfolio = Portfolio {
        id: id.clone(),
        name: name.to_owned(),
        messaging_limit: "TIER_2K".into(),
        reached_us: HashMap::new(),
    };
    state.portfolios.insert(id.clone(), portfolio);
    id
}

/// Adds a WABA to which the app is subscribed.
pub(crate) fn add_waba(state: &mut State, portfolio_id: &str, name: &str, app_id: &str) -> String {
    let id = state.ids.object();
    put_waba(state, &id, portfolio_id, name, app_id);
    id
}

fn put_waba(state: &mut State, id: &str, portfolio_id: &str, name: &str, app_id: &str) {
    let waba = Waba {
        id: id.to_owned(),
        portfolio_id: portfolio_id.to_owned(),
        name: name.to_owned(),
        currency: "USD".into(),
        timezone_id: "71".into(),
        country: "IN".into(),
        namespace: hex::encode(&digest(state.ids.seed(), &format!("namespace/{id}"))[..16]),
        subscribed: BTreeMap::from([(app_id.to_owned(), None)]),
        disable_marketing_on_cloud_api: false,
        insights: true,
        creations_us: Vec::new(),
    };
    state.wabas.insert(id.to_owned(), waba);
}

/// Names with the calling code and length of the rest of the number.
const PEOPLE: &[(&str, &str, usize)] = &[
    ("Asha Kulkarni", "9198", 8),
    ("Rohan Mehta", "9199", 8),
    ("Priya Raghavan", "9197", 8),
    ("Imran Qureshi", "9190", 8),
    ("Meera Joshi", "9188", 8),
    ("Arjun Nair", "9194", 8),
    ("Kavya Reddy", "9191", 8),
    ("Sandeep Gill", "9178", 8),
    ("Ananya Bose", "9183", 8),
    ("Vikram Solanki", "9193", 8),
    ("Farah Siddiqui", "9196", 8),
    ("Nikhil Deshpande", "9170", 8),
    ("Lakshmi Iyer", "9195", 8),
    ("Tenzin Dolma", "9186", 8),
    ("Gurpreet Kaur", "9187", 8),
    ("Mohit Agarwal", "9181", 8),
    ("Emma Hughes", "4477", 8),
    ("Oliver Grant", "4478", 8),
    ("Fiona MacLeod", "4475", 8),
    ("Sarah Whitfield", "1650555", 4),
    ("Marcus Bell", "1312555", 4),
    ("Chloé Tremblay", "1514555", 4),
    ("Ana Beatriz Souza", "55119", 8),
    ("Rafael Lima", "55219", 8),
    ("João Pedro Alves", "55319", 8),
    ("Aisha Al Mansoori", "97150", 7),
    ("Omar Haddad", "97155", 7),
    ("Lena Fischer", "49151", 8),
    ("Jürgen Weiß", "49160", 8),
    ("María Fernández", "346", 8),
    ("Sofía Ramírez", "5255", 8),
    ("Giulia Romano", "39333", 7),
    ("Camille Laurent", "336", 8),
    ("Yuki Tanaka", "8190", 8),
    ("Nguyễn Minh Anh", "849", 8),
    ("Siti Nurhaliza", "6281", 8),
    ("Chinedu Okafor", "23480", 8),
    ("Wanjiru Kamau", "2547", 8),
    ("Elif Yılmaz", "9053", 8),
    ("Dmytro Kovalenko", "38067", 7),
];

fn people(state: &mut State, seed: u64) {
    for (index, (name, prefix, rest)) in PEOPLE.iter().enumerate() {
        let raw = digest(seed, &format!("phone/{index}"));
        let tail: String = raw
            .iter()
            .take(*rest)
            .map(|byte| char::from(b'0' + byte % 10))
            .collect();
        let person = state.add_person(name, &format!("{prefix}{tail}"));
        let behaviour = &mut state.people[person].behaviour;
        behaviour.delivery_ms = 250 + i64::from(raw[20]) * 3;
        behaviour.read_ms = 900 + i64::from(raw[21]) * 12;
        match index {
            5 => behaviour.reads = Reads::Never,
            8 | 21 => behaviour.reads = Reads::WhenOpen,
            13 => behaviour.delivers = false,
            17 => {
                behaviour.replies = Some(Replies {
                    text: "Thanks, got it!".into(),
                    after_ms: 4_000,
                    probability: 1.0,
                });
            }
            28 => behaviour.on_whatsapp = false,
            35 => behaviour.opts_out = true,
            _ => {}
        }
    }
    // Two of them have a username.
    for (index, username) in [(6, "kavya.flies"), (32, "camille.l")] {
        state.people[index].username = Some(username.to_owned());
    }
}

fn template(
    state: &mut State,
    waba_id: &str,
    now_us: i64,
    name: &str,
    language: &str,
    category: &str,
    components: Value,
) {
    let named = components.to_string().contains("named_params");
    let days = 3 + state.templates.len() as i64;
    let id = state.ids.object();
    state.put_template(Template {
        id,
        waba_id: waba_id.to_owned(),
        name: name.to_owned(),
        language: language.to_owned(),
        category: category.to_owned(),
        previous_category: None,
        status: "APPROVED".into(),
        named,
        components,
        quality: "GREEN".into(),
        quality_at_us: now_us,
        rejected_reason: "NONE".into(),
        rejection_info: None,
        ttl_seconds: (category == "AUTHENTICATION").then_some(600),
        created_us: now_us - days * DAY,
        updated_us: now_us - days * DAY,
        edits_us: Vec::new(),
        pauses: 0,
        version: 1,
    });
}

fn templates(state: &mut State, waba_id: &str, now_us: i64) {
    let order = |text: &str, one: &str, two: &str| {
        json!([
            {"type": "HEADER", "format": "TEXT", "text": "Kite & Co."},
            {"type": "BODY", "text": text, "example": {"body_text": [[one, two]]}},
            {"type": "FOOTER", "text": "Kite & Co., Mumbai"},
            {"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Track order", "url": "https://kite.example/orders/{{1}}", "example": ["https://kite.example/orders/1042"]},
                {"type": "QUICK_REPLY", "text": "I need help"},
            ]},
        ])
    };
    let en = order(
        "Hi {{1}}, your order {{2}} is confirmed and will leave our workshop today.",
        "Asha",
        "1042",
    );
    template(
        state,
        waba_id,
        now_us,
        "order_confirmed",
        "en_US",
        "UTILITY",
        en,
    );
    let hi = order(
        "नमस्ते {{1}}, आपका ऑर्डर {{2}} पक्का हो गया है और आज ही भेजा जाएगा।",
        "आशा",
        "1042",
    );
    template(
        state,
        waba_id,
        now_us,
        "order_confirmed",
        "hi",
        "UTILITY",
        hi,
    );
    let ar = order(
        "مرحبا {{1}}، تم تأكيد طلبك {{2}} وسيتم شحنه اليوم.",
        "عائشة",
        "1042",
    );
    template(
        state,
        waba_id,
        now_us,
        "order_confirmed",
        "ar",
        "UTILITY",
        ar,
    );
    template(
        state,
        waba_id,
        now_us,
        "spring_collection",
        "en_US",
        "MARKETING",
        json!([
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aWtpdGU="]}},
            {"type": "BODY", "text": "Hello {{first_name}}! The spring collection is here. Use code {{code}} until Sunday for 15 % off.",
             "example": {"body_text_named_params": [
                {"param_name": "first_name", "example": "Asha"}, {"param_name": "code", "example": "SPRING15"}]}},
            {"type": "FOOTER", "text": "Reply STOP to get no more offers"},
            {"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "See the kites", "url": "https://kite.example/spring"},
                {"type": "QUICK_REPLY", "text": "Not interested"},
            ]},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "festival_offer",
        "en_US",
        "MARKETING",
        json!([
            {"type": "BODY", "text": "Happy Makar Sankranti, {{1}}! Copy your coupon and fly high this week.",
             "example": {"body_text": [["Asha"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "example": "FLYHIGH"}]},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "login_code",
        "en_US",
        "AUTHENTICATION",
        json!([
            {"type": "BODY", "text": "*{{1}}* is your verification code. For your security, do not share this code.",
             "add_security_recommendation": true, "example": {"body_text": [["123456"]]}},
            {"type": "FOOTER", "text": "This code expires in 10 minutes.", "code_expiration_minutes": 10},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}]},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "delivery_update",
        "en_US",
        "UTILITY",
        json!([
            {"type": "BODY", "text": "Hi {{first_name}}, order {{order_number}} arrives on {{day}} between {{window}}. Somebody should be at home.",
             "example": {"body_text_named_params": [
                {"param_name": "first_name", "example": "Asha"}, {"param_name": "order_number", "example": "1042"},
                {"param_name": "day", "example": "Friday"}, {"param_name": "window", "example": "10 and 12"}]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Fine"}, {"type": "QUICK_REPLY", "text": "Another day"},
                {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+912248901199"},
            ]},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "workshop_reminder",
        "en_US",
        "UTILITY",
        json!([
            {"type": "HEADER", "format": "LOCATION"},
            {"type": "BODY", "text": "Hi {{1}}, we look forward to seeing you at the kite workshop on {{2}}. Bring sunglasses!",
             "example": {"body_text": [["Asha", "12 January, 10:00"]]}},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "invoice_ready",
        "en_US",
        "UTILITY",
        json!([
            {"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": ["4::aWludm9pY2U="]}},
            {"type": "BODY", "text": "Hi {{1}}, here is the invoice for order {{2}}. Thank you for buying from us.",
             "example": {"body_text": [["Asha", "1042"]]}},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "welcome_back",
        "en_US",
        "MARKETING",
        json!([
            {"type": "HEADER", "format": "TEXT", "text": "We miss you, {{1}}", "example": {"header_text": ["Asha"]}},
            {"type": "BODY", "text": "It has been a while. Is there anything that we can mend, restring or make for you?"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes, please"}, {"type": "QUICK_REPLY", "text": "Stop offers"}]},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "hello_kite",
        "en_US",
        "UTILITY",
        json!([
            {"type": "BODY", "text": "Hello from Kite & Co. We got your message and will answer soon."},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "monsoon_sale",
        "en_US",
        "MARKETING",
        json!([
            {"type": "BODY", "text": "Hi {{1}}, rain outside, kites inside: everything in the shop is 20 % off this week.",
             "example": {"body_text": [["Asha"]]}},
        ]),
    );
    template(
        state,
        waba_id,
        now_us,
        "prize_draw",
        "en_US",
        "MARKETING",
        json!([
            {"type": "BODY", "text": "Hi {{1}}{{2}}, you may have won a kite! Answer now to find out more about it.",
             "example": {"body_text": [["Asha", "Kulkarni"]]}},
        ]),
    );
    for template in state.templates.values_mut() {
        match template.name.as_str() {
            // It stays in review until somebody decides.
            "monsoon_sale" => template.status = "PENDING".into(),
            "prize_draw" => {
                template.status = "REJECTED".into();
                template.rejected_reason = "INVALID_FORMAT".into();
                template.rejection_info = Some((
                    "Your template has parameters placed next to each other without text or punctuation between them.".into(),
                    "Separate parameters with descriptive text and ensure each parameter is clearly contextualized.".into(),
                ));
            }
            _ => {}
        }
        if template.status != "APPROVED" {
            template.quality = "UNKNOWN".into();
        }
    }
}
