import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { fakeSecrets } from './fake-secrets.ts'
import { applyEdits, openRedactor } from './redactor.ts'
import { SECRET_RULES } from './secret-rules.ts'
import { visibleText } from './visible-text.ts'

const RUNS = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const key = randomBytes(32)
const tag = (secret: string): string => createHmac('sha256', key).update(secret).digest('hex').slice(0, 6)
const decodeBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8')

const redact = (
  pieces: readonly string[],
  known: readonly string[] = [],
): { text: string; counts: object } => {
  const redactor = openRedactor({ rules: SECRET_RULES, known, tag, decodeBase64 })
  const settled = [...pieces.map((piece) => redactor.push(piece)), redactor.end()]
  const through = settled.map((part) => part.through)
  assert.deepEqual(
    through,
    [...through].sort((a, b) => a - b),
    'what is settled never goes back',
  )
  const raw = pieces.join('')
  assert.equal(through.at(-1), raw.length, 'nothing is held for ever')
  return {
    text: applyEdits(
      raw,
      settled.flatMap((part) => part.edits),
    ),
    counts: redactor.counts(),
  }
}

/** No run of eight characters of a secret is left, in the bytes or on the screen. */
const leaks = (text: string, secret: string): boolean => {
  const shown = visibleText(text).text
  for (let i = 0; i + 8 <= secret.length; i++) {
    const part = secret.slice(i, i + 8)
    if (shown.includes(part) || text.includes(part)) return true
  }
  return false
}

const cutAt = (text: string, points: readonly number[]): string[] => {
  const ordered = [...new Set(points.map((point) => point % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...ordered].map((from, i) => text.slice(from, ordered[i] ?? text.length))
}

const NOISE = [
  '\x1b[31m',
  '\x1b[0m',
  '\x1b[1;38;5;208m',
  '\x1b(B',
  '\x1b[K',
  '\x1b]0;a title\x07',
  '\x1b]8;;\x1b\\',
  '\x9b1m',
  '\x00',
  ' \r',
  '\x1b[m',
]

const withNoise = (text: string, places: readonly { at: number; noise: number }[]): string => {
  const noiseAt = new Map(
    places.map(({ at, noise }) => [at % (text.length + 1), NOISE[noise % NOISE.length]!]),
  )
  let result = ''
  for (let i = 0; i <= text.length; i++) {
    // A wrap's space and CR end no line, so they do not stand before one's end.
    const atLineEnd = text[i] === '\n' || text[i] === '\r' || text[i - 1] === '\r'
    result += (atLineEnd ? '' : (noiseAt.get(i) ?? '')) + (text[i] ?? '')
  }
  return result
}

const places = fc.array(fc.record({ at: fc.nat(10_000), noise: fc.nat(100) }), { maxLength: 40 })
const points = fc.array(fc.nat(10_000), { maxLength: 40 })
const secretIndex = fc.nat(1_000)

const fakeFrom = (seed: number): ReturnType<typeof fakeSecrets> => {
  let state = seed >>> 0 || 1
  return fakeSecrets((below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  })
}

test('every kind of secret is cut, and named by its rule', () => {
  for (const fake of fakeFrom(7)) {
    const { text, counts } = redact([`before\r\n${fake.shown}\r\nafter\r\n`])
    for (const secret of fake.secrets) assert.ok(!leaks(text, secret), `${fake.rule} leaks in ${text}`)
    assert.ok(fake.rule in counts, `${fake.rule} counted, got ${JSON.stringify(counts)} for ${text}`)
    assert.ok(text.startsWith('before\r\n') && text.endsWith('after\r\n'), text)
  }
})

test('no way of cutting the stream, and no colour in its midst, lets a secret through', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      secretIndex,
      places,
      points,
      fc.boolean(),
      (seed, index, noise, cuts, newline) => {
        const fakes = fakeFrom(seed)
        const fake = fakes[index % fakes.length]!
        const raw = `\r\n$ ${withNoise(`\r\n${fake.shown}`, noise)}${newline ? '\r\nnext\r\n' : ''}`
        const { text } = redact(cutAt(raw, cuts))
        for (const secret of fake.secrets)
          if (leaks(text, secret)) assert.fail(`${fake.rule}: ${JSON.stringify(text)}`)
      },
    ),
    { numRuns: RUNS * 4 },
  )
})

