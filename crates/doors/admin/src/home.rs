//! `/a`: what needs a person today.

mod parcels;

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use db::Read;
use kernel::{Result, Shop, ShopClock};
use messaging::SentByDay;
use serde::Serialize;
use staff::{Member, Role};
use timeline::Card;
use web::chart::{Spark, grouped};
use web::{Failure, HtmlPage};

use crate::door::Door;
use crate::guide::{self, Guide};
use crate::parked;

/// No more are counted than are worth counting.
const MOST_COUNTED: i64 = 1_001;
/// Of how long the trouble is told.
const LATELY: Duration = Duration::from_secs(7 * 86_400);
/// Days in the picture of what was sent.
const DAYS: usize = 30;
/// Events on the page.
const LATEST: i64 = 15;

/// What a crate that this door does not know finds that waits for a person. Wired into the database handle; the binary
/// lists them.
pub struct Needs(pub Vec<FindNeed>);

/// Looks whether there is such a thing, for somebody of this role.
pub type FindNeed = Box<dyn Fn(&mut Read<'_>, Role) -> Result<Option<Need>> + Send + Sync>;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// `warn` or `bad`.
    pub tone: &'static str,
    /// The same in a word.
    pub word: &'static str,
    /// What it is, in a sentence.
    pub what: String,
    /// The page that helps.
    pub href: String,
}

/// A number that says what it counts.
#[derive(Debug, Serialize)]
struct Number {
    value: String,
    what: &'static str,
    /// How it came about day by day: a small picture, and the words that say the same.
    course: Option<(Spark, String)>,
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
    let sent = messaging::sent_by_day(r, DAYS)?;
    let mut needs = needs(trouble, parked);
    needs.extend(parcels::needs(&shipments::open::waiting(r, MOST_COUNTED)?));
    for find in &r.wired_arc::<Needs>()?.0 {
        needs.extend(find(r, member.role)?);
    }
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(HomePage {
        name: member.name.clone(),
        guide,
        needs,
        numbers: vec![
            number(counted(trouble), "messages in trouble, of the last seven days"),
            number(counted(held), "messages held back at this moment"),
            number(counted(parked), "pieces of work that wait for a person"),
            sent_number(&sent),
        ],
        events: timeline::cards(&events, &clock),
    })
}

fn number(value: String, what: &'static str) -> Number {
    Number { value, what, course: None }
}

/// How many messages providers have taken in a month, and how that went.
fn sent_number(sent: &SentByDay) -> Number {
    let by_day: Vec<u64> = sent.days.iter().map(|day| day.sent).collect();
    let more = if sent.is_more { "+" } else { "" };
    let today = by_day.last().copied().unwrap_or_default();
    let before = by_day.len().checked_sub(2).and_then(|nth| by_day.get(nth)).copied().unwrap_or_default();
    let words = format!("Today {}{more}, yesterday {}", grouped(today), grouped(before));
    Number {
        value: format!("{}{more}", grouped(by_day.iter().sum())),
        what: "messages sent in thirty days",
        course: Some((Spark::of(&by_day), words)),
    }
}

fn needs(trouble: i64, parked: i64) -> Vec<Need> {
    let mut needs = Vec::new();
    if trouble > 0 {
        let what = format!("{} could not be delivered, or is late", of(trouble, "message"));
        needs.push(Need { tone: "bad", word: "Look", what, href: "/a/messages?show=trouble".to_owned() });
    }
    if parked > 0 {
        let what = format!("{} could not be done and waits for somebody", of(parked, "piece of work"));
        needs.push(Need { tone: "warn", word: "Fix", what, href: "/a/parked".to_owned() });
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

#[cfg(test)]
mod tests {
    use messaging::Day;

    use super::*;

    #[test]
    fn what_was_sent_is_said_beside_its_picture() {
        let day = |nth: i8, sent| Day { date: date(nth), sent, mails: 0, mails_refused: 0 };
        let said = |days: Vec<Day>, is_more| {
            let number = sent_number(&SentByDay { days, counted_until: None, is_more });
            (number.value, number.course.unwrap().1)
        };
        let both = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        assert_eq!(
            said(vec![day(1, 1_000), day(2, 30), day(3, 4)], false),
            both("1,034", "Today 4, yesterday 30")
        );
        assert_eq!(
            said(vec![day(2, 30), day(3, 10_000)], true),
            both("10,030+", "Today 10,000+, yesterday 30")
        );
        assert_eq!(said(vec![day(3, 0)], false), both("0", "Today 0, yesterday 0"));
    }

    fn date(day: i8) -> kernel::Date {
        kernel::time::parse_date(&format!("2026-11-{day:02}")).unwrap()
    }
}
