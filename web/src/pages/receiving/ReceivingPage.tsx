// The warehouse: scan a returned parcel, see its case, inspect, finish. Owns the scan and the three lists; the form stands in Inspect.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, type JSX, useRef, useState } from 'react'
import { post, Unreachable } from '@/api/client'
import { Intent } from '@/api/intent'
import { findCases, unclaimedParcels, waitingParcels } from '@/api/queries'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { ShopPicker } from '@/app/ShopPicker'
import { Top } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { Button, Segments, TextField } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { StateMark } from '@/parts/marks'
import { Copy, Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { Inspect, type Inspection } from './Inspect'
import { byHand, useScanner } from './useScanner'
import { MOST, useWaiting } from './waiting'

export interface Scan {
  /** `case`, `unclaimed` or `other_shop`. */
  found: string
  parcel_id?: string | null
  case_id?: string | null
  case_no: string
  order_no: string
  /** The shop's code. */
  shop: string
  again: boolean
  lines: { line_no: number; sku: string; title: string; spec: string; quantity: number }[]
  warnings: { code: string; message: string }[]
}

const TABS = ['scan', 'waiting', 'unclaimed'] as const
type Tab = (typeof TABS)[number]

export function ReceivingPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const search = useSearch({ from: '/frame/receiving' })
  const shop = search.shop ?? me.shops[0]?.code ?? ''
  const tab: Tab = (TABS as readonly string[]).includes(search.tab ?? '') ? (search.tab as Tab) : 'scan'
  const [typedIn, setTypedIn] = useState('')
  const [scan, setScan] = useState<(Scan & { waybill: string }) | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [done, setDone] = useState(0)
  /** What the last scan was told of instead of being looked up: again the same parcel, or one is still under inspection. */
  const [notice, setNotice] = useState<{ kind: 'again' | 'unfinished' | 'kept' | 'full'; waybill: string } | null>(null)
  const intent = useRef(new Intent())
  const inspection = useRef<Inspection | null>(null)
  const offline = useWaiting(() => void queries.invalidateQueries({ queryKey: ['returns'] }))
  const waiting = useQuery(waitingParcels(shop))
  const unclaimed = useQuery(unclaimedParcels(shop))
  const go = (next: { shop?: string; tab?: string }) => void navigate({ to: '/receiving', search: { shop, tab, ...next } })

  /** A scan: goods of the parcel in hand, the parcel in hand again, or the next parcel. */
  const heard = (text: string) => {
    // Out of the field, so that the keys of the inspection are keys again and no input method is in their way.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
    setNotice(null)
    setTypedIn('')
    if (inspection.current?.take(text)) return beep(880)
    if (scan && text.toUpperCase() === scan.waybill.toUpperCase()) {
      beep(330, 2)
      return setNotice({ kind: 'again', waybill: text })
    }
    if (inspection.current?.touched()) {
      beep(220, 2)
      return setNotice({ kind: 'unfinished', waybill: text })
    }
    void take(text)
  }
  const take = async (waybill: string) => {
    setError(null)
    setNotice(null)
    try {
      const body = { waybill }
      const answer = await post<Scan>(`/shops/${shop}/returns/scan`, body, { key: intent.current.keyFor(body) })
      intent.current.done()
      setScan({ ...answer, waybill })
      setTypedIn('')
      if (answer.again) {
        beep(330, 2)
        setNotice({ kind: 'again', waybill })
      } else beep(answer.found === 'case' ? 880 : 330)
      if (tab !== 'scan') go({ tab: 'scan' })
      void queries.invalidateQueries({ queryKey: ['returns'] })
    } catch (problem) {
      beep(220)
      setScan(null)
      setTypedIn('')
      if (!(problem instanceof Unreachable)) return setError(problem as Error)
      const kept = offline.put({ shop, waybill, key: intent.current.keyFor({ waybill }) })
      intent.current.done()
      setNotice({ kind: kept ? 'kept' : 'full', waybill })
    }
  }
  useScanner(heard)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typedIn.trim()) heard(typedIn.trim())
  }
  const counts: Record<Tab, string> = {
    scan: '',
    waiting: String(waiting.data?.items.length ?? ''),
    unclaimed: String(unclaimed.data?.items.length ?? ''),
  }

  return (
    <main className="col grow ins">
      <Top title={t('receiving.title')} note={done ? t('receiving.done_today', { count: done }) : ''}>
        <ShopPicker shop={shop} onChange={(code) => go({ shop: code })} />
      </Top>
      {offline.count ? (
        <p className="offline" role="alert">
          <Icon name="warn" />
          {t('receiving2.offline', { count: offline.count, most: MOST })}
        </p>
      ) : null}
      <div className="bar">
        <Segments
          label={t('receiving.title')}
          value={tab}
          onChange={(next) => go({ tab: next })}
          options={TABS.map((it) => ({ value: it, label: `${t(`receiving.tab_${it}`)} ${counts[it]}` }))}
        />
        {waiting.data?.items.some((it) => it.hours >= 12) ? (
          <span className="warn row xs">
            <Icon name="clock" size="s" />
            {t('receiving.late', { count: waiting.data.items.filter((it) => it.hours >= 12).length })}
          </span>
        ) : null}
      </div>
      {tab === 'scan' ? (
        <>
          <form className="ih" onSubmit={submit}>
            <Icon name="scan" size="l" />
            <input
              className="in wb grow"
              value={typedIn}
              onChange={(event) => setTypedIn(event.target.value)}
              placeholder={scan ? scan.waybill : t('receiving.scan_hint')}
              aria-label={t('receiving.waybill')}
              // biome-ignore lint/a11y/noAutofocus: the page exists to scan
              autoFocus
              autoComplete="off"
            />
            <Button type="submit" look="primary" disabled={!typedIn.trim()}>
              {t('receiving.match')}
            </Button>
            {scan ? <StateMark kind="scan" state={scan.case_id ? 'done' : 'unknown'} /> : null}
          </form>
          <Trouble error={error} />
          {notice ? (
            <p className={notice.kind === 'kept' ? 'note2' : 'note2 hot'} role="alert">
              <Icon name={notice.kind === 'kept' ? 'clock' : 'warn'} />
              {t(`receiving2.${notice.kind}`, { waybill: notice.waybill, most: MOST })}
            </p>
          ) : null}
          {scan?.case_id && scan.parcel_id ? (
            <Inspect
              key={scan.parcel_id}
              shop={shop}
              caseId={scan.case_id}
              parcelId={scan.parcel_id}
              scan={scan}
              hold={inspection}
              onDone={() => {
                setDone((count) => count + 1)
                setScan(null)
                void queries.invalidateQueries({ queryKey: ['returns'] })
              }}
            />
          ) : scan ? (
            <div className="pad">
              <Empty title={t('receiving.no_case', { waybill: scan.waybill })}>
                {scan.found === 'other_shop'
                  ? t('receiving.other_shop', { shop: me.shopByCode(scan.shop)?.title ?? scan.shop })
                  : t('receiving.no_case_hint')}
                <Shelved onNext={() => setScan(null)} />
                <div className="row gap">
                  {scan.parcel_id ? <Claim shop={shop} parcel={scan.parcel_id} onDone={() => void take(scan.waybill)} /> : null}
                </div>
              </Empty>
            </div>
          ) : (
            <div className="pad">
              <Empty title={t('receiving.scan_hint')}>{t('receiving.scan_note')}</Empty>
            </div>
          )}
        </>
      ) : tab === 'waiting' ? (
        <div className="scroll">
          <Trouble error={waiting.error} onRetry={() => void waiting.refetch()} />
          {waiting.isPending ? <Skeleton rows={8} height={56} /> : null}
          {waiting.data?.items.length === 0 ? (
            <div className="pad">
              <Empty title={t('receiving.none_waiting')} />
            </div>
          ) : null}
          {waiting.data?.items.map((it) => (
            <div key={it.id} className="lr">
              <span className={`cd ${it.hours >= 36 ? 'over' : it.hours >= 12 ? 'h1' : 'h24'}`}>
                <i aria-hidden="true" />
                {t('receiving.hours', { hours: it.hours })}
              </span>
              <span className="grow">
                <Copy text={it.waybill} /> <span className="q">{word('carrier', it.carrier)}</span>
                <span className="xs q blk">{[it.case_no, it.order_no, it.title].filter(Boolean).join('·')}</span>
              </span>
              <span className="xs q">{it.signed_at ? t('receiving.signed', { at: when(it.signed_at) }) : ''}</span>
              <Button small onClick={() => void take(it.waybill)}>
                {t('receiving.scan_now')}
              </Button>
            </div>
          ))}
        </div>
      ) : (
        <div className="scroll">
          <Trouble error={unclaimed.error} onRetry={() => void unclaimed.refetch()} />
          {unclaimed.isPending ? <Skeleton rows={8} height={56} /> : null}
          {unclaimed.data?.items.length === 0 ? (
            <div className="pad">
              <Empty title={t('receiving.none_unclaimed')} />
            </div>
          ) : null}
          {unclaimed.data?.items.map((it) => (
            <div key={it.id} className="lr">
              <span className="grow">
                <Copy text={it.waybill} /> <span className="q">{word('carrier', it.carrier)}</span>
                <span className="xs q blk">{t('receiving.on_shelf', { at: when(it.scanned_at ?? it.created_at) })}</span>
              </span>
              <Claim shop={shop} parcel={it.id} onDone={() => void queries.invalidateQueries({ queryKey: ['returns'] })} />
            </div>
          ))}
        </div>
      )}
      <span className="sr" role="status">
        {scan ? word('scan', scan.case_id ? 'matched' : 'unmatched') : ''}
      </span>
    </main>
  )
}

