//! The client against servers that answer, lie, drip and hang.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use crate::{CallError, Egress, Request, Resolve, Rules};

/// A server that gives every connection this answer, and keeps what it was asked.
async fn server(answer: &'static [u8]) -> (Url, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/path?a=1", listener.local_addr().unwrap())).unwrap();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 4_096];
        let read = stream.read(&mut asked).await.unwrap();
        stream.write_all(answer).await.unwrap();
        if !answer.is_empty() {
            stream.shutdown().await.unwrap();
        } else {
            // Silence: the connection stays open until the caller has had enough.
            let _ = stream.read(&mut [0; 1]).await;
        }
        String::from_utf8_lossy(&asked[..read]).into_owned()
    });
    (url, asked)
}

/// Answers the first question with one list of addresses, and every later one with another.
struct Fickle {
    asked: AtomicUsize,
    first: Vec<IpAddr>,
    later: Vec<IpAddr>,
}

#[async_trait]
impl Resolve for Fickle {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(if asked == 0 { self.first.clone() } else { self.later.clone() })
    }
}

fn resolving(first: &[&str], later: &[&str]) -> Egress {
    let ips = |list: &[&str]| list.iter().map(|ip| ip.parse().unwrap()).collect();
    let resolver = Fickle { asked: AtomicUsize::new(0), first: ips(first), later: ips(later) };
    Egress::with(Rules::public_internet(), Arc::new(resolver), None).unwrap()
}

#[tokio::test]
async fn a_request_arrives_as_it_was_written() {
    let (url, asked) =
        server(b"HTTP/1.1 202 Accepted\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nok").await;
    let egress = Egress::new(Rules::anywhere()).unwrap();
    let request = Request::new("POST", url.clone()).basic_auth("u", "p").body("text/plain", "hello");
    let answer = egress.call(request).await.unwrap();
    assert_eq!((answer.status, answer.text().as_str(), answer.is_whole), (202, "ok", true));
    assert_eq!(answer.retry_after(), Some(Duration::from_secs(7)));
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("POST /path?a=1 HTTP/1.1\r\n"), "{asked}");
    let host = format!("host: 127.0.0.1:{}\r\n", url.port().unwrap());
    for part in [host.as_str(), "authorization: Basic dTpw\r\n", "content-length: 5\r\n", "\r\n\r\nhello"] {
        assert!(asked.to_lowercase().contains(&part.to_lowercase()), "{part}: {asked}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_a_way() {
    let (url, _) =
        server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").await;
    let answer = Egress::new(Rules::anywhere()).unwrap().call(Request::new("GET", url)).await.unwrap();
    assert_eq!((answer.status, answer.is_success()), (302, false));
}

#[tokio::test]
async fn a_long_answer_is_cut_and_said_to_be() {
    let (url, _) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789").await;
    let request = Request { max_answer_bytes: 4, ..Request::new("GET", url) };
    let answer = Egress::new(Rules::anywhere()).unwrap().call(request).await.unwrap();
    assert!(!answer.is_whole && answer.body.len() <= 4, "{answer:?}");
}

#[tokio::test]
async fn silence_and_broken_answers_are_unknown_and_a_closed_door_is_not() {
    let egress = Egress::new(Rules::anywhere()).unwrap();
    let (silent, _) = server(b"").await;
    let request = Request { timeout: Duration::from_millis(200), ..Request::new("POST", silent) };
    assert!(matches!(egress.call(request).await, Err(CallError::NoAnswer(_))));
    let (broken, _) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").await;
    assert!(matches!(egress.call(Request::new("POST", broken)).await, Err(CallError::NoAnswer(_))));
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = Url::parse(&format!("http://{closed}/")).unwrap();
    match egress.call(Request::new("POST", url)).await {
        Err(CallError::NotReached(error)) => assert!(!error.is_forbidden, "{error:?}"),
        other => panic!("{other:?}"),
    }
}

/// What an address from outside may not reach: this machine and its neighbours, however they are spelled.
#[tokio::test]
async fn an_address_from_outside_does_not_lead_inside() {
    let (inside, asked) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let port = inside.port().unwrap();
    let spelled = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("http://0177.0.0.1:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://localhost:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "http://[fd00::1]/".to_owned(),
        "http://[64:ff9b::7f00:1]/".to_owned(),
        "http://user:secret@93.184.215.14/".to_owned(),
        "ftp://93.184.215.14/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "http://93.184.215.14:22/".to_owned(),
    ];
    let egress = Egress::new(Rules::public_internet()).unwrap();
    for url in spelled {
        match egress.connect(&Url::parse(&url).unwrap()).await {
            Err(error) => assert!(error.is_forbidden, "{url}: {error:?}"),
            Ok(_) => panic!("{url} was reached"),
        }
    }
    assert!(!asked.is_finished(), "nobody may have knocked");
    asked.abort();
}

#[tokio::test]
async fn a_name_with_one_inner_address_is_refused_whole() {
    let mixed = resolving(&["93.184.215.14", "127.0.0.1"], &[]);
    let error = mixed.connect(&Url::parse("http://mixed.example/").unwrap()).await.err().unwrap();
    assert!(error.is_forbidden, "{error:?}");
}

/// A name that is allowed when it is checked and leads inside a moment later: it is asked once, and the connection
/// goes where the checked answer said.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_asked_once() {
    let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let resolver = Arc::new(Fickle {
        asked: AtomicUsize::new(0),
        first: vec!["127.0.0.2".parse().unwrap()],
        later: vec!["127.0.0.1".parse().unwrap()],
    });
    let mut rules = Rules::public_internet();
    rules.allowed = kernel::net::Networks::parse("127.0.0.2").unwrap();
    let egress = Egress::with(rules, resolver.clone(), None).unwrap();
    let url = format!("http://rebinding.example:{}/", listener.local_addr().unwrap().port());
    let url = Url::parse(&url).unwrap();
    let (reached, accepted) = tokio::join!(egress.connect(&url), listener.accept());
    assert!(reached.is_ok() && accepted.is_ok());
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 1);
    let error = egress.connect(&url).await.err().unwrap();
    assert!(error.is_forbidden, "{error:?}");
}

#[tokio::test]
async fn what_the_operator_allows_is_reached() {
    let (url, _) = server(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let mut rules = Rules::public_internet();
    rules.allowed = kernel::net::Networks::parse("127.0.0.0/8").unwrap();
    let answer = Egress::new(rules).unwrap().call(Request::new("GET", url)).await.unwrap();
    assert_eq!(answer.status, 204);
}
