// `node bin/run.mjs tools/where.ts < log`: turns places in the bundled server (dist/server/….mjs:1:2345) into places in the sources.
import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

const projectRoot = join(import.meta.dirname, '..')
const maps = new Map<string, SourceMap | undefined>()

function mapOf(program: string): SourceMap | undefined {
  const path = join(projectRoot, `${program}.map`)
  if (!maps.has(program))
    maps.set(program, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined)
  return maps.get(program)
}

/** A place whose map is gone (another build) stays as it is. */
function source(place: string, program: string, line: string, column: string): string {
  const found = mapOf(program)?.findOrigin(Number(line), Number(column))
  if (!found || !('fileName' in found)) return place
  const file = relative(projectRoot, resolve(projectRoot, program, '..', found.fileName))
  return `${file}:${found.lineNumber}:${found.columnNumber}`
}

const log = await text(process.stdin)
process.stdout.write(
  log.replaceAll(/(?:file:\/\/)?[^\s()"]*?(dist\/server\/[\w./-]+\.mjs):(\d+):(\d+)/g, source),
)
