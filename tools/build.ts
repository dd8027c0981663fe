// `npm run build [-- web|server|cli …]`: web and server when their inputs changed, and the one-file programs for machines without a checkout.
import { buildPrograms } from './build/programs.ts'
import { buildServer } from './build/server.ts'
import { buildWeb } from './build/web.ts'

const named = process.argv.slice(2)
const wants = (name: string): boolean => named.length === 0 || named.includes(name)
const say = (line: string): void => console.log(line)

try {
  // The server first: it is done while the web's compiler still loads.
  if (wants('server')) await buildServer(say)
  if (wants('web')) await buildWeb(say)
  if (wants('cli')) await buildPrograms(say)
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exitCode = 1
}
