/** Whose an alert is. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Select } from '../../../parts/Field.tsx'
import { staffQuery } from '../../../people/accounts/queries.ts'
import { api } from '../../../shell/api.ts'
import { useAlertVerb } from '../alert-verb.ts'
import type { AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import { VerbForm } from './VerbForm.tsx'

const AssignAlert = ({
  alert,
  onClose,
}: {
  alert: Pick<AlertRow, 'id' | 'name' | 'owner'>
  onClose: () => void
}) => {
  const [owner, setOwner] = useState(alert.owner?.id ?? '')
  const verb = useAlertVerb(onClose)
  const staff = useQuery(staffQuery).data?.rows ?? []
  const known = alert.owner && !staff.some(({ id }) => id === alert.owner?.id) ? [alert.owner] : []
  const assign = (to: string | null) =>
    api('PUT /api/alerts/:alertId/owner', { alertId: alert.id, owner: to })
  const name = staff.find(({ id }) => id === owner)?.name
  return (
    <VerbForm
      title={t('assign-title')}
      explanation={t('assign-text')}
      action={t('assign')}
      busy={verb.isPending}
      error={verb.error}
      onClose={onClose}
      onSend={() =>
        verb.mutate({
          send: () => assign(owner || null),
          said: name
            ? t('assigned', { name: alert.name, whom: name })
            : t('unassigned', { name: alert.name }),
          undo: () => assign(alert.owner?.id ?? null),
        })
      }
    >
      <Select
        label={t('owner')}
        value={owner}
        onChange={(event) => setOwner(event.target.value)}
        choices={[
          { value: '', label: t('nobody') },
          ...[...known, ...staff].map(({ id, name: called }) => ({ value: id, label: called })),
        ]}
      />
    </VerbForm>
  )
}
export default AssignAlert
