//! `/a/parked`: work that is out of tries, and whatever else waits for a person; tried again or given up.
//!
//! Who parks something says how it is listed, tried again and given up, as a [`Parking`]; the binary lists them.

mod jobs_parking;
mod parking;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Read;
use kernel::{Error, Kind, Result, Shop, ShopClock, Timestamp};
use serde::{Deserialize, Serialize};
use staff::{Member, Permission, note};
use web::{Failure, Form, HtmlPage, see_other};

use crate::door::Door;

pub use self::jobs_parking::{Discard, ParkedJobs, WorkKind};
pub use self::parking::{KindCount, Parking, Parkings, Piece, Reason, Subject};

/// Pieces of each sort on one page.
const PER_PAGE: usize = 50;
/// No more are counted than are worth counting.
const MOST_COUNTED: i64 = 1_001;
/// Writes that one "try all again" takes at most; each of them is bounded.
const MOST_WRITES: u32 = 200;

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    show: Option<String>,
    after: Option<String>,
    done: Option<String>,
}

#[derive(Debug, Serialize)]
struct ParkedPage {
    sections: Vec<Section>,
    is_empty: bool,
    /// Whether whoever looks may try all of a kind again, and give up.
    may_decide: bool,
    reasons: Vec<(&'static str, &'static str)>,
    done: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Section {
    word: &'static str,
    title: &'static str,
    kinds: Vec<KindCount>,
    rows: Vec<PieceRow>,
    older: Option<String>,
    newest: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct PieceRow {
    id: String,
    what: String,
    href: Option<String>,
    why: String,
    at: String,
    when: String,
    /// What is lost when it is given up.
    loses: Option<&'static str>,
    /// Why it can't be given up.
    keeps: Option<&'static str>,
}

/// How many pieces wait for a person, of every sort; none is counted beyond `most` of each.
pub fn count(r: &mut Read<'_>, most: i64) -> Result<i64> {
    let parkings = r.wired_arc::<Parkings>()?;
    parkings.0.iter().map(|parking| parking.count(r, most)).sum()
}

/// `GET /a/parked`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let may_decide = member.role.may(Permission::Configure);
    let after = asked.after.as_deref().map(cursor).transpose()?;
    let (show, done) = (asked.show, done(asked.done.as_deref()));
    let page = door.db.read("staff.parked", move |r| {
        let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
        let sections = sections(r, show.as_deref(), after)?;
        let is_empty = sections.iter().all(|section| section.rows.is_empty());
        let reasons = Reason::ALL.map(|reason| (reason.as_str(), reason.words())).to_vec();
        Ok(ParkedPage { sections, is_empty, may_decide, reasons, done })
    });
    Ok(door.page("admin/parked.html", "Parked work", &page.await?)?)
}

/// What a form has done, in words for the page it leads to.
fn done(word: Option<&str>) -> Option<&'static str> {
    Some(match word? {
        "again" => "It is tried again now. If it fails again, it comes back here.",
        "all" => "They are tried again now. What fails again comes back here.",
        "discarded" => "It is given up.",
        "gone" => "It was not parked any more; somebody else has seen to it.",
        _ => return None,
    })
}

/// Where a page ended: milliseconds and identifier.
fn cursor(text: &str) -> Result<(Timestamp, String)> {
    let nothing = || Error::not_found("There is no such page.");
    let (at, id) = text.split_once('.').ok_or_else(nothing)?;
    let at = at.parse().map_err(|_| nothing())?;
    let is_id = id.len() <= 40 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_id { Ok((Timestamp::from_ms(at), id.to_owned())) } else { Err(nothing()) }
}

fn sections(r: &mut Read<'_>, show: Option<&str>, after: Option<(Timestamp, &str)>) -> Result<Vec<Section>> {
    let parkings = r.wired_arc::<Parkings>()?;
    let shown = parkings.0.iter().filter(|parking| show.is_none_or(|word| word == parking.word()));
    shown.map(|parking| section(r, &**parking, after)).collect()
}

