/** A server that is asked to stop stops in order, at whatever moment of its start it is asked. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { test } from 'node:test'

const subject = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'stop-in-order.ts')).href)
/** Says where it is; goes on when it is told to on its standard input. */
const program = `
  const { stopInOrder } = await import(${subject})
  const say = (text) => process.stdout.write(text + '\\n')
  const told = () => new Promise((go) => process.stdin.once('data', go))
  const stopping = stopInOrder({ error: (_, text) => say(text) }, 5_000)
  process.on('SIGTERM', () => say('asked'))
  stopping.before(async () => say('database stopped'))
  say('half')
  await told()
  stopping.before(async () => say('server stopped'))
  if (process.argv.includes('--faulty')) stopping.before(async () => { throw new Error('no') })
  say(stopping.started() ? 'greeting' : 'no greeting')
  await told()
`

const begin = (...flags: string[]) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', ...flags])
  let said = ''
  child.stdout.on('data', (part: Buffer) => (said += String(part)))
  const until = async (word: string): Promise<void> => {
    while (!said.includes(word)) await once(child.stdout, 'data')
  }
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  return { child, until, ended, lines: () => said.trim().split('\n') }
}

test('asked amid the start it finishes that, greets nobody and stops in order', async () => {
  const { child, until, ended, lines } = begin()
  await until('half')
  child.kill('SIGTERM')
  await until('asked')
  child.stdin.write('on\n')
  assert.deepEqual(await ended, [0, null])
  assert.deepEqual(lines(), ['half', 'asked', 'no greeting', 'server stopped', 'database stopped'])
})

test('asked after the start it stops in order, once', async () => {
  const { child, until, ended, lines } = begin()
  await until('half')
  child.stdin.write('on\n')
  await until('greeting')
  child.kill('SIGTERM')
  await until('asked')
  child.kill('SIGINT')
  assert.deepEqual(await ended, [0, null])
  assert.deepEqual(lines(), ['half', 'greeting', 'asked', 'server stopped', 'database stopped'])
})

test('asked twice amid the start it ends at once', async () => {
  const { child, until, ended, lines } = begin()
  await until('half')
  child.kill('SIGTERM')
  await until('asked')
  child.kill('SIGINT')
  assert.deepEqual(await ended, [1, null])
  assert.deepEqual(lines(), ['half', 'asked'])
})

test('an end that fails is told, and the process ends all the same', async () => {
  const { child, until, ended, lines } = begin('--faulty')
  await until('half')
  child.stdin.write('on\n')
  await until('greeting')
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  assert.equal(lines().at(-1), 'the shutdown was not clean')
})
