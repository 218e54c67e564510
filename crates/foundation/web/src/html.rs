//! HTML written by code, for the one page that is looked at so often that its template engine was most of its cost.
//!
//! What is ours is a literal and goes in as it is; everything else is a text and is escaped. There is no third way, so
//! that nothing can be forgotten.

use kernel::{Error, Locale, Result};

use crate::pages::escape_into;
use crate::{Frame, PageShell, Value};

/// A piece of a page, being written.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// Nothing yet, with room for `bytes`.
    pub fn with_room(bytes: usize) -> Self {
        Html(String::with_capacity(bytes))
    }

    /// Our own markup.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A text, in an element or a quoted attribute.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape_into(&mut self.0, text);
        self
    }

    /// Something that is written only when it is there.
    pub fn maybe<T>(&mut self, what: Option<&T>, write: impl FnOnce(&mut Html, &T)) -> &mut Self {
        if let Some(what) = what {
            write(self, what);
        }
        self
    }

    /// The same for each of several things.
    pub fn each<T>(&mut self, what: &[T], write: impl Fn(&mut Html, &T)) -> &mut Self {
        what.iter().for_each(|one| write(self, one));
        self
    }

    /// A square picture, or the initial of what it would show; as `thumb` in `web/parts.html`.
    pub fn thumb(&mut self, url: Option<&str>, initial: &str) -> &mut Self {
        const SIZE: &str = "\" alt=\"\" width=\"64\" height=\"64\" loading=\"lazy\" decoding=\"async\">";
        match url.filter(|url| !url.is_empty()) {
            Some(url) => self.raw("<img class=\"thumb\" src=\"").text(url).raw(SIZE),
            None => self.raw("<span class=\"thumb\" aria-hidden=\"true\">").text(initial).raw("</span>"),
        }
    }

    /// What was written.
    pub fn finished(self) -> String {
        self.0
    }
}

/// What a door puts around every page in one language: the same bytes each time, but for the title.
#[derive(Debug)]
pub struct Around {
    before_title: String,
    before_main: String,
    after_main: String,
}

impl Around {
    /// Stands for the title, and for what is inside, in the page that [`Around::cut`] is given. A control character, which
    /// no name and no sentence may hold, keeps it from being found elsewhere.
    pub const TITLE: &str = "\u{1}title";
    /// See [`Around::TITLE`].
    pub const MAIN: &str = "\u{1}main";

    /// What `shell` puts around a page: cut out of `template`, which shows nothing but what it is given.
    pub fn of(shell: &dyn PageShell, template: &str, locale: &Locale) -> Result<Around> {
        let page = shell.page(&Frame { template, locale, title: Self::TITLE }, Value::from(Self::MAIN))?;
        Around::cut(&page)
            .ok_or_else(|| Error::internal(format!("template {template} shows its marks twice or not")))
    }

    /// Cuts a page whose title and inside are the two marks; `None` when they do not stand there once, in this order.
    pub fn cut(page: &str) -> Option<Around> {
        let (before_title, rest) = page.split_once(Self::TITLE)?;
        let (before_main, after_main) = rest.split_once(Self::MAIN)?;
        let again = [before_title, before_main, after_main]
            .iter()
            .any(|part| part.contains(Self::TITLE) || part.contains(Self::MAIN));
        let own = |part: &str| part.to_owned();
        (!again).then(|| Around {
            before_title: own(before_title),
            before_main: own(before_main),
            after_main: own(after_main),
        })
    }

    /// The page with this title and what `write` puts inside; `room` is about how many bytes that is.
    pub fn page(&self, title: &str, room: usize, write: impl FnOnce(&mut Html)) -> String {
        let own = self.before_title.len() + self.before_main.len() + self.after_main.len();
        let mut html = Html::with_room(own + title.len() + room);
        html.0.push_str(&self.before_title);
        html.text(title);
        html.0.push_str(&self.before_main);
        write(&mut html);
        html.0.push_str(&self.after_main);
        html.finished()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_no_literal_is_escaped() {
        let around = Around::cut("<title>\u{1}title</title><main>\u{1}main</main>").unwrap();
        let page = around.page("a & b", 0, |html| {
            html.raw("<a href=\"").text("/o/1\" onclick='x'").raw("\">").text("<script>").raw("</a>");
            html.thumb(Some("\"><script>"), "x").thumb(None, "<");
        });
        let thumb = " alt=\"\" width=\"64\" height=\"64\" loading=\"lazy\" decoding=\"async\">";
        let wanted = format!(
            "<title>a &amp; b</title><main><a href=\"/o/1&quot; onclick=&#39;x&#39;\">&lt;script&gt;</a>\
             <img class=\"thumb\" src=\"&quot;&gt;&lt;script&gt;\"{thumb}\
             <span class=\"thumb\" aria-hidden=\"true\">&lt;</span></main>"
        );
        assert_eq!(page, wanted);
    }

    #[test]
    fn a_page_without_its_marks_or_with_two_is_not_cut() {
        for page in ["", "T", "MT", "TMM", "TTM"] {
            let page = page.replace('T', Around::TITLE).replace('M', Around::MAIN);
            assert!(Around::cut(&page).is_none(), "{page:?}");
        }
    }
}
