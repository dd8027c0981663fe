/** A second opinion: whether a server that people use reaches the database that does not answer us. */

const PATIENCE_MS = 3_000

/** @param addresses of the same server, such as its public one and that on this machine; one that answers is enough */
export const serverReachesDatabase = async (addresses: readonly string[]): Promise<boolean> => {
  const answers = await Promise.all(
    addresses.map(async (address) => {
      try {
        const reply = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) })
        return ((await reply.json()) as { database?: unknown }).database === true
      } catch {
        return false
      }
    }),
  )
  return answers.includes(true)
}
