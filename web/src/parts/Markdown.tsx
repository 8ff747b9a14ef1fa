// The desk's own documents as elements. Owns the small part of Markdown they use; no HTML is ever taken in.
import type { JSX, ReactNode } from 'react'

export function Markdown({ text }: { text: string }): JSX.Element {
  return <article className="md">{blocks(text.split('\n'))}</article>
}

function blocks(lines: string[]): ReactNode[] {
  const out: ReactNode[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const key = at
    const heading = /^(#{1,4})\s+(.*)$/.exec(line)
    if (line.trim() === '') {
      at += 1
    } else if (heading) {
      const Name = `h${heading[1]?.length ?? 1}` as 'h1' | 'h2' | 'h3' | 'h4'
      out.push(<Name key={key}>{inline(heading[2] ?? '')}</Name>)
      at += 1
    } else if (line.startsWith('|')) {
      const rows = take(lines, at, (it) => it.startsWith('|'))
      out.push(<Table key={key} rows={rows} />)
      at += rows.length
    } else if (/^\s*([-*]|\d+\.)\s+/.test(line)) {
      const items = take(lines, at, (it) => /^\s*([-*]|\d+\.)\s+/.test(it) || /^\s{2,}\S/.test(it))
      out.push(<List key={key} items={items} />)
      at += items.length
    } else if (line.startsWith('>')) {
      const said = take(lines, at, (it) => it.startsWith('>'))
      out.push(<blockquote key={key}>{inline(said.map((it) => it.replace(/^>\s?/, '')).join(' '))}</blockquote>)
      at += said.length
    } else if (/^---+$/.test(line.trim())) {
      out.push(<hr key={key} />)
      at += 1
    } else {
      const said = take(lines, at, (it) => it.trim() !== '' && !/^(#|\||>|\s*([-*]|\d+\.)\s)/.test(it))
      out.push(<p key={key}>{inline(said.join(' '))}</p>)
      at += Math.max(1, said.length)
    }
  }
  return out
}

function take(lines: string[], from: number, fits: (line: string) => boolean): string[] {
  let to = from
  while (to < lines.length && fits(lines[to] ?? '')) to += 1
  return lines.slice(from, to)
}

function List({ items }: { items: string[] }): JSX.Element {
  const ordered = /^\s*\d+\./.test(items[0] ?? '')
  const Name = ordered ? 'ol' : 'ul'
  return (
    <Name>
      {items.map((item, at) => {
        const deep = /^\s{2,}/.test(item)
        return (
          <li key={at} className={deep ? 'deep' : undefined}>
            {inline(item.replace(/^\s*([-*]|\d+\.)\s+/, '').trim())}
          </li>
        )
      })}
    </Name>
  )
}

function Table({ rows }: { rows: string[] }): JSX.Element {
  const cells = (row: string) =>
    row
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|'))
  const [head, , ...body] = rows
  return (
    <table className="grid">
      <thead>
        <tr>
          {cells(head ?? '').map((cell, at) => (
            <th key={at}>{inline(cell)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, n) => (
          <tr key={n}>
            {cells(row).map((cell, at) => (
              <td key={at}>{inline(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Bold and code inside a line; everything else is text. */
function inline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, at) => {
    if (part.startsWith('**') && part.endsWith('**') && part.length > 4) return <b key={at}>{part.slice(2, -2)}</b>
    if (part.startsWith('`') && part.endsWith('`') && part.length > 2) return <code key={at}>{part.slice(1, -1)}</code>
    return part
  })
}