/** Ties an unknown parcel to a case, found by number. */
function Claim({ shop, parcel, onDone }: { shop: string; parcel: string; onDone: (caseId: string) => void }): JSX.Element {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const intent = useRef(new Intent())
  const claim = async (event: FormEvent) => {
    event.preventDefault()
    setError(null)
    try {
      const caseId = await resolve(q.trim(), shop)
      if (!caseId) return setError(new Error(t('search.none')))
      const body = { case_id: caseId }
      await post(`/shops/${shop}/returns/${parcel}/claim`, body, { key: intent.current.keyFor(body) })
      onDone(caseId)
    } catch (problem) {
      setError(problem as Error)
    }
  }
  return (
    <form className="row end" onSubmit={(event) => void claim(event)}>
      <TextField label={t('receiving.claim_for')} value={q} onChange={setQ} />
      <Button small type="submit" disabled={!q.trim()}>
        {t('receiving.claim')}
      </Button>
      {q.trim() ? (
        <Link className="xs" to="/search" hash={q.trim()}>
          {t('search.title')}
        </Link>
      ) : null}
      <Trouble error={error} />
    </form>
  )
}

/** A case's id from its id, its number or its order's number. */
async function resolve(q: string, shop: string): Promise<string | undefined> {
  if (/^[0-9a-f-]{32,36}$/i.test(q)) return q
  const found = await findCases(q)
  return found.items.find((it) => it.shop === shop)?.case_id
}

/** The parcel is on the shelf; one key goes on to the next. */
function Shelved({ onNext }: { onNext: () => void }): JSX.Element {
  const { t } = useTranslation()
  useKeys({ Enter: { label: t('receiving2.next'), run: byHand(onNext) } })
  return (
    <div className="row gap">
      <Button look="primary" keys="Enter" onClick={onNext}>
        {t('receiving2.next')}
      </Button>
    </div>
  )
}

/** High for a match, low for none, twice for what was scanned before; the text on the page says the same. */
function beep(pitch: number, times = 1): void {
  if (times > 1) setTimeout(() => beep(pitch, times - 1), 180)
  navigator.vibrate?.(times > 1 ? [80, 60, 80] : 40)
  try {
    const audio = new AudioContext()
    const tone = audio.createOscillator()
    tone.frequency.value = pitch
    tone.connect(audio.destination)
    tone.start()
    tone.stop(audio.currentTime + 0.12)
    tone.onended = () => void audio.close()
  } catch {
    // No sound device; the page tells the same in words and colour.
  }
}
