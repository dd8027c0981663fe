/** Response times in a configuration document. */
import type { z } from 'zod'
import { responseMinutes } from '../../../../contract/operations/response-times.ts'
import { slug } from '../../../../contract/shapes.ts'
import { configurationSection } from '../../../people/configuration/section.ts'
import type { WriteTx } from '../../../platform/record.ts'
import { asWritten, chooseResponseTimes } from './response-times.ts'
import { listResponseMinutes, type Minutes } from './store.ts'

const document = responseMinutes.extend({
  environment: slug.describe('Minutes by priority within which somebody should have a page.'),
})
type Document = z.output<typeof document>

const choose = async (tx: WriteTx, entry: Document): Promise<void> => {
  await chooseResponseTimes(tx, entry)
}

configurationSection<Document>({
  key: 'responseTimes',
  kind: 'response times',
  order: 77,
  schema: document,
  nameOf: ({ environment }) => environment,
  references: ({ environment }) => [{ path: ['environment'], section: 'environments', name: environment }],
  read: async (db) =>
    (await listResponseMinutes(db)).flatMap(({ slug: environment, minutes }) => {
      const written = asWritten(minutes as Minutes)
      return Object.keys(written).length === 0 ? [] : [{ environment, ...written }]
    }),
  create: choose,
  update: choose,
  archive: async (tx, environment) => {
    await chooseResponseTimes(tx, { environment })
  },
})
