//! A shop's settings: policy switches, authority limits, which rules act. Owns their names and that only sound values get in.

use crate::access::factor;
use crate::command::Repeat;
use crate::error::{Error, Result, bad_input, not_found};
use crate::{Context, Desk, audit};
use aftercare_domain::effect::{Class, Kind};
use aftercare_domain::id::ShopId;
use aftercare_domain::ledger::Policy;
use aftercare_domain::people::authority::Authority;
use aftercare_domain::people::factor::Demand;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::people::{Role, Team};
use aftercare_domain::playbook::Catalogue;
use aftercare_domain::portal::Portal;
use aftercare_store::values;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Whether a value can be taken; the text says why not.
type Sound = std::result::Result<(), String>;

/// One part of the settings and what checks it.
struct Part {
    name: &'static str,
    check: fn(&Value) -> Sound,
}

const PARTS: &[Part] = &[
    // Money and goods switches of the shop.
    Part { name: "policy", check: switches },
    // The same per scenario, which go first.
    Part { name: "scenario_policy", check: |value| each(value, switches) },
    // What each role may grant alone.
    Part { name: "authority", check: sound::<Authority> },
    // Whose sign-in needs a second factor, and above which amount an approval needs it afresh.
    Part { name: "second_factor", check: demand },
    // Rules by id: off when false.
    Part { name: "rules", check: |value| each(value, sound::<bool>) },
    // Facts of the shop for playbooks, by their names in the catalogue.
    Part { name: "facts", check: facts },
    // Seconds between the decision to move money and its leaving.
    Part { name: "hold_s", check: seconds },
    // How the platform lets calls be told apart: refund_class, call_class.
    Part { name: "platform", check: |value| sound::<Classes>(value) },
    // Kinds of effects that a team carries out by hand on the platform.
    Part { name: "by_hand", check: by_hand },
    // Bulk jobs: above which sum the total is typed in, and a pace of the shop's own.
    Part { name: "bulk", check: bulk },
    // Where returned goods go.
    Part { name: "return_address", check: sound::<String> },
    // The buyer's own page: whether it is on, and which marketplaces' orders it serves besides the shop's own.
    Part { name: "portal", check: sound::<Portal> },
];
/// Bytes of one shop's settings.
const LIMIT: usize = 100_000;

impl Desk {
    /// The shop's settings as stored; parts not set are absent and have their defaults.
    pub async fn shop_settings(&self, context: &Context, shop: ShopId) -> Result<Value> {
        context.actor.may(Action::ReadQueue, &Object::shop("shop", shop))?;
        self.store.read(move |tx| crate::policy::settings(tx, shop)).await
    }

    /// Sets the parts given and leaves the others; `null` takes a part back to its default. Answers the whole.
    pub async fn set_shop_settings(&self, context: &Context, shop: ShopId, parts: Map<String, Value>) -> Result<Value> {
        context.actor.may(Action::ManageSettings, &Object::shop("shop", shop))?;
        for (name, value) in parts.iter().filter(|(_, value)| !value.is_null()) {
            let names = || PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(", ");
            let part =
                PARTS.iter().find(|part| part.name == name).ok_or_else(|| bad_input("settings", format!("{name}: one of {}", names())))?;
            (part.check)(value).map_err(|problem| bad_input("settings", format!("{name}: {problem}")))?;
        }
        let repeat = Repeat::of(context, format!("settings/{shop}"), &parts);
        let frame = context.clone();
        self.command(context, repeat, move |tx| {
            let sql = "SELECT settings FROM shop WHERE id = $1 FOR UPDATE";
            let mut settings = tx.query_opt(sql, &values![shop], |row| row.get::<Value>(0))?.ok_or_else(|| not_found("shop"))?;
            let all = settings.as_object_mut().ok_or_else(|| bad_input("settings", "stored settings are not a table"))?;
            for (name, value) in &parts {
                if value.is_null() {
                    all.remove(name)
                } else {
                    all.insert(name.clone(), value.clone())
                };
            }
            let text = settings.to_string();
            if text.len() > LIMIT {
                return Err(bad_input("settings", format!("at most {LIMIT} bytes")));
            }
            tx.execute("UPDATE shop SET settings = $2 WHERE id = $1", &values![shop, text])?;
            if let Some(demand) = parts.get("second_factor") {
                factor::demand_changed(tx, shop, &serde_json::from_value(demand.clone()).unwrap_or_default())?;
            }
            audit::note(tx, &frame.actor, Some(shop), "settings_changed", "settings", &json!({ "parts": parts }), frame.now);
            Ok::<_, Error>(settings)
        })
        .await
    }
}

/// How calls of a kind can be told apart from their repetition.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read to be checked; the worker reads the stored text")]
struct Classes {
    #[serde(default)]
    refund_class: Option<Class>,
    #[serde(default)]
    call_class: Option<Class>,
}

fn demand(value: &Value) -> Sound {
    let demand = Demand::deserialize(value).map_err(|problem| problem.to_string())?;
    if demand.roles.contains(&Role::Api) {
        return Err("a program has no second factor".into());
    }
    if demand.step_up_above_minor.is_some_and(|above| above < 0) || demand.step_up_within_min.is_some_and(|min| !(1..=480).contains(&min)) {
        return Err("an amount from 0, and 1 to 480 minutes".into());
    }
    Ok(())
}

fn seconds(value: &Value) -> Sound {
    if value.as_i64().is_some_and(|s| (0..=600).contains(&s)) { Ok(()) } else { Err("0 to 600".into()) }
}

fn bulk(value: &Value) -> Sound {
    let own = crate::bulk::Own::deserialize(value).map_err(|problem| problem.to_string())?;
    if own.is_sound() { Ok(()) } else { Err("confirm_above_minor from 0; order_gap_s to 3600, chunk 1 to 1000, rest_s to 600".into()) }
}

fn by_hand(value: &Value) -> Sound {
    let known = |kind: &str, team: &Value| Kind::parse(kind).is_some() && team.as_str().is_some_and(|team| Team::parse(team).is_some());
    let table = value.as_object().ok_or("expected a table")?;
    table
        .iter()
        .find(|(kind, team)| !known(kind, team))
        .map_or(Ok(()), |(kind, team)| Err(format!("{kind} = {team}: a kind of effect and a team")))
}

fn sound<T: DeserializeOwned>(value: &Value) -> Sound {
    T::deserialize(value).map(drop).map_err(|problem| problem.to_string())
}

fn each(value: &Value, check: impl Fn(&Value) -> Sound) -> Sound {
    let table = value.as_object().ok_or("expected a table")?;
    table.iter().try_for_each(|(name, value)| check(value).map_err(|problem| format!("{name}: {problem}")))
}

/// Switches of money and goods, and whatever else playbooks know as `policy.…`; a misspelt one would be ignored in silence.
fn switches(value: &Value) -> Sound {
    sound::<Policy>(value)?;
    let known = serde_json::to_value(Policy::default()).map_err(|problem| problem.to_string())?;
    let there = |name: &str| known.get(name).is_some() || Catalogue::standard().find(&format!("policy.{name}")).is_some();
    names(value, there)
}

fn facts(value: &Value) -> Sound {
    names(value, |name| Catalogue::standard().find(name).is_some())
}

fn names(value: &Value, there: impl Fn(&str) -> bool) -> Sound {
    let table = value.as_object().ok_or("expected a table")?;
    table.keys().find(|name| !there(name)).map_or(Ok(()), |name| Err(format!("there is no {name}")))
}
