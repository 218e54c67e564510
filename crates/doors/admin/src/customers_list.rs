//! `/a/customers`: who they are, under filters, and as a file.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use customers::{Answer, KnownSince, is_granted};
use db::Read;
use db::walk::{Bounds, Walked, walk};
use jobs::tasks::{self, Chunk, FileKind, TaskKind, Work};
use kernel::{Channel, CustomerId, Error, Kind, Locale, Purpose, Result, Shop, ShopClock, csv};
use messaging::Wording;
use serde::Serialize;
use serde_json::{Value, json};
use staff::{Member, Permission};
use web::filters::{Asked, Bar, FilterField, Filters, LOOKED_AT};
use web::{Failure, Form, HtmlPage};

use crate::door::{Door, see_other};
use crate::people::CustomerRow;
use crate::views::named_views;

const PATH: &str = "/a/customers";
/// Customers on one page of the list.
const PER_PAGE: usize = 50;
/// The kind of task that makes the file.
const EXPORT: &str = "customers.export";

/// The long work of this page.
pub(crate) const TASK: TaskKind = TaskKind {
    name: EXPORT,
    title: "Customers as a file",
    things: "customers",
    file: Some(FileKind { name: "customers.csv", header }),
    count,
    work: Work::Reads(chunk),
};

/// What `admin/customers.html` is given as `page`.
#[derive(Debug, Serialize)]
struct CustomersPage {
    bar: Bar,
    rows: Vec<CustomerRow>,
    nothing: &'static str,
    looked_until: Option<String>,
    older: Option<String>,
    newest: Option<String>,
    may_export: bool,
}

fn fields(r: &mut Read<'_>) -> Result<Vec<FilterField>> {
    let answers = [("yes", "Yes"), ("no", "No, or never asked")];
    let countries = customers::countries(r)?;
    let (words, english) = (r.wired_arc::<Wording>()?, Locale::parse("en")?);
    let named = |code: String| (code.clone(), words.catalogue().country(&english, &code));
    let mut countries: Vec<_> = countries.into_iter().map(named).collect();
    countries.sort_by(|(_, a), (_, b)| a.cmp(b));
    Ok(vec![
        FilterField::one_of("email", "Marketing by e-mail", answers),
        FilterField::one_of("sms", "Marketing by text", answers),
        FilterField::one_of("orders", "Has ordered", [("yes", "Yes"), ("no", "Never")]),
        FilterField::one_of("country", "Country", countries),
        FilterField::day("from", "Known from"),
        FilterField::day("to", "Known until"),
    ])
}

/// Whom somebody looks for.
struct Wanted {
    known: KnownSince,
    email: Option<bool>,
    sms: Option<bool>,
    orders: Option<bool>,
}

impl Wanted {
    fn of(r: &Read<'_>, filters: &Filters) -> Result<Self> {
        let (from, until) = filters.span("from", "to", &r.wired::<Shop>()?.zone);
        let yes = |name: &str| filters.value(name).map(|answer| answer == "yes");
        Ok(Wanted {
            known: KnownSince::between(from, until).in_country(filters.value("country")),
            email: yes("email"),
            sms: yes("sms"),
            orders: yes("orders"),
        })
    }

    fn walked(
        &self,
        r: &mut Read<'_>,
        after: Option<&CustomerId>,
        bounds: Bounds,
    ) -> Result<Walked<CustomerId>> {
        walk(bounds, after.cloned(), |behind, limit| {
            let ids = customers::ids_behind(r, &self.known, behind, limit as i64)?;
            let fits = self.fits(r, &ids)?;
            Ok(ids.into_iter().zip(fits).collect())
        })
    }

    /// Which of a stretch fit: what is asked of each of them is read for all of them at once.
    fn fits(&self, r: &mut Read<'_>, ids: &[CustomerId]) -> Result<Vec<bool>> {
        let (Some(newest), Some(oldest)) = (ids.first(), ids.last()) else { return Ok(Vec::new()) };
        let mut fits = vec![true; ids.len()];
        if self.orders.is_some() {
            let ordered = orders::staff::customers_with_orders(r, oldest, newest)?;
            keep(&mut fits, ids, |id| self.orders == Some(ordered.contains(id)));
        }
        if self.email.is_some() || self.sms.is_some() {
            let said = customers::consents_between(r, oldest, newest)?;
            let is_as_wanted = |wanted: Option<bool>, id: &CustomerId, channel: Channel| {
                let yes =
                    said.get(id).is_some_and(|answers| is_granted(answers, channel, Purpose::Marketing));
                wanted.is_none_or(|wanted| wanted == yes)
            };
            keep(&mut fits, ids, |id| {
                is_as_wanted(self.email, id, Channel::Email) && is_as_wanted(self.sms, id, Channel::Sms)
            });
        }
        Ok(fits)
    }
}

fn keep(fits: &mut [bool], ids: &[CustomerId], wanted: impl Fn(&CustomerId) -> bool) {
    for (fit, id) in fits.iter_mut().zip(ids) {
        *fit = *fit && wanted(id);
    }
}

/// `GET /a/customers`.
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let after = asked.get("older").map(|id| CustomerId::parse(id)).transpose()?;
    let page =
        door.db.read("staff.customers", move |r| customers_page(r, &member, &asked, after.as_ref())).await?;
    let status = if page.bar.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(door.page("admin/customers.html", "Customers", &page)?.status(status))
}

