//! Addresses that another system may not write to any more. A list only ever adds: whatever a row says, nothing that
//! somebody wished is taken back by it.

use customers::SuppressionReason;
use kernel::{Channel, Email, Error, Phone, Result, Timestamp};

use crate::faults::Fault;
use crate::shape::{Done, Prepared, Setting, Shape};
use crate::table::{Cells, Dialect, Header, Row};

const KNOWN: [&str; 3] = ["email", "phone", "reason"];

/// The shape of a file of addresses: `email` or `phone`, and why.
pub fn shape(dialect: &Dialect, _: &Setting) -> Result<Box<dyn Shape>> {
    let header = Header::read(&dialect.names, |name| KNOWN.contains(&name), &[])?;
    if !header.has("email") && !header.has("phone") {
        let words = "The header lacks email or phone: an address is what is suppressed.";
        return Err(Error::invalid("missing_column", words));
    }
    Ok(Box::new(Addresses { header }))
}

struct Addresses {
    header: Header,
}

impl Shape for Addresses {
    fn key(&self) -> &[usize] {
        &[]
    }

    fn header(&self) -> &Header {
        &self.header
    }

    fn most_rows(&self) -> usize {
        1
    }

    fn read(&self, rows: &[Row], _: Timestamp) -> Result<Prepared, Vec<Fault>> {
        let Some(row) = rows.first() else { return Err(Vec::new()) };
        let mut cells = Cells::strict(&self.header, row, false);
        let addresses = addresses(&mut cells);
        let reason = cells.parsed("reason", reason).unwrap_or(SuppressionReason::Unsubscribed);
        if reason == SuppressionReason::Stopped && cells.text("email").is_some() {
            cells.fault(
                "reason",
                "no_text",
                "An e-mail address can’t answer STOP. Write unsubscribed or complained.",
            );
        }
        let faults = cells.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Prepared::new(move |w| {
            let mut is_news = false;
            for (channel, key) in &addresses {
                is_news |= customers::suppress(w, *channel, key, reason, customers::IMPORT)?;
            }
            Ok(if is_news { Done::Added } else { Done::Known })
        }))
    }
}

/// The addresses of a row. A row without one is a fault.
fn addresses(cells: &mut Cells<'_>) -> Vec<(Channel, String)> {
    let email = cells.parsed("email", Email::parse).map(|email| (Channel::Email, email.key()));
    let phone = cells.parsed("phone", Phone::parse).map(|phone| (Channel::Sms, phone.as_str().to_owned()));
    if cells.text("email").is_none() && cells.text("phone").is_none() {
        cells.fault("email", "missing", "Write an e-mail address or a phone number.");
    }
    email.into_iter().chain(phone).collect()
}

fn reason(text: &str) -> Result<SuppressionReason> {
    SuppressionReason::parse(&text.to_lowercase()).map_err(|_| {
        Error::invalid(
            "unknown_reason",
            "A reason is unsubscribed, complained or, for a phone number, stopped.",
        )
    })
}
