// Whose list is shown. Owns the tabs and which team a role begins with.
import type { JSX } from 'react'
import { useTranslation, word } from '@/i18n'
import { Segments } from '@/parts/form'

const TEAMS = [
  'all',
  'agent',
  'supervisor',
  'warehouse',
  'finance',
  'parcel_desk',
  'reviewer',
  'quality',
  'operations',
  'technician',
] as const
type Team = (typeof TEAMS)[number]

const OF_ROLE: Record<string, Team> = {
  warehouse: 'warehouse',
  finance: 'finance',
  parcel_desk: 'parcel_desk',
  reviewer: 'reviewer',
  quality: 'quality',
  operations: 'operations',
  agent: 'agent',
  senior: 'agent',
}

export const teamOf = (role: string): string => OF_ROLE[role] ?? 'all'

export function TeamTabs({ team, onChange }: { team: string; onChange: (team: string) => void }): JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="bar">
      <Segments
        label={t('team_tabs')}
        value={team as Team}
        onChange={onChange}
        options={TEAMS.map((it) => ({ value: it, label: it === 'all' ? t('all') : word('team', it) }))}
      />
    </div>
  )
}
