/** Runs verify_pack.py on many packs in one Python process, since starting Python costs more than verifying. */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** The reason to skip, printed, when there is no Python 3. */
export const noPython: string | false =
  spawnSync('python3', ['--version']).status === 0 ? false : 'python3 is not installed'

/** For each list of words the exit code and what was printed. */
const DRIVER = `
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import verify_pack
for line in sys.stdin:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = verify_pack.main(json.loads(line))
    print(json.dumps([code, out.getvalue()]))
`

export type Answer = { readonly code: number; readonly said: string }

export async function askSecondVerifier(
  questions: readonly (readonly string[])[],
): Promise<readonly Answer[]> {
  const lines = await python(DRIVER, questions)
  return lines.map((line) => {
    const [code, said] = line as [number, string]
    return { code, said }
  })
}

/** Runs a program beside verify_pack.py; each question is a line of JSON in, each answer a line out. */
export async function python(program: string, questions: readonly unknown[]): Promise<readonly unknown[]> {
  const child = spawn('python3', ['-c', program, import.meta.dirname], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''))
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (code !== 0) throw new Error(`python3 ended with ${String(code)}: ${err}`)
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}
