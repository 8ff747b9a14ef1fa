//! Copies of a data folder: made while the desk runs, checked before they are used. Owns the form of a backup: the file and its manifest.
//!
//! A backup holds no key: personal data in it cannot be read without the key file. PostgreSQL has its own tools for this.

use crate::{DbError, OpenError, migrate, sqlite, vault};
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// What a backup says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of this file.
    pub format: u32,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The schema's version.
    pub schema: i64,
    /// Bytes of the database file.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
/// Says why effects are not carried out, see [`crate::Store::paused`].
const PAUSE: &str = "INSERT INTO meta (name, value) VALUES ('paused', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/// Copies the data of `folder` into the new folder `to`; the desk may be running.
pub fn backup(folder: &Path, to: &Path, made_at: &str) -> Result<Manifest, OpenError> {
    let source = folder.join(sqlite::FILE);
    if !source.exists() {
        return Err(missing(&source));
    }
    if to.join(sqlite::FILE).exists() {
        return Err(OpenError::Io(to.to_owned(), std::io::Error::other("there is a backup already; name another folder")));
    }
    fs::create_dir_all(to).map_err(|why| OpenError::Io(to.to_owned(), why))?;
    let copy = to.join(sqlite::FILE);
    // Writing rights are needed for the shared memory of the log, nothing is written to the data.
    let connection = Connection::open_with_flags(&source, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(DbError::from)?;
    connection.execute("VACUUM INTO ?1", [copy.to_string_lossy().as_ref()]).map_err(DbError::from)?;
    let schema = check(&copy)?;
    let (bytes, sha256) = digest(&copy)?;
    let manifest = Manifest { format: FORMAT, made_at: made_at.to_owned(), schema, bytes, sha256 };
    let text = serde_json::to_string_pretty(&manifest).map_err(|why| OpenError::Io(to.to_owned(), why.into()))?;
    write_durably(&to.join(MANIFEST), text.as_bytes())?;
    sync(&copy)?;
    sync(to)?;
    Ok(manifest)
}

/// Puts a checked backup into the empty data folder `folder`. Effects wait until a person lets them go on: what the backup does not
/// know of may have been done since.
pub fn restore(from: &Path, folder: &Path) -> Result<Manifest, OpenError> {
    let text = fs::read_to_string(from.join(MANIFEST)).map_err(|why| OpenError::Io(from.join(MANIFEST), why))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|why| OpenError::Io(from.join(MANIFEST), why.into()))?;
    let (source, target) = (from.join(sqlite::FILE), folder.join(sqlite::FILE));
    if target.exists() {
        return Err(OpenError::Io(folder.to_owned(), std::io::Error::other("there is data already; restore into an empty folder")));
    }
    if manifest.format != FORMAT || manifest.schema > migrate::newest() {
        return Err(OpenError::NewerSchema { found: manifest.schema, known: migrate::newest() });
    }
    if digest(&source)? != (manifest.bytes, manifest.sha256.clone()) {
        return Err(OpenError::Io(source, std::io::Error::other("the file is not the one the manifest was made for; use another backup")));
    }
    fs::create_dir_all(folder).map_err(|why| OpenError::Io(folder.to_owned(), why))?;
    let arriving = folder.join("arriving.db");
    fs::copy(&source, &arriving).map_err(|why| OpenError::Io(arriving.clone(), why))?;
    {
        let connection = Connection::open(&arriving).map_err(DbError::from)?;
        connection.execute(PAUSE, ["restored from a backup"]).map_err(DbError::from)?;
    }
    check(&arriving)?;
    sync(&arriving)?;
    fs::rename(&arriving, &target).map_err(|why| OpenError::Io(target, why))?;
    sync(folder)?;
    Ok(manifest)
}

/// Reads the whole file for faults and answers its schema's version.
pub fn check(file: &Path) -> Result<i64, OpenError> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(DbError::from)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(DbError::from)?;
    if verdict != "ok" {
        return Err(OpenError::Db(DbError::Engine(format!("{}: {verdict}", file.display()))));
    }
    let version: String =
        connection.query_row("SELECT value FROM meta WHERE name = 'schema'", [], |row| row.get(0)).map_err(DbError::from)?;
    version.parse().map_err(|_| OpenError::Db(DbError::Shape(format!("schema version {version}"))))
}

/// The database file of a data folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join(sqlite::FILE)
}

fn missing(path: &Path) -> OpenError {
    OpenError::Io(path.to_owned(), std::io::ErrorKind::NotFound.into())
}

fn digest(path: &Path) -> Result<(u64, String), OpenError> {
    let io = |why| OpenError::Io(path.to_owned(), why);
    let mut file = File::open(path).map_err(io)?;
    let (mut hash, mut bytes, mut buffer) = (vault::Hash::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(io)?;
        if read == 0 {
            return Ok((bytes, vault::hex(&hash.end())));
        }
        bytes += read as u64;
        hash.add(&buffer[..read]);
    }
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), OpenError> {
    fs::write(path, bytes).map_err(|why| OpenError::Io(path.to_owned(), why))?;
    sync(path)
}

fn sync(path: &Path) -> Result<(), OpenError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|why| OpenError::Io(path.to_owned(), why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Store, Target, values};

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("aftercare-backup-{name}-{}", vault::hex(&vault::random::<6>())));
        fs::create_dir_all(&path).expect("a folder");
        path
    }

    #[test]
    fn a_backup_of_a_running_desk_restores_checked_and_paused() {
        let (data, copy, back) = (folder("data"), folder("copy"), folder("back"));
        let open = |folder: &Path| Store::open(&Config::new(Target::Folder(folder.to_owned()))).expect("a store");
        let store = open(&data);
        let set = |name: &'static str| {
            store.write_blocking::<_, DbError, _>(move |tx| {
                tx.insert("setting", &["name", "value"], values![name, "1"]);
                Ok(())
            })
        };
        set("before").expect("written");
        let manifest = backup(&data, &copy, "2026-11-24T10:00:00Z").expect("a backup");
        set("after").expect("the desk goes on");
        assert!(backup(&data, &copy, "").is_err(), "an older backup is not overwritten");
        assert_eq!(restore(&copy, &back).expect("restored"), manifest);
        let restored = open(&back);
        let names = restored.read_blocking::<_, DbError, _>(|tx| tx.query("SELECT name FROM setting", &[], |row| row.get::<String>(0)));
        assert_eq!(names.expect("read"), ["before"]);
        assert_eq!(restored.paused_blocking().expect("read").as_deref(), Some("restored from a backup"));
        assert!(restore(&copy, &back).is_err(), "data that is there is not overwritten");
        drop((store, restored));
        let mut bytes = fs::read(copy.join(sqlite::FILE)).expect("read");
        bytes[5_000] ^= 1;
        fs::write(copy.join(sqlite::FILE), bytes).expect("written");
        assert!(restore(&copy, &folder("other")).is_err(), "a flipped bit is noticed before use");
    }
}
