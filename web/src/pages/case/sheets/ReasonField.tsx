// The buyer's reason: a known problem by its name, or the words as given. Owns turning a name back into its code.
import { type JSX, useId } from 'react'
import { choices } from '@/api/catalogue'
import { TextField } from '@/parts/form'

/** The code of a problem whose name was typed; other words stay as they are. */
export function reasonCode(text: string): string {
  const typed = text.trim()
  return choices('request.problem').find((it) => it.label === typed)?.value ?? typed
}

export function ReasonField({
  label,
  value,
  onChange,
  hint,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
}): JSX.Element {
  const id = useId()
  return (
    <>
      <TextField label={label} value={value} onChange={onChange} list={id} hint={hint} />
      <datalist id={id}>
        {choices('request.problem').map((it) => (
          <option key={it.value} value={it.label} />
        ))}
      </datalist>
    </>
  )
}
