//! Questions and answers as bytes (RFC 1035 §4). What comes from the network is read with every length checked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Answer, Failure, Kind, Record};

const HEADER_BYTES: usize = 12;
/// Labels of a compressed name that are followed; a packet that points in circles ends here.
const MAX_LABELS: usize = 128;
/// Records that are read of one answer.
const MAX_RECORDS: usize = 200;
const INTERNET: u16 = 1;

impl Kind {
    fn code(self) -> u16 {
        match self {
            Kind::A => 1,
            Kind::Mx => 15,
            Kind::Txt => 16,
            Kind::Aaaa => 28,
        }
    }
}

/// A question, with the wish that the server asks others; none for a name that can't be one.
pub(super) fn question(id: u16, name: &str, kind: Kind) -> Option<Vec<u8>> {
    let mut packet = [&id.to_be_bytes()[..], &[0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]].concat();
    let name = name.trim_end_matches('.');
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..=63).contains(length))?;
        packet.push(length);
        packet.extend_from_slice(label.as_bytes());
    }
    packet.push(0);
    packet.extend_from_slice(&kind.code().to_be_bytes());
    packet.extend_from_slice(&INTERNET.to_be_bytes());
    (packet.len() <= HEADER_BYTES + 255 + 4).then_some(packet)
}

/// What a packet is, to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// The answer.
    Answer(Answer),
    /// Too long for UDP: ask again by TCP.
    Truncated,
    /// Not an answer to this question; another may follow.
    NotOurs,
}

/// Reads a packet as an answer to `question`.
pub(super) fn read(packet: &[u8], question: &[u8], kind: Kind) -> Read {
    let Some((flags, counts)) = header(packet, question) else { return Read::NotOurs };
    let code = (flags & 0x000f) as u8;
    if flags & 0x0200 != 0 {
        return Read::Truncated;
    }
    match code {
        0 => {}
        3 => return Read::Answer(Answer::NoSuchName),
        code => return Read::Answer(Answer::Failed(Failure::Refused(code))),
    }
    let answer = match records(packet, question.len(), usize::from(counts), kind) {
        None => Answer::Failed(Failure::Garbage),
        Some(records) if records.is_empty() => Answer::Nothing,
        Some(records) => Answer::Records(records),
    };
    Read::Answer(answer)
}

/// Flags and the number of answers, when the packet answers this question: same id, a response, the question echoed.
fn header(packet: &[u8], question: &[u8]) -> Option<(u16, u16)> {
    let flags = u16_at(packet, 2)?;
    let echoed = packet.get(HEADER_BYTES..question.len())?;
    let is_ours = packet.get(..2)? == &question[..2]
        && flags & 0x8000 != 0
        && u16_at(packet, 4)? == 1
        && echoed.eq_ignore_ascii_case(&question[HEADER_BYTES..]);
    is_ours.then_some((flags, u16_at(packet, 6)?))
}

/// The records of one kind. Others, such as the CNAME that leads to them, are passed over.
fn records(packet: &[u8], from: usize, count: usize, kind: Kind) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    let mut at = from;
    for _ in 0..count.min(MAX_RECORDS) {
        let (_, after) = name(packet, at)?;
        let found = u16_at(packet, after)?;
        let class = u16_at(packet, after + 2)?;
        let length = usize::from(u16_at(packet, after + 8)?);
        let start = after + 10;
        let data = packet.get(start..start + length)?;
        if found == kind.code() && class == INTERNET {
            records.push(record(packet, start, data, kind)?);
        }
        at = start + length;
    }
    Some(records)
}

fn record(packet: &[u8], start: usize, data: &[u8], kind: Kind) -> Option<Record> {
    Some(match kind {
        Kind::A => Record::Address(IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?))),
        Kind::Aaaa => Record::Address(IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(data).ok()?))),
        Kind::Mx => Record::Mx { preference: u16_at(data, 0)?, host: name(packet, start + 2)?.0 },
        Kind::Txt => Record::Text(text(data)?),
    })
}

