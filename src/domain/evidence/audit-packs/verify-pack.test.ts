/** Packs judged: an honest one is believed for what it shows, a bent one is not, and the finding says why. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../refusal.ts'
import {
  canonicalJson,
  consistencyProof,
  formatNote,
  hexOf,
  parseNote,
  sealWindow,
  SIGNATURE,
  signNote,
  utf8,
} from '../ledger/index.ts'
import type { JsonValue, Leaf, Note, ObservationWindow } from '../ledger/index.ts'
import { ed25519Sign, ed25519Verify, keyPairOf, sha256 } from '../ledger/crypto-for-tests.test.ts'
import { buildPack } from './build-pack.ts'
import { manifestNoteText } from './format.ts'
import {
  append,
  checkpointNote,
  hashesOf,
  HOUR,
  logParts,
  newLog,
  ORIGIN,
  packParts,
  policyText,
  signManifest,
  START,
} from './log-for-tests.test.ts'
import { parsePolicy } from './policy.ts'
import type { Policy } from './policy.ts'
import type { LogParts, PackParts } from './pack-parts.ts'
import { PERIOD, storyLogParts, storyPack, storyParts, tellStory } from './story-for-tests.test.ts'
import type { Verdict } from './verdict.ts'
import { verifyPack } from './verify-pack.ts'

const crypto = { sha256, ed25519Verify }
const parsed = parsePolicy(policyText, sha256)
assert.ok(!isRefusal(parsed))
const policy: Policy = parsed

const story = tellStory()
const honest = storyPack(story)
const judge = (files: ReadonlyMap<string, Uint8Array>, held: readonly string[] = []): Verdict =>
  verifyPack(files, policy, crypto, held)
const codes = (findings: Verdict['faults']): readonly string[] => findings.map(({ code }) => code)
const rebuilt = (change: Partial<LogParts>, parts: Partial<PackParts> = {}): Verdict =>
  judge(
    buildPack(
      { ...storyParts(story), logs: [{ ...storyLogParts(story), ...change }], ...parts },
      sha256,
      signManifest,
    ),
  )

test("an honest pack is ok under the auditor's policy, and says the fate of every field", () => {
  const verdict = judge(honest)
  assert.deepEqual(verdict.faults, [])
  assert.deepEqual(verdict.gaps, [])
  assert.equal(verdict.outcome, 'ok')
  const [log] = verdict.logs
  assert.equal(log!.entries.length, 31)
  assert.equal(log!.periodEnd, 'bounded-by-entry')
  assert.deepEqual(
    log!.cosigners.map(({ name }) => name),
    ['witness.example/customer'],
  )
  const states = log!.entries.flatMap(({ fields }) => fields.map(({ state }) => state))
  const count = (state: string): number => states.filter((one) => one === state).length
  assert.deepEqual([count('withheld'), count('erased'), count('expired'), count('missing')], [1, 2, 1, 0])
  const blobs = log!.entries.flatMap((entry) => entry.blobs.map(({ state }) => state))
  assert.deepEqual(blobs, [
    'present',
    'present',
    'redacted',
    'present',
    'present',
    'erased',
    'withheld',
    'present',
  ])
  const risk = log!.entries[1]!.fields.find((field) => field.state === 'disclosed' && field.name === 'risk')
  assert.equal(risk?.state === 'disclosed' && risk.value, 'za\u017c\u00f3\u0142\u0107')
})

test('the same parts give the same bytes, in whatever order rows came', () => {
  const parts = storyParts(story)
  const [log] = parts.logs
  const shuffled: PackParts = {
    ...parts,
    actors: parts.actors.toReversed(),
    logs: [
      {
        ...log!,
        disclosures: log!.disclosures.toReversed(),
        blobs: log!.blobs.toReversed(),
        later: log!.later.toReversed(),
      },
    ],
  }
  assert.deepEqual(buildPack(shuffled, sha256, signManifest), honest)
})

test('without a policy a perfect pack is only consistent with itself', () => {
  const verdict = verifyPack(honest, undefined, crypto)
  assert.equal(verdict.outcome, 'incomplete')
  assert.deepEqual(codes(verdict.gaps), ['no-policy'])
  assert.equal(verdict.policyGiven, false)
})

test('a policy that knows other keys trusts nobody here', () => {
  const verdict = verifyPack(honest, { logs: [], packs: [], witnesses: [], quorum: { kind: 'none' } }, crypto)
  assert.equal(verdict.outcome, 'incomplete')
  assert.deepEqual(new Set(codes(verdict.gaps)), new Set(['signer-not-trusted']))
  // A log key counts for its own log only, whatever it signs.
  const renamed = policy.logs.map((key) => ({ ...key, name: 'fortnight.example/l/other' }))
  assert.equal(verifyPack(honest, { ...policy, logs: renamed }, crypto).outcome, 'incomplete')
})

test('a key of the policy signs for its own log only', () => {
  const other = keyPairOf('fortnight.example/l/other', SIGNATURE)
  const resigned = (size: number): string => {
    const { text, signatures } = parseNote(checkpointNote(story.log, size)) as Note
    return formatNote({
      text,
      signatures: [signNote(text, other.signing, ed25519Sign), ...signatures.slice(1)],
    })
  }
  const { cut } = story
  const files = buildPack(
    {
      ...storyParts(story),
      logs: [{ ...storyLogParts(story), startNote: resigned(cut.start), endNote: resigned(cut.end) }],
    },
    sha256,
    signManifest,
  )
  const verdict = verifyPack(files, { ...policy, logs: [...policy.logs, other.verifier] }, crypto)
  assert.deepEqual(
    [verdict.outcome, codes(verdict.gaps)],
    ['incomplete', ['signer-not-trusted', 'signer-not-trusted']],
  )
})

test('a size that happens to have the same edges is not the signed size', () => {
  const log = newLog()
  for (const at of [1, 2, 3, 200, 201]) append(log, { type: 'alert.resolved', at: START + at * HOUR })
  const files = buildPack(
    packParts([logParts(log, { from: 0, to: 4, start: 0, end: 5 })], PERIOD),
    sha256,
    signManifest,
  )
  assert.equal(judge(files).outcome, 'ok')
  // Six entries, too, would have one edge at the right, and the same root would follow from it.
  const manifest = new TextDecoder().decode(files.get('manifest.json')).replace('"end":5', '"end":6')
  const text = manifestNoteText(hexOf(sha256(utf8(manifest))))
  const note = formatNote({ text, signatures: signManifest(text) })
  const lying = new Map([...files, ['manifest.json', utf8(manifest)], ['manifest.note', utf8(note)]] as const)
  assert.deepEqual(codes(judge(lying).faults), ['checkpoint-size'])
})

test('two windows cannot follow the same window', () => {
  const row = (number: number, word: string) => ({ process: 'p', number, bytes: utf8(word) })
  const first = sealWindow([row(1, 'a')], undefined, sha256)
  const windows = [first, sealWindow([row(2, 'b')], first, sha256), sealWindow([row(2, 'c')], first, sha256)]
  const judgeWindows = (sealed: readonly ObservationWindow[]): readonly string[] => {
    const log = newLog()
    for (const window of sealed) append(log, { type: 'observations.sealed', at: START, fields: { window } })
    const cut = { from: 0, to: sealed.length, start: 0, end: sealed.length }
    return codes(judge(buildPack(packParts([logParts(log, cut)], PERIOD), sha256, signManifest)).faults)
  }
  assert.deepEqual(judgeWindows(windows.slice(0, 2)), [])
  assert.deepEqual(
    judgeWindows(windows.slice(0, 2).toReversed()),
    [],
    'the order of entries is not the order of sealing',
  )
  assert.deepEqual(judgeWindows(windows), ['window-fork'])
  assert.deepEqual(judgeWindows([first, sealWindow([row(9, 'x')], undefined, sha256)]), [
    'window-fork',
    'window-chain-broken',
  ])
})

test('a missing witness is noticed when the policy asks for one', () => {
  const plain = checkpointNote(story.log, story.cut.end).split('\n').slice(0, -2).join('\n')
  const verdict = rebuilt({ endNote: `${plain}\n` })
  assert.deepEqual([verdict.outcome, codes(verdict.gaps)], ['incomplete', ['quorum-missing']])
})

test('a head that the auditor kept is compared wherever it lies', () => {
  const heldAt = (size: number): Verdict => judge(honest, [checkpointNote(story.log, size)])
  // 3 is the start, 40 the end, 5 to 36 follow from the entries shown.
  for (const size of [3, 5, 17, 36, 40]) assert.deepEqual([heldAt(size).outcome, size], ['ok', size])
  for (const size of [1, 4, 37]) assert.deepEqual(codes(heldAt(size).gaps), ['held-unprovable'])
  const proof = consistencyProof(37, 40, hashesOf(story.log), sha256)
  const { consistency } = storyLogParts(story)
  const withProof = buildPack(
    {
      ...storyParts(story),
      logs: [{ ...storyLogParts(story), consistency: [...consistency, { from: 37, proof }] }],
    },
    sha256,
    signManifest,
  )
  assert.equal(judge(withProof, [checkpointNote(story.log, 37)]).outcome, 'ok')
})

test('a rewritten history is caught by a kept head although every signature is good', () => {
  const other = tellStory()
  // The insider edits entry 20, rehashes everything, signs again with the real keys.
  const target = other.log.entries[20]!
  const bytes = utf8(new TextDecoder().decode(target.bytes).replace('a_engineer', 'a_somebody'))
  other.log.entries[20] = { ...target, bytes, leaf: { ...target.leaf, actor: 'a_somebody' } }
  const forged = storyPack(other)
  assert.equal(judge(forged).outcome, 'ok', 'self-check cannot see it')
  assert.deepEqual(codes(judge(forged, [checkpointNote(story.log, 36)]).faults), ['log-forked'])
  assert.deepEqual(codes(judge(forged, [checkpointNote(story.log, 40)]).faults), ['log-forked'])
  assert.equal(
    judge(forged, [checkpointNote(story.log, 17)]).outcome,
    'ok',
    'before the edit nothing changed',
  )
})

test('a log that shrank since the kept head is caught', () => {
  const longer = tellStory()
  append(longer.log, { type: 'alert.resolved', at: START + 400 * HOUR })
  assert.deepEqual(codes(judge(honest, [checkpointNote(longer.log, 41)]).faults), ['log-shrank'])
  const garbage = judge(honest, ['not a note'])
  assert.deepEqual([garbage.outcome, codes(garbage.gaps)], ['incomplete', ['held-malformed']])
  const foreign = judge(honest, [checkpointNote(story.log, 17).replaceAll(ORIGIN, 'other.example/l/1')])
  assert.deepEqual(codes(foreign.gaps), ['held-other-log'])
})

test('a cut inside the period is not a population', () => {
  const cutAt = (from: number, to: number): Verdict => {
    const parts = logParts(story.log, { ...story.cut, from, to })
    return judge(buildPack(packParts([parts], PERIOD), sha256, signManifest))
  }
  assert.ok(codes(cutAt(6, 36).gaps).includes('period-start-open'))
  assert.ok(codes(cutAt(5, 20).gaps).includes('period-end-open'))
  const all = cutAt(0, 40)
  assert.deepEqual([all.outcome, all.logs[0]!.periodEnd], ['ok', 'bounded-by-entry'])
})

test('an empty period is proved empty by its two neighbours', () => {
  const log = newLog()
  for (const at of [0, 1, 50, 51]) append(log, { type: 'alert.resolved', at: START + at * HOUR })
  const cut = (from: number, to: number): Verdict =>
    judge(
      buildPack(
        packParts([logParts(log, { from, to, start: 1, end: 4 })], {
          from: START + 10 * HOUR,
          to: START + 20 * HOUR,
        }),
        sha256,
        signManifest,
      ),
    )
  assert.equal(cut(1, 3).outcome, 'ok')
  assert.deepEqual(codes(cut(2, 2).gaps), ['period-start-open', 'period-end-open'])
})

test('a period that is not over ends with the log, and the verdict says so', () => {
  const log = newLog()
  append(log, { type: 'alert.resolved', at: START })
  const parts = packParts([logParts(log, { from: 0, to: 1, start: 0, end: 1 })], {
    from: START,
    to: START + 1000 * HOUR,
  })
  const verdict = judge(buildPack(parts, sha256, signManifest))
  assert.deepEqual([verdict.outcome, verdict.logs[0]!.periodEnd], ['ok', 'end-of-log'])
  assert.ok(codes(verdict.notes).includes('period-end-of-log'))
})

test('the pack of a log without entries verifies', () => {
  const parts = packParts([logParts(newLog(), { from: 0, to: 0, start: 0, end: 0 })], PERIOD)
  assert.equal(judge(buildPack(parts, sha256, signManifest)).outcome, 'ok')
})

test('"erased" without an entry that says so is a failure, not an excuse', () => {
  const { disclosures } = storyLogParts(story)
  const target = disclosures.find((part) => part.state === 'withheld')!
  const claimBy = (by: number): Verdict =>
    rebuilt({
      disclosures: disclosures.map((part) => (part === target ? { ...target, state: 'erased', by } : part)),
    })
  // 28 and 37 erased something else, 7 is too early, 33 is no erasure, 38 is not in the pack, 99 is nowhere.
  for (const by of [28, 37, 7, 33, 38, 99]) {
    const verdict = claimBy(by)
    assert.deepEqual([verdict.outcome, codes(verdict.faults)], ['tampered', ['gone-unproved']], `by ${by}`)
  }
})

test('an erasure that lies before what it erased erased nothing', () => {
  const log = newLog()
  const rehearsal = newLog()
  for (const one of [rehearsal, log]) {
    // The second time the digest is known before the entry that carries it.
    const known = rehearsal.entries[1]?.leaf.sd ?? []
    append(one, { type: 'erasure.executed', at: START, fields: { digests: known } })
    append(one, { type: 'alert.resolved', at: START, fields: { a: 1 } })
  }
  log.fates.set(log.entries[1]!.leaf.sd[0]!, { state: 'erased', by: 0 })
  const parts = packParts([logParts(log, { from: 0, to: 2, start: 0, end: 2 })], PERIOD)
  const verdict = judge(buildPack(parts, sha256, signManifest))
  assert.deepEqual(codes(verdict.faults), ['gone-unproved'])
  assert.match(verdict.faults[0]!.detail, /entry 0 is not after it/)
})

test('an erasure does not excuse what is said to have expired, even when it names it', () => {
  const { disclosures } = storyLogParts(story)
  const verdict = rebuilt({
    disclosures: disclosures.map((part) => (part.state === 'erased' ? { ...part, state: 'expired' } : part)),
  })
  assert.deepEqual(codes(verdict.faults), ['gone-unproved', 'gone-unproved'])
  assert.match(verdict.faults[0]!.detail, /is of type erasure\.executed, not retention\.expired/)
})

test('a signed tree of leaves that are not of this log, or stand twice, is no evidence', () => {
  const judgeWith = (change: (leaf: Leaf, index: number) => Leaf): readonly string[] => {
    const log = newLog()
    for (const at of [1, 2, 3]) append(log, { type: 'alert.resolved', at: START + at * HOUR })
    for (const [index, entry] of log.entries.entries()) {
      const leaf = change(entry.leaf, index)
      log.entries[index] = { ...entry, leaf, bytes: utf8(canonicalJson(leaf)) }
    }
    const parts = packParts([logParts(log, { from: 0, to: 3, start: 0, end: 3 })], PERIOD)
    return codes(judge(buildPack(parts, sha256, signManifest)).faults)
  }
  const { leaf: twin } = append(newLog(), { type: 'alert.resolved', at: START })
  assert.deepEqual(
    judgeWith((leaf) => leaf),
    [],
  )
  assert.deepEqual(
    judgeWith((leaf, i) => (i === 1 ? { ...leaf, log: twin.id } : leaf)),
    ['leaf-of-other-log'],
  )
  assert.deepEqual(
    judgeWith((leaf, i) => (i === 1 ? { ...leaf, id: twin.id } : leaf)),
    ['entry-twice'],
  )
})

const editLines = (
  path: string,
  edit: (lines: Record<string, JsonValue>[]) => readonly unknown[],
): Map<string, Uint8Array> => {
  const text = new TextDecoder().decode(honest.get(path)).trimEnd()
  const lines = text.split('\n').map((line) => JSON.parse(line) as Record<string, JsonValue>)
  const edited = new Map(honest)
  edited.set(
    path,
    utf8(
      edit(lines)
        .map((line) => `${canonicalJson(line)}\n`)
        .join(''),
    ),
  )
  return edited
}

test('lines about fields are judged even when the manifest is not to be believed', () => {
  const path = [...honest.keys()].find((name) => name.endsWith('disclosures.ndjson'))!
  const judged = (edit: (lines: Record<string, JsonValue>[]) => readonly unknown[]): readonly string[] =>
    codes(judge(editLines(path, edit)).faults).filter((code) => code !== 'file-changed')
  assert.ok(judged((lines) => lines.slice(1)).includes('field-missing'))
  assert.ok(judged((lines) => [...lines, lines[0]]).includes('disclosure-twice'))
  assert.ok(judged(([first, ...rest]) => [{ ...first, extra: 1 }, ...rest]).includes('disclosure-malformed'))
  assert.ok(
    judged((lines) =>
      lines.map((line, i) => (i === 0 ? { ...line, entry: lines.at(-1)!['entry'] } : line)),
    ).includes('disclosure-foreign'),
  )
  assert.ok(
    judged((lines) =>
      lines.map((line) =>
        line['state'] === 'disclosed'
          ? { ...line, text: String(line['text']).replace('alert 3', 'alert 4') }
          : line,
      ),
    ).includes('disclosure-false'),
  )
})

test('every file matters: any one removed, emptied or appended to is noticed', () => {
  for (const path of honest.keys()) {
    const without = new Map(honest)
    without.delete(path)
    assert.notEqual(judge(without).outcome, 'ok', `${path} removed`)
    for (const bytes of [new Uint8Array(0), Buffer.concat([honest.get(path)!, Buffer.from('\n')])]) {
      if (bytes.length === honest.get(path)!.length) continue
      assert.equal(judge(new Map([...honest, [path, bytes]])).outcome, 'tampered', `${path} changed`)
    }
  }
})

test('what buildPack is given must make a pack', () => {
  const parts = storyParts(story)
  const build = (change: Partial<PackParts>) => () => buildPack({ ...parts, ...change }, sha256, signManifest)
  assert.throws(build({ logs: [] }), TypeError)
  assert.throws(build({ extra: new Map([['log/x', utf8('')]]) }), TypeError)
  assert.throws(build({ extra: new Map([['../evil', utf8('')]]) }), TypeError)
  assert.throws(build({ extra: new Map([['readme.HTML', utf8('')]]) }), TypeError)
  assert.throws(build({ extra: new Map([['README.html', utf8('')]]) }), TypeError)
  assert.throws(build({ period: { from: 2, to: 1 } }), TypeError)
  assert.throws(build({ logs: [parts.logs[0]!, parts.logs[0]!] }), TypeError)
  assert.throws(build({ logs: [{ ...parts.logs[0]!, origin: 'fortnight.example/l/other' }] }), TypeError)
  assert.throws(build({ logs: [{ ...parts.logs[0]!, leaves: [utf8('{}')] }] }), TypeError)
  const report = judge(
    buildPack({ ...parts, extra: new Map([['report.pdf', utf8('%PDF')]]) }, sha256, signManifest),
  )
  assert.equal(report.outcome, 'ok')
  assert.match(report.notes.map(({ detail }) => detail).join(' '), /report\.pdf/)
})
