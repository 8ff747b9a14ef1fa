// Which form a sheet's name means. Owns the table only.
import type { JSX } from 'react'
import type { SheetName } from '../work'
import { AnswerSheet } from './AnswerSheet'
import { CustomSheet } from './CustomSheet'
import { AssignSheet, CloseSheet, ReopenSheet, WaitSheet } from './course'
import {
  AgreeReturnSheet,
  CarrierClaimSheet,
  FreezeSheet,
  InterceptSheet,
  OrderChangeSheet,
  RefuseSheet,
  ReserveSheet,
  SettleClaimSheet,
  ShipSheet,
  WaybillSheet,
} from './goods'
import { LinkSheet, MergeSheet, SplitSheet } from './links'
import { OfferSheet, SendOfferSheet } from './OfferSheet'
import { PayoutSheet } from './PayoutSheet'
import { RefundSheet } from './RefundSheet'
import { SideMessageSheet, SideThreadSheet } from './sideThread'
import { CallSheet, ChangeRequestSheet, ClassifySheet, DiagnosisSheet, EvidenceSheet, FactsSheet, RequestSheet } from './talk'
import { ApprovalSheet, DoneTaskSheet, KeepPromiseSheet, PromiseSheet, RenegotiateSheet, SettleSheet, TaskSheet } from './team'

export function SheetFor({ sheet, onClose }: { sheet: SheetName; onClose: (done?: boolean) => void }): JSX.Element {
  const key = JSON.stringify(sheet)
  switch (sheet.name) {
    case 'offer':
      return <OfferSheet key={key} rung={sheet.rung} onClose={onClose} />
    case 'send_offer':
      return <SendOfferSheet key={key} offerId={sheet.offerId} onClose={onClose} />
    case 'refund':
      return (
        <RefundSheet
          key={key}
          request={sheet.request}
          offerId={sheet.offer?.id}
          approvalId={sheet.approvalId}
          amountMinor={sheet.amountMinor}
          ask={sheet.ask}
          onClose={onClose}
        />
      )
    case 'payout':
      return (
        <PayoutSheet
          key={key}
          rung={sheet.rung}
          approvalId={sheet.approvalId}
          amountMinor={sheet.amountMinor}
          means={sheet.means}
          onClose={onClose}
        />
      )
    case 'approval':
      return (
        <ApprovalSheet
          key={key}
          subject={sheet.subject}
          subjectId={sheet.subjectId}
          amountMinor={sheet.amountMinor}
          means={sheet.means}
          onClose={onClose}
        />
      )
    case 'agree_return':
      return <AgreeReturnSheet key={key} request={sheet.request} onClose={onClose} />
    case 'answer_request':
      return <AnswerSheet key={key} request={sheet.request} onClose={onClose} />
    case 'refuse_request':
      return <RefuseSheet key={key} request={sheet.request} onClose={onClose} />
    case 'change_request':
      return <ChangeRequestSheet key={key} request={sheet.request} onClose={onClose} />
    case 'settle':
      return <SettleSheet key={key} effectId={sheet.effectId} outcome={sheet.outcome} onClose={onClose} />
    case 'keep_promise':
      return <KeepPromiseSheet key={key} promiseId={sheet.promiseId} onClose={onClose} />
    case 'renegotiate':
      return <RenegotiateSheet key={key} promiseId={sheet.promiseId} onClose={onClose} />
    case 'done_task':
      return <DoneTaskSheet key={key} taskId={sheet.taskId} onClose={onClose} />
    case 'ship':
      return (
        <ShipSheet key={key} reservationId={sheet.reservationId} sku={sheet.sku} quantity={sheet.quantity} onClose={onClose} />
      )
    case 'settle_claim':
      return <SettleClaimSheet key={key} claimId={sheet.claimId} onClose={onClose} />
    case 'side_message':
      return <SideMessageSheet key={key} threadId={sheet.threadId} onClose={onClose} />
    case 'request':
      return <RequestSheet onClose={onClose} />
    case 'evidence':
      return <EvidenceSheet onClose={onClose} />
    case 'diagnosis':
      return <DiagnosisSheet onClose={onClose} />
    case 'classify':
      return <ClassifySheet onClose={onClose} />
    case 'facts':
      return <FactsSheet key={key} fact={sheet.fact} onClose={onClose} />
    case 'promise':
      return <PromiseSheet onClose={onClose} />
    case 'task':
      return <TaskSheet key={key} team={sheet.team} text={sheet.text} kind={sheet.kind} onClose={onClose} />
    case 'wait':
      return <WaitSheet onClose={onClose} />
    case 'close':
      return <CloseSheet onClose={onClose} />
    case 'reopen':
      return <ReopenSheet onClose={onClose} />
    case 'assign':
      return <AssignSheet onClose={onClose} />
    case 'waybill':
      return <WaybillSheet onClose={onClose} />
    case 'reserve':
      return <ReserveSheet onClose={onClose} />
    case 'intercept':
      return <InterceptSheet onClose={onClose} />
    case 'freeze':
      return <FreezeSheet onClose={onClose} />
    case 'order_change':
      return <OrderChangeSheet onClose={onClose} />
    case 'carrier_claim':
      return <CarrierClaimSheet onClose={onClose} />
    case 'merge':
      return <MergeSheet onClose={onClose} />
    case 'link':
      return <LinkSheet onClose={onClose} />
    case 'split':
      return <SplitSheet onClose={onClose} />
    case 'side_thread':
      return <SideThreadSheet onClose={onClose} />
    case 'call':
      return <CallSheet onClose={onClose} />
    case 'custom':
      return <CustomSheet onClose={onClose} />
  }
}
