//! The recipients of the campaign and their queued messages.

use std::path::{Path, PathBuf};

use aftercare::house::Setting;
use customers::{Consent, Described};
use db::{Durability, Write};
use kernel::{Channel, Email, Error, Locale, Purpose, Result};
use messaging::{NewMessage, Recipient, Templates};
use orders::OrderId;

use super::letter::{CAMPAIGN, context};
use crate::{seed, shop};

/// Recipients in one write.
const CHUNK: u64 = 250;

/// Everybody the campaign goes to.
pub struct Audience {
    /// The database with all of it queued.
    pub database: PathBuf,
    /// How many.
    pub recipients: u64,
    /// Order and customer of each, as their links have to name them.
    pub people: Vec<(String, String)>,
}

/// What a house is opened with that knows the campaign.
pub fn setting(durability: Durability) -> Setting {
    Setting { templates: Templates::new(&[&[CAMPAIGN]]), durability, ..Setting::server() }
}

/// A database in which the campaign waits for `recipients`.
pub fn queued(folder: &Path, recipients: u64) -> Result<Audience> {
    eprintln!("  queueing a campaign for {recipients}");
    let database = folder.join(format!("audience-{recipients}.db"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| Error::internal(error.to_string()))?;
    let people = runtime.block_on(fill(&database, recipients))?;
    Ok(Audience { database, recipients, people })
}

async fn fill(path: &Path, recipients: u64) -> Result<Vec<(String, String)>> {
    let house = seed::open(path, setting(Durability::Bulk))?;
    house.migrate()?;
    let mut people = Vec::new();
    for first in (0..recipients).step_by(CHUNK as usize) {
        let chunk = first..(first + CHUNK).min(recipients);
        let queued =
            move |w: &mut Write<'_>| chunk.clone().map(|nth| invite(w, nth)).collect::<Result<Vec<_>>>();
        people.extend(house.db.write("bench.audience", queued).await?);
    }
    house.db.clone().close().await;
    Ok(people)
}

/// One person who said yes to news, and their message.
fn invite(w: &mut Write<'_>, nth: u64) -> Result<(String, String)> {
    let (external_id, email, locale) =
        (format!("c{nth}"), Email::parse(&shop::email(nth))?, Locale::default());
    let said_at = w.now;
    let described = Described {
        source: "bench",
        external_id: Some(&external_id),
        email: Some(&email),
        phone: None,
        name: Some("Amina Khan"),
        locale: Some(&locale),
        preferred_channel: None,
        preferred_at: None,
        time_zone: None,
        country: None,
    };
    let customer = customers::recognise(w, &described)?;
    let consent = Consent {
        channel: Channel::Email,
        purpose: Purpose::Marketing,
        granted: true,
        wording: None,
        said_at,
    };
    customers::record_consent(w, &customer, &consent, "bench")?;
    let order = OrderId::new(w.now, w.dice);
    let recipient = Recipient { email: Some(email), locale: Some(locale), ..Recipient::default() };
    let message = NewMessage {
        customer: &customer,
        template: CAMPAIGN.id,
        subject: ("campaign", "spring"),
        trigger: customer.as_str(),
        thread: customer.as_str(),
        recipient,
        context: context(nth, &order),
        not_before: w.now,
        not_after: None,
    };
    messaging::queue(w, &message)?;
    Ok((order.as_str().to_owned(), customer.as_str().to_owned()))
}
