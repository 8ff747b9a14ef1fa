//! The case's own row: read under lock, written with a version check. Owns the list of its columns.

use crate::error::{Result, not_found};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};

/// A case as stored. Texts are the domain's names.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of the table, named and explained in the schema")]
pub struct CaseRow {
    pub shop: ShopId,
    pub id: Id,
    pub case_no: String,
    pub key: Id,
    pub order: Option<Id>,
    pub order_no: String,
    pub buyer: Option<Id>,
    pub buyer_masked: String,
    pub scenario: String,
    pub playbook_version: i64,
    pub title: String,
    pub stage: String,
    pub waiting_on: String,
    pub open: bool,
    pub owner: Option<Id>,
    pub channel: String,
    pub external_ref: Option<String>,
    pub complaint_class: String,
    pub severity: i64,
    pub emotion: String,
    pub amount_minor: i64,
    pub currency: String,
    pub queue_key: i64,
    pub next_deadline_at: Option<Micros>,
    pub next_deadline: Option<Id>,
    pub next_at_zero: String,
    pub next_clock: String,
    pub next_state: String,
    pub unknown_money: bool,
    pub open_promises: i64,
    pub verdict: String,
    pub marks: serde_json::Value,
    pub facts: serde_json::Value,
    pub cause: String,
    pub party: String,
    pub result: String,
    pub confirmation: String,
    pub satisfaction: Option<i64>,
    pub merged_into: Option<Id>,
    pub opened_at: Micros,
    pub last_contact_at: Option<Micros>,
    pub last_contact_from: String,
    pub closed_at: Option<Micros>,
    pub updated_at: Micros,
    pub material_version: i64,
    pub version: i64,
}

/// The columns in the order of [`CaseRow`]'s reading.
macro_rules! columns {
    () => {
        "shop_id, id, case_no, key_id, order_id, order_no, buyer_id, buyer_masked, scenario, playbook_version, title, stage, waiting_on, open, owner_id, channel, external_ref, complaint_class, severity, emotion, amount_minor, currency, queue_key, next_deadline_at, next_deadline_id, next_at_zero, next_clock, next_state, unknown_money, open_promises, verdict, marks, facts, cause, party, result, confirmation, satisfaction, merged_into, opened_at, last_contact_at, last_contact_from, closed_at, updated_at, version, material_version"
    };
}

const INSERT: &[&str] = &[
    "shop_id",
    "id",
    "case_no",
    "key_id",
    "order_id",
    "order_no",
    "buyer_id",
    "buyer_masked",
    "scenario",
    "playbook_version",
    "title",
    "stage",
    "waiting_on",
    "open",
    "owner_id",
    "channel",
    "external_ref",
    "complaint_class",
    "severity",
    "emotion",
    "amount_minor",
    "currency",
    "queue_key",
    "next_deadline_at",
    "next_deadline_id",
    "next_at_zero",
    "next_clock",
    "next_state",
    "unknown_money",
    "open_promises",
    "verdict",
    "marks",
    "facts",
    "cause",
    "party",
    "result",
    "confirmation",
    "satisfaction",
    "merged_into",
    "opened_at",
    "last_contact_at",
    "last_contact_from",
    "closed_at",
    "updated_at",
    "version",
    "material_version",
];

impl CaseRow {
    /// Reads a row selected with the columns above.
    pub fn read(row: &Row) -> std::result::Result<Self, DbError> {
        Ok(Self {
            shop: row.get(0)?,
            id: row.get(1)?,
            case_no: row.get(2)?,
            key: row.get(3)?,
            order: row.get(4)?,
            order_no: row.get(5)?,
            buyer: row.get(6)?,
            buyer_masked: row.get(7)?,
            scenario: row.get(8)?,
            playbook_version: row.get(9)?,
            title: row.get(10)?,
            stage: row.get(11)?,
            waiting_on: row.get(12)?,
            open: row.get(13)?,
            owner: row.get(14)?,
            channel: row.get(15)?,
            external_ref: row.get(16)?,
            complaint_class: row.get(17)?,
            severity: row.get(18)?,
            emotion: row.get(19)?,
            amount_minor: row.get(20)?,
            currency: row.get(21)?,
            queue_key: row.get(22)?,
            next_deadline_at: row.get(23)?,
            next_deadline: row.get(24)?,
            next_at_zero: row.get(25)?,
            next_clock: row.get(26)?,
            next_state: row.get(27)?,
            unknown_money: row.get(28)?,
            open_promises: row.get(29)?,
            verdict: row.get(30)?,
            marks: row.get(31)?,
            facts: row.get(32)?,
            cause: row.get(33)?,
            party: row.get(34)?,
            result: row.get(35)?,
            confirmation: row.get(36)?,
            satisfaction: row.get(37)?,
            merged_into: row.get(38)?,
            opened_at: row.get(39)?,
            last_contact_at: row.get(40)?,
            last_contact_from: row.get(41)?,
            closed_at: row.get(42)?,
            updated_at: row.get(43)?,
            version: row.get(44)?,
            material_version: row.get(45)?,
        })
    }

