//! A fresh world for one story: data, staff with tokens, the platform simulator and the desk as processes. Owns starting and stopping them.

use super::client::Client;
use super::file::Story;
use crate::open::Place;
use aftercare_app::Context;
use aftercare_app::access::staff::NewStaff;
use aftercare_app::access::token::NewToken;
use aftercare_app::clock::HandClock;
use aftercare_app::shop::NewShop;
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, Role};
use aftercare_domain::time::Micros;
use aftercare_store::{scratch, vault};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A process of ours must say where it listens within this time.
const START_LIMIT: Duration = Duration::from_secs(60);
/// An answer that does not come within this time is lost.
const PATIENCE_MS: &str = "1000";
/// What the two sign callbacks with.
pub const SECRET: &str = "a secret of this story";
/// And end within this time when told to.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// A story has few writers at once, and many stories may share a server.
const WRITERS: usize = 8;

/// One fresh world.
pub struct World {
    folder: PathBuf,
    place: Place,
    /// One process per node.
    desks: Vec<Child>,
    /// Ends with this world.
    _platform: Child,
    /// Calls the desk and the platform.
    pub client: Client,
    /// Codes of the shops, the first being the usual one.
    pub shops: Vec<String>,
}

impl World {
    /// Makes the data, then starts the two processes.
    pub async fn start(story: &Story, server: Option<&str>, nodes: usize) -> Result<Self, String> {
        if nodes > 1 && server.is_none() {
            return Err("several nodes need --database".to_owned());
        }
        let folder = std::env::temp_dir().join(format!("aftercare-story-{}", vault::hex(&vault::random::<6>())));
        std::fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let database = match server {
            None => None,
            Some(server) => Some(scratch::create(server).await.map_err(|why| why.to_string())?),
        };
        let place = Place { data: Some(folder.join("data")), database, key_file: Some(folder.join("key")), writers: WRITERS };
        let (shops, tokens) = people(story, &place).await?;
        let (platform, platform_at) = spawn(Command::new(program()?).args(["platform-sim", "--run", "T"]), &folder, "platform").await?;
        let (mut desks, mut addresses) = (Vec::new(), Vec::new());
        for node in 0..nodes {
            let (desk, at) = spawn(&mut serve(&place, story.start, &platform_at)?, &folder, &format!("desk-{node}")).await?;
            desks.push(desk);
            addresses.push(at);
        }
        let client = Client::new(addresses, platform_at, tokens);
        client.call_back().await?;
        Ok(Self { folder, place, desks, _platform: platform, client, shops })
    }

    /// Stops every node, in order or without a word, and starts it again on the same data.
    pub async fn restart(&mut self, kill: bool, now: Micros) -> Result<(), String> {
        let mut addresses = Vec::new();
        for (node, desk) in self.desks.iter_mut().enumerate() {
            stop(desk, kill).await?;
            let (again, at) = spawn(&mut serve(&self.place, now, self.client.platform())?, &self.folder, &format!("desk-{node}")).await?;
            *desk = again;
            addresses.push(at);
        }
        self.client = self.client.at(addresses);
        self.client.call_back().await?;
        Ok(())
    }

