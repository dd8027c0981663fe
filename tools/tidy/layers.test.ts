// Guard: the layer table. Each forbidden direction is planted once.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readEdges } from './edges.ts'
import { forbiddenImports } from './layers.ts'
import { projectRoot, projectSources, sentences } from './source-files.ts'

const edges = readEdges(`
| from | to | why |
|---|---|---|
| domain/operations/paging | \`domain/operations/on-call\` | a step asks who is on call |
| server/operations/paging | server/operations/on-call | the same |
`)

const messages = (path: string, text: string): string[] =>
  forbiddenImports([{ path, text }], edges).map(({ message }) => message)

const forbidden: [path: string, text: string, reason: RegExp][] = [
  ['src/domain/time/a.ts', "import { readFileSync } from 'node:fs'", /no input or output/],
  ['src/domain/time/a.ts', "import type { z } from 'zod'", /uses no package/],
  [
    'src/domain/operations/paging/a.ts',
    "import { a } from '../../../server/platform/ids.ts'",
    /domain may not import server/,
  ],
  [
    'src/domain/operations/paging/a.test.ts',
    "import { a } from '../../../server/platform/ids.ts'",
    /domain may not import server/,
  ],
  [
    'src/domain/operations/paging/a.ts',
    "import { a } from '../incidents/incident.ts'",
    /no edge .* in ARCHITECTURE.md/,
  ],
  ['src/domain/operations/on-call/a.ts', "export { a } from '../paging/a.ts'", /no edge/],
  ['src/domain/operations/on-call/a.ts', "type A = import('../paging/a.ts').A", /no edge/],
  ['src/contract/operations/on-call.ts', "import pg from 'pg'", /zod alone/],
  [
    'src/contract/operations/on-call.ts',
    "import { ROLES, decide } from '../../domain/operations/on-call/a.ts'",
    /only types and constants/,
  ],
  [
    'src/contract/operations/on-call.ts',
    "import type { A } from '../../server/operations/on-call/store.ts'",
    /may not import server/,
  ],
  ['src/web/shell/a.tsx', "import { a } from '../../server/platform/ids.ts'", /web may not import server/],
  ['src/web/shell/a.tsx', "import { join } from 'node:path'", /runs in a browser/],
  ['src/cli/a.ts', "const { a } = await import('../server/platform/ids.ts')", /cli may not import server/],
  ['src/simulator/a.ts', "import { a } from '../server/operations/paging/store.ts'", /not reach into it/],
  ['src/server/platform/a.ts', "import { a } from '../operations/paging/index.ts'", /platform knows no area/],
  [
    'src/server/platform/a.ts',
    "import { a } from '../../domain/operations/paging/a.ts'",
    /platform knows no area/,
  ],
  [
    'src/server/people/accounts/a.ts',
    "import { a } from '../../operations/paging/index.ts'",
    /people come before/,
  ],
  ['src/server/operations/paging/a.ts', "import { a } from '../alerts/index.ts'", /no edge .*chains/],
  [
    'src/server/operations/paging/a.ts',
    "import { a } from '../on-call/store.ts'",
    /only through the index.ts/,
  ],
  [
    'src/server/operations/paging/a.ts',
    "import { a } from '../../chains/alert-to-page.ts'",
    /who joins them/,
  ],
  ['src/server/operations/paging/a.ts', "import { a } from '../../app.ts'", /only the wiring/],
  [
    'src/server/operations/paging/a.ts',
    "import { a } from '../../testing/test-server.ts'",
    /only the wiring/,
  ],
  ['src/server/platform/a.ts', "import { a } from '../../../tools/build/web.ts'", /outside src/],
  ['src/server/operations/paging/a.ts', "import { a } from '../../compat/opsgenie/a.ts'", /who joins them/],
  ['src/server/compat/opsgenie/a.ts', "import { a } from '../pagerduty/a.ts'", /dialects do not know/],
]

for (const [path, text, reason] of forbidden) {
  test(`caught: ${path}: ${text}`, () => {
    assert.match(messages(path, text).join(), reason)
  })
}

test('what the table allows is not caught', () => {
  const allowed: [string, string][] = [
    [
      'src/contract/people/accounts.ts',
      "import { ROLES, type Role } from '../../domain/people/permissions.ts'",
    ],
    [
      'src/domain/operations/paging/a.ts',
      "import { a } from '../on-call/who-is-on-call.ts'\nimport { b } from '../../time/zone.ts'",
    ],
    ['src/domain/operations/paging/a.ts', "import { refuse } from '../../refusal.ts'"],
    [
      'src/domain/operations/paging/a.test.ts',
      "import { test } from 'node:test'\nimport fc from 'fast-check'",
    ],
    [
      'src/contract/operations/paging.ts',
      "import { z } from 'zod'\nimport type { A } from '../../domain/operations/paging/a.ts'",
    ],
    [
      'src/server/operations/paging/a.ts',
      "import { a } from '../on-call/index.ts'\nimport { b } from '../../people/accounts/index.ts'",
    ],
    ['src/server/chains/alert-to-page.ts', "import { a } from '../operations/paging/index.ts'"],
    [
      'src/server/compat/opsgenie/a.ts',
      "import { a } from '../fingerprint.ts'\nimport { b } from '../../operations/alerts/close-alert.ts'",
    ],
    ['src/server/platform/a.ts', "import { a } from '../../domain/evidence/ledger/leaf.ts'"],
    ['src/server/app.ts', "import { a } from './operations/paging/routes.ts'"],
    ['src/server/operations/paging/a.test.ts', "import { a } from '../../testing/test-server.ts'"],
    ['src/simulator/demo.ts', "import { openApp } from '../server/app.ts'"],
    ['src/web/shell/a.tsx', "import { a } from '../../domain/time/zone.ts'\nimport React from 'react'"],
  ]
  for (const [path, text] of allowed) assert.deepEqual(messages(path, text), [], path)
})

test('nobody in the project imports whom they may not', (t) => {
  const path = join(projectRoot, 'ARCHITECTURE.md')
  const written = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  const findings = forbiddenImports(projectSources(), readEdges(written ?? ''))
  const enforced =
    written === undefined ? findings.filter(({ message }) => !message.includes('no edge')) : findings
  if (written === undefined)
    t.diagnostic('edges between areas are not yet enforced: ARCHITECTURE.md with their table is missing')
  assert.deepEqual(sentences(enforced), [])
})
