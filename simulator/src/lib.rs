//! A pretend Meta to develop, test and try Wigwag against.
