//! Purchases from files. Owns writing them in batches; an order that is there already stays as it is.

use super::invoice::{self, Invoice};
use super::{BATCH, Mapping, Report, Table};
use crate::error::{Result, bad_input};
use crate::order::{NewBuyer, NewLine, NewOrder, NewParcel, SealedBuyer, put};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::values;

impl Desk {
    /// Takes in the purchases of `tables`; cancellations are left to [`Desk::import_returns`]. `progress` hears rows done and rows in all.
    ///
    /// Lines with the same article on one invoice stay two lines: a line is known by its place.
    pub async fn import_orders(
        &self,
        context: &Context,
        shop: ShopId,
        mapping: &Mapping,
        tables: &[Table],
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Report> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let (invoices, faults) = invoice::read(tables, mapping).map_err(|fault| bad_input("file", fault))?;
        let rows = tables.iter().map(|table| table.len() as u64).sum();
        let (cancellations, purchases): (Vec<Invoice>, Vec<Invoice>) = invoices.into_iter().partition(|invoice| invoice.cancels);
        let left_alone = cancellations.iter().map(|invoice| invoice.lines.len() as u64).sum();
        let mut report = Report { rows, left_alone, faults, ..Report::default() };
        let mut done = rows - purchases.iter().map(|invoice| invoice.lines.len() as u64).sum::<u64>();
        for batch in purchases.chunks(BATCH) {
            let orders: Vec<(NewOrder, Option<SealedBuyer>)> =
                batch.iter().map(|invoice| self.order_of(context, mapping, invoice)).collect();
            let now = context.now;
            let created = self.store.write(move |tx| {
                let mut created = Vec::with_capacity(orders.len());
                for (order, buyer) in &orders {
                    let known = "SELECT id FROM orders WHERE shop_id = $1 AND order_no = $2";
                    let known = tx.query_opt(known, &values![shop, &order.order_no], |row| row.get::<Id>(0))?.is_some();
                    if !known {
                        put(tx, shop, now, order, buyer.as_ref())?;
                    }
                    created.push(!known);
                }
                Ok::<_, crate::Error>(created)
            });
            for (invoice, created) in batch.iter().zip(created.await?) {
                done += invoice.lines.len() as u64;
                if created {
                    report.orders_new += 1;
                    report.lines_new += invoice.lines.len() as u64;
                    report.lines_minor += invoice.lines.iter().map(|line| line.amount_minor).sum::<i64>();
                } else {
                    report.orders_known += 1;
                }
            }
            progress(done, rows);
        }
        Ok(report)
    }

    pub(super) fn order_of(&self, context: &Context, mapping: &Mapping, invoice: &Invoice) -> (NewOrder, Option<SealedBuyer>) {
        let lines = invoice.lines.iter().map(|line| NewLine {
            sku: line.sku.clone(),
            title: line.title.clone(),
            spec: line.spec.clone(),
            category: String::new(),
            quantity: line.quantity,
            list_minor: line.amount_minor,
            paid_minor: line.amount_minor,
            shipped: Some(line.quantity),
        });
        let buyer = (invoice.buyer != NewBuyer::default()).then(|| invoice.buyer.clone());
        let sealed = buyer.as_ref().map(|buyer| SealedBuyer::new(&self.vault, context.now, buyer));
        let parcel = invoice.parcel.iter().map(|(carrier, waybill)| NewParcel {
            carrier: carrier.clone(),
            waybill: waybill.clone(),
            state: String::new(),
            shipped_at: Some(invoice.at),
            signed_at: None,
        });
        let order = NewOrder {
            order_no: invoice.no.clone(),
            buyer,
            lines: lines.collect(),
            payments: Vec::new(),
            currency: Some(mapping.currency.clone()),
            freight_minor: 0,
            ordered_at: Some(invoice.at),
            paid_at: Some(invoice.at),
            shipped_at: Some(invoice.at),
            signed_at: None,
            completed_at: None,
            bulky: false,
            facts: Default::default(),
            parcels: parcel.collect(),
        };
        (order, sealed)
    }
}
