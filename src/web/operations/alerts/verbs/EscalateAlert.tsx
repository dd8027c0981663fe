/** Who is to be paged beside those who were: the next step, another policy, or one more person, schedule or role. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ROLES, type Role } from '../../../../domain/people/permissions.ts'
import { Select } from '../../../parts/Field.tsx'
import { staffQuery } from '../../../people/accounts/queries.ts'
import { roleName } from '../../../people/accounts/role-name.ts'
import { api } from '../../../shell/api.ts'
import { policiesQuery, schedulesQuery } from '../../on-call/queries.ts'
import { useAlertVerb } from '../alert-verb.ts'
import type { AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import { VerbForm } from './VerbForm.tsx'

const NEXT = 'next'

const sendTo = (alertId: string, chosen: string) => {
  const [kind = '', id = ''] = chosen.split(' ')
  if (kind === NEXT) return api('POST /api/alerts/:alertId/escalate', { alertId })
  if (kind === 'policy') return api('POST /api/alerts/:alertId/escalate', { alertId, policy: id })
  const target =
    kind === 'role'
      ? { kind: 'role' as const, role: id as Role }
      : { kind: kind as 'account' | 'schedule', id }
  return api('POST /api/alerts/:alertId/responders', { alertId, target })
}

const EscalateAlert = ({ alert, onClose }: { alert: Pick<AlertRow, 'id' | 'name'>; onClose: () => void }) => {
  const [chosen, setChosen] = useState(NEXT)
  const verb = useAlertVerb(onClose)
  const policies = useQuery(policiesQuery).data?.rows ?? []
  const schedules = useQuery(schedulesQuery).data?.rows ?? []
  const staff = useQuery(staffQuery).data?.rows ?? []
  const choices = [
    { value: NEXT, label: t('next-step') },
    ...policies.map(({ id, name }) => ({ value: `policy ${id}`, label: name, group: t('group-policies') })),
    ...schedules.map(({ id, name }) => ({
      value: `schedule ${id}`,
      label: name,
      group: t('group-schedules'),
    })),
    ...staff.map(({ id, name }) => ({ value: `account ${id}`, label: name, group: t('group-people') })),
    ...ROLES.map((role) => ({ value: `role ${role}`, label: roleName(role), group: t('group-roles') })),
  ]
  const label = choices.find(({ value }) => value === chosen)?.label ?? ''
  return (
    <VerbForm
      title={t('escalate-title')}
      explanation={t('escalate-text')}
      action={t('escalate-now')}
      busy={verb.isPending}
      error={verb.error}
      onClose={onClose}
      onSend={() =>
        verb.mutate({
          send: () => sendTo(alert.id, chosen),
          said: t('escalated', { whom: label, name: alert.name }),
        })
      }
    >
      <Select
        label={t('escalate-whom')}
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        choices={choices}
      />
    </VerbForm>
  )
}
export default EscalateAlert
