//! A shop's own scripts, articles and reasons for a refusal (知识与话术). Owns their rows and sealing; each command has a file.
//!
//! Texts of playbooks are policy and stand in `playbook`; what is written here binds nobody.

mod change;
mod list;
mod ready;
mod retire;
mod review;
mod run;
mod used;
mod write;

pub use change::ChangeKnowledge;
pub use run::RunMacro;
pub use write::NewKnowledge;

pub(crate) use used::{Said, looked_at, sent};

use crate::context::Actor;
use crate::error::{Result, bad_input, not_found};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::knowledge::{Belongs, Kind, STEPS, Scope, Step, is_code, unknown_variable};
use aftercare_domain::people::{Action, Team, policy};
use aftercare_domain::playbook::{Catalogue, Text};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Micros;
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Live texts of one shop.
const MOST: i64 = 1_000;
/// Bytes of a title and of a text in one language.
const TITLE: usize = 200;
const TEXT: usize = 8_000;
/// Scenarios one text names.
const SCENARIOS: usize = 40;
const FIELD: &str = "knowledge.content";

/// What a text says. Sealed as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What people call it, in Chinese.
    pub title_zh: String,
    /// In English; absent: as in Chinese.
    #[serde(default)]
    pub title_en: String,
    /// The words in Chinese; variables of the catalogue in braces.
    pub text_zh: String,
    /// In English; absent: as in Chinese.
    #[serde(default)]
    pub text_en: String,
    /// Of a macro: what is done together with its text, which may then be empty. None of it moves money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub steps: Vec<Step>,
}

impl Content {
    /// Refuses what is empty or too long, and variables that do not exist.
    fn check(&self, kind: Kind, catalogue: &Catalogue) -> Result<()> {
        if self.title_zh.trim().is_empty() || self.title_zh.len() > TITLE || self.title_en.len() > TITLE {
            return Err(bad_input("title_zh", format!("1 to {TITLE} bytes")));
        }
        self.check_steps(kind, catalogue)?;
        let wordless = self.text_zh.trim().is_empty() && self.steps.is_empty();
        if wordless || self.text_zh.len() > TEXT || self.text_en.len() > TEXT {
            return Err(bad_input("text_zh", format!("1 to {TEXT} bytes")));
        }
        known("text_zh", &self.text_zh, catalogue)?;
        known("text_en", &self.text_en, catalogue)
    }

    /// Only a macro has steps; each is whole and names no variable that does not exist.
    fn check_steps(&self, kind: Kind, catalogue: &Catalogue) -> Result<()> {
        let most = if kind == Kind::Macro { STEPS } else { 0 };
        if self.steps.len() > most {
            return Err(bad_input("steps", format!("at most {most} of a {kind}")));
        }
        if let Some(fault) = self.steps.iter().find_map(Step::fault) {
            return Err(bad_input("steps", fault));
        }
        for words in self.steps.iter().filter_map(Step::words) {
            known("steps", words, catalogue)?;
        }
        Ok(())
    }

    fn title(&self) -> Text {
        or_chinese(&self.title_zh, &self.title_en)
    }

    fn text(&self) -> Text {
        or_chinese(&self.text_zh, &self.text_en)
    }

    fn seal(&self, vault: &Vault) -> Result<Vec<u8>> {
        let text = serde_json::to_string(self).map_err(|error| DbError::Shape(error.to_string()))?;
        Ok(vault.seal(FIELD, &text))
    }

    fn open(vault: &Vault, sealed: &[u8]) -> Result<Self> {
        let text = vault.open_sealed(FIELD, sealed)?;
        Ok(serde_json::from_str(&text).map_err(|error| DbError::Shape(error.to_string()))?)
    }
}

/// Refuses a variable that does not exist.
fn known(field: &'static str, words: &str, catalogue: &Catalogue) -> Result<()> {
    let Some(unknown) = unknown_variable(words, catalogue) else { return Ok(()) };
    let near = unknown.nearest.unwrap_or_else(|| "—".to_owned());
    let refusal = Refusal::new(Code::UnknownVariable).with("field", field).with("place", unknown.place);
    Err(refusal.with("found", unknown.found).with("near", near).into())
}

fn or_chinese(zh: &str, en: &str) -> Text {
    Text::new(zh, if en.trim().is_empty() { zh } else { en })
}

/// One text.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    id: Id,
    kind: Kind,
    belongs: Belongs,
    code: String,
    scenarios: Vec<String>,
    sealed: Vec<u8>,
    review_at: Micros,
    used: i64,
    version: i64,
    changed_by: Option<String>,
    changed_at: Micros,
}

