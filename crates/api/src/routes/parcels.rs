//! Goods: what carriers report, what comes back to the warehouse, what is held, sent again, stopped or changed.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::command::CaseRef;
use aftercare_app::exchange::{NewReservation, NewShipment};
use aftercare_app::order::{ChangeOrder, Freeze, Intercept, NewFlag, NewRemark};
use aftercare_app::parcel::NewTracking;
use aftercare_app::returns::{ClaimParcel, NewInspection, NewReturn, ReturnsQuery, ScanReturn};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;
use aftercare_domain::people::Action::{Import, Inspect, ReadUnclaimed, ReturnWaybill, Scan};

pub(super) fn routes() -> Vec<Route> {
    [returns(), outgoing()].concat()
}

fn returns() -> Vec<Route> {
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

fn outgoing() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/reservations",
            May(Action::Reserve),
            "Hold stock for the case until a time",
            async |call: Call<CaseRef>, input: NewReservation| call.desk.reserve(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/reservations/{id}/release",
            May(Action::ReleaseReservation),
            "Give held stock free",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.release(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/shipments",
            May(Action::Ship),
            "Register a parcel that leaves for the case",
            async |call: Call<CaseRef>, input: NewShipment| call.desk.ship(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/freeze",
            May(Action::Freeze),
            "Ask the warehouse to hold the order",
            async |call: Call<CaseRef>, input: Freeze| call.desk.freeze(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/intercept",
            May(Action::Intercept),
            "Ask the carrier to turn a parcel round",
            async |call: Call<CaseRef>, input: Intercept| call.desk.intercept(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/flag",
            May(Action::Flag),
            "Set the order's flag, here and on the platform",
            async |call: Call<CaseRef>, input: NewFlag| call.desk.flag(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/remark",
            May(Action::Remark),
            "Append a remark to the order, with agent number and time",
            async |call: Call<CaseRef>, input: NewRemark| call.desk.remark(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/order-change",
            May(Action::ChangeOrder),
            "Ask for a change of the order, the way its state allows",
            async |call: Call<CaseRef>, input: ChangeOrder| call.desk.change_order(&call.context, call.at, input).await,
        ),
    ]
}
