/** The zip writer of packs with Node's deflate: what tests write, honest and hostile zips alike. */

import { deflateRawSync } from 'node:zlib'
import { writeZip as write } from '../../domain/evidence/audit-packs/index.ts'
import type { ZipEntry as PackedEntry } from '../../domain/evidence/audit-packs/index.ts'

export type ZipEntry = Omit<PackedEntry, 'deflated'>

/** Sorted by name; equal bytes on equal zlib versions. */
export const zipOfFiles = (files: ReadonlyMap<string, Uint8Array>): Uint8Array =>
  writeZip(
    [...files]
      .map(([name, bytes]) => ({ name, bytes }))
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  )

/** In the order given, even when names repeat or lead astray: what a reader has to withstand. */
export const writeZip = (entries: readonly ZipEntry[]): Uint8Array =>
  write(entries.map((entry) => ({ ...entry, deflated: deflateRawSync(entry.bytes, { level: 9 }) })))