test('how the stream was cut makes no difference to what is stored', () => {
  fc.assert(
    fc.property(fc.integer(), secretIndex, secretIndex, places, points, (seed, one, other, noise, cuts) => {
      const fakes = fakeFrom(seed)
      const shown = [one, other].map((i) => fakes[i % fakes.length]!.shown).join('\r\nbetween\r\n')
      const raw = withNoise(`start\r\n${shown}\r\nend\r\n`, noise)
      assert.equal(redact(cutAt(raw, cuts)).text, redact([raw]).text)
    }),
    { numRuns: RUNS },
  )
})

test('ordinary output comes through to the character', () => {
  const ordinary = [
    'NAME                     READY   STATUS    RESTARTS   AGE\r\nharbor-core-7c9f6d-x2x   1/1     Running   0          3d\r\n',
    'secretName: app-tls\r\nautomountServiceAccountToken: false\r\ntokenExpirationSeconds: 3600\r\n',
    'TOKEN=$(cat /run/token) PASSWORD="$PASSWORD" SECRET=\r\n',
    'https://grafana.example:3000/d/abc?orgId=1 git@github.com:team/apps.git\r\n',
    'apiVersion: v1\r\ndata:\r\n  level: info\r\n  size: "8080"\r\nkind: ConfigMap\r\n',
    '\x1b[32m✓\x1b[0m välkommen 日本語 🎉\r\n',
    '-----BEGIN CERTIFICATE-----\r\nMIIBszCCAVmgAwIBAgIUabc\r\n-----END CERTIFICATE-----\r\n',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\r\n',
  ]
  for (const text of ordinary) assert.equal(redact([text]).text, text)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), points, (text, cuts) => {
      const plain = text.replaceAll(/[=:$"'-]/g, '')
      assert.equal(redact(cutAt(plain, cuts)).text, plain)
    }),
    { numRuns: RUNS },
  )
})

test('a known value is cut wherever it stands, and learned from a Secret for what is decoded later', () => {
  const mine = `horse-${randomBytes(6).toString('hex')}`
  assert.ok(!redact([`x${mine.slice(0, 3)}`, `${mine.slice(3)}y\r\n`], [mine]).text.includes(mine))
  const password = `Tr0ub4dor-${randomBytes(4).toString('hex')}`
  const encoded = Buffer.from(password).toString('base64')
  const { text } = redact([
    `apiVersion: v1\r\ndata:\r\n  p: ${encoded}\r\nkind: Secret\r\n$ echo …\r\n`,
    `${password}\r\n`,
  ])
  assert.ok(!text.includes(password) && !text.includes(encoded), text)
})

