// A link to another page of the workbench: an ordinary anchor, so that it opens in a new tab too. Owns the plain click. The router's own
// link follows every move of the address; a list of fifty of them takes longer than the page it stands on.
import { useRouter } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, JSX } from 'react'

export function Go({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }): JSX.Element {
  const { history } = useRouter()
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0
        if (elsewhere || event.defaultPrevented) return
        event.preventDefault()
        history.push(href)
      }}
    />
  )
}

/** The address of a case. */
export const caseHref = (shop: string, id: string): string => `/cases/${encodeURIComponent(shop)}/${encodeURIComponent(id)}`

/** The address of the queue in a view, of one shop or all. */
export function queueHref(view?: string, shop?: string): string {
  const said = new URLSearchParams(Object.entries({ view, shop }).flatMap(([name, value]) => (value ? [[name, value]] : [])))
  return said.size ? `/?${said}` : '/'
}
