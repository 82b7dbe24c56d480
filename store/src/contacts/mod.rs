//! Contacts: the people the business talks with, found through their identities.

mod edit;
mod everything;
mod find;
mod identify;
mod kinds;
mod outside;
mod read;
mod search;
mod signals;
mod tags;
mod terms;
mod write;

#[cfg(any(test, feature = "testing"))]
pub use edit::create_of_any_kind;
pub use edit::{CHANGED, Created, Edit, NewContact, create, edit};
pub use everything::everything;
pub use find::{Found, Sighting, display_name, find_or_create};
pub use identify::{Identified, Known, Profile, identify, who};
pub use kinds::WrongKind;
pub use outside::{Customer, Visitor};
pub(crate) use outside::{customer, visitor};
pub(crate) use read::of;
pub(crate) use read::{COLUMNS, read as read_contact};
pub use read::{ConsentRow, Contact, ConversationOf, Details, consents, details, get};
pub use search::{Key, list};
pub(crate) use tags::put_tags;
pub(crate) use terms::{fill_terms, reached};
pub(crate) use write::{Fields, Fresh, backfill, changed, insert, put_fields, replace, sorted};
