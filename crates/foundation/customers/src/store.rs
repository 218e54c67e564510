//! Customers, in and out.

use db::{PersonalTable, Read, Row, SqlFile, Write, params};
use kernel::{Channel, CustomerId, Email, Error, Locale, Phone, Result, Timestamp, Zone, id_type};

use crate::OwnHours;
use crate::consent::{self, Answer};
use crate::identity::{Known, Match, identify};
use crate::merge::{self, unite};
use crate::{account, choices, erase, imported, known, ledger, limits, names, notes, pause, suppression};

db::sql_file!(pub STORE = "store.sql" {
    INSERT_CUSTOMER = "insert_customer",
    INSERT_PROFILE = "insert_profile",
    UPDATE_PROFILE = "update_profile",
    UPDATE_CUSTOMER = "update_customer",
    FILL_PROFILE = "fill_profile",
    FILL_CUSTOMER = "fill_customer",
    HOLDER_OF_IDENTITY = "holder_of_identity",
    CLAIM_IDENTITY = "claim_identity",
    SOURCE_IDS_OF = "source_ids_of",
    INSERT_CONTACT_POINT = "insert_contact_point",
    CONTACT_POINTS_OF = "contact_points_of",
    FIND_CUSTOMER = "find_customer",
    LANGUAGE_OF = "language_of",
    MARK_CONTACT_POINT_DEAD = "mark_contact_point_dead",
    HOLDERS_OF_ADDRESS = "holders_of_address",
    LATEST_WITH_NUMBER = "latest_with_number",
    COUNT_CUSTOMERS = "count_customers",
});

/// Between a source and its id of a customer: the unit separator, which the text checks of every door refuse.
pub(crate) const SEPARATOR: char = '\u{1f}';

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[
    &STORE,
    consent::FILE,
    choices::FILE,
    suppression::FILE,
    imported::FILE,
    merge::FILE,
    pause::FILE,
    notes::FILE,
    known::FILE,
    ledger::FILE,
    erase::FILE,
    &crate::walked::WALKED,
    &names::NAMES,
    account::FILE,
    limits::FILE,
];

/// The tables of this crate that hold personal data.
pub const PERSONAL: &[PersonalTable] = &[
    PersonalTable { table: "customer_profiles", holds: "names and countries" },
    PersonalTable {
        table: "identities",
        holds: "what a customer is recognised by: source ids, e-mail addresses, phone numbers",
    },
    PersonalTable { table: "contact_points", holds: "e-mail addresses and phone numbers" },
    PersonalTable {
        table: "customer_notes",
        holds: "what the staff wrote about customers, and what was said",
    },
    PersonalTable { table: "sign_in_codes", holds: "the addresses that somebody asked to sign in with" },
    PersonalTable { table: "customer_sessions", holds: "which browsers of customers are signed in" },
    PersonalTable { table: "customer_proofs", holds: "the addresses that a browser has proved" },
];

id_type!(
    /// A place where a customer can be reached.
    ContactPointId, "cpt"
);

/// A customer as an order describes them.
#[derive(Clone, Debug, Default)]
pub struct Described<'a> {
    /// Who tells, for example `web`.
    pub source: &'a str,
    /// The source's own id of the customer; none for a guest.
    pub external_id: Option<&'a str>,
    /// The e-mail address.
    pub email: Option<&'a Email>,
    /// The phone number.
    pub phone: Option<&'a Phone>,
    /// The name.
    pub name: Option<&'a str>,
    /// The language.
    pub locale: Option<&'a Locale>,
    /// How they said they want to be told.
    pub preferred_channel: Option<Channel>,
    /// When they said so, as far as the source knows; a choice made later is not undone by it.
    pub preferred_at: Option<Timestamp>,
    /// Where their clock stands.
    pub time_zone: Option<&'a Zone>,
    /// The country of their address, as ISO 3166-1 says it.
    pub country: Option<&'a str>,
}

