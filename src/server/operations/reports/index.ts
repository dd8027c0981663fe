/** Reports as other areas see them: routes and nothing else. */
import type { FastifyInstance } from 'fastify'
import { reportRoutes } from '../../../contract/operations/reports.ts'
import { bind } from '../../platform/http/bind.ts'
import { onCallReportFile, showOnCallReport } from './on-call-report.ts'

export const bindReports = (http: FastifyInstance): void =>
  bind(http, reportRoutes, { showOnCallReport, onCallReportFile })
