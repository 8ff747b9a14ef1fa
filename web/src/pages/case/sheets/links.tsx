// Small forms about cases that belong together or apart: merge, link, split. Owns their fields.
import { type JSX, useState } from 'react'
import { valueWord } from '@/api/catalogue'
import { link, merge, split } from '@/api/commands'
import { useTranslation, word } from '@/i18n'
import { Check, SelectField, TextField } from '@/parts/form'
import { useWork } from '../work'
import { Sheet } from './Sheet'

interface Props {
  onClose: () => void
}

export function MergeSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [into, setInto] = useState(view.links?.[0]?.case_id ?? '')
  return (
    <Sheet
      title={t('action.merge')}
      note={t('sheet.merge.note')}
      command={merge}
      submit={t('action.merge')}
      body={() => (into.trim() ? { into: into.trim() } : undefined)}
      onClose={onClose}
    >
      <TextField label={t('sheet.merge.into')} value={into} onChange={setInto} hint={t('sheet.case_hint')} autoFocus />
    </Sheet>
  )
}

export function LinkSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [other, setOther] = useState('')
  const [kind, setKind] = useState('related')
  return (
    <Sheet
      title={t('action.link')}
      command={link}
      submit={t('sheet.save')}
      body={() => (other.trim() ? { other: other.trim(), kind } : undefined)}
      onClose={onClose}
    >
      <TextField label={t('sheet.link.other')} value={other} onChange={setOther} hint={t('sheet.case_hint')} autoFocus />
      <SelectField
        label={t('sheet.link.kind')}
        value={kind}
        onChange={setKind}
        options={['related', 'incident', 'reorder', 'duplicate'].map((it) => ({ value: it, label: word('link', it) }))}
      />
    </Sheet>
  )
}

export function SplitSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [chosen, setChosen] = useState<string[]>([])
  return (
    <Sheet
      title={t('action.split')}
      note={t('sheet.split.note')}
      command={split}
      submit={t('action.split')}
      body={() => (chosen.length ? { request_ids: chosen } : undefined)}
      onClose={onClose}
    >
      {view.requests.map((it) => (
        <Check
          key={it.id}
          checked={chosen.includes(it.id)}
          onChange={(on) => setChosen(on ? [...chosen, it.id] : chosen.filter((id) => id !== it.id))}
        >
          {word('request_kind', it.kind)} {valueWord('request.problem', it.reason)}
        </Check>
      ))}
    </Sheet>
  )
}
