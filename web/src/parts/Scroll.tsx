// A part of the page that scrolls by itself. Owns that it can be reached and scrolled by keys; what it holds is its page's business.
import type { JSX, ReactNode, Ref } from 'react'

export function Scroll({
  label,
  className = 'scroll',
  inner,
  children,
}: {
  label: string
  className?: string
  inner?: Ref<HTMLElement>
  children: ReactNode
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse
    <section ref={inner} className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
