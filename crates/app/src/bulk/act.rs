//! What a job does to each of its cases: the command of a single case and nothing else. Owns the list of actions and the approval of a row.

use super::{Job, Turn};
use crate::case::assign::Assign;
use crate::case::close::CloseCase;
use crate::case::wait::Wait;
use crate::command::{CaseRef, Changed};
use crate::error::{Error, Result, bad_input};
use crate::order::remark::NewFlag;
use crate::refund::AskRefund;
use crate::safety::{Safety, holds};
use crate::{Context, Desk, approval::AskApproval};
use aftercare_domain::bulk::RowState;
use aftercare_domain::id::Id;
use aftercare_domain::privacy::masked;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};

/// One action, the same for every case.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum What {
    /// Agrees to the refund just as it was asked for, where the rules give it so.
    Refund {},
    /// Sets the order's flag.
    Flag(NewFlag),
    /// Gives the case to somebody, or back to the queue.
    Assign(Assign),
    /// Puts it off until somebody has moved, or for some hours.
    Wait(Wait),
    /// Archives it.
    Close(CloseCase),
}

impl What {
    /// Whether it moves money: then it is paced, totalled, and held to the version that was looked at.
    pub(super) const fn is_money(&self) -> bool {
        matches!(self, Self::Refund {})
    }

    /// Whether it may only be done to the case as it was looked at.
    pub(super) const fn is_versioned(&self) -> bool {
        matches!(self, Self::Refund {} | Self::Close(_))
    }

    /// Whether the platform is called for it.
    pub(super) const fn calls_platform(&self) -> bool {
        matches!(self, Self::Refund {} | Self::Flag(_))
    }

    /// The same with words as they may be kept in the open.
    pub(super) fn kept(self) -> Self {
        match self {
            Self::Wait(wait) => Self::Wait(Wait { reason: masked(&wait.reason), ..wait }),
            other => other,
        }
    }
}

/// What a row ended with.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) state: RowState,
    pub(super) why: Option<Refusal>,
    pub(super) approval: Option<Id>,
}

impl Ended {
    fn done() -> Self {
        Self { state: RowState::Done, why: None, approval: None }
    }

    fn waiting(approval: Id) -> Self {
        Self { state: RowState::Waiting, why: None, approval: Some(approval) }
    }

    /// By the refusal of the command.
    pub(super) fn refused(why: Refusal) -> Self {
        Self { state: aftercare_domain::bulk::ended(Err(&why)), why: Some(why), approval: None }
    }

    fn stale(code: Code) -> Self {
        Self { state: RowState::Stale, why: Some(code.into()), approval: None }
    }
}

/// An approval of a refund of one amount, as far as a row has to know.
#[derive(Clone, Debug)]
struct Yes {
    id: Id,
    state: String,
    used: bool,
}

impl Yes {
    fn counts(&self) -> bool {
        self.state == "approved" && !self.used
    }
}

impl Desk {
    /// Runs the command of a single case.
    async fn single(&self, context: &Context, at: CaseRef, what: &What, approval: Option<Id>) -> Result<Changed> {
        match what.clone() {
            What::Refund {} => self.ask_refund(context, at, refund(approval)).await,
            What::Flag(input) => self.flag(context, at, input).await,
            What::Assign(input) => self.assign(context, at, input).await,
            What::Wait(input) => self.wait(context, at, input).await,
            What::Close(input) => self.close_case(context, at, input).await,
        }
    }

    /// The same, with the yes of a second person where one is there for exactly this amount.
    pub(super) async fn single_approved(&self, context: &Context, at: CaseRef, what: &What) -> Result<Changed> {
        let first = self.single(context, at, what, None).await;
        let Err(Error::Refused(refusal)) = &first else { return first };
        match needed(refusal) {
            Some(amount) => match self.yes_for(at, amount).await?.filter(Yes::counts) {
                Some(yes) => self.single(context, at, what, Some(yes.id)).await,
                None => first,
            },
            None => first,
        }
    }

    /// Does one row. Whatever was done before under the same key is told again, not done again.
    ///
    /// # Errors
    /// Only those of the database after which nobody knows: the row stays as it is and is taken up again.
    pub(super) async fn do_row(&self, job: &Job, turn: &Turn) -> Result<Ended> {
        let actor = match self.actor_of(job.staff, job.scopes.clone()).await {
            Err(Error::Refused(why)) => return Ok(Ended::refused(why)),
            other => other?,
        };
        let at = CaseRef { shop: turn.shop, id: turn.case };
        let key = holds(Safety::BulkKey).then(|| format!("bulk/{}/{}", job.id, turn.n));
        let seen = job.what.is_versioned().then_some(turn.seen_version);
        let context = Context { key, if_match: seen, ..self.context(actor) };
        let outcome = match turn.approval {
            Some(asked) => match self.after_asking(&context, at, &job.what, asked).await {
                Ok(ended) => return Ok(ended),
                Err(error) => Err(error),
            },
            None => self.single_approved(&context, at, &job.what).await,
        };
        match outcome {
            Ok(_) => Ok(Ended::done()),
            // The row's key is spent with another body: it was done with an approval, and whoever did it could not note that.
            Err(Error::Refused(why)) if why.code == Code::KeyReused => Ok(Ended::done()),
            Err(Error::Refused(why)) => match needed(&why).filter(|_| job.asks) {
                Some(amount) => self.ask_second(&context, at, amount).await,
                None => Ok(Ended::refused(why)),
            },
            Err(error) => self.failed(error),
        }
    }

