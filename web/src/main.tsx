// Start of the workbench. Owns nothing but the order: look, texts, router.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { type JSX, StrictMode, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { onLanguage } from '@/i18n'
import { onNotAllowed, onSignedOut, Refused } from './api/client'
import { meQuery } from './api/queries'
import { apply } from './app/look'
import { makeRouter } from './app/router'
import { language } from './i18n/language'
import './styles/index.css'

apply()
document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal is an answer; only silence is tried again.
      retry: (tries, problem) => !(problem instanceof Refused) && tries < 2,
      refetchOnWindowFocus: false,
    },
  },
})
const router = makeRouter(queries)

onSignedOut(() => {
  const here = router.state.location
  if (here.pathname === '/login') return
  queries.clear()
  void router.navigate({ to: '/login', search: { back: here.href } })
})

/** Another language is another screen: everything is drawn anew. */
function Screen(): JSX.Element {
  return <RouterProvider key={useSyncExternalStore(onLanguage, language)} router={router} />
}

onNotAllowed(() => void queries.invalidateQueries({ queryKey: meQuery.queryKey }))

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Screen />
      </QueryClientProvider>
    </StrictMode>,
  )
}
