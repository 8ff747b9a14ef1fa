//! Parcels: what carriers report, and what comes back to the warehouse.

use crate::call::Call;
use crate::route::{Access::May, Route, get, post};
use aftercare_app::command::CaseRef;
use aftercare_app::parcel::NewTracking;
use aftercare_app::returns::{ClaimParcel, NewInspection, NewReturn, ReturnsQuery, ScanReturn};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action::{Import, Inspect, ReadUnclaimed, ReturnWaybill, Scan};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/tracking",
            May(Import),
            "Take in what a carrier reports of a waybill",
            async |call: Call<ShopId>, input: NewTracking| call.desk.track(&call.context, call.at, input).await,
        )
        .limit(2 << 20),
        post(
            "/shops/{shop}/cases/{case}/returns/waybill",
            May(ReturnWaybill),
            "Register the waybill of a return",
            async |call: Call<CaseRef>, input: NewReturn| call.desk.return_waybill(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/returns/scan",
            May(Scan),
            "Scan a parcel at the gate: its case, its lines, its warnings",
            async |call: Call<ShopId>, input: ScanReturn| call.desk.scan_return(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/returns/{parcel}/inspect",
            May(Inspect),
            "Record what was found in a returned parcel",
            async |call: Call<(ShopId, Id)>, input: NewInspection| {
                let (shop, parcel) = call.at;
                call.desk.inspect_return(&call.context, shop, parcel, input).await
            },
        ),
        post(
            "/shops/{shop}/returns/{parcel}/claim",
            May(ReturnWaybill),
            "Put an unknown parcel on a case",
            async |call: Call<(ShopId, Id)>, input: ClaimParcel| {
                let (shop, parcel) = call.at;
                call.desk.claim_parcel(&call.context, shop, parcel, input).await
            },
        ),
        get(
            "/shops/{shop}/returns/waiting",
            May(ReadUnclaimed),
            "Returns that were signed for and nobody has scanned",
            async |call: Call<ShopId>, query: ReturnsQuery| call.desk.returns_waiting(&call.context, call.at, query).await,
        ),
        get(
            "/shops/{shop}/returns/unclaimed",
            May(ReadUnclaimed),
            "Parcels that belong to nobody yet",
            async |call: Call<ShopId>, query: ReturnsQuery| call.desk.returns_unclaimed(&call.context, call.at, query).await,
        ),
    ]
}