/// The pieces of a text put together; bytes that are no text are shown as such.
fn text(mut data: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(data.len());
    while let Some((length, rest)) = data.split_first() {
        let (piece, rest) = rest.split_at_checked(usize::from(*length))?;
        bytes.extend_from_slice(piece);
        data = rest;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The name at a place, and where what follows it begins.
fn name(packet: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut labels: Vec<String> = Vec::new();
    let mut end = None;
    for _ in 0..MAX_LABELS {
        let length = *packet.get(at)?;
        match length {
            0 => return Some((labels.join("."), end.unwrap_or(at + 1))),
            1..=63 => {
                let label = packet.get(at + 1..at + 1 + usize::from(length))?;
                labels.push(String::from_utf8_lossy(label).to_ascii_lowercase());
                at += 1 + usize::from(length);
            }
            0xc0.. => {
                end = end.or(Some(at + 2));
                at = usize::from(u16_at(packet, at)? & 0x3fff);
            }
            64.. => return None,
        }
    }
    None
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|two| u16::from_be_bytes([two[0], two[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "shop.example";

    fn asked(kind: Kind) -> Vec<u8> {
        question(7, ASKED, kind).unwrap()
    }

    /// An answer with these records, each as type and data, under the name that was asked for.
    fn answer(kind: Kind, flags: u16, records: &[(u16, &[u8])]) -> Vec<u8> {
        let mut packet = asked(kind);
        packet[2..4].copy_from_slice(&flags.to_be_bytes());
        packet[6..8].copy_from_slice(&(records.len() as u16).to_be_bytes());
        for (code, data) in records {
            packet.extend_from_slice(&[0xc0, 12]);
            packet.extend_from_slice(&code.to_be_bytes());
            packet.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
            packet.extend_from_slice(&(data.len() as u16).to_be_bytes());
            packet.extend_from_slice(data);
        }
        packet
    }

    fn found(kind: Kind, records: &[(u16, &[u8])]) -> Answer {
        match read(&answer(kind, 0x8180, records), &asked(kind), kind) {
            Read::Answer(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_question_is_as_the_standard_writes_it() {
        let packet = question(0x1234, "ab.c.", Kind::Txt).unwrap();
        assert_eq!(packet, b"\x12\x34\x01\x00\0\x01\0\0\0\0\0\0\x02ab\x01c\0\0\x10\0\x01");
        let long = "x".repeat(64);
        for bad in ["", ".", "a..b", long.as_str(), &"abcdefgh.".repeat(40)] {
            assert_eq!(question(1, bad, Kind::A), None, "{bad}");
        }
    }

    #[test]
    fn records_of_each_kind_are_read_and_others_passed_over() {
        let alias: (u16, &[u8]) = (5, b"\x02mx\xc0\x0c");
        assert_eq!(
            found(Kind::A, &[alias, (1, &[192, 0, 2, 1])]),
            Answer::Records(vec![Record::Address("192.0.2.1".parse().unwrap())])
        );
        let v6: Ipv6Addr = "2001:db8::1".parse().unwrap();
        assert_eq!(
            found(Kind::Aaaa, &[(28, &v6.octets())]),
            Answer::Records(vec![Record::Address(IpAddr::V6(v6))])
        );
        assert_eq!(
            found(Kind::Mx, &[(15, b"\0\x0a\x02MX\xc0\x0c"), (15, b"\0\0\0")]),
            Answer::Records(vec![
                Record::Mx { preference: 10, host: "mx.shop.example".into() },
                Record::Mx { preference: 0, host: String::new() },
            ])
        );
        assert_eq!(
            found(Kind::Txt, &[(16, b"\x03v=s\x00\x04pf1 ")]),
            Answer::Records(vec![Record::Text("v=spf1 ".into())])
        );
        assert_eq!(found(Kind::Txt, &[alias]), Answer::Nothing);
    }

    #[test]
    fn what_is_wrong_with_an_answer_is_told_apart() {
        let kind = Kind::A;
        let whole: &[(u16, &[u8])] = &[(1, &[192, 0, 2, 1])];
        let flags = |flags| read(&answer(kind, flags, &[]), &asked(kind), kind);
        assert_eq!(flags(0x8180), Read::Answer(Answer::Nothing));
        assert_eq!(flags(0x8183), Read::Answer(Answer::NoSuchName));
        assert_eq!(flags(0x8182), Read::Answer(Answer::Failed(Failure::Refused(2))));
        assert_eq!(flags(0x8380), Read::Truncated);
        assert_eq!(flags(0x0100), Read::NotOurs, "a question is no answer");
        let mut other = answer(kind, 0x8180, whole);
        other[0] ^= 1;
        assert_eq!(read(&other, &asked(kind), kind), Read::NotOurs, "another id");
        assert_eq!(
            read(&answer(Kind::Mx, 0x8180, &[]), &asked(kind), kind),
            Read::NotOurs,
            "another question"
        );
        for (code, data) in [(1, &[1, 2][..]), (1, &[][..])] {
            assert_eq!(found(kind, &[(code, data)]), Answer::Failed(Failure::Garbage));
        }
        assert_eq!(found(Kind::Txt, &[(16, b"\x09short")]), Answer::Failed(Failure::Garbage));
        assert_eq!(found(Kind::Mx, &[(15, b"\0\x01\xc0\xff")]), Answer::Failed(Failure::Garbage));
    }

    #[test]
    fn no_packet_is_read_past_its_end_or_for_ever() {
        let mut dice = kernel::Dice::seeded(53);
        let whole = answer(Kind::Mx, 0x8180, &[(15, b"\0\x0a\x02mx\xc0\x0c"), (15, b"\0\x01\xc0\x0c")]);
        for cut in 0..whole.len() {
            read(&whole[..cut], &asked(Kind::Mx), Kind::Mx);
        }
        for _ in 0..5_000 {
            let mut bent = whole.clone();
            for _ in 0..=dice.below(4) {
                let at = dice.below(bent.len() as u64) as usize;
                bent[at] = dice.bits() as u8;
            }
            read(&bent, &asked(Kind::Mx), Kind::Mx);
        }
        // A name that points at itself.
        assert_eq!(found(Kind::Mx, &[(15, b"\0\x01\xc0\x2c")]), Answer::Failed(Failure::Garbage));
    }
}
