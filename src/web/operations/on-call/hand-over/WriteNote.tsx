/** Writing the note for who takes over: the draft is a beginning, and what is kept is what its author wrote. */
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { dayAndTime } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions, TextArea } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import { toast } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { ScheduleRow } from '../queries.ts'
import type { NextHandOver } from './queries.ts'
import { t } from './words.ts'

const WriteNote = ({
  schedule,
  next,
  onClose,
}: {
  schedule: ScheduleRow
  next: NextHandOver
  onClose: () => void
}) => {
  const reader = useReader()
  // What somebody else writes meanwhile is refused and not overwritten: the version is that of the first look.
  const [{ at, note, draft }] = useState(next)
  const [text, setText] = useState(note?.text ?? draft)
  const keep = useMutation({
    mutationFn: () =>
      api('PUT /api/schedules/:schedule/hand-over', {
        schedule: schedule.id,
        at,
        text,
        ifVersion: note?.version ?? 0,
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['on-call'] })
      toast({ text: at > Date.now() ? t('saved', { when: dayAndTime(at, reader) }) : t('saved-sent') })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    keep.mutate()
  }
  const faults = isFailure(keep.error) ? keep.error.fields : {}
  return (
    <Dialog open onClose={onClose} title={t('form-title')} explanation={t('form-text')}>
      <form onSubmit={submit} className={form.form}>
        <TextArea
          label={t('text')}
          required
          rows={14}
          maxLength={20_000}
          fault={faults['text']}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        {keep.error ? <ErrorNote error={keep.error} small /> : null}
        <FormActions>
          {text === draft ? null : (
            <Button tone="quiet" onClick={() => setText(draft)}>
              {t('draft-again')}
            </Button>
          )}
          <Button type="submit" tone="primary" busy={keep.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default WriteNote
