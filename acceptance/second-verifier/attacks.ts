/**
 * Ways to cheat with an audit pack, and the answer each deserves. Most are those of an insider who can sign packs: the
 * manifest is made anew and signed again after the change, so that the rule under attack has to hold by itself.
 */

import { buildPack } from '../../src/domain/evidence/audit-packs/index.ts'
import type { LogParts, PackParts } from '../../src/domain/evidence/audit-packs/index.ts'
import {
  append,
  checkpointNote,
  digestOf,
  HOUR,
  LOG_ID,
  logKey,
  logParts,
  newLog,
  ORIGIN,
  packParts,
  policyText,
  signManifest,
  START,
} from '../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import type { TestLog } from '../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import {
  CHUNKS,
  PERIOD,
  SESSION_ID,
  storyLogParts,
  storyPack,
  storyParts,
  tellStory,
} from '../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { ed25519Sign, keyPairOf, sha256 } from '../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import {
  base64Of,
  bytesOfBase64,
  canonicalJson,
  decodeEntries,
  encodeEntries,
  formatCheckpoint,
  formatNote,
  formatVkey,
  hexOf,
  parseSignedCheckpoint,
  SIGNATURE,
  signNote,
  utf8,
} from '../../src/domain/evidence/ledger/index.ts'
import { writeZip, zipOfFiles } from '../../src/cli/verify/zip-write.ts'
import { resigned } from './resigned.ts'

export type Trial = {
  readonly name: string
  readonly zip: Uint8Array
  readonly expected: 0 | 1 | 2 | 3
  /** The auditor's policy; the story's own when absent, none when null. */
  readonly policy?: string | null
  /** A checkpoint the auditor kept. */
  readonly since?: string
}

type Files = Map<string, Uint8Array>

const story = tellStory()
const honest = storyPack(story)
const folder = `log/${LOG_ID}`
const path = {
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

const text = (files: Files, name: string): string => new TextDecoder().decode(files.get(name))

/** The pack with some files changed; `undefined` removes one. */
const changed = (changes: Readonly<Record<string, Uint8Array | undefined>>): Files => {
  const files = new Map(honest)
  for (const [name, bytes] of Object.entries(changes)) {
    if (bytes === undefined) files.delete(name)
    else files.set(name, bytes)
  }
  return files
}

type Line = Record<string, unknown>
const editLines = (name: string, edit: (lines: Line[]) => readonly unknown[]): Uint8Array =>
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

const replaced = (name: string, from: string | RegExp, to: string): Uint8Array => {
  const [before, after] = [text(honest, name), text(honest, name).replace(from, to)]
  if (before === after) throw new Error(`the attack on ${name} changes nothing`)
  return utf8(after)
}

/** An outsider's change: the manifest stays as it was signed. */
const outsider = (
  name: string,
  expected: Trial['expected'],
  changes: Parameters<typeof changed>[0],
): Trial => ({
  name,
  expected,
  zip: zipOfFiles(changed(changes)),
})

/** A pack maker's change: signed again. */
const insider = (
  name: string,
  expected: Trial['expected'],
  changes: Parameters<typeof changed>[0],
): Trial => ({
  name,
  expected,
  zip: zipOfFiles(resigned(changed(changes))),
})

const rebuilt = (change: Partial<LogParts>, parts: Partial<PackParts> = {}): Uint8Array =>
  zipOfFiles(
    buildPack(
      { ...storyParts(story), logs: [{ ...storyLogParts(story), ...change }], ...parts },
      sha256,
      signManifest,
    ),
  )

const retold = (name: string, expected: Trial['expected'], change: Partial<LogParts>): Trial => ({
  name,
  expected,
  zip: rebuilt(change),
})

const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

function outsiderAttacks(): readonly Trial[] {
  const manifest = honest.get('manifest.json')!
  return [
    outsider('an entry edited by somebody without keys', 1, {
      [path.bundle]: flipped(honest.get(path.bundle)!, 700),
    }),
    outsider('the readable page edited', 1, { 'README.html': utf8('<p>All is well.') }),
    outsider('a file added', 1, { 'extra.txt': utf8('hello') }),
    outsider('a file removed', 1, { 'README.html': undefined }),
    outsider('the purpose in the manifest edited', 1, {
      'manifest.json': replaced('manifest.json', 'Sample', 'Simple'),
    }),
    outsider('a file struck off the manifest', 1, {
      'manifest.json': replaced('manifest.json', /\{"path":"keys\.txt"[^}]*\},?/, ''),
    }),
    outsider('the signature under the manifest removed', 2, { 'manifest.note': undefined }),
    outsider('the manifest removed', 2, { 'manifest.json': undefined }),
    outsider('the manifest written with spaces', 1, {
      'manifest.json': utf8(` ${new TextDecoder().decode(manifest)}`),
    }),
    outsider('a name twice in the manifest', 1, {
      'manifest.json': replaced('manifest.json', '"v":1}', '"v":1,"v":1}'),
    }),
    outsider('a note that is not UTF-8', 1, { 'manifest.note': Uint8Array.of(0xff, 0xfe, 0x0a) }),
  ]
}

