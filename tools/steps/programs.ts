// Knows the programs from outside that the tests use, where they are found, and how to get those that are missing.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runCommand } from './run-command.ts'

export type Program = {
  readonly name: string
  readonly commands: readonly string[]
  /** Debian's package */
  readonly aptPackage: string
  /** tests that find no such program: `fail` the run before it starts, or skip themselves with a reason */
  readonly whenMissing: 'fail' | 'skip'
  /** tests find the path here */
  readonly variable: string
}

export const programs: readonly Program[] = [
  {
    name: 'Alertmanager',
    commands: ['prometheus-alertmanager', 'alertmanager'],
    aptPackage: 'prometheus-alertmanager',
    whenMissing: 'fail',
    variable: 'FORTNIGHT_ALERTMANAGER',
  },
  {
    name: 'Prometheus',
    commands: ['prometheus'],
    aptPackage: 'prometheus',
    whenMissing: 'fail',
    variable: 'FORTNIGHT_PROMETHEUS',
  },
  {
    name: 'OpenSSL',
    commands: ['openssl'],
    aptPackage: 'openssl',
    whenMissing: 'fail',
    variable: 'FORTNIGHT_OPENSSL',
  },
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', macChrome()],
    aptPackage: 'chromium',
    whenMissing: 'fail',
    variable: 'FORTNIGHT_CHROMIUM',
  },
  {
    name: 'Python 3',
    commands: ['python3'],
    aptPackage: 'python3',
    whenMissing: 'fail',
    variable: 'FORTNIGHT_PYTHON',
  },
  { name: 'zsh', commands: ['zsh'], aptPackage: 'zsh', whenMissing: 'skip', variable: 'FORTNIGHT_ZSH' },
  { name: 'fish', commands: ['fish'], aptPackage: 'fish', whenMissing: 'skip', variable: 'FORTNIGHT_FISH' },
  { name: 'tmux', commands: ['tmux'], aptPackage: 'tmux', whenMissing: 'skip', variable: 'FORTNIGHT_TMUX' },
]

function macChrome(): string {
  return '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
}

/** The absolute path, or undefined. The program's variable wins when it is set. */
export function findProgram(program: Program, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter)
  const given = env[program.variable]
  const candidates = given
    ? [given]
    : program.commands.flatMap((name) => (name.startsWith('/') ? name : folders.map((at) => join(at, name))))
  return candidates.find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Finds all programs; as root on Debian or Ubuntu it installs those that are missing, saying so.
 * @returns variables for the tests, or the sentences that say what is missing and the command that brings it
 */
export async function findPrograms(
  say: (line: string) => void,
): Promise<{ env: Record<string, string>; missing: string[] }> {
  let absent = programs.filter((program) => !findProgram(program))
  if (absent.length > 0 && process.getuid?.() === 0 && isDebian()) {
    await installPackages(absent, say)
    absent = absent.filter((program) => !findProgram(program))
  }
  const env: Record<string, string> = {}
  for (const program of programs) {
    const path = findProgram(program)
    if (path) env[program.variable] = path
  }
  for (const { name } of absent.filter(({ whenMissing }) => whenMissing === 'skip'))
    say(`${name} is not installed: its tests are skipped`)
  return { env, missing: missingSentences(absent) }
}

export function missingSentences(absent: readonly Program[], env: NodeJS.ProcessEnv = process.env): string[] {
  const needed = absent.filter(({ whenMissing }) => whenMissing === 'fail')
  if (needed.length === 0) return []
  const names = needed.map(({ name }) => name).join(' and ')
  const packages = needed.map(({ aptPackage }) => aptPackage).join(' ')
  const misled = needed.filter(({ variable }) => env[variable])
  return [
    ...misled.map(
      ({ variable }) => `${variable} says ${env[variable]}, where no program is that this user may run.`,
    ),
    `The tests need ${names}, which this machine does not have. On Debian or Ubuntu:`,
    `  sudo apt-get install --no-install-recommends ${packages}`,
    `Elsewhere, install it your way and set ${needed.map(({ variable }) => variable).join(', ')} to its path.`,
  ]
}

const isDebian = (): boolean =>
  existsSync('/usr/bin/apt-get') && /\b(debian|ubuntu)\b/.test(readFileSync('/etc/os-release', 'utf8'))

async function installPackages(absent: readonly Program[], say: (line: string) => void): Promise<void> {
  const packages = absent.map(({ aptPackage }) => aptPackage)
  say(`Installing ${packages.join(', ')} with apt-get (the tests use them) …`)
  // In a container without systemd, run level 1 keeps the packages from starting their daemons; the tests start their own.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await runCommand(['apt-get', 'update', '-qq'], { env, limitMs: 300_000 })
  const { code, output } = await runCommand(
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages],
    {
      env,
      limitMs: 900_000,
    },
  )
  if (code !== 0) say(output.trimEnd())
}
