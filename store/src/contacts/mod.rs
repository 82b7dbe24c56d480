//! Contacts: the people the business talks with, found through their identities.

mod edit;
mod find;
mod identify;
mod kinds;
mod read;
mod search;
mod write;

#[cfg(any(test, feature = "testing"))]
pub use edit::create_of_any_kind;
pub use edit::{CHANGED, Created, Edit, NewContact, create, edit};
pub use find::{Found, Sighting, display_name, find_or_create};
pub use identify::{Identified, Known, Profile, identify, who};
pub use kinds::WrongKind;
pub(crate) use read::of;
pub(crate) use read::{COLUMNS, read as read_contact};
pub use read::{ConsentRow, Contact, ConversationOf, Details, details, get};
pub use search::{Key, list};
pub(crate) use write::{Fresh, backfill, changed, insert, replace, sorted};
