/** Lays out a data folder: password, socket, logs and the cluster itself, so that a crash at any point leaves a startable folder. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isTraversableByAll, type NativeFiles } from './native-files.ts'
import { giveTo, type RunAs } from './run-as.ts'
import { explainFailure } from './server-log.ts'
import { localConfName, postgresqlConf } from './settings.ts'
import { startWatched } from './watchdog.ts'

export const userName = 'fortnight'
export const databaseName = 'fortnight'
const majorVersion = '18'

export type ClusterFiles = {
  readonly folder: string
  readonly cluster: string
  readonly log: string
  readonly passwordPath: string
}

export const clusterFiles = (folder: string): ClusterFiles => ({
  folder,
  cluster: join(folder, 'cluster'),
  log: join(folder, 'log'),
  passwordPath: join(folder, 'password'),
})

/** Over the socket in this folder; holds the password, so never log it. */
export const connectionStringOf = (socketFolder: string, password: string): string =>
  `postgresql://${userName}:${password}@localhost/${databaseName}?host=${encodeURIComponent(socketFolder)}`

/** Makes the folders with the owners and modes that `runAs` needs. */
export async function prepareFolders(files: ClusterFiles, runAs: RunAs): Promise<void> {
  await chmod(files.folder, 0o700)
  if (runAs.kind === 'other-user') await openTheWay(files.folder)
  await mkdir(files.log, { recursive: true, mode: 0o700 })
  await giveTo(runAs, files.log)
}

/**
 * The other user must be able to walk here. The folder and the one that holds it (our data folder) are opened for
 * walking through, not for looking; anything above is not ours to change.
 */
async function openTheWay(folder: string): Promise<void> {
  for (const path of [folder, dirname(folder)]) {
    const { uid, mode } = await stat(path)
    if (uid === process.getuid?.() && path !== homedir()) await chmod(path, (mode & 0o777) | 0o011)
  }
  if (await isTraversableByAll(folder)) return
  throw new Error(
    `As root, the built-in PostgreSQL runs as another user here, who may not enter ${folder}. ` +
      'Start as an ordinary user, or set FORTNIGHT_DATA to a folder under /var/lib.',
  )
}

/** The password is made once; 24 random bytes, readable by the owner alone. */
async function readOrMakePassword(files: ClusterFiles, runAs: RunAs): Promise<string> {
  const kept = await readIfThere(files.passwordPath)
  if (kept) return kept.trim()
  const draft = `${files.passwordPath}.new`
  const file = await open(draft, 'w', 0o600)
  const password = randomBytes(24).toString('base64url')
  await file.writeFile(`${password}\n`)
  await file.sync()
  await file.close()
  await giveTo(runAs, draft)
  await rename(draft, files.passwordPath)
  return password
}

/** Makes the cluster if there is none. @returns the password to connect with */
export async function ensureCluster(
  files: ClusterFiles,
  native: NativeFiles,
  runAs: RunAs,
  durable: boolean,
): Promise<string> {
  const version = await readIfThere(join(files.cluster, 'PG_VERSION'))
  if (version === undefined) {
    await removeUnfinished(files.folder)
    const password = await readOrMakePassword(files, runAs)
    await makeCluster(files, native, runAs, durable)
    return password
  }
  if (version.trim() !== majorVersion) {
    throw new Error(
      `${files.folder} was written by PostgreSQL ${version.trim()}, and this program brings ${majorVersion}. ` +
        'Export with the version that wrote it, then import here.',
    )
  }
  const password = await readIfThere(files.passwordPath)
  if (!password)
    throw new Error(`${files.passwordPath} is missing: bring it back from the backup of this folder.`)
  return password.trim()
}

/** initdb works in a folder of its own, which takes its final name only when it is whole. */
async function makeCluster(
  files: ClusterFiles,
  native: NativeFiles,
  runAs: RunAs,
  durable: boolean,
): Promise<void> {
  const draft = `${files.cluster}.new-${process.pid}`
  await mkdir(draft, { mode: 0o700 })
  await giveTo(runAs, draft)
  const outputPath = join(files.log, 'initdb.log')
  const initdb = await startWatched({
    runAs,
    outputPath,
    argv: [
      native.initdb,
      `--pgdata=${draft}`,
      `--username=${userName}`,
      `--pwfile=${files.passwordPath}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The builtin provider sorts the same on every system and never needs a reindex when libc or ICU change.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
  })
  const code = await initdb.exited
  if (code !== 0) {
    const said = await readFile(outputPath, 'utf8').catch(() => '')
    await rm(draft, { recursive: true, force: true })
    throw await explainFailure('The database could not be created', files.folder, said)
  }
  await rename(draft, files.cluster)
  if (durable) await syncFolder(files.folder)
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('cluster.new-')) await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}

/**
 * A socket's whole path must fit 103 bytes on macOS and 107 on Linux, so a deep data folder gets a short one for it.
 * @returns the folder; `temporary` ones are removed after the stop, and by the next start if there was none
 */
export async function prepareSocketFolder(
  files: ClusterFiles,
  runAs: RunAs,
): Promise<{ path: string; temporary: boolean }> {
  const notePath = join(files.folder, 'socket-folder')
  const left = await readIfThere(notePath)
  if (left && /fortnight-pg-[^/]+$/.test(left)) await rm(left, { recursive: true, force: true })
  const inside = join(files.folder, 'socket')
  if (Buffer.byteLength(join(inside, '.s.PGSQL.5432.lock')) <= 100 && !inside.includes('\n')) {
    await mkdir(inside, { recursive: true, mode: 0o700 })
    await giveTo(runAs, inside)
    return { path: inside, temporary: false }
  }
  const base = Buffer.byteLength(tmpdir()) > 60 ? '/tmp' : tmpdir()
  const short = await mkdtemp(join(base, 'fortnight-pg-'))
  await writeFile(notePath, short, { mode: 0o600 })
  await giveTo(runAs, short)
  return { path: short, temporary: true }
}

export async function writeSettings(
  files: ClusterFiles,
  runAs: RunAs,
  socketFolder: string,
  durable: boolean,
): Promise<void> {
  const path = join(files.cluster, 'postgresql.conf')
  const local = join(files.folder, localConfName)
  const localConf = (await readIfThere(local)) === undefined ? undefined : local
  await writeFile(path, postgresqlConf({ socketFolder, durable, localConf }), { mode: 0o600 })
  await giveTo(runAs, path)
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fault
  }
}
