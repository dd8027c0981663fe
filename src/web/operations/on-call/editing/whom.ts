/** What targets of a policy are called, and whom they mean at this moment. */
import { useQuery } from '@tanstack/react-query'
import { ROLES } from '../../../../domain/people/permissions.ts'
import { staffQuery } from '../../../people/accounts/queries.ts'
import { roleName } from '../../../people/accounts/role-name.ts'
import { teamsQuery } from '../../../people/teams/queries.ts'
import { schedulesQuery, type Policy } from '../queries.ts'
import { t as view } from '../words.ts'
import { wordOf, type Target } from './policy-draft.ts'
import { t } from './words.ts'

const OTHERS = ['next', 'previous', 'everybody'] as const

export type Choice = { readonly value: string; readonly label: string; readonly group: string }

export type Whom = {
  readonly nameOf: (target: Target) => string
  /** Names of who would be told now; empty when nobody would. Undefined until it is known. */
  readonly now: (target: Target) => readonly string[] | undefined
  readonly choices: readonly Choice[]
}

/** @param base names what the policy mentions and lists no longer offer */
export const useWhom = (base: Policy | undefined): Whom => {
  const schedules = useQuery(schedulesQuery).data?.rows
  const staff = useQuery(staffQuery).data?.rows
  const teams = useQuery(teamsQuery).data?.rows
  const names = new Map<string, string>()
  for (const { id, name } of [...(base?.people ?? []), ...(base?.schedules ?? []), ...(base?.teams ?? [])])
    names.set(id, name)
  for (const { id, name } of [...(schedules ?? []), ...(staff ?? []), ...(teams ?? [])]) names.set(id, name)
  const choice = (target: Target, label: string, group: string): Choice => ({
    value: wordOf(target),
    label,
    group,
  })
  return {
    nameOf: (target) => {
      if (target.kind === 'role') return view('target-role', { role: roleName(target.role) })
      const name = names.get(target.id) ?? '…'
      if (target.kind === 'schedule')
        return view(`target-schedule-${target.who ?? 'now'}`, { schedule: name })
      return target.kind === 'team' ? view(`target-team-${target.who ?? 'everybody'}`, { team: name }) : name
    },
    now: (target) => {
      if (target.kind === 'account') return [names.get(target.id) ?? '…']
      if (target.kind === 'role')
        return staff?.filter(({ roles }) => roles.includes(target.role)).map(({ name }) => name)
      if (target.kind === 'team')
        return teams?.find(({ id }) => id === target.id)?.members.map(({ person }) => person.name)
      const row = schedules?.find(({ id }) => id === target.id)
      if (!schedules || (target.kind === 'schedule' && (target.who ?? 'now') !== 'now')) return undefined
      return row?.onCall.kind === 'person'
        ? [row.onCall, ...row.onCall.also].map(({ person }) => person.name)
        : []
    },
    choices: [
      ...(schedules ?? []).map(({ id, name }) =>
        choice({ kind: 'schedule', id }, name, t('group-schedules')),
      ),
      ...(schedules ?? []).flatMap(({ id, name }) =>
        OTHERS.map((who) =>
          choice(
            { kind: 'schedule', id, who },
            view(`target-schedule-${who}`, { schedule: name }),
            t('group-schedules'),
          ),
        ),
      ),
      ...(teams ?? []).map(({ id, name }) => choice({ kind: 'team', id }, name, t('group-teams'))),
      ...ROLES.map((role) => choice({ kind: 'role', role }, roleName(role), t('group-roles'))),
      ...(staff ?? []).map(({ id, name }) => choice({ kind: 'account', id }, name, t('group-people'))),
    ],
  }
}
