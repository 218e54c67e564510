//! Doing something with messages: one, or several of a list.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Write;
use kernel::{Error, MessageId, Result};
use staff::Member;
use web::filters::Asked;
use web::{Failure, Form, see_other};

use super::view::{Flash, MessagePage};
use super::{Door, message_page, rows};
use crate::actions::{Acted, Action, WhyNot, act};
use crate::inbox::view::View;

/// Messages of one page of the list.
const MOST_AT_ONCE: usize = 50;

/// `POST /a/messages/{id}/act`.
pub(super) async fn on_one(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let (id, action) = (MessageId::parse(&id)?, asked_for(&form)?);
    let acting = id.clone();
    let acted = door.db.write("messaging.act", move |w| act_and_note(w, &acting, action, &member)).await?;
    let why_not = match acted {
        Ok(Acted { goes_on_as }) => {
            return Ok(see_other(&format!("/a/messages/{goes_on_as}?did={}", action.as_str()))?);
        }
        Err(why_not) => why_not,
    };
    let page = door.db.read("messaging.logged", move |r| message_page(r, &id, View::Html)).await?;
    let flash = Some(Flash { tone: "bad", words: why_not.words().to_owned() });
    let page = door.message_page(&MessagePage { flash, ..page })?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// `POST /a/messages/act`: each by itself, and what can't be done with one keeps no other.
pub(super) async fn on_many(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let (action, ids) = (asked_for(&form)?, picked(&form)?);
    let acted = door
        .db
        .write("messaging.act_on_many", move |w| {
            let mut done = 0usize;
            for id in &ids {
                done += usize::from(act_and_note(w, id, action, &member)?.is_ok());
            }
            Ok((done, ids.len() - done))
        })
        .await?;
    let query = form.text("query").to_owned();
    let back =
        door.db.read("messaging.back", move |r| Ok(rows::filters_of_query(r, &query)?.query())).await?;
    let (done, not) = acted;
    let list = if back.is_empty() { String::new() } else { format!("{back}&") };
    Ok(see_other(&format!("{}?{list}did={}&n={done}&not={not}", rows::PATH, action.as_str()))?)
}

fn act_and_note(
    w: &mut Write<'_>,
    id: &MessageId,
    action: Action,
    member: &Member,
) -> Result<std::result::Result<Acted, WhyNot>> {
    let acted = act(w, id, action, member.id.as_str())?;
    if let Ok(acted) = &acted {
        let after = (acted.goes_on_as != *id).then(|| acted.goes_on_as.as_str());
        staff::note(w, Some(&member.id), action.audited(), ("message", id.as_str()), None, after)?;
    }
    Ok(acted)
}

fn asked_for(form: &Form) -> Result<Action> {
    let unknown = || Error::invalid("unknown_action", "Choose what to do with the messages.");
    Action::parse(form.text("do")).ok_or_else(unknown)
}

/// The boxes that were ticked, or everything on the page.
fn picked(form: &Form) -> Result<Vec<MessageId>> {
    let ids: Vec<&str> = match form.has("all") {
        true => form.text("on_page").split(' ').filter(|id| !id.is_empty()).collect(),
        false => form.all("pick").collect(),
    };
    if ids.len() > MOST_AT_ONCE {
        return Err(Error::invalid("too_many", "Choose at most fifty messages at once."));
    }
    let mut ids = ids.into_iter().map(MessageId::parse).collect::<Result<Vec<_>>>()?;
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// What was just done with one message.
pub(super) fn flash_of_one(did: &str) -> Option<Flash> {
    let words = match Action::parse(did)? {
        Action::DecideAgain => "It is decided again now. Look again in a moment.",
        Action::TryAgain => "This message says it again. It is on its way.",
        Action::Cancel => "It is cancelled. Nobody gets it.",
        Action::Release => "It is let go, and on its way.",
    };
    Some(Flash { tone: "ok", words: words.to_owned() })
}

/// What was just done with several: only numbers and known words of the address are said.
pub(super) fn flash_of_many(asked: &Asked) -> Option<Flash> {
    let action = Action::parse(asked.get("did")?)?;
    let number = |name: &str| asked.get(name).and_then(|n| n.parse::<u8>().ok()).unwrap_or(0);
    Some(told(action, number("n"), number("not")))
}

fn told(action: Action, done: u8, not: u8) -> Flash {
    let messages = |n: u8| if n == 1 { "1 message".to_owned() } else { format!("{n} messages") };
    let words = match (done, not) {
        (0, 0) => return Flash { tone: "warn", words: "Tick the messages first.".to_owned() },
        (done, 0) => format!("{} {}.", messages(done), action.done()),
        (0, not) => {
            format!(
                "Nothing was {}: {} can’t be, and each says why on its page.",
                action.done(),
                messages(not)
            )
        }
        (done, not) => format!(
            "{} {}. {} can’t be, and each says why on its page.",
            messages(done),
            action.done(),
            messages(not)
        ),
    };
    Flash { tone: if not == 0 { "ok" } else { "warn" }, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_in_a_sentence() {
        for (done, not, words) in [
            (0, 0, "Tick the messages first."),
            (1, 0, "1 message cancelled."),
            (3, 0, "3 messages cancelled."),
            (0, 2, "Nothing was cancelled: 2 messages can’t be, and each says why on its page."),
            (3, 1, "3 messages cancelled. 1 message can’t be, and each says why on its page."),
        ] {
            assert_eq!(told(Action::Cancel, done, not).words, words);
        }
    }

    #[test]
    fn an_address_that_somebody_made_up_says_nothing() {
        let asked = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(flash_of_many(&asked(&[("did", "<script>"), ("n", "3")])), None);
        let odd = flash_of_many(&asked(&[("did", "cancel"), ("n", "<b>"), ("not", "999")]));
        assert_eq!(odd.unwrap().words, "Tick the messages first.");
        assert_eq!(flash_of_one("nothing"), None);
    }
}
