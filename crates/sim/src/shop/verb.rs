//! The verbs of a script, named and shaped as the desk's commands are. Owns the words; carries nothing out.
//!
//! Amounts are fen, hours are counted from the step's own time.

use serde::{Deserialize, Serialize};

/// A line and how many of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineQuantity {
    /// Place in the order, from 1.
    pub line_no: i64,
    /// Pieces.
    pub quantity: i64,
    /// For refunds of less than the line's share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
}

/// What a buyer asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Kind of request, as the desk's text.
    pub kind: String,
    /// The buyer's reason.
    pub reason: String,
    /// Amount asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    /// The goods concerned.
    #[serde(default)]
    pub lines: Vec<LineQuantity>,
}

/// What the warehouse found of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFound {
    /// Place in the order.
    pub line_no: i64,
    /// Pieces.
    pub quantity: i64,
    /// `good`, `damaged`, `missing`, `wrong` or `not_intact`.
    pub condition: String,
    /// In words.
    pub note: String,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the desk's commands of the same name")]
pub enum Verb {
    /// The case is taken in.
    Open { channel: String, text: String, request: Request, scenario: String },
    /// Something is said; `direction` is `in` or `out`, `marks` what the words do (`apology`).
    Contact {
        channel: String,
        direction: String,
        text: String,
        #[serde(default)]
        marks: Vec<String>,
        sent: bool,
    },
    /// The agent sorts the case.
    Classify { scenario: String, severity: u8, emotion: String, class: String },
    /// A photo, a video, a screenshot comes in.
    Evidence { kind: String, giver: String, name: String },
    /// Cause and responsible party are settled.
    Diagnosis { cause: String, party: String, note: String },
    /// The buyer changes what is asked for.
    ChangeRequest { kind: String },
    /// A remedy is put to the buyer; it is sent at once, or after the approval where one follows.
    Offer {
        remedy: String,
        #[serde(default)]
        means: Option<String>,
        #[serde(default)]
        amount_minor: Option<i64>,
        #[serde(default)]
        lines: Vec<LineQuantity>,
        text: String,
        #[serde(default)]
        valid_for_h: Option<i64>,
    },
    /// The buyer answers the offer: `accepted` or `refused`.
    Answer { answer: String },
    /// Somebody above is asked: about an `offer`, a `refund` or a `payout`.
    Approval {
        subject: String,
        #[serde(default)]
        amount_minor: Option<i64>,
        note: String,
    },
    /// Yes from above.
    Approve { note: String },
    /// No from above.
    Decline { note: String },
    /// Money goes back.
    Refund {
        lines: Vec<LineQuantity>,
        #[serde(default)]
        freight_minor: i64,
        reason: String,
        #[serde(default)]
        confirm_payouts_seen: bool,
    },
    /// Money beside the price: coupon, red packet, cash; `payer` is `platform` or `finance`.
    Payout { means: String, amount_minor: i64, reason: String, payer: String },
    /// An act done by hand on the platform is recorded with its proof.
    Settle {
        outcome: String,
        #[serde(default)]
        serial: Option<String>,
        note: String,
    },
    /// The buyer is told that something will be done.
    Promise {
        text: String,
        who: String,
        due_in_h: i64,
        #[serde(default)]
        amount_minor: Option<i64>,
    },
    /// It was done.
    Keep { proof: String },
    /// It will be later, and the buyer agrees.
    Renegotiate { due_in_h: i64, reason: String },
    /// Work for another team.
    Task {
        team: String,
        text: String,
        #[serde(default)]
        due_in_h: Option<i64>,
    },
    /// Somebody of that team takes it.
    Take,
    /// It is done.
    Done { note: String },
    /// The return is agreed: `pickup` or `self_sent`.
    Return { lines: Vec<LineQuantity>, method: String },
    /// The buyer gives the waybill of the return.
    Waybill { carrier: String, waybill: String },
    /// The warehouse scans a parcel.
    Scan { waybill: String },
    /// The warehouse inspects what is in it.
    Inspect { units: Vec<UnitFound>, photos: u32, video: bool },
    /// Goods are held.
    Reserve { sku: String, quantity: i64, until_h: i64 },
    /// They are let go.
    Release,
    /// Goods or a part are sent.
    Ship { sku: String, quantity: i64, carrier: String, waybill: String },
    /// The carrier is asked to turn the parcel round.
    Intercept,
    /// The warehouse is asked to hold the order back.
    Freeze,
    /// The order is flagged.
    Flag { flag: String },
    /// A remark is put under the order.
    Remark { text: String },
    /// The case goes to somebody else.
    Assign { user: String },
    /// The case waits.
    Wait {
        on: String,
        #[serde(default)]
        until_h: Option<i64>,
        reason: String,
    },
    /// The case is closed with a result of its playbook; `confirmation` is `buyer`, `platform` or `timeout`.
    Close {
        result: String,
        confirmation: String,
        #[serde(default)]
        satisfaction: Option<u8>,
        note: String,
    },
    /// It is opened again.
    Reopen { reason: String },
    /// The platform or the buyer on it acts by itself.
    Platform {
        event: String,
        #[serde(default)]
        amount_minor: Option<i64>,
        #[serde(default)]
        text: String,
    },
    /// The carrier reports about the parcel.
    Carrier { state: String, text: String },
}
