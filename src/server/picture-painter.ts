/**
 * Keeps the process that draws first pictures while somebody looks at home views: the engine goes on paging meanwhile, and
 * the memory is given back. Drawn in the engine it would stay there for good (185 instead of 136 MB; in a thread that had
 * ended, 199), because an allocator returns little.
 */
import { fork, type ChildProcess } from 'node:child_process'
import type { FirstPicture, FromPicture, ToPicture } from '../contract/first-picture.ts'

/** Asks the API as the person who wants to see the picture. */
export type Ask = (url: string) => Promise<{ readonly status: number; readonly text: string }>
type Wanted = {
  readonly ask: Ask
  /** What takes longer has run away and would keep everybody after it waiting. */
  readonly overdue: NodeJS.Timeout
  readonly resolve: (drawn: FirstPicture | undefined) => void
  readonly reject: (fault: Error) => void
}

export type Painter = {
  /** @throws when the drawing failed or its process ended */
  readonly draw: (asked: { readonly ask: Ask; readonly narrow: boolean }) => Promise<FirstPicture | undefined>
  readonly stop: () => void
}

const IDLE_MS = 60_000
const LONGEST_MS = 10_000
/** A home view is a few hundred elements; what wants more than this has run away. */
const FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=96', '--disable-warning=ExperimentalWarning']
/** It draws what it is told: no address of a database, no key, no secret of ours is with it. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: '1', NODE_ENV: 'production', TZ: process.env['TZ'] ?? 'UTC' }
const UNANSWERED = { status: 503, text: '{}' }

export const keepPainter = (program: string, { idleMs = IDLE_MS, longestMs = LONGEST_MS } = {}): Painter => {
  const wanted = new Map<number, Wanted>()
  let painter: ChildProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let pictures = 0

  const end = (): void => {
    const ended = painter
    painter = undefined
    clearTimeout(idle)
    ended?.kill('SIGKILL')
  }
  const take = (picture: number): Wanted | undefined => {
    const found = wanted.get(picture)
    wanted.delete(picture)
    clearTimeout(found?.overdue)
    clearTimeout(idle)
    if (wanted.size === 0) idle = setTimeout(end, idleMs).unref()
    return found
  }
  const hear = async (from: ChildProcess, message: FromPicture): Promise<void> => {
    switch (message.kind) {
      case 'drawn':
        return take(message.picture)?.resolve(message.drawn)
      case 'failed':
        return take(message.picture)?.reject(new Error(message.detail))
      case 'question': {
        const { picture, question, url } = message
        const answer =
          (await wanted
            .get(picture)
            ?.ask(url)
            .catch(() => UNANSWERED)) ?? UNANSWERED
        if (from.connected) from.send({ kind: 'answer', picture, question, ...answer } satisfies ToPicture)
      }
    }
  }
  const begin = (): ChildProcess => {
    const begun = fork(program, {
      execArgv: FLAGS,
      env: ENVIRONMENT,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const failAll = (fault: Error): void => {
      begun.kill('SIGKILL')
      if (painter !== begun) return
      painter = undefined
      for (const picture of wanted.keys()) take(picture)?.reject(fault)
    }
    begun.on('message', (message: FromPicture) => void hear(begun, message))
    // For good, not once: each message to a channel that is closed is an error of its own, and one that nobody hears ends the engine.
    begun.on('error', failAll)
    begun.once('exit', (code, signal) => failAll(new Error(`what draws ended with ${code ?? signal}`)))
    // A stopping server does not wait for a picture.
    begun.unref()
    begun.channel?.unref()
    return begun
  }

  return {
    draw: ({ ask, narrow }) =>
      new Promise((resolve, reject) => {
        const picture = ++pictures
        clearTimeout(idle)
        const drawing = (painter ??= begin())
        const overdue = setTimeout(() => void drawing.kill('SIGKILL'), longestMs).unref()
        wanted.set(picture, { ask, overdue, resolve, reject })
        drawing.send({ kind: 'draw', picture, narrow } satisfies ToPicture)
      }),
    stop: end,
  }
}
