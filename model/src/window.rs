//! The service window: 24 hours after a contact's last message, in which free-form messages may
//! be sent (Meta: Messages, customer service windows).

use std::time::Duration;

use crate::Timestamp;

/// Length of the customer service window.
pub const SERVICE_WINDOW: Duration = Duration::from_hours(24);

/// Length of the free entry point window, which affects cost only.
pub const FREE_ENTRY_POINT_WINDOW: Duration = Duration::from_hours(72);

/// When the window that a message of this instant opens will close.
pub fn closes_at(last_inbound: Timestamp) -> Timestamp {
    last_inbound.plus(SERVICE_WINDOW)
}

/// Whether a window is open at `now`; a conversation that was never written to has none.
pub fn is_open(closes_at: Option<Timestamp>, now: Timestamp) -> bool {
    closes_at.is_some_and(|closes| now < closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_on_the_stroke() {
        let wrote = Timestamp::from_seconds(1_000);
        let closes = closes_at(wrote);
        assert!(is_open(
            Some(closes),
            Timestamp::from_micros(closes.as_micros() - 1)
        ));
        assert!(!is_open(Some(closes), closes));
        assert!(!is_open(None, wrote));
    }
}
