//! `/a/settings/rules`: what the shop has decided about messages, in plain words.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::shop::{ParcelPolicy, Pressure, QuietHours};
use kernel::{Channel, Error, Kind, Policy, Result, Shop};
use serde::Serialize;
use settings::Section;
use staff::{Member, Permission};
use web::{Failure, Form, HtmlPage};

use super::{After, version_of};
use crate::door::{Door, fault_of, see_other};

/// What `admin/set-rules.html` is given as `page`.
#[derive(Debug, Serialize)]
struct RulesPage {
    fields: Fields,
    version: i64,
    is_set: bool,
    is_saved: bool,
    fault: Option<String>,
    /// What it comes to, in sentences.
    means: Vec<String>,
    hours: Vec<u8>,
}

#[derive(Clone, Debug, Serialize)]
struct Fields {
    channel: String,
    from: String,
    to: String,
    messages: String,
    days: String,
    holdout: String,
    /// Numbers about parcels, each with its name, what it says before and behind the field.
    parcels: Vec<ParcelField>,
}

/// One number about parcels.
#[derive(Clone, Debug, Serialize)]
struct ParcelField {
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    value: String,
}

/// Every number about parcels: its name in the form and in the file, what it is, and of what it counts.
const PARCELS: [(&str, &str, &str); 8] = [
    ("live_cap_hours", "Told as on its way, scanned or not, after", "hours"),
    ("digest_minutes", "Parcels of one order are one message within", "minutes"),
    ("unpacked_days", "Late when not packed within", "working days"),
    ("unscanned_days", "Wrong when a label is not scanned within", "working days"),
    ("silent_days", "Wrong when nothing is heard for", "working days"),
    ("lost_days", "Lost when nothing is heard for", "working days"),
    ("pickup_reminder_days", "Reminded to collect after", "days"),
    ("silence_days", "Late and unanswered, an order counts as cancelled after", "days; 0 for never"),
];

impl Fields {
    fn of(policy: &Policy) -> Self {
        Fields {
            channel: policy.default_channel.as_str().to_owned(),
            from: policy.quiet_hours.from.to_string(),
            to: policy.quiet_hours.to.to_string(),
            messages: policy.pressure.messages.to_string(),
            days: policy.pressure.days.to_string(),
            holdout: policy.holdout_percent.to_string(),
            parcels: parcel_fields(numbers_of(&policy.parcels).map(|number| number.to_string())),
        }
    }

    fn read(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Fields {
            channel: text("channel"),
            from: text("from"),
            to: text("to"),
            messages: text("messages"),
            days: text("days"),
            holdout: text("holdout"),
            parcels: parcel_fields(PARCELS.map(|(name, _, _)| text(name))),
        }
    }

    fn policy(&self) -> Result<Policy> {
        let policy = Policy {
            default_channel: Channel::parse(&self.channel)?,
            quiet_hours: QuietHours {
                from: number(&self.from, "The first quiet hour")?,
                to: number(&self.to, "The end of the quiet hours")?,
            },
            pressure: Pressure {
                messages: number(&self.messages, "The number of messages")?,
                days: number(&self.days, "The number of days")?,
            },
            holdout_percent: number(&self.holdout, "The share that is left alone")?,
            parcels: self.parcels()?,
        };
        policy.check()?;
        Ok(policy)
    }
}

impl Fields {
    fn parcels(&self) -> Result<ParcelPolicy> {
        let read = |place: usize| match self.parcels.get(place) {
            Some(field) => number(&field.value, field.label),
            None => Err(Error::internal("a number about parcels has no field")),
        };
        Ok(ParcelPolicy {
            live_cap_hours: read(0)?,
            digest_minutes: read(1)?,
            unpacked_days: read(2)?,
            unscanned_days: read(3)?,
            silent_days: read(4)?,
            lost_days: read(5)?,
            pickup_reminder_days: read(6)?,
            silence_days: read(7)?,
        })
    }
}

/// In the order of [`PARCELS`].
fn numbers_of(policy: &ParcelPolicy) -> [u16; 8] {
    let ParcelPolicy {
        live_cap_hours,
        digest_minutes,
        unpacked_days,
        unscanned_days,
        silent_days,
        lost_days,
        pickup_reminder_days,
        silence_days,
    } = *policy;
    [
        live_cap_hours,
        digest_minutes,
        unpacked_days,
        unscanned_days,
        silent_days,
        lost_days,
        pickup_reminder_days,
        silence_days,
    ]
}

fn parcel_fields(values: [String; 8]) -> Vec<ParcelField> {
    let field = |((name, label, unit), value)| ParcelField { name, label, unit, value };
    PARCELS.into_iter().zip(values).map(field).collect()
}

fn number<N: std::str::FromStr>(text: &str, what: &str) -> Result<N> {
    text.parse().map_err(|_| Error::invalid("policy", format!("{what} is a whole number.")))
}

