//! Passwords: argon2id, the same work for known and unknown accounts, and which ones are refused.
//!
//! Hashing takes some 19 MiB and tens of milliseconds, so that it runs off the async threads and
//! at most two at a time. Who may sign in, and where, is for the caller.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use wigwag_store::Db;

/// Memory in KiB, passes and lanes (OWASP's minimum for argon2id).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// How many hashes at a time.
const AT_ONCE: usize = 2;
/// What unknown accounts are checked against; no password has this hash.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Passwords that everybody tries first, and some that our own pages suggest.
const COMMON: &[&str] = &[
    "password",
    "password1",
    "password12",
    "password123",
    "12345678",
    "123456789",
    "1234567890",
    "qwertyui",
    "qwertyuiop",
    "qwerty123",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "welcome1",
    "welcome123",
    "admin123",
    "administrator",
    "letmein1",
    "changeme",
    "changeme1",
    "whatsapp",
    "whatsapp1",
    "wigwag123",
    "11111111",
    "00000000",
    "abcd1234",
    "abc12345",
    "superman",
    "trustno1",
    "passw0rd",
    "p@ssw0rd",
    "88888888",
];

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 8 characters.
    #[error("use at least 8 characters")]
    TooShort,
    /// More than 128 characters.
    #[error("use at most 128 characters")]
    TooLong,
    /// One that everybody tries first.
    #[error("this password is among the first that anybody tries: choose another")]
    Common,
    /// It is the person's name or address.
    #[error("choose a password that is not your name or e-mail address")]
    Personal,
}

/// Judges a password that a person chose; `about` are their name, address and the like.
///
/// # Errors
/// [`PasswordError`] says what to mend.
pub fn check_password(password: &str, about: &[&str]) -> Result<(), PasswordError> {
    match password.chars().count() {
        ..8 => return Err(PasswordError::TooShort),
        129.. => return Err(PasswordError::TooLong),
        _ => {}
    }
    let folded = password.to_lowercase();
    let mut letters = folded.chars();
    let first = letters.next();
    if COMMON.contains(&folded.as_str()) || letters.all(|letter| Some(letter) == first) {
        return Err(PasswordError::Common);
    }
    let personal = about.iter().flat_map(|text| {
        let whole = text.to_lowercase();
        let local = whole.split('@').next().unwrap_or_default().to_owned();
        [whole, local]
    });
    for text in personal {
        if !text.is_empty() && folded == text {
            return Err(PasswordError::Personal);
        }
    }
    Ok(())
}

/// Makes and checks password hashes.
#[derive(Debug, Clone)]
pub struct Passwords {
    db: Db,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// With the salt's randomness from the database's mint.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Hashes a password, in PHC form.
    ///
    /// # Errors
    /// When argon2 itself fails, which no password causes.
    pub async fn hash(&self, password: &str) -> Result<String, HashError> {
        let (password, salt) = (password.to_owned(), self.db.mint().random::<16>());
        self.work(move || {
            let hash: PasswordHash = hasher()?
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map_err(|_| HashError)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password has the hash. Without a hash (no such account) the same work is done
    /// and the answer is no.
    ///
    /// # Errors
    /// When the work could not be done at all.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, HashError> {
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(NOBODY).to_owned();
        self.work(move || {
            let Ok(parsed) = PasswordHash::new(&hash) else {
                return Ok(false);
            };
            Ok(hasher()?
                .verify_password(password.as_bytes(), &parsed)
                .is_ok()
                && known)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let _turn = self.turns.acquire().await.map_err(|_| HashError)?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| HashError)?
    }
}

/// Hashing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

fn hasher() -> Result<Argon2<'static>, HashError> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| HashError)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_store::testing::TestDb;

    #[tokio::test]
    async fn a_password_has_its_own_hash_only() {
        let db = TestDb::sqlite().await;
        let passwords = Passwords::new((*db).clone());
        let hash = passwords.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            passwords
                .verify("correct horse battery", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("correct horse batterx", Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("correct horse battery", None)
                .await
                .unwrap()
        );
        assert_ne!(hash, passwords.hash("correct horse battery").await.unwrap());
    }

    #[test]
    fn unknown_accounts_cost_the_same_work() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let (memory, passes, lanes) = COST;
        assert_eq!(nobody.params.get_decimal("m"), Some(memory));
        assert_eq!(nobody.params.get_decimal("t"), Some(passes));
        assert_eq!(nobody.params.get_decimal("p"), Some(lanes));
    }

    #[test]
    fn weak_passwords_are_refused() {
        let about = ["Asha Rao", "asha.rao@kite.example"];
        for (password, error) in [
            ("short", PasswordError::TooShort),
            ("Password123", PasswordError::Common),
            ("zzzzzzzzz", PasswordError::Common),
            ("asha.rao@kite.example", PasswordError::Personal),
            ("ASHA.RAO", PasswordError::Personal),
        ] {
            assert_eq!(check_password(password, &about), Err(error), "{password}");
        }
        assert_eq!(
            check_password(&"x1".repeat(70), &about),
            Err(PasswordError::TooLong)
        );
        assert_eq!(check_password("पासवर्ड मेरा है", &about), Ok(()));
    }
}
