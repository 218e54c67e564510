//! `/a`: what needs a person today.

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use db::Read;
use kernel::{Result, Shop, ShopClock};
use serde::Serialize;
use staff::Member;
use timeline::Card;
use web::{Failure, HtmlPage};

use crate::door::Door;
use crate::guide::{self, Guide};
use crate::parked;

/// No more are counted than are worth counting.
const MOST_COUNTED: i64 = 1_001;
/// Of how long the trouble is told.
const LATELY: Duration = Duration::from_secs(7 * 86_400);
/// Events on the page.
const LATEST: i64 = 15;

#[derive(Debug, Serialize)]
struct HomePage {
    name: String,
    /// How far setting up has got, until it is done or put away.
    guide: Option<Guide>,
    needs: Vec<Need>,
    numbers: Vec<Number>,
    events: Vec<Card>,
}

/// Something that waits for a person.
#[derive(Debug, Serialize)]
struct Need {
    tone: &'static str,
    word: &'static str,
    what: String,
    /// The page that helps.
    href: &'static str,
}

/// A number that says what it counts.
#[derive(Debug, Serialize)]
struct Number {
    value: String,
    what: &'static str,
}

/// `GET /a`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    let page = door.db.read("staff.home", move |r| home(r, &member)).await?;
    Ok(door.page("admin/home.html", "Home", &page)?)
}

fn home(r: &mut Read<'_>, member: &Member) -> Result<HomePage> {
    let since = r.now - LATELY;
    let (trouble, held) = messaging::log::that_need_a_look(r, since, MOST_COUNTED)?;
    let parked = parked::count(r, MOST_COUNTED)?;
    let events = timeline::latest(r, LATEST)?;
    let guide = guide::for_home(r, member)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(HomePage {
        name: member.name.clone(),
        guide,
        needs: needs(trouble, parked),
        numbers: vec![
            Number { value: counted(trouble), what: "messages in trouble, of the last seven days" },
            Number { value: counted(held), what: "messages held back at this moment" },
            Number { value: counted(parked), what: "pieces of work that wait for a person" },
        ],
        events: timeline::cards(&events, &clock),
    })
}

fn needs(trouble: i64, parked: i64) -> Vec<Need> {
    let mut needs = Vec::new();
    if trouble > 0 {
        let what = format!("{} could not be delivered, or is late", of(trouble, "message"));
        needs.push(Need { tone: "bad", word: "Look", what, href: "/a/messages?show=trouble" });
    }
    if parked > 0 {
        let what = format!("{} could not be done and waits for somebody", of(parked, "piece of work"));
        needs.push(Need { tone: "warn", word: "Fix", what, href: "/a/parked" });
    }
    needs
}

fn of(count: i64, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        _ => format!("{} × {thing}", counted(count)),
    }
}

fn counted(count: i64) -> String {
    if count >= MOST_COUNTED { "1,000+".to_owned() } else { count.to_string() }
}
