//! The words by which people stop and resume marketing, and what they are answered.
//!
//! Only a whole message counts: “please stop by at five” stops nothing. Words that people also use
//! for their orders (cancel, end, quit) are left out on purpose; whoever means the messages has
//! another word in every language. The answers are defaults; each says how to come back.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::search::fold;

/// What a word asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// No more marketing.
    Stop,
    /// Marketing again.
    Start,
}

/// A word that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// What it asks for.
    pub act: Act,
    /// The language it is taken for, ISO 639.
    pub language: &'static str,
}

/// Letters that a word may have at most; a longer message is none.
const MOST: usize = 60;

/// Reads a whole message as a word.
pub fn read(message: &str) -> Option<Word> {
    static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
        let mut words = HashMap::new();
        for entry in LANGUAGES {
            for (act, listed) in [(Act::Stop, entry.stop), (Act::Start, entry.start)] {
                for word in listed {
                    let language = entry.code;
                    // The first language that has a word keeps it.
                    words.entry(plain(word)).or_insert(Word { act, language });
                }
            }
        }
        words
    });
    if message.chars().take(MOST + 1).count() > MOST {
        return None;
    }
    WORDS.get(&plain(message)).copied()
}

/// The default answer to a word.
pub fn answer(word: Word) -> &'static str {
    let of = |language: &str| {
        ANSWERS
            .iter()
            .find(|answer| answer.0 == language)
            .map(|answer| match word.act {
                Act::Stop => answer.1,
                Act::Start => answer.2,
            })
    };
    of(word.language)
        .or_else(|| of("en"))
        .unwrap_or("OK. STOP / START")
}

/// A message without what does not tell words apart: case, accents, punctuation, emoji, the forms
/// of Arabic letters, the width of Latin ones.
fn plain(message: &str) -> String {
    let mut letters = String::with_capacity(message.len());
    for letter in message.chars() {
        match letter {
            // Joiners, directions, variation selectors, skin tones, tatweel and vowel marks vanish.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{20e3}'
            | '\u{640}'
            | '\u{64b}'..='\u{652}'
            | '\u{670}' => {}
            'أ' | 'إ' | 'آ' | 'ٱ' => letters.push('ا'),
            'ك' => letters.push('ک'),
            'ي' | 'ى' => letters.push('ی'),
            // Full-width letters are letters; full-width signs are signs.
            '\u{ff01}'..='\u{ff5e}' => {
                let narrow = u32::from(letter) - 0xfee0;
                letters.push(
                    char::from_u32(narrow)
                        .filter(char::is_ascii_alphanumeric)
                        .unwrap_or(' '),
                );
            }
            letter if letter.is_ascii() && !letter.is_ascii_alphanumeric() => letters.push(' '),
            '\u{a1}'..='\u{bf}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2010}'..='\u{2029}'
            | '\u{202f}'..='\u{205f}'
            | '\u{2100}'..='\u{2bff}'
            | '\u{3000}'..='\u{303f}'
            | '\u{1f000}'..='\u{1f3fa}'
            | '\u{1f400}'..='\u{1faff}'
            | '\u{964}'
            | '\u{965}'
            | '،'
            | '؛'
            | '؟'
            | '۔'
            | '・'
            | '֊'
            | '׳'
            | '״' => letters.push(' '),
            letter => letters.push(letter),
        }
    }
    fold(&letters)
}

struct Language {
    code: &'static str,
    stop: &'static [&'static str],
    start: &'static [&'static str],
}

const fn language(
    code: &'static str,
    stop: &'static [&'static str],
    start: &'static [&'static str],
) -> Language {
    Language { code, stop, start }
}

