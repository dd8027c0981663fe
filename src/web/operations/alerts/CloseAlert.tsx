/** Closing an alert by hand asks why. */
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import type { AlertDetail } from './queries.ts'
import { t } from './words.ts'

const CloseAlert = ({ alert, onClose }: { alert: AlertDetail; onClose: () => void }) => {
  const [reason, setReason] = useState('')
  const close = useMutation({
    mutationFn: () => api('POST /api/alerts/:alertId/close', { alertId: alert.id, reason }),
    onSuccess: () => {
      toast({ text: t('closed', { name: alert.name }) })
      void queryClient.invalidateQueries({ queryKey: ['alerts'] })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    close.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('close-title')} explanation={t('close-text')}>
      <form onSubmit={submit} className={form.form}>
        <TextArea
          label={t('close-reason')}
          required

          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {close.error ? <ErrorNote error={close.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={close.isPending}>
            {t('close')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default CloseAlert
