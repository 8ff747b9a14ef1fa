//! Roles of the shop's own: the list, keeping one, taking one away, giving somebody another role. Owns their rows; what a role may be made
//! of `domain/people/custom` decides. Every request reads the role anew, so a change is there at once.

use crate::error::{Error, Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::id::Id;
use aftercare_domain::people::custom::{Draft, Field, Most, Narrowed};
use aftercare_domain::people::{Action, Role, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{DbError, Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;

/// Roles of the shop's own at most.
const LIMIT: i64 = 50;

/// A role as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepRole {
    /// Its name.
    pub name: String,
    /// The built-in role it is made from; it stays what it was when an existing one is kept.
    pub base: String,
    /// Names of the actions left.
    pub actions: Vec<String>,
    /// name, phone, address, words: what may be seen in clear.
    pub reveals: Vec<String>,
    /// Whether costs of remedies are shown.
    pub sees_costs: bool,
    /// Lower limits than the built-in role's, by kind.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub limits: Vec<Most>,
    /// The version the author saw; absent for a new role.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A role of the shop's own.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CustomRole {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What it is made from.
    pub base: String,
    /// What is left of it.
    pub actions: Vec<String>,
    /// What may be seen in clear.
    pub reveals: Vec<String>,
    /// Whether costs are shown.
    pub sees_costs: bool,
    /// Lower limits.
    #[schema(value_type = Vec<Object>)]
    pub limits: Vec<Most>,
    /// Its version.
    pub version: i64,
}

/// A built-in role and how far each of its actions reaches.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BuiltinRole {
    /// Its name.
    pub role: &'static str,
    /// By action: yes, team, own.
    #[schema(value_type = Object)]
    pub reach: serde_json::Map<String, serde_json::Value>,
}

/// Everything the matrix shows.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Roles {
    /// Every action, in the order of the matrix, with its Chinese name.
    pub actions: Vec<ActionName>,
    /// The built-in roles.
    pub builtin: Vec<BuiltinRole>,
    /// The shop's own.
    pub custom: Vec<CustomRole>,
}

/// An action and its names.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ActionName {
    /// The stable name.
    pub name: &'static str,
    /// The Chinese name.
    pub zh: &'static str,
}

/// Another role for somebody: one of the shop's own by its id, or a built-in one by its name.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveRole {
    /// A built-in role.
    #[serde(default)]
    pub role: Option<String>,
    /// A role of the shop's own.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub custom_role: Option<Id>,
}

/// What a stored role leaves; names this program does not know leave nothing.
pub(super) fn narrowed(name: String, reveals: &str, costs: bool, limits: &str) -> std::result::Result<Narrowed, DbError> {
    let limits = serde_json::from_str(limits).map_err(|problem| DbError::Shape(format!("limits of a role: {problem}")))?;
    Ok(Narrowed { name, reveals: reveals.split_whitespace().filter_map(Field::parse).collect(), costs, limits })
}

