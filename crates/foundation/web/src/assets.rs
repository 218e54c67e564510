//! Static files: one stylesheet, one icon, and the few lines of each that wear the merchant's colour.
//!
//! A file's address holds the hash of its bytes, so it may be kept for ever and never has to be asked for again. The
//! merchant's colour is a stylesheet of its own because the content security policy allows no inline style.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::brand::{Accents, Rgb};
use kernel::keys::{hex, sha256};
use kernel::{Brand, Error};

use crate::Failure;

const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLESHEET: &str = include_str!("../assets/aftercare.css");
const STAFF_STYLESHEET: &str = include_str!("../assets/staff.css");
const STAFF_SCRIPT: &str = include_str!("../assets/staff.js");
const ICON: &str = include_str!("../assets/aftercare.svg");

static STYLESHEET_PATH: LazyLock<String> = LazyLock::new(|| path_of("", "css", STYLESHEET));
static STAFF_STYLESHEET_PATH: LazyLock<String> = LazyLock::new(|| path_of("staff-", "css", STAFF_STYLESHEET));
static STAFF_SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| path_of("staff-", "js", STAFF_SCRIPT));
static ICON_PATH: LazyLock<String> = LazyLock::new(|| path_of("icon-", "svg", ICON));

/// The address of the shared stylesheet; templates know it as `stylesheet`.
pub fn stylesheet_path() -> &'static str {
    &STYLESHEET_PATH
}

/// The address of what the staff's pages need besides; templates know it as `staff_stylesheet`.
pub fn staff_stylesheet_path() -> &'static str {
    &STAFF_STYLESHEET_PATH
}

/// The address of what makes the staff's pages quicker where scripts run; templates know it as `staff_script`.
pub fn staff_script_path() -> &'static str {
    &STAFF_SCRIPT_PATH
}

/// The address of our own icon.
pub fn icon_path() -> &'static str {
    &ICON_PATH
}

fn path_of(prefix: &str, ending: &str, content: &str) -> String {
    format!("/assets/{prefix}{}.{ending}", hex(&sha256(content.as_bytes())[..8]))
}

/// What wears the merchant's colour. The address says the colour and, of the icon, the letter: whichever process is asked
/// makes the same file of it, before, while and after the brand is changed.
#[derive(Clone, Debug)]
pub struct BrandAssets {
    accents_path: String,
    icon_path: String,
}

impl BrandAssets {
    /// The files of a brand.
    pub fn of(brand: &Brand) -> Self {
        let (color, letter) = (brand.color.trim_start_matches('#'), initial(&brand.name));
        let accents = accents_css(&brand.accents());
        let icon = icon_svg(&brand.accents(), &letter);
        let letter: Vec<_> = letter.chars().map(|letter| format!("{:x}", u32::from(letter))).collect();
        BrandAssets {
            accents_path: path_of(&format!("brand-{color}-"), "css", &accents),
            icon_path: path_of(&format!("brand-{color}-{}-", letter.join(".")), "svg", &icon),
        }
    }

    /// The address of the brand's stylesheet.
    pub fn accents_path(&self) -> &str {
        &self.accents_path
    }

    /// The address of the brand's icon: its initial on its colour.
    pub fn icon_path(&self) -> &str {
        &self.icon_path
    }
}

/// Serves every static file.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let files = [
        (stylesheet_path(), CSS, STYLESHEET),
        (staff_stylesheet_path(), CSS, STAFF_STYLESHEET),
        (staff_script_path(), SCRIPT, STAFF_SCRIPT),
        (icon_path(), SVG, ICON),
    ];
    let shared = files.into_iter().fold(Router::new(), |router, (path, kind, content)| {
        router.route(path, get(async move || served(kind, content.to_owned())))
    });
    shared.route("/assets/{file}", get(of_a_brand))
}

/// A file whose bytes follow from its address; what would not be at this very address is nobody's.
async fn of_a_brand(Path(file): Path<String>) -> Result<Response, Failure> {
    let (kind, content) = made_of(&file).ok_or_else(|| Error::not_found("There is no such file."))?;
    let path = format!("/assets/{file}");
    let hash = &hex(&sha256(content.as_bytes())[..8]);
    if path.contains(&format!("-{hash}.")) {
        Ok(served(kind, content))
    } else {
        Err(Error::not_found("There is no such file.").into())
    }
}

/// Reads `brand-1F4BB8-HASH.css` and `brand-1F4BB8-4e-HASH.svg`.
fn made_of(file: &str) -> Option<(&'static str, String)> {
    let (name, ending) = file.strip_prefix("brand-")?.rsplit_once('.')?;
    let mut parts = name.split('-');
    let color = Rgb::parse(&format!("#{}", parts.next()?)).ok()?;
    let accents = Accents::of(color);
    match (ending, parts.next()?, parts.next(), parts.next()) {
        ("css", _hash, None, None) => Some((CSS, accents_css(&accents))),
        ("svg", letter, Some(_hash), None) => Some((SVG, icon_svg(&accents, &letters(letter)?))),
        _ => None,
    }
}

