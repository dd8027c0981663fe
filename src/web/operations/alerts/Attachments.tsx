/** Files beside an alert: attached, taken away, erased for good. */
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState } from 'react'
import { byteSize } from '../../messages/format.ts'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { failureOf, offline } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { alertQuery, type AlertDetail } from './queries.ts'
import { t } from './words.ts'

const Confirm = lazy(() => import('../../parts/Confirm.tsx'))
type Attached = AlertDetail['attachments'][number]

const show = (alert: AlertDetail): void => {
  queryClient.setQueryData(alertQuery(alert.id).queryKey, alert)
}

/** The body is the file as it is, its name is in the address. */
const attach = async (alertId: string, file: File): Promise<AlertDetail> => {
  const address = `/api/alerts/${alertId}/attachments?fileName=${encodeURIComponent(file.name)}`
  const answer = await fetch(address, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
    body: file,
  }).catch(() => {
    throw offline()
  })
  if (!answer.ok) throw await failureOf(answer)
  return (await answer.json()) as AlertDetail
}

const Erase = ({ alertId, file, onClose }: { alertId: string; file: Attached; onClose: () => void }) => {
  const erase = useMutation({
    mutationFn: () =>
      api('DELETE /api/alerts/:alertId/attachments/:attachmentId', { alertId, attachmentId: file.id }),
    onSuccess: (alert) => {
      show(alert)
      toast({ text: t('attachment-erased', { name: file.fileName }) })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('attachment-erase-title', { name: file.fileName })}
      explanation={t('attachment-erase-text')}
      action={t('attachment-erase')}
      busy={erase.isPending}
      error={erase.error}
      onConfirm={() => erase.mutate()}
      onClose={onClose}
    />
  )
}

const Files = ({ alert, onErase }: { alert: AlertDetail; onErase: (file: Attached) => void }) => (
  <Rows label={t('attachments')}>
    {alert.attachments.map((file) => (
      <Row
        key={file.id}
        stacked
        {...(alert.can.readAttachments ? { href: `/api/alerts/${alert.id}/attachments/${file.id}` } : {})}
        title={file.fileName}
        note={
          <>
            {byteSize(file.size)} · {file.by.name} · <TimeText at={file.at} still />
          </>
        }
        end={
          alert.can.note ? (
            <Button size="small" tone="quiet" onClick={() => onErase(file)}>
              {t('attachment-erase')}
            </Button>
          ) : null
        }
      />
    ))}
  </Rows>
)

export const Attachments = ({ alert }: { alert: AlertDetail }) => {
  const chooser = useRef<HTMLInputElement>(null)
  const [erasing, setErasing] = useState<Attached>()
  const send = useMutation({
    mutationFn: (file: File) => attach(alert.id, file),
    onSuccess: (changed, file) => {
      show(changed)
      toast({ text: t('attachment-done', { name: file.name }) })
    },
    onError: toastFailure,
  })
  return (
    <Panel
      title={t('attachments')}
      flush={alert.attachments.length > 0}
      actions={
        alert.can.note ? (
          <>
            <input
              ref={chooser}
              type="file"
              hidden
              onChange={(event) => {
                const file = event.target.files?.[0]
                if (file) send.mutate(file)
                event.target.value = ''
              }}
            />
            <Button size="small" tone="quiet" busy={send.isPending} onClick={() => chooser.current?.click()}>
              {t('attach')}
            </Button>
          </>
        ) : null
      }
    >
      {alert.attachments.length === 0 ? (
        <p className="dim">{t('no-attachments')}</p>
      ) : (
        <Files alert={alert} onErase={setErasing} />
      )}
      <Suspense>
        {erasing ? <Erase alertId={alert.id} file={erasing} onClose={() => setErasing(undefined)} /> : null}
      </Suspense>
    </Panel>
  )
}
