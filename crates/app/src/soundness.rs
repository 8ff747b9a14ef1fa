//! What must hold between rows that several commands write: clocks and their timers, promises and their clocks, cases and their history,
//! units and stock and who holds them. Owns the rules and the look at every row; repairs nothing.
//!
//! Money and the queue's figures are looked at by [`crate::ledger`] and [`crate::queue`], the chain of hashes by [`crate::audit`].

use crate::Desk;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{Row, Tx, values};

/// Rows looked at in one transaction.
const PAGE: i64 = 1_000;

/// A row that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The rule, one of [`RULES`] or [`STOCK`].
    pub rule: &'static str,
    /// The row: an id, or a stock keeping unit and its warehouse.
    pub which: String,
}

/// A rule about each row `t` of a table with ids.
struct Rule {
    name: &'static str,
    table: &'static str,
    /// When the row breaks it.
    broken: &'static str,
}

/// The rules about rows with an id.
const RULES: &[Rule] = &[
    Rule {
        name: "a deadline that runs has one timer, at its end; any other has none",
        table: "deadline",
        broken: "(SELECT COUNT(*) FROM timer x WHERE x.shop_id = t.shop_id AND x.subject_id = t.id AND x.kind = 'deadline')
                <> CASE WHEN t.state = 'running' AND t.ended_at IS NULL AND t.due_at IS NOT NULL THEN 1 ELSE 0 END
            OR EXISTS (SELECT 1 FROM timer x WHERE x.shop_id = t.shop_id AND x.subject_id = t.id AND x.kind = 'deadline' AND x.due_at <> t.due_at)",
    },
    Rule {
        name: "a promise that binds has one deadline that has not ended, at its time; any other has none",
        table: "promise",
        broken: "(SELECT COUNT(*) FROM deadline d WHERE d.shop_id = t.shop_id AND d.case_id = t.case_id AND d.clock = 'promise' AND d.subject_id = t.id
                AND d.ended_at IS NULL AND d.due_at = t.due_at) <> CASE WHEN t.ended_at IS NULL THEN 1 ELSE 0 END",
    },
    Rule {
        name: "no case is closed while a promise on it binds",
        table: "cases",
        broken: "t.open = 0 AND EXISTS (SELECT 1 FROM promise p WHERE p.shop_id = t.shop_id AND p.case_id = t.id AND p.ended_at IS NULL)",
    },
    Rule {
        name: "every version of a case has its events",
        table: "cases",
        broken: "(SELECT COUNT(DISTINCT e.case_version) FROM event e WHERE e.shop_id = t.shop_id AND e.case_id = t.id) <> t.version",
    },
    Rule {
        name: "a case shows the nearest of its deadlines",
        table: "cases",
        broken: "t.open = 1 AND COALESCE(t.next_deadline_at, 0) <> COALESCE((SELECT MIN(d.due_at) FROM deadline d
                WHERE d.shop_id = t.shop_id AND d.case_id = t.id AND d.ended_at IS NULL AND d.state IN ('running', 'overdue')), 0)",
    },
    Rule {
        name: "no unit is made good twice",
        table: "orders",
        broken: "EXISTS (SELECT 1 FROM order_line l WHERE l.shop_id = t.shop_id AND l.order_id = t.id AND l.quantity <
                (SELECT COALESCE(SUM(h.held), 0) FROM unit_hold h WHERE h.shop_id = l.shop_id AND h.order_id = l.order_id AND h.line_no = l.line_no))",
    },
    Rule {
        name: "a text of the shop counts each case it was used on once",
        table: "knowledge",
        broken: "t.used <> (SELECT COUNT(*) FROM knowledge_use u WHERE u.shop_id = t.shop_id AND u.knowledge_id = t.id)",
    },
];

/// The rule about stock.
pub const STOCK: &str = "what is reserved of a stock is the sum of its reservations";

/// The names of all rules, in the order in which they are looked at.
pub fn rules() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.name).chain([STOCK])
}

impl Desk {
    /// Every row of the shop that breaks a rule. Rows changed meanwhile may show up; ask again then.
    pub async fn faults(&self, shop: ShopId) -> Result<Vec<Fault>> {
        let mut faults = Vec::new();
        for rule in RULES {
            let mut after = Some(Id::nil());
            while let Some(from) = after {
                let (found, last) = self.store.read(move |tx| look(tx, rule, shop, from)).await?;
                faults.extend(found);
                after = last;
            }
        }
        faults.extend(self.store.read(move |tx| stock(tx, shop)).await?);
        Ok(faults)
    }
}

/// A page of a rule's table: the rows that break it, and the last row when more may follow.
fn look(tx: &mut Tx<'_>, rule: &Rule, shop: ShopId, after: Id) -> Result<(Vec<Fault>, Option<Id>)> {
    let page = format!("SELECT t.id FROM {} t WHERE t.shop_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3", rule.table);
    let page = tx.query(&page, &values![shop, after, PAGE], |row| row.get::<Id>(0))?;
    let Some(last) = page.last() else { return Ok((Vec::new(), None)) };
    let broken =
        format!("SELECT t.id FROM {} t WHERE t.shop_id = $1 AND t.id > $2 AND t.id <= $3 AND ({}) ORDER BY t.id", rule.table, rule.broken);
    let read = |row: &Row| Ok(Fault { rule: rule.name, which: row.get::<Id>(0)?.to_string() });
    let found = tx.query(&broken, &values![shop, after, *last], read)?;
    Ok((found, (page.len() as i64 == PAGE).then_some(*last)))
}

/// Stocks that are not what their reservations make them, a hundred at most.
fn stock(tx: &mut Tx<'_>, shop: ShopId) -> Result<Vec<Fault>> {
    let sql = "SELECT sku, warehouse FROM (
            SELECT sku, warehouse, reserved AS n FROM stock WHERE shop_id = $1
            UNION ALL SELECT sku, warehouse, -quantity FROM reservation WHERE shop_id = $1 AND state = 'held'
        ) AS rows GROUP BY sku, warehouse HAVING SUM(n) <> 0 ORDER BY sku, warehouse LIMIT 100";
    let read = |row: &Row| Ok(Fault { rule: STOCK, which: format!("{} @ {}", row.get::<String>(0)?, row.get::<String>(1)?) });
    Ok(tx.query(sql, &values![shop], read)?)
}
