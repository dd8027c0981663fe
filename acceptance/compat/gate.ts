/** Stands before the server and answers with a status of its own while one is set, as we do when we cannot take more. */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Gate = {
  readonly url: string
  readonly refuse: (status: number | undefined) => void
  readonly refused: () => number
  readonly close: () => void
}

/** @param behind address of the server */
export const openGate = async (behind: string): Promise<Gate> => {
  let status: number | undefined
  let refused = 0
  const target = new URL(behind)
  const gate = createServer((incoming, outgoing) => {
    if (status !== undefined) {
      refused += 1
      incoming.resume()
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"later"}')
      return
    }
    const onward = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((listening) => gate.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    refuse: (next) => (status = next),
    refused: () => refused,
    close: () => {
      gate.closeAllConnections()
      gate.close()
    },
  }
}
