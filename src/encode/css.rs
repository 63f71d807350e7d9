//! Values in style sheets: colours, since no text of a layer gets into one.

use std::fmt::{self, Write};

use super::Content;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub [u8; 3]);

impl Color {
    /// `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let channel = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        Some(Self([channel(0)?, channel(2)?, channel(4)?]))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0[0], self.0[1], self.0[2])
    }
}

/// A style sheet of custom properties.
pub fn properties(properties: &[(&'static str, Color)]) -> Content {
    let mut sheet = String::from(":root {\n");
    for (name, color) in properties {
        // Writing to a string does not fail.
        let _ = writeln!(sheet, "  --{name}: {color};");
    }
    sheet.push_str("}\n");
    Content(sheet.into_bytes().into())
}
