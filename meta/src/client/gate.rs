//! A request body that leaves only if it may, and that knows whether it left.
//!
//! The transport asks for the body once the connection stands, right before the first byte. That is the last
//! moment to obey a stop, and the proof of no effect: a POST whose body never left cannot have been carried
//! out, whatever went wrong around it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

const HELD: u8 = 0;
const LEFT: u8 = 1;
const STOPPED: u8 = 2;

/// What became of a gated body.
#[derive(Debug, Clone)]
pub(super) struct Passage(Arc<AtomicU8>);

impl Passage {
    /// The body was handed over, at least in part.
    pub(super) fn left(&self) -> bool {
        self.0.load(Ordering::SeqCst) == LEFT
    }

    /// The stop was obeyed.
    pub(super) fn stopped(&self) -> bool {
        self.0.load(Ordering::SeqCst) == STOPPED
    }
}

/// The body.
pub(super) struct Gate<F> {
    bytes: Option<Bytes>,
    stop: F,
    passage: Passage,
}

/// The stop was raised.
#[derive(Debug, thiserror::Error)]
#[error("stopped before the request left")]
pub(super) struct Stopped;

impl<F: Fn() -> bool> Gate<F> {
    /// A body that is held back as soon as `stop` answers yes.
    pub(super) fn new(bytes: Bytes, stop: F) -> (Self, Passage) {
        let passage = Passage(Arc::new(AtomicU8::new(HELD)));
        (
            Self {
                bytes: Some(bytes),
                stop,
                passage: passage.clone(),
            },
            passage,
        )
    }
}

impl<F: Fn() -> bool + Unpin> Body for Gate<F> {
    type Data = Bytes;
    type Error = Stopped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Stopped>>> {
        let Some(bytes) = self.bytes.take() else {
            return Poll::Ready(None);
        };
        if (self.stop)() {
            self.passage.0.store(STOPPED, Ordering::SeqCst);
            return Poll::Ready(Some(Err(Stopped)));
        }
        // Marked before the bytes are handed over: from here on nobody can say that they did not leave.
        self.passage.0.store(LEFT, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
