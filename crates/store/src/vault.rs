//! Sealing of personal data and free text. Owns the key file, the data keys' wrapping, blind indexes and token hashes.
//!
//! Key file (outside the data folder and its backups) → key-encryption key → one data key per buyer, or per case where there is no
//! buyer. Destroying a data key erases all it sealed, in backups too. AES-256-GCM; 12 random bytes of nonce stand before the text.

use crate::{DbError, OpenError, Store};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

const NONCE: usize = 12;
const HEAD: &str = "aftercare-key-1 ";

/// The master key and what is derived from it. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<Keys>,
}

struct Keys {
    wrap: [u8; 32],
    index: [u8; 32],
    token: [u8; 32],
}

const FINGERPRINT: &str = "SELECT value FROM meta WHERE name = 'key'";

/// A key that seals one buyer's (or case's) data.
#[derive(Clone)]
pub struct DataKey([u8; 32]);

impl Vault {
    /// Reads the key file, or makes it (mode 0600) when it is not there; true when it was made.
    pub fn open(path: &Path) -> Result<(Self, bool), OpenError> {
        let problem = |problem: String| OpenError::KeyFile { path: path.to_owned(), problem };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let hex =
                    text.trim().strip_prefix(HEAD).ok_or_else(|| problem(format!("expected a line starting with `{}`", HEAD.trim())))?;
                let master = unhex(hex).ok_or_else(|| problem("expected 64 hexadecimal digits".into()))?;
                Ok((Self::from_master(&master), false))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let master = random::<32>();
                write_private(path, &format!("{HEAD}{}\n", hex(&master))).map_err(|e| OpenError::Io(path.to_owned(), e))?;
                Ok((Self::from_master(&master), true))
            }
            Err(error) => Err(OpenError::Io(path.to_owned(), error)),
        }
    }

    /// The vault of this master key.
    pub fn from_master(master: &[u8; 32]) -> Self {
        let derive = |purpose: &str| {
            let mut key = [0; 32];
            hkdf::Hkdf::<Sha256>::new(None, master).expand(purpose.as_bytes(), &mut key).expect("32 bytes is a valid length");
            key
        };
        Self { keys: Arc::new(Keys { wrap: derive("wrap"), index: derive("blind index"), token: derive("search token") }) }
    }

    /// A value that proves later that the same key file is used.
    pub fn fingerprint(&self) -> String {
        hex(&self.blind("fingerprint", "")[..8])
    }

    /// Whether this data was sealed under some key before.
    pub async fn sealed_before(store: &Store) -> Result<bool, DbError> {
        store.read(|tx| Ok(tx.query_opt(FINGERPRINT, &[], |row| row.get::<String>(0))?.is_some())).await
    }

    /// Whether this data is sealed under this key; data never sealed takes it from now on.
    pub async fn fits(&self, store: &Store) -> Result<bool, DbError> {
        let mine = self.fingerprint();
        store
            .write(move |tx| {
                let known = tx.query_opt(FINGERPRINT, &[], |row| row.get::<String>(0))?;
                if known.is_none() {
                    tx.insert("meta", &["name", "value"], crate::values!["key", mine.as_str()]);
                }
                Ok::<_, DbError>(known.is_none_or(|known| known == mine))
            })
            .await
    }

    /// A new data key and its wrapped form for storage.
    pub fn new_data_key(&self) -> (DataKey, Vec<u8>) {
        let key = DataKey(random());
        let wrapped = seal(&self.keys.wrap, &key.0, b"data key");
        (key, wrapped)
    }

    /// The data key inside its stored form.
    pub fn unwrap_data_key(&self, wrapped: &[u8]) -> Result<DataKey, DbError> {
        let key = open(&self.keys.wrap, wrapped, b"data key")?;
        key.as_slice().try_into().map(DataKey).map_err(|_| DbError::Sealed)
    }

    /// Seals a secret of the installation itself (no person's data) for the column named by `field`.
    pub fn seal(&self, field: &str, text: &str) -> Vec<u8> {
        seal(&self.keys.wrap, text.as_bytes(), field.as_bytes())
    }

    /// Opens what [`Vault::seal`] has sealed for the same column.
    pub fn open_sealed(&self, field: &str, sealed: &[u8]) -> Result<String, DbError> {
        String::from_utf8(open(&self.keys.wrap, sealed, field.as_bytes())?).map_err(|_| DbError::Sealed)
    }

    /// A blind index: equal values of the same `field` have equal hashes; nothing can be read back.
    ///
    /// A holder of the key file can enumerate short values such as phone numbers; without it the hash tells nothing.
    pub fn blind(&self, field: &str, value: &str) -> [u8; 32] {
        mac(&self.keys.index, &[field.as_bytes(), &[0], value.as_bytes()])
    }

    /// The 64-bit keyed hash of a search token.
    pub fn token(&self, token: &str) -> i64 {
        let hash = mac(&self.keys.token, &[token.as_bytes()]);
        i64::from_be_bytes(hash[..8].try_into().expect("eight bytes"))
    }
}

