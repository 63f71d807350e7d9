//! Colours that can be read, from the one colour a partner gives.
//!
//! Contrast is WCAG 2's ratio of relative luminances.

use crate::data::Data;
pub use crate::encode::css::Color;
use crate::encode::{Content, css};

/// The colours of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// As given: areas and buttons.
    pub primary: Color,
    /// Text on `primary`: white or black, whichever reads better.
    pub ink: Color,
    /// A light tint for backgrounds.
    pub soft: Color,
    /// For text on white and on `soft`: `primary`, darkened until it has a contrast of 4.5.
    pub strong: Color,
}

/// What small text needs (WCAG 2, 1.4.3).
const READABLE: f64 = 4.5;

impl Color {
    const WHITE: Color = Color([255; 3]);
    const BLACK: Color = Color([0; 3]);

    fn luminance(self) -> f64 {
        let linear = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// From 1 (the same) to 21 (black on white).
    pub fn contrast(self, other: Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// `share` percent of this colour, the rest of the other.
    fn mixed(self, share: u32, other: Color) -> Color {
        let mix = |a: u8, b: u8| ((u32::from(a) * share + u32::from(b) * (100 - share)) / 100) as u8;
        Color([mix(self.0[0], other.0[0]), mix(self.0[1], other.0[1]), mix(self.0[2], other.0[2])])
    }
}

impl Palette {
    pub fn of(primary: Color) -> Self {
        let ink =
            if primary.contrast(Color::WHITE) >= primary.contrast(Color::BLACK) { Color::WHITE } else { Color::BLACK };
        let soft = primary.mixed(8, Color::WHITE);
        let readable = |color: &Color| color.contrast(Color::WHITE) >= READABLE && color.contrast(soft) >= READABLE;
        let darker = (0..=20).map(|step| primary.mixed(100 - step * 5, Color::BLACK));
        let strong = darker.into_iter().find(readable).unwrap_or(Color::BLACK);
        Self { primary, ink, soft, strong }
    }

    /// `brand` of the template context.
    pub fn data(&self) -> Data {
        let color = |color: Color| Data::from(color.to_string());
        Data::map([
            ("primary", color(self.primary)),
            ("ink", color(self.ink)),
            ("soft", color(self.soft)),
            ("strong", color(self.strong)),
        ])
    }

    /// `brand.css`.
    pub fn css(&self) -> Content {
        let Self { primary, ink, soft, strong } = *self;
        css::properties(&[("brand", primary), ("brand-ink", ink), ("brand-soft", soft), ("brand-strong", strong)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_can_be_read_whatever_the_colour(channels: [u8; 3]) {
            let palette = Palette::of(Color(channels));
            prop_assert!(palette.primary.contrast(palette.ink) >= READABLE);
            prop_assert!(palette.strong.contrast(Color::WHITE) >= READABLE);
            prop_assert!(palette.strong.contrast(palette.soft) >= READABLE);
        }
    }

    #[test]
    fn colours_read_back() {
        assert_eq!(Color::parse("#0b6e4f").unwrap().to_string(), "#0b6e4f");
        assert_eq!(Color::parse("0b6e4f"), None);
        assert!((Color::BLACK.contrast(Color::WHITE) - 21.0).abs() < 0.01);
    }
}
