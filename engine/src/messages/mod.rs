//! Messages that people and programs write: checked, rendered into Meta's request, and put into
//! the outbox once per key. Sending them is [`crate::dispatch`]'s.

pub(crate) mod compose;
mod direct;
mod draft;
mod prepare;
mod read;
mod render;
pub(crate) mod request;
mod send;
pub(crate) mod template;

pub(crate) use compose::{File, file_for};
pub use direct::{Direct, DirectError, send_to};
pub use draft::{Draft, Linked, What};
pub(crate) use prepare::{MEDIA_UPLOAD, give_up, upload};
pub use read::{mark_read, typing};
pub(crate) use render::render;
pub use send::{Send, SendError, Sent, send};
pub(crate) use template::Values;
