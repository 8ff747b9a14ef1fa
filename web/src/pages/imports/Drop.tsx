// The first step: a file is chosen and sent. Owns the progress of the upload on this screen.
import { useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { useTranslation } from '@/i18n'
import { Icon } from '@/parts/Icon'
import { Progress } from '@/parts/Progress'
import { Trouble } from '@/parts/Trouble'
import type { Job } from './jobs'
import { upload } from './upload'

export function Drop({ shop, job, onDone }: { shop: string; job: Job | undefined; onDone: (id: string) => void }): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [file, setFile] = useState<File>()
  const [arrived, setArrived] = useState(0)
  const [error, setError] = useState<Error | null>(null)
  const [over, setOver] = useState(false)
  const wrong = job !== undefined && file !== undefined && file.size !== job.size

  const send = async (next: File, going = job) => {
    setFile(next)
    setError(null)
    if (going && next.size !== going.size) return
    try {
      const id = await upload(shop, next, going, setArrived)
      await queries.invalidateQueries({ queryKey: ['imports', shop] })
      onDone(id)
    } catch (problem) {
      setError(problem as Error)
      await queries.invalidateQueries({ queryKey: ['imports', shop] })
    }
  }

  if (file && !error && !wrong)
    return (
      <div className="card pad stack">
        <b>{t('imports.uploading', { name: file.name })}</b>
        <Progress label={t('imports.uploading', { name: file.name })} done={arrived} total={file.size} />
      </div>
    )
  return (
    <div className="stack">
      <Trouble error={error} {...(file ? { onRetry: () => void send(file) } : {})} />
      {job ? <div className="inote">{t('imports.upload_again')}</div> : null}
      {wrong ? (
        <div className="bad" role="alert">
          {t('imports.other_file')}
        </div>
      ) : null}
      <label
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          const dropped = event.dataTransfer.files[0]
          if (dropped) void send(dropped)
        }}
      >
        <Icon name="up" size="l" />
        <b>{t('imports.drop')}</b>
        <span className="q">{t('imports.drop_hint')}</span>
        <input
          type="file"
          className="sr"
          accept=".csv,.txt,.tsv,.xlsx"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen) void send(chosen)
          }}
        />
      </label>
    </div>
  )
}
