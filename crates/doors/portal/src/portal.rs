//! The portal as a [`PageShell`]: rooms hand it a template and a context and get the merchant's page back.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use kernel::words::Say;
use kernel::{Error, Kind, Locale, Result, Shop, text};
use web::error::{ErrorPage, ErrorWords, Painter};
use web::{Around, BrandAssets, Frame, PageShell, Pages, Surrounded, Value, value};

use crate::shell::{Shell, spoken};

/// The shopper's door.
#[derive(Debug)]
pub struct Portal {
    pages: Arc<Pages>,
    words: Arc<dyn Say>,
    shop: Arc<Shop>,
    assets: BrandAssets,
    /// By the language it is really in. Orders bring their tags from outside, so there is an end to what is kept.
    around: RwLock<BTreeMap<Locale, Arc<Around>>>,
}

/// More languages than a shop is asked for.
const MOST_KEPT: usize = 64;

impl Portal {
    /// The portal of one shop, whose sentences `words` knows.
    pub fn new(pages: Arc<Pages>, words: Arc<dyn Say>, shop: Arc<Shop>) -> Arc<Self> {
        let assets = BrandAssets::of(&shop.brand);
        Arc::new(Portal { pages, words, shop, assets, around: RwLock::default() })
    }

    /// How failures look to shoppers, for [`web::failures_painted`].
    pub fn painter(self: &Arc<Self>) -> Painter {
        let portal = Arc::clone(self);
        web::error::as_pages(self.clone(), Arc::new(move |error, _| portal.error_words(error)))
    }

    /// A sentence in the language the reader will see the page in.
    pub(crate) fn say(&self, locale: &Locale, key: &str) -> String {
        let spoken = spoken(&*self.words, locale);
        let name = text::isolated_in(&self.shop.brand.name, &spoken);
        self.words.say(&spoken, key, &[("shop", (&name).into())])
    }

    /// The shop's own language: of a reader without an order we know no other.
    pub(crate) fn locale(&self) -> &Locale {
        &self.shop.locale
    }

    /// A page search engines may show.
    pub(crate) fn open_page(&self, frame: &Frame<'_>, page: Value) -> Result<String> {
        self.rendered(Shell { noindex: false, ..self.shell(frame) }, frame.template, page)
    }

    fn shell(&self, frame: &Frame<'_>) -> Shell {
        Shell::new(&self.shop, &self.assets, &*self.words, frame.locale, frame.title)
    }

    fn rendered(&self, shell: Shell, template: &str, page: Value) -> Result<String> {
        self.pages.render(template, &Surrounded { shell: value(&shell), page })
    }

    /// What happened, is my stuff safe, what to do; in the shop's language.
    fn error_words(&self, error: &Error) -> ErrorWords {
        let say = |key: &str| self.say(self.locale(), key);
        let three = |name: &str| {
            (
                say(&format!("error-{name}-heading")),
                say(&format!("error-{name}-safe")),
                say(&format!("error-{name}-next")),
            )
        };
        let (heading, safe, next) = match error.kind() {
            Kind::NotFound => three("404"),
            Kind::TooMany => (say("error-429-heading"), say("error-429-safe"), self.wait(error)),
            Kind::Unavailable => three("503"),
            Kind::OutcomeUnknown => three("unknown"),
            Kind::Internal => three("500"),
            Kind::Invalid
            | Kind::Unreadable
            | Kind::Unauthorized
            | Kind::Forbidden
            | Kind::Conflict
            | Kind::TooLarge => (say("error-other-heading"), self.why(error), say("error-other-next")),
        };
        ErrorWords { heading, safe, next, quote: say("error-quote") }
    }

    /// The refusal's own sentence, which is English; in another language the one that is true of all of them.
    fn why(&self, error: &Error) -> String {
        let is_english = spoken(&*self.words, self.locale()).language() == kernel::words::FALLBACK;
        if is_english { error.words().to_owned() } else { self.say(self.locale(), "error-other-safe") }
    }

    fn wait(&self, error: &Error) -> String {
        let minutes = i64::from(error.retry_after().unwrap_or(60).div_ceil(60).max(1));
        let spoken = spoken(&*self.words, self.locale());
        self.words.say(&spoken, "error-429-next", &[("minutes", minutes.into())])
    }
}

impl PageShell for Portal {
    fn page(&self, frame: &Frame<'_>, page: Value) -> Result<String> {
        self.rendered(self.shell(frame), frame.template, page)
    }

    fn around(&self, locale: &Locale) -> Result<Arc<Around>> {
        let spoken = spoken(&*self.words, locale);
        let kept = self.around.read().unwrap_or_else(PoisonError::into_inner).get(&spoken).cloned();
        if let Some(around) = kept {
            return Ok(around);
        }
        let around = Arc::new(Around::of(self, "portal/bare.html", &spoken)?);
        let mut kept = self.around.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST_KEPT {
            kept.insert(spoken, around.clone());
        }
        Ok(around)
    }

    fn error(&self, page: &ErrorPage) -> Result<String> {
        let frame =
            Frame { template: "portal/error.html", locale: self.locale(), title: &page.words.heading };
        self.page(&frame, value(page))
    }
}
