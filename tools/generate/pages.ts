/** Writes every page that is made from the code: what the tests ask for when they call one out of date. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configPage } from './config.ts'
import { errorsPage } from './errors.ts'
import { permissionsPage } from './permissions.ts'

const pages = { 'config.md': configPage, 'errors.md': errorsPage, 'permissions.md': permissionsPage }

for (const [name, page] of Object.entries(pages))
  writeFileSync(join(import.meta.dirname, '../../docs', name), page())
console.log(`${Object.keys(pages).join(', ')} in docs/ are current`)
