/** Binds the routes of the first start. */
import type { FastifyInstance } from 'fastify'
import { installationRoutes } from '../../../contract/people/installation.ts'
import { bind } from '../../platform/http/bind.ts'
import { finishSetup } from './finish-setup.ts'
import { renameOrganisation } from './rename-organisation.ts'
import { showSetup, submitSetup } from './setup-page.ts'

export const bindInstallation = (http: FastifyInstance): void =>
  bind(http, installationRoutes, { showSetup, submitSetup, finishSetup, renameOrganisation })
