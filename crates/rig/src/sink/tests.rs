use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use super::*;
use crate::process::Folder;

/// Recipient and message, as they came.
type Seen = (Vec<u8>, Vec<u8>);

/// Says everything at once, as a client may that was offered PIPELINING, and returns what is answered.
fn say(sink: &Sink, words: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(sink.address())?;
    stream.write_all(words.as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn letter(number: usize, body: &str) -> String {
    format!(
        "MAIL FROM:<shop@shop.test>\r\nRCPT TO:<guest{number}@example.test>\r\nDATA\r\n\
         From: shop@shop.test\r\nMessage-Id:  <{number}@shop.test>\r\n\r\n{body}\r\n.\r\n"
    )
}

fn with_answer(answer: Answer) -> (Folder, Sink) {
    let folder = Folder::fresh("sink").unwrap();
    let mix = Mix { seed: 1, shares: vec![(answer, 1_000)] };
    let options = Options { log: Some(folder.join("log")), mix: Some(mix), look: None };
    let sink = Sink::start(options).unwrap();
    (folder, sink)
}

#[test]
fn what_is_sent_ahead_is_answered_in_order_and_seen_as_it_came() {
    let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let noted = Arc::clone(&seen);
    let look: Look = Arc::new(move |message: &Message<'_>| {
        noted.lock().unwrap().push((message.to.to_vec(), message.raw.to_vec()));
    });
    let sink = Sink::start(Options { look: Some(look), ..Options::default() }).unwrap();
    let long = "x".repeat(700_000);
    let all = ["EHLO me.test\r\n", &letter(1, "..a"), &letter(2, &long), "QUIT\r\n"].concat();
    let answers = say(&sink, &all).unwrap();
    let codes: Vec<&str> = answers.lines().map(|line| &line[..4]).collect();
    let letter = ["250 ", "250 ", "354 ", "250 "];
    let expected = [&["220 ", "250-", "250-", "250-", "250 "][..], &letter, &letter, &["221 "]].concat();
    assert_eq!(codes, expected);
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].0, b"guest1@example.test");
    assert!(seen[0].1.ends_with(b"\r\n\r\n..a\r\n"));
    assert!(seen[1].1.len() > 700_000 && seen[1].1.ends_with(b"xx\r\n"));
    assert_eq!((sink.messages(), sink.connections()), (2, 1));
    assert_eq!(sink.bytes(), (seen[0].1.len() + seen[1].1.len()) as u64);
}

#[test]
fn the_log_holds_what_came_to_its_dot_whatever_was_answered() {
    for (answer, code) in [
        (Answer::Accept, "250"),
        (Answer::Drip, "250"),
        (Answer::TryAgain, "451"),
        (Answer::TooBusy, "421"),
        (Answer::Refuse, "554"),
    ] {
        let (folder, sink) = with_answer(answer);
        let answers = say(&sink, &["EHLO me.test\r\n", &letter(7, "a")].concat()).unwrap();
        assert!(answers.lines().last().unwrap().starts_with(code), "{answer:?}: {answers}");
        let entries = sink.entries();
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!((entry.answer, entry.message_id.as_str()), (answer, "<7@shop.test>"));
        assert_eq!(entry.to, "guest7@example.test");
        assert_eq!(read_log(&folder.join("log")).unwrap(), entries);
    }
}

#[test]
fn what_is_not_finished_is_not_taken() {
    let (_folder, sink) = with_answer(Answer::Accept);
    let cut = letter(7, "a");
    say(&sink, &cut[..cut.len() - 3]).unwrap();
    assert_eq!((sink.entries(), sink.messages()), (Vec::new(), 0));
}

#[test]
fn silence_after_the_dot_is_silence() {
    for answer in [Answer::AcceptThenClose, Answer::AcceptThenReset, Answer::AcceptThenHang] {
        let (_folder, sink) = with_answer(answer);
        let mut stream = TcpStream::connect(sink.address()).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
        stream.write_all(letter(7, "a").as_bytes()).unwrap();
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        let codes: Vec<String> = lines.map(|line| line[..3].to_owned()).collect();
        let said_yes = codes.iter().filter(|code| *code == "250").count() > 2;
        assert!(!said_yes || answer == Answer::AcceptThenReset, "{answer:?}: {codes:?}");
        assert_eq!(sink.entries().len(), 1, "{answer:?}");
    }
}

#[test]
fn a_log_goes_on_after_its_sink() {
    let (folder, sink) = with_answer(Answer::Accept);
    say(&sink, &letter(1, "a")).unwrap();
    drop(sink);
    let options = Options { log: Some(folder.join("log")), ..Options::default() };
    let sink = Sink::start(options).unwrap();
    say(&sink, &letter(2, "a")).unwrap();
    assert_eq!(sink.entries().len(), 2);
}
