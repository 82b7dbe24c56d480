//! Writing JSON as Meta does: ASCII only, everything else as `\\uXXXX` with lower-case digits.
//!
//! Meta signs its bodies in this form, so a simulator writes them with this and signs the result.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

/// A formatter that escapes whatever is not ASCII.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut units = [0_u16; 2];
        for letter in text.chars() {
            if letter.is_ascii() {
                out.write_all(&[letter as u8])?;
            } else {
                for unit in letter.encode_utf16(&mut units) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    // Raw pieces are JSON already: outside of strings they are ASCII, inside the same escapes hold.
    fn write_raw_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        self.write_string_fragment(out, text)
    }
}

/// Writes a value as JSON in ASCII.
pub fn to_ascii_json<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::with_capacity(1024);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Ascii))?;
    Ok(out)
}
