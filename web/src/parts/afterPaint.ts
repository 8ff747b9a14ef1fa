// What need not be there for the first look. Owns the moment: after the page has been painted.
import { type DependencyList, useEffect } from 'react'

/** An effect that waits for the paint: a key press paints first, and then asks the desk, counts and remembers. */
export function useAfterPaint(effect: () => unknown, deps: DependencyList): void {
  useEffect(() => {
    let end: unknown
    let later: ReturnType<typeof setTimeout>
    const soon = () => {
      later = setTimeout(() => {
        end = effect()
      })
    }
    // A page in a hidden tab is not painted; it is not waited for.
    const frame = document.hidden ? 0 : requestAnimationFrame(soon)
    if (document.hidden) soon()
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(later)
      // Taking leave waits for the paint as well.
      if (typeof end === 'function') setTimeout(end as () => void)
    }
    // biome-ignore lint/correctness/useExhaustiveDependencies: whoever calls names what it hangs on
  }, deps)
}
