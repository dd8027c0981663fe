/**
 * PostgreSQL's COPY over a connection of `pg`, whose own queries do not speak it: whole tables as the exact text of the
 * database, without a JavaScript value a column (PostgreSQL 18, 54.2.5 "COPY Operations"; pg's interface `submit`).
 */
import type { Duplex } from 'node:stream'
import type { ClientBase, Submittable } from 'pg'

/** What pg hands to a submitted query of somebody else's making; its types know only a part of it. */
type Wire = {
  readonly stream: Duplex
  readonly query: (text: string) => void
  readonly sendCopyFromChunk: (chunk: Uint8Array) => void
  readonly endCopyFrom: () => void
  readonly sendCopyFail: (message: string) => void
}

type Copying = Submittable & {
  readonly handleError: (error: Error) => void
  readonly handleCommandComplete: (message: { text: string }) => void
  readonly handleReadyForQuery: () => void
  readonly handleCopyInResponse?: (wire: Wire) => void
  readonly handleCopyData?: (message: { chunk: Buffer }) => void
}

const send = (client: ClientBase, copying: Copying): void => void client.query(copying)

/** Rows are gathered to blocks of about this size. */
const BLOCK_BYTES = 256 * 1024
/** So many blocks wait for a slow reader before the database is asked to wait. */
const BLOCKS_AHEAD = 4

/**
 * Runs `copy … to stdout` and yields its bytes in blocks that end with a row. Reads no further than the reader does.
 * A reader that leaves early must destroy the connection: the rest of the rows is still on its way.
 */
export async function* copyOut(client: ClientBase, statement: string): AsyncGenerator<Buffer, number> {
  const blocks: Buffer[] = []
  let block: Buffer = Buffer.alloc(0)
  let filled = 0
  let rows = 0
  let wire: Wire | undefined
  let failure: Error | undefined
  let ended = false
  let wake = (): void => undefined

  const give = (): void => {
    if (filled > 0) blocks.push(block.subarray(0, filled))
    block = Buffer.alloc(0)
    filled = 0
    if (blocks.length >= BLOCKS_AHEAD) wire?.stream.pause()
    wake()
  }
  send(client, {
    submit: (connection) => {
      wire = connection as unknown as Wire
      wire.query(statement)
    },
    handleCopyData: ({ chunk }) => {
      // Copied, because pg's parser may use the memory behind the chunk again.
      if (filled + chunk.length > block.length) {
        give()
        block = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, chunk.length))
      }
      filled += chunk.copy(block, filled)
    },
    handleCommandComplete: ({ text }) => {
      rows = Number(/^COPY (\d+)/.exec(text)?.[1])
    },
    handleError: (error) => {
      failure = error
      wake()
    },
    handleReadyForQuery: () => {
      give()
      ended = true
      wake()
    },
  })
  for (;;) {
    const ready = blocks.shift()
    if (ready) {
      yield ready
      if (blocks.length < BLOCKS_AHEAD) wire?.stream.resume()
    } else if (failure) throw failure
    else if (ended) return rows
    else await new Promise<void>((resolve) => (wake = resolve))
  }
}

/** Or gone: then the query's own error says so. */
const drained = (stream: Duplex): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go)
      stream.off('close', go)
      resolve()
    }
    stream.once('drain', go)
    stream.once('close', go)
  })

/** Stops feeding when the database has refused; `stopped` says so. */
const feed = async (
  wire: Wire,
  source: AsyncIterable<Uint8Array>,
  stopped: () => boolean,
): Promise<Error | undefined> => {
  try {
    for await (const chunk of source) {
      if (stopped()) return undefined
      wire.sendCopyFromChunk(chunk)
      if (wire.stream.writableNeedDrain) await drained(wire.stream)
    }
    wire.endCopyFrom()
    return undefined
  } catch (error) {
    wire.sendCopyFail('the rows could not be read')
    return error as Error
  }
}

/**
 * Runs `copy … from stdin` with the bytes of `source`.
 * @returns how many rows the database took
 * @throws what `source` threw, else the database's refusal
 */
export const copyIn = (
  client: ClientBase,
  statement: string,
  source: AsyncIterable<Uint8Array>,
): Promise<number> =>
  new Promise((resolve, reject) => {
    let refusal: Error | undefined
    let rows = 0
    let feeding: Promise<Error | undefined> = Promise.resolve(undefined)
    const settle = async (): Promise<void> => {
      const fault = (await feeding) ?? refusal
      if (fault) reject(fault)
      else resolve(rows)
    }
    send(client, {
      submit: (connection) => connection.query(statement),
      handleCopyInResponse: (wire) => {
        feeding = feed(wire, source, () => refusal !== undefined)
      },
      handleCommandComplete: ({ text }) => {
        rows = Number(/^COPY (\d+)/.exec(text)?.[1])
      },
      handleError: (error) => {
        refusal = error
        void settle()
      },
      handleReadyForQuery: () => void settle(),
    })
  })
