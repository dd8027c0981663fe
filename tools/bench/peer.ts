// The peer: Debian's Alertmanager, which keeps alerts in memory and makes nothing durable before it answers.
import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findProgram, missingSentences, programs, type Program } from '../steps/programs.ts'
import { freePort } from './fortnight.ts'

const wrk: Program = {
  name: 'wrk',
  commands: ['wrk'],
  aptPackage: 'wrk',
  whenMissing: 'fail',
  variable: 'FORTNIGHT_WRK',
}

/** Ends the bench with code 1 when one of them is not installed: half a comparison is none. */
export const requirePrograms = (...names: readonly string[]): void => {
  const needed = [...programs, wrk].filter(({ name }) => names.includes(name))
  const absent = needed.filter((program) => !findProgram(program))
  if (absent.length === 0) return
  for (const line of missingSentences(absent)) console.log(line.replace('The tests need', 'This bench needs'))
  process.exit(1)
}

const CONFIGURATION = `route:
  receiver: nobody
  group_wait: 30s
  group_interval: 5m
receivers:
  - name: nobody
`

export type Peer = { readonly url: string; readonly pid: number; readonly stop: () => Promise<void> }

export const startAlertmanager = async (folder: string): Promise<Peer> => {
  const program = findProgram(programs.find(({ name }) => name === 'Alertmanager') as Program)
  if (!program) throw new Error('Alertmanager is not installed')
  const port = await freePort()
  const configuration = join(folder, 'alertmanager.yml')
  writeFileSync(configuration, CONFIGURATION)
  const child: ChildProcess = spawn(
    program,
    [
      `--config.file=${configuration}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  )
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended with code ${child.exitCode}`)
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) break
    await pause(20)
  }
  return {
    url,
    pid: child.pid as number,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}