/// Reads rows selected with these columns in this order.
const COLUMNS: &str = "k.id, k.kind, k.scope, k.team, k.staff_id, k.code, k.scenarios, k.content_sealed, k.review_at, k.used, k.version, s.display_name, k.changed_at";

impl Entry {
    fn read(row: &Row) -> std::result::Result<Self, DbError> {
        let shape = |what: &str| DbError::Shape(format!("an unknown {what} of knowledge"));
        let belongs = Belongs {
            scope: Scope::parse(&row.get::<String>(2)?).ok_or_else(|| shape("scope"))?,
            team: Team::parse(&row.get::<String>(3)?),
            person: row.get(4)?,
        };
        Ok(Self {
            id: row.get(0)?,
            kind: Kind::parse(&row.get::<String>(1)?).ok_or_else(|| shape("kind"))?,
            belongs,
            code: row.get(5)?,
            scenarios: serde_json::from_value(row.get::<Value>(6)?).unwrap_or_default(),
            sealed: row.get(7)?,
            review_at: row.get(8)?,
            used: row.get(9)?,
            version: row.get(10)?,
            changed_by: row.get(11)?,
            changed_at: row.get(12)?,
        })
    }

    /// Every live text of a shop, oldest first.
    fn all(tx: &mut Tx<'_>, shop: ShopId) -> Result<Vec<Self>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM knowledge k LEFT JOIN staff s ON s.id = k.changed_by WHERE k.shop_id = $1 AND k.retired_at IS NULL ORDER BY k.id LIMIT {MOST}"
        );
        Ok(tx.query(&sql, &values![shop], Self::read)?)
    }

    /// One live text that the actor sees.
    fn load(tx: &mut Tx<'_>, shop: ShopId, id: Id, actor: &Actor) -> Result<Self> {
        let sql = format!(
            "SELECT {COLUMNS} FROM knowledge k LEFT JOIN staff s ON s.id = k.changed_by WHERE k.shop_id = $1 AND k.id = $2 AND k.retired_at IS NULL"
        );
        let entry = tx.query_opt(&sql, &values![shop, id], Self::read)?;
        entry.filter(|entry| entry.seen_by(actor)).ok_or_else(|| not_found("knowledge"))
    }

    fn seen_by(&self, actor: &Actor) -> bool {
        self.belongs.seen_by(actor.id(), actor.who.role, policy::could(&actor.who, Action::ShareKnowledge))
    }

    /// Whether the actor may change it: one's own, or with the right to take care of shared ones.
    fn edited_by(&self, actor: &Actor) -> bool {
        policy::could(&actor.who, action_for(self.belongs.scope))
            && (self.belongs.scope != Scope::Person || self.belongs.person == Some(actor.id()))
    }
}

/// The right that writing needs.
const fn action_for(scope: Scope) -> Action {
    match scope {
        Scope::Person => Action::WriteKnowledge,
        Scope::Shop | Scope::Team => Action::ShareKnowledge,
    }
}

/// Refuses a code that is none, or that calls another text already.
fn free_code(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, code: &str, belongs: &Belongs, except: Option<Id>) -> Result<()> {
    if code.is_empty() {
        return Ok(());
    }
    if !is_code(code) {
        return Err(bad_input("code", "1 to 20 of a-z and 0-9"));
    }
    let taken = |entry: &Entry| entry.code == code && Some(entry.id) != except && !entry.belongs.apart_from(belongs);
    match Entry::all(tx, shop)?.into_iter().find(taken) {
        Some(entry) => {
            let title = Content::open(vault, &entry.sealed)?.title_zh;
            Err(Refusal::new(Code::CodeTaken).with("code", code).with("title", title).into())
        }
        None => Ok(()),
    }
}

fn scenarios(given: &[String]) -> Result<Value> {
    let plain =
        |id: &String| !id.is_empty() && id.len() <= 60 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if given.len() > SCENARIOS || !given.iter().all(plain) {
        return Err(bad_input("scenarios", format!("at most {SCENARIOS} scenarios by id")));
    }
    Ok(json!(given))
}

/// Keeps a version of what a text said.
fn keep_version(tx: &mut Tx<'_>, shop: ShopId, id: Id, version: i64, sealed: &[u8], by: Option<Id>, at: Micros) {
    const VERSION: &[&str] = &["shop_id", "id", "version", "content_sealed", "changed_by", "changed_at"];
    tx.insert("knowledge_version", VERSION, values![shop, id, version, sealed.to_vec(), by, at]);
}
