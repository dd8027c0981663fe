/** Recordings and attached files, cut and exchanged. */

import { digestOf } from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { CHUNKS, headOf, tellStory } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { encodeLeaf, hexOf, utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { honest, path, editLines, insider, packOf } from './trial.ts'
import type { Trial, Line } from './trial.ts'

export function recordingAttacks(): readonly Trial[] {
  const cast = honest.get(path.cast)!
  const [c0, c1, , c3] = CHUNKS as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  const redacted = cast.subarray(c0.length + c1.length, cast.length - c3.length)
  const castOf = (...chunks: readonly Uint8Array[]) => ({ [path.cast]: Buffer.concat(chunks) })
  const blobLines = (edit: (lines: Line[]) => readonly unknown[]) => ({
    [path.blobs]: editLines(path.blobs, edit),
  })
  const other = utf8('not what was attached')
  return [
    insider('a chunk removed from a recording', 1, castOf(c0, redacted, c3)),
    insider('two chunks swapped', 1, castOf(c1, c0, redacted, c3)),
    insider('a chunk duplicated', 1, castOf(c0, c1, c1, redacted, c3)),
    insider('a recording truncated', 1, { [path.cast]: cast.subarray(0, -5) }),
    insider('a recording truncated at a chunk', 1, castOf(c0, c1, redacted)),
    insider('output appended to a recording', 1, castOf(cast, utf8('[0.1,"o","rm -rf /"]\n'))),
    insider('a redaction undone', 1, castOf(...CHUNKS)),
    insider('a recording removed', 1, { [path.cast]: undefined }),
    insider('a chunk silently left out of recording and list', 1, {
      ...castOf(c0, redacted, c3),
      ...blobLines((all) => all.filter((line) => line['h'] !== hexOf(sha256(c1)))),
    }),
    insider('a chunk "redacted" by an entry that says nothing of it', 1, {
      ...castOf(c0, redacted, c3),
      ...blobLines((all) =>
        all.map((line) =>
          line['h'] === hexOf(sha256(c1))
            ? { ...line, state: 'redacted', by: 30, with: hexOf(sha256(other)) }
            : line,
        ),
      ),
    }),
    insider('an attached file exchanged', 1, { [path.blob]: other }),
    insider('an attached file exchanged under its new name', 1, {
      [path.blob]: undefined,
      [`blobs/${hexOf(sha256(other))}`]: other,
    }),
    insider('a file put among the attached ones', 1, { [`blobs/${hexOf(sha256(other))}`]: other }),
    insider('an attached file "erased" without a record', 1, {
      [path.blob]: undefined,
      ...blobLines((all) =>
        all.map((line) =>
          path.blob.endsWith(String(line['h'])) ? { ...line, state: 'erased', by: 27 } : line,
        ),
      ),
    }),
  ]
}

/** A server that took less into the log than the recorder had brought, and a history in which that does not show. */
export function incompleteRecordings(): readonly Trial[] {
  const closed = (name: string, expected: Trial['expected'], chunks: number, head: string): Trial => ({
    name,
    expected,
    zip: packOf(tellStory({ chunks, head })),
  })
  const more = [...CHUNKS, utf8('[0.1,"o","one more\\r\\n"]\n')]
  const hidden = tellStory()
  const closing = hidden.log.entries[11]!
  for (const name of ['chunks', 'head']) hidden.log.fates.set(digestOf(closing, name), 'withheld')
  const cut = tellStory()
  const { leaf } = cut.log.entries[11]!
  const { blobs: _, ...without } = leaf
  cut.log.entries[11] = { ...cut.log.entries[11]!, leaf: without, bytes: encodeLeaf(without) }
  return [
    closed('a chunk at the end that the log never named', 2, more.length, headOf(more)),
    {
      name: 'the last chunk taken out of its entry, and everything signed anew',
      expected: 2,
      zip: packOf(cut),
    },
    closed('more chunks named than the recorder had', 1, CHUNKS.length - 1, headOf(CHUNKS.slice(0, -1))),
    closed('a chunk exchanged before the log named it', 1, CHUNKS.length, headOf(CHUNKS.toReversed())),
    { name: 'a closing that does not show how much there was', expected: 2, zip: packOf(hidden) },
  ]
}
