/** The tags of an alert in one line, parted by commas. */
import { useState } from 'react'
import { TextField } from '../../../parts/Field.tsx'
import { api } from '../../../shell/api.ts'
import { useAlertVerb } from '../alert-verb.ts'
import type { AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import { tagsIn } from './tags-in.ts'
import { VerbForm } from './VerbForm.tsx'

const without = (tags: readonly string[], others: readonly string[]): string[] =>
  tags.filter((tag) => !others.includes(tag))

const TagAlert = ({
  alert,
  onClose,
}: {
  alert: Pick<AlertRow, 'id' | 'name' | 'tags'>
  onClose: () => void
}) => {
  const [text, setText] = useState(alert.tags.join(', '))
  const verb = useAlertVerb(onClose)
  const send = (): void => {
    const tags = tagsIn(text)
    const [add, remove] = [without(tags, alert.tags), without(alert.tags, tags)]
    const tagged = (change: { add: string[]; remove: string[] }) =>
      api('POST /api/alerts/:alertId/tags', { alertId: alert.id, ...change })
    verb.mutate({
      send: () => tagged({ add, remove }),
      said: t('tagged', { name: alert.name }),
      undo: () => tagged({ add: remove, remove: add }),
    })
  }
  return (
    <VerbForm
      title={t('tags')}
      action={t('save')}
      busy={verb.isPending}
      error={verb.error}
      onSend={send}
      onClose={onClose}
    >
      <TextField
        label={t('tags')}
        hint={t('tags-hint')}
        value={text}
        maxLength={1_100}
        onChange={(event) => setText(event.target.value)}
      />
    </VerbForm>
  )
}
export default TagAlert
