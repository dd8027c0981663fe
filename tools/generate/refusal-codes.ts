/** Finds every refusal in the sources: its code, the file that says it, and the sentence it comes with. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type RefusalCode = {
  readonly code: string
  readonly path: string
  /** As written, with `…` for what is filled in; undefined where the sentence is put together elsewhere. */
  readonly sentence: string | undefined
}

const projectRoot = join(import.meta.dirname, '../..')

const saying =
  /\brefuse(?:<[^>]*>)?\(\s*'([^']*)',\s*(`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")?/g
const written = /\brefused: true(?: as const)?,\s*code: '([^']+)'/g
/** `refuse(code, …)` whose code is not written where it is said cannot be listed. */
const unlisted = /\brefuse(?:<[^>]*>)?\(\s*(?!')[A-Za-z`]/g
const declaredIn = /\bRefusal<([^>]*)>/g

const plain = (literal: string | undefined): string | undefined =>
  literal
    ?.slice(1, -1)
    .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll(/\s+/g, ' ')

export const refusalsIn = (path: string, text: string): RefusalCode[] => [
  ...[...text.matchAll(saying)].map(([, code = '', sentence]) => ({ code, path, sentence: plain(sentence) })),
  ...[...text.matchAll(written)].map(([, code = '']) => ({ code, path, sentence: undefined })),
]

export const unlistedIn = (path: string, text: string): string[] =>
  [...text.matchAll(unlisted)].map(({ index }) => `${path}:${text.slice(0, index).split('\n').length}`)

/** Codes that a type promises: `Refusal<'a' | 'b'>`. */
export const declaredCodesIn = (text: string): string[] =>
  [...text.matchAll(declaredIn)].flatMap(([, union = '']) =>
    [...union.matchAll(/'([a-z][a-z-]*)'/g)].map(([, code = '']) => code),
  )

const sources = (): { path: string; text: string }[] =>
  globSync('src/{domain,server,contract}/**/*.ts', { cwd: projectRoot })
    .filter(
      (path) =>
        !/(^src\/server\/testing\/|\.(test|oracle|fixture)\.ts$)/.test(path) &&
        path !== 'src/domain/refusal.ts',
    )
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }))

export const allRefusals = (): RefusalCode[] => sources().flatMap(({ path, text }) => refusalsIn(path, text))
export const allUnlisted = (): string[] => sources().flatMap(({ path, text }) => unlistedIn(path, text))
export const allDeclaredCodes = (): Set<string> =>
  new Set(sources().flatMap(({ text }) => declaredCodesIn(text)))
