/** The lines that people call, in a configuration document. */
import { z } from 'zod'
import { phoneNumber } from '../../../contract/operations/phone-lines.ts'
import { line, slug } from '../../../contract/shapes.ts'
import { configurationSection } from '../../people/configuration/section.ts'
import type { WriteTx } from '../../platform/record.ts'
import { putPhoneLineIn, removePhoneLineIn } from './keep-lines.ts'
import { allLines } from './store.ts'

const phoneLineDocument = z.strictObject({
  number: phoneNumber,
  environment: slug,
  name: line(80),
  greeting: z.union([z.literal(''), line(300)]).optional(),
  priority: z.number().int().min(1).max(5).optional(),
  ringSeconds: z.number().int().min(10).max(60).optional(),
})
type PhoneLineDocument = z.output<typeof phoneLineDocument>

const put = async (tx: WriteTx, entry: PhoneLineDocument): Promise<void> => {
  await putPhoneLineIn(tx, entry)
}

configurationSection<PhoneLineDocument>({
  key: 'phoneLines',
  kind: 'phone line',
  order: 92,
  schema: phoneLineDocument,
  nameOf: ({ number }) => number,
  references: ({ environment }) => [{ path: ['environment'], section: 'environments', name: environment }],
  read: async (db) =>
    (await allLines(db)).map(({ environment, row }) => ({
      number: row.number,
      environment,
      name: row.name,
      greeting: row.greeting,
      priority: row.priority,
      ringSeconds: row.ring_seconds,
    })),
  create: put,
  update: put,
  archive: removePhoneLineIn,
})