const leaves = decodeEntries(honest.get(path.bundle)!)!
const bundleOf = (edited: readonly Uint8Array[]): Uint8Array => encodeEntries(edited)
function edited(leaf: Uint8Array, from: string, to: string): Uint8Array {
  const before = new TextDecoder().decode(leaf)
  if (!before.includes(from)) throw new Error(`the attack on ${from} changes nothing`)
  return utf8(before.replace(from, to))
}

function populationAttacks(): readonly Trial[] {
  const parts = storyLogParts(story)
  const { left, right } = JSON.parse(text(honest, path.range)) as { left: string[]; right: string[] }
  const range = (edges: { left: readonly string[]; right: readonly string[] }): Uint8Array =>
    utf8(canonicalJson({ v: 1, ...edges }))
  const flip = (hash: string): string => base64Of(flipped(bytesOfBase64(hash)!, 5))
  const cut = (from: number, to: number): Uint8Array =>
    zipOfFiles(
      buildPack(packParts([logParts(story.log, { ...story.cut, from, to })], PERIOD), sha256, signManifest),
    )
  return [
    insider('an entry edited', 1, {
      [path.bundle]: bundleOf(
        leaves.map((leaf, i) => (i === 3 ? edited(leaf, 'a_engineer', 'a_somebody') : leaf)),
      ),
    }),
    retold('an entry deleted, the count with it', 1, { leaves: leaves.toSpliced(20, 1) }),
    insider('an entry deleted, the count left', 1, { [path.bundle]: bundleOf(leaves.toSpliced(20, 1)) }),
    insider('two entries exchanged', 1, {
      [path.bundle]: bundleOf(leaves.with(3, leaves[4]!).with(4, leaves[3]!)),
    }),
    retold('a backdated entry inserted', 1, { leaves: leaves.toSpliced(10, 0, leaves[10]!) }),
    insider('an entry of another log put in', 1, {
      [path.bundle]: bundleOf(leaves.map((leaf, i) => (i === 9 ? edited(leaf, LOG_ID, SESSION_ID) : leaf))),
    }),
    insider('the bundle cut within an entry', 1, { [path.bundle]: honest.get(path.bundle)!.subarray(0, -3) }),
    insider('a left edge changed', 1, {
      [path.range]: range({ left: left.map((h, i) => (i === 0 ? flip(h) : h)), right }),
    }),
    insider('a right edge changed', 1, {
      [path.range]: range({ left, right: right.map((h, i) => (i === 0 ? flip(h) : h)) }),
    }),
    insider('an edge too many', 1, { [path.range]: range({ left: [...left, left[0]!], right }) }),
    insider('an edge too few', 1, { [path.range]: range({ left, right: right.slice(1) }) }),
    insider('edges swapped', 1, { [path.range]: range({ left: right, right: left }) }),
    retold('the range said to start one later', 1, { from: parts.from + 1 }),
    { name: 'a cut after the period began', expected: 2, zip: cut(7, 36) },
    { name: 'a cut before the period ended', expected: 2, zip: cut(5, 31) },
  ]
}

