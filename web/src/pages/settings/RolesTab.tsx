// Roles: the matrix of permissions, and making a role of the shop's own from a built-in one. Owns the table and which role is edited.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { useMe } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { language } from '@/i18n/language'
import { Button } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { Scroll } from '@/parts/Scroll'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { RoleForm } from './RoleForm'
import { type Draft, grouped, type Roles, rolesQuery, startOf } from './roles'

/** The role that shops narrow most often. */
const USUAL = 'agent'

export function RolesTab(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { data, error, refetch } = useQuery(rolesQuery)
  const [draft, setDraft] = useState<Draft | null>(null)
  if (!data) return error ? <Trouble error={error} onRetry={() => void refetch()} /> : <Skeleton rows={12} height={28} />
  const reach = (role: string) => data.builtin.find((it) => it.role === role)?.reach ?? {}
  const start = (base: string, name: string) => setDraft({ ...startOf(data, base, me.may, me.reveals), name })
  return (
    <div className="roles">
      <aside className="stack">
        <span className="xs q">{t('door.roles.note')}</span>
        <div className="row between">
          <b>{t('door.roles.custom')}</b>
          <Button small look="primary" onClick={() => start(USUAL, '')}>
            {t('door.roles.add')}
          </Button>
        </div>
        {data.custom.map((role) => (
          <button
            key={role.id}
            type="button"
            className="rolepick"
            aria-pressed={draft?.id === role.id}
            onClick={() => setDraft({ ...role })}
          >
            <b>{role.name}</b>
            <span className="xs q">
              {t('door.roles.base')}
              {word('role', role.base)} · {t('door.roles.count', { count: role.actions.length })}
            </span>
          </button>
        ))}
        {data.custom.length ? null : (
          <div className="q xs">
            <b>{t('door.roles.none')}</b>
            <p>{t('door.roles.none_hint')}</p>
          </div>
        )}
        {draft ? (
          <RoleForm
            key={draft.id ?? 'new'}
            draft={draft}
            bases={data.builtin.map((it) => it.role).filter((role) => role !== 'owner' && role !== 'api')}
            canReveal={draft.actions.includes('reveal')}
            onChange={setDraft}
            onRebase={(base) => start(base, draft.name)}
            onDone={() => setDraft(null)}
          />
        ) : null}
      </aside>
      <Matrix
        roles={data}
        draft={draft}
        may={(action) => Boolean(draft && reach(draft.base)[action]) && me.can(action)}
        onToggle={(action) =>
          draft &&
          setDraft({
            ...draft,
            actions: draft.actions.includes(action) ? draft.actions.filter((it) => it !== action) : [...draft.actions, action],
          })
        }
      />
    </div>
  )
}

function Matrix({
  roles,
  draft,
  may,
  onToggle,
}: {
  roles: Roles
  draft: Draft | null
  may: (action: string) => boolean
  onToggle: (action: string) => void
}): JSX.Element {
  const { t } = useTranslation()
  // While a role is made, only it and what it is made from matter.
  const builtin = draft ? roles.builtin.filter((it) => it.role === draft.base) : roles.builtin.filter((it) => it.role !== 'api')
  const custom = draft ? [] : roles.custom
  const base = roles.builtin.find((it) => it.role === draft?.base)?.reach
  const shown = (all: Roles['actions']) => (base ? all.filter((it) => base[it.name]) : all)
  const columns = 1 + builtin.length + custom.length + (draft ? 1 : 0)
  return (
    <Scroll label={t('door.roles.permission')} className={draft ? 'matrix narrow' : 'matrix'}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('door.roles.permission')}</th>
            {draft ? (
              <th scope="col" className="own">
                {draft.name || t('door.roles.new')}
              </th>
            ) : null}
            {custom.map((role) => (
              <th key={role.id} scope="col" className="own">
                {role.name}
              </th>
            ))}
            {builtin.map((it) => (
              <th key={it.role} scope="col">
                {word('role', it.role)}
              </th>
            ))}
          </tr>
        </thead>
        {grouped(roles.actions).map(({ group, actions }) =>
          shown(actions).length ? (
            <tbody key={group}>
              <tr className="gr">
                <th colSpan={columns} scope="colgroup">
                  {t(`door.roles.group.${group}`)}
                </th>
              </tr>
              {shown(actions).map((action) => {
                const label = language() === 'zh' ? action.zh : action.name.replaceAll('_', ' ')
                return (
                  <tr key={action.name}>
                    <th scope="row">{label}</th>
                    {draft ? (
                      <td className="own">
                        <input
                          type="checkbox"
                          aria-label={label}
                          checked={draft.actions.includes(action.name)}
                          disabled={!may(action.name) && !draft.actions.includes(action.name)}
                          onChange={() => onToggle(action.name)}
                        />
                      </td>
                    ) : null}
                    {custom.map((role) => (
                      <td key={role.id} className="own">
                        <Cell reach={role.actions.includes(action.name) ? 'yes' : undefined} />
                      </td>
                    ))}
                    {builtin.map((it) => (
                      <td key={it.role}>
                        <Cell reach={it.reach[action.name]} />
                      </td>
                    ))}
                  </tr>
                )
              })}
            </tbody>
          ) : null,
        )}
      </table>
    </Scroll>
  )
}

function Cell({ reach }: { reach: string | undefined }): JSX.Element {
  const { t } = useTranslation()
  if (!reach) return <span className="no">–</span>
  if (reach === 'yes')
    return (
      <span className="yes">
        <Icon name="check" size="s" />
        <span className="sr">{t('door.roles.cell_yes')}</span>
      </span>
    )
  return <span className="part">{t(reach === 'team' ? 'door.roles.cell_team' : 'door.roles.cell_own')}</span>
}
