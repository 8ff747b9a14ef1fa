// Conversation and events in one order of time, and the composer under it. Owns the tabs and the look of an entry.
import { type JSX, memo, useEffect, useMemo, useRef, useState } from 'react'
import { markWord } from '@/api/catalogue'
import { href } from '@/api/client'
import { dropPrepared, markSent } from '@/api/commands'
import type { Evidence, TimelineEntry } from '@/api/types'
import { casePath } from '@/api/useCommand'
import { useTranslation, word } from '@/i18n'
import { Button, Segments } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { PartyMark } from '@/parts/marks'
import { Scroll } from '@/parts/Scroll'
import { Trouble } from '@/parts/Trouble'
import { exact, when } from '@/parts/time'
import { Composer, type Draft } from './Composer'
import { isHousekeeping, tabOf, told } from './events'
import { WithNames } from './Mention'
import { isMasked, Reveal, reveal } from './Reveal'
import { useWork } from './work'

export type { Draft }

type Tab = 'all' | 'talk' | 'work' | 'platform'

export function Conversation({ draft, setDraft }: { draft: Draft; setDraft: (draft: Draft) => void }): JSX.Element {
  const { t } = useTranslation()
  const { view, open } = useWork()
  const [tab, setTab] = useState<Tab>('all')
  const entries = view.timeline
  const counts = useMemo(() => {
    const sum = { all: entries.filter((entry) => !isHousekeeping(entry)).length, talk: 0, work: 0, platform: 0 }
    for (const entry of entries) sum[tabOf(entry)] += 1
    return sum
  }, [entries])
  const shown = entries.filter((entry) => (tab === 'all' ? !isHousekeeping(entry) : tabOf(entry) === tab))
  const evidence = new Map(view.evidence.map((item) => [item.id, item]))
  const end = useRef<HTMLElement>(null)
  const last = entries.at(-1)?.at
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new entry or another tab is read from its end
  useEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight
  }, [last, tab])
  return (
    <section className="cv col" aria-label={t('case.conversation')}>
      <div className="ctab">
        <Segments
          label={t('case.conversation')}
          value={tab}
          options={(['all', 'talk', 'work', 'platform'] as const).map((value) => ({
            value,
            label: `${t(`case.tab.${value}`)} ${counts[value]}`,
          }))}
          onChange={setTab}
        />
        <span className="grow" />
        <Button small look="ghost" icon="photo" onClick={() => open({ name: 'evidence' })}>
          {t('action.evidence')}
          {view.evidence.length ? ` ${view.evidence.length}` : ''}
        </Button>
      </div>
      <Scroll label={t('case.conversation')} className="evs" inner={end}>
        {shown.map((entry, at) => (
          <Entry
            key={entry.id ?? `${entry.version}-${at}`}
            entry={entry}
            before={shown[at - 1]}
            evidence={evidence.get(String(entry.data?.evidence ?? ''))}
          />
        ))}
      </Scroll>
      <Composer draft={draft} setDraft={setDraft} />
    </section>
  )
}

