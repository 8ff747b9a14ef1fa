//! What can be done at the desk, and which roles may. Owns the matrix; the decision over one object is in `policy`.

use super::Role;

/// A set of roles.
#[derive(Clone, Copy)]
pub(crate) struct Roles(u16);

impl Roles {
    const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < roles.len() {
            bits |= 1 << roles[i] as u16;
            i += 1;
        }
        Self(bits)
    }
    const fn and(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }
    pub(crate) const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }
}

const NOBODY: Roles = Roles::of(&[]);
/// Those who decide over others' proposals.
const DECIDERS: Roles = Roles::of(&[Role::Lead, Role::Supervisor, Role::Owner]);
/// Those who handle a case from end to end.
const CARE: Roles = Roles::of(&[Role::Agent, Role::Senior]).and(DECIDERS);
/// A program with a token: what an agent may, as far as its scopes go.
const CARE_API: Roles = CARE.and(Roles::of(&[Role::Api]));
const NIGHT: Roles = Roles::of(&[Role::Night]);
/// The other teams on a case.
const TEAMS: Roles = Roles::of(&[Role::ParcelDesk, Role::Reviewer, Role::Warehouse, Role::Finance, Role::Quality, Role::Operations]);
const DESK: Roles = CARE_API.and(NIGHT).and(TEAMS);
const READERS: Roles = DESK.and(Roles::of(&[Role::Admin, Role::Auditor]));
const WAREHOUSE: Roles = Roles::of(&[Role::Warehouse]);
const PARCELS: Roles = Roles::of(&[Role::ParcelDesk]);
const REVIEW: Roles = Roles::of(&[Role::Reviewer]);
const FINANCE: Roles = Roles::of(&[Role::Finance]);
const QUALITY: Roles = Roles::of(&[Role::Quality]);
const OPERATIONS: Roles = Roles::of(&[Role::Operations]);
const ADMIN: Roles = Roles::of(&[Role::Admin, Role::Owner]);
const HEAD: Roles = Roles::of(&[Role::Supervisor, Role::Owner]);
const AUDIT: Roles = Roles::of(&[Role::Auditor, Role::Admin]).and(HEAD);

pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) zh: &'static str,
    /// May, on every object of a granted shop.
    pub(crate) yes: Roles,
    /// May, where the object's team is one they serve.
    pub(crate) team: Roles,
    /// May, on a case they own or nobody owns.
    pub(crate) own: Roles,
}

macro_rules! actions {
    ($($name:ident, $text:literal, $zh:literal, $yes:expr, team $team:expr, own $own:expr;)*) => {
        /// One thing a person or program can do. Its names stand in the table of this file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $(#[doc = $zh] $name,)* }

        const ROWS: &[Row] = &[$(Row { name: $text, zh: $zh, yes: $yes, team: $team, own: $own },)*];

        impl Action {
            /// Every action, in the order of the matrix.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

impl Action {
    pub(crate) fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
    /// The stable name, used in answers, scopes and the audit.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }
    /// The Chinese name shown to users.
    pub fn zh(self) -> &'static str {
        self.row().zh
    }
    /// Reads the stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text)
    }
    /// Whether a role may do it on some object of a granted shop.
    pub fn belongs_to(self, role: Role) -> bool {
        let row = self.row();
        [row.yes, row.team, row.own].iter().any(|roles| roles.has(role))
    }
    /// How far a role may: `yes` on every object, `team` where the team is theirs, `own` on a case of their own; nothing where it may not.
    pub fn reach(self, role: Role) -> Option<&'static str> {
        let row = self.row();
        let reaches = [("yes", row.yes), ("team", row.team), ("own", row.own)];
        reaches.into_iter().find(|(_, roles)| roles.has(role)).map(|(name, _)| name)
    }
    /// Whether doing it changes nothing but the audit.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::ReadQueue
                | Self::ReadCase
                | Self::Search
                | Self::ReadApprovals
                | Self::ReadPromises
                | Self::ReadTasks
                | Self::ReadEffects
                | Self::ReadHandover
                | Self::ReadUnclaimed
                | Self::ReadPlaybooks
                | Self::ReadReports
                | Self::ReadAudit
                | Self::Export
        )
    }
}

