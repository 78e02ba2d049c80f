//! An accent that can be read: the author's colour, made darker on paper and lighter in the
//! dark until it has the contrast that WCAG 2.2 asks of text (1.4.3: 4.5 to 1).
//!
//! Lightness is moved in OKLCH (<https://bottosson.github.io/posts/oklab/>), which keeps the hue.

use std::fmt;

/// The built-in theme's papers, light and dark; the darkest and lightest grounds that carry
/// accent text.
const LIGHT_GROUND: Rgb = Rgb([0xf4, 0xf1, 0xea]);
const DARK_GROUND: Rgb = Rgb([0x23, 0x21, 0x1e]);

/// A little more than the 4.5 that is asked, against rounding.
const CONTRAST: f64 = 4.6;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb([u8; 3]);

impl Rgb {
    /// Reads `#rgb` and `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hex = text.trim().strip_prefix('#')?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(hex, 16).ok()?;
        match hex.len() {
            3 => Some(Self([8, 4, 0].map(|shift| (value >> shift & 15) as u8 * 17))),
            6 => Some(Self([16, 8, 0].map(|shift| (value >> shift & 255) as u8))),
            _ => None,
        }
    }

    fn linear(self) -> [f64; 3] {
        self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn from_linear(linear: [f64; 3]) -> Self {
        Self(linear.map(|value| {
            let value = value.clamp(0.0, 1.0);
            let gamma = if value <= 0.003_130_8 {
                value * 12.92
            } else {
                1.055 * value.powf(1.0 / 2.4) - 0.055
            };
            (gamma * 255.0).round() as u8
        }))
    }

    fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// The contrast of two colours, from 1 to 21.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance() + 0.05, b.luminance() + 0.05);
    if a > b { a / b } else { b / a }
}

/// The nearest colour that can be read on the light theme's paper.
pub(super) fn on_light(colour: Rgb) -> Rgb {
    moved(colour, LIGHT_GROUND, -0.01)
}

/// The nearest colour that can be read in the dark.
pub(super) fn on_dark(colour: Rgb) -> Rgb {
    moved(colour, DARK_GROUND, 0.01)
}

fn moved(colour: Rgb, ground: Rgb, step: f64) -> Rgb {
    let [mut lightness, mut a, mut b] = oklab(colour);
    let mut candidate = colour;
    while contrast(candidate, ground) < CONTRAST && (0.0..=1.0).contains(&lightness) {
        lightness += step;
        (a, b) = (a * 0.995, b * 0.995);
        candidate = from_oklab([lightness, a, b]);
    }
    candidate
}

fn oklab(colour: Rgb) -> [f64; 3] {
    let [r, g, b] = colour.linear();
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn from_oklab([lightness, a, b]: [f64; 3]) -> Rgb {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    Rgb::from_linear([
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read() {
        assert_eq!(Rgb::parse("#0a6"), Some(Rgb([0, 0xaa, 0x66])));
        assert_eq!(Rgb::parse(" #00AA66 "), Some(Rgb([0, 0xaa, 0x66])));
        for bad in ["0a6", "#0a", "#00aa6", "#+12", "red", "#ggg", "#é12"] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_accent_can_be_read_in_light_and_dark() {
        for value in (0..0x1000).step_by(7) {
            let colour = Rgb::parse(&format!("#{value:03x}")).unwrap();
            assert!(contrast(on_light(colour), LIGHT_GROUND) >= 4.5, "{colour} on light");
            assert!(contrast(on_dark(colour), DARK_GROUND) >= 4.5, "{colour} on dark");
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is() {
        let ink = Rgb::parse("#9c3221").unwrap();
        assert_eq!(on_light(ink), ink);
        let pale = Rgb::parse("#f0977f").unwrap();
        assert_eq!(on_dark(pale), pale);
    }
}
