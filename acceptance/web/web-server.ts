/** Serves the built application as the server does, under the same content policy, with a live stream that a test can speak through. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { securityHeaders } from '../../src/server/platform/http/security-headers.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

export type WebServer = {
  readonly url: string
  /** Sends a change to everybody who listens. */
  readonly say: (change: { area: string; type: string; id: string; version?: number }) => void
  /** Cuts the live streams and refuses new ones until `true`. */
  readonly live: (on: boolean) => void
  readonly stop: () => Promise<void>
}

export const serveWeb = async (folder: string): Promise<WebServer> => {
  const streams = new Set<ServerResponse>()
  let listening = true
  let cursor = 1
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://web')
    response.setHeaders(new Map(Object.entries(securityHeaders)))
    if (pathname === '/api/live') {
      if (!listening) return void response.writeHead(503).end()
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(`retry: 200\nid: 1.${cursor}\nevent: hello\ndata: {}\n\n`)
      streams.add(response)
      response.on('close', () => streams.delete(response))
      return
    }
    if (pathname.startsWith('/api/')) return void response.writeHead(501).end()
    const file = join(folder, pathname)
    const found =
      !pathname.includes('..') && extname(pathname) !== '' && existsSync(file)
        ? file
        : join(folder, 'index.html')
    response.writeHead(200, {
      'content-type': types[extname(found)] ?? 'application/octet-stream',
      // Names of assets carry their hash.
      'cache-control': pathname.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    })
    response.end(readFileSync(found))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    say: (change) => {
      cursor += 1
      const data = JSON.stringify({ version: 1, environmentId: null, ...change })
      for (const stream of streams) stream.write(`id: 1.${cursor}\nevent: change\ndata: ${data}\n\n`)
    },
    live: (on) => {
      listening = on
      if (!on) for (const stream of streams) stream.destroy()
    },
    stop: async () => {
      for (const stream of streams) stream.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
