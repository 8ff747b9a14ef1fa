// Signing in. Owns the form; the password is never kept.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, type JSX, useState } from 'react'
import { post } from '@/api/client'
import { meQuery } from '@/api/queries'
import type { Me } from '@/api/types'
import { setLanguage, useTranslation } from '@/i18n'
import { language } from '@/i18n/language'
import { Button, TextField } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'

export function LoginPage(): JSX.Element {
  const { t } = useTranslation()
  const { back } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const me = await post<Me>('/session', { name, password })
      queries.setQueryData(meQuery.queryKey, me)
      const local = back?.startsWith('/') && !back.startsWith('//') ? back : '/'
      await navigate({ href: local, replace: true })
    } catch (problem) {
      setError(problem as Error)
    } finally {
      setBusy(false)
    }
  }
  const other = language() === 'zh' ? 'en' : 'zh'
  return (
    <main className="login">
      <form className="card" onSubmit={(event) => void signIn(event)}>
        <div className="row between">
          <div className="row">
            <div className="logo" aria-hidden="true">
              {t('nav.logo')}
            </div>
            <h1>{t('login.title')}</h1>
          </div>
          <button type="button" className="btn sm ghost" onClick={() => setLanguage(other)}>
            {t('login.other_language')}
          </button>
        </div>
        <TextField
          label={t('login.name')}
          name="username"
          value={name}
          onChange={setName}
          autoComplete="username"
          required
          autoFocus
        />
        <TextField
          label={t('login.password')}
          name="password"
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          required
        />
        <Trouble error={error} />
        <Button look="primary" type="submit" busy={busy}>
          {t('login.sign_in')}
        </Button>
      </form>
    </main>
  )
}
