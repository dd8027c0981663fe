/**
 * Ways to cheat with an audit pack, and the answer each deserves. Most are those of an insider who can sign packs: the
 * manifest is made anew and signed again after the change, so that the rule under attack has to hold by itself.
 */

import { LOG_ID, signManifest } from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import type { TestLog } from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import type { Story } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import {
  SESSION_ID,
  storyLogParts,
  storyPack,
  storyParts,
  tellStory,
} from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { buildPack } from '../../../src/domain/evidence/audit-packs/index.ts'
import type { LogParts, PackParts } from '../../../src/domain/evidence/audit-packs/index.ts'
import { sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { canonicalJson, utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { resigned } from '../resigned.ts'

export type Trial = {
  readonly name: string
  readonly zip: Uint8Array
  readonly expected: 0 | 1 | 2 | 3
  /** The auditor's policy; the story's own when absent, none when null. */
  readonly policy?: string | null
  /** A checkpoint the auditor kept. */
  readonly since?: string
}

export type Files = Map<string, Uint8Array>

export const story = tellStory()
export const honest = storyPack(story)
export const folder = `log/${LOG_ID}`
export const path = {
  bundle: `${folder}/entries.bundle`,
  disclosures: `${folder}/disclosures.ndjson`,
  blobs: `${folder}/blobs.ndjson`,
  later: `${folder}/later.ndjson`,
  range: `${folder}/range.json`,
  consistency: `${folder}/consistency.ndjson`,
  start: `${folder}/checkpoint.start`,
  end: `${folder}/checkpoint.end`,
  cast: `${folder}/casts/${SESSION_ID}.cast`,
  observations: [...honest.keys()].find((name) => name.includes('/observations/'))!,
  blob: [...honest.keys()].find((name) => name.startsWith('blobs/'))!,
}

export const text = (files: Files, name: string): string => new TextDecoder().decode(files.get(name))

/** The pack with some files changed; `undefined` removes one. */
export const changed = (changes: Readonly<Record<string, Uint8Array | undefined>>): Files => {
  const files = new Map(honest)
  for (const [name, bytes] of Object.entries(changes)) {
    if (bytes === undefined) files.delete(name)
    else files.set(name, bytes)
  }
  return files
}

export type Line = Record<string, unknown>
export const editLines = (name: string, edit: (lines: Line[]) => readonly unknown[]): Uint8Array =>
  utf8(
    edit(
      text(honest, name)
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line),
    )
      .map((line) => `${canonicalJson(line)}\n`)
      .join(''),
  )

export const replaced = (name: string, from: string | RegExp, to: string): Uint8Array => {
  const [before, after] = [text(honest, name), text(honest, name).replace(from, to)]
  if (before === after) throw new Error(`the attack on ${name} changes nothing`)
  return utf8(after)
}

/** An outsider's change: the manifest stays as it was signed. */
export const outsider = (
  name: string,
  expected: Trial['expected'],
  changes: Parameters<typeof changed>[0],
): Trial => ({
  name,
  expected,
  zip: zipOfFiles(changed(changes)),
})

/** A pack maker's change: signed again. */
export const insider = (
  name: string,
  expected: Trial['expected'],
  changes: Parameters<typeof changed>[0],
): Trial => ({
  name,
  expected,
  zip: zipOfFiles(resigned(changed(changes))),
})

export const rebuilt = (change: Partial<LogParts>, parts: Partial<PackParts> = {}): Uint8Array =>
  zipOfFiles(
    buildPack(
      { ...storyParts(story), logs: [{ ...storyLogParts(story), ...change }], ...parts },
      sha256,
      signManifest,
    ),
  )

/** Another history, honestly packed and signed by everybody. */
export const packOf = (told: Story): Uint8Array => zipOfFiles(storyPack(told))

export const retold = (name: string, expected: Trial['expected'], change: Partial<LogParts>): Trial => ({
  name,
  expected,
  zip: rebuilt(change),
})

export const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

export function edited(leaf: Uint8Array, from: string, to: string): Uint8Array {
  const before = new TextDecoder().decode(leaf)
  if (!before.includes(from)) throw new Error(`the attack on ${from} changes nothing`)
  return utf8(before.replace(from, to))
}

/** The insider with database and key: history edited, everything hashed and signed again. */
export function retellWithEdit(index: number): TestLog {
  const { log } = tellStory()
  const target = log.entries[index]!
  log.entries[index] = { ...target, bytes: edited(target.bytes, 'a_engineer', 'a_somebody') }
  return log
}
