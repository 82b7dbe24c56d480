//! The customer service window and the free entry point window of one number and person.

use serde::{Deserialize, Serialize};

use crate::clock::{DAY, HOUR};
use crate::limits::{Bucket, PAIR_BURST};

/// What is kept per business number and person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Chat {
    pub(crate) number_id: String,
    /// Index of the person.
    pub(crate) person: usize,
    /// The 24 hours end here; 0 = the person never wrote.
    pub(crate) service_until_us: i64,
    /// When the person last wrote from a click-to-WhatsApp ad and was not answered yet.
    pub(crate) ad_click_us: Option<i64>,
    /// The 72 hours of the free entry point end here.
    pub(crate) free_entry_until_us: i64,
    pub(crate) pair: Bucket,
    /// The person stopped marketing messages of this number.
    pub(crate) stopped: bool,
    /// The person blocked this number.
    pub(crate) blocked: bool,
    /// Messages of this chat, oldest first (indexes into all messages). Found again when loaded.
    #[serde(skip)]
    pub(crate) messages: Vec<usize>,
    /// The business marked everything up to this message as read.
    pub(crate) business_read_up_to: Option<String>,
    /// The business has sent to the phone number: it knows the number.
    pub(crate) number_known: bool,
}

impl Chat {
    /// A chat in which nothing was said yet.
    pub(crate) fn new(number_id: &str, person: usize) -> Self {
        Self {
            number_id: number_id.to_owned(),
            person,
            service_until_us: 0,
            ad_click_us: None,
            free_entry_until_us: 0,
            pair: Bucket::full(PAIR_BURST),
            stopped: false,
            blocked: false,
            messages: Vec::new(),
            business_read_up_to: None,
            number_known: false,
        }
    }

    /// The person wrote: 24 hours from now.
    pub(crate) fn person_wrote(&mut self, now_us: i64, from_ad: bool) {
        self.service_until_us = now_us + DAY;
        if from_ad {
            self.ad_click_us = Some(now_us);
        }
    }

    /// The business answered: the first answer within 24 hours of an ad click opens 72 hours.
    pub(crate) fn business_answered(&mut self, now_us: i64) {
        if let Some(click) = self.ad_click_us.take()
            && now_us - click <= DAY
        {
            self.free_entry_until_us = now_us + 72 * HOUR;
        }
    }

    /// Whether free-form messages may be sent.
    pub(crate) fn open(&self, now_us: i64) -> bool {
        now_us < self.service_until_us
    }

    /// Whether delivery is free because of an ad click.
    pub(crate) fn free_entry(&self, now_us: i64) -> bool {
        now_us < self.free_entry_until_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_closes_after_24_hours() {
        let mut chat = Chat::new("1", 0);
        assert!(!chat.open(5));
        chat.person_wrote(10, false);
        assert!(chat.open(10 + DAY - 1));
        assert!(!chat.open(10 + DAY));
    }

    #[test]
    fn an_answer_to_an_ad_opens_72_free_hours_once() {
        let mut chat = Chat::new("1", 0);
        chat.person_wrote(10, true);
        assert!(!chat.free_entry(11));
        chat.business_answered(20);
        assert!(chat.free_entry(20 + 72 * HOUR - 1));
        chat.business_answered(50 * HOUR);
        assert!(!chat.free_entry(20 + 72 * HOUR));
    }
}
