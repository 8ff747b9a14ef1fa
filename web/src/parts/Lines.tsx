// Reasons line by line: ✓ ✗ △ with the numbers used. Owns their look; the reasons come from the desk.
import type { JSX } from 'react'
import type { Because } from '@/api/advice'
import { both } from '@/i18n'
import { Icon, type IconName } from './Icon'

const LOOK: Record<string, [string, IconName]> = {
  yes: ['y', 'check'],
  no: ['n', 'close'],
  unknown: ['w', 'question'],
  note: ['w', 'warn'],
  time: ['o', 'clock'],
}

export function Line({
  kind,
  level = 0,
  children,
}: {
  kind: keyof typeof LOOK
  level?: number
  children: React.ReactNode
}): JSX.Element {
  const [look, icon] = LOOK[kind] ?? ['o', 'dot']
  return (
    <div className={`ln ${look}`} style={level ? { marginLeft: level * 16 } : undefined}>
      <Icon name={icon as IconName} />
      <span>{children}</span>
    </div>
  )
}

export function BecauseLines({ lines }: { lines: Because[] }): JSX.Element {
  return (
    <>
      {lines.map((line, at) => (
        <Line key={at} kind={line.ok === true ? 'yes' : line.ok === false ? 'no' : 'unknown'} level={line.level}>
          {both(line.line)}
          {line.is ? <span className="q">{`：${both(line.is)}`}</span> : null}
        </Line>
      ))}
    </>
  )
}
