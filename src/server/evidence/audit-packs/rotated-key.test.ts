/** The ledger's key is rotated: packs across it verify, the old key signs nothing more, and nobody slips in a key of their own. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { askSecondVerifier, noPython } from '../../../../acceptance/second-verifier/second-verifier.ts'
import { installationCommands } from '../../../cli/installation/index.ts'
import { runCommand } from '../../../cli/shell/run.ts'
import { runVerify } from '../../../cli/verify/run-verify.ts'
import type { Platform } from '../../platform/context.ts'
import { openSecrets } from '../../platform/secrets.ts'
import { openSequencer, type Sequencer } from '../ledger/index.ts'
import { ledgerSigner } from '../ledger/keys.ts'
import { workedPeriod, type Period } from './period.fixture.ts'

let period: Period
let folder: string
let sequencer: Sequencer | undefined
const keysFolder = (): string => period.server.platform.secrets.folder

before(async () => {
  period = await workedPeriod()
  folder = mkdtempSync(join(tmpdir(), 'fortnight-rotation-'))
})
after(async () => {
  await sequencer?.stop()
  await period.stop()
  rmSync(folder, { recursive: true, force: true })
})

const rotate = async (keys = keysFolder()): Promise<void> => {
  const err: string[] = []
  const code = await runCommand(
    installationCommands,
    ['keys-rotate', '--keys', keys, '--reason', 'A year is over'],
    { out: () => undefined, err: (line) => void err.push(line), env: {}, isTerminal: false },
  )
  assert.equal(code, 0, err.join('\n'))
}

/** What a restart does: reads the key folder anew. */
const restart = async (secrets = openSecrets(keysFolder())): Promise<Sequencer> => {
  await sequencer?.stop()
  await period.sequencer.stop()
  const { platform, connectionString } = period.server
  ;(platform as { secrets: Platform['secrets'] }).secrets = secrets
  sequencer = openSequencer(platform, connectionString)
  assert.ok(sequencer)
  return sequencer
}

const pack = async (from = period.from): Promise<Record<string, unknown>> => {
  const { ask, team, server } = period
  const wanted = { environments: ['acme-prod'], from, to: server.clock.now(), purpose: 'Sample of changes' }
  const asked = await ask('POST', '/api/evidence/packs', wanted, team.auditor)
  for (let tries = 0; ; tries++) {
    await sequencer?.catchUp().catch(() => undefined)
    await server.tasks.drain()
    const { body } = await ask(
      'GET',
      `/api/evidence/packs/${String(asked.body['id'])}`,
      undefined,
      team.auditor,
    )
    if (body['status'] !== 'building' || tries === 5) return body
    server.clock.advance(500)
  }
}

const save = (name: string, bytes: Uint8Array | string): string => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}
const keys = async (): Promise<string> => (await period.ask('GET', '/evidence/keys.txt')).bytes.toString()

const verdictOn = async (zip: Uint8Array, policy: string): Promise<number> => {
  const words = [save('pack.zip', zip), '--policy', save('policy.txt', policy)]
  const said: string[] = []
  const write = (line: string): void => void said.push(line)
  const code = await runVerify(words, { out: write, err: write })
  if (!noPython) {
    const [answer] = await askSecondVerifier([words])
    assert.equal(answer?.code, code, `${said.join('\n')}\n${answer?.said}`)
  }
  return code
}

let oldSecrets: Platform['secrets']
let oldPolicy: string

test('a rotation is taken up at the start: in every log, signed by both keys', async () => {
  oldSecrets = period.server.platform.secrets
  oldPolicy = await keys()
  await rotate()
  await (await restart()).catchUp()
  const { rows } = await period.server.platform.database.pool.query<{ environment_id: string | null }>(
    `select environment_id from events where type = 'key.rotated'`,
  )
  const logs = await period.server.platform.database.pool.query('select 1 from ledger_logs')
  assert.equal(rows.length, logs.rows.length)
  await (await restart()).catchUp()
  const again = await period.server.platform.database.pool.query(
    `select 1 from events where type = 'key.rotated'`,
  )
  assert.equal(again.rows.length, rows.length, 'once')
})

