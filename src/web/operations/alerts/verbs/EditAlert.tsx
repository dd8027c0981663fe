/** Corrects what an alert says, and how urgent it is. */
import { useState } from 'react'
import { Select, TextArea, TextField } from '../../../parts/Field.tsx'
import { priorities } from '../../../shell/search.ts'
import { api } from '../../../shell/api.ts'
import { useAlertVerb } from '../alert-verb.ts'
import type { AlertDetail } from '../queries.ts'
import { t } from '../words.ts'
import { VerbForm } from './VerbForm.tsx'

const EditAlert = ({ alert, onClose }: { alert: AlertDetail; onClose: () => void }) => {
  const before = {
    message: alert.summary,
    description: alert.annotations['description'] ?? '',
    priority: alert.priority,
  }
  const [words, setWords] = useState(before)
  const verb = useAlertVerb(onClose)
  const edit = (from: typeof before, to: typeof before) =>
    api('PATCH /api/alerts/:alertId', {
      alertId: alert.id,
      ...(from.message === to.message ? {} : { message: to.message }),
      ...(from.description === to.description ? {} : { description: to.description }),
      ...(from.priority === to.priority ? {} : { priority: to.priority }),
    })
  return (
    <VerbForm
      title={t('edit-title')}
      explanation={t('edit-text')}
      action={t('save')}
      busy={verb.isPending}
      error={verb.error}
      ready={words.message.trim() !== '' || before.message === ''}
      onClose={onClose}
      onSend={() =>
        verb.mutate({
          send: () => edit(before, words),
          said: t('edited', { name: alert.name }),
          undo: () => edit(words, before),
        })
      }
    >
      <TextField
        label={t('message')}
        value={words.message}
        maxLength={500}
        onChange={(event) => setWords({ ...words, message: event.target.value })}
      />
      <TextArea
        label={t('description')}
        optional
        rows={4}
        value={words.description}
        maxLength={15_000}
        onChange={(event) => setWords({ ...words, description: event.target.value })}
      />
      <Select
        label={t('column-priority')}
        value={words.priority}
        onChange={(event) => setWords({ ...words, priority: event.target.value as 'P1' })}
        choices={priorities.map((level) => ({ value: level, label: level }))}
      />
    </VerbForm>
  )
}
export default EditAlert
