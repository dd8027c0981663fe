/** Teams in OpsGenie's words. */
import type { OpsGenieTeam } from '../../../../contract/compat/opsgenie-on-call.ts'
import type { TeamRow } from '../../../people/teams/store.ts'
import { called, isExpanded, type Asked } from './asked.ts'
import type { Sight } from './sight.ts'

const present = ({ id, name, members }: TeamRow, sight: Sight, withMembers: boolean): OpsGenieTeam => ({
  id,
  name,
  description: '',
  ...(withMembers
    ? {
        members: members
          .filter(({ archived }) => !archived)
          .map(({ accountId, role }) => ({
            user: { id: accountId, username: sight.usernameOf(accountId) },
            role: role === 'admin' ? ('admin' as const) : ('user' as const),
          })),
      }
    : {}),
})

export const listTeams = async (asked: Asked, sight: Sight) => ({
  data: sight.teams.map((team) => present(team, sight, isExpanded(asked, 'member'))),
  expandable: ['member'],
})

export const getTeam = async (asked: Asked, sight: Sight) => ({
  data: present(called(sight.teams, asked.params['identifier'] ?? '', 'Team'), sight, true),
})
