//! Files of messages: fetched from Meta when they come in, judged when somebody uploads one, handed
//! to Meta before they are sent.

mod dimensions;
mod fetch;
mod outgoing;
mod receive;
mod sniff;

pub use outgoing::{UploadError, upload_to_meta};
pub use receive::{Kind, Receiver, Refusal, receive};

pub(crate) use fetch::{fetch, give_up};
pub(crate) use outgoing::{file_name, known};
