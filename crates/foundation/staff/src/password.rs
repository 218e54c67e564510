//! Passwords, as they may be and as they are kept.
//!
//! Argon2id with 19 MiB, two passes and one lane: the least that OWASP's Password Storage Cheat Sheet recommends. The
//! parameters stand in each hash, so that they can be raised without anybody being locked out.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use kernel::{Dice, Error, Result, keys};

/// The fewest characters of a password: length is what a guesser pays for (NIST SP 800-63B).
pub const MIN_PASSWORD: usize = 12;
/// The most: more is somebody trying out our memory.
const MAX_PASSWORD: usize = 200;
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// What a hash costs, as it stands in it.
#[derive(Clone, Copy)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// What is chosen for a password that is hashed today.
const COST: Cost = Cost { memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES };

/// A hash with what it was made by.
struct Parts {
    cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// A password as it is kept: `argon2id$m=19456,t=2,p=1$SALT$HASH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(String);

/// Whether this may be a password.
pub fn check_password(password: &str, email: &str) -> Result<()> {
    let refused = |words: String| Err(Error::field("/password", "weak_password", words));
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        return refused(format!("Use at least {MIN_PASSWORD} characters. A sentence works well."));
    }
    if length > MAX_PASSWORD {
        return refused(format!("Use at most {MAX_PASSWORD} characters."));
    }
    let (lower, name) = (password.to_lowercase(), email.split('@').next().unwrap_or_default().to_lowercase());
    let different = password.chars().collect::<std::collections::BTreeSet<_>>().len();
    if different < 5 || (name.chars().count() > 3 && lower.contains(&name)) {
        return refused(
            "Choose something that is harder to guess than your name or a row of the same.".to_owned(),
        );
    }
    Ok(())
}

impl Password {
    /// Hashes a password that has been checked. Takes some thirty milliseconds and 19 MiB: not on a thread that serves.
    pub fn hash(password: &str, dice: &mut Dice) -> Result<Self> {
        let salt = dice.bytes::<SALT_BYTES>();
        let hash = argon(password, &salt, COST)?;
        let (salt, hash) = (BASE64.encode(salt), BASE64.encode(hash));
        Ok(Password(format!("argon2id$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}")))
    }

    /// From its row.
    pub fn stored(text: String) -> Self {
        Password(text)
    }

    /// For its row.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A hash that no password has, for accounts that are not there: finding that out takes as long as a wrong password.
    pub fn nobodys() -> Self {
        let (salt, hash) = (BASE64.encode([0; SALT_BYTES]), BASE64.encode([0; HASH_BYTES]));
        Password(format!("argon2id$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
    }

    /// Whether this is the password. As dear as [`Password::hash`].
    pub fn is(&self, password: &str) -> Result<bool> {
        let Parts { cost, salt, hash } =
            self.parts().ok_or_else(|| Error::internal("a password hash that can't be read"))?;
        let length = password.chars().count();
        if length > MAX_PASSWORD {
            return Ok(false);
        }
        Ok(keys::same(&argon(password, &salt, cost)?, &hash))
    }

    fn parts(&self) -> Option<Parts> {
        let mut parts = self.0.split('$');
        let (kind, cost, salt, hash) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let numbers: Vec<u32> =
            cost.split(',').map(|part| part.split_once('=')?.1.parse().ok()).collect::<Option<_>>()?;
        let [memory_kib, passes, lanes] = numbers.try_into().ok()?;
        let cost = Cost { memory_kib, passes, lanes };
        let is_known = kind == "argon2id" && parts.next().is_none();
        is_known.then_some(Parts { cost, salt: BASE64.decode(salt).ok()?, hash: BASE64.decode(hash).ok()? })
    }
}

fn argon(password: &str, salt: &[u8], cost: Cost) -> Result<[u8; HASH_BYTES]> {
    let failed = |error: argon2::Error| Error::internal(format!("argon2: {error}"));
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH_BYTES)).map_err(failed)?;
    let mut hash = [0; HASH_BYTES];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.as_bytes(), salt, &mut hash).map_err(failed)?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let mut dice = Dice::seeded(1);
        let kept = Password::hash("first flush darjeeling", &mut dice).unwrap();
        assert!(kept.as_str().starts_with("argon2id$m=19456,t=2,p=1$"));
        assert!(kept.is("first flush darjeeling").unwrap());
        assert!(!kept.is("first flush darjeelin").unwrap() && !kept.is("").unwrap());
        assert_ne!(kept, Password::hash("first flush darjeeling", &mut dice).unwrap(), "each has its salt");
        assert!(!Password::nobodys().is("first flush darjeeling").unwrap());
        assert!(Password::stored("plain".to_owned()).is("plain").is_err());
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        let email = "priya@northwind.example";
        for weak in ["short", "aaaaaaaaaaaaaaa", "priya-northwind-1", "elevenchars"] {
            assert!(check_password(weak, email).is_err(), "{weak}");
        }
        assert!(check_password(&"ab cde".repeat(40), email).is_err());
        assert!(check_password("zwölf Tassen Tee", email).is_ok());
    }
}
