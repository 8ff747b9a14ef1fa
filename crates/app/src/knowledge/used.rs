//! A text of the shop being sent: it may not have a hole, its misfit is told, and its use on the case is counted once. Owns no sending.

use super::Entry;
use super::ready::suits;
use crate::case::row::CaseRow;
use crate::command::Change;
use crate::context::Actor;
use crate::error::Result;
use aftercare_domain::contact::Fit;
use aftercare_domain::id::Id;
use aftercare_domain::knowledge::unknown_variable;
use aftercare_domain::playbook::Catalogue;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Tx, values};

/// What is to be said, and the text it comes from.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    pub knowledge: Option<Id>,
    pub text: &'a str,
}

/// Whether a text suits the case, for a look without a change.
pub(crate) fn looked_at(tx: &mut Tx<'_>, case: &CaseRow, actor: &Actor, said: Said<'_>) -> Result<Option<Fit>> {
    let Some(id) = said.knowledge else { return Ok(None) };
    let entry = Entry::load(tx, case.shop, id, actor)?;
    Ok((!suits(&entry, case)).then(|| Fit::Misfit("话术登记的适用场景不包括本单的场景".to_owned())))
}

/// For sending it inside a change: refuses a hole, counts the use.
pub(crate) fn sent(change: &mut Change<'_, '_>, said: Said<'_>) -> Result<Option<Fit>> {
    let Some(id) = said.knowledge else { return Ok(None) };
    if let Some(hole) = hole(said.text) {
        return Err(Refusal::new(Code::VariablesMissing).with("missing", hole).into());
    }
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    let fit = looked_at(change.tx, &change.case, &change.context.actor, said)?;
    let first = "INSERT INTO knowledge_use (shop_id, knowledge_id, case_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    if change.tx.execute(first, &values![shop, id, case, now])? == 1 {
        change.tx.execute("UPDATE knowledge SET used = used + 1 WHERE shop_id = $1 AND id = $2", &values![shop, id])?;
    }
    Ok(fit)
}

/// The first variable that was not filled in: known to the catalogue and still in braces.
fn hole(text: &str) -> Option<String> {
    let (catalogue, mut rest) = (Catalogue::standard(), text);
    while let Some((_, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}')?;
        if unknown_variable(&format!("{{{name}}}"), catalogue).is_none() {
            return Some(name.to_owned());
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::hole;

    #[test]
    fn what_was_not_filled_in_is_a_hole() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(hole(text).as_deref(), expect, "{text}");
        check("退款已提交", None);
        check("退款{offer.amount}已提交", Some("offer.amount"));
        check("颜色{红}，单号{order.no}", Some("order.no"));
        check("一个{括号", None);
    }
}
