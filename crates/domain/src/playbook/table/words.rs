//! Words and pieces that several tables share: action words, gates, who bears freight, sources. Owns their closed sets.

use super::{Fields, Node, Read, Reading};
use crate::deadline::SourceKind;
use crate::names::names;
use crate::playbook::fault::Wrong;
use crate::playbook::read::read_names;

names! {
    /// What a step, a rule or an accepted offer does.
    Act {
        Reply, "reply", "回复";
        Call, "call", "致电";
        AskEvidence, "ask_evidence", "索要凭证";
        Diagnose, "diagnose", "定责";
        FreezeShipment, "freeze_shipment", "拦停发货";
        Intercept, "intercept", "拦截包裹";
        AgreeReturn, "agree_return", "同意退货";
        Refund, "refund", "退款";
        Payout, "payout", "赔付";
        RefuseRequest, "refuse_request", "拒绝申请";
        ModifyAmount, "modify_amount", "修改金额";
        Reserve, "reserve", "锁库";
        Release, "release", "释放锁库";
        Ship, "ship", "补发换发";
        Repair, "repair", "维修";
        Visit, "visit", "上门";
        Task, "task", "派任务";
        Remind, "remind", "提醒";
        Escalate, "escalate", "上报";
        Flag, "flag", "插旗";
        Remark, "remark", "备注";
        ClaimCarrier, "claim_carrier", "向快递理赔";
        UploadEvidence, "upload_evidence", "上传举证";
        Report, "report", "举报";
        ChangeOrder, "change_order", "改单";
        Invoice, "invoice", "开票";
        Satisfaction, "satisfaction", "询问满意度";
        Close, "close", "归档";
    }
}

impl Act {
    /// The fact that this work leaves behind, by the catalogue's name: whoever did it need not record it a second time.
    pub const fn leaves(self) -> Option<&'static str> {
        match self {
            Self::Invoice => Some("invoice.sent"),
            _ => None,
        }
    }
}

names! {
    /// The part of the process something belongs in front of.
    Gate {
        Diagnosis, "diagnosis", "定责前";
        Offer, "offer", "提方案前";
        Execution, "execution", "执行前";
        Confirmation, "confirmation", "确认前";
        Close, "close", "归档前";
    }
}

names! {
    /// Who pays a freight.
    Bearer {
        Shop, "shop", "店铺";
        Buyer, "buyer", "买家";
        Carrier, "carrier", "快递";
        Insurance, "insurance", "运费险";
        Platform, "platform", "平台";
    }
}

read_names!(Act, Gate, Bearer);

/// Where something comes from, for whoever doubts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Who set it.
    pub kind: SourceKind,
    /// The rule's name or number at its source.
    pub rule: Option<String>,
    /// When it was last read there.
    pub read: Option<jiff::civil::Date>,
    /// Anything else worth knowing.
    pub note: Option<String>,
}

impl Read for Source {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let mut fields = reading.fields(node)?;
        let source = Self { kind: fields.need("kind"), rule: fields.opt("rule"), read: fields.opt("read"), note: fields.opt("note") };
        let dated = matches!(source.kind, SourceKind::Platform | SourceKind::Regulation);
        if dated && (source.rule.is_none() || source.read.is_none()) {
            fields.fault_at("kind", Wrong::new(format!("a source of kind {} alone", source.kind), "its rule and the date it was read"));
        }
        fields.done();
        Some(source)
    }
    fn blank() -> Self {
        Self { kind: SourceKind::Sla, rule: None, read: None, note: None }
    }
}

impl Source {
    /// One line for people: the rule and when it was read.
    pub fn line(&self) -> String {
        let rule = self.rule.clone().unwrap_or_else(|| self.kind.zh().to_owned());
        match (self.read, &self.note) {
            (Some(read), None) => format!("{rule} ({read})"),
            (Some(read), Some(note)) => format!("{rule} ({read}; {note})"),
            (None, Some(note)) => format!("{rule} ({note})"),
            (None, None) => rule,
        }
    }
}

/// Reads a table that is not an array of its own.
pub(super) fn inner<T>(reading: &mut Reading<'_>, node: Node<'_>, read: fn(&mut Fields<'_, '_, '_>) -> T) -> Option<T> {
    let mut fields = reading.fields(node)?;
    let value = read(&mut fields);
    fields.done();
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{Catalogue, Value};

    #[test]
    fn what_work_leaves_behind_is_a_fact_that_people_may_give() {
        let catalogue = Catalogue::standard();
        let left: Vec<(Act, &str)> = Act::ALL.iter().copied().filter_map(|act| Some((act, act.leaves()?))).collect();
        assert_eq!(left, [(Act::Invoice, "invoice.sent")]);
        for (act, name) in left {
            let fact = catalogue.find(name).map(|id| catalogue.fact(id)).expect("a fact of the catalogue");
            assert!(fact.may_be_given(), "{act}: {name}");
            assert_eq!(fact.read(&serde_json::json!(true)), Ok(Value::Bool(true)), "{act}: {name} says yes or no");
        }
    }
}
