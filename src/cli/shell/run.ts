/** Finds the command named on the line, runs it, and turns faults into sentences and exit codes. */
import { CommandFault, type Command, type Io } from './io.ts'

export type Commands = Readonly<Record<string, Command>>

const overview = (commands: Commands): string => {
  const widest = Math.max(...Object.keys(commands).map((name) => name.length))
  const rows = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(widest)}  ${about}`)
  return [
    'Usage: fortnight <command> [options]',
    '',
    ...rows,
    '',
    '`fortnight <command> --help` tells more.',
  ].join('\n')
}

/** The nearest name within two edits, for a typing error at 03:12. */
const nearest = (given: string, names: readonly string[]): string | undefined => {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, index) => index)
    for (let i = 1; i <= a.length; i++) {
      const next = [i]
      for (let j = 1; j <= b.length; j++) {
        next[j] = Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        )
      }
      row = next
    }
    return row[b.length] ?? 0
  }
  return names
    .map((name) => ({ name, far: distance(given, name) }))
    .filter(({ far }) => far <= 2)
    .sort((a, b) => a.far - b.far)[0]?.name
}

export const runCommand = async (commands: Commands, argv: readonly string[], io: Io): Promise<number> => {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.out(overview(commands))
    return name === undefined ? 3 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    const guess = nearest(name, Object.keys(commands))
    io.err(
      `There is no command ${JSON.stringify(name)}.${guess ? ` Did you mean \`fortnight ${guess}\`?` : ' `fortnight help` lists them.'}`,
    )
    return 3
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(`${command.about}\n\nUsage: ${command.usage}`)
    return 0
  }
  try {
    return await command.run(rest, io)
  } catch (error) {
    if (error instanceof CommandFault) {
      io.err(error.message)
      if (error.exitCode === 3) io.err(`Usage: ${command.usage}`)
      return error.exitCode
    }
    if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
      io.err(`${(error as Error).message}\nUsage: ${command.usage}`)
      return 3
    }
    throw error
  }
}
