/** The thread in which a pack is made: a program of its own, because a bundle has to be able to start it. */
import { parentPort, workerData } from 'node:worker_threads'
// Whatever kinds of observations there are say here what their rows looked like when they were sealed.
import './operations/alerts/observations.ts'
import { makeInThread, type FromThread, type PackOrder } from './evidence/audit-packs/pack-thread.ts'

await makeInThread(workerData as PackOrder, (message: FromThread) => {
  // Handed over, not copied: it is the whole pack.
  const owned = message.kind === 'made' ? { ...message, zip: new Uint8Array(message.zip) } : message
  parentPort?.postMessage(owned, owned.kind === 'made' ? [owned.zip.buffer as ArrayBuffer] : [])
})
