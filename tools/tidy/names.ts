// Holds names of files and folders to the field's words: a name that fits everything says nothing.
import type { Finding } from './source-files.ts'

const empty = [
  'util',
  'utils',
  'helper',
  'helpers',
  'manager',
  'service',
  'services',
  'data',
  'item',
  'items',
  'misc',
  'common',
]
/** The field's own words that happen to end like an empty one. */
const allowed = new Set(['delivery-manager', 'push-service'])

export function emptyNames(paths: readonly string[]): Finding[] {
  return paths.filter(isCode).flatMap((path) =>
    path.split('/').flatMap((part) => {
      const stem = (part.split('.')[0] ?? '').replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
      const last = stem.split('-').at(-1) ?? ''
      const bad =
        !allowed.has(stem) &&
        empty.includes(last) &&
        (stem === last || !['data', 'item', 'items'].includes(last))
      return bad
        ? [{ path, message: `"${part}" says nothing; use the word of the field or of GLOSSARY.md` }]
        : []
    }),
  )
}

/** Files are kebab-case; React components PascalCase. */
export function oddlyWrittenNames(paths: readonly string[]): Finding[] {
  return paths.filter(isCode).flatMap((path) => {
    const stem = path.slice(path.lastIndexOf('/') + 1).split('.')[0] ?? ''
    const kebab = /^_?[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)
    const good = kebab || (/\.(tsx|module\.css)$/.test(path) && /^[A-Z][A-Za-z0-9]*$/.test(stem))
    return good ? [] : [{ path, message: 'file names are kebab-case, components PascalCase' }]
  })
}

const isCode = (path: string): boolean =>
  /^(src|tools|acceptance|bin)\//.test(path) && /\.(ts|tsx|mjs|js|css)$/.test(path)