function headAttacks(): readonly Trial[] {
  const end = checkpointNote(story.log, story.cut.end)
  const checkpoint = parseSignedCheckpoint(end)
  if ('refused' in checkpoint) throw new Error(checkpoint.detail)
  const { note, size, root } = checkpoint
  const signedBy = (origin: string, key = logKey.signing): string => {
    const body = formatCheckpoint({ origin, size, root })
    return formatNote({
      text: body,
      signatures: [signNote(body, key, ed25519Sign), ...note.signatures.slice(1)],
    })
  }
  const bad = { ...note.signatures[0]!, signature: flipped(note.signatures[0]!.signature, 40) }
  const stranger = keyPairOf('stranger.example', SIGNATURE)
  const elsewhere = keyPairOf(ORIGIN, SIGNATURE)
  const sameName = { ...elsewhere.signing, seed: sha256(utf8('another seed')), id: '00112233' }
  const proofs = (edit: (proof: string[]) => readonly string[]): Uint8Array =>
    editLines(path.consistency, (lines) =>
      lines.map((line) => ({ ...line, proof: edit(line['proof'] as string[]) })),
    )
  const forked = retellWithEdit(1)
  return [
    insider('the head of another log, signed by the same key', 1, {
      [path.end]: utf8(signedBy('fortnight.example/l/other')),
    }),
    insider('a bad signature of a known key beside a good one', 1, {
      [path.end]: utf8(formatNote({ text: note.text, signatures: [...note.signatures, bad] })),
    }),
    insider('a cosignature moved to another time', 1, {
      [path.end]: utf8(
        formatNote({
          text: note.text,
          signatures: note.signatures.map((one, i) =>
            i === 1 ? { ...one, signature: flipped(one.signature, 7) } : one,
          ),
        }),
      ),
    }),
    insider('a head signed by a stranger only', 2, {
      [path.end]: utf8(
        formatNote({
          text: note.text,
          signatures: [signNote(note.text, stranger.signing, ed25519Sign), note.signatures[1]!],
        }),
      ),
    }),
    insider('a head signed by a new key of the same name', 2, {
      [path.end]: utf8(signedBy(ORIGIN, sameName)),
    }),
    insider('a head without the witness', 2, {
      [path.end]: utf8(formatNote({ text: note.text, signatures: note.signatures.slice(0, 1) })),
    }),
    insider('a head of another size than the manifest says', 1, {
      [path.end]: utf8(checkpointNote(story.log, 39)),
    }),
    insider('a head with a line added', 1, { [path.end]: utf8(end.replace('=\n\n', '=\nextension\n\n')) }),
    insider('a head with carriage returns', 1, { [path.end]: utf8(end.replaceAll('\n', '\r\n')) }),
    insider('the start head of a forked history, signed by the right key', 1, {
      [path.start]: utf8(checkpointNote(forked, 3)),
    }),
    insider('the start head removed', 1, { [path.start]: undefined }),
    insider('a consistency proof changed', 1, {
      [path.consistency]: proofs(([first, ...rest]) => [
        base64Of(flipped(bytesOfBase64(first!)!, 3)),
        ...rest,
      ]),
    }),
    insider('a consistency proof one hash shorter', 1, {
      [path.consistency]: proofs((proof) => proof.slice(1)),
    }),
    insider('a consistency proof one hash longer', 1, {
      [path.consistency]: proofs((proof) => [...proof, proof[0]!]),
    }),
    insider('no consistency proof', 1, { [path.consistency]: utf8('') }),
    insider('a consistency proof from another size', 1, {
      [path.consistency]: editLines(path.consistency, (lines) => lines.map((line) => ({ ...line, from: 4 }))),
    }),
  ]
}

/** The insider with database and key: history edited, everything hashed and signed again. */
function retellWithEdit(index: number): TestLog {
  const { log } = tellStory()
  const target = log.entries[index]!
  log.entries[index] = { ...target, bytes: edited(target.bytes, 'a_engineer', 'a_somebody') }
  return log
}

