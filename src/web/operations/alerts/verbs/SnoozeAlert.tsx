/** Until when an alert sleeps: a while in one press, or an instant. */
import { useState } from 'react'
import { Select } from '../../../parts/Field.tsx'
import { dayAndTime } from '../../../messages/format.ts'
import { useReader } from '../../../parts/reader.ts'
import { api } from '../../../shell/api.ts'
import { useAlertVerb } from '../alert-verb.ts'
import type { AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import { snoozeChoices } from './snooze-choices.ts'
import { VerbForm } from './VerbForm.tsx'

const SnoozeAlert = ({ alert, onClose }: { alert: Pick<AlertRow, 'id' | 'name'>; onClose: () => void }) => {
  const reader = useReader()
  const [length, setLength] = useState(60)
  const [openedAt] = useState(() => Date.now())
  const verb = useAlertVerb(onClose)
  const { id: alertId, name } = alert
  const until = openedAt + length * 60_000
  const send = (): void => {
    const at = Date.now() + length * 60_000
    verb.mutate({
      send: () => api('POST /api/alerts/:alertId/snooze', { alertId, until: at }),
      said: t('snoozed', { name, until: dayAndTime(at, reader) }),
      undo: () => api('DELETE /api/alerts/:alertId/snooze', { alertId }),
    })
  }
  return (
    <VerbForm
      title={t('snooze-title')}
      explanation={t('snooze-text')}
      action={t('snooze')}
      busy={verb.isPending}
      error={verb.error}
      onSend={send}
      onClose={onClose}
    >
      <Select
        label={t('snooze-length')}
        hint={t('snooze-until', { until: dayAndTime(until, reader) })}
        value={String(length)}
        onChange={(event) => setLength(Number(event.target.value))}
        choices={snoozeChoices()}
      />
    </VerbForm>
  )
}
export default SnoozeAlert