/// What decides how a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who; of people who were merged, the one they were merged into.
    pub id: CustomerId,
    /// Who was merged into them: nearly always nobody.
    pub others: Vec<CustomerId>,
    /// Since when we know them.
    pub created_at: Timestamp,
    /// The channel they stated, if they did.
    pub preferred_channel: Option<Channel>,
    /// When they stated it, as far as it is known.
    pub preferred_at: Option<Timestamp>,
    /// Until when they asked to be left in peace, if they did.
    pub paused_until: Option<Timestamp>,
    /// The hours at which they want to hear nothing that could wait, if they chose any.
    pub own_hours: Option<OwnHours>,
    /// When their data were erased, if they were.
    pub erased_at: Option<Timestamp>,
    /// Their language, if known.
    pub locale: Option<Locale>,
    /// Their zone, if known.
    pub zone: Option<Zone>,
    /// Their name, if known.
    pub name: Option<String>,
    /// Where they can be reached, oldest first.
    pub contact_points: Vec<ContactPoint>,
    /// Their answers to questions for consent that count.
    pub consents: Vec<Answer>,
}

impl Person {
    /// Everybody they are, the one who counts first: what belongs to one of them belongs to the person.
    pub fn ids(&self) -> Vec<CustomerId> {
        std::iter::once(&self.id).chain(&self.others).cloned().collect()
    }
}

/// One place where a person can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactPoint {
    /// The channel.
    pub channel: Channel,
    /// The address or number.
    pub address: String,
    /// What its spellings share.
    pub key: String,
    /// Since when we know it.
    pub first_seen_at: Timestamp,
    /// Who told; not known of the oldest.
    pub source: Option<String>,
    /// Since when nothing reaches it any more.
    pub dead_at: Option<Timestamp>,
}

/// The language a customer is known by, if they are.
pub fn language_of(r: &mut Read<'_>, id: &CustomerId) -> Result<Option<Locale>> {
    let Some(row) = r.row(&LANGUAGE_OF, params![id.as_str()])? else { return Ok(None) };
    let tag: Option<String> = row.get("locale")?;
    tag.as_deref().map(Locale::parse).transpose()
}

/// Finds the customer an order describes, or makes one, and remembers what is new about them.
pub fn recognise(w: &mut Write<'_>, described: &Described<'_>) -> Result<CustomerId> {
    let source_value = source_value(described);
    let known = look_up(w, described, source_value.as_deref())?;
    let customer = match identify(&known) {
        Match::Customer(customer) => {
            update(w, &customer, described)?;
            customer
        }
        Match::Nobody => insert(w, described)?,
    };
    claim_unheld(w, &customer, described, &known, source_value.as_deref())?;
    add_contact_points(w, &customer, described)?;
    Ok(customer)
}

/// Like [`recognise`], for what is told of the past: it fills gaps and replaces nothing that is known.
pub fn recognise_from_past(w: &mut Write<'_>, described: &Described<'_>) -> Result<CustomerId> {
    let source_value = source_value(described);
    let known = look_up(w, described, source_value.as_deref())?;
    let customer = match identify(&known) {
        Match::Customer(customer) => {
            fill(w, &customer, described)?;
            customer
        }
        Match::Nobody => insert(w, described)?,
    };
    claim_unheld(w, &customer, described, &known, source_value.as_deref())?;
    add_contact_points(w, &customer, described)?;
    Ok(customer)
}

fn fill(w: &mut Write<'_>, id: &CustomerId, described: &Described<'_>) -> Result<()> {
    let locale = described.locale.map(Locale::as_str);
    let zone = described.time_zone.map(Zone::name);
    w.send(&FILL_CUSTOMER, params![id.as_str(), locale, zone])?;
    write_profile(w, &FILL_PROFILE, id, described)?;
    Ok(())
}