function rewritingAttacks(): readonly Trial[] {
  const rewritten = { ...story, log: retellWithEdit(20) }
  const zip = zipOfFiles(storyPack(rewritten))
  const longer = tellStory()
  append(longer.log, { type: 'alert.resolved', at: START + 400 * HOUR })
  const all = zipOfFiles(honest)
  const foreign = checkpointNote(story.log, 17).replaceAll(ORIGIN, 'fortnight.example/l/other')
  return [
    { name: 'history rewritten and signed again, nothing kept: nobody can see it', expected: 0, zip },
    {
      name: 'history rewritten, a head within the period kept',
      expected: 1,
      zip,
      since: checkpointNote(story.log, 30),
    },
    { name: 'history rewritten, the last head kept', expected: 1, zip, since: checkpointNote(story.log, 40) },
    {
      name: 'the log truncated since the kept head',
      expected: 1,
      zip: all,
      since: checkpointNote(longer.log, 41),
    },
    { name: 'a kept head from before the edit', expected: 0, zip, since: checkpointNote(story.log, 12) },
    {
      name: 'a kept head without a proof in the pack',
      expected: 2,
      zip: all,
      since: checkpointNote(story.log, 38),
    },
    { name: 'a kept head of another log', expected: 2, zip: all, since: foreign },
    { name: 'a kept head that is none', expected: 2, zip: all, since: 'hello\n' },
  ]
}

