//! Messages that people and programs write: checked, rendered into Meta's request, and put into
//! the outbox once per key. Sending them is [`crate::dispatch`]'s.

mod compose;
mod draft;
mod prepare;
mod read;
pub(crate) mod request;
mod send;
mod template;

pub use draft::{Draft, What};
pub(crate) use prepare::{MEDIA_UPLOAD, give_up, upload};
pub use read::{mark_read, typing};
pub use send::{Send, SendError, Sent, send};
