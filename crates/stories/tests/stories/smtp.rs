//! What the mail provider makes of everything a mail server can do to a message.
#![expect(clippy::unwrap_used, reason = "the helpers of a story may panic like the story itself")]

use std::sync::Arc;
use std::time::Duration;

use kernel::shop::Sender;
use kernel::{Email, Timestamp, VirtualClock};
use messaging::mail::Mail;
use messaging::mime;
use messaging::outgoing::Outgoing;
use messaging::provider::{Provider, Refusal, RefusalClass, Submission};
use messaging::smtp::{Login, SmtpProvider, SmtpSettings};
use stories::smtp_sink::{Manners, Moment, Script, SmtpSink};

const BRIEF: Duration = Duration::from_millis(150);

fn mail(number: usize) -> Mail {
    Mail {
        from: Sender { name: "Nordlys".into(), address: Email::parse("shop@nordlys.test").unwrap() },
        reply_to: None,
        to: Email::parse("ann@example.test").unwrap(),
        to_name: Some("Ann".into()),
        subject: "Your order".into(),
        html: "<p>It is on its way.</p>".into(),
        text: ".\n..\n.hidden\nIt is on its way.\n.\n".into(),
        message_id: format!("m.{number}@nordlys.test"),
        references: Vec::new(),
        date: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(),
        headers: Vec::new(),
    }
}

struct Stage {
    sink: SmtpSink,
    clock: Arc<VirtualClock>,
    provider: SmtpProvider,
}

impl Stage {
    async fn new() -> Stage {
        Stage::with(Manners::default(), |_| {}).await
    }

    async fn with(manners: Manners, change: impl FnOnce(&mut SmtpSettings)) -> Stage {
        let sink = SmtpSink::with(manners).await.unwrap();
        let mut settings = SmtpSettings::parse(&sink.url()).unwrap();
        change(&mut settings);
        let clock = Arc::new(VirtualClock::at(Timestamp::from_ms(0)));
        let provider = SmtpProvider::new(settings, clock.clone()).unwrap();
        Stage { sink, clock, provider }
    }

    /// With every time limit so short that a story can wait for it.
    async fn impatient() -> Stage {
        Stage::with(Manners::default(), |settings| {
            let limits = &mut settings.timeouts;
            limits.greeting = BRIEF;
            limits.command = BRIEF;
            limits.data = BRIEF;
            limits.chunk = BRIEF;
            limits.dot = BRIEF;
        })
        .await
    }

    async fn send(&self, number: usize) -> Result<Submission, Refusal> {
        Ok(self.provider.connect().await?.submit(&Outgoing::Email(mail(number))).await)
    }

    async fn send_scripted(&self, script: Script) -> Submission {
        self.sink.script(script);
        self.send(0).await.unwrap()
    }

    /// That the provider has recovered: the next message goes through, and nothing broke the protocol.
    async fn assert_goes_on(&self) {
        let before = self.sink.received().len();
        assert!(is_accepted(&self.send(99).await.unwrap()));
        assert_eq!(self.sink.received().len(), before + 1);
        assert_eq!(self.sink.violations(), Vec::<String>::new());
    }
}

fn is_accepted(submission: &Submission) -> bool {
    matches!(submission, Submission::Accepted { .. })
}

fn class(submission: Submission) -> RefusalClass {
    match submission {
        Submission::Refused(refusal) => refusal.class,
        Submission::Accepted { .. } | Submission::Unknown { .. } => panic!("not a refusal: {submission:?}"),
    }
}

fn reject(moment: Moment, code: u16, words: &str) -> Script {
    Script::Reject(moment, code, words.to_owned())
}

