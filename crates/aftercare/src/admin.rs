//! People, shops and tokens from the command line, for whoever can reach the data anyway. Owns the wording of these commands.

use crate::open::Place;
use aftercare_app::Desk;
use aftercare_app::access::staff::NewStaff;
use aftercare_app::access::token::NewToken;
use aftercare_app::clock::WallClock;
use aftercare_app::shop::NewShop;
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Role;
use aftercare_domain::time::Span;
use clap::{Args, Subcommand};
use std::io::Read as _;
use std::sync::Arc;

/// `aftercare user …`
#[derive(Subcommand)]
pub enum User {
    /// Add a person; the password is read from standard input.
    Add(AddUser),
}

/// A person to add.
#[derive(Args)]
pub struct AddUser {
    #[command(flatten)]
    place: Place,
    /// The name to sign in with.
    #[arg(long)]
    name: String,
    /// agent, senior, lead, supervisor, night, parcel_desk, reviewer, warehouse, finance, quality, operations, admin, auditor, owner, api.
    #[arg(long)]
    role: String,
    /// Shown to colleagues; the name when absent.
    #[arg(long)]
    display_name: Option<String>,
    /// Shown beside remarks; the name when absent.
    #[arg(long)]
    agent_no: Option<String>,
    /// Codes of the shops to grant; all when absent.
    #[arg(long, value_delimiter = ',')]
    shops: Vec<String>,
}

/// `aftercare shop …`
#[derive(Subcommand)]
pub enum Shop {
    /// Add a shop.
    Add(AddShop),
}

/// A shop to add.
#[derive(Args)]
pub struct AddShop {
    #[command(flatten)]
    place: Place,
    /// Short, used in addresses, never changed.
    #[arg(long)]
    code: String,
    /// Its name.
    #[arg(long)]
    title: String,
    /// The sales platform it is on: tmall, jd, pdd, douyin, …
    #[arg(long, default_value = "")]
    platform: String,
}

/// `aftercare token …`
#[derive(Subcommand)]
pub enum Token {
    /// Make a token; it is printed once and cannot be shown again.
    Add(AddToken),
}

/// A token to make.
#[derive(Args)]
pub struct AddToken {
    #[command(flatten)]
    place: Place,
    /// The person or program whose role, shops and limits it has.
    #[arg(long)]
    user: String,
    /// What it is for.
    #[arg(long)]
    label: String,
    /// The actions it may do, e.g. read_queue,read_case.
    #[arg(long, value_delimiter = ',', required = true)]
    scopes: Vec<String>,
    /// Ends after so many days.
    #[arg(long)]
    days: Option<i64>,
}

/// Carries out `aftercare user …`.
pub async fn user(User::Add(args): User) -> Result<(), String> {
    let role = Role::parse(&args.role).ok_or_else(|| format!("there is no role {}", args.role))?;
    let desk = args.place.open(Arc::new(WallClock)).await?;
    let shops = shops(&desk, &args.shops).await?;
    let password = if role == Role::Api { None } else { Some(password()?) };
    let display_name = args.display_name.unwrap_or_else(|| args.name.clone());
    let agent_no = args.agent_no.unwrap_or_else(|| args.name.clone());
    let new = NewStaff { name: args.name, display_name, agent_no, role, password, shops };
    let name = new.name.clone();
    desk.add_staff(new).await.map_err(|error| error.to_string())?;
    println!("{name} added as {role}");
    Ok(())
}

/// Carries out `aftercare shop …`.
pub async fn shop(Shop::Add(args): Shop) -> Result<(), String> {
    let desk = args.place.open(Arc::new(WallClock)).await?;
    let new = NewShop { code: args.code, title: args.title, platform: args.platform };
    let id = desk.add_shop(new).await.map_err(|error| error.to_string())?;
    println!("shop {id} added");
    Ok(())
}

/// Carries out `aftercare token …`.
pub async fn token(Token::Add(args): Token) -> Result<(), String> {
    let desk = args.place.open(Arc::new(WallClock)).await?;
    let lasts = args.days.map(Span::days);
    let new = NewToken { staff: args.user, label: args.label, scopes: args.scopes, lasts };
    println!("{}", desk.add_token(new).await.map_err(|error| error.to_string())?);
    Ok(())
}

pub(crate) async fn shops(desk: &Desk, codes: &[String]) -> Result<Vec<ShopId>, String> {
    let mut shops = Vec::new();
    for code in codes {
        let shop = desk.shop_by_code(code).await.map_err(|error| error.to_string())?;
        shops.push(shop.ok_or_else(|| format!("there is no shop {code}; add it with `aftercare shop add`"))?);
    }
    Ok(shops)
}

/// From standard input, so that it stands neither in the shell's history nor in the list of processes.
fn password() -> Result<String, String> {
    eprintln!("Password (12 characters or more), then Enter and Ctrl-D:");
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|why| format!("cannot read the password: {why}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
