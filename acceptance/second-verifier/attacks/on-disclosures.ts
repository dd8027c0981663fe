/** Fields swapped, edited, hidden, and excuses for them. */

import {
  append,
  digestOf,
  logParts,
  newLog,
  packParts,
  signManifest,
  START,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { PERIOD, storyLogParts } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { buildPack } from '../../../src/domain/evidence/audit-packs/index.ts'
import type { LogParts } from '../../../src/domain/evidence/audit-packs/index.ts'
import { sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { canonicalJson, utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { story, honest, path, editLines, replaced, insider, retold } from './trial.ts'
import type { Trial, Line } from './trial.ts'

const lines = (edit: (lines: Line[]) => readonly unknown[]) => ({
  [path.disclosures]: editLines(path.disclosures, edit),
})
const shown = (line: Line): boolean => line['state'] === 'disclosed'

export function disclosureAttacks(): readonly Trial[] {
  const [a, b] = [story.log.entries[15]!, story.log.entries[16]!]
  const digestA = digestOf(a, 'summary')
  const digestB = digestOf(b, 'summary')
  const swap = (line: Line): Line =>
    line['digest'] === digestA
      ? { ...line, entry: b.leaf.id }
      : line['digest'] === digestB
        ? { ...line, entry: a.leaf.id }
        : line
  const foreign = story.log.entries[2]!
  return [
    insider(
      'disclosures of two entries swapped',
      1,
      lines((all) => all.map(swap)),
    ),
    insider(
      'texts of two fields swapped',
      1,
      lines((all) =>
        all.map((line) => (line['digest'] === digestA ? { ...line, text: b.texts['summary'] } : line)),
      ),
    ),
    insider(
      'a disclosed field that the entry does not carry',
      1,
      lines((all) => [
        ...all,
        {
          digest: digestOf(foreign, 'summary'),
          entry: a.leaf.id,
          state: 'disclosed',
          text: foreign.texts['summary'],
        },
      ]),
    ),
    insider(
      'a field silently left out',
      1,
      lines((all) => all.toSpliced(all.findIndex(shown), 1)),
    ),
    insider('a value edited', 1, {
      [path.disclosures]: replaced(path.disclosures, 'restart the ingress', 'drink the ingress'),
    }),
    insider(
      'a field shown twice',
      1,
      lines((all) => [...all, all.find(shown)]),
    ),
    insider('a name twice in one line', 1, {
      [path.disclosures]: replaced(path.disclosures, '"state":', '"state":"withheld","state":'),
    }),
    insider(
      'a line with a member nobody knows',
      1,
      lines(([line, ...rest]) => [{ ...line, note: 1 }, ...rest]),
    ),
    insider('the last newline removed', 1, {
      [path.disclosures]: honest.get(path.disclosures)!.subarray(0, -1),
    }),
    fieldsOfOneName(),
  ]
}

/** Excuses: gone, it is said, and here is who did it. */
export function excuseAttacks(): readonly Trial[] {
  const parts = storyLogParts(story)
  const first = parts.disclosures.find(({ state }) => state === 'withheld')
  const goneBy = (state: 'erased' | 'expired', by: number): LogParts['disclosures'] =>
    parts.disclosures.map((part) =>
      part === first && 'digest' in part ? { entry: part.entry, digest: part.digest, state, by } : part,
    )
  return [
    retold('"erased" by an erasure of something else', 1, { disclosures: goneBy('erased', 28) }),
    retold('"erased" by an entry that is no erasure', 1, { disclosures: goneBy('erased', 30) }),
    retold('"expired" by an erasure', 1, { disclosures: goneBy('expired', 28) }),
    retold('"erased" by an entry that is not in the pack', 1, { disclosures: goneBy('erased', 38) }),
    retold('"erased" by an entry before it', 1, { disclosures: goneBy('erased', 7) }),
    insider('the entry behind an erasure removed', 1, { [path.later]: utf8('') }),
    insider('the entry behind an erasure with another proof', 1, {
      [path.later]: editLines(path.later, (all) =>
        all.map((line) => ({ ...line, proof: (line['proof'] as string[]).toReversed() })),
      ),
    }),
    insider('the entry behind an erasure at another place', 1, {
      [path.later]: editLines(path.later, (all) =>
        all.map((line) => ({ ...line, index: Number(line['index']) + 1 })),
      ),
    }),
    insider(
      "the erasure's own list withheld",
      1,
      lines((all) =>
        all.map((line) => {
          if (!shown(line) || !String(line['text']).includes('"digests"')) return line
          return { digest: line['digest'], entry: line['entry'], state: 'withheld' }
        }),
      ),
    ),
  ]
}

/** An entry that carries two fields of one name: which of them did it mean? */
function fieldsOfOneName(): Trial {
  const log = newLog()
  append(log, {
    type: 'decision.approved',
    at: START,
    fields: { approver: 'Robin Example', other: 'Kim Example' },
  })
  const entry = log.entries[0]!
  const texts = [entry.texts['approver']!, entry.texts['other']!.replace('other', 'approver')]
  const digests = texts.map((one) =>
    Buffer.from(sha256(utf8(`fortnight/disclosure/v1\n${one}`))).toString('base64url'),
  )
  const leaf = { ...entry.leaf, sd: digests.toSorted() }
  log.entries[0] = { ...entry, leaf, bytes: utf8(canonicalJson(leaf)) }
  const parts: LogParts = {
    ...logParts({ ...log, fates: new Map() }, { from: 0, to: 1, start: 0, end: 1 }),
    disclosures: texts.map((one) => ({ state: 'disclosed', entry: leaf.id, text: one })),
  }
  return {
    name: 'an entry with two fields of one name',
    expected: 1,
    zip: zipOfFiles(buildPack(packParts([parts], PERIOD), sha256, signManifest)),
  }
}
