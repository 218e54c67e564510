//! Keys that sign mail: `AFTERCARE_DKIM_*`, and `aftercare dkim`.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kernel::{Dice, Error, Result};
use messaging::dkim::{Signer, SigningKey, new_ed25519_pem};

use crate::cli::{DkimAlgorithm, DkimCommand};
use crate::commands;

/// Who signs mail, and with which keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dkim {
    /// The domain that signs.
    pub domain: String,
    /// Selectors and their key files.
    pub keys: Vec<(String, PathBuf)>,
}

impl Dkim {
    /// From the settings; none when nothing was set. Without a domain the sender's own signs.
    pub fn of(
        domain: Option<String>,
        selectors: Option<String>,
        files: Option<String>,
        sender_domain: &str,
    ) -> Result<Option<Self>> {
        let (selectors, files) = match (selectors, files) {
            (None, None) if domain.is_none() => return Ok(None),
            (Some(selectors), Some(files)) => (list(&selectors), list(&files)),
            _ => return Err(wrong("go together: set both, or neither")),
        };
        if selectors.len() != files.len() {
            return Err(wrong("name a selector for each key: both lists are equally long"));
        }
        let keys = selectors.into_iter().zip(files.into_iter().map(PathBuf::from)).collect();
        Ok(Some(Dkim { domain: domain.unwrap_or_else(|| sender_domain.to_owned()), keys }))
    }

    /// Reads the keys.
    pub fn signer(&self) -> Result<Signer> {
        let keys =
            self.keys.iter().map(|(selector, file)| Ok((selector.clone(), SigningKey::from_file(file)?)));
        Signer::new(&self.domain, keys.collect::<Result<_>>()?)
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|item| item.trim().to_owned()).collect()
}

fn wrong(what: &str) -> Error {
    Error::invalid(
        "config",
        format!(
            "AFTERCARE_DKIM_SELECTOR and AFTERCARE_DKIM_KEY (with AFTERCARE_DKIM_DOMAIN, or for the sender's own domain) {what}."
        ),
    )
}

/// Runs `aftercare dkim`.
pub(crate) fn run(command: &DkimCommand, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    match command {
        DkimCommand::Create { domain, selector, algorithm, out } => create(domain, selector, *algorithm, out),
        DkimCommand::Record { domain, selector, key, config } => {
            let dkim = match (domain, selector, key) {
                (Some(domain), Some(selector), Some(key)) => {
                    Dkim { domain: domain.clone(), keys: vec![(selector.clone(), key.clone())] }
                }
                _ => commands::config(config, env)?.dkim.ok_or_else(no_key)?,
            };
            print(&dkim.signer()?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn no_key() -> Error {
    Error::invalid("config", "No key is configured: name one with --domain, --selector and --key.")
}

fn create(domain: &str, selector: &str, algorithm: DkimAlgorithm, out: &Path) -> Result<ExitCode> {
    let file = out.display();
    if algorithm == DkimAlgorithm::Rsa {
        eprintln!("Make the RSA key with openssl, and then ask for its record:\n");
        println!("(umask 077; openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out {file})");
        println!("aftercare dkim record --domain {domain} --selector {selector} --key {file}");
        return Ok(ExitCode::FAILURE);
    }
    let pem = new_ed25519_pem(&mut Dice::from_os());
    // Nothing is written for a domain or a selector that can't be published.
    let signer = Signer::new(domain, vec![(selector.to_owned(), SigningKey::from_pem(pem.as_bytes())?)])?;
    write(out, &pem)
        .map_err(|error| Error::invalid("config", format!("Can't write the key file {file}: {error}")))?;
    print(&signer);
    Ok(ExitCode::SUCCESS)
}

/// For its owner alone, and never over another: mail may be signed with that one.
fn write(path: &Path, pem: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()
}

fn print(signer: &Signer) {
    for (selector, key) in signer.keys() {
        println!("Name:  {}", mailauth::dkim::record_name(selector, signer.domain()));
        println!("Type:  TXT");
        println!("Value: {}", key.record());
    }
    eprintln!(
        "Publish each as one TXT record. \
         In a zone file a value is cut into quoted pieces of 255 characters or less."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(domain: Option<&str>, selectors: Option<&str>, files: Option<&str>) -> Result<Option<Dkim>> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Dkim::of(owned(domain), owned(selectors), owned(files), "shop.example")
    }

    #[test]
    fn selectors_and_keys_belong_together() {
        assert_eq!(of(None, None, None).unwrap(), None);
        let two = of(None, Some("a1, a2"), Some("one.pem,two.pem")).unwrap().unwrap();
        assert_eq!(two.domain, "shop.example");
        assert_eq!(two.keys, [("a1".to_owned(), "one.pem".into()), ("a2".to_owned(), "two.pem".into())]);
        assert_eq!(of(Some("mail.test"), Some("a"), Some("k")).unwrap().unwrap().domain, "mail.test");
        for (domain, selectors, files) in [
            (Some("shop.example"), None, None),
            (None, Some("a"), None),
            (None, None, Some("k")),
            (None, Some("a,b"), Some("k")),
        ] {
            let error = of(domain, selectors, files).unwrap_err();
            assert!(error.words().contains("AFTERCARE_DKIM_KEY"), "{error}");
        }
    }
}