impl Desk {
    /// Every role, built-in and the shop's own.
    pub async fn roles(&self, context: &Context) -> Result<Roles> {
        context.actor.may(Action::ManageUsers, &Object::desk("role"))?;
        let sql = "SELECT id, name, base, actions, reveals, sees_costs, limits, version FROM custom_role ORDER BY name LIMIT $1";
        let custom = self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![LIMIT], shown)?)).await?;
        let actions = Action::ALL.iter().map(|action| ActionName { name: action.as_str(), zh: action.zh() }).collect();
        let reach = |role: Role| {
            let each = Action::ALL.iter().filter_map(|action| Some((action.as_str().to_owned(), action.reach(role)?.into())));
            BuiltinRole { role: role.as_str(), reach: each.collect() }
        };
        Ok(Roles { actions, builtin: Role::ALL.iter().map(|role| reach(*role)).collect(), custom })
    }

    /// Makes a role.
    pub async fn add_role(&self, context: &Context, input: KeepRole) -> Result<Id> {
        let draft = self.sound(context, &input)?;
        let (frame, id) = (context.clone(), new_id(context.now));
        let added = self.store.write(move |tx| {
            let count = "SELECT COUNT(*) FROM (SELECT 1 FROM custom_role LIMIT $1) AS some_roles";
            if tx.query_opt(count, &values![LIMIT], |row| row.get::<i64>(0))?.unwrap_or(0) >= LIMIT {
                return Err(bad_input("name", format!("at most {LIMIT} roles")));
            }
            let (actions, reveals, limits) = stored(&draft);
            const COLUMNS: &[&str] = &["id", "name", "base", "actions", "reveals", "sees_costs", "limits", "created_at"];
            let row = values![id, draft.name.as_str(), draft.base.as_str(), &actions, &reveals, draft.costs, &limits, frame.now];
            tx.insert("custom_role", COLUMNS, row);
            audit::note(
                tx,
                &frame.actor,
                None,
                "role_added",
                &id.to_string(),
                &json!({ "base": draft.base, "actions": actions, "reveals": reveals, "sees_costs": draft.costs, "limits": draft.limits }),
                frame.now,
            );
            Ok::<_, Error>(())
        });
        match added.await {
            Err(Error::Db(DbError::Unique(_))) => Err(bad_input("name", "a role has this name already")),
            other => other.map(|()| id),
        }
    }

    /// Keeps a role anew. Whoever has it has the new one from their next request on.
    pub async fn keep_role(&self, context: &Context, id: Id, input: KeepRole) -> Result<()> {
        let draft = self.sound(context, &input)?;
        let (frame, seen) = (context.clone(), input.version.ok_or_else(|| bad_input("version", "the version seen"))?);
        let kept = self.store.write(move |tx| {
            let row = load(tx, id)?;
            if row.version != seen {
                return Err(Refusal::new(Code::RoleMoved).with("version", row.version).into());
            }
            if row.base != draft.base.as_str() {
                return Err(bad_input("base", "a role stays made from what it was made from"));
            }
            let (actions, reveals, limits) = stored(&draft);
            let sql = "UPDATE custom_role SET name = $2, actions = $3, reveals = $4, sees_costs = $5, limits = $6, version = version + 1 WHERE id = $1";
            tx.execute(sql, &values![id, draft.name.as_str(), &actions, &reveals, draft.costs, &limits])?;
            let payload = json!({ "actions": actions, "reveals": reveals, "sees_costs": draft.costs, "limits": draft.limits, "before":
                { "actions": row.actions.join(" "), "reveals": row.reveals.join(" "), "sees_costs": row.sees_costs, "limits": row.limits } });
            audit::note(tx, &frame.actor, None, "role_changed", &id.to_string(), &payload, frame.now);
            Ok::<_, Error>(())
        });
        match kept.await {
            Err(Error::Db(DbError::Unique(_))) => Err(bad_input("name", "a role has this name already")),
            other => other,
        }
    }

    /// Takes a role away that nobody has.
    pub async fn remove_role(&self, context: &Context, id: Id) -> Result<()> {
        context.actor.may(Action::ManageUsers, &Object::desk("role"))?;
        let frame = context.clone();
        self.store
            .write(move |tx| {
                load(tx, id)?;
                let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM staff WHERE custom_role_id = $1 LIMIT 500) AS some_people";
                let count = tx.query_opt(sql, &values![id], |row| row.get::<i64>(0))?.unwrap_or(0);
                if count > 0 {
                    return Err(Refusal::new(Code::RoleInUse).with("count", count).into());
                }
                tx.execute("DELETE FROM custom_role WHERE id = $1", &values![id])?;
                audit::note(tx, &frame.actor, None, "role_removed", &id.to_string(), &json!({}), frame.now);
                Ok(())
            })
            .await
    }

    /// Gives somebody another role. Nobody changes their own or an owner's, and nobody gives what they lack themselves.
    pub async fn give_role(&self, context: &Context, name: &str, input: GiveRole) -> Result<()> {
        context.actor.may(Action::ManageUsers, &Object::desk("staff"))?;
        let built_in = input.role.as_deref().map(|name| Role::parse(name).ok_or_else(|| bad_input("role", "there is no such role")));
        let built_in = built_in.transpose()?;
        let (frame, name) = (context.clone(), name.to_owned());
        self.store
            .write(move |tx| {
                let sql = "SELECT id, role FROM staff WHERE name = $1 FOR UPDATE";
                let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?));
                let (id, before) = tx.query_opt(sql, &values![name.as_str()], read)?.ok_or_else(|| not_found("staff"))?;
                if id == frame.actor.id() || before == Role::Owner.as_str() {
                    return Err(Code::RoleFixed.into());
                }
                let (role, custom) = match (built_in, input.custom_role) {
                    (Some(role), None) => (role, None),
                    (None, Some(custom)) => {
                        let row = load(tx, custom)?;
                        (Role::parse(&row.base).ok_or_else(|| DbError::Shape(row.base.clone()))?, Some(custom))
                    }
                    _ => return Err(bad_input("role", "a built-in role or one of the shop's own")),
                };
                may_hand_out(&frame, role)?;
                let sql = "UPDATE staff SET role = $2, custom_role_id = $3, version = version + 1 WHERE id = $1";
                tx.execute(sql, &values![id, role.as_str(), custom])?;
                let payload = json!({ "before": before, "role": role, "custom_role": custom });
                audit::note(tx, &frame.actor, None, "role_given", &id.to_string(), &payload, frame.now);
                Ok(())
            })
            .await
    }

    fn sound(&self, context: &Context, input: &KeepRole) -> Result<Draft> {
        context.actor.may(Action::ManageUsers, &Object::desk("role"))?;
        let base = Role::parse(&input.base).ok_or_else(|| bad_input("base", "there is no such role"))?;
        let action = |name: &String| Action::parse(name).ok_or_else(|| bad_input("actions", format!("there is no action {name}")));
        let field = |name: &String| Field::parse(name).ok_or_else(|| bad_input("reveals", format!("there is no field {name}")));
        let draft = Draft {
            name: input.name.trim().to_owned(),
            base,
            actions: input.actions.iter().map(action).collect::<Result<BTreeSet<_>>>()?,
            reveals: input.reveals.iter().map(field).collect::<Result<BTreeSet<_>>>()?,
            costs: input.sees_costs,
            limits: input.limits.clone(),
        };
        draft.sound(&context.actor.who)?;
        Ok(draft)
    }
}

