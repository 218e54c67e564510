//! Templates: part of the binary, made ready when the first page is shown, strict about what they are given.
//!
//! Nobody but us writes these templates, so the engine may be a powerful one. What a merchant writes goes through
//! `messaging`, whose engine can neither count nor loop for ever (decision 0005).

use std::sync::OnceLock;

use kernel::{Error, Result};
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, Value};
use serde::Serialize;

/// One template of the binary.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Crate and file, for example `portal/shell.html`. What ends in `.html` is escaped as HTML.
    pub name: &'static str,
    /// The text of the file.
    pub source: &'static str,
}

/// Every template of the binary. They are made ready together when the first page is shown: a program that starts, or only
/// sends, does without.
#[derive(Debug)]
pub struct Pages {
    templates: Vec<Template>,
    env: OnceLock<Environment<'static>>,
}

/// The templates this crate brings: our own plain shell, its error page, and the pieces several pages share.
const OWN: &[Template] = &[
    Template { name: "web/plain.html", source: include_str!("templates/plain.html") },
    Template { name: "web/plain-bare.html", source: include_str!("templates/plain-bare.html") },
    Template { name: "web/plain-error.html", source: include_str!("templates/plain-error.html") },
    Template { name: "web/parts.html", source: include_str!("templates/parts.html") },
    Template { name: "web/chart.html", source: include_str!("templates/chart.html") },
];

impl Pages {
    /// The templates of all crates. Fails on a name that two crates claim.
    pub fn new(lists: &[&[Template]]) -> Result<Self> {
        let templates: Vec<Template> = [OWN].iter().chain(lists).copied().flatten().copied().collect();
        let mut names: Vec<&str> = templates.iter().map(|template| template.name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Error::internal(format!("two templates are called {}", pair[0]))),
            None => Ok(Pages { templates, env: OnceLock::new() }),
        }
    }

    /// Makes every template ready. Fails on the first that is no template; a test calls it on all of them.
    pub fn check(&self) -> Result<()> {
        self.env().map(drop)
    }

    fn env(&self) -> Result<&Environment<'static>> {
        if let Some(env) = self.env.get() {
            return Ok(env);
        }
        let env = self.compiled()?;
        Ok(self.env.get_or_init(|| env))
    }

    fn compiled(&self) -> Result<Environment<'static>> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_auto_escape_callback(|name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        });
        env.set_formatter(format_value);
        env.add_global("stylesheet", crate::assets::stylesheet_path());
        env.add_global("staff_stylesheet", crate::assets::staff_stylesheet_path());
        env.add_global("staff_script", crate::assets::staff_script_path());
        env.add_global("looked_at", crate::chart::grouped(crate::filters::LOOKED_AT as u64));
        for template in &self.templates {
            env.add_template(template.name, template.source).map_err(|error| fault(template.name, &error))?;
        }
        Ok(env)
    }

    /// Renders one template. A field the context lacks is an error, not a gap on the page.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String> {
        let template = self.env()?.get_template(name).map_err(|error| fault(name, &error))?;
        template.render(value(context)).map_err(|error| fault(name, &error))
    }
}

/// A context in the form templates and [`crate::PageShell::page`] take.
pub fn value(context: &impl Serialize) -> Value {
    Value::from(Serde(context))
}

/// Kind, template and line only: what a template was given may be personal and stays out of the log.
fn fault(name: &str, error: &minijinja::Error) -> Error {
    let place = error.name().unwrap_or(name);
    let line = error.line().unwrap_or_default();
    Error::internal(format!("template {place}, line {line}: {}", error.kind()))
}

/// As the engine's own formatter, but a slash stays a slash: HTML doesn't need it escaped, and addresses stay readable
/// in the source of a page.
fn format_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    let escaped = matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe();
    match value.as_str() {
        Some(text) if escaped && value.kind() == ValueKind::String => Ok(out.write_str(&escape(text))?),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// Text for HTML, in an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text);
    out
}

/// The same, behind what stands in `out`. What needs no escaping goes over in whole stretches.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        // Each of these is one byte of its own in UTF-8, so a stretch never ends within a character.
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREETING: Template = Template { name: "t/hi.html", source: "<a href=\"{{ url }}\">{{ name }}</a>" };

    #[test]
    fn what_a_page_is_given_cannot_become_markup() {
        let pages = Pages::new(&[&[GREETING]]).unwrap();
        let context = serde_json::json!({ "url": "/o/1\" onclick='x'", "name": "<script>&" });
        let html = pages.render("t/hi.html", &context).unwrap();
        assert_eq!(html, "<a href=\"/o/1&quot; onclick=&#39;x&#39;\">&lt;script&gt;&amp;</a>");
    }

    #[test]
    fn a_list_says_how_much_it_looks_at() {
        const LOOKED: Template = Template { name: "t/looked.html", source: "{{ looked_at }} rows" };
        let said = Pages::new(&[&[LOOKED]]).unwrap().render("t/looked.html", &()).unwrap();
        assert_eq!(said, "5,000 rows");
    }

    #[test]
    fn a_missing_field_is_an_error_that_names_the_place_and_no_value() {
        let pages = Pages::new(&[&[GREETING]]).unwrap();
        let error = pages.render("t/hi.html", &serde_json::json!({ "url": "secret-token" })).unwrap_err();
        assert!(error.operator_detail().contains("t/hi.html, line 1"), "{error}");
        assert!(!error.operator_detail().contains("secret-token"));
        assert!(pages.render("t/none.html", &()).is_err());
    }

    #[test]
    fn a_broken_or_doubled_template_is_noticed() {
        let broken = Pages::new(&[&[Template { name: "t/x.html", source: "{% if %}" }]]).unwrap();
        assert!(broken.check().is_err() && broken.render("t/x.html", &()).is_err());
        assert!(Pages::new(&[&[GREETING], &[GREETING]]).is_err());
    }
}
