//! Opening the data: where it lies, which key seals it, and whether the two belong together. Owns what is said when they do not.

use aftercare_app::Desk;
use aftercare_app::clock::Clock;
use aftercare_store::vault::Vault;
use aftercare_store::{Config, OpenError, Store, Target};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the data and its key are.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// The data folder (SQLite inside). Not needed with --database.
    #[arg(long, env = "AFTERCARE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL address, postgres://user@host/database, where several nodes share the work.
    #[arg(long, env = "AFTERCARE_DATABASE", value_name = "URL")]
    pub database: Option<String>,
    /// The key that seals personal data; outside the data folder. By default beside it: DIR.key.
    #[arg(long, env = "AFTERCARE_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// PostgreSQL: connections that write; fewer where several nodes share a small server.
    #[arg(long, env = "AFTERCARE_WRITERS", default_value_t = 32, hide_short_help = true, value_name = "N")]
    pub writers: usize,
}

impl Place {
    /// What the store opens.
    pub fn target(&self) -> Result<Target, String> {
        match (&self.database, &self.data) {
            (Some(url), _) => Ok(Target::Postgres(url.clone())),
            (None, Some(folder)) => Ok(Target::Folder(folder.clone())),
            (None, None) => Err("say where the data lies: --data DIR, or --database postgres://…".to_owned()),
        }
    }

    /// Where the key is, or will be made.
    pub fn key(&self) -> Result<PathBuf, String> {
        let path = match (&self.key_file, &self.data) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => beside(folder),
            (None, None) => return Err("say where the key file lies: --key-file FILE".to_owned()),
        };
        let inside = self.data.as_ref().is_some_and(|data| absolute(&path).starts_with(absolute(data)));
        if inside {
            return Err(format!(
                "the key file {} lies inside the data folder, so a backup of the data would carry its key. Keep it elsewhere.",
                path.display()
            ));
        }
        Ok(path)
    }

    /// Opens the desk with this clock. At the first start the key is made, with a word on keeping it.
    pub async fn open(&self, clock: Arc<dyn Clock>) -> Result<Desk, String> {
        let (desk, made) = self.open_quietly(clock).await?;
        if let Some(key) = made {
            eprintln!(
                "A new key was made: {}\n  It seals the buyers' names, phones, addresses and words. Keep a copy in a safe place away from the data and\n  its backups: without it they cannot be read again, and whoever has both can read everything.",
                key.display()
            );
        }
        Ok(desk)
    }

    /// Opens the desk with this clock; answers the key file too when it was made now.
    pub async fn open_quietly(&self, clock: Arc<dyn Clock>) -> Result<(Desk, Option<PathBuf>), String> {
        let (target, key) = (self.target()?, self.key()?);
        let known = key.exists();
        // Opening blocks: it waits for the disk or the server, and may bring the schema up to date.
        let config = Config { writers: self.writers.clamp(1, 256), ..Config::new(target) };
        let opening = tokio::task::spawn_blocking(move || Store::open(&config));
        let store = opening.await.map_err(|why| why.to_string())?.map_err(|error| error.to_string())?;
        if !known && sealed_before(&store).await? {
            return Err(OpenError::WrongKey(key).to_string());
        }
        if let Some(folder) = key.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        }
        let (vault, made) = Vault::open(&key).map_err(|error| error.to_string())?;
        if !vault.fits(&store).await.map_err(|error| error.to_string())? {
            return Err(OpenError::WrongKey(key).to_string());
        }
        Ok((Desk::new(store, vault, clock), made.then_some(key)))
    }
}

async fn sealed_before(store: &Store) -> Result<bool, String> {
    Vault::sealed_before(store).await.map_err(|error| error.to_string())
}

fn beside(folder: &Path) -> PathBuf {
    let mut name = absolute(folder).into_os_string();
    name.push(".key");
    PathBuf::from(name)
}

fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // `a/../b` and links must not hide that one lies inside the other.
    path.canonicalize().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(data: &str, key: Option<&str>) -> Place {
        Place { data: Some(data.into()), database: None, key_file: key.map(PathBuf::from), writers: 1 }
    }

    #[test]
    fn the_key_lies_beside_the_data_and_never_inside() {
        assert_eq!(place("/srv/desk", None).key(), Ok(PathBuf::from("/srv/desk.key")));
        assert!(place("/srv/desk", Some("/srv/desk/key")).key().is_err());
        assert_eq!(place("/srv/desk", Some("/srv/desk-key")).key(), Ok(PathBuf::from("/srv/desk-key")));
    }
}
