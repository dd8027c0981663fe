/**
 * Writes the golden files of event types that have none yet; a file that exists is not touched, unless its type is named
 * after --again: for an event that changed before any release held it.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import '../../src/server/all-tasks.ts'
import '../../src/server/areas.ts'
import '../../src/server/chains/index.ts'
import { eventTypes } from '../../src/server/platform/events.ts'
import { goldenFileName, goldenOf, goldenText } from '../../src/server/platform/event-golden.ts'
import { sampleOf } from './sample-of-schema.ts'

const folder = join(import.meta.dirname, '../../src/server/testing/golden')

mkdirSync(folder, { recursive: true })
const again = new Set(
  process.argv.includes('--again') ? process.argv.slice(process.argv.indexOf('--again') + 1) : [],
)
let made = 0
for (const type of eventTypes().values()) {
  const file = join(folder, goldenFileName(type))
  if (existsSync(file) && !again.has(type.type)) continue
  const body = sampleOf(z.toJSONSchema(type.body, { io: 'input', unrepresentable: 'any' }) as never)
  writeFileSync(file, goldenText(goldenOf(type, body as Record<string, unknown>)))
  console.log(`made ${goldenFileName(type)}`)
  made += 1
}
console.log(
  made === 0 ? 'every event type has its golden file' : `${made} made: look at them, then commit them`,
)
