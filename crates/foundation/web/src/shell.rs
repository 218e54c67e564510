//! What goes around a page: a door's [`PageShell`], and our own [`PlainShell`] for pages that are not the merchant's.

use std::sync::Arc;

use kernel::{Locale, Result};
use minijinja::Value;
use serde::Serialize;

use crate::error::ErrorPage;
use crate::pages::value;
use crate::{Around, HtmlPage, Pages};

/// What a shell needs to know about the page it surrounds.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The template, which extends the shell's own.
    pub template: &'a str,
    /// The reader's language.
    pub locale: &'a Locale,
    /// The page's title, the answer first; the shell adds whose page it is.
    pub title: &'a str,
}

/// A door that surrounds pages with its own look.
///
/// A room's template reads its own context as `page` and the door's as `shell`.
pub trait PageShell: Send + Sync {
    /// The finished page.
    fn page(&self, frame: &Frame<'_>, page: Value) -> Result<String>;

    /// What it puts around every page in this language, for a page that is written by code.
    fn around(&self, locale: &Locale) -> Result<Arc<Around>>;

    /// The finished page that says what went wrong.
    fn error(&self, page: &ErrorPage) -> Result<String>;
}

/// A finished page for the people who run the program, who are spoken to in English.
pub fn operators_page(
    shell: &dyn PageShell,
    template: &str,
    title: &str,
    page: &impl Serialize,
) -> Result<HtmlPage> {
    let locale = Locale::default();
    shell.page(&Frame { template, locale: &locale, title }, value(page)).map(HtmlPage::new)
}

/// The context of every surrounded page.
#[derive(Debug, Serialize)]
pub struct Surrounded {
    /// The door's own: language, brand, navigation.
    pub shell: Value,
    /// The room's own.
    pub page: Value,
}

/// A link and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A link from both of its parts.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Link { label: label.into(), href: href.into() }
    }
}

/// Our own look, for the built-in inbox, the demo and the documents. Written in English for whoever runs the program.
#[derive(Clone, Debug)]
pub struct PlainShell {
    pages: Arc<Pages>,
    nav: Vec<Link>,
}

/// What `web/plain.html` is given as `shell`.
#[derive(Serialize)]
struct PlainView<'a> {
    title: &'a str,
    nav: &'a [Link],
    icon: &'static str,
    home: &'a str,
}

impl PlainShell {
    /// A shell whose header links to `nav`; the program's name leads where the first of them does.
    pub fn new(pages: Arc<Pages>, nav: Vec<Link>) -> Self {
        PlainShell { pages, nav }
    }

    fn view<'a>(&'a self, title: &'a str) -> PlainView<'a> {
        let home = self.nav.first().map_or("/", |link| &link.href);
        PlainView { title, nav: &self.nav, icon: crate::assets::icon_path(), home }
    }
}

impl PageShell for PlainShell {
    fn page(&self, frame: &Frame<'_>, page: Value) -> Result<String> {
        let shell = value(&self.view(frame.title));
        self.pages.render(frame.template, &Surrounded { shell, page })
    }

    fn around(&self, locale: &Locale) -> Result<Arc<Around>> {
        Around::of(self, "web/plain-bare.html", locale).map(Arc::new)
    }

    fn error(&self, page: &ErrorPage) -> Result<String> {
        let shell = value(&self.view(&page.words.heading));
        self.pages.render("web/plain-error.html", &Surrounded { shell, page: value(page) })
    }
}
