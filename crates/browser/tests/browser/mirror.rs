//! Documents served as they are and without a word around them: no header keeps a script from running, so that only the
//! markup counts.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

/// Serves documents under their places in the list.
pub struct Mirror {
    home: String,
}

impl Mirror {
    /// Serves these for as long as the test runs.
    pub fn of(documents: Vec<String>) -> Mirror {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the machine has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let documents = Arc::new(documents);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let documents = Arc::clone(&documents);
                // A browser opens connections ahead of use and says nothing on them.
                thread::spawn(move || {
                    let mut request = [0; 8192];
                    let count = stream.read(&mut request).unwrap_or(0);
                    let path = String::from_utf8_lossy(&request[..count]).into_owned();
                    let place = path.split(' ').nth(1).and_then(|path| path[1..].parse::<usize>().ok());
                    let found = place.and_then(|place| documents.get(place));
                    let (status, body) = found.map_or(("404 Not Found", ""), |body| ("200 OK", body));
                    let length = body.len();
                    let head = format!(
                        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\
                         Content-Length: {length}\r\n\r\n"
                    );
                    let _ = stream.write_all((head + body).as_bytes());
                });
            }
        });
        Mirror { home: format!("http://{address}/") }
    }

    /// What every address here begins with.
    pub fn home(&self) -> &str {
        &self.home
    }

    /// The address of one document.
    pub fn url(&self, place: usize) -> String {
        format!("{}{place}", self.home)
    }
}