/// Remembers what is new about somebody who is recognised already, and makes nobody. What another person holds stays
/// theirs; who is described under another id of the same source is reached as told, but not recognised by it. Whoever was
/// erased stays forgotten; whether there was somebody to remember.
pub fn remember(w: &mut Write<'_>, id: &CustomerId, described: &Described<'_>) -> Result<bool> {
    if !update(w, id, described)? {
        return Ok(false);
    }
    let source_value = source_value(described);
    let prefix = source_prefix(described);
    let is_another = match &source_value {
        Some(value) => source_ids(w, id)?.iter().any(|held| held.starts_with(&prefix) && held != value),
        None => false,
    };
    if !is_another {
        claim_all(w, id, described, source_value.as_deref())?;
    }
    add_contact_points(w, id, described)?;
    Ok(true)
}

/// The source's id of a customer as an identity. Neither part can hold the separator, so no other pair reads the same.
fn source_value(described: &Described<'_>) -> Option<String> {
    described.external_id.map(|id| format!("{}{id}", source_prefix(described)))
}

fn source_prefix(described: &Described<'_>) -> String {
    format!("{}{SEPARATOR}", described.source)
}

fn look_up(w: &mut Write<'_>, described: &Described<'_>, source_value: Option<&str>) -> Result<Known> {
    let by_email = holder(w, "email", described.email.map(Email::key).as_deref())?;
    let by_phone = holder(w, "phone", described.phone.map(Phone::as_str))?;
    let source_prefix = source_prefix(described);
    let email_holder_has_other_source_id = match &by_email {
        Some(holder) => source_ids(w, holder)?.iter().any(|id| id.starts_with(&source_prefix)),
        None => false,
    };
    let phone_holder_is_known = match &by_phone {
        Some(holder) => !source_ids(w, holder)?.is_empty() || has_email(w, holder)?,
        None => false,
    };
    Ok(Known {
        has_source_id: source_value.is_some(),
        has_email: described.email.is_some(),
        by_source_id: holder(w, "source", source_value)?,
        by_email,
        email_holder_has_other_source_id,
        by_phone,
        phone_holder_is_known,
    })
}

fn holder(r: &mut Read<'_>, kind: &str, value: Option<&str>) -> Result<Option<CustomerId>> {
    let Some(value) = value else { return Ok(None) };
    let row = r.row(&HOLDER_OF_IDENTITY, params![kind, value])?;
    row.map(|row| row.get("customer_id").map(CustomerId::stored)).transpose()
}

fn source_ids(r: &mut Read<'_>, customer: &CustomerId) -> Result<Vec<String>> {
    r.rows(&SOURCE_IDS_OF, params![customer.as_str()])?.iter().map(|row| row.get("value")).collect()
}

