//! Writes a new text of a shop, a team or a person. Owns the command.

use super::{Content, MOST, action_for, free_code, keep_version, scenarios};
use crate::command::Repeat;
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::id::ShopId;
use aftercare_domain::knowledge::{Belongs, Kind, REVIEW_AFTER, Scope};
use aftercare_domain::people::{Team, policy::Object};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A new text.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKnowledge {
    /// script, macro, article, reject_reason.
    pub kind: String,
    /// shop, team, person. What is shared needs the right to take care of it.
    pub scope: String,
    /// The team, of a team's text.
    #[serde(default)]
    pub team: String,
    /// The letters that call it in the composer: `/yf`. None when empty.
    #[serde(default)]
    pub code: String,
    /// The scenarios it suits; all when empty.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// What it says.
    pub content: Content,
}

const KNOWLEDGE: &[&str] =
    &["shop_id", "id", "kind", "scope", "team", "staff_id", "code", "scenarios", "content_sealed", "review_at", "changed_by", "changed_at"];

impl Desk {
    /// Adds a text.
    pub async fn write_knowledge(&self, context: &Context, shop: ShopId, input: NewKnowledge) -> Result<Value> {
        let kind = Kind::parse(&input.kind).ok_or_else(|| bad_input("kind", "script, macro, article or reject_reason"))?;
        let scope = Scope::parse(&input.scope).ok_or_else(|| bad_input("scope", "shop, team or person"))?;
        context.actor.may(action_for(scope), &Object::shop("knowledge", shop))?;
        let team = Team::parse(&input.team);
        if (scope == Scope::Team) != team.is_some() {
            return Err(bad_input("team", "a team for scope team, none for others"));
        }
        let person = (scope == Scope::Person).then(|| context.actor.id());
        let belongs = Belongs { scope, team, person };
        let scenarios = scenarios(&input.scenarios)?;
        let repeat = Repeat::of(context, format!("knowledge/{shop}"), &input);
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.command(context, repeat, move |tx| {
            input.content.check(kind, &crate::playbook::catalogue(tx)?)?;
            free_code(tx, &vault, shop, &input.code, &belongs, None)?;
            let count =
                "SELECT COUNT(*) FROM (SELECT id FROM knowledge WHERE shop_id = $1 AND retired_at IS NULL ORDER BY id LIMIT $2) AS live";
            if tx.query_opt(count, &values![shop, MOST], |row| row.get::<i64>(0))?.unwrap_or_default() >= MOST {
                return Err(bad_input("kind", format!("a shop has at most {MOST} texts; retire some")));
            }
            let (id, now, by) = (new_id(frame.now), frame.now, frame.actor.stored_id());
            let sealed = input.content.seal(&vault)?;
            keep_version(tx, shop, id, 1, &sealed, by, now);
            let team = team.map_or("", Team::as_str);
            let row = values![
                shop,
                id,
                kind.as_str(),
                scope.as_str(),
                team,
                person,
                &input.code,
                scenarios.clone(),
                sealed,
                now + REVIEW_AFTER,
                by,
                now
            ];
            tx.insert("knowledge", KNOWLEDGE, row);
            audit::note(tx, &frame.actor, Some(shop), "knowledge_written", &id.to_string(), &json!({ "kind": kind, "scope": scope }), now);
            Ok(json!({ "id": id, "version": 1 }))
        })
        .await
    }
}
