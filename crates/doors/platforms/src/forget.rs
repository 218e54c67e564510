//! What the inbox of webhooks knows of a person, and how it is forgotten.
//!
//! A raw body names whom it likes, so the inbox is searched from end to end: for the person's addresses, and for what
//! their orders were made of.

use std::collections::BTreeSet;

use customers::{Forgot, Knowledge, Subject, rows_of};
use db::{Write, params};
use kernel::Result;

use crate::WebhookId;
use crate::store::{self, SEARCH_WEBHOOKS, TELL_WEBHOOKS};

/// As many bodies are looked at in one write.
const AT_ONCE: i64 = 100;
/// Sorts behind every identifier of a webhook: the search is over.
const BEHIND_ALL: &str = "~";

/// The inbox.
pub const KNOWLEDGE: &[Knowledge] =
    &[Knowledge { table: "webhooks", tell: |r, s| rows_of(r, s, &TELL_WEBHOOKS), forget: Some(forget) }];

fn forget(w: &mut Write<'_>, subject: &Subject) -> Result<Forgot> {
    let from = subject.searched_to.as_deref().unwrap_or_default();
    if from == BEHIND_ALL {
        return Ok(Forgot::All);
    }
    let needles = needles(subject);
    let rows = w.rows(&SEARCH_WEBHOOKS, params![from, AT_ONCE])?;
    for row in &rows {
        let body: Vec<u8> = row.get("body")?;
        let whose: Option<String> = row.get("customer_id")?;
        let is_theirs = whose.is_some_and(|whose| subject.ids.iter().any(|id| id.as_str() == whose));
        if !body.is_empty() && (is_theirs || names(&body, &needles)) {
            store::blank(w, &WebhookId::stored(row.get("id")?))?;
        }
    }
    let last: Option<String> = rows.last().map(|row| row.get("id")).transpose()?;
    let is_more = rows.len() as i64 == AT_ONCE;
    Ok(Forgot::More(Some(last.filter(|_| is_more).unwrap_or_else(|| BEHIND_ALL.to_owned()))))
}

/// What a body would call them: each address as it was told and as it is compared, a number also without its plus.
fn needles(subject: &Subject) -> Vec<String> {
    let mut needles = BTreeSet::new();
    for (_, address, key) in &subject.addresses {
        needles.extend([address.to_lowercase(), key.to_lowercase()]);
        needles.extend(key.strip_prefix('+').map(str::to_owned));
    }
    needles.into_iter().filter(|needle| needle.len() >= 6).collect()
}

fn names(body: &[u8], needles: &[String]) -> bool {
    let body = String::from_utf8_lossy(body).to_lowercase();
    needles.iter().any(|needle| body.contains(needle.as_str()))
}

#[cfg(test)]
mod tests {
    use kernel::Channel;

    use super::*;

    #[test]
    fn a_body_that_names_an_address_in_any_spelling_is_found() {
        let subject = Subject {
            ids: Vec::new(),
            addresses: vec![
                (Channel::Email, "Amina@Example.test".to_owned(), "amina@example.test".to_owned()),
                (Channel::Sms, "+447700900123".to_owned(), "+447700900123".to_owned()),
            ],
            searched_to: None,
        };
        let needles = needles(&subject);
        for body in ["{\"email\":\"AMINA@example.TEST\"}", "x 447700900123 y", "\u{fffd}+447700900123"] {
            assert!(names(body.as_bytes(), &needles), "{body}");
        }
        assert!(!names(b"{\"email\":\"mina@example.test\"}", &needles));
    }
}
