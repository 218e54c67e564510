//! Mail scanners: they follow every link of a mail before its reader does, and press every button by GET.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use db::Db;

use super::http::ask;
use super::scene::Scene;

/// Pages that every page of a customer leads to.
const AROUND: [&str; 5] = ["/", "/find", "/you", "/you/code", "/orders"];

/// Follows everything in one mail. Nothing else happens meanwhile, so a write that happened was the scanner's doing.
pub(crate) async fn scan(scene: &Scene, db: &Db, router: &Router, hand_off: usize) {
    let mail = scene.outside.hand_off(hand_off);
    let before = db.stats().closures;
    let around = AROUND.map(str::to_owned);
    for path in mail.links.iter().chain(&mail.way_out).chain(&around) {
        for method in ["HEAD", "GET"] {
            let request = Request::builder().method(method).uri(path).body(Body::empty());
            let page = ask(scene, router.clone(), request).await;
            for button in buttons(&page.body) {
                ask(scene, router.clone(), Request::get(button).body(Body::empty())).await;
            }
        }
    }
    if db.stats().closures != before {
        let words = format!("a scanner has changed something by following {:?}", mail.links);
        scene.blame("no_get_changes_state", words);
    }
}

/// What a program asks for that takes every form for a search: its address, and its fields behind it.
fn buttons(html: &str) -> Vec<String> {
    let forms = html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    forms.filter_map(button).collect()
}

fn button(form: &str) -> Option<String> {
    let action = attribute(form, "action")?;
    let fields = form.split("<input").skip(1).filter_map(|input| {
        Some(format!("{}={}", attribute(input, "name")?, attribute(input, "value").unwrap_or("on")))
    });
    let query = fields.collect::<Vec<_>>().join("&");
    Some(format!("{action}?{query}"))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_becomes_an_address() {
        let page = r#"<form method="post" action="/u/1/topic"><input type="hidden" name="a" value="b"><input name="c"></form>"#;
        assert_eq!(buttons(page), ["/u/1/topic?a=b&c=on"]);
        assert!(buttons("<p>no form</p>").is_empty());
    }
}
