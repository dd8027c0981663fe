/** Program: holds the shared test database while test processes are connected to it, then removes it and ends. */
import { appendFileSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { holdFolder } from './hold-folder.ts'
import { startEmbeddedPostgres } from './start-embedded-postgres.ts'

/** The next file of a run, or the next run, comes within this time and saves itself the start. */
const lingerMs = 3000
/** Nobody asked although somebody started us. */
const firstGuestMs = 20_000

const folder = process.argv[2]
if (!folder) throw new Error('Usage: test-cluster-holder.ts <folder>')

const log = (line: string): void =>
  appendFileSync(join(folder, 'holder.log'), `${new Date().toISOString()} ${line}\n`)

/** Two test processes may start a holder each; the second ends here and the processes find the first. */
const hold = ((): ReturnType<typeof holdFolder> => {
  try {
    return holdFolder(folder)
  } catch {
    process.exit(0)
  }
})()

try {
  await serve(folder)
} catch (fault) {
  log((fault as Error).message)
  process.exitCode = 1
} finally {
  hold.release()
}

async function serve(at: string): Promise<void> {
  const socketPath = join(at, 'holder.sock')
  const databaseFolder = join(at, 'database')
  rmSync(databaseFolder, { recursive: true, force: true })
  rmSync(socketPath, { force: true })
  const database = await startEmbeddedPostgres({ folder: databaseFolder, log, durable: false })
  await untilAllGuestsLeft(socketPath, database.connectionString)
  await database.stop()
  rmSync(databaseFolder, { recursive: true, force: true })
}

/** Serves the address until nobody has been connected for a while. From then on new guests find no socket, and start anew. */
function untilAllGuestsLeft(socketPath: string, connectionString: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const guests = new Set<Socket>()
    const server = createServer((guest) => {
      clearTimeout(leaving)
      guests.add(guest)
      guest.on('error', () => {})
      guest.resume()
      guest.on('close', () => {
        guests.delete(guest)
        if (guests.size === 0) leaveIn(lingerMs)
      })
      guest.write(`${connectionString}\n`)
    })
    let leaving: NodeJS.Timeout | undefined
    const leaveIn = (delayMs: number): void => {
      clearTimeout(leaving)
      leaving = setTimeout(() => {
        server.close(() => resolve())
        for (const guest of guests) guest.destroy()
      }, delayMs)
    }
    server.on('error', reject)
    server.listen(socketPath, () => leaveIn(firstGuestMs))
  })
}