/// Whether the actor may make somebody this: only an owner makes an owner, and whoever is narrowed themselves gives no more than they have.
pub(super) fn may_hand_out(context: &Context, role: Role) -> Result<()> {
    let actor = &context.actor;
    if actor.system {
        return Ok(());
    }
    let lacks = |action: &&Action| action.belongs_to(role) && !aftercare_domain::people::policy::could(&actor.who, **action);
    let missing = if actor.who.custom.is_some() { Action::ALL.iter().find(lacks) } else { None };
    if role == Role::Owner && actor.who.role != Role::Owner {
        return Err(Code::RoleFixed.into());
    }
    missing.map_or(Ok(()), |action| Err(Refusal::new(Code::RoleGivesMore).with("action", action.as_str()).into()))
}

fn load(tx: &mut Tx<'_>, id: Id) -> Result<CustomRole> {
    let sql = "SELECT id, name, base, actions, reveals, sees_costs, limits, version FROM custom_role WHERE id = $1 FOR UPDATE";
    tx.query_opt(sql, &values![id], shown)?.ok_or_else(|| not_found("role"))
}

fn shown(row: &Row) -> std::result::Result<CustomRole, DbError> {
    let names = |text: String| text.split_whitespace().map(str::to_owned).collect();
    let limits: String = row.get(6)?;
    Ok(CustomRole {
        id: row.get(0)?,
        name: row.get(1)?,
        base: row.get(2)?,
        actions: names(row.get(3)?),
        reveals: names(row.get(4)?),
        sees_costs: row.get(5)?,
        limits: serde_json::from_str(&limits).map_err(|problem| DbError::Shape(problem.to_string()))?,
        version: row.get(7)?,
    })
}

/// Actions, fields and limits as they are stored.
fn stored(draft: &Draft) -> (String, String, String) {
    let actions: Vec<&str> = draft.actions.iter().map(|action| action.as_str()).collect();
    let reveals: Vec<&str> = draft.reveals.iter().map(|field| field.as_str()).collect();
    (actions.join(" "), reveals.join(" "), json!(draft.limits).to_string())
}
