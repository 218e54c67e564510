//! Static files: the stylesheets, one script, one icon, and the few lines of each that wear the merchant's colour.
//!
//! A file's address holds the hash of its bytes, so it may be kept for ever and never has to be asked for again. The
//! merchant's colour is a stylesheet of its own because the content security policy allows no inline style.

use std::sync::LazyLock;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::Brand;
use kernel::keys::{hex, sha256};

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

/// The address of what the staff's pages can do besides where scripts run; templates know it as `staff_script`.
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

/// A file served from memory for ever.
#[derive(Clone, Debug)]
struct File {
    path: String,
    kind: &'static str,
    content: String,
}

/// Every static file of one shop.
#[derive(Clone, Debug)]
pub struct Assets {
    accents: File,
    icon: File,
}

impl Assets {
    /// The shared files and those made from the shop's brand kit.
    pub fn new(brand: &Brand) -> Self {
        let (accents, icon) = (accents_css(brand), icon_svg(brand));
        Assets {
            accents: File {
                path: path_of("brand-", "css", &accents),
                kind: "text/css; charset=utf-8",
                content: accents,
            },
            icon: File { path: path_of("brand-", "svg", &icon), kind: "image/svg+xml", content: icon },
        }
    }

    /// The address of the brand's stylesheet.
    pub fn accents_path(&self) -> &str {
        &self.accents.path
    }

    /// The address of the brand's icon: its initial on its colour.
    pub fn icon_path(&self) -> &str {
        &self.icon.path
    }

    /// Serves them all.
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let own = |path: &str, kind, content: &str| File {
            path: path.to_owned(),
            kind,
            content: content.to_owned(),
        };
        let files = [
            own(stylesheet_path(), "text/css; charset=utf-8", STYLESHEET),
            own(staff_stylesheet_path(), "text/css; charset=utf-8", STAFF_STYLESHEET),
            own(staff_script_path(), "text/javascript; charset=utf-8", STAFF_SCRIPT),
            own(icon_path(), "image/svg+xml", ICON),
            self.accents,
            self.icon,
        ];
        files.into_iter().fold(Router::new(), |router, file| {
            let path = file.path.clone();
            router.route(&path, get(async move || served(file.kind, file.content.clone())))
        })
    }
}

fn served(kind: &'static str, content: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, content).into_response()
}

/// The four colours of the brand, by theme. They stand in the layer the shared stylesheet keeps for them.
fn accents_css(brand: &Brand) -> String {
    let accents = brand.accents();
    let theme = |accent: &str, on: &str| format!(":root{{--accent:{accent};--on-accent:{on}}}");
    let (light, dark) = (theme(&accents.light, &accents.on_light), theme(&accents.dark, &accents.on_dark));
    format!(
        "@layer reset,tokens,brand,base,comp,page,util;@layer brand{{{light}@media screen and (prefers-color-scheme:dark){{{dark}}}}}"
    )
}

fn icon_svg(brand: &Brand) -> String {
    let accents = brand.accents();
    let initial = crate::pages::escape(&initial(&brand.name));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"7\" \
         fill=\"{}\"/><text x=\"16\" y=\"22.5\" font-family=\"system-ui,sans-serif\" font-size=\"18\" \
         font-weight=\"650\" text-anchor=\"middle\" fill=\"{}\">{initial}</text></svg>",
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

    #[tokio::test]
    async fn files_are_kept_for_ever_under_the_hash_of_their_bytes() {
        let assets = Assets::new(&Brand::default());
        let paths = [
            stylesheet_path().to_owned(),
            staff_script_path().to_owned(),
            icon_path().to_owned(),
            assets.accents_path().to_owned(),
        ];
        for path in paths {
            let router: Router = assets.clone().router();
            let response = router.oneshot(Request::get(&path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), 200, "{path}");
            assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
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
    fn another_colour_is_another_address() {
        let red = Brand { color: "#B3261E".into(), ..Brand::default() };
        assert_ne!(Assets::new(&red).accents_path(), Assets::new(&Brand::default()).accents_path());
        assert!(Assets::new(&red).accents.content.contains("--accent:#B3261E"));
    }

    #[test]
    fn an_initial_is_a_letter_of_the_name() {
        assert_eq!(initial("  éclair"), "É");
        assert_eq!(initial("«شاي»"), "ش");
        assert_eq!(initial("***"), "·");
    }

    #[test]
    fn the_stylesheet_names_no_side() {
        for side in ["left", "right"] {
            let found = STYLESHEET.lines().position(|line| line.contains(side));
            assert_eq!(found.map(|line| line + 1), None, "a side is named");
        }
    }

    #[test]
    fn no_bare_fraction_pushes_a_narrow_page_sideways() {
        // Inside `minmax(…, 1fr)` the fraction has a least size; alone it is as wide as its longest word.
        let bare = STYLESHEET.match_indices("1fr").filter(|(at, _)| !STYLESHEET[..*at].ends_with(", "));
        assert_eq!(bare.count(), 0);
    }

    #[test]
    fn the_stylesheet_fits_its_budget() {
        // 7 KB compressed; hand-written CSS compresses to about a quarter.
        assert!(STYLESHEET.len() <= 28 * 1024, "{} bytes", STYLESHEET.len());
    }
}
