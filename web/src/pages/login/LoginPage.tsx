// Signing in: name and password, then the second factor where it is on. Owns the form; the password is kept only while the code is asked for.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, type JSX, useState } from 'react'
import { post, Refused } from '@/api/client'
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
  const [code, setCode] = useState('')
  /** The password was right, and the second factor is asked for. */
  const [second, setSecond] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || (second && !code.trim())) return
    setBusy(true)
    setError(null)
    try {
      const me = await post<Me>('/session', { name, password, ...(second ? { code: code.trim() } : {}) })
      queries.setQueryData(meQuery.queryKey, me)
      const local = back?.startsWith('/') && !back.startsWith('//') ? back : '/'
      await navigate({ href: local, replace: true })
    } catch (problem) {
      const asked = problem instanceof Refused && problem.code === 'factor_needed'
      setSecond(second || asked)
      setCode('')
      setError(asked ? null : (problem as Error))
    } finally {
      setBusy(false)
    }
  }
  const startOver = () => {
    setSecond(false)
    setPassword('')
    setCode('')
    setError(null)
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
        {second ? (
          <>
            <p className="q">{t('door.factor.sign_in_note')}</p>
            <TextField
              label={t('door.factor.code')}
              name="code"
              value={code}
              onChange={setCode}
              autoComplete="one-time-code"
              hint={t('door.factor.code_hint')}
              required
              autoFocus
            />
          </>
        ) : (
          <>
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
          </>
        )}
        <Trouble error={error} />
        <Button look="primary" type="submit" busy={busy}>
          {t('login.sign_in')}
        </Button>
        {second ? <Button onClick={startOver}>{t('door.factor.back')}</Button> : null}
      </form>
    </main>
  )
}
