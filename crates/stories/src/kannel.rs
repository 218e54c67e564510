//! A throw-away Kannel, the gateway itself: bearerbox speaks SMPP to our message centre, smsbox takes texts by HTTP
//! and calls the shop back. It lives in a folder of its own, listens on this machine only and dies with the test process.

use std::fs;
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::process::{self, Folder};
use crate::smsc::Smsc;

/// Longer than any start that succeeds.
const STARTING: Duration = Duration::from_secs(30);

/// A running pair of bearerbox and smsbox, and the network behind them.
pub struct Kannel {
    /// The network behind it.
    pub smsc: Smsc,
    folder: Folder,
    boxes: Vec<Child>,
}

impl Kannel {
    /// Starts one that takes texts on `send_port`, and brings what people text to `incoming`, the whole address with
    /// Kannel's escapes.
    pub fn start(send_port: u16, incoming: &str) -> Kannel {
        let smsc = Smsc::start();
        let folder = Folder::fresh("kannel").expect("a folder can be made");
        let (admin, inner) = (process::free_port(), process::free_port());
        let log = folder.path().display().to_string();
        let smsc_port = smsc.port();
        let config = format!(
            r#"group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = adm
status-password = st
smsbox-port = {inner}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
log-file = "{log}/bearerbox.log"
log-level = 1
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = STORY
host = 127.0.0.1
port = {smsc_port}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = ""
interface-version = 34
reconnect-delay = 1
msg-id-type = 0

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-interface = 127.0.0.1
sendsms-port = {send_port}
log-file = "{log}/smsbox.log"
log-level = 1

group = sendsms-user
username = tester
password = foobar
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "{incoming}"
max-messages = 0
omit-empty = true
"#
        );
        fs::write(folder.join("kannel.conf"), config).expect("the folder can be written");
        let mut kannel = Kannel { smsc, folder, boxes: Vec::new() };
        kannel.run("/usr/sbin/bearerbox", inner);
        kannel.run("/usr/sbin/smsbox", send_port);
        kannel
    }

    /// `AFTERCARE_SMS_URL` for one that takes texts on this port.
    pub fn url(port: u16) -> String {
        format!("kannel+http://tester:foobar@127.0.0.1:{port}/cgi-bin/sendsms?from=Northwind")
    }

    /// What it has logged, for a story that fails.
    pub fn logs(&self) -> String {
        let log = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        log("bearerbox.log") + &log("smsbox.log")
    }

    fn run(&mut self, program: &str, port: u16) {
        let mut command = process::mortal(program);
        command.args(["-v", "4"]).arg(self.folder.join("kannel.conf"));
        command
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.boxes.push(process::spawn(command).expect("Kannel is installed: ./x setup"));
        let up = process::wait_for(STARTING, || TcpStream::connect(("127.0.0.1", port)).ok());
        assert!(up.is_some(), "{program} is not up:\n{}", self.logs());
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        for child in self.boxes.iter_mut().rev() {
            // It may have ended by itself; then waiting is all that is left to do.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
