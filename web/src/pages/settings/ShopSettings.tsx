// A shop's policy switches, limits and rules as the desk keeps them. Owns reading and sending them back whole.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '@/api/client'
import { useCommand } from '@/api/useCommand'
import { useMe } from '@/app/me'
import { Button, Field, SelectField } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'

export function ShopSettings(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const [shop, setShop] = useState(me.shops[0]?.code ?? '')
  const path = `/shops/${encodeURIComponent(shop)}/settings`
  const { data, error } = useQuery({
    queryKey: ['settings', shop],
    queryFn: () => get<Record<string, unknown>>(path),
    enabled: shop !== '',
    retry: false,
  })
  const [text, setText] = useState('')
  useEffect(() => setText(data ? JSON.stringify(data, null, 2) : ''), [data])
  const command = useCommand<unknown, unknown>(path, ['settings', shop])
  let parsed: unknown
  let wrong = ''
  try {
    parsed = text ? JSON.parse(text) : undefined
  } catch (problem) {
    wrong = String(problem)
  }
  return (
    <div className="stack">
      <SelectField
        label={t('intake.shop')}
        value={shop}
        onChange={setShop}
        options={me.shops.map((it) => ({ value: it.code, label: it.title }))}
      />
      <Trouble error={error} />
      {data ? (
        <>
          <Field label={t('settings.policy')} hint={t('settings.policy_hint')} error={wrong}>
            {(id) => (
              <textarea
                id={id}
                className="in mono"
                rows={24}
                value={text}
                onChange={(event) => setText(event.target.value)}
                spellCheck={false}
              />
            )}
          </Field>
          <Trouble error={command.error} />
          <div>
            <Button
              look="primary"
              busy={command.busy}
              disabled={parsed === undefined || wrong !== ''}
              onClick={() => void command.run(parsed)}
            >
              {t('sheet.save')}
            </Button>
          </div>
        </>
      ) : null}
    </div>
  )
}