    /// The case, locked for this transaction.
    pub fn lock(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Self> {
        let sql = concat!("SELECT ", columns!(), " FROM cases WHERE shop_id = $1 AND id = $2 FOR UPDATE");
        tx.query_opt(sql, &values![shop, id], Self::read)?.ok_or_else(|| not_found("case"))
    }

    /// The case, to look at.
    pub fn load(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Self> {
        let sql = concat!("SELECT ", columns!(), " FROM cases WHERE shop_id = $1 AND id = $2");
        tx.query_opt(sql, &values![shop, id], Self::read)?.ok_or_else(|| not_found("case"))
    }

    /// Adds a new row to the bundle.
    pub fn insert(&self, tx: &mut Tx<'_>) {
        tx.insert(
            "cases",
            INSERT,
            values![
                self.shop,
                self.id,
                &self.case_no,
                self.key,
                self.order,
                &self.order_no,
                self.buyer,
                &self.buyer_masked,
                &self.scenario,
                self.playbook_version,
                &self.title,
                &self.stage,
                &self.waiting_on,
                self.open,
                self.owner,
                &self.channel,
                self.external_ref.clone(),
                &self.complaint_class,
                self.severity,
                &self.emotion,
                self.amount_minor,
                &self.currency,
                self.queue_key,
                self.next_deadline_at,
                self.next_deadline,
                &self.next_at_zero,
                &self.next_clock,
                &self.next_state,
                self.unknown_money,
                self.open_promises,
                &self.verdict,
                &self.marks,
                &self.facts,
                &self.cause,
                &self.party,
                &self.result,
                &self.confirmation,
                self.satisfaction,
                self.merged_into,
                self.opened_at,
                self.last_contact_at,
                &self.last_contact_from,
                self.closed_at,
                self.updated_at,
                self.version,
                self.material_version,
            ],
        );
    }

    /// Writes the row over version `seen`; the caller has set the new version.
    pub fn update(&self, tx: &mut Tx<'_>, seen: i64) -> Result<()> {
        let sql = "UPDATE cases SET scenario = $3, playbook_version = $4, title = $5, stage = $6, waiting_on = $7, open = $8, owner_id = $9, complaint_class = $10, severity = $11, emotion = $12, amount_minor = $13, queue_key = $14, next_deadline_at = $15, next_deadline_id = $16, next_at_zero = $17, next_clock = $18, next_state = $19, unknown_money = $20, open_promises = $21, verdict = $22, marks = $23, facts = $24, cause = $25, party = $26, result = $27, confirmation = $28, satisfaction = $29, merged_into = $30, last_contact_at = $31, last_contact_from = $32, closed_at = $33, updated_at = $34, version = $35, order_id = $36, order_no = $37, buyer_id = $38, buyer_masked = $39, material_version = $40 WHERE shop_id = $1 AND id = $2 AND version = $41";
        let params = values![
            self.shop,
            self.id,
            &self.scenario,
            self.playbook_version,
            &self.title,
            &self.stage,
            &self.waiting_on,
            self.open,
            self.owner,
            &self.complaint_class,
            self.severity,
            &self.emotion,
            self.amount_minor,
            self.queue_key,
            self.next_deadline_at,
            self.next_deadline,
            &self.next_at_zero,
            &self.next_clock,
            &self.next_state,
            self.unknown_money,
            self.open_promises,
            &self.verdict,
            &self.marks,
            &self.facts,
            &self.cause,
            &self.party,
            &self.result,
            &self.confirmation,
            self.satisfaction,
            self.merged_into,
            self.last_contact_at,
            &self.last_contact_from,
            self.closed_at,
            self.updated_at,
            self.version,
            self.order,
            &self.order_no,
            self.buyer,
            &self.buyer_masked,
            self.material_version,
            seen,
        ];
        match tx.execute(sql, &params)? {
            1 => Ok(()),
            _ => Err(DbError::Conflict.into()),
        }
    }
}
