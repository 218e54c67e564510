//! Programs of others that check signatures: what they accept, a recipient's server accepts.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Debian's own Python, which sees Debian's own packages.
const PYTHON: &str = "/usr/bin/python3";

/// Reads keys and mails, each preceded by its length, and answers with a line of yes and no for each signature.
const CHECK: &str = r#"
import dkim, struct, sys
def chunk():
    head = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(struct.unpack('>I', head)[0]) if len(head) == 4 else None
keys = dict(line.split(b' ', 1) for line in chunk().split(b'\n') if line)
def dns(name, timeout=5):
    return keys.get(name.rstrip(b'.') if isinstance(name, bytes) else name.rstrip('.').encode())
while (mail := chunk()) is not None:
    said = []
    count = mail.split(b'\r\n\r\n', 1)[0].count(b'DKIM-Signature:')
    for number in range(count):
        try:
            said.append('yes' if dkim.DKIM(mail).verify(idx=number, dnsfunc=dns) else 'no')
        except dkim.DKIMException as error:
            said.append('no')
    print(' '.join(said) or 'none')
"#;

/// Has dkimpy check every signature of every mail, in one process. `keys` are names and texts of TXT records.
pub fn dkimpy(keys: &[(String, String)], mails: &[Vec<u8>]) -> Vec<Vec<bool>> {
    let mut input = Vec::new();
    let keys: String = keys.iter().map(|(name, text)| format!("{name} {text}\n")).collect();
    for chunk in std::iter::once(keys.as_bytes()).chain(mails.iter().map(Vec::as_slice)) {
        input.extend_from_slice(&(chunk.len() as u32).to_be_bytes());
        input.extend_from_slice(chunk);
    }
    let mut python = Command::new(PYTHON);
    python.args(["-c", CHECK]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().expect("python3 is there: run ./x setup");
    let mut stdin = child.stdin.take().expect("its input was asked for");
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("python ends");
    writer.join().expect("the writer does not panic").expect("python reads all of it");
    assert!(output.status.success(), "dkimpy failed");
    let text = String::from_utf8(output.stdout).expect("the answers are words");
    let answers = text.lines().map(|line| {
        line.split(' ').filter(|word| *word != "none").map(|word| word == "yes").collect::<Vec<bool>>()
    });
    answers.collect()
}

/// Whether the checkers are installed; `./x setup` does that.
pub fn check_machine() -> Result<(), String> {
    if !Path::new("/usr/sbin/opendkim").exists() {
        return Err("opendkim is missing: run ./x setup as root".to_owned());
    }
    let imported = Command::new(PYTHON).args(["-c", "import dkim, nacl"]).status();
    match imported {
        Ok(status) if status.success() => Ok(()),
        Ok(_) | Err(_) => Err("python3-dkim or python3-nacl is missing: run ./x setup as root".to_owned()),
    }
}