test('a pack across the rotation verifies with a policy that names both keys, and not with the old one alone', async () => {
  period.server.clock.advance(60_000)
  await period.decide('After the rotation')
  period.server.clock.advance(60_000)
  const made = await pack()
  assert.equal(made['status'], 'ready', JSON.stringify(made))
  const zip = await period.download(made['id'])
  const both = await keys()
  assert.match(both, /# Retired/)
  const newest = both.slice(0, both.indexOf('# Retired'))
  assert.equal(await verdictOn(zip, both), 0)
  assert.equal(await verdictOn(zip, oldPolicy), 2)
  assert.equal(await verdictOn(zip, newest), 0, 'no head in it was signed before the rotation')
})

test('a process with the old key neither sequences nor makes packs', async () => {
  const left = await restart(oldSecrets)
  await assert.rejects(left.catchUp(), /retired/)
  await period.decide('Waits for a sequencer with the right key')
  const made = await pack()
  assert.equal(made['status'], 'failed')
  assert.match(JSON.stringify(made['failure']), /key-missing.*retired/)
})

test('a checkpoint of before is still known for ours when it is handed in', async () => {
  const { rows } = await period.server.platform.database.pool.query<{ note: string }>(
    'select note from ledger_checkpoints order by signed_at limit 1',
  )
  await (await restart()).catchUp()
  const reply = await period.ask(
    'POST',
    '/api/evidence/heads',
    { note: rows[0]?.note },
    period.team.administrator,
  )
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  assert.equal(reply.body['verdict'], 'held')
})

test('a head behind the rotation that only the old key signed is nobody\u2019s: a stolen key cannot stop the ledger', async () => {
  const { rows } = await period.server.platform.database.pool.query<{ note: string; size: number }>(
    `select note, size from ledger_checkpoints c
     where log_id = (select id from ledger_logs where environment_id is null) order by size desc limit 1`,
  )
  const [newest] = rows
  assert.ok(newest)
  const [origin = ''] = newest.note.split('\n')
  const root = Buffer.alloc(32, 7).toString('base64')
  const thief = ledgerSigner({ ...period.server.platform, secrets: oldSecrets })
  const note = thief?.sign(origin, `${origin}\n${newest.size}\n${root}\n`)
  const reply = await period.ask('POST', '/api/evidence/heads', { note }, period.team.auditor)
  assert.equal(reply.status, 422, JSON.stringify(reply.body))
  assert.match(JSON.stringify(reply.body), /not signed by the key of this installation/)
  const ledger = await period.ask('GET', '/api/evidence', undefined, period.team.auditor)
  assert.deepEqual(ledger.body['contradictions'], [])
})

test('a key without a hand-over is refused, and a hand-over whose key never came is passed over', async () => {
  const copy = join(folder, 'copy')
  cpSync(keysFolder(), copy, { recursive: true })
  const honest = readFileSync(join(keysFolder(), 'ledger.key'))
  const stranger = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(join(keysFolder(), 'ledger.key'), stranger)
  await assert.rejects((await restart()).catchUp(), /retired/)
  writeFileSync(join(keysFolder(), 'ledger.key'), honest)
  // The power went after the statement and before the key: the next try makes another.
  await rotate(copy)
  cpSync(join(copy, 'ledger-rotations.json'), join(keysFolder(), 'ledger-rotations.json'))
  await (await restart()).catchUp()
  await rotate()
  await rotate()
  await (await restart()).catchUp()
  period.server.clock.advance(60_000)
  // From now on: the head before the period was signed by a key that is retired.
  const made = await pack(period.server.clock.now() - 30_000)
  assert.equal(made['status'], 'ready', JSON.stringify(made))
  const both = await keys()
  assert.equal(both.match(/# Retired/g)?.length, 3)
  const zip = await period.download(made['id'])
  assert.equal(await verdictOn(zip, both), 0)
})
