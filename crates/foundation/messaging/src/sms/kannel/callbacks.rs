//! What Kannel calls us with: delivery reports and incoming texts, both as the query of a GET. Pure.

use kernel::{MessageId, Phone};
use percent_encoding::percent_decode;

use crate::sms::incoming::IncomingText;
use crate::sms::reports::{NumberFault, Report};
use crate::sms::status::DeliveryStatus;

/// SMPP's "invalid destination address", the one refusal that is about the number.
const INVALID_DESTINATION: &str = "0x0000000b";
/// The most characters of a code that we keep.
const LONGEST_DETAIL: usize = 80;

/// The pairs of a query as bytes: an incoming text may be in any charset.
struct Pairs(Vec<(Vec<u8>, Vec<u8>)>);

impl Pairs {
    fn read(query: &str) -> Pairs {
        let decode = |text: &str| percent_decode(text.replace('+', " ").as_bytes()).collect::<Vec<u8>>();
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        };
        Pairs(query.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    fn bytes(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(known, _)| known == name.as_bytes()).map_or(&[], |(_, value)| value)
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name)).trim().to_owned()
    }
}

/// A delivery report on `message`; `None` for a kind that says nothing.
pub fn report(message: MessageId, query: &str) -> Option<Report> {
    let pairs = Pairs::read(query);
    let status = match pairs.text("type").as_str() {
        "1" => DeliveryStatus::Delivered,
        "2" => DeliveryStatus::Undelivered,
        "4" => DeliveryStatus::Queued,
        "8" => DeliveryStatus::Sent,
        "16" => DeliveryStatus::Rejected,
        _ => return None,
    };
    // No database keeps a NUL in a text, and the network may put one in.
    let answer = pairs.text("answer").replace('\0', "");
    let is_no_number = status == DeliveryStatus::Rejected && answer.contains(INVALID_DESTINATION);
    let number = is_no_number.then(|| international(&pairs.text("to"))).flatten();
    let (detail, number_fault) = (code(&answer), number.map(NumberFault::Dead));
    Some(Report { message, gateway: "kannel", status, detail, number_fault })
}

/// The codes of a receipt. What follows `text:` is the beginning of the message itself, and is not kept.
fn code(answer: &str) -> String {
    let answer = answer.split("text:").next().unwrap_or_default();
    let is_code = |word: &&str| word.starts_with("stat:") || word.starts_with("err:");
    let codes: Vec<&str> = answer.split_whitespace().filter(is_code).collect();
    if !codes.is_empty() {
        return kernel::text::shortened(&codes.join(" "), LONGEST_DETAIL);
    }
    // `NACK/0x0000000b/Invalid Destination Address`: ours is the number in the middle.
    let mut parts = answer.split('/');
    match (parts.next(), parts.next()) {
        (Some(kind @ ("ACK" | "NACK")), Some(number)) => {
            kernel::text::shortened(format!("{kind} {number}").trim(), LONGEST_DETAIL)
        }
        _ => String::new(),
    }
}

/// A text that somebody sent to the shop; `None` when it names no number.
pub fn incoming(query: &str) -> Option<IncomingText> {
    let pairs = Pairs::read(query);
    let from = international(&pairs.text("from"))?;
    let body = decoded(pairs.bytes("text"), &pairs.text("charset"), &pairs.text("coding"));
    let id = pairs.text("id");
    Some(IncomingText {
        gateway: "kannel",
        id: Some(id).filter(|id| !id.is_empty()),
        sent_at: pairs.text("ts"),
        from,
        to: pairs.text("to"),
        body,
        is_answered: false,
        understood: None,
    })
}

/// Networks hand numbers on with a plus, with 00, or bare; bare ones are international too.
fn international(number: &str) -> Option<Phone> {
    Phone::parse(number).or_else(|_| Phone::parse(&format!("+{number}"))).ok()
}

/// `%b` is the text's bytes, `%C` their charset, `%c` the coding the network used: 2 is UCS-2.
fn decoded(bytes: &[u8], charset: &str, coding: &str) -> String {
    let charset = charset.to_ascii_uppercase();
    match charset.as_str() {
        "UTF-16BE" | "UCS-2" | "UTF-16" | "ISO-10646-UCS-2" => utf16(bytes),
        "ISO-8859-1" | "LATIN1" | "WINDOWS-1252" => bytes.iter().map(|byte| char::from(*byte)).collect(),
        "" if coding == "2" => utf16(bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Dice, Timestamp};

    fn told(query: &str) -> Report {
        report(MessageId::new(Timestamp::from_ms(1), &mut Dice::seeded(1)), query).unwrap()
    }

    /// The queries are what Kannel 1.4.5 called with.
    #[test]
    fn reports_are_read_and_nothing_of_the_message_is_kept() {
        let delivered = told(
            "type=1&to=%2B4366011111&answer=id%3AM1+sub%3A001+dlvrd%3A001+submit+date%3A2611220500+done+date\
             %3A2611220501+stat%3ADELIVRD+err%3A000+text%3AHello+Amina",
        );
        assert_eq!(delivered.status, DeliveryStatus::Delivered);
        assert_eq!(delivered.detail, "stat:DELIVRD err:000");
        let sent = told("type=8&to=%2B4366011111&answer=ACK%2F");
        assert_eq!((sent.status, sent.detail.as_str()), (DeliveryStatus::Sent, "ACK"));
        let rejected =
            told("type=16&to=%2B4366010000&answer=NACK%2F0x0000000b%2FInvalid+Destination+Address");
        assert_eq!(
            (rejected.status, rejected.detail.as_str()),
            (DeliveryStatus::Rejected, "NACK 0x0000000b")
        );
        let dead = NumberFault::Dead(Phone::parse("+4366010000").unwrap());
        assert_eq!(rejected.number_fault, Some(dead));
        let busy = told("type=16&to=%2B4366010000&answer=NACK%2F0x00000058%2FThrottling+error");
        assert_eq!(busy.number_fault, None, "only the number's own fault kills it");
        let id = MessageId::new(Timestamp::from_ms(1), &mut Dice::seeded(1));
        assert_eq!(report(id, "type=64"), None);
    }

    #[test]
    fn incoming_texts_are_read_in_their_charset() {
        let text = |query: &str| incoming(query).unwrap().body;
        let from = "from=%2B4366012345&to=13013";
        assert_eq!(text(&format!("{from}&text=STOP&coding=0&charset=UTF-8")), "STOP");
        assert_eq!(text(&format!("{from}&text=Gr%C3%BC%C3%9Fe&charset=UTF-8&coding=0")), "Grüße");
        assert_eq!(text(&format!("{from}&text=Gr%FC%DFe&charset=ISO-8859-1&coding=1")), "Grüße");
        assert_eq!(text(&format!("{from}&text=%27%13%D8%3D%DE%00&charset=UTF-16BE&coding=2")), "✓😀");
        assert_eq!(text(&format!("{from}&text=%00O%00K&coding=2")), "OK");
        assert_eq!(incoming("from=4366012345&text=x").unwrap().from.as_str(), "+4366012345");
        assert_eq!(incoming("from=Vodafone&text=x"), None);
    }
}
