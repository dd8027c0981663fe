/** Questions as a person meets them in a real terminal: leaving is no crash, and Enter too early costs nothing. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { spawn } from '@lydell/node-pty'

const main = join(import.meta.dirname, '..', 'main.ts')

/** Types each answer when its question is seen; resolves when the program has ended. */
const converse = (argv: string[], script: [question: RegExp, keys: string][]) =>
  new Promise<{ code: number; seen: string }>((resolve) => {
    const pty = spawn(process.execPath, [main, ...argv], {
      cols: 120,
      rows: 30,
      env: {
        ...process.env,
        HOME: tmpdir(),
        FORTNIGHT_URL: 'http://127.0.0.1:9',
        FORTNIGHT_TOKEN: 'fnp_none',
      } as Record<string, string>,
    })
    let seen = ''
    let fresh = ''
    pty.onData((part) => {
      seen += part
      fresh += part
      const [question, keys] = script[0] ?? []
      if (keys === undefined || !question?.test(fresh)) return
      script.shift()
      fresh = ''
      pty.write(keys)
    })
    pty.onExit(({ exitCode }) => resolve({ code: exitCode, seen }))
  })

test('Ctrl-C and Ctrl-D leave a question in one sentence', async () => {
  for (const keys of ['\u0003', '\u0004']) {
    for (const [argv, question] of [
      [['decide', '-e', 'acme-prod'], /What will be changed\? /],
      [['login'], /Handle or e-mail/],
    ] as const) {
      const { code, seen } = await converse([...argv], [[question, keys]])
      assert.equal(code, 1, seen)
      assert.match(seen, /Nothing was changed\.\r\n$/)
      assert.doesNotMatch(seen, /\n\s+at |AbortError/)
    }
  }
})

test('an empty answer is asked again, and what was answered before is kept', async () => {
  const { seen } = await converse(
    ['decide', '-e', 'acme-prod'],
    [
      [/What will be changed\? /, 'Cordon worker-3\r'],
      [/Why\? /, '\r'],
      [/says its why\.[^]*Why\? /, 'Its disk fails\r'],
      [/What is the risk/, '\u0003'],
    ],
  )
  assert.equal(seen.match(/What will be changed\?/g)?.length, 1, seen)
  assert.match(seen, /Nothing was changed/)
})
