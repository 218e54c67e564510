//! A private Postfix that takes mail durably and throws it away: its `smtpd` writes and flushes a queue file for each
//! message before it answers 250, which is what a mail server promises.

use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kernel::{Error, Result};
use rig::process::{self, Folder};

use super::{io_failed, output_of};

/// Longer than any start that succeeds.
const STARTING: Duration = Duration::from_secs(30);

const MAIN: &str = "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.bench.test
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
default_transport = discard:
relay_transport = discard:
local_transport = discard:
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
in_flow_delay = 0
biff = no
";

const MASTER: &str = "127.0.0.1:{port} inet n - n - 100 smtpd
pickup  unix n - n 60    1 pickup
cleanup unix n - n -     0 cleanup
qmgr    unix n - n 300   1 qmgr
rewrite unix - - n -     - trivial-rewrite
bounce  unix - - n -     0 bounce
defer   unix - - n -     0 bounce
trace   unix - - n -     0 bounce
verify  unix - - n -     1 verify
flush   unix n - n 1000? 0 flush
proxymap unix - - n -    - proxymap
error   unix - - n -     - error
retry   unix - - n -     - error
discard unix - - n -     - discard
anvil   unix - - n -     1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A running Postfix.
pub struct Postfix {
    _folder: Folder,
    port: u16,
    master: Child,
}

impl Postfix {
    /// Starts one with its queue on the disk.
    pub fn start() -> Result<Postfix> {
        let folder = Folder::on_disk("postfix").map_err(io_failed("the queue's folder"))?;
        let port = process::free_port();
        let filled = |words: &str| {
            words
                .replace("{folder}", &folder.path().display().to_string())
                .replace("{port}", &port.to_string())
        };
        for (name, words) in [("main.cf", MAIN), ("master.cf", MASTER)] {
            fs::write(folder.join(name), filled(words)).map_err(io_failed(name))?;
        }
        for name in ["queue", "data"] {
            fs::create_dir(folder.join(name)).map_err(io_failed(name))?;
        }
        output_of(Command::new("chown").arg("postfix").arg(folder.join("data")))?;
        output_of(Command::new("/usr/sbin/postfix").arg("-c").arg(folder.path()).arg("check"))?;
        let mut master = process::watched("/usr/lib/postfix/sbin/master");
        master.arg("-s").arg("-c").arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let master = process::spawn(master).map_err(io_failed("Postfix"))?;
        let answers = || TcpStream::connect(("127.0.0.1", port)).is_ok().then_some(());
        let started = process::wait_for(STARTING, answers);
        let postfix = Postfix { _folder: folder, port, master };
        started.ok_or_else(|| Error::internal("Postfix does not start"))?;
        Ok(postfix)
    }

    /// Where it takes mail, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        drop(self.master.stdin.take());
        // It takes its own processes along.
        let _ = self.master.wait();
    }
}
