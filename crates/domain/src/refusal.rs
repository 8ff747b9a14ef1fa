//! Refusals: every "no" of the desk, with a stable code and its text in Chinese and English.
//!
//! Owns the published catalogue of codes. A refusal changes nothing; it is never stored and is decided again on a repeat.

use crate::people::{Action, Role};
use crate::{bulk, import, money};
use serde::Serialize;

/// A clear no: what was refused and the facts that explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// Named facts for the text and for programs; never personal data.
    pub params: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without further facts.
    pub fn new(code: Code) -> Self {
        Self { code, params: Vec::new() }
    }

    /// Adds one fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The text for a person, `{name}` replaced by the fact of that name: amounts in whole units, roles and actions by their names.
    pub fn message(&self, chinese: bool) -> String {
        let template = if chinese { self.code.zh() } else { self.code.en() };
        let put = |text: String, (name, value): &(&'static str, String)| text.replace(&format!("{{{name}}}"), &shown(name, value, chinese));
        self.params.iter().fold(template.to_owned(), put)
    }
}

/// A fact as a person reads it.
fn shown(name: &str, value: &str, chinese: bool) -> String {
    let word = match name {
        _ if name.ends_with("_minor") => value.parse().ok().map(money::units),
        "role" | "approver" if chinese => Role::parse(value).map(|role| role.zh().to_owned()),
        "action" if chinese => Action::parse(value).map(|action| action.zh().to_owned()),
        "import_state" if chinese => import::State::parse(value).map(|state| state.zh().to_owned()),
        "import_word" if chinese => import::Word::parse(value).map(|word| word.zh().to_owned()),
        "bulk_state" if chinese => bulk::State::parse(value).map(|state| state.zh().to_owned()),
        "bulk_word" if chinese => bulk::Word::parse(value).map(|word| word.zh().to_owned()),
        "what" if chinese => THINGS.iter().find(|(thing, _)| *thing == value).map(|(_, zh)| (*zh).to_owned()),
        _ => None,
    };
    word.unwrap_or_else(|| value.to_owned())
}

/// What can be missing, as Chinese text names it.
const THINGS: &[(&str, &str)] = &[
    ("order", "订单"),
    ("shop", "店铺"),
    ("case", "售后单"),
    ("playbook", "规则"),
    ("staff", "同事"),
    ("export", "导出文件"),
    ("request", "诉求"),
    ("offer", "方案"),
    ("buyer", "买家"),
    ("parcel", "包裹"),
    ("script", "话术"),
    ("rung", "这一档方案"),
    ("handover", "交接"),
    ("evidence", "凭证"),
    ("contact", "这句话"),
    ("prepared contact", "待发的话"),
    ("approval", "审批"),
    ("token", "令牌"),
    ("webhook", "事件推送"),
    ("delivery", "推送记录"),
    ("thread", "外部沟通"),
    ("task", "任务"),
    ("reservation", "留货"),
    ("promise", "承诺"),
    ("product", "商品"),
    ("file", "文件"),
    ("effect", "执行项"),
    ("remedy", "这笔处理"),
    ("custom field", "自定义字段"),
    ("claim", "快递理赔"),
    ("import", "导入"),
    ("bulk job", "批量任务"),
    ("view", "视图"),
    ("session", "登录"),
    ("role", "角色"),
    ("note", "备注"),
    ("identity", "身份"),
];

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message(false))
    }
}

impl std::error::Error for Refusal {}

/// One row of the published catalogue.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CatalogueRow {
    /// The stable code.
    pub code: &'static str,
    /// The HTTP status it travels with.
    pub status: u16,
    /// Chinese text.
    pub zh: &'static str,
    /// English text.
    pub en: &'static str,
}

