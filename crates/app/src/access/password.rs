//! Passwords: argon2id with the crate's defaults (OWASP ASVS 5.0, 11.4.2). Owns hashing; slow on purpose, so never on the writer thread.

use crate::error::{Result, bad_input};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

/// Shortest password for a person (ASVS 5.0, 6.2.1).
const SHORTEST: usize = 12;
/// Longest, in bytes.
pub(crate) const LONGEST: usize = 128;

/// Refuses what is too short or too long.
pub(crate) fn check(password: &str) -> Result<()> {
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        return Err(bad_input("password", format!("{SHORTEST} to {LONGEST} characters")));
    }
    Ok(())
}

/// The hash to store.
pub(crate) fn hash(password: &str) -> std::result::Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// True when the password fits. An absent hash costs the same time as a wrong password, so names cannot be told apart.
pub(crate) fn fits(password: &str, stored: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$2nB6mIuxp7JIkrwGz3Yr9p9sXhxkbCXmSmNCmH1Swy0";
    let matches =
        PasswordHash::new(stored.unwrap_or(NOBODY)).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    matches && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits() {
        let stored = hash("correct horse battery").expect("a hash");
        assert!(stored.starts_with("$argon2id$"));
        assert!(fits("correct horse battery", Some(&stored)));
        assert!(!fits("correct horse", Some(&stored)));
        assert!(!fits("correct horse battery", None));
        assert!(!fits("x", Some("not a hash")));
    }
}
