/**
 * Follows a Kubernetes manifest line by line. kubectl sorts its keys, so the values under `data:` come *before* the
 * `kind:` that tells whether they are a Secret: they are held until the kind is known.
 */

export type ManifestLine =
  | { readonly kind: 'separator' }
  | { readonly kind: 'document-start'; readonly indent: number }
  | { readonly kind: 'kind'; readonly indent: number; readonly name: string }
  | { readonly kind: 'data'; readonly indent: number; readonly plain: boolean; readonly json: boolean }
  | { readonly kind: 'other'; readonly indent: number; readonly dash: boolean }
  | { readonly kind: 'blank' }

/** A diff's own column: `+` or `-` directly before a key or before a deeper indent; never a YAML list's dash. */
const GUTTER = /^[+-](?=\w| {2})/
const LINE = /^(\s*)((?:- )*)(.*?)\s*$/
const KEY = /^"?(kind|data|stringData|apiVersion)"?:\s*(.*?),?$/

export const readManifestLine = (line: string): ManifestLine => {
  const [, space = '', dashes = '', rest = ''] = LINE.exec(line.replace(GUTTER, '')) ?? []
  if (rest === '' && dashes === '') return { kind: 'blank' }
  if (space === '' && (rest === '---' || rest === '...')) return { kind: 'separator' }
  const indent = space.length + dashes.length
  const [, key, value = ''] = KEY.exec(rest) ?? []
  switch (key) {
    case 'kind':
      return { kind: 'kind', indent, name: value.replaceAll(/["']/g, '') }
    case 'apiVersion':
      return { kind: 'document-start', indent }
    case 'data':
    case 'stringData':
      if (value === '' || value === '{') {
        return { kind: 'data', indent, plain: key === 'stringData', json: value === '{' }
      }
      return { kind: 'other', indent, dash: dashes !== '' }
    default:
      return { kind: 'other', indent: dashes === '' ? indent : space.length, dash: dashes !== '' }
  }
}

/** Where the secret part of a line under `data:` lies, as visible offsets; null when the line holds no value. */
export const manifestValue = (line: string): { readonly from: number; readonly to: number } | null => {
  const end = line.trimEnd().length
  const json = /^[\s+-]*"[^"]*"\s*:\s*"((?:[^"\\]|\\.)*)"?,?$/d.exec(line.slice(0, end))
  const jsonAt = json?.indices?.[1]
  if (jsonAt !== undefined) return jsonAt[0] === jsonAt[1] ? null : { from: jsonAt[0], to: jsonAt[1] }
  const yaml = /^[\s+-]*["']?[\w.-]+["']?:(?:\s+(.*))?$/d.exec(line.slice(0, end))
  if (yaml === null) {
    // A line of a block scalar, or a folded value's next line: all of it.
    const from = line.length - line.trimStart().length
    return from >= end ? null : { from, to: end }
  }
  const at = yaml.indices?.[1]
  if (at === undefined || at[0] === at[1] || /^[|>][+-]?\d?$|^\{\}$|^""$/.test(yaml[1] ?? '')) return null
  return { from: at[0], to: at[1] }
}

/** Whether values of unknown kind are a Secret's: all base64, and one of them long enough to be no word by chance. */
export const looksEncoded = (values: readonly string[]): boolean =>
  values.length > 0 &&
  values.every((value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)) &&
  values.some((value) => value.length >= 8)