/// The letter whose numbers these are; a letter may become several when it is written large.
fn letters(numbers: &str) -> Option<String> {
    let letter = |number: &str| u32::from_str_radix(number, 16).ok().and_then(char::from_u32);
    let letters: Option<String> = numbers.split('.').map(letter).collect();
    letters.filter(|letters| letters.chars().count() <= 4)
}

fn served(kind: &'static str, content: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, content).into_response()
}

/// The four colours of the brand, by theme. They stand in the layer the shared stylesheet keeps for them.
fn accents_css(accents: &Accents) -> String {
    let theme = |accent: &str, on: &str| format!(":root{{--accent:{accent};--on-accent:{on}}}");
    let (light, dark) = (theme(&accents.light, &accents.on_light), theme(&accents.dark, &accents.on_dark));
    format!(
        "@layer reset,tokens,brand,base,comp,page,util;@layer brand{{{light}@media screen and (prefers-color-scheme:dark){{{dark}}}}}"
    )
}

fn icon_svg(accents: &Accents, letter: &str) -> String {
    let letter = crate::pages::escape(letter);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"7\" \
         fill=\"{}\"/><text x=\"16\" y=\"22.5\" font-family=\"system-ui,sans-serif\" font-size=\"18\" \
         font-weight=\"650\" text-anchor=\"middle\" fill=\"{}\">{letter}</text></svg>",
        accents.light, accents.on_light
    )
}

/// The first letter or digit of a name in upper case, to stand where a picture is missing.
pub fn initial(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use tower::ServiceExt;

    use super::*;

    const SHEETS: [&str; 2] = [STYLESHEET, STAFF_STYLESHEET];

    #[tokio::test]
    async fn files_are_kept_for_ever_under_the_hash_of_their_bytes() {
        let brand = BrandAssets::of(&Brand { name: "ßtraße".into(), ..Brand::default() });
        let paths = [
            stylesheet_path(),
            staff_stylesheet_path(),
            staff_script_path(),
            icon_path(),
            brand.accents_path(),
            brand.icon_path(),
        ];
        for path in paths {
            let response = asked(path).await;
            assert_eq!(response.status(), 200, "{path}");
            assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        }
    }

    async fn asked(path: &str) -> Response {
        let router: Router = router();
        router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn another_colour_is_another_address_and_every_process_makes_the_same_file_of_it() {
        let red = BrandAssets::of(&Brand { color: "#B3261E".into(), ..Brand::default() });
        assert_ne!(red.accents_path(), BrandAssets::of(&Brand::default()).accents_path());
        let bytes = axum::body::to_bytes(asked(red.accents_path()).await.into_body(), 10_000).await.unwrap();
        assert!(String::from_utf8_lossy(&bytes).contains("--accent:#B3261E"));
    }

    #[tokio::test]
    async fn what_is_not_at_its_address_is_not_there() {
        let path = BrandAssets::of(&Brand::default()).icon_path().to_owned();
        let hash = path.rsplit(['-', '.']).nth(1).unwrap().to_owned();
        let wrong = [
            path.replace("1F4BB8", "1f4bb9"),
            path.replace(&hash, "0000000000000000"),
            path.replace("-59-", "-d800-"),
            path.replace("-59-", "-59.59.59.59.59-"),
            format!("/assets/{hash}.css"),
            "/assets/brand-".to_owned(),
            "/assets/brand-1F4BB8.css".to_owned(),
        ];
        for path in wrong {
            assert_eq!(asked(&path).await.status(), 404, "{path}");
        }
    }

    #[test]
    fn the_staffs_script_fits_its_budget_and_writes_no_markup() {
        assert!(STAFF_SCRIPT.len() <= 6 * 1024, "{} bytes", STAFF_SCRIPT.len());
        for way in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function("] {
            assert!(!STAFF_SCRIPT.contains(way), "{way}");
        }
    }

    #[test]
    fn an_initial_is_a_letter_of_the_name() {
        assert_eq!(initial("  éclair"), "É");
        assert_eq!(initial("«شاي»"), "ش");
        assert_eq!(initial("***"), "·");
    }

    #[test]
    fn no_stylesheet_names_a_side() {
        for (sheet, side) in SHEETS.into_iter().flat_map(|sheet| [(sheet, "left"), (sheet, "right")]) {
            let found = sheet.lines().position(|line| line.contains(side));
            assert_eq!(found.map(|line| line + 1), None, "a side is named");
        }
    }

    #[test]
    fn no_bare_fraction_pushes_a_narrow_page_sideways() {
        // Inside `minmax(…, 1fr)` the fraction has a least size; alone it is as wide as its longest word.
        for sheet in SHEETS {
            let bare = sheet.match_indices("1fr").filter(|(at, _)| !sheet[..*at].ends_with(", "));
            assert_eq!(bare.count(), 0);
        }
    }

    #[test]
    fn the_stylesheets_fit_their_budgets() {
        // 7 KB compressed for a customer, 10 KB for the staff, who read both; hand-written CSS compresses to about a quarter.
        assert!(STYLESHEET.len() <= 28 * 1024, "{} bytes", STYLESHEET.len());
        let both = STYLESHEET.len() + STAFF_STYLESHEET.len();
        assert!(both <= 40 * 1024, "{both} bytes");
    }
}