fn customers_page(
    r: &mut Read<'_>,
    member: &Member,
    asked: &Asked,
    after: Option<&CustomerId>,
) -> Result<CustomersPage> {
    let filters = Filters::read(PATH, fields(r)?, asked);
    // Without a filter everything that is read fits, and no more is read than is shown.
    let stretch = if filters.any() { 1_000 } else { PER_PAGE + 1 };
    let bounds = Bounds { stretch, most_looked_at: LOOKED_AT, most_kept: PER_PAGE + 1 };
    let found = Wanted::of(r, &filters)?.walked(r, after, bounds)?.page(PER_PAGE);
    let mut listed = Vec::with_capacity(found.rows.len());
    for id in &found.rows {
        listed.push(customers::listed(r, id)?);
    }
    let views = staff::views(r, member, "customers")?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let looked_until = found.older.as_ref().filter(|_| found.is_cut);
    let looked_until = looked_until.and_then(|id| kernel::ids::made_at(id.as_str()));
    Ok(CustomersPage {
        nothing: nothing(filters.any(), found.is_cut),
        rows: listed.iter().map(|listed| CustomerRow::of(listed, &clock)).collect(),
        looked_until: looked_until.map(|at| clock.short(at)),
        older: found.older.as_ref().map(|id| filters.href(Some(("older", id.as_str())))),
        newest: after.map(|_| filters.href(None)),
        may_export: member.role.may(Permission::Export),
        bar: filters.bar("customers", named_views(views, member)),
    })
}

fn nothing(is_filtered: bool, is_cut: bool) -> &'static str {
    match (is_filtered, is_cut) {
        (_, true) => "None of those that were looked at fit these filters.",
        (true, false) => "No customer fits all of these filters.",
        (false, false) => "No customers yet. They show here with their first order.",
    }
}

/// `POST /a/customers/export`.
pub(crate) async fn export(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    if !member.role.may(Permission::Export) {
        let words = "Only a manager takes customers’ data out of the shop. Ask one of them.";
        return Err(Error::new(Kind::Forbidden, "not_allowed", words).into());
    }
    let query = form.text("query").to_owned();
    let query = door
        .db
        .read("staff.filters", move |r| Ok(Filters::from_query(PATH, fields(r)?, &query).query()))
        .await?;
    let task = door
        .db
        .write("staff.export", move |w| {
            let task = tasks::start(w, EXPORT, &json!({ "query": query }), Some(member.id.as_str()))?;
            let subject = ("task", task.as_str());
            staff::note(w, Some(&member.id), "customers.exported", subject, None, Some(&query))?;
            Ok(task)
        })
        .await?;
    Ok(see_other(&format!("/a/tasks/{task}"), None)?)
}

const COLUMNS: [&str; 9] = [
    "id",
    "name",
    "emails",
    "phones",
    "language",
    "known_since",
    "preferred_channel",
    "marketing_email",
    "marketing_sms",
];

fn header() -> String {
    csv::line(&COLUMNS)
}

fn filters_of(r: &mut Read<'_>, spec: &Value) -> Result<Filters> {
    Ok(Filters::from_query(PATH, fields(r)?, spec.get("query").and_then(Value::as_str).unwrap_or_default()))
}

fn count(r: &mut Read<'_>, spec: &Value) -> Result<i64> {
    let filters = filters_of(r, spec)?;
    let wanted = Wanted::of(r, &filters)?;
    customers::count_known(r, &wanted.known)
}

fn chunk(r: &mut Read<'_>, spec: &Value, cursor: Option<&str>) -> Result<Chunk> {
    const BOUNDS: Bounds = Bounds { stretch: 200, most_looked_at: 1_000, most_kept: 200 };
    let after = cursor.filter(|cursor| !cursor.is_empty()).map(CustomerId::parse).transpose()?;
    let filters = filters_of(r, spec)?;
    let walked = Wanted::of(r, &filters)?.walked(r, after.as_ref(), BOUNDS)?;
    let mut content = String::new();
    for id in &walked.kept {
        content.push_str(&line(r, id)?);
    }
    Ok(Chunk {
        content,
        written: walked.kept.len() as u32,
        done: walked.looked_at as u32,
        is_last: walked.goes_on_behind.is_none(),
        cursor: walked.goes_on_behind.map(|id| id.as_str().to_owned()).unwrap_or_default(),
        faults: Vec::new(),
    })
}

fn line(r: &mut Read<'_>, id: &CustomerId) -> Result<String> {
    let person = customers::find(r, id)?.ok_or_else(|| Error::internal("a listed customer that is gone"))?;
    let reached = |channel: Channel| {
        let points = person.contact_points.iter().filter(|point| point.channel == channel);
        points.map(|point| point.address.as_str()).collect::<Vec<_>>().join(" ")
    };
    Ok(csv::line(&[
        person.id.as_str(),
        person.name.as_deref().unwrap_or_default(),
        &reached(Channel::Email),
        &reached(Channel::Sms),
        person.locale.as_ref().map_or("", |locale| locale.as_str()),
        &person.created_at.to_string(),
        person.preferred_channel.map_or("", Channel::as_str),
        said(&person.consents, Channel::Email),
        said(&person.consents, Channel::Sms),
    ]))
}

/// What counts of what they said, in the words that an import of consents reads.
fn said(answers: &[Answer], channel: Channel) -> &'static str {
    let asked =
        |answer: &&Answer| answer.consent.channel == channel && answer.consent.purpose == Purpose::Marketing;
    match answers.iter().find(asked).map(|answer| answer.consent.granted) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}
