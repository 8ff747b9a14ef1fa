//! `aftercare demo`: a desk that looks lived in. Owns the order of things: platform, data, history by a hand-moved clock, then the present.
//!
//! The history is not written into the data: every order, word, refund and promise goes through the public API at its own time, so the
//! platform's books, the deadlines and the audit are what they would be had it happened.

mod doing;
mod goods;
mod history;
mod words;

use crate::open::Place;
use crate::serve;
use crate::story::client::Client;
use crate::story::world::{self, program};
use aftercare_app::access::staff::NewStaff;
use aftercare_app::access::token::NewToken;
use aftercare_app::clock::{Clock as _, HandClock, WallClock};
use aftercare_app::shop::NewShop;
use aftercare_app::{Context, Desk};
use aftercare_domain::people::{Action, Role};
use aftercare_domain::time::{Micros, Span};
use aftercare_sim::shop::World;
use aftercare_store::vault;
use serde_json::json;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// Everybody's password in the demo.
const PASSWORD: &str = "aftercare-demo";
/// How long the platform's answers are waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// `aftercare demo …`
#[derive(clap::Args)]
pub struct Args {
    /// The data folder; kept, so that the next start goes on from there.
    #[arg(long, default_value = "demo-data", value_name = "DIR")]
    data: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8480", value_name = "ADDR")]
    listen: SocketAddr,
    /// Chooses the invented world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Orders in it; one in ten has a problem.
    #[arg(long, default_value_t = 2_000)]
    orders: usize,
}

/// What a demo's data was made of.
#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Made {
    seed: u64,
    orders: usize,
    now: Micros,
}

/// Makes the demo where it is not there yet, and serves it.
pub async fn run(args: Args) -> Result<(), String> {
    let place = Place { data: Some(args.data.clone()), database: None, key_file: None, writers: 1 };
    let note = args.data.join("demo.json");
    let known: Option<Made> = std::fs::read_to_string(&note).ok().and_then(|text| serde_json::from_str(&text).ok());
    let made = known.unwrap_or(Made { seed: args.seed, orders: args.orders, now: WallClock.now() });
    if known.is_none() && aftercare_store::backup::file(&args.data).exists() {
        return Err(format!("{} holds data that is no demo. Name another --data folder.", args.data.display()));
    }
    let world = World::make_at(made.seed, made.orders, made.now);
    std::fs::create_dir_all(&args.data).map_err(|why| format!("{}: {why}", args.data.display()))?;
    let (platform, platform_at) = platform(&args.data).await?;
    let begun = Instant::now();
    let desk = place.open(Arc::new(WallClock)).await?;
    let desk = serve::post(serve::connect(desk, &platform_at, PATIENCE)?, true)?;
    if known.is_none() {
        println!("Making a shop with {} orders and {} cases …", world.orders.len(), world.cases.len());
        make(&desk, &world, &platform_at).await?;
        std::fs::write(&note, json!(made).to_string()).map_err(|why| format!("{}: {why}", note.display()))?;
        println!("… made in {:.1} s.", begun.elapsed().as_secs_f64());
    } else {
        goods::tell_platform(&platform_client(&platform_at), &world).await?;
    }
    platform_client(&platform_at).at(vec![format!("http://{}", args.listen)]).call_back().await?;
    greet(&world, args.listen);
    let outcome = serve::serve(desk, args.listen).await;
    drop(platform);
    outcome
}

/// The simulated platform as a process of its own.
async fn platform(data: &std::path::Path) -> Result<(Child, String), String> {
    let run = vault::hex(&vault::random::<3>());
    world::spawn(Command::new(program()?).args(["platform-sim", "--run", &run]), data, "platform").await
}

/// Sets everything up and lets the history happen.
async fn make(desk: &Desk, world: &World, platform: &str) -> Result<(), String> {
    let start = world.cases.iter().flat_map(|case| case.steps.first()).map(|step| step.at).min().unwrap_or(world.now) - Span::days(1);
    let past = Desk { clock: Arc::new(HandClock::new(start)), ..desk.clone() };
    let tokens = people(&past, world).await?;
    let server = serve::Background::start(past).await?;
    let address = format!("http://{}", server.address);
    let client = Client::new(vec![address], platform.to_owned(), tokens);
    client.call_back().await?;
    let outcome = history::happen(&client, world, start).await;
    client.tell_platform("/clock", &json!({ "at": null })).await?;
    server.stop();
    outcome
}

/// A client that speaks with the platform only.
fn platform_client(platform: &str) -> Client {
    Client::new(Vec::new(), platform.to_owned(), HashMap::new())
}

/// Shops, and everybody with a password for the page and a token for the history.
async fn people(desk: &Desk, invented: &World) -> Result<HashMap<String, String>, String> {
    let say = |why: aftercare_app::Error| why.to_string();
    for shop in &invented.shops {
        let new = NewShop { code: shop.code.clone(), title: shop.title.clone(), platform: shop.platform.clone() };
        let id = desk.add_shop(new).await.map_err(say)?;
        desk.set_callback_secret(&Context::desk(desk.clock.now()), id, world::SECRET).await.map_err(say)?;
    }
    let scopes: Vec<String> = Action::ALL.iter().map(|action| action.as_str().to_owned()).collect();
    let adding = invented.staff.iter().map(|person| {
        let (desk, person, scopes) = (desk.clone(), person.clone(), scopes.clone());
        tokio::spawn(async move {
            let role = Role::parse(&person.role).ok_or_else(|| format!("there is no role {}", person.role))?;
            let new = NewStaff {
                name: person.name.clone(),
                display_name: person.display_name,
                agent_no: person.agent_no,
                role,
                password: Some(PASSWORD.to_owned()),
                shops: Vec::new(),
            };
            desk.add_staff(new).await.map_err(|why| why.to_string())?;
            let token = NewToken { staff: person.name.clone(), label: "history".into(), scopes, lasts: Some(Span::days(400)) };
            let secret = desk.add_token(token).await.map_err(|why| why.to_string())?;
            Ok::<_, String>((person.name, secret))
        })
    });
    let adding: Vec<_> = adding.collect();
    let mut tokens = HashMap::new();
    for person in adding {
        let (name, secret) = person.await.map_err(|why| why.to_string())??;
        tokens.insert(name, secret);
    }
    Ok(tokens)
}

fn greet(world: &World, listen: SocketAddr) {
    println!("\n  打开 / open  http://{listen}\n\n  用户 / users (password {PASSWORD}):");
    for person in &world.staff {
        println!("    {:<12} {} {}", person.name, person.role, person.display_name);
    }
    println!();
}
