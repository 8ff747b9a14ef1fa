// Keeping, publishing and throwing away, with who may. Owns the note and the first day; the desk decides about the second person.
import { type JSX, useState } from 'react'
import { Refused } from '@/api/client'
import { useMe } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import type { Edit } from './useEdit'

export function PublishBar({
  edit,
  note,
  setNote,
  onPublish,
}: {
  edit: Edit
  note: string
  setNote: (note: string) => void
  onPublish: (from: string) => void
}): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const [from, setFrom] = useState('')
  const [sure, setSure] = useState(false)
  const { draft } = edit
  return (
    <footer className="pub">
      <Trouble error={edit.error}>
        {edit.error instanceof Refused && edit.error.code === 'draft_moved' ? (
          <Button small busy={edit.busy} onClick={() => void edit.save(true)}>
            {t('editor.save_anyway')}
          </Button>
        ) : null}
      </Trouble>
      {draft ? (
        <dl className="xs">
          <dt>{t('editor.author')}</dt>
          <dd>
            {draft.author ?? ''} {when(draft.created_at)}
          </dd>
          <dt>{t('editor.publish')}</dt>
          <dd>{t(draft.own ? (me.role === 'owner' ? 'editor.rule_owner' : 'editor.rule_own') : 'editor.rule_other')}</dd>
        </dl>
      ) : (
        <p className="xs q">{t(edit.dirty ? 'editor.rule_save' : 'editor.rule_none')}</p>
      )}
      {draft ? (
        <>
          <input
            className="in sm"
            value={note}
            maxLength={300}
            onChange={(event) => setNote(event.target.value)}
            placeholder={t('editor.note_place')}
            aria-label={t('editor.note')}
          />
          <div className="row wrap">
            <label className="row xs">
              {t('editor.from_day')}
              <input className="in sm" type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
            </label>
            <span className="grow" />
            {sure ? (
              <>
                <Button
                  small
                  look="danger"
                  busy={edit.busy}
                  onClick={() => {
                    setSure(false)
                    void edit.discard()
                  }}
                >
                  {t('editor.discard_sure')}
                </Button>
                <Button small look="ghost" onClick={() => setSure(false)}>
                  {t('editor.cancel')}
                </Button>
              </>
            ) : (
              <Button small look="ghost" onClick={() => setSure(true)}>
                {t('editor.discard')}
              </Button>
            )}
            <Button
              small
              look="primary"
              keys="Ctrl Shift P"
              busy={edit.busy}
              disabled={edit.dirty || !me.can('publish_playbook')}
              why={edit.dirty ? t('editor.rule_save') : t('editor.may_not_publish')}
              onClick={() => onPublish(from)}
            >
              {t('editor.publish')}
            </Button>
          </div>
        </>
      ) : null}
    </footer>
  )
}
