//! Signing and sealing with the shop's secret roots.
//!
//! `AFTERCARE_SECRET` is a list: the first root signs and seals, all of them verify and open, so that a root can be
//! rotated without breaking the links in yesterday's mail. Each use derives its own key (HKDF-SHA256, RFC 5869),
//! so a signature for one use is worthless for another.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Dice, Error, Result};

/// Bytes of a signature: 128 bits, as `/o/{token}` needs (ASVS 11.5.1).
pub const SIGNATURE_LEN: usize = 16;
/// Bytes of a key id.
pub const KEY_ID_LEN: usize = 2;
/// The fewest bytes of a root.
const MIN_ROOT_LEN: usize = 32;

/// The secret roots, newest first.
#[derive(Clone)]
pub struct Keys {
    roots: Vec<Root>,
}

#[derive(Clone)]
struct Root {
    id: [u8; KEY_ID_LEN],
    bytes: Vec<u8>,
}

impl Keys {
    /// Reads the comma-separated roots of `AFTERCARE_SECRET`, each of at least 32 bytes.
    pub fn parse(list: &str) -> Result<Self> {
        let roots: Vec<Root> =
            list.split(',').map(str::trim).filter(|root| !root.is_empty()).map(Root::new).collect();
        let too_short = roots.iter().any(|root| root.bytes.len() < MIN_ROOT_LEN);
        if roots.is_empty() || too_short {
            let words =
                "AFTERCARE_SECRET needs at least one root of 32 bytes or more; separate several with commas.";
            return Err(Error::invalid("weak_secret", words));
        }
        Ok(Keys { roots })
    }

    /// A new root, as text to keep.
    pub fn generate(dice: &mut Dice) -> String {
        hex(&dice.bytes::<32>())
    }

    /// Signs `message` for `purpose` with the first root. Returns the key's id and the signature.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> ([u8; KEY_ID_LEN], [u8; SIGNATURE_LEN]) {
        let root = &self.roots[0];
        (root.id, root.signature(purpose, message))
    }

    /// Whether `signature` was made for `purpose` over `message` by the root with this id. Constant in time.
    pub fn verify(&self, purpose: &str, message: &[u8], id: &[u8], signature: &[u8]) -> bool {
        self.roots
            .iter()
            .filter(|root| root.id == id)
            .any(|root| root.signature(purpose, message).ct_eq(signature).into())
    }

    /// A keyed hash of `value` that only this shop can compute, for look-ups of things we may not keep in clear.
    pub fn fingerprint(&self, purpose: &str, value: &[u8]) -> String {
        // The oldest root, so that rotation keeps what was fingerprinted before.
        let root = self.roots.last().unwrap_or(&self.roots[0]);
        hex(&hmac_sha256(&root.derive(purpose), value))
    }

    /// What tells these roots from others, one mark each, newest first, and nothing about them: a backup keeps them, so
    /// that a restore under another secret is found out at once.
    pub fn marks(&self) -> Vec<String> {
        self.roots.iter().map(|root| hex(&root.signature("backup-mark", b"aftercare"))).collect()
    }

    /// Seals a credential for storage. `purpose` must be given again to open it.
    pub fn seal(&self, purpose: &str, plain: &[u8], dice: &mut Dice) -> Result<Vec<u8>> {
        let root = &self.roots[0];
        let nonce = dice.bytes::<12>();
        let sealed = root
            .cipher(purpose)
            .encrypt(&Nonce::from(nonce), plain)
            .map_err(|_| Error::internal("sealing a credential failed"))?;
        Ok([&root.id[..], &nonce[..], &sealed[..]].concat())
    }

    /// Opens what [`seal`](Keys::seal) made, with whichever root made it.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let lost = || {
            Error::internal(
                "a stored credential does not open: was a root taken out of AFTERCARE_SECRET that is still needed?",
            )
        };
        let (id, rest) = sealed.split_at_checked(KEY_ID_LEN).ok_or_else(lost)?;
        let (nonce, cipher_text) = rest.split_at_checked(12).ok_or_else(lost)?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| lost())?;
        let mut candidates = self.roots.iter().filter(|root| root.id == id);
        candidates
            .find_map(|root| root.cipher(purpose).decrypt(&Nonce::from(nonce), cipher_text).ok())
            .ok_or_else(lost)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} roots)", self.roots.len())
    }
}

impl Root {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes().to_vec();
        let digest = Sha256::digest([b"aftercare key id:", &bytes[..]].concat());
        Root { id: [digest[0], digest[1]], bytes }
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0u8; 32];
        Hkdf::<Sha256>::new(None, &self.bytes)
            .expand(purpose.as_bytes(), &mut key)
            .expect("32 bytes are within what HKDF-SHA256 can expand to");
        key
    }

    fn signature(&self, purpose: &str, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        let full = hmac_sha256(&self.derive(purpose), message);
        let mut cut = [0u8; SIGNATURE_LEN];
        cut.copy_from_slice(&full[..SIGNATURE_LEN]);
        cut
    }

    fn cipher(&self, purpose: &str) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(self.derive(purpose)))
    }
}

/// HMAC-SHA256 (RFC 2104).
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA1 (RFC 2104), only where a protocol of others wants it: Twilio's older signature, one-time passwords.
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let mut mac =
        <Hmac<sha1::Sha1> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two secrets are equal, in time that does not depend on where they differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "old-old-old-old-old-old-old-old-1";
    const NEW: &str = "new-new-new-new-new-new-new-new-1";

    #[test]
    fn a_rotated_root_still_verifies_and_opens() {
        let before = Keys::parse(OLD).unwrap();
        let after = Keys::parse(&format!("{NEW}, {OLD}")).unwrap();
        let (id, signature) = before.sign("link", b"ord_1");
        assert!(after.verify("link", b"ord_1", &id, &signature));
        assert_ne!(after.sign("link", b"ord_1"), (id, signature));
        let sealed = before.seal("shop", b"hush", &mut Dice::seeded(1)).unwrap();
        assert_eq!(after.open("shop", &sealed).unwrap(), b"hush");
        assert!(Keys::parse(NEW).unwrap().open("shop", &sealed).is_err());
        assert_eq!(before.fingerprint("address", b"a"), after.fingerprint("address", b"a"));
    }

    #[test]
    fn a_signature_is_for_one_use_and_one_message() {
        let keys = Keys::parse(OLD).unwrap();
        let (id, signature) = keys.sign("link", b"ord_1");
        assert!(!keys.verify("unsubscribe", b"ord_1", &id, &signature));
        assert!(!keys.verify("link", b"ord_2", &id, &signature));
        assert!(!keys.verify("link", b"ord_1", &id, &signature[..15]));
    }

    #[test]
    fn marks_tell_roots_apart_and_follow_their_list() {
        let (old, new) = (Keys::parse(OLD).unwrap(), Keys::parse(NEW).unwrap());
        let both = Keys::parse(&format!("{NEW},{OLD}")).unwrap();
        assert_eq!(both.marks(), [new.marks(), old.marks()].concat());
        assert_ne!(old.marks(), new.marks());
    }

    #[test]
    fn short_roots_are_refused() {
        assert!(Keys::parse("").is_err());
        assert!(Keys::parse("too-short").is_err());
        assert!(Keys::parse(&format!("{OLD},short")).is_err());
    }

    /// RFC 4231, test case 2.
    #[test]
    fn hmac_agrees_with_the_rfc() {
        let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
