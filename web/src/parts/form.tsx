// Plain form parts with labels. Owns their markup; values live with whoever uses them.
import { type InputHTMLAttributes, type JSX, type ReactNode, useId } from 'react'
import { Icon, type IconName } from './Icon'
import { typedMinor } from './money'

type Look = 'primary' | 'plain' | 'ghost' | 'danger'

export function Button({
  look = 'plain',
  small,
  icon,
  keys,
  busy,
  disabled,
  why,
  onClick,
  children,
  type = 'button',
  grow,
}: {
  look?: Look
  small?: boolean
  icon?: IconName
  keys?: string
  busy?: boolean
  disabled?: boolean
  /** Why it cannot be used; shown on hover and read aloud. */
  why?: string
  onClick?: () => void
  children: ReactNode
  type?: 'button' | 'submit'
  grow?: boolean
}): JSX.Element {
  const names = ['btn', look === 'primary' ? 'pri' : look === 'plain' ? '' : look, small ? 'sm' : '', grow ? 'grow' : '']
  const off = disabled || busy
  return (
    <button
      type={type}
      className={names.filter(Boolean).join(' ')}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      title={off ? why : undefined}
      onClick={(event) => {
        if (off) event.preventDefault()
        else onClick?.()
      }}
    >
      {icon ? <Icon name={icon} size="s" /> : null}
      {grow ? <span className="clip">{children}</span> : children}
      {keys ? <kbd>{keys}</kbd> : null}
    </button>
  )
}

export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string
  hint?: ReactNode
  error?: string
  children: (id: string) => ReactNode
}): JSX.Element {
  const id = useId()
  return (
    <div className="fd">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint ? <div className="xs q">{hint}</div> : null}
      {error ? <div className="xs bad">{error}</div> : null}
    </div>
  )
}

interface TextProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  error?: string
}

export function TextField({ label, value, onChange, hint, error, ...rest }: TextProps): JSX.Element {
  return (
    <Field label={label} hint={hint} error={error}>
      {(id) => (
        <input
          id={id}
          className="in"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          {...rest}
        />
      )}
    </Field>
  )
}

export function AreaField({
  label,
  value,
  onChange,
  rows = 3,
  hint,
  placeholder,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  rows?: number
  hint?: ReactNode
  placeholder?: string
}): JSX.Element {
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <textarea
          id={id}
          className="in"
          rows={rows}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export function SelectField({
  label,
  value,
  onChange,
  options,
  hint,
  empty,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  options: { value: string; label: string }[]
  hint?: ReactNode
  empty?: string
}): JSX.Element {
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <select id={id} className="in" value={value} onChange={(event) => onChange(event.target.value)}>
          {empty !== undefined ? <option value="">{empty}</option> : null}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** An amount; `onChange` gets the text, `typedMinor` reads it. */
export function MoneyField(props: {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  autoFocus?: boolean
}): JSX.Element {
  const wrong = props.value !== '' && typedMinor(props.value) === undefined
  return (
    <Field label={props.label} hint={props.hint}>
      {(id) => (
        <span className={wrong ? 'in money wrong' : 'in money'}>
          <span aria-hidden="true">¥</span>
          <input
            id={id}
            inputMode="decimal"
            value={props.value}
            aria-invalid={wrong}
            // biome-ignore lint/a11y/noAutofocus: the form was asked for, and this is what it is about
            autoFocus={props.autoFocus}
            onChange={(event) => props.onChange(event.target.value)}
            autoComplete="off"
          />
        </span>
      )}
    </Field>
  )
}

export function Check({
  checked,
  onChange,
  children,
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  children: ReactNode
}): JSX.Element {
  return (
    <label className="ck">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{children}</span>
    </label>
  )
}

/** A few exclusive choices side by side. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T
  options: { value: T; label: ReactNode }[]
  onChange: (value: T) => void
}): JSX.Element {
  return (
    <fieldset className="seg">
      <legend className="sr">{label}</legend>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {option.label}
        </button>
      ))}
    </fieldset>
  )
}
