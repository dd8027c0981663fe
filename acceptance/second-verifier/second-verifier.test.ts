/** Two verifiers that share no line, one answer: on honest packs, on every attack we could think of, and on random damage. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runVerify } from '../../src/cli/verify/run-verify.ts'
import { zipOfFiles } from '../../src/cli/verify/zip-write.ts'
import { policyText, packKey } from '../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { storyPack, tellStory } from '../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { sha256, vectorsAt } from '../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { canonicalJson, formatVkey, utf8 } from '../../src/domain/evidence/ledger/index.ts'
import { trials } from './attacks/index.ts'
import type { Trial } from './attacks/trial.ts'
import { damagedFile, damagedJson, damagedZip, randomOf } from './damage.ts'
import type { Damage } from './damage.ts'
import { askSecondVerifier, noPython, python } from './second-verifier.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'second-verifier-'))
})
after(() => rm(folder, { recursive: true }))

/** Writes what a trial needs and returns the words both verifiers are called with. */
async function wordsOf(trial: Trial, number: number): Promise<readonly string[]> {
  const write = async (name: string, content: Uint8Array | string): Promise<string> => {
    await writeFile(join(folder, `${number}-${name}`), content)
    return join(folder, `${number}-${name}`)
  }
  const words = [await write('pack.zip', trial.zip)]
  if (trial.policy !== null) words.push('--policy', await write('keys.txt', trial.policy ?? policyText))
  if (trial.since !== undefined) words.push('--since', await write('kept.note', trial.since))
  return words
}

async function askFirst(words: readonly string[]): Promise<{ code: number; said: string }> {
  const said: string[] = []
  const io = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }
  return { code: await runVerify(words, io), said: said.join('\n') }
}

test(
  'both verifiers give every honest pack and every attack the answer it deserves',
  { skip: noPython },
  async (t) => {
    const all = trials()
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length)
    assert.ok(all.filter(({ expected }) => expected === 1).length >= 25)
    const words = await Promise.all(all.map((trial, i) => wordsOf(trial, i)))
    const second = await askSecondVerifier(words)
    for (const [i, trial] of all.entries()) {
      await t.test(`${trial.name}: ${trial.expected}`, async () => {
        const first = await askFirst(words[i]!)
        assert.equal(first.code, trial.expected, `ours said:\n${first.said}`)
        assert.equal(second[i]!.code, trial.expected, `the second said:\n${second[i]!.said}`)
      })
    }
  },
)

test('the second verifier is a program with those exit codes', { skip: noPython }, async () => {
  const [pack, keys] = [join(folder, 'pack.zip'), join(folder, 'keys.txt')]
  await writeFile(pack, zipOfFiles(storyPack(tellStory())))
  await writeFile(keys, policyText)
  const program = join(import.meta.dirname, 'verify_pack.py')
  const run = (...words: readonly string[]): number | null =>
    spawnSync('python3', ['-B', program, ...words]).status
  assert.equal(run(pack, '--policy', keys), 0)
  assert.equal(run(pack, `--policy=${keys}`), 0)
  assert.equal(run(pack), 2)
  assert.equal(run(), 3)
  assert.equal(run('--wrong', pack), 3)
  assert.equal(run(join(folder, 'absent.zip')), 3)
})

test('random damage is judged alike by both, and never passes in the log', { skip: noPython }, async (t) => {
  const count = Number(process.env['FORTNIGHT_RUNS'] ?? 180)
  const seed = Number(process.env['FORTNIGHT_SEED'] ?? 20_261_122)
  t.diagnostic(`seed ${seed}, ${count} packs`)
  const random = randomOf(seed)
  const honest = storyPack(tellStory())
  const zip = zipOfFiles(honest)
  const kinds = [
    () => damagedFile(honest, random),
    () => damagedZip(zip, random),
    () => damagedJson(honest, random),
  ]
  const damage: (Damage & { isBytes: boolean })[] = []
  for (let i = 0; damage.length < count; i++) {
    const made = kinds[i % 3]!()
    if (made !== undefined) damage.push({ ...made, isBytes: i % 3 === 0 })
  }
  const words = await Promise.all(
    damage.map((made, i) => wordsOf({ ...made, name: made.how, expected: 1 }, 1000 + i)),
  )
  const second = await askSecondVerifier(words)
  for (const [i, { how, path, isBytes }] of damage.entries()) {
    const first = await askFirst(words[i]!)
    assert.equal(second[i]!.code, first.code, `${how}\nours:\n${first.said}\nsecond:\n${second[i]!.said}`)
    // Lines may stand in any order, and of the start head only the log's signature is asked for.
    const matters = isBytes && /^(?:log|blobs)\//.test(path) && !path.endsWith('.start')
    if (matters) assert.notEqual(first.code, 0, how)
  }
})

const wycheproof = vectorsAt()

