// Brings node_modules in line with package-lock.json before anything runs, so that two commands are enough on a fresh clone.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  closeSync,
} from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const longestInstallMs = 15 * 60_000

/**
 * Does nothing when node_modules fits the lock file; otherwise runs `npm ci` once, however many starts arrive together.
 * Throws an Error with a sentence and npm's output when that fails.
 */
export async function installWhenNeeded(root, { nodePackage, npm = npmCommand(), say = sayOnStderr } = {}) {
  // Images and packages bring exactly what they run with, development packages left out.
  if (process.env.FORTNIGHT_NO_INSTALL || isCurrent(root)) return
  const release = await takeLock(root)
  try {
    if (isCurrent(root)) return
    if (!fitsLockFile(root, nodePackage)) await installWhole(root, nodePackage, npm, say)
    writeStamp(root)
  } finally {
    release()
  }
}

const stampPath = (root) => join(root, 'node_modules', '.fortnight-installed')

/** The lock file's digest and the platform: a node_modules copied from another system does not count. */
function fingerprint(root) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`
}

function isCurrent(root) {
  const stamp = readText(stampPath(root))
  return stamp !== undefined && stamp === fingerprint(root)
}

function writeStamp(root) {
  const draft = `${stampPath(root)}.${process.pid}`
  writeFileSync(draft, fingerprint(root))
  renameSync(draft, stampPath(root))
}

/**
 * True when somebody ran npm by hand and its own record agrees with the lock file. Without this a start would
 * delete and reinstall a good node_modules under other running processes.
 */
export function fitsLockFile(root, nodePackage) {
  const recordText = readText(join(root, 'node_modules', '.package-lock.json'))
  if (recordText === undefined) return false
  let wanted, present
  try {
    wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    present = JSON.parse(recordText).packages
  } catch {
    return false
  }
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const found = present[path]
    if (found ? found.version !== entry.version : !entry.optional || isMadeForHere(entry)) return false
  }
  return !nodePackage || existsSync(join(root, 'node_modules', nodePackage, 'bin', 'node'))
}

/** An optional package for just this system. The pinned Node needs glibc, so what is made for musl never counts. */
function isMadeForHere({ os, cpu, libc }) {
  if (!os && !cpu) return false
  const fits = (wanted, ours) => !wanted || [wanted].flat().includes(ours)
  return fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, 'glibc')
}

/**
 * npm leaves out optional packages that ask for a newer Node than the one it runs on (npm-install-checks), and the
 * native parts of the compilers do: on Node 20.18 the web could not be built. The pinned Node, which has just come,
 * then runs npm once more.
 */
async function installWhole(root, nodePackage, npm, say) {
  await install(root, npm, say)
  const pinned = nodePackage && join(root, 'node_modules', nodePackage, 'bin', 'node')
  if (!pinned || !existsSync(pinned) || fitsLockFile(root, nodePackage)) return
  const script = npm.length > 1 ? npm[1] : npmScript()
  if (!script) return
  // npm empties node_modules, so the Node that runs it must have a second name outside.
  const runner = join(root, '.fortnight', 'install-node')
  rmSync(runner, { force: true })
  linkSync(pinned, runner)
  try {
    say(`Node ${process.version} is too old for some of them; once more with the Node that came along …`)
    await install(root, [runner, script], () => undefined)
  } finally {
    rmSync(runner, { force: true })
  }
}

async function install(root, npm, say) {
  const first = !existsSync(join(root, 'node_modules'))
  say(
    `${first ? 'Installing packages for the first time' : 'Packages changed, installing them again'} (about half a minute) …`,
  )
  const startedAt = Date.now()
  const { code, output } = await run(root, npm)
  if (code !== 0) {
    throw new Error(
      `${output.trim()}\n\n"npm ci" failed with code ${code}; its output is above. Nothing was started.`,
    )
  }
  say(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`)
}

function run(root, [command, ...args]) {
  return new Promise((resolve) => {
    // Development packages are wanted even where NODE_ENV=production is set: the web is built with them.
    const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
    const child = spawn(command, [...args, ...flags], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (fault) =>
      resolve({ code: 127, output: `${command} could not be started: ${fault.message}` }),
    )
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }))
  })
}

/** The npm that called us when there is one, else the npm on PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath
  if (caller && basename(caller) === 'npm-cli.js' && existsSync(caller)) return [process.execPath, caller]
  return ['npm']
}

/** npm's own program behind the `npm` on PATH; undefined where that is a wrapper of another kind. */
function npmScript() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      const path = realpathSync(join(folder, 'npm'))
      return basename(path) === 'npm-cli.js' ? path : undefined
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}

/** One installer at a time. The lock lies outside node_modules because `npm ci` empties that folder. */
async function takeLock(root) {
  const folder = join(root, '.fortnight')
  const path = join(folder, 'install.lock')
  const deadline = Date.now() + longestInstallMs
  for (;;) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    try {
      const file = openSync(path, 'wx')
      writeFileSync(file, String(process.pid))
      closeSync(file)
      return () => releaseLock(path)
    } catch (fault) {
      // ENOENT: the holder before us removed the folder in between.
      if (fault.code !== 'EEXIST' && fault.code !== 'ENOENT') throw fault
    }
    const holder = goneHolder(path)
    if (holder !== undefined) removeLeftLock(path, holder)
    else if (Date.now() > deadline)
      throw new Error(`Another start has been installing for too long. If none is running, delete ${path}.`)
    else await wait(200)
  }
}

function releaseLock(path) {
  rmSync(path, { force: true })
  try {
    rmdirSync(dirname(path))
  } catch {
    // Somebody keeps something there.
  }
}

/** What the lock file says when the start that wrote it no longer runs; undefined while somebody holds it. */
function goneHolder(path) {
  const text = readText(path)
  if (text === undefined) return undefined
  const pid = Number(text)
  try {
    // An empty file is a holder between creating and writing it, unless it stays so.
    if (!pid) return Date.now() - statSync(path).mtimeMs > 5000 ? text : undefined
    process.kill(pid, 0)
  } catch (fault) {
    return fault.code === 'ESRCH' ? text : undefined
  }
  return undefined
}

/** Several may find the same left lock; moving it away first shows whether it was still that one, and not a new one. */
function removeLeftLock(path, holder) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
    if (readText(aside) !== holder) linkSync(aside, path)
    rmSync(aside, { force: true })
  } catch {
    // Somebody else was quicker.
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function sayOnStderr(line) {
  process.stderr.write(`${line}\n`)
}
