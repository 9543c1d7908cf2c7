//! Passwords: which are good enough, and how they are kept (argon2id).
//!
//! A hash costs tens of milliseconds and megabytes on purpose. It is computed on a blocking thread, a few at a time:
//! a crowd that logs in at once waits in line instead of taking the machine down.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use lavka_kit::ids::Randomness;
use tokio::sync::Semaphore;

use crate::config::PasswordConfig;

/// Hashes and checks passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    params: Params,
    randomness: Arc<dyn Randomness>,
    turns: Arc<Semaphore>,
    /// What a password is compared with when there is no account: it takes as long.
    dummy: Arc<str>,
}

/// A password could not be hashed or compared: our fault.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("the configured parameters of argon2id are not possible: {0}")]
    Params(argon2::Error),
    #[error("hash a password: {0}")]
    Hash(argon2::password_hash::Error),
    #[error("read a stored password hash: {0}")]
    Stored(argon2::password_hash::phc::Error),
    #[error("hashing ended early")]
    Ended,
}

impl Passwords {
    pub(crate) async fn new(
        config: &PasswordConfig,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, PasswordError> {
        let params = Params::new(config.memory_kib, config.passes, 1, None).map_err(PasswordError::Params)?;
        let turns = Arc::new(Semaphore::new(config.at_once.max(1) as usize));
        let mut passwords = Self {
            params,
            randomness,
            turns,
            dummy: Arc::from(""),
        };
        passwords.dummy = passwords.hash("nobody's password").await?.into();
        Ok(passwords)
    }

    /// The PHC string to keep.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let mut salt = [0; 16];
        self.randomness.fill(&mut salt);
        let (argon2, password) = (self.argon2(), password.to_owned());
        let hash = move || {
            argon2
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        };
        self.in_turn(hash).await?.map_err(PasswordError::Hash)
    }

    /// Whether this is the password. Without an account to compare with it takes as long and says no.
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
        let (argon2, password) = (self.argon2(), password.to_owned());
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.dummy).to_owned();
        let verify = move || {
            let hash = PasswordHash::new(&stored).map_err(PasswordError::Stored)?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
        };
        Ok(self.in_turn(verify).await?? && known)
    }

    /// Whether the hash was made with other parameters than today's.
    pub(crate) fn outdated(&self, stored: &str) -> bool {
        let params = PasswordHash::new(stored)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                != (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
        })
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = self
            .turns
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Ended)?;
        let work = tokio::task::spawn_blocking(move || {
            let done = work();
            // Held until here also when nobody waits any more: the hash goes on all the same.
            drop(turn);
            done
        });
        work.await.map_err(|_| PasswordError::Ended)
    }
}

/// Passwords that are tried first by whoever guesses.
const COMMON: [&str; 24] = [
    "password",
    "password1",
    "password123",
    "passw0rd",
    "12345678",
    "123456789",
    "1234567890",
    "87654321",
    "qwertyui",
    "qwerty123",
    "qwertyuiop",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "trustno1",
    "letmein1",
    "welcome1",
    "йцукенгш",
    "пароль123",
];

/// Whether a password is good enough for somebody with this address and name.
pub(crate) fn is_strong(password: &str, email: &str, name: &str) -> bool {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    (8..=128).contains(&length)
        && different.len() >= 4
        && !COMMON.contains(&lower.as_str())
        && lower != email.to_lowercase()
        && lower != name.to_lowercase()
        && Some(lower.as_str()) != email.to_lowercase().split('@').next()
}

#[cfg(test)]
mod tests {
    use lavka_kit::ids::SeededRandomness;

    use super::*;

    async fn passwords(passes: u32) -> Passwords {
        let config = PasswordConfig {
            memory_kib: 8,
            passes,
            at_once: 2,
        };
        Passwords::new(&config, Arc::new(SeededRandomness::new(1)))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn only_the_password_fits_its_hash() {
        let passwords = passwords(1).await;
        let hash = passwords.hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct horsf", Some(&hash)).await.unwrap());
        assert_ne!(hash, passwords.hash("correct horse").await.unwrap(), "salted");
    }

    #[tokio::test]
    async fn without_an_account_nothing_fits_not_even_the_dummy() {
        let passwords = passwords(1).await;
        assert!(!passwords.verify("nobody's password", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_of_other_parameters_is_outdated_but_good() {
        let (old, new) = (passwords(1).await, passwords(2).await);
        let hash = old.hash("correct horse").await.unwrap();
        assert!(!old.outdated(&hash));
        assert!(new.outdated(&hash));
        assert!(new.verify("correct horse", Some(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_that_cannot_be_read_is_a_fault_and_not_a_wrong_password() {
        let told = passwords(1)
            .await
            .verify("x", Some("plain text"))
            .await
            .unwrap_err();
        assert!(matches!(told, PasswordError::Stored(_)), "{told}");
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for weak in [
            "",
            "short",
            "password",
            "Password123",
            "aaaaaaaaaa",
            "ann@lavka.test",
            "Anna Karenina",
            "12345678",
        ] {
            assert!(!is_strong(weak, "ann@lavka.test", "Anna Karenina"), "{weak}");
        }
        assert!(!is_strong(&"ab1!".repeat(33), "ann@lavka.test", "Ann"));
        for strong in ["lavka-demo", "correct horse", "сложныйпароль"] {
            assert!(is_strong(strong, "ann@lavka.test", "Anna Karenina"), "{strong}");
        }
    }
}
