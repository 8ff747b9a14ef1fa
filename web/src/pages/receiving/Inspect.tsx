// Inspecting one parcel: units and their condition, criteria of the category, photos and video. Owns the form; the verdict is the desk's.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type JSX, type RefObject, useEffect, useRef, useState } from 'react'
import { valueWord } from '@/api/catalogue'
import { post } from '@/api/client'
import { Intent } from '@/api/intent'
import { caseQuery } from '@/api/queries'
import { useKeys } from '@/app/keys'
import { both, useTranslation, word } from '@/i18n'
import { Button, Check, TextField } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { clockLabel } from '@/parts/label'
import { AtZero } from '@/parts/marks'
import { yuan } from '@/parts/money'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { bucket, exact, span, useNow } from '@/parts/time'
import type { Scan } from './ReceivingPage'
import { byHand } from './useScanner'

const CONDITIONS = ['good', 'not_intact', 'damaged', 'wrong', 'missing'] as const
type Condition = (typeof CONDITIONS)[number]

interface Unit {
  condition: Condition
  note: string
  /** Criteria answered with no. */
  broken: string[]
}

/** What a scan can ask of the inspection in hand. */
export interface Inspection {
  /** Counts a unit whose goods were scanned; false when it is none of this parcel's. */
  take: (code: string) => boolean
  /** Whether something was found out that would be lost. */
  touched: () => boolean
}

