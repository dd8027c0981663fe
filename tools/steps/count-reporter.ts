// A reporter for node:test that writes one JSON line per test, so that counts and skip reasons come from the runner itself.
import { relative, resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { projectRoot } from './run-command.ts'
import type { TestOutcome } from './tally.ts'

/** Suites are not counted, only tests; a file that crashes is reported by the runner as a failed test with the file's name. */
export default async function* countReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    if (event.data.details.type === 'suite' && event.type === 'test:pass') continue
    const { name, file, skip, todo } = event.data
    // The runner reports a file without tests as passed, under its own path; that proves nothing.
    if (event.type === 'test:pass' && file !== undefined && resolve(name) === file) continue
    const outcome: TestOutcome = {
      name,
      file: relative(projectRoot, file ?? ''),
      result:
        event.type === 'test:fail'
          ? 'failed'
          : skip !== undefined || todo !== undefined
            ? 'skipped'
            : 'passed',
      reason: [skip, todo].find((reason) => typeof reason === 'string' && reason !== '') as
        | string
        | undefined,
    }
    yield `${JSON.stringify(outcome)}\n`
  }
}
