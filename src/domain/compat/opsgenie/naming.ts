/** Names of another system as ours: slugs, handles and lines that the contract takes, each only once. */

const LONGEST_SLUG = 63
const LONGEST_LINE = 100

/** Gives each name once; who comes later with the same is given a number. */
export type Names = { readonly give: (wanted: string) => string }

/** @param reserved are never given */
export const namesOnce = (reserved: readonly string[] = []): Names => {
  const given = new Set(reserved)
  const tried = new Map<string, number>()
  const give = (wanted: string): string => {
    let number = tried.get(wanted) ?? 1
    let name = wanted
    while (given.has(name)) {
      number += 1
      const suffix = `-${number}`
      name = `${wanted.slice(0, LONGEST_SLUG - suffix.length)}${suffix}`
    }
    tried.set(wanted, number)
    given.add(name)
    return name
  }
  return { give }
}

const plain = (text: string, allowed: RegExp): string =>
  text
    .slice(0, 1_000)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(allowed, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, LONGEST_SLUG)
    .replace(/[^a-z0-9]+$/, '')

/** `Första linjen (dag)` → `forsta-linjen-dag`. @param otherwise when no letter is left */
export const slugOf = (text: string, otherwise: string): string => plain(text, /[^a-z0-9]+/g) || otherwise

/** The part of an address before the @, as a handle. */
export const handleOf = (email: string): string =>
  plain(email.split('@')[0] ?? '', /[^a-z0-9._-]+/g) || 'person'

/** Cut at so many characters, never in the middle of one. */
const cutAt = (text: string, most: number): string => {
  const cut = text.slice(0, most)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}

/** One line with something to see in it, at most 100 characters long unless said; undefined when nothing is left. */
export const lineOf = (text: string, most = LONGEST_LINE): string | undefined => {
  const clean = text
    .slice(0, 10_000)
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ')
    .toWellFormed()
    .trim()
  const whole = cutAt(clean, most).trim()
  return /[^\s\p{Cf}]/u.test(whole) ? whole : undefined
}

/** Longer text with its lines, without what drives a terminal. */
export const cleanText = (text: string, most: number): string =>
  cutAt(text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' '), most)