const LANGUAGES: &[Language] = &[
    language(
        "en",
        &[
            "stop",
            "stop all",
            "stopall",
            "stop promotions",
            "stop messages",
            "unsubscribe",
            "opt out",
            "optout",
            "remove me",
        ],
        &[
            "start",
            "unstop",
            "subscribe",
            "resubscribe",
            "opt in",
            "optin",
            "start promotions",
        ],
    ),
    language(
        "hi",
        &[
            "रोकें",
            "रोको",
            "रुको",
            "बंद",
            "बंद करें",
            "बंद करो",
            "बन्द करें",
            "सदस्यता समाप्त करें",
            "band karo",
            "band karen",
            "roko",
        ],
        &[
            "शुरू",
            "शुरू करें",
            "शुरू करो",
            "चालू करें",
            "चालू करो",
            "shuru karo",
            "chalu karo",
        ],
    ),
    language(
        "bn",
        &["বন্ধ", "বন্ধ করুন", "বন্ধ করো", "থামুন", "থামাও"],
        &["শুরু", "শুরু করুন", "চালু করুন"],
    ),
    language(
        "mr",
        &["थांबा", "थांबवा", "बंद करा"],
        &["सुरू", "सुरू करा", "चालू करा"],
    ),
    language(
        "gu",
        &["બંધ", "બંધ કરો", "રોકો"],
        &["શરૂ", "શરૂ કરો", "ચાલુ કરો"],
    ),
    language("pa", &["ਬੰਦ", "ਬੰਦ ਕਰੋ", "ਰੋਕੋ"], &["ਸ਼ੁਰੂ", "ਸ਼ੁਰੂ ਕਰੋ", "ਚਾਲੂ ਕਰੋ"]),
    language(
        "ta",
        &["நிறுத்து", "நிறுத்தவும்", "நிறுத்துங்கள்"],
        &["தொடங்கு", "தொடங்கவும்", "தொடங்குங்கள்"],
    ),
    language(
        "te",
        &["ఆపు", "ఆపండి", "నిలిపివేయండి"],
        &["ప్రారంభించు", "ప్రారంభించండి", "మొదలుపెట్టండి"],
    ),
    language("kn", &["ನಿಲ್ಲಿಸಿ", "ನಿಲ್ಲಿಸು"], &["ಪ್ರಾರಂಭಿಸಿ", "ಶುರು ಮಾಡಿ"]),
    language("ml", &["നിർത്തുക", "നിർത്തൂ", "നിര്‍ത്തുക"], &["തുടങ്ങുക", "ആരംഭിക്കുക"]),
    language("or", &["ବନ୍ଦ", "ବନ୍ଦ କରନ୍ତୁ"], &["ଆରମ୍ଭ", "ଆରମ୍ଭ କରନ୍ତୁ"]),
    language("ne", &["रोक्नुहोस्", "बन्द गर्नुहोस्"], &["सुरु गर्नुहोस्"]),
    language("si", &["නවත්වන්න"], &["පටන් ගන්න", "අරඹන්න"]),
    language(
        "ur",
        &["بند", "بند کریں", "بند کرو", "روکیں", "روکو"],
        &["شروع کریں", "شروع کرو", "چالو کریں"],
    ),
    language(
        "ar",
        &[
            "توقف",
            "إيقاف",
            "أوقف",
            "قف",
            "إلغاء الاشتراك",
            "الغاء الاشتراك",
        ],
        &["ابدأ", "ابدا", "بدء", "اشتراك", "اشترك"],
    ),
    language("fa", &["لغو اشتراک", "قطع", "بس است"], &["شروع", "عضویت"]),
    language(
        "he",
        &["עצור", "הפסק", "הסר", "הסרה", "הסר אותי"],
        &["התחל", "הצטרף", "הרשמה"],
    ),
    language(
        "zh",
        &["停止", "退订", "退訂", "取消订阅", "取消訂閱", "停"],
        &["开始", "開始", "订阅", "訂閱", "恢复", "恢復"],
    ),
    language(
        "ja",
        &["配信停止", "ストップ", "配信解除", "停止する", "ていし"],
        &["再開", "配信再開", "スタート", "開始する"],
    ),
    language(
        "ko",
        &["중지", "정지", "수신거부", "수신 거부", "그만"],
        &["시작", "구독", "수신동의", "수신 동의"],
    ),
    language(
        "th",
        &["หยุด", "เลิกรับ", "เลิกรับข้อความ", "ยกเลิกการรับข่าวสาร"],
        &["เริ่ม", "เริ่มต้น", "สมัคร", "รับข่าวสาร"],
    ),
    language(
        "vi",
        &[
            "dừng",
            "dừng lại",
            "ngừng",
            "hủy đăng ký",
            "huỷ đăng ký",
            "ngung",
            "huy dang ky",
        ],
        &["bắt đầu", "đăng ký", "bat dau", "dang ky"],
    ),
    language(
        "id",
        &["berhenti", "berhenti langganan", "henti", "hentikan"],
        &["mulai", "langganan", "mula", "berlangganan"],
    ),
    language(
        "tl",
        &["itigil", "tigil", "ihinto"],
        &["simulan", "magsimula"],
    ),
    language(
        "pt",
        &[
            "parar",
            "pare",
            "sair",
            "descadastrar",
            "cancelar inscrição",
            "remover",
        ],
        &["começar", "voltar a receber", "inscrever", "quero receber"],
    ),
    language(
        "es",
        &[
            "baja",
            "dar de baja",
            "darme de baja",
            "date de baja",
            "detener",
            "alto",
            "no más mensajes",
        ],
        &[
            "alta",
            "darme de alta",
            "iniciar",
            "suscribir",
            "suscribirme",
            "reanudar",
        ],
    ),
    language(
        "fr",
        &[
            "arrêt",
            "arrêter",
            "arrêtez",
            "désabonner",
            "me désabonner",
            "se désabonner",
            "désinscription",
        ],
        &["démarrer", "reprendre", "abonner", "m'abonner", "s'abonner"],
    ),
    language(
        "de",
        &["stopp", "abmelden", "abbestellen", "keine werbung"],
        &["starten", "anmelden", "abonnieren"],
    ),
    language(
        "it",
        &[
            "ferma",
            "fermati",
            "disiscrivimi",
            "annulla iscrizione",
            "cancellami",
        ],
        &["avvia", "iscrivimi", "riprendi"],
    ),
    language(
        "nl",
        &["afmelden", "uitschrijven", "stoppen"],
        &["aanmelden", "inschrijven"],
    ),
    language(
        "pl",
        &["wypisz", "wypisz mnie", "rezygnuję"],
        &["zapisz", "zapisz mnie"],
    ),
    language(
        "cs",
        &["odhlásit", "odhlásit odběr"],
        &["přihlásit", "přihlásit odběr"],
    ),
    language(
        "ro",
        &["dezabonare", "dezabonează-mă", "oprește"],
        &["abonare", "abonează-mă", "pornește"],
    ),
    language(
        "hu",
        &["leiratkozás", "leiratkozom", "állj"],
        &["feliratkozás", "feliratkozom"],
    ),
    language(
        "sv",
        &["avregistrera", "avsluta prenumeration", "sluta"],
        &["börja", "prenumerera"],
    ),
    language("da", &["afmeld", "frameld"], &["tilmeld"]),
    language("fi", &["lopeta", "peru tilaus"], &["aloita", "tilaa"]),
    language(
        "tr",
        &["dur", "durdur", "abonelikten çık", "ret"],
        &["başla", "başlat", "abone ol"],
    ),
    language(
        "ru",
        &["стоп", "отписаться", "отписка", "отпишите меня"],
        &["старт", "начать", "подписаться", "подписка"],
    ),
    language(
        "uk",
        &["зупинити", "відписатися", "відписка"],
        &["почати", "підписатися"],
    ),
    language(
        "el",
        &["στοπ", "σταμάτα", "διαγραφή"],
        &["έναρξη", "εγγραφή"],
    ),
    language("sw", &["acha", "simamisha", "jiondoe"], &["anza", "jiunge"]),
    language("am", &["አቁም"], &["ጀምር"]),
];

