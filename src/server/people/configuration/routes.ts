/** Binds the routes of configuration as code. */
import type { FastifyInstance } from 'fastify'
import { configurationRoutes } from '../../../contract/people/configuration.ts'
import { bind } from '../../platform/http/bind.ts'
import './accounts-section.ts'
import './clusters-section.ts'
import './customers-section.ts'
import './teams-section.ts'
import './environments-section.ts'
import { applyConfiguration } from './apply-configuration.ts'
import { showConfigurationSchema } from './configuration-schema.ts'
import { exportConfiguration } from './export-configuration.ts'

export const bindConfiguration = (http: FastifyInstance): void =>
  bind(http, configurationRoutes, { exportConfiguration, applyConfiguration, showConfigurationSchema })
