/** Defining a heartbeat, or changing one. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, Select, TextArea, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import type { HeartbeatRow } from './queries.ts'
import { t } from './words.ts'

const MINUTE_MS = 60_000
const priorities = ['1', '2', '3', '4', '5'].map((value) => ({ value, label: `P${value}` }))

const draftOf = (row: HeartbeatRow | undefined) => ({
  name: row?.name ?? '',
  minutes: String((row?.intervalMs ?? 5 * MINUTE_MS) / MINUTE_MS),
  priority: String(row?.priority ?? 1),
  description: row?.description ?? '',
  enabled: row?.enabled ?? true,
})

type Given = { environment: string; row?: HeartbeatRow; onClose: () => void }

const HeartbeatForm = ({ environment, row, onClose }: Given) => {
  const { draft, set, field } = useDraft(() => draftOf(row))
  const minutes = Number(draft.minutes)
  const isUsable = Number.isInteger(minutes) && minutes >= 1
  const put = useMutation({
    mutationFn: () =>
      api('PUT /api/environments/:environment/heartbeats/:name', {
        environment,
        name: draft.name.trim(),
        intervalMs: minutes * MINUTE_MS,
        priority: Number(draft.priority),
        description: draft.description,
        enabled: draft.enabled,
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['heartbeats'] })
      toast({ text: t('saved', { name: draft.name.trim() }) })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isUsable) put.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={row ? t('change-title', row) : t('define')}>
      <form onSubmit={submit} className={form.form}>
        {row ? null : (
          <TextField label={t('name')} hint={t('name-hint')} required maxLength={200} {...field('name')} />
        )}
        <TextField
          label={t('interval')}
          hint={t('interval-hint')}
          fault={isUsable ? undefined : t('interval-fault')}
          required
          inputMode="numeric"
          maxLength={6}
          {...field('minutes')}
        />
        <Select label={t('priority')} choices={priorities} {...field('priority')} />
        <TextArea label={t('description')} optional maxLength={10_000} {...field('description')} />
        <Checkbox
          label={t('expected')}
          hint={t('expected-hint')}
          checked={draft.enabled}
          onChange={(event) => set({ enabled: event.target.checked })}
        />
        {put.error ? <ErrorNote error={put.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={put.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default HeartbeatForm
