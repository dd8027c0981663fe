/** `fortnight verify` as a person meets it: exit codes, sentences, and a terminal that stays as it was. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { buildPack } from '../../domain/evidence/audit-packs/index.ts'
import {
  checkpointNote,
  policyText,
  signManifest,
} from '../../domain/evidence/audit-packs/log-for-tests.test.ts'
import { storyPack, storyParts, tellStory } from '../../domain/evidence/audit-packs/story-for-tests.test.ts'
import { nodeCrypto } from './node-crypto.ts'
import { runVerify } from './run-verify.ts'
import { visible } from './visible.ts'
import { writeZip, zipOfFiles } from './zip-write.ts'

const story = tellStory()
const pack = storyPack(story)
const disk: Record<string, Uint8Array> = {
  'pack.zip': zipOfFiles(pack),
  'keys.txt': Buffer.from(policyText),
  'kept.note': Buffer.from(checkpointNote(story.log, 17)),
  'nonsense.txt': Buffer.from('nonsense\n'),
  'picture.png': Buffer.from('\u0089PNG, which is no zip at all'),
  'empty.zip': writeZip([]),
  'evil.zip': writeZip([{ name: '../../evil', bytes: Buffer.from('x') }]),
}

async function run(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runVerify(argv, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    readFile: (path) =>
      disk[path] === undefined
        ? Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' }))
        : Promise.resolve(disk[path]),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test("a whole pack under the auditor's own policy exits 0 and says what that means", async () => {
  const { code, out } = await run('pack.zip', '--policy', 'keys.txt', '--since=kept.note')
  assert.equal(code, 0)
  assert.match(out, /31 entries, numbers 5 to 35, of 40/)
  assert.match(out, /2 erased by a recorded act/)
  assert.match(out, /the log has only grown since the head of 17 entries/)
  assert.match(out, /OK\. The pack is whole/)
})

test('without a policy it is self-consistent only, signer not trusted: exit 2', async () => {
  const { code, out } = await run('pack.zip')
  assert.equal(code, 2)
  assert.match(out, /Self-consistent only, signer not trusted/)
  assert.doesNotMatch(out, /^OK/m)
})

test('a bent pack exits 1, and nothing in it is called proved', async () => {
  const path = [...pack.keys()].find((name) => name.endsWith('entries.bundle'))!
  disk['bent.zip'] = zipOfFiles(
    new Map([...pack, [path, pack.get(path)!.map((byte, i) => (i === 900 ? byte ^ 1 : byte))]]),
  )
  const { code, out } = await run('bent.zip', '--policy', 'keys.txt')
  assert.equal(code, 1)
  assert.match(out, /TAMPERED\. \d+ contradictions/)
  assert.match(out, /do not lead to the signed root/)
  assert.doesNotMatch(out, /^Proved$/m)
})

test('wrong usage exits 3 and says what was wrong', async () => {
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [/one pack/, '--json'],
    [/one pack/, 'pack.zip', 'pack.zip'],
    [/unknown option --polcy/, 'pack.zip', '--polcy', 'keys.txt'],
    [/--policy needs a value/, 'pack.zip', '--policy'],
    [/number of MiB/, 'pack.zip', '--max-unpacked', 'much'],
    [/absent\.zip cannot be read \(ENOENT\)/, 'absent.zip'],
    [/absent\.txt cannot be read/, 'pack.zip', '--policy', 'absent.txt'],
    [/absent\.note cannot be read/, 'pack.zip', '--since', 'absent.note'],
    [/line 1 of the policy/, 'pack.zip', '--policy', 'nonsense.txt'],
  ]
  for (const [expected, ...argv] of cases) {
    const { code, err, out } = await run(...argv)
    assert.deepEqual([code, out], [3, ''], argv.join(' '))
    assert.match(err, expected)
  }
  assert.equal((await run('--help')).code, 0)
})

test('what is no pack exits 2, a zip with tricks 1', async () => {
  for (const [name, code] of [
    ['picture.png', 2],
    ['empty.zip', 2],
    ['evil.zip', 1],
  ] as const)
    assert.equal((await run(name, '--policy', 'keys.txt')).code, code, name)
  disk['big.zip'] = writeZip([{ name: 'zeros', bytes: new Uint8Array(2 * 1024 * 1024) }])
  const { code, out } = await run('big.zip', '--max-unpacked', '1')
  assert.deepEqual([code, /unpacks to 2097152 bytes/.test(out)], [2, true])
})

test('--json carries the fate of every field', async () => {
  const { code, out } = await run('pack.zip', '--policy', 'keys.txt', '--json')
  assert.equal(code, 0)
  const verdict = JSON.parse(out) as {
    outcome: string
    logs: { entries: { fields: { state: string }[] }[] }[]
  }
  assert.equal(verdict.outcome, 'ok')
  assert.ok(verdict.logs[0]!.entries.some(({ fields }) => fields.some(({ state }) => state === 'erased')))
})

test('text of the pack cannot reach the terminal as anything but text', async () => {
  const purpose = 'calm\u001b[2J\u001b]0;owned\u0007\r\nOK. The pack is whole\u202eevil'
  disk['loud.zip'] = zipOfFiles(buildPack({ ...storyParts(story), purpose }, nodeCrypto.sha256, signManifest))
  const { out } = await run('loud.zip', '--policy', 'keys.txt')
  assert.match(out, /calm<U\+001B>\[2J<U\+001B>\]0;owned<U\+0007><U\+000D><U\+000A>OK/)
  assert.doesNotMatch(out.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
  assert.equal(visible('x'.repeat(400)).length, 301)
})

test('bundled into one file it works in an empty folder, with nothing but Node', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'))
  try {
    await build({
      entryPoints: [join(import.meta.dirname, 'main.ts')],
      outfile: join(folder, 'fortnight-verify.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
    })
    for (const name of ['pack.zip', 'keys.txt', 'evil.zip']) await writeFile(join(folder, name), disk[name]!)
    const exec = (...argv: readonly string[]) =>
      promisify(execFile)(process.execPath, ['fortnight-verify.mjs', ...argv], { cwd: folder })
    assert.match((await exec('pack.zip', '--policy', 'keys.txt')).stdout, /OK\. The pack is whole/)
    await assert.rejects(exec('pack.zip'), { code: 2 })
    await assert.rejects(exec('evil.zip'), { code: 1 })
    await assert.rejects(exec(), { code: 3 })
  } finally {
    await rm(folder, { recursive: true })
  }
})
