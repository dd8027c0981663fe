/** Extending a window, and ending it before its time. */
import type { FormEvent } from 'react'
import { dayAndTime } from '../../messages/format.ts'
import { Button } from '../../parts/Button.tsx'
import Confirm from '../../parts/Confirm.tsx'
import { instantOf, wallFields } from '../../parts/days.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextArea, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { api } from '../../shell/api.ts'
import type { WindowDetail } from './queries.ts'
import { useWindowVerb } from './use-window-verb.ts'
import { t } from './words.ts'

export type WindowVerb = 'extend' | 'finish'
type Props = { readonly window: WindowDetail; readonly onClose: () => void }
const HOUR_MS = 3_600_000

const Extend = ({ window, onClose }: Props) => {
  const reader = useReader()
  const { draft, field } = useDraft(() => ({
    ...wallFields(window.endsAt + HOUR_MS, reader.zone),
    reason: '',
  }))
  const { verb, faults } = useWindowVerb(
    {
      send: () =>
        api('POST /api/maintenance-windows/:windowId/extend', {
          windowId: window.id,
          endsAt: instantOf(draft.date, draft.time, reader.zone),
          reason: draft.reason,
        }),
      said: ({ endsAt }) => t('extend-done', { until: dayAndTime(endsAt, reader) }),
    },
    onClose,
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!verb.isPending) verb.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('extend-title')} explanation={t('extend-text')}>
      <form className={form.form} onSubmit={submit}>
        <div className={form.pair}>
          <TextField label={t('ends')} type="date" required fault={faults['endsAt']} {...field('date')} />
          <TextField label={t('to-time')} type="time" required {...field('time')} />
        </div>
        <TextArea label={t('extend-reason')} required fault={faults['reason']} {...field('reason')} />
        {verb.error ? <ErrorNote error={verb.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={verb.isPending}>
            {t('extend')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}

const Finish = ({ window, onClose }: Props) => {
  const { verb } = useWindowVerb(
    {
      send: () => api('POST /api/maintenance-windows/:windowId/finish', { windowId: window.id }),
      said: () => t('finish-done'),
    },
    onClose,
  )
  const kind = window.state === 'planned' ? 'cancel' : 'finish'
  return (
    <Confirm
      title={t(`${kind}-title`)}
      explanation={t(`${kind}-text`)}
      action={t(kind)}
      busy={verb.isPending}
      error={verb.error}
      onConfirm={() => (verb.isPending ? undefined : verb.mutate())}
      onClose={onClose}
    />
  )
}

const WindowDialogs = ({ verb, ...props }: Props & { verb: WindowVerb }) =>
  verb === 'extend' ? <Extend {...props} /> : <Finish {...props} />
export default WindowDialogs
