//! A list of addresses that may not be written to, as another system exports it or somebody pastes it. Pure.
//!
//! Each line begins with an address; what stands behind the first comma or semicolon is left to whoever wrote it. A line
//! that can't be read is named, by its number and never by what it says. A list only ever adds: there is nothing a line
//! could say that lifts anything.

use kernel::{Channel, Email, Phone};

/// The most lines of one list.
pub const LONGEST_LIST: usize = 1_000;

/// An address of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// On which channel.
    pub channel: Channel,
    /// What its spellings share.
    pub key: String,
}

/// A line that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFault {
    /// Its number, from one.
    pub line: usize,
    /// What to do.
    pub detail: &'static str,
}

/// Reads a list: addresses in their order, each once, and the lines that are none. A first line that names columns is
/// passed over.
pub fn read_list(text: &str) -> (Vec<Listing>, Vec<ListFault>) {
    let (mut listings, mut faults) = (Vec::new(), Vec::new());
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, words) in text.lines().enumerate().map(|(at, words)| (at + 1, words)) {
        let cell = words.split([',', ';', '\t']).next().unwrap_or_default();
        let cell = cell.trim().trim_matches('"').trim();
        if cell.is_empty() || (line == 1 && is_header(cell)) {
            continue;
        }
        if listings.len() == LONGEST_LIST {
            faults.push(ListFault { line, detail: "The list is too long. Import the rest in a second one." });
            break;
        }
        match address(cell) {
            Some(listing) if listings.contains(&listing) => {}
            Some(listing) => listings.push(listing),
            None => faults.push(ListFault {
                line,
                detail: "Write an e-mail address, or a phone number with + and its country.",
            }),
        }
    }
    (listings, faults)
}

fn is_header(cell: &str) -> bool {
    let known = ["email", "e-mail", "email address", "address", "phone", "phone number", "recipient"];
    known.contains(&cell.to_lowercase().as_str())
}

fn address(cell: &str) -> Option<Listing> {
    // What a spreadsheet keeps from being a formula begins with an apostrophe.
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    let email = Email::parse(cell).ok().map(|email| Listing { channel: Channel::Email, key: email.key() });
    let phone = || Phone::parse(cell).ok();
    email.or_else(|| phone().map(|phone| Listing { channel: Channel::Sms, key: phone.as_str().to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_line_by_line_and_what_is_no_address_is_named() {
        let list = "\u{feff}Email,Reason\r\nAmina@Example.test,bounced\n\n\"liu@example.test\";x\n'+447700900123\namina@example.test\nnobody\n=cmd()\n";
        let (listings, faults) = read_list(list);
        let keys: Vec<_> = listings.iter().map(|listing| (listing.channel, &*listing.key)).collect();
        let expected = [
            (Channel::Email, "amina@example.test"),
            (Channel::Email, "liu@example.test"),
            (Channel::Sms, "+447700900123"),
        ];
        assert_eq!(keys, expected);
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [7, 8]);
        assert_eq!(read_list(""), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_list_has_an_end() {
        let long: String = (0..=LONGEST_LIST).map(|n| format!("c{n}@example.test\n")).collect();
        let (listings, faults) = read_list(&long);
        assert_eq!((listings.len(), faults.len()), (LONGEST_LIST, 1));
        assert_eq!(faults[0].line, LONGEST_LIST + 1);
    }
}
