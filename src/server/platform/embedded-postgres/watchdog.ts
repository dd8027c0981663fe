/** Starts a program that dies with us: when this process ends, even by kill -9, a shell notices and stops the program. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { once } from 'node:events'
import { commandFor, spawnIds, type RunAs } from './run-as.ts'

export type Watched = {
  /** the program's own process id, not the shell's */
  readonly pid: number
  /** resolves with the exit code (128 + n for a death by signal) once the program is gone */
  readonly exited: Promise<number>
  /** asks it to stop (SIGINT, after a minute SIGQUIT) and waits until it has */
  stop(): Promise<number>
  /** lets the event loop end although the program runs; it then ends too */
  unref(): void
}

/**
 * Our end of the shell's stdin is the life line: closing it (by us, or by the kernel when we die) ends `cat`.
 * SIGINT is PostgreSQL's fast shutdown. It is repeated because a program that has just been started may not listen yet.
 * The program gets neither the life line (3) nor our stdout; the shell ignores signals meant for the whole group.
 */
const script = `trap '' HUP INT TERM
exec 3<&0
"$@" 3<&- </dev/null 1>&2 & program=$!
{ cat <&3; tries=0; signal=INT
  while kill -$signal $program; do sleep 1; tries=$((tries+1)); [ $tries -lt 60 ] || signal=QUIT; done
} >/dev/null 2>&1 & watcher=$!
exec 3<&-
echo $program
wait $program; code=$?
kill -KILL $watcher
exit $code`

/** @param outputPath file that receives stdout and stderr of the program, emptied first */
export async function startWatched(options: {
  runAs: RunAs
  argv: readonly string[]
  outputPath: string
  env?: Record<string, string>
}): Promise<Watched> {
  const output = openSync(options.outputPath, 'w', 0o600)
  let shell: ChildProcess
  try {
    // Its own session: ctrl-C on the terminal must reach us first, and not PostgreSQL behind our back.
    shell = spawn('/bin/sh', ['-c', script, 'watchdog', ...commandFor(options.runAs, options.argv)], {
      stdio: ['pipe', 'pipe', output],
      detached: true,
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...options.env },
      ...spawnIds(options.runAs),
    })
  } finally {
    closeSync(output)
  }
  const lifeLine = shell.stdin
  lifeLine?.on('error', () => {})
  const exited = once(shell, 'exit').then(([code, signal]: (number | string | null)[]) => {
    lifeLine?.destroy()
    return typeof code === 'number' ? code : signal === 'SIGKILL' ? 137 : 1
  })
  const pid = await firstLine(shell)
  return {
    pid,
    exited,
    stop: () => {
      lifeLine?.destroy()
      return exited
    },
    unref: () => {
      shell.unref()
      for (const pipe of [shell.stdin, shell.stdout]) (pipe as { unref?: () => void } | null)?.unref?.()
    },
  }
}

async function firstLine(shell: ChildProcess): Promise<number> {
  let text = ''
  for await (const chunk of shell.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  const pid = Number(text)
  if (!Number.isInteger(pid) || pid <= 0)
    throw new Error('The shell that watches over PostgreSQL did not start')
  return pid
}
