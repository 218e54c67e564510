//! The shopper's shell: the merchant in front, on every page a customer sees.
//!
//! Rooms render their pages through [`Portal`], which is a [`web::PageShell`]: it puts the shop's name, colour, help
//! and profiles around them, in the reader's language. The portal itself has only a front page and the pages that
//! say what went wrong.

mod front;
mod portal;
mod shell;

pub use front::{FrontPage, router};
pub use portal::Portal;
pub use shell::{Brand, Shell, ShellWords, Way};

use kernel::Words;
use web::Template;

/// The sentences of the portal's own pages.
pub const WORDS: &[Words] = &[
    Words { language: "en", source: include_str!("words/en.ftl") },
    Words { language: "de", source: include_str!("words/de.ftl") },
];

/// The portal's templates. Rooms extend `portal/shell.html` and fill its blocks `main` and, if they must, `title`.
pub fn templates() -> &'static [Template] {
    &[
        Template { name: "portal/shell.html", source: include_str!("templates/shell.html") },
        Template { name: "portal/bare.html", source: include_str!("templates/bare.html") },
        Template { name: "portal/front.html", source: include_str!("templates/front.html") },
        Template { name: "portal/error.html", source: include_str!("templates/error.html") },
    ]
}
