/** How a command inside the recorded shell reaches the recorder around it: one line of JSON each way, on a private socket. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'

export type InsideRequest =
  | { readonly verb: 'status' }
  | { readonly verb: 'attach-decision'; readonly decision: string }
  | { readonly verb: 'pause'; readonly why: string }
  | { readonly verb: 'resume' }
  | { readonly verb: 'redact-last'; readonly seconds: number; readonly why: string }

export type InsideReply =
  | { readonly ok: true; readonly detail: string; readonly facts?: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly code: string; readonly detail: string }

const REQUEST_MAX_BYTES = 16 * 1024

export type ControlSocket = { readonly close: () => void }

/** The folder is 0700 already; the mode says so once more for whoever looks. */
export const listenInside = async (
  path: string,
  answer: (request: InsideRequest) => Promise<InsideReply>,
): Promise<ControlSocket> => {
  const server = createServer((socket) => serve(socket, answer))
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    close: () => {
      server.close()
      rmSync(path, { force: true })
    },
  }
}

const serve = (socket: Socket, answer: (request: InsideRequest) => Promise<InsideReply>): void => {
  let text = ''
  socket.setEncoding('utf8')
  socket.unref()
  socket.on('error', () => socket.destroy())
  const reply = (value: InsideReply): void => {
    socket.end(`${JSON.stringify(value)}\n`)
  }
  socket.on('data', (piece: string) => {
    text += piece
    if (text.length > REQUEST_MAX_BYTES) return void socket.destroy()
    const newline = text.indexOf('\n')
    if (newline === -1) return
    const request = readRequest(text.slice(0, newline))
    text = ''
    socket.pause()
    if (request === null)
      return reply({ ok: false, code: 'odd-request', detail: 'The recorder does not know this request' })
    answer(request).then(reply, (error: unknown) =>
      reply({
        ok: false,
        code: 'recorder-fault',
        detail: error instanceof Error ? error.message : String(error),
      }),
    )
  })
}

export const readRequest = (line: string): InsideRequest | null => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { verb, decision, why, seconds } = value as Readonly<Record<string, unknown>>
  switch (verb) {
    case 'status':
    case 'resume':
      return { verb }
    case 'attach-decision':
      return typeof decision === 'string' && decision !== '' ? { verb, decision } : null
    case 'pause':
      return typeof why === 'string' ? { verb, why } : null
    case 'redact-last':
      return typeof seconds === 'number' && seconds > 0 && typeof why === 'string'
        ? { verb, seconds, why }
        : null
    default:
      return null
  }
}