/// What the rules come to, in sentences.
fn in_words(policy: &Policy) -> Vec<String> {
    let channel = match policy.default_channel {
        Channel::Email => "e-mail",
        Channel::Sms => "text",
    };
    let QuietHours { from, to } = policy.quiet_hours;
    let quiet = if from == to {
        "There are no quiet hours: messages leave at any time.".to_owned()
    } else {
        format!(
            "From {from:02}:00 to {to:02}:00, by the customer’s own clock, nobody gets texts, surveys or offers; they wait \
             until morning. What a customer has just asked for is answered at once."
        )
    };
    let Pressure { messages, days } = policy.pressure;
    let holdout = match policy.holdout_percent {
        0 => {
            "Nobody is left alone for comparison, so nothing can be said about what offers cause.".to_owned()
        }
        share => format!(
            "{share} of 100 customers get no offers at all, always the same ones, to see what offers cause."
        ),
    };
    vec![
        format!(
            "Who has not said how to be written to gets messages by {channel}. Who has, is written to that way."
        ),
        quiet,
        format!(
            "After {messages} messages in {days} days, surveys, tips and offers wait. What belongs to a purchase is always \
             sent, and counts."
        ),
        holdout,
        format!(
            "A parcel that is silent for {} working days is looked after by somebody of yours, and its customer hears \
             nothing that could wait; after {} it counts as lost.",
            policy.parcels.silent_days, policy.parcels.lost_days
        ),
    ]
}

/// `GET /a/settings/rules`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(after): Query<After>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let (policy, version, is_set) = stored(&door).await?;
    let page =
        RulesPage { version, is_set, is_saved: after.saved.is_some(), ..page(Fields::of(&policy), None) };
    Ok(door.page("admin/set-rules.html", "Rules", &page)?)
}

async fn stored(door: &Door) -> Result<(Policy, i64, bool)> {
    let read = door.db.read("settings.rules", |r| {
        let stored = settings::find::<Policy>(r, Section::Policy)?;
        let is_set = stored.value.is_some();
        Ok((stored.value.unwrap_or(r.wired::<Shop>()?.policy.clone()), stored.version, is_set))
    });
    read.await
}

fn page(fields: Fields, fault: Option<String>) -> RulesPage {
    let means = fields.policy().map(|policy| in_words(&policy)).unwrap_or_default();
    RulesPage { fields, version: 0, is_set: true, is_saved: false, fault, means, hours: (0..24).collect() }
}

/// `POST /a/settings/rules`: says what it comes to, saves it, or goes back to the file.
pub(crate) async fn change(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let (fields, version) = (Fields::read(&form), version_of(form.text("version")));
    let is_clearing = form.text("do") == "file";
    let policy = match fields.policy() {
        Ok(policy) => policy,
        Err(_) if is_clearing => Policy::default(),
        Err(error) => {
            return Ok(again(
                &door,
                fields,
                version,
                Some(fault_of(error)?),
                StatusCode::UNPROCESSABLE_ENTITY,
            )?);
        }
    };
    if form.text("do") == "look" {
        return Ok(again(&door, fields, version, None, StatusCode::OK)?);
    }
    let saved = door.db.write("settings.save_rules", move |w| {
        if is_clearing {
            return settings::clear(w, Section::Policy, version, &member.id);
        }
        settings::save(w, Section::Policy, &policy, version, &member.id)
    });
    match saved.await {
        Ok(()) => Ok(see_other("/a/settings/rules?saved=1", None)?),
        Err(error) if error.kind() == Kind::Conflict => {
            let (_, newest, _) = stored(&door).await?;
            Ok(again(&door, fields, newest, Some(error.words().to_owned()), StatusCode::CONFLICT)?)
        }
        Err(error) => Err(error.into()),
    }
}

fn again(
    door: &Door,
    fields: Fields,
    version: i64,
    fault: Option<String>,
    status: StatusCode,
) -> Result<Response> {
    let page = RulesPage { version, is_set: version > 0, ..page(fields, fault) };
    Ok(door.page("admin/set-rules.html", "Rules", &page)?.status(status).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_go_through_the_form_unchanged() {
        let parcels = ParcelPolicy { silent_days: 7, lost_days: 20, ..ParcelPolicy::default() };
        let policy =
            Policy { holdout_percent: 5, default_channel: Channel::Sms, parcels, ..Policy::default() };
        assert_eq!(Fields::of(&policy).policy().unwrap(), policy);
    }

    #[test]
    fn what_can_not_be_meant_is_said() {
        let with = |change: fn(&mut Fields)| {
            let mut fields = Fields::of(&Policy::default());
            change(&mut fields);
            fields.policy().unwrap_err().words().to_owned()
        };
        assert!(with(|fields| fields.from = "24".into()).contains("0 to 23"));
        assert!(with(|fields| fields.messages = "0".into()).contains("at least one message"));
        assert!(with(|fields| fields.days = "a week".into()).contains("whole number"));
        assert!(with(|fields| fields.holdout = "-1".into()).contains("whole number"));
        assert!(with(|fields| fields.parcels[5].value = "3".into()).contains("lost_days"));
        assert!(!with(|fields| fields.channel = "pigeon".into()).is_empty());
    }

    #[test]
    fn the_sentences_follow_the_numbers() {
        let words = |policy: &Policy| in_words(policy).join(" ");
        let quiet = Policy { quiet_hours: QuietHours { from: 22, to: 7 }, ..Policy::default() };
        assert!(words(&quiet).contains("From 22:00 to 07:00"));
        let never =
            Policy { quiet_hours: QuietHours { from: 8, to: 8 }, holdout_percent: 10, ..Policy::default() };
        assert!(words(&never).contains("no quiet hours") && words(&never).contains("10 of 100"));
    }
}