test(
  "the second verifier judges Wycheproof's Ed25519 cases as it should",
  { skip: noPython || wycheproof.skip },
  async () => {
    const { testGroups } = JSON.parse(
      readFileSync(join(wycheproof.folder, 'ed25519_wycheproof.json'), 'utf8'),
    ) as {
      testGroups: { publicKey: { pk: string }; tests: { msg: string; sig: string; result: string }[] }[]
    }
    const cases = testGroups.flatMap(({ publicKey, tests }) =>
      tests.map(({ msg, sig, result }) => ({ words: [publicKey.pk, msg, sig], valid: result === 'valid' })),
    )
    const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import verify_pack
for line in sys.stdin:
    print(json.dumps(verify_pack.ed25519_verify(*[bytes.fromhex(word) for word in json.loads(line)])))
`
    const answers = await python(
      program,
      cases.map(({ words }) => words),
    )
    assert.deepEqual(
      answers,
      cases.map(({ valid }) => valid),
    )
  },
)

const merkle = vectorsAt('merkle-transparency-dev', 'testdata')

test(
  'the second verifier judges the Merkle proofs of others as it should',
  { skip: noPython || merkle.skip },
  async () => {
    type Vector = Record<string, unknown> & { wantErr: boolean; proof: string[] | null }
    const read = (kind: string): Vector[] =>
      readdirSync(join(merkle.folder, kind), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(readFileSync(join(merkle.folder, kind, name), 'utf8')) as Vector)
    const hex = (base64: unknown): string => Buffer.from(String(base64), 'base64').toString('hex')
    const questions = [
      ...read('inclusion').map((v) => ({
        wantErr: v.wantErr,
        ask: ['i', v['leafIdx'], v['treeSize'], hex(v['leafHash']), hex(v['root']), (v.proof ?? []).map(hex)],
      })),
      ...read('consistency').map((v) => ({
        wantErr: v.wantErr,
        ask: ['c', v['size1'], v['size2'], hex(v['root1']), hex(v['root2']), (v.proof ?? []).map(hex)],
      })),
    ].filter(({ ask: [, a, b] }) => Number(a) < 2 ** 53 && Number(b) < 2 ** 53)
    // Sizes and lengths are judged where the program reads them: 0 < from < to, index < size, 32 bytes a hash.
    const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import verify_pack as v
for line in sys.stdin:
    kind, a, b, first, second, proof = json.loads(line)
    first, second, proof = bytes.fromhex(first), bytes.fromhex(second), [bytes.fromhex(p) for p in proof]
    lawful = all(len(p) == 32 for p in [first, second, *proof]) and (a < b if kind == "i" else 0 < a < b)
    if kind == "i":
        good = lawful and v.root_by_inclusion(a, b, first, proof) == second
    else:
        good = lawful and v.is_consistent(a, first, b, second, proof)
    print(json.dumps(good))
`
    const judged = questions.filter(({ ask: [kind, a, b] }) => kind === 'i' || a !== b)
    const answers = await python(
      program,
      judged.map(({ ask }) => ask),
    )
    assert.deepEqual(
      answers,
      judged.map(({ wantErr }) => !wantErr),
    )
    assert.ok(judged.length > 170, `${judged.length} vectors`)
  },
)

test('both write numbers as RFC 8785 does', { skip: noPython }, async () => {
  const random = randomOf(7)
  const numbers = [
    0.1,
    1.5,
    1e21,
    1e-6,
    1e-7,
    123456.789,
    5e-324,
    1.7976931348623157e308,
    -2.5e-10,
    1e23,
    4.35,
    0.000001234,
    1e20 + 0.5,
  ]
  for (let i = 0; i < 2000; i++) {
    const value = new DataView(Uint32Array.of(random(2 ** 32), random(2 ** 32)).buffer).getFloat64(0)
    if (Number.isFinite(value) && !Number.isInteger(value)) numbers.push(value)
  }
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import verify_pack
for line in sys.stdin:
    print(json.dumps(verify_pack.canonical(json.loads(line))))
`
  const answers = await python(program, numbers)
  assert.deepEqual(answers, numbers.map(String))
  assert.equal(canonicalJson(0.1), '0.1')
})

const tools = ['unzip', 'openssl', 'sha256sum', 'sed'].filter(
  (tool) => !existsSync(`/usr/bin/${tool}`) && !existsSync(`/bin/${tool}`),
)
const noTools = tools.length === 0 ? false : `not installed: ${tools.join(', ')}`

test(
  'the shell check of the documentation says yes to an honest pack and no to a bent one',
  { skip: noTools },
  async () => {
    const document = readFileSync(join(import.meta.dirname, '../../docs/audit-pack.md'), 'utf8')
    const block = /```sh\n([\s\S]*?)```/.exec(document)![1]!
    const honest = storyPack(tellStory())
    const check = async (files: ReadonlyMap<string, Uint8Array>): Promise<string> => {
      const place = await mkdtemp(join(folder, 'shell-'))
      await writeFile(join(place, 'pack.zip'), zipOfFiles(files))
      const script = block
        .replace(/^NOTE=.*$/m, 'NOTE=manifest.note')
        .replace(/^VKEY=\S+/m, `VKEY='${formatVkey(packKey.verifier)}'`)
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: place, encoding: 'utf8' })
      return stdout + stderr
    }
    const yes = await check(honest)
    for (const sentence of [/files match/, /manifest matches its note/, /Signature Verified Successfully/])
      assert.match(yes, sentence)
    assert.doesNotMatch(await check(new Map([...honest, ['README.html', utf8('forged')]])), /files match/)
    const manifest = Buffer.from(
      Buffer.from(honest.get('manifest.json')!).toString().replace('Sample', 'Simple'),
    )
    assert.doesNotMatch(
      await check(new Map([...honest, ['manifest.json', manifest]])),
      /manifest matches its note/,
    )
    const note = Buffer.from(Buffer.from(honest.get('manifest.note')!).toString().replace('v1\n', 'v2\n'))
    assert.doesNotMatch(await check(new Map([...honest, ['manifest.note', note]])), /Signature Verified/)
    assert.equal(sha256(utf8('')).length, 32)
  },
)
