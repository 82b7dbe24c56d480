//! Randomness from the operating system: the one place of the binary that asks for it.

use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::failure::{Outcome, failed};

/// Random bytes.
///
/// # Errors
/// When the operating system has none to give.
pub(crate) fn bytes<const N: usize>() -> Outcome<[u8; N]> {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| failed(format!("the operating system gives no randomness: {error}")))?;
    Ok(bytes)
}
