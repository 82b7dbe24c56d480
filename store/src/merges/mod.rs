//! Two contacts become one. The first transaction decides everything that matters at once: whose identities
//! they are, what is agreed to, what waits to be sent. Long threads and many events then move over piece by
//! piece; until they have, they stand under the contact that was.
//!
//! The survivor's own values win, what it lacks is filled, tags are united, a no beats a yes, and blocked stays
//! blocked. Ids of the other resolve to the survivor for ever. There is no way back.

mod joined;
mod likely;
mod pieces;
mod threads;

pub use joined::{Joined, Preview, merge, preview};
pub use likely::{Likely, likely};
pub use pieces::{next_piece, pending};

/// Moves what a merge left behind.
pub const MOVE: &str = "contact.merge";
