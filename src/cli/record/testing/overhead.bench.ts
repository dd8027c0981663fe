/** How much slower 50 MB reach the terminal when they are recorded: the same shell, with and without the recorder. */
import { spawn } from '@lydell/node-pty'
import { fileURLToPath } from 'node:url'
import { startFakeRecorderServer } from './fake-recorder-server.ts'
import { makeDesk } from './operator.ts'

const MAIN = fileURLToPath(new URL('record-main.ts', import.meta.url))
const FLOODS = {
  yes: 'yes | head -c 50M',
  log: `yes '2026-11-22T10:00:00Z INFO controller reconciled pod=ingress-nginx namespace=kube-system duration=3ms' | head -c 50M`,
} as const

const megabytesPerSecond = async (
  file: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  flood: string,
): Promise<number> => {
  const terminal = spawn(file, [...args], {
    name: 'xterm-256color',
    cols: 80,
    rows: 24,
    cwd,
    env,
    encoding: null,
  })
  let tail = ''
  const seen = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const listener = terminal.onData((data) => {
        tail = (tail + (data as unknown as Buffer).toString('latin1')).slice(-200)
        if (!tail.includes(text)) return
        tail = ''
        listener.dispose()
        resolve()
      })
    })
  const exited = new Promise((resolve) => terminal.onExit(resolve))
  await seen('mine$ ')
  const startedAt = performance.now()
  terminal.write(`${flood}; echo flo''oded\r`)
  await seen('flooded')
  const tookMs = performance.now() - startedAt
  terminal.write('exit\r')
  await exited
  return 52.4288 / (tookMs / 1000)
}

const server = await startFakeRecorderServer()
const desk = makeDesk(server, '/bin/bash')
const record = [MAIN, '-e', 'acme-prod', '--look', '--no-questions']
for (const [name, flood] of Object.entries(FLOODS)) {
  const plain: number[] = []
  const recorded: number[] = []
  for (let round = 0; round < 3; round++) {
    plain.push(await megabytesPerSecond('/bin/bash', ['-i'], desk.home, { ...desk.env }, flood))
    recorded.push(await megabytesPerSecond(process.execPath, record, desk.home, { ...desk.env }, flood))
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[1]!
  const [a, b] = [median(plain), median(recorded)]
  console.log(
    `${name}: plain ${a.toFixed(0)} MB/s, recorded ${b.toFixed(0)} MB/s, ${(a / b).toFixed(1)} times the time`,
  )
}
await server.close()
desk.clear()