actions! {
    // reading
    ReadQueue, "read_queue", "看队列", READERS, team NOBODY, own NOBODY;
    ReadCase, "read_case", "看工单", READERS, team NOBODY, own NOBODY;
    Search, "search", "搜索", READERS, team NOBODY, own NOBODY;
    ReadApprovals, "read_approvals", "看审批", CARE.and(FINANCE).and(AUDIT), team NOBODY, own NOBODY;
    ReadPromises, "read_promises", "看承诺", CARE_API.and(TEAMS).and(AUDIT), team NOBODY, own NOBODY;
    ReadTasks, "read_tasks", "看任务", CARE_API.and(TEAMS).and(AUDIT), team NOBODY, own NOBODY;
    ReadEffects, "read_effects", "看执行记录", CARE_API.and(FINANCE).and(AUDIT), team NOBODY, own NOBODY;
    ReadHandover, "read_handover", "看交接班", CARE.and(NIGHT).and(AUDIT), team NOBODY, own NOBODY;
    ReadUnclaimed, "read_unclaimed", "看无主件", CARE.and(WAREHOUSE).and(PARCELS).and(AUDIT), team NOBODY, own NOBODY;
    ReadPlaybooks, "read_playbooks", "看处理 SOP", READERS, team NOBODY, own NOBODY;
    ReadReports, "read_reports", "看报表", DECIDERS.and(FINANCE).and(QUALITY).and(OPERATIONS).and(AUDIT), team NOBODY, own NOBODY;
    ReadAudit, "read_audit", "看审计", AUDIT, team NOBODY, own NOBODY;
    Export, "export", "导出", DECIDERS.and(FINANCE).and(AUDIT), team NOBODY, own NOBODY;
    // intake and talk
    OpenCase, "open_case", "登记工单", CARE_API.and(NIGHT).and(PARCELS), team NOBODY, own NOBODY;
    Contact, "contact", "沟通", CARE_API.and(NIGHT).and(PARCELS), team NOBODY, own NOBODY;
    Note, "note", "内部备注", DESK, team NOBODY, own NOBODY;
    Evidence, "evidence", "登记凭证", DESK, team NOBODY, own NOBODY;
    Classify, "classify", "分类", CARE_API.and(NIGHT), team NOBODY, own NOBODY;
    Request, "request", "登记诉求", CARE_API.and(NIGHT), team NOBODY, own NOBODY;
    OverrideGate, "override_gate", "放行被拦的沟通", DECIDERS.and(Roles::of(&[Role::Senior])), team NOBODY, own NOBODY;
    // diagnosis and negotiation
    Diagnose, "diagnose", "定责", CARE_API.and(QUALITY), team NOBODY, own NOBODY;
    Offer, "offer", "提出方案", CARE_API, team NOBODY, own NOBODY;
    SendOffer, "send_offer", "发出方案", CARE_API, team NOBODY, own NOBODY;
    AnswerOffer, "answer_offer", "登记买家答复", CARE_API, team NOBODY, own NOBODY;
    AskApproval, "ask_approval", "申请审批", CARE_API, team NOBODY, own NOBODY;
    ApproveOffer, "approve_offer", "审批方案", DECIDERS, team NOBODY, own NOBODY;
    ApproveRefund, "approve_refund", "审批退款", DECIDERS, team NOBODY, own NOBODY;
    ApprovePayout, "approve_payout", "审批赔付", DECIDERS, team NOBODY, own NOBODY;
    // money
    Refund, "refund", "退款", CARE_API, team NOBODY, own NOBODY;
    Payout, "payout", "赔付", CARE_API, team NOBODY, own NOBODY;
    CancelEffect, "cancel_effect", "撤回执行", CARE_API, team NOBODY, own NOBODY;
    SettleEffect, "settle_effect", "登记执行结果", FINANCE.and(HEAD), team CARE.and(TEAMS), own NOBODY;
    // promises and tasks
    Promise, "promise", "登记承诺", CARE_API, team NOBODY, own NOBODY;
    KeepPromise, "keep_promise", "兑现承诺", HEAD, team CARE.and(TEAMS), own NOBODY;
    RenegotiatePromise, "renegotiate_promise", "改约承诺", CARE, team NOBODY, own NOBODY;
    OpenTask, "open_task", "派任务", CARE_API.and(PARCELS).and(REVIEW).and(QUALITY), team NOBODY, own NOBODY;
    TakeTask, "take_task", "领任务", NOBODY, team CARE.and(TEAMS), own NOBODY;
    DoneTask, "done_task", "完成任务", NOBODY, team CARE.and(TEAMS), own NOBODY;
    CancelTask, "cancel_task", "取消任务", CARE, team NOBODY, own NOBODY;
    // goods
    AgreeReturn, "agree_return", "同意退货", CARE_API, team NOBODY, own NOBODY;
    RefuseRequest, "refuse_request", "拒绝申请", CARE_API, team NOBODY, own NOBODY;
    ReturnWaybill, "return_waybill", "登记退货单号", CARE_API.and(PARCELS).and(WAREHOUSE), team NOBODY, own NOBODY;
    Ship, "ship", "补发换发", CARE_API.and(WAREHOUSE), team NOBODY, own NOBODY;
    Reserve, "reserve", "锁库", CARE_API.and(WAREHOUSE), team NOBODY, own NOBODY;
    ReleaseReservation, "release_reservation", "释放锁库", CARE_API.and(WAREHOUSE), team NOBODY, own NOBODY;
    Scan, "scan", "扫描退货", WAREHOUSE.and(Roles::of(&[Role::Owner, Role::Api])), team NOBODY, own NOBODY;
    Inspect, "inspect", "退货质检", WAREHOUSE.and(QUALITY).and(Roles::of(&[Role::Owner])), team NOBODY, own NOBODY;
    ClaimCarrier, "claim_carrier", "快递理赔", CARE_API.and(PARCELS), team NOBODY, own NOBODY;
    Intercept, "intercept", "拦截包裹", CARE_API.and(PARCELS).and(WAREHOUSE), team NOBODY, own NOBODY;
    Freeze, "freeze", "拦停发货", CARE_API.and(REVIEW).and(WAREHOUSE), team NOBODY, own NOBODY;
    ChangeOrder, "change_order", "改单", CARE_API.and(REVIEW), team NOBODY, own NOBODY;
    Flag, "flag", "插旗", CARE_API.and(REVIEW).and(PARCELS).and(WAREHOUSE), team NOBODY, own NOBODY;
    Remark, "remark", "订单备注", CARE_API.and(REVIEW).and(PARCELS).and(WAREHOUSE), team NOBODY, own NOBODY;
    // the case as a whole
    Assign, "assign", "分配", DECIDERS, team NOBODY, own CARE;
    Wait, "wait", "设待谁处理", CARE_API.and(PARCELS), team NOBODY, own NOBODY;
    Split, "split", "拆分", CARE, team NOBODY, own NOBODY;
    Merge, "merge", "合并", CARE, team NOBODY, own NOBODY;
    Close, "close", "归档", CARE_API, team NOBODY, own NOBODY;
    Reopen, "reopen", "重新打开", CARE_API.and(NIGHT), team NOBODY, own NOBODY;
    TakeHandover, "take_handover", "接班", CARE.and(NIGHT), team NOBODY, own NOBODY;
    Bulk, "bulk", "批量操作", DECIDERS.and(Roles::of(&[Role::Senior])), team NOBODY, own NOBODY;
    // personal data
    Reveal, "reveal", "查看明文", CARE.and(PARCELS).and(FINANCE), team NOBODY, own NOBODY;
    MarkBuyer, "mark_buyer", "标记买家与合并身份", DECIDERS.and(Roles::of(&[Role::Senior])), team NOBODY, own NOBODY;
    EraseBuyer, "erase_buyer", "删除买家资料", ADMIN, team NOBODY, own NOBODY;
    // running the desk
    ManagePlaybooks, "manage_playbooks", "编辑处理 SOP", ADMIN.and(HEAD).and(OPERATIONS), team NOBODY, own NOBODY;
    PublishPlaybook, "publish_playbook", "发布处理 SOP", HEAD.and(ADMIN), team NOBODY, own NOBODY;
    WriteKnowledge, "write_knowledge", "写自己的话术", CARE.and(NIGHT).and(TEAMS).and(ADMIN), team NOBODY, own NOBODY;
    ShareKnowledge, "share_knowledge", "维护共用话术与知识", DECIDERS.and(ADMIN).and(OPERATIONS).and(QUALITY), team NOBODY, own NOBODY;
    ManageSettings, "manage_settings", "改设置", ADMIN, team NOBODY, own NOBODY;
    ManageUsers, "manage_users", "管理人员", ADMIN, team NOBODY, own NOBODY;
    ManageTokens, "manage_tokens", "管理接口令牌", ADMIN, team NOBODY, own NOBODY;
    ShareView, "share_view", "共享视图", DECIDERS.and(OPERATIONS), team NOBODY, own NOBODY;
    Import, "import", "导入", ADMIN.and(OPERATIONS).and(Roles::of(&[Role::Api])), team NOBODY, own NOBODY;
    RunStoryClock, "run_story_clock", "拨动演示时钟", ADMIN, team NOBODY, own NOBODY;
}
