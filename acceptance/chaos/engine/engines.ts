/** Three engine processes on one database and one clock, one of which may die at any instant and is replaced. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The name of their connections. */
export const ENGINE = 'engine under test'

export type Engines = {
  /** Resolves when every living engine has the time. */
  readonly setClock: (at: number) => Promise<void>
  /** SIGKILL; another is started, and works when it is ready. @returns when the old one is gone */
  readonly kill: (which: number) => Promise<void>
  readonly close: () => Promise<void>
}

type Given = { readonly connectionString: string; readonly folder: string; readonly mailUrl: string }
type Engine = { readonly child: ChildProcess; readonly gone: Promise<void>; isReady: boolean }

export const startEngines = async (count: number, given: Given, startAt: number): Promise<Engines> => {
  let at = startAt
  const program = join(import.meta.dirname, 'engine-process.fixture.ts')
  const url = new URL(given.connectionString)
  url.searchParams.set('application_name', ENGINE)
  const begin = (): Engine => {
    const child = fork(program, [url.toString(), given.folder, given.mailUrl, String(at)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const engine = { child, gone, isReady: false }
    child.once('message', () => {
      engine.isReady = true
      child.send(at, () => undefined)
    })
    return engine
  }
  /** One that still starts is told when it has. */
  const tell = async ({ child, isReady, gone }: Engine): Promise<void> => {
    if (!isReady || !child.connected) return
    const sent = at
    const heard = new Promise<void>((resolve) => {
      const listen = (message: unknown): void => {
        if (message !== sent) return
        child.off('message', listen)
        resolve()
      }
      child.on('message', listen)
    })
    child.send(sent, () => undefined)
    await Promise.race([heard, gone])
  }
  const engines = Array.from({ length: count }, begin)
  await Promise.all(engines.map(({ child, gone }) => Promise.race([once(child, 'message'), gone])))
  return {
    setClock: async (next) => {
      at = next
      // One whose connections were cut while it began has ended by itself.
      for (const [which, { child }] of engines.entries())
        if (child.exitCode !== null || child.signalCode !== null) engines[which] = begin()
      await Promise.all(engines.map(tell))
    },
    kill: async (which) => {
      const { child, gone } = engines[which] as Engine
      child.kill('SIGKILL')
      await gone
      engines[which] = begin()
    },
    close: async () => {
      for (const { child } of engines) child.kill('SIGKILL')
      await Promise.all(engines.map(({ gone }) => gone))
    },
  }
}
