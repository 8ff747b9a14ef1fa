// The shop's own reasons for a refusal, filled in for this case. Owns picking one; the words stay editable.
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { readyQuery } from '@/api/knowledge'
import { useVariableWord } from '@/api/variables'
import { both, useTranslation } from '@/i18n'
import { SelectField } from '@/parts/form'
import { useWork } from '../work'

export function Reasons({ onPick }: { onPick: (text: string) => void }): JSX.Element | null {
  const { t } = useTranslation()
  const named = useVariableWord()
  const { at, me } = useWork()
  const { data } = useQuery(readyQuery(at, me.can('contact')))
  const reasons = (data ?? []).filter((it) => it.kind === 'reject_reason')
  if (!reasons.length) return null
  const lacking = reasons.filter((it) => it.missing.length)
  return (
    <SelectField
      label={t('knowledge.from_reasons')}
      value=""
      empty=""
      onChange={(id) => onPick(both(reasons.find((it) => it.id === id)?.text))}
      options={reasons.filter((it) => !it.missing.length).map((it) => ({ value: it.id, label: both(it.title) }))}
      hint={lacking
        .map((it) => `${both(it.title)} ${t('composer.missing', { facts: it.missing.map(named).join(' ') })}`)
        .join(' ')}
    />
  )
}
