-- What Meta charged for a message: written once, when it is first known to be delivered. The card is
-- the first day of the rate card; what is free has none.
ALTER TABLE messages ADD COLUMN cost_micros {int};
ALTER TABLE messages ADD COLUMN cost_currency {text};
ALTER TABLE messages ADD COLUMN cost_card {text};
