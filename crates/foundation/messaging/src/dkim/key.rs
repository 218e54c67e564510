//! A private key from its file, and its public half.

use std::path::Path;
use std::{fmt, fs, io};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Dice, Error, Result, keys};
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

/// What a key file may hold at most; a key of 4096 bits takes 3,300 bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// How to make the key nearly everybody can check.
const HOW_RSA: &str = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE";
/// What stands before the 32 bytes of an Ed25519 key in PKCS#8, and before those of its public half (RFC 8410).
const ED25519_PKCS8: [u8; 16] = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
/// The algorithm of an RSA key, as a public key names it: rsaEncryption, with no parameters.
const RSA_ALGORITHM: [u8; 15] = *b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS#1 v1.5 and SHA-256: everybody can check it.
    Rsa,
    /// Ed25519 over SHA-256: short and fast, and not everybody can check it yet.
    Ed25519,
}

impl Algorithm {
    /// The `a=` of a signature.
    pub fn tag(self) -> &'static str {
        match self {
            Algorithm::Rsa => "rsa-sha256",
            Algorithm::Ed25519 => "ed25519-sha256",
        }
    }

    /// The `k=` of a published key.
    pub fn kind(self) -> &'static str {
        match self {
            Algorithm::Rsa => "rsa",
            Algorithm::Ed25519 => "ed25519",
        }
    }
}

/// A key that signs mail.
pub struct SigningKey(Pair);

enum Pair {
    Rsa(Box<rsa::KeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.algorithm()).finish()
    }
}

impl SigningKey {
    /// Reads a key file. One that others on this machine can read is refused: whoever has it can write in our name.
    pub fn from_file(path: &Path) -> Result<Self> {
        let bad =
            |what: String| Error::invalid("bad_dkim_key", format!("The DKIM key {}: {what}", path.display()));
        let pem = read(path).map_err(|error| bad(format!("can't be read: {error}.")))?;
        SigningKey::from_pem(&pem).map_err(|error| bad(error.words().to_owned()))
    }

    /// Reads PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`) in PEM.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
            bad("there is no private key in it. It is a PEM file that begins with \
                 -----BEGIN PRIVATE KEY-----, without a password."
                .to_owned())
        })?;
        match der {
            PrivateKeyDer::Pkcs1(der) => rsa(rsa::KeyPair::from_der(der.secret_pkcs1_der())),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                match Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
                    Ok(pair) => Ok(SigningKey(Pair::Ed25519(Box::new(pair)))),
                    Err(_) => rsa(rsa::KeyPair::from_pkcs8(der)),
                }
            }
            _ => Err(neither()),
        }
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Pair::Rsa(_) => Algorithm::Rsa,
            Pair::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// How long it is.
    pub fn bits(&self) -> usize {
        match &self.0 {
            Pair::Rsa(pair) => pair.public().modulus_len() * 8,
            Pair::Ed25519(_) => 256,
        }
    }

    /// The `p=` of its record: for RSA a SubjectPublicKeyInfo, for Ed25519 the bare 32 bytes (RFC 8463 §4.2).
    pub fn public(&self) -> Vec<u8> {
        match &self.0 {
            Pair::Rsa(pair) => subject_public_key_info(pair.public_key().as_ref()),
            Pair::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    /// The text of the TXT record that belongs to it.
    pub fn record(&self) -> String {
        format!("v=DKIM1; k={}; p={}", self.algorithm().kind(), STANDARD.encode(self.public()))
    }

    /// Signs. The same bytes give the same signature.
    pub(super) fn sign(&self, input: &[u8]) -> Result<Vec<u8>> {
        match &self.0 {
            Pair::Ed25519(pair) => Ok(pair.sign(&keys::sha256(input)).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                // The chance goes into blinding, which the signature does not show.
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature)
                    .map_err(|_| Error::internal("a mail could not be signed"))?;
                Ok(signature)
            }
        }
    }
}

/// A new Ed25519 key, as the PEM file that [`SigningKey::from_pem`] and openssl read.
pub fn new_ed25519_pem(dice: &mut Dice) -> String {
    let der = [&ED25519_PKCS8[..], &dice.bytes::<32>()].concat();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
}

fn rsa(read: std::result::Result<rsa::KeyPair, ring::error::KeyRejected>) -> Result<SigningKey> {
    read.map(|pair| SigningKey(Pair::Rsa(Box::new(pair)))).map_err(|error| match error.to_string().as_str() {
        "TooSmall" => bad(format!(
            "it is shorter than 2048 bits, which is too short to be safe. Make a new one: {HOW_RSA}"
        )),
        "TooLarge" => bad(format!(
            "it is longer than 4096 bits, which many servers don't check. Make a new one: {HOW_RSA}"
        )),
        _ => neither(),
    })
}

fn neither() -> Error {
    bad(format!("it is neither an RSA key nor an Ed25519 key, or it is damaged. Make a new one: {HOW_RSA}"))
}

fn bad(what: String) -> Error {
    Error::invalid("bad_dkim_key", what)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    use std::os::unix::fs::PermissionsExt;
    let about = fs::metadata(path)?;
    if about.permissions().mode() & 0o007 != 0 {
        let fix = format!("everybody on this machine can get at it. Run: chmod 600 {}", path.display());
        return Err(io::Error::other(fix));
    }
    if about.len() > MAX_BYTES {
        return Err(io::Error::other("it is too long to be a key"));
    }
    fs::read(path)
}

/// DER around a PKCS#1 public key: SEQUENCE { algorithm, BIT STRING }.
fn subject_public_key_info(pkcs1: &[u8]) -> Vec<u8> {
    let bits = [&[0], pkcs1].concat();
    der(0x30, &[&RSA_ALGORITHM[..], &der(0x03, &bits)].concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let head = match content.len() {
        0..=127 => vec![tag, content.len() as u8],
        _ => [&[tag, 0x80 | length.len() as u8], &length[..]].concat(),
    };
    [head, content.to_vec()].concat()
}
