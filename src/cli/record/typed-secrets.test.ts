/** However a secret is typed, corrected, wrapped, typed ahead or wiped in a real shell, no piece of it is kept. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { startFakeRecorderServer } from './testing/fake-recorder-server.ts'
import { makeDesk } from './testing/operator.ts'
import type { Operator } from './testing/operator.ts'

const LINES = Math.max(3, Math.round(Number(process.env['FORTNIGHT_RUNS'] ?? 100) / 25))
/** The rule knows a token from its sixteenth character on; less may have been shown, and wiped, without being known. */
const PIECE_LENGTH = 20
const SLIPS = ['', 'zq\x7f\x7f', '\x1b[D\x1b[D\x1b[C\x1b[C', 'w\x08', '\x01\x05'] as const

type TypedLine = {
  readonly secret: string
  readonly cols: number
  readonly words: number
  readonly strokes: readonly { readonly length: number; readonly slip: number }[]
  readonly wiped: boolean
}

const typedLine: fc.Arbitrary<TypedLine> = fc.record({
  secret: fc
    .array(fc.nat(35), { minLength: 36, maxLength: 36 })
    .map((digits) => `gh${'p'}_${digits.map((d) => d.toString(36)).join('')}`),
  cols: fc.integer({ min: 30, max: 120 }),
  words: fc.nat(30),
  strokes: fc.array(fc.record({ length: fc.integer({ min: 1, max: 8 }), slip: fc.nat(SLIPS.length - 1) }), {
    minLength: 40,
    maxLength: 40,
  }),
  wiped: fc.boolean(),
})

const type = async (operator: Operator, line: TypedLine, n: number): Promise<void> => {
  operator.resize(line.cols, 24)
  operator.type(`echo ${'ab '.repeat(line.words)}`)
  let at = 0
  for (const { length, slip } of line.strokes) {
    if (at >= line.secret.length) break
    operator.type(line.secret.slice(at, at + length) + SLIPS[slip]!)
    at += length
    // A turn of the event loop: sometimes the shell has read the stroke by then, sometimes not.
    await new Promise((resolve) => setImmediate(resolve))
  }
  operator.type(line.wiped ? '\x15\r' : '\r')
  operator.type(`echo done-${n}""x\r`)
  await operator.sees(`done-${n}x`, 20_000)
  await operator.sees('mine$ ')
}

for (const shell of ['/bin/bash', '/usr/bin/zsh', '/usr/bin/fish']) {
  test(
    `${shell}: no piece of a typed secret is kept`,
    { skip: !existsSync(shell) && `${shell} is not installed here` },
    async () => {
      const server = await startFakeRecorderServer()
      const desk = makeDesk(server, shell)
      const seed = Number(process.env['FORTNIGHT_SEED'] ?? Date.now() % 2 ** 31)
      try {
        const lines = fc.sample(typedLine, { numRuns: LINES, seed })
        const operator = desk.sits(['-e', 'acme-prod', '--look', '--no-questions'])
        await operator.sees('mine$ ')
        for (const [n, line] of lines.entries()) await type(operator, line, n)
        operator.type('exit\r')
        await operator.exited
        const [session] = [...server.sessions.values()]
        const kept = server.cast(session!) + JSON.stringify(session!.close)
        for (const { secret } of lines) {
          for (let i = 4; i + PIECE_LENGTH <= secret.length; i++) {
            assert.ok(
              !kept.includes(secret.slice(i, i + PIECE_LENGTH)),
              `a piece of ${secret} is kept, seed ${seed}`,
            )
          }
        }
      } finally {
        await server.close()
        desk.clear()
      }
    },
  )
}

test('/bin/bash: what is typed ahead of a running command and corrected with arrow keys leaves no piece', async () => {
  const server = await startFakeRecorderServer()
  const desk = makeDesk(server, '/bin/bash')
  try {
    const operator = desk.sits(['-e', 'acme-prod', '--look', '--no-questions'])
    await operator.sees('mine$ ')
    const secrets = fc.sample(typedLine, { numRuns: 2, seed: 7 }).map(({ secret }) => secret)
    for (const [n, secret] of secrets.entries()) {
      // The command ends when it has read its own line: all of what follows is typed ahead of the prompt.
      operator.type(`echo begun-${n}""x; read -r; sleep 0.4\r`)
      await operator.sees(`begun-${n}x`)
      operator.type('\r')
      const pieces = secret.match(/.{1,4}/g)!
      // The last two pieces first, then back over them with the left arrow, then the rest.
      const late = pieces.slice(-2).join('')
      operator.type(
        `export X=${late}${'\x1b[D'.repeat(late.length)}${pieces.slice(0, -2).join('\x1b[D\x1b[C')}\r`,
      )
      operator.type(`echo over-${n}""x\r`)
      await operator.sees(`over-${n}x`)
    }
    operator.type('exit\r')
    await operator.exited
    const [session] = [...server.sessions.values()]
    const kept = server.cast(session!) + JSON.stringify(session!.close)
    for (const secret of secrets)
      for (let i = 4; i + 5 <= secret.length; i++)
        assert.ok(!kept.includes(secret.slice(i, i + 5)), `${secret.slice(i, i + 5)} of ${secret} is kept`)
  } finally {
    await server.close()
    desk.clear()
  }
})
