// Theme and density. Owns the stored choice; nothing personal is kept in the browser, only how the screen looks.
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'standard' | 'compact'

const THEME = 'aftercare.theme'
const DENSITY = 'aftercare.density'
const dark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const kept = <T extends string>(place: string, allowed: readonly T[], or: T): T => {
  const value = localStorage.getItem(place) as T | null
  return value && allowed.includes(value) ? value : or
}

export const theme = (): Theme => kept(THEME, ['system', 'light', 'dark'], 'system')
export const density = (): Density => kept(DENSITY, ['standard', 'compact'], 'standard')

/** Puts the choice on the page. */
export function apply(): void {
  const root = document.documentElement
  const chosen = theme()
  root.dataset.theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen
  root.dataset.density = density()
  for (const listener of listeners) listener()
}

export function setTheme(next: Theme): void {
  localStorage.setItem(THEME, next)
  apply()
}

export function setDensity(next: Density): void {
  localStorage.setItem(DENSITY, next)
  apply()
}

dark.addEventListener('change', apply)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useDensity = (): Density => useSyncExternalStore(subscribe, density)
export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme)
