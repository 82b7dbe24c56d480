//! The nouns and rules of Wigwag: no I/O, no async, no SQL, no clock.
