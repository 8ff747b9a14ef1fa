// What somebody sees whose role needs a second factor and who has none yet: setting it up, and nothing else. Owns that page.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { JSX } from 'react'
import { remove } from '@/api/client'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { FactorSetup } from './FactorSetup'

export function Demanded(): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    await remove('/session').catch(() => undefined)
    queries.clear()
    void navigate({ to: '/login' })
  }
  return (
    <main className="col grow surface">
      <div className="demanded card pad stack">
        <h1>{t('door.factor.demanded_title')}</h1>
        <p className="warn">{t('door.factor.demanded')}</p>
        <FactorSetup onDone={() => void queries.invalidateQueries()} />
        <div>
          <Button look="ghost" small onClick={() => void leave()}>
            {t('nav.sign_out')}
          </Button>
        </div>
      </div>
    </main>
  )
}