impl DataKey {
    /// Seals text for the column named by `field`.
    pub fn seal(&self, field: &str, text: &str) -> Vec<u8> {
        self.seal_bytes(field, text.as_bytes())
    }

    /// Seals bytes, such as a photo, for the column named by `field`.
    pub fn seal_bytes(&self, field: &str, bytes: &[u8]) -> Vec<u8> {
        seal(&self.0, bytes, field.as_bytes())
    }

    /// Opens what was sealed for the same column.
    pub fn open(&self, field: &str, sealed: &[u8]) -> Result<String, DbError> {
        String::from_utf8(self.open_bytes(field, sealed)?).map_err(|_| DbError::Sealed)
    }

    /// Opens bytes that were sealed for the same column.
    pub fn open_bytes(&self, field: &str, sealed: &[u8]) -> Result<Vec<u8>, DbError> {
        open(&self.0, sealed, field.as_bytes())
    }
}

/// SHA-256 of bytes: password-less tokens and request bodies are kept as this.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of something read piece by piece.
pub struct Hash(Sha256);

impl Hash {
    /// Of nothing yet.
    #[expect(clippy::new_without_default, reason = "an empty hash is a beginning, not a value")]
    pub fn new() -> Self {
        Self(Sha256::new())
    }

    /// Adds a piece.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of everything added.
    pub fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// HMAC-SHA-256, for signatures of callbacks.
pub fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The code of a counter (RFC 4226, six digits): HMAC-SHA-1, as authenticators compute it.
pub fn hotp(secret: &[u8], counter: i64) -> u32 {
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let word = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]);
    (word & 0x7fff_ffff) % 1_000_000
}

/// Bytes from the operating system's generator.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// 32 bytes from 64 hexadecimal digits.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    unhexed(text)?.try_into().ok()
}

/// Bytes from twice as many hexadecimal digits.
pub fn unhexed(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn seal(key: &[u8; 32], text: &[u8], about: &[u8]) -> Vec<u8> {
    let nonce = random::<NONCE>();
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg: text, aad: about }).expect("a text within the cipher's limit");
    [nonce.as_slice(), &sealed].concat()
}

fn open(key: &[u8; 32], sealed: &[u8], about: &[u8]) -> Result<Vec<u8>, DbError> {
    let (nonce, text) = sealed.split_at_checked(NONCE).ok_or(DbError::Sealed)?;
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| DbError::Sealed)?;
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
        .decrypt(&Nonce::from(nonce), Payload { msg: text, aad: about })
        .map_err(|_| DbError::Sealed)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_column() {
        let vault = Vault::from_master(&[7; 32]);
        let (key, wrapped) = vault.new_data_key();
        let sealed = key.seal("contact.body", "衣服胸口好大一块污渍");
        assert_eq!(
            vault.unwrap_data_key(&wrapped).expect("the same vault").open("contact.body", &sealed).expect("opens"),
            "衣服胸口好大一块污渍"
        );
        assert!(key.open("remark.text", &sealed).is_err());
        assert!(vault.new_data_key().0.open("contact.body", &sealed).is_err());
        assert!(Vault::from_master(&[8; 32]).unwrap_data_key(&wrapped).is_err());
        assert!(key.open("contact.body", &sealed[..5]).is_err());
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of its eight digits
        let check = |seconds: i64, expect: u32| assert_eq!(hotp(b"12345678901234567890", seconds / 30), expect, "{seconds}");
        check(59, 287_082);
        check(1_111_111_109, 81_804);
        check(1_111_111_111, 50_471);
        check(1_234_567_890, 5_924);
        check(2_000_000_000, 279_037);
        check(20_000_000_000, 353_130);
    }

    #[test]
    fn hashes_are_keyed_by_vault_and_field() {
        let (a, b) = (Vault::from_master(&[7; 32]), Vault::from_master(&[8; 32]));
        assert_eq!(a.blind("phone", "1"), a.blind("phone", "1"));
        assert_ne!(a.blind("phone", "1"), a.blind("waybill", "1"));
        assert_ne!(a.blind("phone", "1"), b.blind("phone", "1"));
        assert_ne!(a.token("污渍"), b.token("污渍"));
    }
}
