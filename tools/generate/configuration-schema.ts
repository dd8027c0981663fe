/** Writes docs/configuration.schema.json, the JSON Schema that editors complete configuration documents by. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import '../../src/server/areas.ts'
import { configurationSchema } from '../../src/server/people/configuration/configuration-schema.ts'

const file = join(import.meta.dirname, '../../docs/configuration.schema.json')
writeFileSync(file, `${JSON.stringify(configurationSchema(), null, 2)}\n`)
execFileSync(join(import.meta.dirname, '../../node_modules/.bin/oxfmt'), [file])
console.log('docs/configuration.schema.json is current')
