/** PostgreSQL refuses to run as root; this decides as whom it runs instead, with the least that the machine must allow. */
import { execFile } from 'node:child_process'
import { chown, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * - `direct`: as the user we are
 * - `user-namespace`: still our files, but the process sees itself as nobody; needs neither chown nor open folders
 * - `other-user`: another account of the machine, which must be able to walk to the files
 */
export type RunAs =
  | { readonly kind: 'direct' }
  | { readonly kind: 'user-namespace' }
  | { readonly kind: 'other-user'; readonly uid: number; readonly gid: number }

/** `nobody`: the name must be in the password file, because initdb looks it up. */
const nobody = 65534
const unshare = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'] as const

/** @param clusterFolder an existing cluster is always run as the owner of its files, because PostgreSQL insists on that */
export async function chooseRunAs(clusterFolder: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { kind: 'direct' }
  const existing = await stat(clusterFolder).catch(() => undefined)
  if (existing && existing.uid !== 0) return { kind: 'other-user', uid: existing.uid, gid: existing.gid }
  if (await mayUseUserNamespace()) return { kind: 'user-namespace' }
  return { kind: 'other-user', uid: nobody, gid: nobody }
}

/** Hardened containers refuse unprivileged namespaces, and old util-linux knows no --map-user. */
async function mayUseUserNamespace(): Promise<boolean> {
  const [command, ...args] = unshare
  try {
    await promisify(execFile)(command, [...args, 'true'], { timeout: 5000 })
    return true
  } catch {
    return false
  }
}

/** The command line that runs `argv` that way; `other-user` is applied by the spawn itself. */
export const commandFor = (runAs: RunAs, argv: readonly string[]): string[] =>
  runAs.kind === 'user-namespace' ? [...unshare, ...argv] : [...argv]

/** Options of spawn: libuv also drops the supplementary groups. */
export const spawnIds = (runAs: RunAs): { uid?: number; gid?: number } =>
  runAs.kind === 'other-user' ? { uid: runAs.uid, gid: runAs.gid } : {}

/** Hands a file or folder to the user who will run PostgreSQL. */
export async function giveTo(runAs: RunAs, path: string): Promise<void> {
  if (runAs.kind === 'other-user') await chown(path, runAs.uid, runAs.gid)
}
