/** One run of the PostgreSQL server: from the start to the moment it takes connections, and its end. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ClusterFiles } from './cluster-files.ts'
import type { NativeFiles } from './native-files.ts'
import { readPostmasterFile, settlePreviousPostmaster } from './previous-postmaster.ts'
import type { RunAs } from './run-as.ts'
import { explainFailure, lastWords, pruneLogFiles, startupLogName } from './server-log.ts'
import { startWatched, type Watched } from './watchdog.ts'

export type PostmasterOptions = {
  readonly files: ClusterFiles
  readonly native: NativeFiles
  readonly runAs: RunAs
  readonly log: (line: string) => void
}

const oldBackendsMs = 15_000
const reportEveryMs = 10_000

/** Resolves when the server takes connections. Throws its last words when it gives up. */
export async function startPostmaster(options: PostmasterOptions): Promise<Watched> {
  const { files, log } = options
  const deadline = Date.now() + oldBackendsMs
  for (;;) {
    const harmless = await settlePreviousPostmaster(files.cluster, log)
    await pruneLogFiles(files.log)
    const server = await launch(options, harmless)
    if (await takesConnections(server, files, log)) return server
    // Backends of a postmaster killed with -9 leave within moments; until then they must not meet a second one.
    const waits = (await lastWords(files.log)).includes('pre-existing shared memory block')
    if (!waits || Date.now() > deadline)
      throw await explainFailure('The database did not start', files.folder)
    await wait(200)
  }
}

const launch = (
  { files, native, runAs }: PostmasterOptions,
  harmlessPid: number | undefined,
): Promise<Watched> =>
  startWatched({
    runAs,
    argv: [native.postgres, '-D', files.cluster],
    outputPath: join(files.log, startupLogName),
    env: harmlessPid === undefined ? {} : { PG_GRANDPARENT_PID: String(harmlessPid) },
  })

/** False when it exited instead. Recovery after a crash may take long, so there is no limit, only a word now and then. */
async function takesConnections(
  server: Watched,
  files: ClusterFiles,
  log: (line: string) => void,
): Promise<boolean> {
  let gone = false
  void server.exited.then(() => {
    gone = true
  })
  let reportAt = Date.now() + reportEveryMs
  while (!gone) {
    const recorded = await readPostmasterFile(files.cluster)
    if (recorded?.ready && recorded.pid === server.pid) return true
    if (Date.now() > reportAt) {
      log('PostgreSQL is still starting; after a crash it replays its journal first')
      reportAt += reportEveryMs
    }
    await wait(10)
  }
  return false
}
