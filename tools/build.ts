// `npm run build [-- web|cli]`: the web when its inputs changed, and the one-file programs for machines without a checkout.
import { buildPrograms } from './build/programs.ts'
import { buildWeb } from './build/web.ts'

const only = process.argv[2]

try {
  if (only === undefined || only === 'web') await buildWeb((line) => console.log(line))
  if (only === undefined || only === 'cli') await buildPrograms((line) => console.log(line))
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 1
}
