/** Lines that people call, as other areas see them. */
import type { FastifyInstance } from 'fastify'
import { phoneCallRoutes, phoneLineRoutes } from '../../../contract/operations/phone-lines.ts'
import { bindSigned } from '../../platform/carriers/signed-callbacks.ts'
import type { Platform } from '../../platform/context.ts'
import { bind } from '../../platform/http/bind.ts'
import { answerGateway } from './gateway-answers.ts'
import { listPhoneLines, putPhoneLine, removePhoneLine } from './keep-lines.ts'
import { twilioAnswers } from './twilio-answers.ts'
// What a team keeps in a file: declared while this area loads.
import './section.ts'

export const bindPhoneLines = (http: FastifyInstance, platform: Platform): void => {
  bind(http, phoneLineRoutes, { listPhoneLines, putPhoneLine, removePhoneLine })
  bindSigned(http, phoneCallRoutes, {
    ...twilioAnswers(platform),
    gatewayCall: async (request, reply) => reply.send(await answerGateway(platform, request)),
  })
}
