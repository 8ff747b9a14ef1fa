//! Stores for tests: a fresh one on each engine. Owns private PostgreSQL databases on a server started here; used by tests only.

pub(crate) mod plans;

use crate::{Config, Store, Target};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A data folder that is removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    /// A new empty folder under the system's temporary folder.
    pub fn new() -> std::io::Result<Self> {
        let name = format!("aftercare-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left behind is only untidy; the test's own outcome stands.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where a fresh store of each engine would lie, with what keeps it alive. PostgreSQL's own programs must be installed.
pub fn targets() -> Vec<(&'static str, Target, Folder)> {
    let folder = || Folder::new().expect("a temporary folder");
    let sqlite = folder();
    let target = Target::Folder(sqlite.path().to_owned());
    vec![("sqlite", target, sqlite), ("postgres", Target::Postgres(fresh_postgres()), folder())]
}

/// Runs `test` on a fresh store of each engine, and fails when a statement it ran reads a whole table.
pub fn on_both(test: impl Fn(&'static str, Store)) {
    for (name, target, _folder) in targets() {
        let _database = Database(target.clone());
        test(name, Store::open(&Config { readers: 2, writers: 4, target: target.clone() }).expect(name));
        let faults = plans::too_much(&target);
        assert!(faults.is_empty(), "{name}: statements without an index to use:\n{}", faults.join("\n"));
    }
}

/// A test's own database, dropped at its end: the server is left running, what it holds is not.
struct Database(Target);

impl Drop for Database {
    fn drop(&mut self) {
        let Target::Postgres(address) = &self.0 else { return };
        let (Some((_, name)), Ok(mut client)) = (address.rsplit_once('/'), postgres::Client::connect(&postgres(), postgres::NoTls)) else {
            return;
        };
        // One that is left behind is only untidy; the test's own outcome stands.
        let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

/// The address of the tests' own server.
pub fn postgres() -> String {
    address(port(), "postgres")
}

fn port() -> u16 {
    static SERVER: OnceLock<u16> = OnceLock::new();
    *SERVER.get_or_init(|| start_server().expect("a PostgreSQL server; run `cargo xtask test`, which installs it"))
}

/// The address of a new, empty database.
pub fn fresh_postgres() -> String {
    let port = port();
    let name = format!("t_{}", crate::vault::hex(&crate::vault::random::<8>()));
    let mut client = postgres::Client::connect(&address(port, "postgres"), postgres::NoTls).expect("the test server");
    client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a fresh database");
    address(port, &name)
}

fn address(port: u16, database: &str) -> String {
    format!("postgres://aftercare@127.0.0.1:{port}/{database}")
}

/// One server per machine and checkout, shared by all test processes and left running with durability on.
fn start_server() -> Result<u16, String> {
    let home = std::env::temp_dir().join("aftercare-test-postgres");
    let run = |command: &mut Command| {
        let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
        if output.status.success() { Ok(()) } else { Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))) }
    };
    std::fs::create_dir_all(&home).map_err(|e| e.to_string())?;
    let guard = std::fs::File::create(home.join("lock")).map_err(|e| e.to_string())?;
    guard.lock().map_err(|e| e.to_string())?;
    let port_file = home.join("port");
    if let Some(port) = std::fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse().ok())
        && postgres::Client::connect(&address(port, "postgres"), postgres::NoTls).is_ok()
    {
        return Ok(port);
    }
    let bin = newest_server()?;
    let data = home.join(format!("data-{}", std::process::id()));
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let as_server = |program: &str| {
        let path = bin.join(program);
        if root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        }
    };
    if root {
        run(Command::new("chown").arg("postgres").arg(&home))?;
    }
    run(as_server("initdb").current_dir("/").arg("-D").arg(&data).args(["-U", "aftercare", "-A", "trust", "-E", "UTF8", "--locale=C"]))?;
    let options =
        format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c shared_buffers=64MB");
    let log = data.join("server.log");
    run(as_server("pg_ctl")
        .current_dir("/")
        .arg("-D")
        .arg(&data)
        .arg("-w")
        .arg("-l")
        .arg(log)
        .arg("-o")
        .arg(options)
        .arg("start")
        .stdout(Stdio::null()))?;
    std::fs::write(&port_file, port.to_string()).map_err(|e| e.to_string())?;
    Ok(port)
}

fn newest_server() -> Result<PathBuf, String> {
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").map_err(|_| "PostgreSQL is not installed (Debian package postgresql)".to_owned())?;
    let newest = versions.flatten().filter_map(|v| Some((v.file_name().to_str()?.parse::<u32>().ok()?, v.path()))).max();
    newest.map(|(_, path)| path.join("bin")).ok_or_else(|| "PostgreSQL is not installed (Debian package postgresql)".to_owned())
}
