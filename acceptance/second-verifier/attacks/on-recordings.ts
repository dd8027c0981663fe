/** Recordings and attached files, cut and exchanged. */

import { CHUNKS } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { hexOf, utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { honest, path, editLines, insider } from './trial.ts'
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
