/** Signed notes, checkpoints and cosignatures: the vectors of others, and the ways to bend one. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isRefusal } from '../../refusal.ts'
import { base64Of } from './base64.ts'
import { concatBytes, bytesOfHex } from './bytes.ts'
import { formatCheckpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  keyPairOf,
  sha256,
  vectorsAt,
} from './crypto-for-tests.test.ts'
import { cosignNote, formatNote, parseNote, signNote, verifyNote } from './note.ts'
import type { Note } from './note.ts'
import {
  COSIGNATURE,
  formatSkey,
  formatVkey,
  isKeyName,
  parseSkey,
  parseVkey,
  SIGNATURE,
  verifierKeyOf,
} from './vkey.ts'

const log = keyPairOf('log.example/l/1', SIGNATURE)
const witness = keyPairOf('witness.example/w', COSIGNATURE)
const root = sha256(Buffer.from('root'))
const text = formatCheckpoint({ origin: 'log.example/l/1', size: 7, root })
const signed = formatNote({ text, signatures: [signNote(text, log.signing, ed25519Sign)] })

const parsed = (note: string): Note => {
  const result = parseNote(note)
  assert.ok(!isRefusal(result), note)
  return result
}

type NoteVectors = {
  cases: readonly { name: string; vkey: string; skey?: string; note: string; valid: boolean }[]
  bad_vkeys: readonly string[]
}

const vectors = vectorsAt('signed-note')

test('notes and keys of other implementations verify, bad keys do not parse', { skip: vectors.skip }, () => {
  const file = JSON.parse(readFileSync(join(vectors.folder, 'vectors.json'), 'utf8')) as NoteVectors
  assert.equal(file.cases.length, 3)
  for (const { name, vkey, skey, note, valid } of file.cases) {
    const key = parseVkey(vkey, sha256)
    assert.ok(!isRefusal(key), name)
    assert.equal(formatVkey(key), vkey)
    const verified = verifyNote(parsed(note), [key], ed25519Verify)
    assert.equal(!isRefusal(verified) && verified.length === 1, valid, name)
    if (skey === undefined) continue
    const signing = parseSkey(skey, ed25519PublicKey, sha256)
    assert.ok(!isRefusal(signing))
    assert.equal(formatSkey(signing), skey)
    const again = { text: parsed(note).text, signatures: [signNote(parsed(note).text, signing, ed25519Sign)] }
    assert.equal(formatNote(again), note, 'Ed25519 is deterministic: signing again gives the same note')
  }
  const sumdb = file.cases.find(({ name }) => name.startsWith('sumdb'))!
  assert.equal(parseCheckpoint(parsed(sumdb.note).text)?.size, 1_514_086)
  for (const vkey of file.bad_vkeys) assert.ok(isRefusal(parseVkey(vkey, sha256)), vkey)
})

test('a note is bound to its text, its key and its name', () => {
  const verdict = (note: string, ...keys: (typeof log.verifier)[]) =>
    verifyNote(parsed(note), keys, ed25519Verify)
  assert.deepEqual(verdict(signed, log.verifier), [{ key: log.verifier }])
  assert.ok(isRefusal(verdict(signed.replace('\n7\n', '\n8\n'), log.verifier)))
  // Unknown keys are ignored, even when the name is known; deciding that nobody signed is the caller's.
  const stranger = keyPairOf('stranger.example', SIGNATURE)
  assert.deepEqual(verdict(signed, stranger.verifier), [])
  const sameName = verifierKeyOf(
    'log.example/l/1',
    SIGNATURE,
    ed25519PublicKey(sha256(Buffer.from('x'))),
    sha256,
  )
  assert.deepEqual(verdict(signed, sameName), [])
  // Nor is an id alone a key: the line of another name is not ours to judge.
  const renamed = { text, signatures: [{ ...parsed(signed).signatures[0]!, name: 'other.example' }] }
  assert.deepEqual(verifyNote(renamed, [log.verifier], ed25519Verify), [])
})

test('a signature of another length is refused before any library sees it', () => {
  const anything = (): boolean => true
  for (const [{ verifier }, lengths] of [
    [log, [0, 63, 65]],
    [witness, [0, 64, 71, 73]],
  ] as const)
    for (const length of lengths) {
      const signature = { name: verifier.name, keyId: verifier.id, signature: new Uint8Array(length) }
      assert.ok(isRefusal(verifyNote({ text, signatures: [signature] }, [verifier], anything)), `${length}`)
    }
})

test('one bad signature of a known key rejects the note beside any number of good ones', () => {
  const good = signNote(text, log.signing, ed25519Sign)
  const bad = { ...good, signature: good.signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) }
  for (const signatures of [[bad], [good, bad], [bad, good]])
    assert.ok(isRefusal(verifyNote({ text, signatures }, [log.verifier], ed25519Verify)))
  const long = { ...good, signature: concatBytes([good.signature, Uint8Array.of(0)]) }
  assert.ok(isRefusal(verifyNote({ text, signatures: [long] }, [log.verifier], ed25519Verify)))
  const twice = verifyNote({ text, signatures: [good, good] }, [log.verifier], ed25519Verify)
  assert.ok(!isRefusal(twice))
  assert.equal(twice.length, 1, 'signing twice is not two signatures')
})

test('two known keys with one name and id are told apart by nobody, so the note is rejected', () => {
  const forged = { ...log.verifier, publicKey: witness.verifier.publicKey }
  const answer = verifyNote(parsed(signed), [log.verifier, forged], ed25519Verify)
  assert.ok(isRefusal(answer) && answer.code === 'key-ambiguous')
  const again = verifyNote(parsed(signed), [log.verifier, log.verifier], ed25519Verify)
  assert.ok(!isRefusal(again), 'the same key listed twice is one key')
})

test('the form of a note is exact', () => {
  const line = signed.slice(signed.lastIndexOf('\n\n') + 2)
  const bad: readonly string[] = [
    '',
    text,
    `${text}\n`,
    signed.slice(0, -1),
    `${signed}\n`,
    `${signed}x`,
    signed.replace('\u2014', '-'),
    signed.replace('\u2014 ', '\u2014  '),
    signed.replaceAll('\n', '\r\n'),
    signed.replace('log.example', 'log\u0000example'),
    signed.replace('log.example', 'log\texample'),
    signed.replace('log.example', 'log\ud800example'),
    `${text}\n\u2014 a+b ${line.split(' ')[2]}`,
    `${text}\n\u2014 a\u00a0b ${line.split(' ')[2]}`,
    `${text}\n\u2014 name AAAA\n`,
    `${text}\n\u2014 name AAAAAB==\n`,
    `${text}\n${line.repeat(101)}`,
  ]
  for (const note of bad) assert.ok(isRefusal(parseNote(note)), JSON.stringify(note))
  assert.equal(parsed(`${text}\n${line.repeat(100)}`).signatures.length, 100)
  assert.equal(parsed(`a\n\nb\n\n${line}`).text, 'a\n\nb\n', 'the last blank line separates')
  assert.throws(() => formatNote({ text: 'no newline', signatures: parsed(signed).signatures }), TypeError)
  assert.throws(() => formatNote({ text, signatures: [] }), TypeError)
})

test('a checkpoint is three lines and nothing else', () => {
  assert.deepEqual(parseCheckpoint(text), { origin: 'log.example/l/1', size: 7, root })
  const base64 = base64Of(root)
  for (const bad of [
    `o\n7\n${base64}`,
    `o\n7\n${base64}\nextension\n`,
    `o\n7\n${base64}\n\nbehind a blank line\n`,
    `\n7\n${base64}\n`,
    `o\n07\n${base64}\n`,
    `o\n-1\n${base64}\n`,
    `o\n7.0\n${base64}\n`,
    `o\n1e3\n${base64}\n`,
    `o\n9007199254740992\n${base64}\n`,
    `o\n99999999999999999999\n${base64}\n`,
    `o\n7\n${base64.slice(0, -1)}\n`,
    `o\n7\nAAAA\n`,
    'o\n7\n',
    '',
  ])
    assert.equal(parseCheckpoint(bad), undefined, JSON.stringify(bad))
  assert.equal(parseCheckpoint(`o\n0\n${base64}\n`)?.size, 0)
  assert.throws(() => formatCheckpoint({ origin: 'two\nlines', size: 1, root }), TypeError)
  assert.throws(() => formatCheckpoint({ origin: 'o', size: -1, root }), TypeError)
})

test('the checkpoint of another log is refused, however well signed', () => {
  const good = verifyCheckpoint(signed, 'log.example/l/1', [log.verifier], ed25519Verify)
  assert.ok(!isRefusal(good) && good.size === 7 && good.signatures.length === 1)
  const other = verifyCheckpoint(signed, 'log.example/l/2', [log.verifier], ed25519Verify)
  assert.ok(isRefusal(other) && other.code === 'origin-wrong')
})

test('a cosignature says when, and is no plain signature nor the other way round', () => {
  const cosignature = cosignNote(text, 1_679_315_147_000, witness.signing, ed25519Sign)
  const keys = [log.verifier, witness.verifier]
  const note = { text, signatures: [...parsed(signed).signatures, cosignature] }
  assert.deepEqual(verifyNote(parsed(formatNote(note)), keys, ed25519Verify), [
    { key: log.verifier },
    { key: witness.verifier, cosignedAt: 1_679_315_147_000 },
  ])
  // Ed25519 of the two lines the specification names, before the whole text.
  const message = Buffer.from(`cosignature/v1\ntime 1679315147\n${text}`)
  assert.deepEqual(cosignature.signature.subarray(8), ed25519Sign(witness.signing.seed, message))
  assert.equal(Buffer.from(cosignature.signature.subarray(0, 8)).readBigUInt64BE(), 1_679_315_147n)
  const later = {
    ...cosignature,
    signature: cosignature.signature.map((byte, i) => (i === 7 ? byte ^ 1 : byte)),
  }
  const plain = { ...cosignature, signature: ed25519Sign(witness.signing.seed, Buffer.from(text)) }
  const short = { ...cosignature, signature: cosignature.signature.subarray(1) }
  for (const bad of [later, plain, short])
    assert.ok(isRefusal(verifyNote({ text, signatures: [bad] }, [witness.verifier], ed25519Verify)))
  assert.throws(() => signNote(text, witness.signing, ed25519Sign), TypeError)
  assert.throws(() => cosignNote(text, 0, log.signing, ed25519Sign), TypeError)
})

test('the cosignature example of the specification has the form we read', () => {
  const example =
    'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
    '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
    '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n'
  const note = parsed(example)
  assert.equal(parseCheckpoint(note.text)?.size, 20_852_163)
  assert.deepEqual(
    note.signatures.map(({ signature }) => signature.length),
    [64, 72],
  )
})

test('a key text is bound to its name and type', () => {
  const vkey = formatVkey(log.verifier)
  assert.deepEqual(parseVkey(vkey, sha256), log.verifier)
  const seed = bytesOfHex('00'.repeat(32))!
  const bad = [
    '',
    'name',
    vkey.replace('log.', 'bog.'),
    vkey.slice(0, -1),
    vkey.toUpperCase(),
    `${vkey} `,
    `name+00000000+${base64Of(concatBytes([Uint8Array.of(6), seed]))}`,
    `PRIVATE+KEY+${vkey}`,
  ]
  for (const text of bad) assert.ok(isRefusal(parseVkey(text, sha256)), text)
  const skey = formatSkey(log.signing)
  assert.ok(isRefusal(parseSkey(skey.replace('log.', 'bog.'), ed25519PublicKey, sha256)))
  assert.ok(isRefusal(parseSkey(vkey, ed25519PublicKey, sha256)))
  for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u2003b', 'a\u0000', '\ud800']) assert.ok(!isKeyName(name))
})