test('the same secret has the same name, another one another', () => {
  const [a, b] = [`gh${'p'}_${'a1'.repeat(18)}`, `gh${'p'}_${'b2'.repeat(18)}`]
  const lines = redact([`${a}\r\n${b}\r\n${a}\r\n`]).text.split('\r\n')
  assert.equal(lines[0], lines[2])
  assert.notEqual(lines[0], lines[1])
  assert.match(lines[0]!, /^‹redacted:github-token#[0-9a-f]{6}›$/)
})

test('colours survive the cut, so the rest of the screen looks as it did', () => {
  const { text } = redact([`\x1b[31mghp_${'x'.repeat(20)}\x1b[0m${'y'.repeat(20)} ok\r\n`])
  assert.match(text, /^\x1b\[31m‹redacted:github-token#[0-9a-f]{6}›\x1b\[0m ok\r\n$/)
})

test('a secret in a title, a hyperlink or the clipboard is cut with its control string', () => {
  const token = `gh${'p'}_${'q'.repeat(36)}`
  const url = `https://me:${'w'.repeat(12)}@git.example`
  const raw = `a\x1b]0;${token}\x07b\x1b]8;;${url}\x1b\\c\x1b]52;c;${Buffer.from(token).toString('base64')}\x07d\r\n`
  assert.equal(redact([raw]).text, 'abcd\r\n')
  assert.ok(
    !leaks(redact([`\x1b]0;${token}\r\nnext\r\n`]).text, token),
    'a string that is never closed hides nothing',
  )
})

test('a long line without a newline is given away but for its tail, and leaks nothing at the seam', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer({ min: 1, max: 9_000 }),
      fc.integer(),
      (at, size, seed) => {
        const fakes = fakeFrom(seed).filter((fake) => !fake.shown.includes('\n'))
        const fake = fakes[Math.abs(seed) % fakes.length]!
        const raw = `${'. '.repeat(at / 2)} ${fake.shown} ${'. '.repeat(12_000)}`
        const pieces = Array.from({ length: Math.ceil(raw.length / size) }, (_, i) =>
          raw.slice(i * size, (i + 1) * size),
        )
        const { text } = redact(pieces)
        for (const secret of fake.secrets) assert.ok(!leaks(text, secret), fake.rule)
      },
    ),
    { numRuns: Math.min(RUNS, 100) },
  )
})

test('a long line cut while a secret is only half there does not give the half away', () => {
  for (const fake of fakeFrom(11).filter((one) => !one.shown.includes('\n'))) {
    for (let half = 1; half < fake.shown.length; half += 3) {
      const filler = '. '.repeat(9_000)
      const { text } = redact([filler + fake.shown.slice(0, half), `${fake.shown.slice(half)} ${filler}`])
      for (const secret of fake.secrets) assert.ok(!leaks(text, secret), `${fake.rule} at ${half}`)
    }
  }
})

test('an endless token on an endless line is cut to the line’s end, in bounded memory', () => {
  const redactor = openRedactor({ rules: SECRET_RULES, known: [], tag })
  redactor.push('client-key-data: ')
  let given = ''
  for (let i = 0; i < 200; i++)
    given += redactor
      .push('QUJD'.repeat(1024))
      .edits.map((edit) => edit.replacement)
      .join('')
  assert.match(given, /^‹redacted:long-line#[0-9a-f]{6}›$/)
  assert.equal(redactor.push('\r\nordinary\r\n').edits.length <= 1, true)
})

test('an unfinished key is held only until the output ends', () => {
  const body = randomBytes(48).toString('base64')
  const redactor = openRedactor({ rules: SECRET_RULES, known: [], tag })
  assert.equal(redactor.push(`x\r\n-----BEGIN EC ${'PRIVATE'} KEY-----\r\n${body}\r\n`).through, 3)
  assert.equal(redactor.end().edits.length, 1)
  assert.equal(redactor.push('y\r\n').edits.length, 0)
})

const processorMs = (work: () => unknown): number => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return Math.round((user + system) / 1_000)
}

test('hostile lines do not cost out of all proportion', () => {
  const size = 15_000
  const seeds = [
    'eyJ-',
    'a_a.',
    'curl ',
    'x://',
    '"token"',
    'token:',
    '-----BEGIN PRIVATE KEY-----',
    '--token ',
    'secret=',
    'authorization: ',
    ' -password',
    '\x1b]0;',
  ]
  for (const seed of seeds) {
    // Processor time against our own on half the line: a busy machine changes neither. Four would be quadratic, eight cubic.
    const short = processorMs(() => redact([`${seed.repeat(size / 2 / seed.length)}\r\n`]))
    const long = processorMs(() => redact([`${seed.repeat(size / seed.length)}\r\n`]))
    assert.ok(
      long < 6 * Math.max(short, 50),
      `${JSON.stringify(seed)}: ${short} ms, twice as long ${long} ms`,
    )
  }
})
