// How sure a share is. Owns the Wilson score interval at 95 %.

const Z = 1.959964

/** The interval in which the true share lies with 95 %, from `hits` of `tries`. */
export function interval(hits: number, tries: number): [number, number] {
  if (tries <= 0) return [0, 1]
  const share = hits / tries
  const weight = 1 + (Z * Z) / tries
  const middle = (share + (Z * Z) / (2 * tries)) / weight
  const half = (Z / weight) * Math.sqrt((share * (1 - share)) / tries + (Z * Z) / (4 * tries * tries))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}
