/** Binds the routes of teams. */
import type { FastifyInstance } from 'fastify'
import { teamRoutes } from '../../../contract/people/teams.ts'
import { bind } from '../../platform/http/bind.ts'
import { archiveTeam, restoreTeam } from './archive-team.ts'
import { createTeam } from './create-team.ts'
import { getTeam, listTeams } from './list-teams.ts'
import { updateTeam } from './update-team.ts'

export const bindTeams = (http: FastifyInstance): void =>
  bind(http, teamRoutes, { listTeams, getTeam, createTeam, updateTeam, archiveTeam, restoreTeam })
