//! "The Good Receipt" in mail: paper-warm neutrals, near-black ink, one accent, figures in columns, and dotted rules
//! as the only ornament.
//!
//! Each colour is said twice: inline, for programs that drop `<style>`, and by class, for those that switch to dark.
//! Pure black and white are never used, because some programs invert exactly those.

use kernel::{Brand, Locale};

/// The fonts every system has already.
pub(super) const SANS: &str =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif";
/// For codes, where every character must be told from its neighbours.
pub(super) const MONO: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";

/// The neutrals of one theme.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neutrals {
    /// Behind everything.
    pub paper: &'static str,
    /// The receipt itself.
    pub surface: &'static str,
    /// Set into the receipt: codes, picture holders.
    pub sunken: &'static str,
    /// Edges and dotted rules; decoration, never the only sign of anything.
    pub rule: &'static str,
    /// Ink.
    pub text: &'static str,
    /// Ink for what is read second.
    pub muted: &'static str,
}

/// The light theme, which every program shows unless it knows better. Paper and rules are a little deeper than on our
/// pages: a mail program's own white lies all around them.
pub(super) const LIGHT: Neutrals = Neutrals {
    paper: "#F4F1EA",
    surface: "#FFFEFB",
    sunken: "#F6F3EC",
    rule: "#D3CCBD",
    text: "#1D1B18",
    muted: "#5C574E",
};

/// The dark theme.
pub(super) const DARK: Neutrals = Neutrals {
    paper: "#141311",
    surface: "#1E1C19",
    sunken: "#141311",
    rule: "#4A453C",
    text: "#F3F0E9",
    muted: "#B9B3A7",
};

/// Everything about the look that differs from letter to letter.
pub(super) struct Look {
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The side a line begins at. Mail programs don't know logical properties, so the server chooses.
    pub start: &'static str,
    /// The side a line ends at.
    pub end: &'static str,
    /// Scripts with marks above and below need more room between lines.
    pub leading: &'static str,
    /// Accent and the text on it, on light and on dark.
    pub light: Accent,
    pub dark: Accent,
}

/// An accent and the text that stands on it.
pub(super) struct Accent {
    pub fill: String,
    pub ink: String,
}

impl Look {
    pub(super) fn new(locale: &Locale, brand: &Brand) -> Self {
        let accents = brand.accents();
        let (start, end) = if locale.dir() == "rtl" { ("right", "left") } else { ("left", "right") };
        let tall = ["ar", "fa", "ur", "th", "hi"].contains(&locale.language().as_str());
        Look {
            dir: locale.dir(),
            start,
            end,
            leading: if tall { "1.7" } else { "1.5" },
            light: Accent { fill: accents.light, ink: off_white(accents.on_light) },
            dark: Accent { fill: accents.dark, ink: off_white(accents.on_dark) },
        }
    }

    /// Inline style of running text in `color`.
    pub(super) fn type_style(&self, px: u8, color: &str) -> String {
        format!("font-size:{px}px;line-height:{};color:{color}", self.leading)
    }

    /// What the inline styles can't say: link colour, small screens, and dark surroundings. In two elements, because
    /// a program that stumbles over one drops the whole element.
    pub(super) fn sheets(&self) -> String {
        format!("<style>{}</style>\n<style>{}</style>\n", self.common_sheet(), self.dark_sheet())
    }

    fn common_sheet(&self) -> String {
        let accent = &self.light.fill;
        // On a phone the steps stand one under the other, along a rail at the side a line begins at.
        let rail = if self.dir == "rtl" { "0 4px 0 0" } else { "0 0 0 4px" };
        format!(
            ":root{{color-scheme:light dark;supported-color-schemes:light dark}}\
             body{{margin:0;padding:0;-webkit-text-size-adjust:100%;text-size-adjust:100%}}\
             a{{color:{accent}}}\
             a[x-apple-data-detectors]{{color:inherit!important;text-decoration:none!important}}\
             @media (max-width:480px){{\
             .x{{padding-left:20px!important;padding-right:20px!important}}\
             .g{{padding-left:8px!important;padding-right:8px!important}}\
             .h{{font-size:26px!important;overflow-wrap:anywhere}}\
             .q{{display:block!important;width:auto!important;border-width:{rail}!important;padding:3px 12px!important}}\
             .z{{display:none!important}}\
             .n,.n table{{display:block!important;width:auto!important;margin-left:0!important;margin-right:0!important}}\
             .n tbody,.n tr,.n td,.n a{{display:block!important;text-align:center!important}}\
             }}"
        )
    }

    fn dark_sheet(&self) -> String {
        let Neutrals { paper, surface, sunken, rule, text, muted } = DARK;
        let Accent { fill, ink } = &self.dark;
        format!(
            "@media (prefers-color-scheme:dark){{\
             .p{{background-color:{paper}!important}}\
             .s{{background-color:{surface}!important}}\
             .k{{background-color:{sunken}!important}}\
             .r{{border-color:{rule}!important}}\
             .t{{color:{text}!important}}\
             .m{{color:{muted}!important}}\
             .a,a{{color:{fill}!important}}\
             .i,.i a{{color:inherit!important}}\
             .f{{background-color:{fill}!important;border-color:{fill}!important}}\
             .f a{{color:{ink}!important}}\
             .o{{border-color:{fill}!important}}\
             }}"
        )
    }
}

/// White as some programs leave it alone. On an accent this dark the difference can't be read.
fn off_white(color: String) -> String {
    if color == "#FFFFFF" { "#FEFEFE".to_owned() } else { color }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::brand::{Rgb, contrast};

    fn ratio(a: &str, b: &str) -> f64 {
        contrast(Rgb::parse(a).unwrap(), Rgb::parse(b).unwrap())
    }

    #[test]
    fn ink_can_be_read_on_everything_it_stands_on_in_both_themes() {
        for theme in [LIGHT, DARK] {
            for ground in [theme.paper, theme.surface, theme.sunken] {
                for ink in [theme.text, theme.muted] {
                    assert!(ratio(ink, ground) >= 4.5, "{ink} on {ground}");
                }
            }
        }
    }

    #[test]
    fn every_brand_colour_can_be_read_on_everything_it_stands_on() {
        let mut dice = kernel::Dice::seeded(3);
        for _ in 0..2_000 {
            let [r, g, b] = dice.bytes::<3>();
            let brand = Brand { color: Rgb(r, g, b).hex(), ..Brand::default() };
            let look = Look::new(&Locale::default(), &brand);
            for (accent, theme) in [(&look.light, LIGHT), (&look.dark, DARK)] {
                assert!(ratio(&accent.fill, &accent.ink) >= 4.5, "{} on {}", accent.ink, accent.fill);
                for ground in [theme.paper, theme.surface, theme.sunken] {
                    assert!(ratio(&accent.fill, ground) >= 4.5, "{} on {ground}", accent.fill);
                }
            }
        }
    }
}