macro_rules! codes {
    ($($name:ident, $code:literal, $status:literal, $zh:literal, $en:literal;)*) => {
        /// The stable code of a refusal. The English text of each stands in the catalogue below.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $en] $name,)* }

        /// The whole catalogue, in the order of this file.
        pub const CATALOGUE: &[CatalogueRow] = &[$(CatalogueRow { code: $code, status: $status, zh: $zh, en: $en },)*];

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            fn row(self) -> &'static CatalogueRow { &CATALOGUE[self as usize] }
        }
    };
}

impl Code {
    /// The stable text of the code.
    pub fn as_str(self) -> &'static str {
        self.row().code
    }
    /// Reads the stable text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
    /// The HTTP status it travels with.
    pub fn status(self) -> u16 {
        self.row().status
    }
    /// The Chinese template.
    pub fn zh(self) -> &'static str {
        self.row().zh
    }
    /// The English template.
    pub fn en(self) -> &'static str {
        self.row().en
    }
}

codes! {
    // — requests as such —
    BadInput, "bad_input", 422, "{field} 不正确：{problem}", "{field} is wrong: {problem}";
    NotFound, "not_found", 404, "没有找到{what}，或者您看不到它", "there is no such {what}, or you may not see it";
    NotSignedIn, "not_signed_in", 401, "请先登录", "please sign in first";
    WrongPassword, "wrong_password", 401, "用户名或密码不对", "the name or the password is wrong";
    PortalNotFound, "portal_not_found", 404, "没有找到这笔订单，请核对订单号和手机号后四位；还是不行，请联系店铺客服", "no order was found; check the order number and the last four digits of the phone, or ask the shop";
    PortalEnded, "portal_ended", 401, "为了您的信息安全，请重新输入订单号和手机号后四位", "for your safety, please enter the order number and the last four digits of the phone again";
    TooManyTries, "too_many_tries", 429, "尝试太多，请在 {retry_after_s} 秒后再试", "too many tries; try again in {retry_after_s} seconds";
    NotAllowed, "not_allowed", 403, "{role}不能{action}", "{role} may not {action}";
    CrossSite, "cross_site", 403, "请求来源不对，已拒绝", "the request does not come from this site and was refused";
    StaleVersion, "stale_version", 409, "单据已被更新到第 {current} 版，您看到的是第 {given} 版，请按最新内容再确认", "the case is at version {current}, you saw version {given}; look at what changed and decide again";
    VersionMissing, "version_missing", 428, "缺少 If-Match 版本号", "the If-Match header with the version is missing";
    KeyMissing, "idempotency_key_missing", 428, "缺少 Idempotency-Key", "the Idempotency-Key header is missing";
    KeyReused, "idempotency_key_reused", 422, "这个 Idempotency-Key 已用于另一份内容", "this Idempotency-Key was used with another body";
    Busy, "busy", 503, "系统忙，什么都没有改变，请在 {retry_after_s} 秒后重试", "the desk is busy and nothing was changed; try again in {retry_after_s} seconds";
    OutcomeUnknown, "outcome_unknown", 503, "不确定有没有完成，请用同一个 Idempotency-Key 重试，不会重复执行", "it is not known whether it was done; repeat it with the same Idempotency-Key, it will not be done twice";
    TooLarge, "too_large", 413, "内容超过上限 {limit}", "larger than the limit of {limit}";
    Internal, "internal", 500, "内部错误，编号 {error_id}，什么都没有改变", "internal error {error_id}; nothing was changed";
    // — money and goods —
    OverReturnable, "over_returnable", 409, "第 {line_no} 行最多还能申请退回 {left} 件，不能申请 {quantity} 件", "line {line_no} has {left} units that can still be asked back, not {quantity}";
    AlreadyMadeGood, "already_made_good", 409, "第 {line_no} 行的 {quantity} 件已有售后在处理或已处理完，还剩 {left} 件", "{quantity} units of line {line_no} are being made good already; {left} are left";
    OverRefund, "over_refund", 409, "退款 {amount_minor} 超过订单剩余可退的 {left_minor}", "{amount_minor} is more than the {left_minor} that can still be refunded of the order";
    OverLine, "over_line", 409, "第 {line_no} 行退款 {amount_minor} 超过这一行剩余可退的 {left_minor}", "{amount_minor} is more than the {left_minor} that can still be refunded of line {line_no}";
    FreightOnce, "freight_once", 409, "运费最多还能退 {left_minor}，不能退 {amount_minor}", "{left_minor} of the freight can still be refunded, not {amount_minor}";
    FreightNotRefundable, "freight_not_refundable", 409, "按店铺规则（{rule}）这一单的运费不退", "by the shop's rule ({rule}) the freight of this order is not refunded";
    CallbackForged, "callback_forged", 401, "回调签名、时间或编号不对，已拒绝", "the callback's signature, time or number does not fit; it was refused";
    SerialMissing, "serial_missing", 422, "登记成功要填流水号", "a success needs its serial number as proof";
    SerialUsed, "serial_used", 409, "这个流水号已经登记在另一笔上", "this serial number already proves another effect";
    PayoutsNotSeen, "payouts_not_seen", 409, "这一单已经补偿 {payouts_minor}，请确认后再退款", "{payouts_minor} were paid out on this order already; confirm that before the refund";
    GoodsNotBack, "goods_not_back", 409, "第 {line_no} 行的退货还没收到；先退款需要 {who} 明确操作", "the goods of line {line_no} are not back; refunding before that is for {who} to decide";
    DeductionNotAgreed, "deduction_not_agreed", 409, "扣减 {deducted_minor} 没有买家同意的记录", "the buyer's agreement to a deduction of {deducted_minor} is not on record";
    PaidOutAlready, "paid_out_already", 409, "同一原因（{reason}）已经赔付过，不能重复", "this was paid out already for the same reason ({reason})";
    PayoutLimit, "payout_limit", 422, "赔付合计不能超过每单上限，还剩 {left_minor}", "payouts of one order have a limit; {left_minor} are left";
    EffectStarted, "effect_started", 409, "已经发出（{state}），无法撤回或登记", "it has left already ({state}) and cannot be taken back or settled now";
    AlreadyLeft, "already_left", 409, "已经提交出去，来不及撤销；结果看这一单的“执行中”", "it was handed in already and cannot be undone; its result shows on the case";
    EffectEnded, "effect_ended", 409, "这笔执行已经有结果：{state}", "this effect has its result already: {state}";
    EffectCannotAsk, "effect_cannot_ask", 409, "平台不提供这类操作的查询，请人工核实后登记", "the platform answers no questions about such calls; look yourself and settle it";
    OrderMissing, "order_missing", 409, "工单没有关联订单，不能动钱货", "the case has no order; no money or goods can move";
    // — import —
    ImportState, "import_state", 409, "导入目前是“{import_state}”，不能{import_word}", "the import is {import_state}; it cannot {import_word}";
    ImportFile, "import_file", 422, "文件 {file} 无法读取：{problem}", "the file {file} cannot be read: {problem}";
    ImportColumns, "import_columns", 422, "还没有指定这些列：{columns}", "these columns are not set yet: {columns}";
    ImportUndoLate, "import_undo_late", 409, "导入结束超过 {hours} 小时，不能再撤销", "the import ended more than {hours} hours ago and cannot be undone any more";
    ImportPart, "import_part", 409, "应上传第 {wanted} 段，收到第 {given} 段", "part {wanted} is wanted, part {given} came";
    ExportsMany, "exports_many", 409, "最多同时保留 {limit} 份导出，请先停下一份", "at most {limit} exports are kept at a time; stop one first";
    DeskAtWork, "desk_at_work", 409, "重新统计时有新的操作写入；请停下服务后再试一次", "something was written while figures were counted anew; stop serving and try again";
    // — bulk jobs and views —
    BulkState, "bulk_state", 409, "批量任务目前是“{bulk_state}”，不能{bulk_word}", "the bulk job is {bulk_state}; it cannot {bulk_word}";
    BulkConfirm, "bulk_confirm", 422, "合计 {total_minor} 元超过 {above_minor} 元，请输入合计金额确认", "the total of {total_minor} is above {above_minor}; type it in to confirm";
    BulkCurrency, "bulk_currency", 409, "币种 {currency} 与这批的 {of_job} 不同，请另开一批", "its currency {currency} is not the {of_job} of this job; it goes into a job of its own";
    RefundNotAsked, "refund_not_asked", 409, "买家没有待处理的仅退款申请，请打开工单处理", "no refund without return is asked for; open the case";
    RefundNotPlain, "refund_not_plain", 409, "按规则不能直接照申请退款：{lines}", "the rules do not give this refund as it was asked for: {lines}";
    OfferPending, "offer_pending", 409, "已有方案在谈，请打开工单处理", "an offer is under way; open the case";
    ViewLimit, "view_limit", 409, "最多保存 {limit} 个视图，请先删掉不用的", "at most {limit} views can be kept; delete one first";
    // — case —
    CaseClosed, "case_closed", 409, "工单已归档，请先重新打开", "the case is closed; reopen it first";
    PromiseOpen, "promise_open", 409, "还有 {count} 条未兑现的承诺，不能关闭", "{count} promises are still open; the case cannot close";
    CaseNotClosed, "case_not_closed", 409, "工单没有归档，不需要重新打开", "the case is not closed; there is nothing to reopen";
    CaseMerged, "case_merged", 409, "工单已并入另一单，请在那一单继续", "the case was merged into another one; go on there";
    ResultMissing, "result_missing", 409, "还没有填写处理结果，不能归档", "the result is missing; the case cannot close";
    ConfirmationMissing, "confirmation_missing", 409, "还没有买家确认、平台完结或超时记录，不能归档", "neither the buyer, the platform nor a time-out has confirmed the end; the case cannot close";
    TimeoutNotOnRecord, "timeout_not_on_record", 409, "没有已到期的等待买家记录，不能按超时归档", "no wait for the buyer has run out on record; the case cannot close by time-out";
    PlatformEndNotOnRecord, "platform_end_not_on_record", 409, "没有平台完结的记录，不能按平台结果归档", "the platform's success or close is not on record; the case cannot close by it";
    EffectUnknown, "effect_unknown", 409, "有 {count} 笔执行结果未知，查清之前不能归档", "the result of {count} effects is unknown; the case cannot close before it is";
    EffectRunning, "effect_running", 409, "有 {count} 笔执行还没有结束，不能归档", "{count} effects have not ended; the case cannot close";
    MoneyTaskOpen, "money_task_open", 409, "有 {count} 个涉及钱货的任务没有完成，不能归档", "{count} tasks of money or goods are open; the case cannot close";
    ApprovalPending, "approval_pending", 409, "有 {count} 个审批没有结论，不能归档", "{count} approvals are undecided; the case cannot close";
    ReservationLive, "reservation_live", 409, "还锁着 {count} 笔库存，请先释放或发出", "{count} reservations still hold stock; release or ship them first";
    RequestOpen, "request_open", 409, "买家还有 {count} 个诉求没有答复", "{count} requests of the buyer have no answer yet";
    RequestEnded, "request_ended", 409, "这个诉求目前是 {state}，不能这样处理", "the request is {state}; this cannot be done to it";
    NoReturn, "no_return", 422, "{kind} 不需要退回商品，请直接处理", "nothing comes back with a {kind}; answer it by what is done";
    FactUnknown, "fact_unknown", 422, "没有 {name} 这个事实", "there is no fact {name}";
    FactWorkedOut, "fact_worked_out", 422, "{name} 由系统从自己的记录得出，不能手工填写", "{name} is worked out from the desk's own records and cannot be given";
    FactMistyped, "fact_mistyped", 422, "{name} 的值不对，应为：{expected}", "the value of {name} is wrong; expected: {expected}";
    // — offers, authority, approvals —
    OwnApproval, "own_approval", 403, "不能审批自己提出的申请", "nobody decides what they asked for themselves";
    OverAuthority, "over_authority", 403, "金额 {amount_minor} 超过{role}的权限 {limit_minor}，请交给上一级", "{amount_minor} is above the {limit_minor} a {role} may decide; it goes one step up";
    OverHardLimit, "over_hard_limit", 422, "金额 {amount_minor} 超过硬性上限 {limit_minor}，任何人都不能放行", "{amount_minor} is above the hard limit of {limit_minor}, which binds everyone";
    ApprovalNeeded, "approval_needed", 403, "金额 {amount_minor} 需要{approver}审批", "{amount_minor} needs the approval of a {approver}";
    ApprovalDecided, "approval_decided", 409, "这个审批已经有结论：{state}", "this approval is decided already: {state}";
    ApprovalExpired, "approval_expired", 409, "审批已过期，请重新申请", "the approval has expired; ask again";
    ApprovalVoid, "approval_void", 409, "金额或内容在申请之后变了，审批作废，请重新申请", "the amount or the matter changed after the approval was asked; it is void, ask again";
    ApprovalMissing, "approval_missing", 409, "没有有效的审批", "there is no valid approval";
    OfferState, "offer_state", 409, "方案目前是 {state}，不能{action}", "the offer is {state}; it cannot {action}";
    OfferExpired, "offer_expired", 409, "方案已过有效期，请重新提出", "the offer is past its validity; make a new one";
    OfferIncomplete, "offer_incomplete", 422, "方案没有说明：{missing}", "the offer does not say: {missing}";
    PromiseWithoutEnd, "promise_without_end", 422, "承诺必须有兑现期限", "a promise needs a due time";
    PromiseDuePast, "promise_due_past", 422, "承诺的期限 {due_at} 已经过去", "the promise would be due at {due_at}, which is past";
    PromiseOtherPayment, "promise_other_payment", 409, "这条承诺的金额与本次付款不同，或已有另一笔付款在兑现它", "this promise is about another amount, or another payment keeps it already";
    PromiseEnded, "promise_ended", 409, "这条承诺已经了结：{state}", "this promise is settled already: {state}";
    TaskEnded, "task_ended", 409, "任务已经结束：{state}", "the task has ended: {state}";
    TaskTaken, "task_taken", 409, "任务已被别人领走", "somebody else took the task";
    // — talking —
    ContactRefused, "contact_refused", 409, "现在不能这样联系买家：{reasons}", "the buyer cannot be contacted like this now: {reasons}";
    ContactForbidden, "contact_forbidden", 422, "这样的话不能发给买家，任何人都不能放行：{reasons}", "this cannot be said to a buyer, and nobody can let it pass: {reasons}";
    MergeOther, "merge_other", 409, "不是同一位买家和同一个订单，不能合并，可以关联", "the cases are of different buyers or orders; link them instead of merging";
    NotMerged, "not_merged", 409, "工单没有并入别的单", "the case was not merged into another one";
    NotSplit, "not_split", 409, "工单不是拆分出来的", "the case was not split off another one";
    HandoverTaken, "handover_taken", 409, "已经有人接手", "somebody has taken it over already";
    HandoverForAnother, "handover_for_another", 403, "这是交给别人的，请由本人或组长接手", "it was handed to somebody else; they or a lead take it over";
    // — deadlines —
    ClockEnded, "clock_ended", 409, "这个倒计时已经结束", "this clock has ended";
    CalendarUnknown, "calendar_unknown", 409, "日历 {calendar} 的数据只到 {last_day}，之后是否上班未知", "the data of calendar {calendar} ends on {last_day}; whether later days are worked is unknown";
    // — warehouse —
    StockShort, "out_of_stock", 409, "库存不够：要 {wanted} 件，一个仓里最多可用 {free} 件", "not enough stock: {wanted} wanted, {free} free in one place at most";
    ReservationEnded, "reservation_ended", 409, "这笔锁库已经结束：{state}", "this reservation has ended: {state}";
    UnitsOverLine, "units_over_line", 422, "第 {line_no} 行买了 {bought} 件，却清点出 {counted} 件", "{counted} units of line {line_no} were counted, {bought} were bought";
    ParcelInspected, "parcel_inspected", 409, "这个包裹已经质检过", "this parcel was inspected already";
    ParcelClaimed, "parcel_claimed", 409, "这个包裹已经归到工单 {case_no}", "this parcel belongs to case {case_no} already";
    ParcelUnclaimed, "parcel_unclaimed", 409, "这个包裹还没有归到工单，请先认领", "this parcel belongs to no case yet; claim it first";
    WaybillTaken, "waybill_taken", 409, "这个运单号已经登记在工单 {case_no}", "this waybill is on case {case_no} already";
    ProofMissing, "proof_missing", 409, "已发货的仅退款要拿得出凭证才能拒绝：在走的物流轨迹、本人签收底单或检验结果", "a refund of goods that left is refused only with proof: a moving trace, the buyer's own signature, or an inspection";
    ParcelNotComing, "parcel_not_coming", 409, "包裹{verdict}，不能拒绝仅退款：同意退款，或先找回包裹", "the parcel is {verdict}; a refund of it is not refused: agree to it, or get the parcel back first";
    InspectionMissing, "inspection_missing", 409, "退回的商品还没有质检，不能以此拒绝", "the goods that came back are not inspected; they are no ground for a refusal yet";
    GoodsIntact, "goods_intact", 409, "质检结论是完好，不能以商品为由拒绝", "the inspection found the goods intact; they are no ground for a refusal";
    VideoNeeded, "video_needed", 409, "没有验货视频，不能以商品不完好为由拒绝", "without the video of the inspection the goods are no ground for a refusal";
    OrderChangeLate, "order_change_late", 409, "订单已到“{state}”，不能再改{kind}", "the order is at “{state}”; its {kind} cannot be changed any more";
    OrderOut, "order_out", 409, "订单已经发出，请改用拦截", "the order has left; intercept the parcel instead";
    NothingOnTheWay, "nothing_on_the_way", 409, "没有在途的包裹可以拦截", "no parcel is on its way that could be intercepted";
    ClaimSettled, "claim_settled", 409, "这笔理赔已经结案：{state}", "this claim is settled already: {state}";
    ClaimEnded, "claim_ended", 409, "这笔理赔已经有结果：{state}", "this claim is settled already: {state}";
    // — personal data —
    TooManyReveals, "too_many_reveals", 429, "{hours} 小时内最多查看 {most} 次明文，请稍后再试或请主管查看", "at most {most} fields are shown in clear in {hours} hours; try later or ask a supervisor";
    BuyerErased, "buyer_erased", 409, "买家资料已按要求删除，没有明文可看", "the buyer's data was erased on request; there is nothing to reveal";
    BuyerInUse, "buyer_in_use", 409, "买家还有未归档的工单 {case_no}，归档后才能删除资料", "the buyer's case {case_no} is still open; the data can be erased after it is closed";
    // — playbooks —
    ClosingNeeds, "closing_needs", 409, "归档还需要：{lines}", "closing still needs: {lines}";
    ConfirmationNotAccepted, "confirmation_not_accepted", 409, "这个场景不能按 {confirmation} 归档", "a case of this scenario cannot close by {confirmation}";
    PlaybookFaulty, "playbook_faulty", 422, "SOP 有 {count} 处错误：{first}", "the playbook has {count} faults: {first}";
    PlaybookState, "playbook_state", 409, "这一版目前是 {state}，不能{action}", "this version is {state}; it cannot {action}";
    OwnPlaybook, "own_playbook", 403, "不能发布自己编辑的 SOP，请另一位有权限的人发布", "nobody publishes their own edit; a second person has to";
    DraftMoved, "draft_moved", 409, "第 {version} 版草稿刚被别人改过，请先看看再存", "somebody else has changed draft {version} meanwhile; look at it before keeping yours";
    // — knowledge —
    CodeTaken, "code_taken", 409, "快捷码 /{code} 已被“{title}”使用，请换一个", "/{code} calls “{title}” already; choose another code";
    UnknownVariable, "unknown_variable", 422, "{field} 第 {place} 个字：没有变量 {found}，相近的是 {near}", "letter {place} of {field}: there is no variable {found}; the nearest is {near}";
    VariablesMissing, "variables_missing", 409, "这条话术还缺：{missing}，补全前不能发送", "the text still misses {missing}; it cannot be sent before that is known";
    KnowledgeMoved, "knowledge_moved", 409, "这条内容刚被别人改到第 {version} 版，请先看看再存", "somebody else has changed it to version {version} meanwhile; look at it before saving yours";
    // — signing in —
    FactorNeeded, "factor_needed", 401, "还需要动态验证码：打开手机上的验证器，输入六位数字，或用一个恢复码", "the second factor is needed: six digits of the authenticator, or a recovery code";
    FactorWrong, "factor_wrong", 401, "验证码不对，或已经用过；等验证器显示下一个再试", "the code is wrong or was used before; wait for the next one";
    FactorMissing, "factor_missing", 403, "还没有设置两步验证，请先在“设置 · 安全”里设置", "no second factor is set up; set one up in the settings first";
    FactorThere, "factor_there", 409, "两步验证已经开启；要换手机，先关闭再重新设置", "the second factor is on already; to change the phone, turn it off and set it up anew";
    FactorDemanded, "factor_demanded", 409, "店铺要求{role}使用两步验证，不能关闭", "the shop demands a second factor of a {role}; it cannot be turned off";
    StepUpNeeded, "step_up_needed", 403, "金额 {amount_minor} 的审批需要 {within_min} 分钟内验证过身份，请输入动态验证码", "an approval of {amount_minor} needs the second factor, given within {within_min} minutes";
    RoleGivesMore, "role_gives_more", 403, "这个角色不能包含“{action}”：所基于的角色没有，或您自己没有", "the role cannot give “{action}”: the role it is made from, or you yourself, lack it";
    RoleInUse, "role_in_use", 409, "还有 {count} 人在用这个角色，请先换成别的", "{count} people still have this role; give them another one first";
    RoleMoved, "role_moved", 409, "这个角色刚被别人改到第 {version} 版，请先看看再存", "somebody else has changed the role to version {version} meanwhile; look at it before saving yours";
    RoleFixed, "role_fixed", 409, "店主的角色不能改；也没有人能改自己的角色", "an owner's role is not changed, and nobody changes their own";
    // — import —
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_both_languages_name_the_same_facts() {
        let facts = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
            names.sort();
            names
        };
        let mut seen = std::collections::BTreeSet::new();
        for row in CATALOGUE {
            assert!(seen.insert(row.code), "{} stands twice", row.code);
            assert_eq!(facts(row.zh), facts(row.en), "{}", row.code);
            assert!(!row.zh.is_empty() && !row.en.is_empty());
        }
    }

    #[test]
    fn facts_are_put_into_the_text() {
        let check = |refusal: Refusal, zh: &str, en: &str| {
            assert_eq!((refusal.message(true).as_str(), refusal.message(false).as_str()), (zh, en));
        };
        let promises = Refusal::new(Code::PromiseOpen).with("count", 2);
        assert_eq!(promises.message(true), "还有 2 条未兑现的承诺，不能关闭");
        let approval = Refusal::new(Code::ApprovalNeeded).with("amount_minor", 20_050).with("approver", Role::Lead);
        check(approval, "金额 200.50 需要售后组长审批", "200.50 needs the approval of a lead");
        let missing = Refusal::new(Code::NotFound).with("what", "request");
        check(missing, "没有找到诉求，或者您看不到它", "there is no such request, or you may not see it");
        let unknown = Refusal::new(Code::NotFound).with("what", "id");
        assert_eq!(unknown.message(true), "没有找到id，或者您看不到它");
    }
}
