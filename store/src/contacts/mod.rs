//! Contacts: the people the business talks with, found through their identities.

mod edit;
mod read;
mod search;

pub use edit::{CHANGED, Created, Edit, NewContact, create, edit};
pub use read::{ConsentRow, Contact, ConversationOf, Details, details, get};
pub use search::{Key, list};
