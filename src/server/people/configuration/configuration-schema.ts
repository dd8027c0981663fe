/** JSON Schema (2020-12) of the document, generated from what the server checks, so that editors complete what it accepts. */
import { z } from 'zod'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { documentSchema } from './document.ts'

export const configurationSchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...rest } = z.toJSONSchema(documentSchema(), { io: 'input', unrepresentable: 'any' })
  return {
    $schema,
    title: 'Fortnight configuration',
    description: 'Applied with `fortnight apply -f team.yaml`, written by `fortnight export`.',
    ...rest,
  }
}

/** May be asked for by an editor on another page or host: it says nothing about this installation. */
export const showConfigurationSchema = async (): Promise<RawReply> =>
  raw((reply) =>
    reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .type('application/schema+json; charset=utf-8')
      .send(configurationSchema()),
  )