const Entry = memo(function Entry({
  entry,
  before,
  evidence,
}: {
  entry: TimelineEntry
  before?: TimelineEntry
  evidence?: Evidence
}): JSX.Element {
  const { t } = useTranslation()
  const { view, at, me } = useWork()
  const talk = entry.kind === 'contact'
  const who = talk && entry.direction === 'in' ? 'buyer' : (entry.actor_role ?? 'desk')
  const day = (it?: TimelineEntry) => (it ? exact(it.at).slice(0, 10) : '')
  const newDay = day(entry) !== day(before)
  const prepared = entry.direction === 'out' && entry.sent_at === null
  return (
    <>
      {newDay ? <div className="day xs q">{day(entry)}</div> : null}
      <div className={talk ? 'ev' : 'ev mini'}>
        <span className="et num" title={exact(entry.at)}>
          {exact(entry.at).slice(11, 16)}
        </span>
        <PartyMark who={who} />
        <div className="ec">
          {talk ? (
            <>
              <div className="xs q">
                {[
                  entry.direction === 'in'
                    ? view.case.buyer_masked || word('party', 'buyer')
                    : `${entry.actor ?? word('party', who)} ${entry.agent_no ?? ''}`.trim(),
                  entry.direction === 'note' ? t('case.note') : word('channel', entry.channel),
                  ...(entry.marks ?? []).map((mark) => markWord(mark) || word('mark', mark)),
                  prepared ? t('case.prepared') : '',
                ]
                  .filter(Boolean)
                  .join('·')}
              </div>
              <div
                className={
                  entry.direction === 'in' ? 'bub' : entry.direction === 'note' ? 'bub note' : prepared ? 'bub ready' : 'bub out'
                }
              >
                {entry.text === null || entry.text === undefined ? (
                  <i className="q">{t('case.erased')}</i>
                ) : entry.direction === 'note' ? (
                  <WithNames text={entry.text} />
                ) : (
                  entry.text
                )}
              </div>
              {isMasked(entry.text) && entry.id && me.can('reveal') && me.reveals.includes('words') ? (
                <InFull id={entry.id} />
              ) : null}
              {prepared && entry.id && view.case.open ? <Prepared id={entry.id} text={entry.text ?? ''} /> : null}
            </>
          ) : (
            <div className="sysl">
              <span className="q">{entry.actor ?? word('party', who)}</span> {told(entry)}
              {evidence ? <EvidenceChip item={evidence} link={href(casePath(at, `evidence/${evidence.id}`))} /> : null}
            </div>
          )}
        </div>
      </div>
    </>
  )
})

/** Numbers and addresses in what was said are masked; who needs them says why. */
function InFull({ id }: { id: string }): JSX.Element {
  const { t } = useTranslation()
  const { at } = useWork()
  const [asking, setAsking] = useState(false)
  if (asking) return <Reveal path={casePath(at, `contacts/${id}/reveal`)} onClose={() => setAsking(false)} />
  return (
    <Button small look="ghost" icon="eye" onClick={() => setAsking(true)}>
      {t('case.in_full')}
    </Button>
  )
}

/** Words the desk made ready: a person pastes them into the platform's chat, or drops them. */
function Prepared({ id, text }: { id: string; text: string }): JSX.Element {
  const { t } = useTranslation()
  const { run, busy, at } = useWork()
  const [error, setError] = useState<Error | null>(null)
  const sent = async () => {
    // The buyer gets the words as they were written, and the desk keeps the same.
    setError(null)
    try {
      const words = isMasked(text) ? await reveal(casePath(at, `contacts/${id}/reveal`), { reason: t('case.to_send') }) : text
      await navigator.clipboard?.writeText(words).catch(() => {})
    } catch (problem) {
      return setError(problem as Error)
    }
    await run(markSent(id), {})
  }
  return (
    <div className="row">
      <Button small busy={busy} onClick={() => void sent()}>
        {t('composer.copy_and_mark')}
      </Button>
      <Button small look="ghost" busy={busy} onClick={() => void run(dropPrepared(id), {})}>
        {t('case.drop')}
      </Button>
      <Trouble error={error} />
    </div>
  )
}

/** A piece of evidence: its name, hash and, for pictures, a small view. */
export function EvidenceChip({ item, link }: { item: Evidence; link: string }): JSX.Element {
  const { t } = useTranslation()
  const picture = item.blob_id && (item.media_type?.startsWith('image/') || /photo|screenshot/.test(item.kind))
  return (
    <span className="evi">
      {picture ? (
        <a href={link} target="_blank" rel="noreferrer" className="thumb" title={t('case.enlarge')}>
          <img src={link} alt={item.name ?? word('evidence', item.kind)} loading="lazy" />
        </a>
      ) : (
        <span className="thumb none" aria-hidden="true">
          <Icon name="photo" size="l" />
        </span>
      )}
      <span className="xs q2">
        <span className="clip">{item.name || word('evidence', item.kind)}</span>
        <span className="q">
          {word('evidence', item.kind)}·{word('giver', item.giver)} {when(item.at)}
        </span>
        {item.sha256 ? (
          <span className="mono q" title={item.sha256}>
            sha256 {item.sha256.slice(0, 4)}…{item.sha256.slice(-4)}
          </span>
        ) : null}
      </span>
    </span>
  )
}
