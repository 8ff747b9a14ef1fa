// The board's figures as the desk gives them, and the sums the panels show. Owns adding up; the definitions stand in the desk.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { deskNow, get } from '@/api/client'
import type { HourRow } from '@/parts/charts/Hours'
import type { SpeedDay } from '@/parts/charts/Speed'

export interface Row {
  figure: string
  day: string
  key: string
  count: number
  amount_minor: number
}

export interface Speed {
  figure: 'first_answer' | 'refund_took'
  count: number
  mean_s: number | null
  median_s: number | null
  p90_s: number | null
  days: (SpeedDay & { mean_s: number | null })[]
}

export interface Board {
  rows: Row[]
  waterline: { bucket: string; count: number; amount_minor: number }[]
  waterline_cut: boolean
  speeds: Speed[]
  staffing: HourRow[]
  at: string
}

export interface ProductRow {
  sku: string
  title: string
  sold: number
  asked_back: number
  rate: number | null
  interval: [number, number] | null
  band: [number, number] | null
  low_sample: boolean
  signal: boolean
}

export interface Products {
  items: ProductRow[]
  sold: number
  asked_back: number
  usual: number | null
}

export interface DrilledCase {
  case_id: string
  case_no: string
  title: string
  scenario: string
  stage: string
  cause: string
  result: string
  amount_minor: number
  buyer_masked: string
  at: string
}

export interface Period {
  from: string
  to: string
}

const DAY = 86_400_000

/** The day of the shop, China's time. */
const dayAt = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)

/** The last days, today among them. */
export const lastDays = (days: number): Period => ({ from: dayAt(deskNow() - (days - 1) * DAY), to: dayAt(deskNow()) })

/** Every day of a period. */
export function daysOf({ from, to }: Period): string[] {
  const days: string[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY) days.push(new Date(at).toISOString().slice(0, 10))
  return days
}

const path = (shop: string, rest: string, query: Record<string, string>) =>
  `/shops/${encodeURIComponent(shop)}/figures${rest}?${new URLSearchParams(query)}`

export const boardQuery = (shop: string, period: Period) =>
  queryOptions({
    queryKey: ['board', shop, period],
    queryFn: ({ signal }) => get<Board>(path(shop, '', { ...period }), signal),
    enabled: shop !== '',
    refetchInterval: 60_000,
  })

export const productsQuery = (shop: string, period: Period) =>
  queryOptions({
    queryKey: ['board', shop, period, 'products'],
    queryFn: ({ signal }) => get<Products>(path(shop, '/products', { ...period }), signal),
    enabled: shop !== '',
  })

export const drillQuery = (shop: string, period: Period, figure: string, key: string) =>
  infiniteQueryOptions({
    queryKey: ['board', shop, period, 'cases', figure, key],
    queryFn: ({ pageParam, signal }) =>
      get<{ items: DrilledCase[]; next?: string | null }>(
        path(shop, '/cases', { ...period, figure, key, ...(pageParam ? { cursor: pageParam } : {}) }),
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })

/** The sums of one figure by key, the largest first. */
export function byKey(rows: Row[], figure: string, fold = (key: string) => key): Omit<Row, 'day'>[] {
  const sums = new Map<string, Omit<Row, 'day'>>()
  for (const row of rows) {
    if (row.figure !== figure) continue
    const key = fold(row.key)
    const sum = sums.get(key) ?? { figure, key, count: 0, amount_minor: 0 }
    sums.set(key, { ...sum, count: sum.count + row.count, amount_minor: sum.amount_minor + row.amount_minor })
  }
  return [...sums.values()].sort((one, other) => other.count - one.count || other.amount_minor - one.amount_minor)
}

export const total = (rows: { count: number }[]): number => rows.reduce((sum, row) => sum + row.count, 0)
export const spent = (rows: { amount_minor: number }[]): number => rows.reduce((sum, row) => sum + row.amount_minor, 0)