function disclosureAttacks(): readonly Trial[] {
  const lines = (edit: (lines: Line[]) => readonly unknown[]) => ({
    [path.disclosures]: editLines(path.disclosures, edit),
  })
  const shown = (line: Line): boolean => line['state'] === 'disclosed'
  const parts = storyLogParts(story)
  const first = parts.disclosures.find(({ state }) => state === 'withheld')
  const goneBy = (state: 'erased' | 'expired', by: number): LogParts['disclosures'] =>
    parts.disclosures.map((part) =>
      part === first && 'digest' in part ? { entry: part.entry, digest: part.digest, state, by } : part,
    )
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
    retold('"erased" by an erasure of something else', 1, { disclosures: goneBy('erased', 28) }),
    retold('"erased" by an entry that is no erasure', 1, { disclosures: goneBy('erased', 30) }),
    retold('"expired" by an erasure', 1, { disclosures: goneBy('expired', 28) }),
    retold('"erased" by an entry that is not in the pack', 1, { disclosures: goneBy('erased', 37) }),
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
    fieldsOfOneName(),
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

function recordingAttacks(): readonly Trial[] {
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

function observationAttacks(): readonly Trial[] {
  const rows = (edit: (lines: Line[]) => readonly unknown[]) => ({
    [path.observations]: editLines(path.observations, edit),
  })
  return [
    insider(
      'an observed row edited',
      1,
      rows(([row, ...rest]) => [{ ...row, bytes: base64Of(utf8('nothing happened')) }, ...rest]),
    ),
    insider(
      'an observed row left out',
      1,
      rows((all) => all.toSpliced(2, 1)),
    ),
    insider(
      'an observed row added',
      1,
      rows((all) => [...all, { ...all[0], number: 6 }]),
    ),
    insider('observed rows of an entry that sealed nothing', 1, {
      [`${folder}/observations/${SESSION_ID}.ndjson`]: utf8(''),
    }),
    windowLeftOut(),
  ]
}

/** The second of three windows never became an entry: its rows were hidden before the log was written. */
function windowLeftOut(): Trial {
  const log = newLog()
  const sealed = story.log.entries.filter(({ leaf }) => leaf.type === 'observations.sealed')
  for (const { texts } of [sealed[0]!, sealed[2]!]) {
    const [, , window] = JSON.parse(texts['window']!) as [string, string, Line]
    append(log, { type: 'observations.sealed', at: START, fields: { window } })
  }
  const parts = packParts([logParts(log, { from: 0, to: 2, start: 0, end: 2 })], PERIOD)
  // One window begins the chain, the other follows a window that is not there.
  return {
    name: 'a window of observations left out',
    expected: 1,
    zip: zipOfFiles(buildPack(parts, sha256, signManifest)),
  }
}

function zipAttacks(): readonly Trial[] {
  const entries = [...honest].map(([name, bytes]) => ({ name, bytes }))
  const good = Buffer.from(zipOfFiles(honest))
  const slip = { name: '../../../tmp/evil', bytes: utf8('x') }
  const central = good.readUInt32LE(good.length - 6)
  const renamed = Buffer.from(good)
  renamed.write('XEAD', 30)
  const encrypted = Buffer.from(good)
  encrypted.writeUInt16LE(encrypted.readUInt16LE(central + 8) | 1, central + 8)
  const commented = Buffer.concat([good, utf8('hi')])
  commented.writeUInt16LE(2, good.length - 2)
  const zip = (name: string, bytes: Uint8Array, expected: Trial['expected'] = 1): Trial => ({
    name,
    zip: bytes,
    expected,
  })
  return [
    zip(
      'a name twice in the zip, the second one forged',
      writeZip([...entries, { name: 'README.html', bytes: utf8('forged') }]),
    ),
    zip(
      'a name twice but for capitals',
      writeZip([...entries, { name: 'readme.html', bytes: utf8('forged') }]),
    ),
    zip('a name that leads out of the folder', writeZip([...entries, slip])),
    zip('an absolute name', writeZip([...entries, { ...slip, name: '/tmp/evil' }])),
    zip('a backslash in a name', writeZip([...entries, { ...slip, name: 'a\\..\\evil' }])),
    zip(
      'a symbolic link',
      writeZip([...entries, { name: 'link', bytes: utf8('/etc/passwd'), mode: 0o120777 }]),
    ),
    zip('a file that is also a folder', writeZip([...entries, { name: 'README.html/x', bytes: utf8('x') }])),
    zip('bytes behind the zip', Buffer.concat([good, utf8('tail')])),
    zip('a comment behind the zip', commented),
    zip('a zip cut short', good.subarray(0, -100)),
    zip('a local name that differs', renamed),
    zip('an encrypted file', encrypted),
    zip('something before the zip', Buffer.concat([utf8('#!/bin/sh\n'), good]), 2),
    zip('no zip at all', utf8('%PDF-1.7, which is no zip at all'), 2),
    zip('an empty zip', writeZip([]), 2),
  ]
}

function trustTrials(): readonly Trial[] {
  const zip = zipOfFiles(honest)
  const stranger = formatVkey(keyPairOf(ORIGIN, SIGNATURE).verifier)
  const withoutPack = policyText.replace(/^pack .*$/m, '')
  return [
    { name: 'an honest pack', expected: 0, zip },
    {
      name: 'an honest pack and an honest kept head',
      expected: 0,
      zip,
      since: checkpointNote(story.log, 17),
    },
    { name: 'an honest pack and no policy', expected: 2, zip, policy: null },
    { name: 'an honest pack and a policy of nobody', expected: 2, zip, policy: '' },
    { name: 'a policy without the key that signs packs', expected: 2, zip, policy: withoutPack },
    {
      name: 'a policy that asks for no witness',
      expected: 0,
      zip,
      policy: policyText.replace('quorum customer', 'quorum none'),
    },
    {
      name: 'a policy with a bare log key for another log',
      expected: 2,
      zip,
      policy: stranger.replace(LOG_ID, SESSION_ID) === stranger ? '' : `pack ${stranger}\n`,
    },
    { name: 'a policy that cannot be read', expected: 3, zip, policy: 'trust everybody' },
    insider('a format of the future', 2, {
      'manifest.json': replaced('manifest.json', 'audit-pack/v1', 'audit-pack/v2'),
    }),
    insider('a register of actors that cannot be read', 1, { 'actors.json': utf8('[]') }),
    insider('keys inside the pack that cannot be read, beside a policy', 0, {
      'keys.txt': utf8('trust everybody'),
    }),
  ]
}

export const trials = (): readonly Trial[] => [
  ...trustTrials(),
  ...outsiderAttacks(),
  ...populationAttacks(),
  ...headAttacks(),
  ...rewritingAttacks(),
  ...disclosureAttacks(),
  ...recordingAttacks(),
  ...observationAttacks(),
  ...zipAttacks(),
]
