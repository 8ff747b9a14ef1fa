//! Acts about goods: wishes, stopping an order, stock set aside, parcels coming back and what is found in them.

use super::{Play, parsed};
use aftercare_app::Context;
use aftercare_app::command::CaseRef;
use serde_json::{Value, json};

impl Play {
    /// One of them.
    pub async fn goods(&mut self, who: &Context, at: CaseRef) {
        let (desk, shop) = (self.world.desk.clone(), self.world.shop);
        let (now, warehouse) = (self.world.now(who), self.world.now(&self.warehouse));
        match self.dice.below(12) {
            0 | 1 => {
                let kind = *self.dice.one_of(&["return_refund", "exchange", "refund_only", "reship"]);
                let outcome = desk.add_request(&now, at, parsed(json!({ "kind": kind, "lines": self.lines() }))).await;
                self.note("request", outcome);
            }
            2 => {
                let Some(id) = self.one(at, "requests").await else { return };
                let outcome = desk.withdraw_request(&now, at, id).await;
                self.note("withdraw", outcome);
            }
            3 => {
                let Some(id) = self.one(at, "requests").await else { return };
                let kind = *self.dice.one_of(&["return_refund", "exchange", "refund_only"]);
                let seeing = self.world.seeing(who, at).await;
                let outcome = desk.change_request(&seeing, at, id, parsed(json!({ "kind": kind, "lines": self.lines() }))).await;
                self.note("change", outcome);
            }
            4 => {
                let Some(id) = self.one(at, "requests").await else { return };
                let seeing = self.world.seeing(who, at).await;
                let outcome = if self.dice.chance(70) {
                    desk.agree_request(&seeing, at, id, parsed(json!({ "method": "self_sent" }))).await
                } else {
                    desk.refuse_request(&seeing, at, id, parsed(json!({ "reason": "不在范围", "proof": "签收底单" }))).await
                };
                self.note("agree or refuse", outcome);
            }
            5 | 6 => {
                let (quantity, until_h) = (1 + self.dice.below(2), 1 + self.dice.below(48));
                let input = json!({ "sku": "s", "quantity": quantity, "until_h": until_h });
                let outcome = desk.reserve(&now, at, parsed(input)).await;
                self.note("reserve", outcome);
            }
            7 => {
                let Some(id) = self.one(at, "reservations").await else { return };
                let outcome = desk.release(&now, at, id).await;
                self.note("release", outcome);
            }
            8 | 9 => {
                self.acts += 1;
                let waybill = format!("SF{}{:04}", self.name.replace('-', "X"), self.acts);
                let outcome = desk.return_waybill(&now, at, parsed(json!({ "carrier": "sf", "waybill": waybill }))).await;
                self.waybills.push(waybill);
                self.note("waybill", outcome);
            }
            _ => {
                let Some(waybill) = self.waybills.last().cloned() else { return };
                let scanned = desk.scan_return(&warehouse, shop, parsed(json!({ "waybill": waybill }))).await;
                let parcel = scanned.as_ref().ok().and_then(|it| it.parcel_id);
                self.told("scan", scanned.map(|_| None));
                let Some(parcel) = parcel else { return };
                let condition = *self.dice.one_of(&["good", "damaged", "missing"]);
                let units = json!([{ "line_no": 1, "quantity": 1 + self.dice.below(2), "condition": condition }]);
                let found = parsed(json!({ "units": units, "photos": 1, "video": true }));
                let outcome = desk.inspect_return(&warehouse, shop, parcel, found).await;
                self.note("inspect", outcome);
            }
        }
    }

    /// A line and some of its units.
    fn lines(&mut self) -> Value {
        json!([{ "line_no": 1 + self.dice.below(2), "quantity": 1 + self.dice.below(2) }])
    }
}
