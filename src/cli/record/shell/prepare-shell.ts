/** Writes what the operator's shell reads at start, in a folder of its own that nobody else can look into. */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { bashIntegration } from './bash-integration.ts'
import { fishIntegration } from './fish-integration.ts'
import { zshEnvironmentFile, zshIntegration } from './zsh-integration.ts'

export type ShellKind = 'bash' | 'zsh' | 'fish' | 'other'

export type PreparedShell = {
  readonly file: string
  readonly args: readonly string[]
  /** To be added to the environment. */
  readonly env: Readonly<Record<string, string>>
  readonly kind: ShellKind
  readonly name: string
  /** Where the recorder listens for the session's own commands. */
  readonly socketPath: string
  /** What every prompt begins with, from the next one on: `● acme-prod D-12`. */
  readonly setLabel: (label: string) => void
  /** The files that hold the nonce have been read: away with them. */
  readonly forgetNonce: () => void
  readonly remove: () => void
}

export type ShellChoice = {
  /** Path of the operator's shell, from `SHELL`. */
  readonly shell: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly nonce: string
  readonly label: string
}

export const prepareShell = (choice: ShellChoice): PreparedShell => {
  const directory = mkdtempSync(join(runtimeDirectory(choice.env), 'fortnight-'))
  chmodSync(directory, 0o700)
  const labelFile = join(directory, 'label')
  const startFiles = join(directory, 'start')
  mkdirSync(startFiles, { mode: 0o700 })
  const name = basename(choice.shell)
  const kind = kindOf(name)
  const setLabel = (label: string): void => {
    // By rename: a prompt that is being drawn reads the old label or the new one.
    writeFileSync(`${labelFile}.new`, `${plain(label)}\n`, { mode: 0o600 })
    renameSync(`${labelFile}.new`, labelFile)
  }
  setLabel(choice.label)
  return {
    file: choice.shell,
    ...writeStartFiles(kind, startFiles, choice, labelFile),
    kind,
    name,
    socketPath: join(directory, 'recorder.sock'),
    setLabel,
    forgetNonce: () => rmSync(startFiles, { recursive: true, force: true }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

const writeStartFiles = (
  kind: ShellKind,
  directory: string,
  choice: ShellChoice,
  labelFile: string,
): { args: readonly string[]; env: Readonly<Record<string, string>> } => {
  const write = (name: string, text: string): string => {
    const path = join(directory, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  switch (kind) {
    case 'bash':
      return { args: ['--rcfile', write('bashrc', bashIntegration(choice.nonce, labelFile)), '-i'], env: {} }
    case 'zsh': {
      write('.zshenv', zshEnvironmentFile(directory))
      write('.zshrc', zshIntegration(choice.nonce, labelFile, directory))
      const own = choice.env['ZDOTDIR']
      return {
        args: ['-i'],
        env: { ZDOTDIR: directory, ...(own === undefined ? {} : { FORTNIGHT_USER_ZDOTDIR: own }) },
      }
    }
    case 'fish': {
      const path = write('config.fish', fishIntegration(choice.nonce, labelFile))
      return { args: ['--interactive', '--init-command', `source '${path}'`], env: {} }
    }
    case 'other':
      return { args: ['-i'], env: {} }
  }
}

const kindOf = (name: string): ShellKind =>
  name === 'bash' || name === 'zsh' || name === 'fish' ? name : 'other'

/** A socket's path may have 100 characters or so: the shortest private place wins. */
const runtimeDirectory = (env: ShellChoice['env']): string => {
  const runtime = env['XDG_RUNTIME_DIR']
  return runtime !== undefined && runtime !== '' && runtime.length < 60 ? runtime : tmpdir()
}

/** The label becomes part of a prompt, where shells expand `$`, `%`, `!`, backquotes and backslashes. */
const plain = (label: string): string => label.replaceAll(/[^\p{L}\p{N} ._:/●○‖-]/gu, '').slice(0, 120)
