/** Reads the shell's marks into commands, choosing the text to believe when the history does not have the line. */
import { applyMark, runningCommand } from '../../domain/operations/operator-log/recording/command-list.ts'
import type { RecordedCommand } from '../../domain/operations/operator-log/recording/command-list.ts'

export type CommandTracker = {
  /** Which command a mark means, given what stood on the screen: see `believe`. Neither is redacted. */
  readonly choose: (mark: RunMark, shown: string) => string
  /** bash only: the history before the first command, by which we see whether a line was kept out of it. */
  readonly startHistory: (historyNumber: number | null) => void
  /** Keeps the command, redacted already. */
  readonly run: (atMs: number, command: string, place: Place) => RecordedCommand
  /** The command that ended, if one did. */
  readonly prompt: (atMs: number, exitCode: number | null) => RecordedCommand | null
  readonly ended: (atMs: number, exitCode: number | null) => RecordedCommand | null
  /** Takes the text out of commands that began at `fromMs` or later. */
  readonly cutSince: (fromMs: number) => void
  readonly commands: () => readonly RecordedCommand[]
}

const CUT = '‹cut by the operator›'

export type RunMark = { readonly command: string; readonly historyNumber: number | null }
type Place = { readonly cwd: string | null; readonly context: string | null }

export const openCommandTracker = (): CommandTracker => {
  let commands: readonly RecordedCommand[] = []
  let lastHistoryNumber: number | null = null

  const finish = (
    kind: 'prompt' | 'ended',
    atMs: number,
    exitCode: number | null,
  ): RecordedCommand | null => {
    if (runningCommand(commands) === null) return null
    commands = applyMark(commands, { kind, atMs, exitCode })
    return commands.at(-1) ?? null
  }

  return {
    choose: (mark, shown) => {
      const command = believe(mark, shown, lastHistoryNumber)
      lastHistoryNumber = mark.historyNumber ?? lastHistoryNumber
      return command
    },
    startHistory: (historyNumber) => {
      lastHistoryNumber ??= historyNumber
    },
    run: (atMs, command, place) => {
      commands = applyMark(commands, { kind: 'run', atMs, command, ...place })
      return commands.at(-1)!
    },
    prompt: (atMs, exitCode) => finish('prompt', atMs, exitCode),
    ended: (atMs, exitCode) => finish('ended', atMs, exitCode),
    cutSince: (fromMs) => {
      commands = commands.map((one) => (one.startedAtMs >= fromMs ? { ...one, command: CUT } : one))
    },
    commands: () => commands,
  }
}

/**
 * bash tells the last line of its history. That is not the line that runs when it was kept out (`HISTCONTROL`,
 * `HISTIGNORE`): then the number has not moved and the text differs from what stands on the screen, which wins.
 */
export const believe = (mark: RunMark, shown: string, lastHistoryNumber: number | null): string => {
  if (mark.historyNumber === null) return mark.command === '' ? shown.trim() : mark.command
  const moved = lastHistoryNumber !== null && mark.historyNumber !== lastHistoryNumber
  if (moved || shown.trim() === '' || sameWords(mark.command, shown)) return mark.command
  return shown.trim()
}

const sameWords = (a: string, b: string): boolean => a.replaceAll(/\s+/g, '') === b.replaceAll(/\s+/g, '')