    /// Ends everything; the data is kept on request.
    pub async fn end(mut self, keep: bool) {
        for desk in &mut self.desks {
            if let Err(why) = stop(desk, false).await {
                eprintln!("the desk did not stop: {why}");
            }
        }
        if keep {
            eprintln!("kept: {} {}", self.folder.display(), self.place.database.unwrap_or_default());
            return;
        }
        if let Some(url) = &self.place.database
            && let Err(why) = scratch::remove(url).await
        {
            eprintln!("the database stays behind: {why}");
        }
        // A folder left behind is only untidy.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One person per role, named as the role, and second ones where two are needed; each with a token for the whole role.
async fn people(story: &Story, place: &Place) -> Result<(Vec<String>, HashMap<String, String>), String> {
    let text = |row: &Map<String, Value>, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let (desk, _) = place.open_quietly(Arc::new(HandClock::new(story.start))).await?;
    let mut shops: Vec<(String, ShopId)> = Vec::new();
    let usual = Map::from_iter([("code".to_owned(), "tm".into()), ("title".to_owned(), "棉屿旗舰店".into())]);
    let rows = if story.given.shops.is_empty() { std::slice::from_ref(&usual) } else { &story.given.shops };
    for row in rows {
        let code = text(row, "code").ok_or("given.shop: expected `code`")?;
        let title = text(row, "title").unwrap_or_else(|| code.clone());
        let platform = text(row, "platform").unwrap_or_else(|| "tmall".to_owned());
        let id = desk.add_shop(NewShop { code: code.clone(), title, platform }).await.map_err(|why| why.to_string())?;
        let desk_itself = Context::desk(story.start);
        desk.set_callback_secret(&desk_itself, id, SECRET).await.map_err(|why| why.to_string())?;
        // Stories move the clock themselves; whoever tells of the hold sets it.
        let at_once = Map::from_iter([("hold_s".to_owned(), 0.into())]);
        desk.set_shop_settings(&desk_itself, id, at_once).await.map_err(|why| why.to_string())?;
        shops.push((code, id));
    }
    let usual = Role::ALL.iter().map(|role| (role.as_str().to_owned(), *role));
    let second = [("agent2", Role::Agent), ("lead2", Role::Lead)].map(|(name, role)| (name.to_owned(), role));
    let mut staff: Vec<(String, Role, Vec<ShopId>)> = usual.chain(second).map(|(name, role)| (name, role, Vec::new())).collect();
    for row in &story.given.staff {
        let name = text(row, "name").ok_or("given.staff: expected `name`")?;
        let role =
            text(row, "role").and_then(|role| Role::parse(&role)).ok_or_else(|| format!("given.staff: expected a role for {name}"))?;
        let codes = row.get("shops").and_then(Value::as_array).cloned().unwrap_or_default();
        let granted = shops.iter().filter(|(code, _)| codes.iter().any(|wanted| wanted == code)).map(|(_, id)| *id).collect();
        staff.push((name, role, granted));
    }
    let scopes: Vec<String> = Action::ALL.iter().map(|action| action.as_str().to_owned()).collect();
    let mut tokens = HashMap::new();
    for (n, (name, role, shops)) in staff.into_iter().enumerate() {
        let agent_no = format!("K{:03}", n + 1);
        let new = NewStaff { name: name.clone(), display_name: name.clone(), agent_no, role, password: None, shops };
        desk.add_staff(new).await.map_err(|why| why.to_string())?;
        let token = NewToken { staff: name.clone(), label: "story".into(), scopes: scopes.clone(), lasts: None };
        tokens.insert(name, desk.add_token(token).await.map_err(|why| why.to_string())?);
    }
    Ok((shops.into_iter().map(|(code, _)| code).collect(), tokens))
}

pub fn program() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|why| format!("this program cannot find itself: {why}"))
}

fn serve(place: &Place, now: Micros, platform: &str) -> Result<Command, String> {
    let mut command = Command::new(program()?);
    command.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--hand-clock",
        &now.to_string(),
        "--platform",
        platform,
        "--platform-patience-ms",
        PATIENCE_MS,
    ]);
    for (name, path) in [("--data", &place.data), ("--key-file", &place.key_file)] {
        if let Some(path) = path {
            command.arg(name).arg(path);
        }
    }
    if let Some(url) = &place.database {
        command.args(["--writers", &WRITERS.to_string(), "--database", url]);
    }
    Ok(command)
}

/// Starts a process of ours and reads where it listens.
pub async fn spawn(command: &mut Command, folder: &std::path::Path, name: &str) -> Result<(Child, String), String> {
    let log = folder.join(format!("{name}.log"));
    let file = std::fs::File::options().create(true).append(true).open(&log).map_err(|why| format!("{}: {why}", log.display()))?;
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file).kill_on_drop(true);
    let mut child = command.spawn().map_err(|why| format!("{name} does not start: {why}"))?;
    let out = child.stdout.take().ok_or_else(|| format!("{name} has no output"))?;
    let mut lines = BufReader::new(out).lines();
    let first = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(at) = line.strip_prefix("listening on ") {
                return Some(at.to_owned());
            }
        }
        None
    };
    match timeout(START_LIMIT, first).await {
        Ok(Some(at)) => Ok((child, at)),
        _ => Err(format!("{name} does not listen: {}", std::fs::read_to_string(&log).unwrap_or_default().trim())),
    }
}

async fn stop(child: &mut Child, kill: bool) -> Result<(), String> {
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let (Some(id), false) = (id, kill) {
        rustix::process::kill_process(id, rustix::process::Signal::TERM).map_err(|why| why.to_string())?;
        if timeout(STOP_LIMIT, child.wait()).await.is_ok() {
            return Ok(());
        }
    }
    child.kill().await.map_err(|why| why.to_string())
}