/// Language, answer to a stop, answer to a start.
const ANSWERS: &[(&str, &str, &str)] = &[
    (
        "en",
        "You will get no more offers from us. Send START to get them again.",
        "You will get our offers again. Send STOP to end them.",
    ),
    (
        "hi",
        "अब हम आपको कोई ऑफ़र नहीं भेजेंगे। फिर से पाने के लिए START भेजें।",
        "अब आपको फिर से हमारे ऑफ़र मिलेंगे। बंद करने के लिए STOP भेजें।",
    ),
    (
        "bn",
        "আমরা আপনাকে আর কোনো অফার পাঠাব না। আবার পেতে START লিখুন।",
        "আপনি আবার আমাদের অফার পাবেন। বন্ধ করতে STOP লিখুন।",
    ),
    (
        "mr",
        "आम्ही तुम्हाला यापुढे ऑफर पाठवणार नाही. पुन्हा मिळवण्यासाठी START पाठवा.",
        "तुम्हाला पुन्हा आमच्या ऑफर मिळतील. थांबवण्यासाठी STOP पाठवा.",
    ),
    (
        "gu",
        "હવે અમે તમને ઑફર મોકલીશું નહીં. ફરી મેળવવા START મોકલો.",
        "તમને ફરી અમારી ઑફર મળશે. બંધ કરવા STOP મોકલો.",
    ),
    (
        "pa",
        "ਹੁਣ ਅਸੀਂ ਤੁਹਾਨੂੰ ਆਫ਼ਰ ਨਹੀਂ ਭੇਜਾਂਗੇ। ਮੁੜ ਲੈਣ ਲਈ START ਭੇਜੋ।",
        "ਤੁਹਾਨੂੰ ਮੁੜ ਸਾਡੇ ਆਫ਼ਰ ਮਿਲਣਗੇ। ਬੰਦ ਕਰਨ ਲਈ STOP ਭੇਜੋ।",
    ),
    (
        "ta",
        "இனி உங்களுக்குச் சலுகைகளை அனுப்ப மாட்டோம். மீண்டும் பெற START அனுப்பவும்.",
        "இனி எங்கள் சலுகைகள் மீண்டும் உங்களுக்கு வரும். நிறுத்த STOP அனுப்பவும்.",
    ),
    (
        "te",
        "ఇకపై మీకు ఆఫర్లు పంపము. మళ్లీ పొందడానికి START పంపండి.",
        "మీకు మా ఆఫర్లు మళ్లీ వస్తాయి. ఆపడానికి STOP పంపండి.",
    ),
    (
        "kn",
        "ಇನ್ನು ಮುಂದೆ ನಿಮಗೆ ಆಫರ್‌ಗಳನ್ನು ಕಳುಹಿಸುವುದಿಲ್ಲ. ಮತ್ತೆ ಪಡೆಯಲು START ಕಳುಹಿಸಿ.",
        "ನಿಮಗೆ ನಮ್ಮ ಆಫರ್‌ಗಳು ಮತ್ತೆ ಬರುತ್ತವೆ. ನಿಲ್ಲಿಸಲು STOP ಕಳುಹಿಸಿ.",
    ),
    (
        "ml",
        "ഇനി ഓഫറുകൾ അയയ്ക്കില്ല. വീണ്ടും ലഭിക്കാൻ START അയയ്ക്കുക.",
        "ഞങ്ങളുടെ ഓഫറുകൾ വീണ്ടും ലഭിക്കും. നിർത്താൻ STOP അയയ്ക്കുക.",
    ),
    (
        "ur",
        "اب ہم آپ کو آفرز نہیں بھیجیں گے۔ دوبارہ پانے کے لیے START بھیجیں۔",
        "آپ کو دوبارہ ہماری آفرز ملیں گی۔ بند کرنے کے لیے STOP بھیجیں۔",
    ),
    (
        "ar",
        "لن نرسل إليك عروضًا بعد الآن. أرسل START لتلقيها من جديد.",
        "ستتلقى عروضنا من جديد. أرسل STOP لإيقافها.",
    ),
    (
        "fa",
        "دیگر پیام تبلیغاتی برای شما نمی‌فرستیم. برای دریافت دوباره START بفرستید.",
        "دوباره پیشنهادهای ما را دریافت می‌کنید. برای توقف STOP بفرستید.",
    ),
    (
        "he",
        "לא נשלח לך יותר מבצעים. לקבלתם מחדש יש לשלוח START.",
        "מעכשיו יישלחו אליך שוב המבצעים שלנו. להפסקה יש לשלוח STOP.",
    ),
    (
        "zh",
        "我们不会再向您发送优惠信息。如需重新接收，请发送 START。",
        "您将重新收到我们的优惠信息。如需停止，请发送 STOP。",
    ),
    (
        "ja",
        "今後、お知らせの配信を停止します。再開するには START と送信してください。",
        "お知らせの配信を再開します。停止するには STOP と送信してください。",
    ),
    (
        "ko",
        "앞으로 혜택 안내를 보내지 않겠습니다. 다시 받으시려면 START를 보내 주세요.",
        "혜택 안내를 다시 보내 드립니다. 그만 받으시려면 STOP을 보내 주세요.",
    ),
    (
        "th",
        "เราจะไม่ส่งข้อเสนอให้คุณอีก หากต้องการรับอีกครั้ง ส่ง START",
        "คุณจะได้รับข้อเสนอของเราอีกครั้ง หากต้องการหยุด ส่ง STOP",
    ),
    (
        "vi",
        "Chúng tôi sẽ không gửi ưu đãi cho bạn nữa. Gửi START để nhận lại.",
        "Bạn sẽ nhận lại ưu đãi của chúng tôi. Gửi STOP để dừng.",
    ),
    (
        "id",
        "Kami tidak akan mengirim penawaran lagi. Kirim START untuk menerimanya kembali.",
        "Anda akan menerima penawaran kami lagi. Kirim STOP untuk berhenti.",
    ),
    (
        "pt",
        "Não enviaremos mais ofertas. Envie START para voltar a recebê-las.",
        "Você voltará a receber nossas ofertas. Envie STOP para parar.",
    ),
    (
        "es",
        "No le enviaremos más ofertas. Envíe START para volver a recibirlas.",
        "Volverá a recibir nuestras ofertas. Envíe STOP para dejar de recibirlas.",
    ),
    (
        "fr",
        "Vous ne recevrez plus nos offres. Envoyez START pour les recevoir à nouveau.",
        "Vous recevrez à nouveau nos offres. Envoyez STOP pour les arrêter.",
    ),
    (
        "de",
        "Sie erhalten keine Angebote mehr von uns. Mit START erhalten Sie sie wieder.",
        "Sie erhalten unsere Angebote wieder. Mit STOP beenden Sie das.",
    ),
    (
        "it",
        "Non riceverà più le nostre offerte. Invii START per riceverle di nuovo.",
        "Riceverà di nuovo le nostre offerte. Invii STOP per non riceverle più.",
    ),
    (
        "nl",
        "U ontvangt geen aanbiedingen meer van ons. Stuur START om ze weer te ontvangen.",
        "U ontvangt onze aanbiedingen weer. Stuur STOP om te stoppen.",
    ),
    (
        "pl",
        "Nie będziemy już wysyłać ofert. Wyślij START, aby znów je otrzymywać.",
        "Znów będziesz otrzymywać nasze oferty. Wyślij STOP, aby je zatrzymać.",
    ),
    (
        "tr",
        "Size artık kampanya mesajı göndermeyeceğiz. Yeniden almak için START yazın.",
        "Kampanya mesajlarımızı yeniden alacaksınız. Durdurmak için STOP yazın.",
    ),
    (
        "ru",
        "Мы больше не будем присылать вам предложения. Чтобы получать их снова, отправьте START.",
        "Вы снова будете получать наши предложения. Чтобы остановить, отправьте STOP.",
    ),
    (
        "uk",
        "Ми більше не надсилатимемо вам пропозицій. Щоб отримувати їх знову, надішліть START.",
        "Ви знову отримуватимете наші пропозиції. Щоб зупинити, надішліть STOP.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_listed_word_is_read_in_many_dresses() {
        for entry in LANGUAGES {
            for (act, listed) in [(Act::Stop, entry.stop), (Act::Start, entry.start)] {
                assert!(!listed.is_empty(), "{} {act:?}", entry.code);
                for word in listed {
                    for dressed in [
                        (*word).to_owned(),
                        word.to_uppercase(),
                        format!("  {word}\n"),
                        format!("{word}!!!"),
                        format!("“{word}”."),
                        format!("{word} 🛑"),
                        format!("\u{200f}{word}\u{fe0f}"),
                        format!("*{word}*"),
                    ] {
                        let read = read(&dressed);
                        assert_eq!(
                            read.map(|read| read.act),
                            Some(act),
                            "{dressed:?} of {}",
                            entry.code
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn no_word_means_both() {
        let mut acts: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for entry in LANGUAGES {
            for word in entry.stop {
                acts.entry(plain(word)).or_default().insert("stop");
            }
            for word in entry.start {
                acts.entry(plain(word)).or_default().insert("start");
            }
        }
        let both: Vec<_> = acts.iter().filter(|(_, acts)| acts.len() > 1).collect();
        assert!(both.is_empty(), "{both:?}");
        assert!(
            acts.keys()
                .all(|word| !word.is_empty() && word.chars().count() <= MOST)
        );
    }

    #[test]
    fn there_are_many_languages_and_scripts() {
        let languages: BTreeSet<&str> = LANGUAGES.iter().map(|entry| entry.code).collect();
        assert!(languages.len() >= 40, "{languages:?}");
        assert_eq!(languages.len(), LANGUAGES.len(), "each once");
    }

    #[test]
    fn spellings_of_one_word_are_one() {
        for (text, act) in [
            ("ＳＴＯＰ", Act::Stop),
            ("S\u{200b}TOP", Act::Stop),
            ("Opt-out", Act::Stop),
            ("ARRET", Act::Stop),
            ("arre\u{302}t", Act::Stop),
            ("ايقاف", Act::Stop),
            ("إِيقَاف", Act::Stop),
            ("退订。", Act::Stop),
            ("Başla", Act::Start),
            ("BASLA", Act::Start),
            ("¡Alta!", Act::Start),
        ] {
            assert_eq!(read(text).map(|word| word.act), Some(act), "{text}");
        }
    }

    #[test]
    fn a_sentence_with_the_word_is_none() {
        for text in [
            "",
            "!!!",
            "please stop by at five",
            "don't stop",
            "bus stop",
            "When do you start?",
            "stop stop",
            "cancel",
            "end",
            "बंद करें मेरा ऑर्डर",
            "请停止发货",
            "stopwatch",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"stop ".repeat(1_000)), None);
    }

    #[test]
    fn an_answer_is_in_the_language_of_the_word_and_says_the_way_back() {
        let answer_to = |text: &str| answer(read(text).unwrap());
        assert!(answer_to("stop").starts_with("You will get no more"));
        assert!(answer_to("बंद करो").contains("ऑफ़र"));
        assert!(answer_to("abmelden").starts_with("Sie erhalten keine"));
        assert!(
            answer_to("tigil").starts_with("You will get no more"),
            "no answer of its own"
        );
        for (language, stop, start) in ANSWERS {
            assert!(
                LANGUAGES.iter().any(|entry| entry.code == *language),
                "{language}"
            );
            assert!(
                stop.contains("START") && start.contains("STOP"),
                "{language}"
            );
        }
    }
}
