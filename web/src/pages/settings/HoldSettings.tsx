// How long money is held before it leaves, so that it can be undone. Owns the form; the limits are the desk's.
import { type JSX, useState } from 'react'
import { useTranslation } from '@/i18n'
import { Button, TextField } from '@/parts/form'

const USUAL = 5
const MOST = 600

export function HoldSettings(props: { seconds: unknown; busy: boolean; onSave: (seconds: number) => void }): JSX.Element {
  const { t } = useTranslation()
  const [text, setText] = useState(String(typeof props.seconds === 'number' ? props.seconds : USUAL))
  const seconds = Number(text)
  const fits = text.trim() !== '' && Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST
  return (
    <section className="card pad stack">
      <b>{t('together.hold.title')}</b>
      <TextField
        label={t('together.hold.seconds')}
        hint={t('together.hold.hint')}
        value={text}
        onChange={setText}
        inputMode="numeric"
        error={fits ? undefined : t('together.hold.wrong', { most: MOST })}
      />
      <div>
        <Button look="primary" busy={props.busy} disabled={!fits} onClick={() => props.onSave(seconds)}>
          {t('sheet.save')}
        </Button>
      </div>
    </section>
  )
}