#[tokio::test]
async fn a_message_arrives_byte_for_byte() {
    let stage = Stage::new().await;
    let submission = stage.send(1).await.unwrap();
    assert_eq!(submission, Submission::Accepted { reference: "Taken as 0-0".into() });
    let received = stage.sink.received();
    assert_eq!(received[0].bytes, mime::compose(&mail(1)));
    assert!(received[0].bytes.windows(5).any(|five| five == b"\r\n.\r\n"), "the story needs a lone dot");
    assert_eq!(
        (received[0].from.as_str(), received[0].to.as_slice()),
        ("shop@nordlys.test", &["ann@example.test".to_owned()][..])
    );
    assert_eq!(stage.sink.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_envelope_is_one_write_where_the_server_can_take_it() {
    let stage = Stage::new().await;
    stage.send(1).await.unwrap();
    let reads = stage.sink.reads();
    let together = reads.iter().filter(|read| read.starts_with("MAIL FROM:<shop@nordlys.test> SIZE="));
    let together: Vec<&String> = together.collect();
    assert_eq!(together.len(), 1, "{reads:?}");
    assert!(together[0].ends_with("\r\nRCPT TO:<ann@example.test>\r\nDATA\r\n"), "{reads:?}");
}

#[tokio::test]
async fn a_server_without_pipelining_gets_one_command_at_a_time() {
    let stage = Stage::with(Manners { pipelining: false, ..Manners::default() }, |_| {}).await;
    assert!(is_accepted(&stage.send(1).await.unwrap()));
    stage.sink.script(reject(Moment::Rcpt, 550, "5.1.1 No such user"));
    assert_eq!(class(stage.send(2).await.unwrap()), RefusalClass::DeadAddress);
    stage.assert_goes_on().await;
    assert_eq!(stage.sink.connections(), 1);
}

#[tokio::test]
async fn each_no_is_a_refusal_of_its_class_and_the_session_goes_on() {
    let stage = Stage::new().await;
    let table = [
        (reject(Moment::Mail, 550, "5.7.1 Sender not allowed"), RefusalClass::Account),
        (reject(Moment::Mail, 451, "4.3.0 Later"), RefusalClass::Transient),
        (reject(Moment::Rcpt, 550, "5.1.1 <ann@example.test> unknown"), RefusalClass::DeadAddress),
        (reject(Moment::Rcpt, 450, "4.2.0 Greylisted"), RefusalClass::RecipientBusy),
        (reject(Moment::Data, 451, "4.3.0 Later"), RefusalClass::Transient),
        (reject(Moment::Dot, 451, "4.3.0 Later"), RefusalClass::Transient),
        (reject(Moment::Dot, 554, "5.6.0 Content refused"), RefusalClass::Permanent),
    ];
    for (script, expected) in table {
        assert_eq!(class(stage.send_scripted(script.clone()).await), expected, "{script:?}");
    }
    assert_eq!(stage.sink.received().len(), 0);
    stage.assert_goes_on().await;
    assert_eq!(stage.sink.connections(), 1, "none of these is a reason to hang up");
}

#[tokio::test]
async fn a_refusal_does_not_keep_the_address() {
    let stage = Stage::new().await;
    let submission = stage.send_scripted(reject(Moment::Rcpt, 550, "5.1.1 <Ann@example.test> unknown")).await;
    let Submission::Refused(refusal) = submission else { panic!("{submission:?}") };
    assert_eq!(refusal.words, "550 5.1.1 <recipient> unknown (at RCPT TO)");
}

#[tokio::test]
async fn a_server_that_closes_says_so_and_is_left() {
    for moment in [Moment::Mail, Moment::Rcpt, Moment::Data, Moment::Dot] {
        let stage = Stage::new().await;
        let submission = stage.send_scripted(reject(moment, 421, "4.3.2 Shutting down")).await;
        let Submission::Refused(refusal) = submission else { panic!("{moment:?}: {submission:?}") };
        assert_eq!(refusal.class, RefusalClass::Transient);
        assert!(refusal.words.starts_with("421 4.3.2 Shutting down"), "{moment:?}: {}", refusal.words);
        assert_eq!(stage.provider.idle_sessions(), 0);
        stage.assert_goes_on().await;
    }
}

#[tokio::test]
async fn silence_before_the_final_dot_is_a_refusal() {
    for moment in [Moment::Mail, Moment::Rcpt, Moment::Data] {
        let stage = Stage::impatient().await;
        assert_eq!(
            class(stage.send_scripted(Script::Hang(moment)).await),
            RefusalClass::Transient,
            "{moment:?}"
        );
        assert_eq!(stage.sink.received().len(), 0);
        stage.assert_goes_on().await;
        assert_eq!(stage.sink.connections(), 2);
    }
}

#[tokio::test]
async fn silence_after_the_final_dot_is_unknown() {
    let stage = Stage::impatient().await;
    for script in [Script::Hang(Moment::Dot), Script::DropAfterDot, Script::SlowDrip(BRIEF / 4)] {
        let taken = stage.sink.received().len();
        let submission = stage.send_scripted(script.clone()).await;
        assert!(matches!(submission, Submission::Unknown { .. }), "{script:?}: {submission:?}");
        assert_eq!(stage.sink.received().len(), taken + 1, "the server has it: {script:?}");
        assert_eq!(stage.provider.idle_sessions(), 0);
    }
    stage.assert_goes_on().await;
}

#[tokio::test]
async fn a_slow_answer_in_time_is_an_answer() {
    let stage = Stage::new().await;
    assert!(is_accepted(&stage.send_scripted(Script::SlowDrip(Duration::from_millis(5))).await));
}

#[tokio::test]
async fn a_yes_that_a_reset_may_have_swallowed_is_never_a_refusal() {
    for _ in 0..20 {
        let stage = Stage::new().await;
        let submission = stage.send_scripted(Script::AcceptThenReset).await;
        assert!(!matches!(submission, Submission::Refused(_)), "{submission:?}");
        stage.assert_goes_on().await;
    }
}

#[tokio::test]
async fn a_connection_lost_within_the_message_is_a_refusal() {
    let stage = Stage::new().await;
    stage.sink.script(Script::DropBeforeDot);
    // More than the network will hold for a server that has stopped reading.
    let large = Mail { text: "A line of a long message.\n".repeat(1_000_000), ..mail(1) };
    let submission = stage.provider.connect().await.unwrap().submit(&Outgoing::Email(large)).await;
    assert_eq!(class(submission), RefusalClass::Transient);
    assert_eq!(stage.sink.received().len(), 0);
    stage.assert_goes_on().await;
}

#[tokio::test]
async fn trouble_before_any_message_is_found_in_connect() {
    let stage = Stage::impatient().await;
    let table = [
        (Script::greeting_421(), RefusalClass::Transient),
        (Script::Hang(Moment::Greeting), RefusalClass::Transient),
        (Script::Hang(Moment::Hello), RefusalClass::Transient),
        (reject(Moment::Greeting, 554, "5.7.1 Not from there"), RefusalClass::Account),
    ];
    for (script, expected) in table {
        stage.sink.script(script.clone());
        assert_eq!(stage.send(1).await.unwrap_err().class, expected, "{script:?}");
    }
    stage.assert_goes_on().await;
}

#[tokio::test]
async fn nobody_listening_is_found_in_connect() {
    let sink = SmtpSink::start().await.unwrap();
    let settings = SmtpSettings::parse(&sink.url()).unwrap();
    drop(sink);
    let clock = Arc::new(VirtualClock::at(Timestamp::from_ms(0)));
    // The port is free as soon as the server's task has gone.
    tokio::task::yield_now().await;
    let provider = SmtpProvider::new(settings, clock).unwrap();
    assert_eq!(provider.connect().await.err().unwrap().class, RefusalClass::Transient);
}

#[tokio::test]
async fn a_stale_session_is_found_in_connect() {
    let stage = Stage::with(Manners { messages_per_connection: Some(1), ..Manners::default() }, |_| {}).await;
    for number in 0..10 {
        assert!(is_accepted(&stage.send(number).await.unwrap()), "message {number}");
    }
    assert_eq!(stage.sink.connections(), 10);
}

#[tokio::test]
async fn sessions_are_used_again_until_they_are_old_or_worn() {
    let stage = Stage::with(Manners::default(), |settings| settings.messages_per_session = 3).await;
    for number in 0..7 {
        stage.send(number).await.unwrap();
    }
    assert_eq!(stage.sink.connections(), 3, "three, three and one");
    stage.clock.move_to(Timestamp::from_ms(30_000));
    stage.send(7).await.unwrap();
    assert_eq!(stage.sink.connections(), 4, "nobody trusts what waited for 30 seconds");
}

#[tokio::test]
async fn a_session_that_was_not_used_after_all_goes_back() {
    let stage = Stage::new().await;
    drop(stage.provider.connect().await.unwrap());
    assert_eq!(stage.provider.idle_sessions(), 1);
    stage.assert_goes_on().await;
    assert_eq!(stage.sink.connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_messages_go_over_four_sessions() {
    let stage = Arc::new(Stage::new().await);
    let mut senders = tokio::task::JoinSet::new();
    for number in 0..300 {
        let stage = Arc::clone(&stage);
        senders.spawn(async move { is_accepted(&stage.send(number).await.unwrap()) });
    }
    assert!(senders.join_all().await.into_iter().all(|accepted| accepted));
    assert_eq!(stage.sink.received().len(), 300);
    let messages: std::collections::BTreeSet<Vec<u8>> =
        stage.sink.received().into_iter().map(|one| one.bytes).collect();
    assert_eq!(messages.len(), 300, "each arrived once");
    assert!((4..=8).contains(&stage.sink.connections()), "{}", stage.sink.connections());
    assert_eq!(stage.sink.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_login_is_made_with_what_the_server_offers() {
    for mechanisms in ["PLAIN LOGIN", "LOGIN", "CRAM-MD5 PLAIN"] {
        let manners =
            Manners { login: Some(("shop".into(), "s:e c/r@t".into())), mechanisms, ..Manners::default() };
        let good = Login { user: "shop".into(), password: "s:e c/r@t".into() };
        let stage = Stage::with(manners, |settings| settings.login = Some(good)).await;
        stage.assert_goes_on().await;
    }
}

#[tokio::test]
async fn a_wrong_login_is_about_our_account() {
    for (mechanisms, password) in
        [("PLAIN", Some("wrong")), ("LOGIN", Some("wrong")), ("CRAM-MD5", Some("right")), ("PLAIN", None)]
    {
        let manners =
            Manners { login: Some(("shop".into(), "right".into())), mechanisms, ..Manners::default() };
        let login = password.map(|password| Login { user: "shop".into(), password: password.into() });
        let stage = Stage::with(manners, |settings| settings.login = login).await;
        let class = match stage.send(1).await {
            Err(refusal) => refusal.class,
            Ok(submission) => class(submission),
        };
        assert_eq!(class, RefusalClass::Account, "{mechanisms} {password:?}");
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_said() {
    let sink = SmtpSink::start().await.unwrap();
    let url = format!("smtp+starttls://shop:secret@{}", sink.address());
    let clock = Arc::new(VirtualClock::at(Timestamp::from_ms(0)));
    let provider = SmtpProvider::new(SmtpSettings::parse(&url).unwrap(), clock).unwrap();
    assert_eq!(provider.connect().await.err().unwrap().class, RefusalClass::Account);
    assert!(sink.reads().iter().all(|read| read.starts_with("EHLO ")), "{:?}", sink.reads());
}
