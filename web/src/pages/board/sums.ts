// What the board's panels show of the desk's figures, summed once for each answer. Owns the folds; draws nothing.
import { type Board, byKey, daysOf, type Period, type Row } from './figures'

/** Bands of the flow; the rest is one. */
const BANDS = 6

/** Hours marked as busiest. */
const BUSY = 3

export interface Sums {
  pairs: { from: string; to: string; count: number }[]
  bands: { from: string; to: string; count: number }[]
  stacks: { day: string; parts: { kind: 'good' | 'late' | 'bad'; count: number }[] }[]
  promises: { count: number; kept: number; late: number; broken: number }
  costs: Omit<Row, 'day'>[]
  arrivals: Omit<Row, 'day'>[]
  cells: Map<string, number>
  days: string[]
  /** Hours with most cases for each person. */
  busy: number[]
}

export function sumsOf(board: Board, period: Period): Sums {
  const { rows } = board
  const pairs = byKey(rows, 'cause').map((row) => {
    const [from = '', to = ''] = row.key.split('>')
    return { from, to, count: row.count }
  })
  const days = daysOf(period)
  const promised = new Map<string, number>()
  for (const row of rows) {
    if (row.figure !== 'promise') continue
    for (const key of [row.key, `${row.day} ${row.key}`]) promised.set(key, (promised.get(key) ?? 0) + row.count)
  }
  const kept = (key: string) => promised.get(key) ?? 0
  const arrivals = byKey(rows, 'arrived')
  return {
    pairs,
    bands: banded(pairs),
    stacks: days.map((day) => ({
      day,
      parts: [
        { kind: 'good', count: kept(`${day} kept`) },
        { kind: 'late', count: kept(`${day} kept_late`) },
        { kind: 'bad', count: kept(`${day} broken`) },
      ],
    })),
    promises: {
      count: kept('kept') + kept('kept_late') + kept('broken'),
      kept: kept('kept'),
      late: kept('kept_late'),
      broken: kept('broken'),
    },
    costs: byKey(rows, 'paid', (key) => key.split('>')[1] ?? '').sort((one, other) => other.amount_minor - one.amount_minor),
    arrivals,
    cells: new Map(arrivals.map((row) => [row.key, row.count])),
    days,
    busy: busiest(board),
  }
}

/** The largest causes and results; the rest is one each. */
function banded(pairs: Sums['pairs']): Sums['bands'] {
  const most = (side: 'from' | 'to') => {
    const sums = new Map<string, number>()
    for (const pair of pairs) sums.set(pair[side], (sums.get(pair[side]) ?? 0) + pair.count)
    const first = [...sums].sort((one, other) => other[1] - one[1]).slice(0, BANDS)
    return new Set(first.map(([key]) => key))
  }
  const [causes, ends] = [most('from'), most('to')]
  const bands = new Map<string, Sums['bands'][number]>()
  for (const pair of pairs) {
    const [from, to] = [causes.has(pair.from) ? pair.from : 'others', ends.has(pair.to) ? pair.to : 'others']
    const band = bands.get(`${from}>${to}`) ?? { from, to, count: 0 }
    bands.set(`${from}>${to}`, { ...band, count: band.count + pair.count })
  }
  return [...bands.values()]
}

/** An hour in which nobody was there counts as one person's: the cases came all the same. */
function busiest({ staffing }: Board): number[] {
  const load = staffing.map((row) => ({ hour: row.hour, load: row.cases / Math.max(1, row.people) }))
  return load
    .filter((row) => row.load > 0)
    .sort((one, other) => other.load - one.load)
    .slice(0, BUSY)
    .map((row) => row.hour)
}
