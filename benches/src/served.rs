//! The built program as a process: found beside the harness, started on a data folder, measured from outside. Owns no figures.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running program; dropped, it is killed.
pub struct Served {
    child: Child,
    /// `127.0.0.1:port`
    pub address: String,
    /// From the start of the process until it listens.
    pub began_in: Duration,
}

fn program() -> Result<PathBuf, Box<dyn Error>> {
    let here = std::env::current_exe()?;
    let path = here.with_file_name("aftercare");
    if path.exists() { Ok(path) } else { Err(format!("{} is not built; use `cargo xtask bench`", path.display()).into()) }
}

/// The key file of the harness's own desk, beside the data.
fn key_file(data: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let path = data.with_extension("key");
    if !path.exists() {
        std::fs::write(&path, format!("aftercare-key-1 {}\n", "07".repeat(32)))?;
    }
    Ok(path)
}

/// Runs a command of the program on the data and answers its output.
pub fn aftercare(data: &Path, args: &[&str], input: &str) -> Result<String, Box<dyn Error>> {
    let mut command = Command::new(program()?);
    command.args(args).arg("--data").arg(data).arg("--key-file").arg(key_file(data)?).env("AFTERCARE_LOG", "error");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    if output.status.success() { Ok(String::from_utf8(output.stdout)?) } else { Err(String::from_utf8(output.stderr)?.into()) }
}

/// A token for the load.
pub fn token(data: &Path) -> Result<String, Box<dyn Error>> {
    aftercare(data, &["user", "add", "--name", "load", "--role", "owner"], "correct horse battery\n")?;
    let scopes = "read_queue,read_case,open_case,contact,note,request";
    let printed = aftercare(data, &["token", "add", "--user", "load", "--label", "load", "--scopes", scopes], "")?;
    Ok(printed.split_whitespace().last().ok_or("no token")?.to_owned())
}

impl Served {
    /// Starts `aftercare serve` on the data.
    pub fn start(data: &Path) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(program()?);
        command.arg("serve").arg("--data").arg(data).arg("--key-file").arg(key_file(data)?).args(["--listen", "127.0.0.1:0"]);
        Self::launch(command)
    }

    /// Starts the harness itself as another server: the bare page of the figure `http-queue`.
    pub fn bare(data: &Path) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(crate::bare::ARGUMENT).arg(data);
        Self::launch(command)
    }

    fn launch(mut command: Command) -> Result<Self, Box<dyn Error>> {
        let began = Instant::now();
        let mut child = command.env("AFTERCARE_LOG", "error").stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let began_in = began.elapsed();
        let address = line.split_once("http://").ok_or_else(|| format!("it said {line:?}"))?.1.trim().to_owned();
        Ok(Self { child, address, began_in })
    }

    /// Memory of the process that is really its own, MB.
    pub fn memory_mb(&self) -> Result<f64, Box<dyn Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kb: f64 = line.split_whitespace().nth(1).ok_or("no number")?.parse()?;
        Ok(kb / 1024.0)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