    /// Asks for the yes of a second person, unless somebody asked already.
    async fn ask_second(&self, context: &Context, at: CaseRef, amount_minor: i64) -> Result<Ended> {
        if let Some(yes) = self.yes_for(at, amount_minor).await?.filter(|yes| yes.state == "pending") {
            return Ok(Ended::waiting(yes.id));
        }
        let key = context.key.as_ref().map(|key| format!("{key}/ask"));
        let ask = AskApproval { subject: "refund".into(), subject_id: None, means: None, amount_minor, note: String::new() };
        match self.ask_approval(&Context { key, ..context.clone() }, at, ask).await {
            Ok(changed) => {
                let id = changed.result["approval_id"].as_str().and_then(Id::parse);
                id.map(Ended::waiting).ok_or_else(|| bad_input("approval", "without an id"))
            }
            Err(Error::Refused(why)) => Ok(Ended::refused(why)),
            Err(error) => self.failed(error),
        }
    }

    /// A row that waited for an approval. Asking and deciding have raised the version; the approval itself holds to money, goods and
    /// remedy as they were, so the present version is the one to act on.
    async fn after_asking(&self, context: &Context, at: CaseRef, what: &What, asked: Id) -> Result<Ended> {
        let found = self.store.read(move |tx| {
            let sql =
                "SELECT a.id, a.state, a.used_at, c.version FROM approval a JOIN cases c ON c.shop_id = a.shop_id AND c.id = a.case_id
                WHERE a.shop_id = $1 AND a.id = $2";
            Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, asked], |row| Ok((yes(row)?, row.get::<i64>(3)?)))?)
        });
        let Some((yes, version)) = found.await? else { return Ok(Ended::stale(Code::ApprovalMissing)) };
        match yes.state.as_str() {
            "pending" => Ok(Ended::waiting(yes.id)),
            "approved" => {
                let context = Context { if_match: Some(version), ..context.clone() };
                match self.single(&context, at, what, Some(yes.id)).await {
                    Ok(_) => Ok(Ended::done()),
                    Err(Error::Refused(why)) => Ok(Ended::refused(why)),
                    Err(error) => self.failed(error),
                }
            }
            "expired" => Ok(Ended::stale(Code::ApprovalExpired)),
            "void" => Ok(Ended::stale(Code::ApprovalVoid)),
            other => Ok(Ended::refused(Refusal::new(Code::ApprovalDecided).with("state", other))),
        }
    }

    /// A failure that concerns this row alone is told under it; one of the whole store is the worker's.
    fn failed(&self, error: Error) -> Result<Ended> {
        use aftercare_store::DbError::{Busy, Closed, CommitUnknown, Conflict};
        match error {
            Error::Db(Busy | Closed | Conflict | CommitUnknown(_)) => Err(error),
            error => {
                let id = crate::ids::new_id(self.clock.now());
                tracing::error!(error_id = %id, %error, "a row of a bulk job failed");
                Ok(Ended::refused(Refusal::new(Code::Internal).with("error_id", id)))
            }
        }
    }

    /// The latest approval of a refund of this amount on the case.
    async fn yes_for(&self, at: CaseRef, amount_minor: i64) -> Result<Option<Yes>> {
        self.store.read(move |tx| latest(tx, at, amount_minor)).await
    }
}

fn latest(tx: &mut Tx<'_>, at: CaseRef, amount_minor: i64) -> Result<Option<Yes>> {
    let sql = "SELECT id, state, used_at FROM approval WHERE shop_id = $1 AND case_id = $2 AND subject = 'refund' AND amount_minor = $3 ORDER BY id DESC LIMIT 1";
    Ok(tx.query_opt(sql, &values![at.shop, at.id, amount_minor], yes)?)
}

fn yes(row: &Row) -> std::result::Result<Yes, aftercare_store::DbError> {
    Ok(Yes { id: row.get(0)?, state: row.get(1)?, used: row.get::<Option<i64>>(2)?.is_some() })
}

fn refund(approval_id: Option<Id>) -> AskRefund {
    AskRefund {
        lines: Vec::new(),
        freight_minor: None,
        reason: String::new(),
        request_id: None,
        offer_id: None,
        approval_id,
        confirm_payouts_seen: false,
        before_return: false,
        plain: true,
    }
}

/// The amount whose approval a refusal asks for.
pub(super) fn needed(refusal: &Refusal) -> Option<i64> {
    let of = |(name, value): &(&'static str, String)| (*name == "amount_minor").then(|| value.parse().ok()).flatten();
    (refusal.code == Code::ApprovalNeeded).then(|| refusal.params.iter().find_map(of)).flatten()
}
