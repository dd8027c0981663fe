/** Turns the shell's marks into the list of commands that a reader searches and a player jumps to. */

/** One command line as the operator ran it. Times count from the start of the recording, in milliseconds. */
export type RecordedCommand = {
  readonly n: number
  /** Redacted before it comes here. */
  readonly command: string
  readonly cwd: string | null
  /** Name of the kubeconfig's current context when the command started. */
  readonly context: string | null
  readonly startedAtMs: number
  /** Null while it runs, and for a command that the recorder did not see end. */
  readonly durationMs: number | null
  readonly exitCode: number | null
}

/**
 * What the recorder has authenticated: the shell shows a prompt, starts a command, or ended.
 * A prompt carries the exit status of the command before it.
 */
export type ShellMark =
  | { readonly kind: 'prompt'; readonly atMs: number; readonly exitCode: number | null }
  | {
      readonly kind: 'run'
      readonly atMs: number
      readonly command: string
      readonly cwd: string | null
      readonly context: string | null
    }
  | { readonly kind: 'ended'; readonly atMs: number; readonly exitCode: number | null }

export const applyMark = (
  commands: readonly RecordedCommand[],
  mark: ShellMark,
): readonly RecordedCommand[] => {
  switch (mark.kind) {
    case 'run': {
      const started: RecordedCommand = {
        n: commands.length + 1,
        command: mark.command,
        cwd: mark.cwd,
        context: mark.context,
        startedAtMs: mark.atMs,
        durationMs: null,
        exitCode: null,
      }
      return [...finishLast(commands, mark.atMs, null), started]
    }
    case 'prompt':
    case 'ended':
      return finishLast(commands, mark.atMs, mark.exitCode)
  }
}

/** The command that is running now, if any. */
export const runningCommand = (commands: readonly RecordedCommand[]): RecordedCommand | null => {
  const last = commands.at(-1)
  return last !== undefined && last.durationMs === null ? last : null
}

const finishLast = (
  commands: readonly RecordedCommand[],
  atMs: number,
  exitCode: number | null,
): readonly RecordedCommand[] => {
  const running = runningCommand(commands)
  if (running === null) return commands
  const finished = { ...running, durationMs: Math.max(0, atMs - running.startedAtMs), exitCode }
  return [...commands.slice(0, -1), finished]
}
