// Reads a path as a place in the house: which room, which area, and whether it is an area's public face.
import { posix } from 'node:path'

export const halves = ['operations', 'development', 'people', 'evidence', 'compat'] as const

export type Place = {
  readonly room: string
  /** `operations/paging`, or the first folder (`platform`, `time`, `shell`), or '' for files directly in the room */
  readonly area: string
  readonly path: string
}

/** Undefined for files outside src/, which only tests and tools are. */
export function placeOf(path: string): Place | undefined {
  const [src, room, ...rest] = path.split('/')
  if (src !== 'src' || room === undefined || rest.length === 0) return undefined
  return { room, area: areaOf(rest), path }
}

/** In domain, contract and web an area may also be a single file: `operations/on-call.ts`. */
function areaOf(rest: readonly string[]): string {
  const [first = '', second = ''] = rest
  if (rest.length === 1) return ''
  if (!(halves as readonly string[]).includes(first)) return first
  if (rest.length > 2) return `${first}/${second}`
  const name = second.replace(/\..*$/, '')
  return name === 'index' || name === 'store' ? first : `${first}/${name}`
}

/** The path that a relative import means. */
export const resolveImport = (from: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')))