/// Whether a shop knows a person by an identifier of its own, whichever of the customers they are.
pub(crate) fn has_account(r: &mut Read<'_>, person: &Person) -> Result<bool> {
    for id in person.ids() {
        if !source_ids(r, &id)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_email(r: &mut Read<'_>, customer: &CustomerId) -> Result<bool> {
    Ok(contact_points(r, customer)?.iter().any(|point| point.channel == Channel::Email))
}

fn insert(w: &mut Write<'_>, described: &Described<'_>) -> Result<CustomerId> {
    let now = w.now;
    let id = CustomerId::new(now, w.dice);
    let channel = described.preferred_channel.map(Channel::as_str);
    let locale = described.locale.map(Locale::as_str);
    let zone = described.time_zone.map(Zone::name);
    let stated_at = channel.and(described.preferred_at.or(Some(now)));
    w.send(&INSERT_CUSTOMER, params![id.as_str(), now, channel, locale, zone, stated_at])?;
    write_profile(w, &INSERT_PROFILE, &id, described)?;
    Ok(id)
}

/// Whether there was somebody to know it of.
fn update(w: &mut Write<'_>, id: &CustomerId, described: &Described<'_>) -> Result<bool> {
    let channel = described.preferred_channel.map(Channel::as_str);
    let locale = described.locale.map(Locale::as_str);
    let zone = described.time_zone.map(Zone::name);
    let stated_at = described.preferred_at.unwrap_or(w.now);
    if w.execute(&UPDATE_CUSTOMER, params![id.as_str(), channel, locale, zone, stated_at])? == 0 {
        return Ok(false);
    }
    write_profile(w, &UPDATE_PROFILE, id, described)?;
    Ok(true)
}

/// Writes a name with what it is found by, and the country.
fn write_profile(
    w: &mut Write<'_>,
    query: &'static db::Query,
    id: &CustomerId,
    described: &Described<'_>,
) -> Result<()> {
    let (whole, last) = described.name.map(names::keys).unzip();
    w.send(query, params![id.as_str(), described.name, &whole, &last, described.country])?;
    Ok(())
}

fn claim_all(
    w: &mut Write<'_>,
    id: &CustomerId,
    described: &Described<'_>,
    source_value: Option<&str>,
) -> Result<()> {
    let source = described.source;
    claim(w, id, "source", source_value, source)?;
    claim(w, id, "email", described.email.map(Email::key).as_deref(), source)?;
    claim(w, id, "phone", described.phone.map(Phone::as_str), source)
}

/// Claims what nobody holds yet: what somebody was just found to hold stays theirs, and need not be asked for.
fn claim_unheld(
    w: &mut Write<'_>,
    id: &CustomerId,
    described: &Described<'_>,
    known: &Known,
    source_value: Option<&str>,
) -> Result<()> {
    let source = described.source;
    claim(w, id, "source", source_value.filter(|_| known.by_source_id.is_none()), source)?;
    let email = described.email.filter(|_| known.by_email.is_none());
    claim(w, id, "email", email.map(Email::key).as_deref(), source)?;
    let phone = described.phone.filter(|_| known.by_phone.is_none());
    claim(w, id, "phone", phone.map(Phone::as_str), source)
}

fn add_contact_points(w: &mut Write<'_>, id: &CustomerId, described: &Described<'_>) -> Result<()> {
    let source = described.source;
    if let Some(email) = described.email {
        add_contact_point(w, id, Channel::Email, (email.as_str(), &email.key()), source)?;
    }
    if let Some(phone) = described.phone {
        add_contact_point(w, id, Channel::Sms, (phone.as_str(), phone.as_str()), source)?;
    }
    Ok(())
}

fn claim(w: &mut Write<'_>, id: &CustomerId, kind: &str, value: Option<&str>, source: &str) -> Result<()> {
    let Some(value) = value else { return Ok(()) };
    let now = w.now;
    w.send(&CLAIM_IDENTITY, params![kind, value, id.as_str(), now, source])?;
    Ok(())
}

fn add_contact_point(
    w: &mut Write<'_>,
    id: &CustomerId,
    channel: Channel,
    (address, key): (&str, &str),
    source: &str,
) -> Result<()> {
    let now = w.now;
    let point = ContactPointId::new(now, w.dice);
    w.send(
        &INSERT_CONTACT_POINT,
        params![point.as_str(), id.as_str(), channel.as_str(), address, key, now, source],
    )?;
    Ok(())
}

/// Everything that decides how this customer is told.
pub fn person(r: &mut Read<'_>, id: &CustomerId) -> Result<Person> {
    find(r, id)?
        .ok_or_else(|| Error::internal("a message or an order belongs to a customer that is not there"))
}

/// The same without their answers to questions for consent, for what needs none: folding the ledger costs more than all
/// the rest.
pub fn person_unasked(r: &mut Read<'_>, id: &CustomerId) -> Result<Person> {
    found(r, id)?
        .ok_or_else(|| Error::internal("a message or an order belongs to a customer that is not there"))
}

/// The same of somebody who may not be there. Whoever was merged is found as the person they are now.
pub fn find(r: &mut Read<'_>, id: &CustomerId) -> Result<Option<Person>> {
    let Some(person) = found(r, id)? else { return Ok(None) };
    let consents = consent::consents_of(r, &person.ids())?;
    Ok(Some(Person { consents, ..person }))
}

/// As found, but for consents.
fn found(r: &mut Read<'_>, id: &CustomerId) -> Result<Option<Person>> {
    let Some(alone) = alone(r, id)? else { return Ok(None) };
    if alone.merged_into.is_none() && !alone.has_others {
        return Ok(Some(alone.person));
    }
    let first = alone.merged_into.unwrap_or(alone.person.id);
    let mut people = Vec::new();
    for id in std::iter::once(first.clone()).chain(merge::merged_into(r, &first)?) {
        people.extend(self::alone(r, &id)?.map(|alone| alone.person));
    }
    Ok(unite(people))
}

/// Somebody as their own row has them.
pub(crate) struct Alone {
    pub person: Person,
    pub merged_into: Option<CustomerId>,
    pub has_others: bool,
}

/// Somebody without whoever they are one with.
pub(crate) fn alone(r: &mut Read<'_>, id: &CustomerId) -> Result<Option<Alone>> {
    let Some(row) = r.row(&FIND_CUSTOMER, params![id.as_str()])? else { return Ok(None) };
    let person = person_of(r, id, &row)?;
    let merged_into = row.get::<Option<String>>("merged_into")?.map(CustomerId::stored);
    let has_others = row.get::<Option<String>>("one_of_others")?.is_some();
    Ok(Some(Alone { person, merged_into, has_others }))
}

fn person_of(r: &mut Read<'_>, id: &CustomerId, row: &Row) -> Result<Person> {
    let word: Option<String> = row.get("preferred_channel")?;
    let locale: Option<String> = row.get("locale")?;
    let zone: Option<String> = row.get("time_zone")?;
    Ok(Person {
        id: id.clone(),
        others: Vec::new(),
        created_at: row.get("created_at")?,
        preferred_channel: word.as_deref().map(Channel::parse).transpose()?,
        preferred_at: row.get("preferred_at")?,
        paused_until: row.get("paused_until")?,
        own_hours: limits::own_hours(row)?,
        erased_at: row.get("erased_at")?,
        locale: locale.as_deref().map(Locale::parse).transpose()?,
        zone: zone.as_deref().map(Zone::parse).transpose()?,
        name: row.get("name")?,
        contact_points: contact_points(r, id)?,
        consents: Vec::new(),
    })
}

fn contact_points(r: &mut Read<'_>, id: &CustomerId) -> Result<Vec<ContactPoint>> {
    let point = |row: &Row| {
        Ok(ContactPoint {
            channel: Channel::parse(&row.get::<String>("channel")?)?,
            address: row.get("address")?,
            key: row.get("address_key")?,
            first_seen_at: row.get("first_seen_at")?,
            source: row.get("source")?,
            dead_at: row.get("dead_at")?,
        })
    };
    r.rows(&CONTACT_POINTS_OF, params![id.as_str()])?.iter().map(point).collect()
}

/// The customer who has this phone number; of several, who share it, the one we met last.
pub fn latest_with_number(r: &mut Read<'_>, number: &Phone) -> Result<Option<CustomerId>> {
    let row = r.row(&LATEST_WITH_NUMBER, params![number.as_str()])?;
    row.map(|row| row.get("customer_id").map(CustomerId::stored)).transpose()
}

/// Nothing reaches this address any more.
pub fn mark_dead(
    w: &mut Write<'_>,
    id: &CustomerId,
    channel: Channel,
    address_key: &str,
    reason: &str,
) -> Result<()> {
    let now = w.now;
    let reason = kernel::text::shortened(reason, 200);
    w.send(&MARK_CONTACT_POINT_DEAD, params![id.as_str(), channel.as_str(), address_key, now, &reason])?;
    Ok(())
}

/// Everybody who can be reached at an address, oldest customer first, at most twenty: a mailbox may be shared.
pub fn holders(r: &mut Read<'_>, channel: Channel, address_key: &str) -> Result<Vec<CustomerId>> {
    let rows = r.rows(&HOLDERS_OF_ADDRESS, params![channel.as_str(), address_key])?;
    rows.iter().map(|row| row.get("customer_id").map(CustomerId::stored)).collect()
}

/// How many customers there are.
pub fn count(r: &mut Read<'_>) -> Result<i64> {
    r.one(&COUNT_CUSTOMERS, params![])?.get("customers")
}