fn section(r: &mut Read<'_>, parking: &dyn Parking, after: Option<(Timestamp, &str)>) -> Result<Section> {
    let mut pieces = parking.page(r, after, PER_PAGE as i64 + 1)?;
    let is_more = pieces.len() > PER_PAGE;
    pieces.truncate(PER_PAGE);
    let kinds = parking.kinds(r, MOST_COUNTED)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let last = pieces.last().filter(|_| is_more);
    let older = last
        .map(|last| format!("/a/parked?show={}&after={}.{}", parking.word(), last.parked_at.ms(), last.id));
    Ok(Section {
        word: parking.word(),
        title: parking.title(),
        kinds,
        rows: pieces.into_iter().map(|piece| row(piece, &clock)).collect(),
        older,
        newest: after.map(|_| "/a/parked"),
    })
}

fn row(piece: Piece, clock: &ShopClock<'_>) -> PieceRow {
    PieceRow {
        id: piece.id,
        what: piece.what,
        href: piece.href,
        why: piece.why,
        at: piece.parked_at.to_string(),
        when: clock.short(piece.parked_at),
        loses: piece.discarded.ok(),
        keeps: piece.discarded.err(),
    }
}

/// The parking that an address names.
fn named(door: &Door, word: &str) -> Result<Arc<dyn Parking>> {
    let parkings = door.db.wiring().get_arc::<Parkings>()?;
    let found = parkings.0.iter().find(|parking| parking.word() == word);
    found.cloned().ok_or_else(|| Error::not_found("Nothing of that sort is ever parked."))
}

/// `POST /a/parked/{sort}/again`, with the `id` of one piece.
pub(crate) async fn try_again(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(sort): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Serve)?;
    let (parking, id) = (named(&door, &sort)?, form.text("id").to_owned());
    let write = door.db.write("staff.try_again", move |w| match parking.try_again(w, &id)? {
        Some((kind, id)) => {
            note(w, Some(&member.id), "parked.tried_again", (&kind, &id), None, None)?;
            Ok("again")
        }
        None => Ok("gone"),
    });
    Ok(see_other(&format!("/a/parked?done={}", write.await?))?)
}

/// `POST /a/parked/{sort}/all-again`, with a `kind`. In bounded writes; what is parked anew meanwhile stays.
pub(crate) async fn try_all_again(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(sort): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let parking = named(&door, &sort)?;
    let parked_before = door.db.now();
    for _ in 0..MOST_WRITES {
        let (parking, by, kind) = (parking.clone(), member.id.clone(), form.text("kind").to_owned());
        let write = door.db.write("staff.try_all_again", move |w| {
            let count = parking.try_all_again(w, &kind, parked_before)?;
            if count > 0 {
                let (subject, after) = ((parking.word(), kind.as_str()), format!("{count} at once"));
                note(w, Some(&by), "parked.tried_again", subject, None, Some(&after))?;
            }
            Ok(count)
        });
        if write.await? == 0 {
            break;
        }
    }
    Ok(see_other("/a/parked?done=all")?)
}

/// `POST /a/parked/{sort}/discard`, with the `id` of one piece and a `reason`.
pub(crate) async fn discard(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(sort): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let (parking, id, reason) =
        (named(&door, &sort)?, form.text("id").to_owned(), Reason::parse(form.text("reason"))?);
    let write = door.db.write("staff.discard", move |w| match parking.discard(w, &id, reason)? {
        Some((kind, id)) => {
            let subject = (kind.as_str(), id.as_str());
            note(w, Some(&member.id), "parked.discarded", subject, None, Some(reason.words()))?;
            Ok("discarded")
        }
        None => Ok("gone"),
    });
    Ok(see_other(&format!("/a/parked?done={}", write.await?))?)
}

/// Refuses to give something up that has to come to its end.
#[track_caller]
pub(crate) fn must_end(why: &'static str) -> Error {
    Error::new(Kind::Conflict, "must_end", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_time_and_an_identifier() {
        let (at, id) = cursor("1800000000000.job_1").unwrap();
        assert_eq!((at.ms(), id.as_str()), (1_800_000_000_000, "job_1"));
        for wrong in ["", "1800000000000", "x.job_1", "1.job 1", "1.'", &format!("1.{}", "a".repeat(41))] {
            assert!(cursor(wrong).is_err(), "{wrong}");
        }
    }
}