export function Inspect({
  shop,
  caseId,
  parcelId,
  scan,
  hold,
  onDone,
}: {
  shop: string
  caseId: string
  parcelId: string
  scan: Scan
  /** Lends the inspection in hand to the scanner. */
  hold: RefObject<Inspection | null>
  onDone: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const now = useNow(true)
  const { data: view, error } = useQuery(caseQuery({ shop, id: caseId }))
  const [units, setUnits] = useState<Record<string, Unit>>({})
  const [photos, setPhotos] = useState(1)
  const [video, setVideo] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const intent = useRef(new Intent())
  /** How often the goods of each line were scanned. */
  const [seen, setSeen] = useState<Record<number, number>>({})

  const parcel = view?.parcels.find((it) => it.id === parcelId)
  const request = view?.requests.find((it) => ['return_refund', 'exchange', 'repair'].includes(it.kind)) ?? view?.requests.at(-1)
  const expected = scan.lines.length ? scan.lines : parcel?.lines.length ? parcel.lines : (request?.lines ?? [])
  // One entry per unit: conditions differ between pieces of one line.
  const pieces = expected.flatMap((line) =>
    Array.from({ length: Math.min(20, line.quantity) }, (_, at) => ({ key: `${line.line_no}-${at}`, line_no: line.line_no })),
  )
  const criteria = view?.advice?.criteria ?? []
  const unit = (key: string): Unit => units[key] ?? { condition: 'good', note: '', broken: [] }
  const set = (key: string, change: Partial<Unit>) =>
    setUnits((before) => ({ ...before, [key]: { ...(before[key] ?? { condition: 'good', note: '', broken: [] }), ...change } }))
  const setAll = (condition: Condition) =>
    setUnits(Object.fromEntries(pieces.map((piece) => [piece.key, { ...unit(piece.key), condition }])))
  const bad = pieces.filter((piece) => unit(piece.key).condition !== 'good').length
  const deadline = view?.deadlines.find((it) => it.id === view.case.next_deadline?.id)

  useEffect(() => {
    const skus = scan.lines.length ? scan.lines : (view?.order?.lines ?? [])
    hold.current = {
      take: (code) => {
        const line = skus.find((it) => it.sku?.toUpperCase() === code.toUpperCase())
        if (!line) return false
        setSeen((before) => ({ ...before, [line.line_no]: (before[line.line_no] ?? 0) + 1 }))
        return true
      },
      touched: () => Object.keys(units).length > 0 || Object.keys(seen).length > 0,
    }
    return () => {
      hold.current = null
    }
  }, [hold, scan, view, units, seen])
  const over = expected.filter((line) => (seen[line.line_no] ?? 0) > line.quantity)

  const finish = async () => {
    if (busy || pieces.length === 0) return
    setBusy(true)
    setProblem(null)
    const body = {
      units: pieces.map((piece) => {
        const it = unit(piece.key)
        const note = it.note.trim()
        return { line_no: piece.line_no, quantity: 1, condition: it.condition, failed: it.broken, ...(note ? { note } : {}) }
      }),
      photos,
      video,
    }
    try {
      await post(`/shops/${shop}/returns/${parcelId}/inspect`, body, { key: intent.current.keyFor(body) })
      intent.current.done()
      onDone()
    } catch (refused) {
      setProblem(refused as Error)
    } finally {
      setBusy(false)
    }
  }
  useKeys({
    1: { label: t('keys.condition_good'), run: byHand(() => setAll('good')) },
    2: { label: t('keys.condition_not_intact'), run: byHand(() => setAll('not_intact')) },
    3: { label: t('keys.condition_damaged'), run: byHand(() => setAll('damaged')) },
    p: { label: t('keys.photo'), run: byHand(() => setPhotos((count) => count + 1)) },
    v: { label: t('keys.video'), run: byHand(() => setVideo((on) => !on)) },
    Enter: { label: t('keys.finish'), run: byHand(() => void finish()) },
  })

  if (!view) return error ? <Trouble error={error} /> : <Skeleton rows={6} height={72} />
  const size = deadline?.due_at ? bucket(deadline.due_at, now) : 'later'
  return (
    <div className="ib">
      <section className="ia">
        {deadline?.due_at ? (
          <div className={`cdb big ${size}`}>
            <div className="num big44">{span(new Date(deadline.due_at).getTime() - now)}</div>
            <div>
              <div className="b xl row">
                {clockLabel(deadline)} <AtZero code={deadline.at_zero} past={size === 'over'} />
              </div>
              <div>{t('queue.due_at', { at: exact(deadline.due_at).slice(5, 16) })}</div>
            </div>
          </div>
        ) : null}
        {over.map((line) => (
          <p key={line.line_no} className="warn b">
            {t('receiving2.over', { count: seen[line.line_no] ?? 0, due: line.quantity })}
          </p>
        ))}
        {scan.warnings.map((warning) => (
          <p key={warning.code} className="warn b">
            {warning.message}
          </p>
        ))}
        <div className="card mc">
          <div className="row between">
            <b className="xl">{view.case.title}</b>
            <Link to="/cases/$shop/$id" params={{ shop, id: caseId }}>
              {view.case.case_no}
            </Link>
          </div>
          <dl className="kv lgk">
            <dt>{t('receiving.order')}</dt>
            <dd>
              {view.case.order_no} {view.case.buyer_masked}
            </dd>
            <dt>{t('receiving.wish')}</dt>
            <dd>
              {request
                ? `${word('request_kind', request.kind)} ${request.amount_minor ? yuan(request.amount_minor) : ''} ${valueWord('request.problem', request.reason)}`
                : '—'}
            </dd>
            <dt>{t('receiving.expected')}</dt>
            <dd>
              {expected
                .map(
                  (line) =>
                    `${view.order?.lines.find((it) => it.line_no === line.line_no)?.title ?? line.line_no} ×${line.quantity}`,
                )
                .join('、') || '—'}
            </dd>
          </dl>
        </div>
        <div className="qty">
          <div className="qb">
            <span>{word('condition', 'good')}</span>
            <b className="num">{pieces.length - bad}</b>
            <kbd>1</kbd>
          </div>
          <div className={bad ? 'qb on' : 'qb'}>
            <span>{t('receiving.bad')}</span>
            <b className="num">{bad}</b>
            <kbd>2</kbd>
          </div>
          <div className="qb plain">
            <span>{t('receiving.due')}</span>
            <b className="num">{pieces.length}</b>
          </div>
        </div>
        <div className="card mc row wide">
          <TextField
            label={t('receiving.photos')}
            type="number"
            min={0}
            value={String(photos)}
            onChange={(value) => setPhotos(Math.max(0, Number(value) || 0))}
          />
          <Check checked={video} onChange={setVideo}>
            {t('receiving.video')}
          </Check>
          <span className="q">{t('receiving.video_note')}</span>
        </div>
      </section>
      <section className="ic">
        <div className="row between">
          <b className="xl">{t('receiving.units')}</b>
          <span className="q">{t('receiving.units_note')}</span>
        </div>
        <div className="scroll">
          {pieces.map((piece) => {
            const it = unit(piece.key)
            const line = view.order?.lines.find((one) => one.line_no === piece.line_no)
            return (
              <div key={piece.key} className="piece">
                <div className="row between">
                  <b>{line?.title ?? `#${piece.line_no}`}</b>
                  <span className="q">
                    {line?.spec}
                    {seen[piece.line_no] ? ` · ${t('receiving2.seen', { count: seen[piece.line_no] ?? 0 })}` : ''}
                  </span>
                </div>
                <div className="tg">
                  {CONDITIONS.map((condition) => (
                    <button
                      key={condition}
                      type="button"
                      className={it.condition === condition ? (condition === 'good' ? 'on good' : 'on bad') : ''}
                      aria-pressed={it.condition === condition}
                      onClick={() => set(piece.key, { condition })}
                    >
                      <Icon name={condition === 'good' ? 'check' : 'close'} />
                      {word('condition', condition)}
                    </button>
                  ))}
                </div>
                {criteria.map((criterion) => (
                  <Check
                    key={criterion.id}
                    checked={!it.broken.includes(criterion.id)}
                    onChange={(intact) =>
                      set(piece.key, {
                        broken: intact
                          ? it.broken.filter((one) => one !== both(criterion.title))
                          : [...it.broken, both(criterion.title)],
                        condition: intact ? it.condition : it.condition === 'good' ? 'not_intact' : it.condition,
                      })
                    }
                  >
                    {both(criterion.title)}
                    {criterion.proof === 'video' ? <span className="q">·{t('receiving.needs_video')}</span> : null}
                  </Check>
                ))}
                <TextField label={t('sheet.note')} value={it.note} onChange={(note) => set(piece.key, { note })} />
              </div>
            )
          })}
          {pieces.length === 0 ? <p className="warn">{t('receiving.nothing_expected')}</p> : null}
        </div>
        {bad ? (
          <div className="verd">
            <b>{t('receiving.not_intact')}</b>
            <p>{t('receiving.binary')}</p>
          </div>
        ) : null}
        <Trouble error={problem} onRetry={problem ? () => void finish() : undefined} />
        <Button look="primary" keys="Enter" busy={busy} disabled={pieces.length === 0} onClick={() => void finish()}>
          {bad ? t('receiving.finish_bad') : t('receiving.finish')}
        </Button>
      </section>
    </div>
  )
}
