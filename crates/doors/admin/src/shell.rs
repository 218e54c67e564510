//! What surrounds every page of the staff: the way around at the side, and looking for anything.

use std::sync::Arc;

use kernel::{Locale, Result};
use serde::Serialize;
use web::error::{ErrorPage, Painter};
use web::{Around, Frame, Link, PageShell, Pages, Surrounded, Value, value};

/// The staff's shell.
#[derive(Clone, Debug)]
pub struct StaffShell {
    pages: Arc<Pages>,
    shop: String,
    more: Vec<Link>,
}

/// What `admin/shell.html` is given as `shell`.
#[derive(Serialize)]
struct ShellView<'a> {
    title: &'a str,
    shop: &'a str,
    icon: &'static str,
    nav: Vec<Item<'a>>,
    /// Whether the reader is not signed in yet, and there is no way around.
    is_outside: bool,
}

#[derive(Serialize)]
struct Item<'a> {
    label: &'a str,
    href: &'a str,
    current: bool,
}

/// What there is, and only what there is.
const NAV: [(&str, &str); 8] = [
    ("Home", "/a"),
    ("Customers", "/a/customers"),
    ("Orders", "/a/orders"),
    ("Parcels", "/a/parcels"),
    ("Messages", "/a/messages"),
    ("Templates", "/a/templates"),
    ("Settings", "/a/settings"),
    ("Account", "/a/account"),
];

/// Templates that are shown to people who are not in yet.
const OUTSIDE: [&str; 3] = ["admin/sign-in.html", "admin/code.html", "admin/welcome.html"];

impl StaffShell {
    /// The shell of the shop called `shop`; `more` stands below the pages of the staff.
    pub fn new(pages: Arc<Pages>, shop: &str, more: Vec<Link>) -> Arc<Self> {
        Arc::new(StaffShell { pages, shop: shop.to_owned(), more })
    }

    fn view<'a>(&'a self, template: &str, title: &'a str) -> ShellView<'a> {
        let here = section(template);
        let own = NAV.iter().map(|(label, href)| Item { label, href, current: here == Some(*label) });
        let more = self.more.iter().map(|link| Item { label: &link.label, href: &link.href, current: false });
        ShellView {
            title,
            shop: &self.shop,
            icon: web::assets::icon_path(),
            nav: own.chain(more).collect(),
            is_outside: OUTSIDE.contains(&template),
        }
    }
}

/// Under which heading of the navigation a page stands.
fn section(template: &str) -> Option<&'static str> {
    match template {
        "admin/home.html" | "admin/guide.html" => Some("Home"),
        "admin/customers.html"
        | "admin/customer.html"
        | "admin/note.html"
        | "admin/consents.html"
        | "admin/merge.html"
        | "admin/erase.html" => Some("Customers"),
        "admin/suppressions.html" | "admin/why.html" => Some("Messages"),
        "orders/staff-list.html" | "orders/staff-order.html" | "orders/staff-resend.html" => Some("Orders"),
        "messaging/log.html" | "messaging/logged.html" => Some("Messages"),
        "admin/set-brand.html"
        | "admin/set-rules.html"
        | "admin/set-channels.html"
        | "admin/set-wording.html"
        | "admin/set-sentence.html" => Some("Settings"),
        "messaging/templates.html"
        | "messaging/template.html"
        | "messaging/meanwhile.html"
        | "messaging/versions.html" => Some("Templates"),
        "admin/settings.html" | "admin/audit.html" | "admin/parked.html" => Some("Settings"),
        "aftercare/domains.html" | "aftercare/system.html" => Some("Settings"),
        name if name.starts_with("shipments/staff-") => Some("Parcels"),
        name if name.starts_with("platforms/staff-") || name.starts_with("api/staff-") => Some("Settings"),
        "admin/account.html" | "admin/second.html" | "admin/team.html" => Some("Account"),
        _ => None,
    }
}

impl PageShell for StaffShell {
    fn page(&self, frame: &Frame<'_>, page: Value) -> Result<String> {
        let shell = value(&self.view(frame.template, frame.title));
        self.pages.render(frame.template, &Surrounded { shell, page })
    }

    fn around(&self, locale: &Locale) -> Result<Arc<Around>> {
        Around::of(self, "admin/bare.html", locale).map(Arc::new)
    }

    fn error(&self, page: &ErrorPage) -> Result<String> {
        let shell = value(&self.view("admin/error.html", &page.words.heading));
        self.pages.render("admin/error.html", &Surrounded { shell, page: value(page) })
    }
}

/// How failures look to the staff, for [`web::failures_painted`].
pub fn painter(shell: Arc<StaffShell>) -> Painter {
    web::error::as_pages(shell, Arc::new(web::error::plain_words))
}
