// Small forms about talk with third parties. Owns their fields.
import { type JSX, useState } from 'react'
import { sideMessage, sideThread } from '@/api/commands'
import { useTranslation, word } from '@/i18n'
import { AreaField, Segments, SelectField, TextField } from '@/parts/form'
import { Sheet } from './Sheet'

interface Props {
  onClose: () => void
}

export function SideThreadSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [party, setParty] = useState('carrier')
  const [subject, setSubject] = useState('')
  return (
    <Sheet
      title={t('action.side_thread')}
      note={t('sheet.thread.note')}
      command={sideThread}
      submit={t('sheet.save')}
      body={() => (subject.trim() ? { party, subject: subject.trim() } : undefined)}
      onClose={onClose}
    >
      <SelectField
        label={t('sheet.thread.party')}
        value={party}
        onChange={setParty}
        options={['carrier', 'supplier', 'technician'].map((it) => ({ value: it, label: word('party', it) }))}
      />
      <TextField label={t('sheet.thread.subject')} value={subject} onChange={setSubject} autoFocus />
    </Sheet>
  )
}

export function SideMessageSheet({ threadId, onClose }: Props & { threadId: string }): JSX.Element {
  const { t } = useTranslation()
  const [direction, setDirection] = useState<'out' | 'in'>('out')
  const [text, setText] = useState('')
  return (
    <Sheet
      title={t('thread.write')}
      note={t('sheet.thread.note')}
      command={sideMessage(threadId)}
      submit={t('sheet.save')}
      body={() => (text.trim() ? { direction, text: text.trim() } : undefined)}
      onClose={onClose}
    >
      <Segments
        label={t('thread.direction')}
        value={direction}
        onChange={setDirection}
        options={(['out', 'in'] as const).map((it) => ({ value: it, label: t(`thread.${it}`) }))}
      />
      <AreaField label={t('thread.text')} value={text} onChange={setText} />
    </Sheet>
  )
}
