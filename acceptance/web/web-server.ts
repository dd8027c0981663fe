/** Serves the built application as the server does, under the same content policy, with a live stream that a test can speak through. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What server/platform/http/server.ts sends; the application must live under it. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self' blob:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** Builds into a folder of its own, so that test files do not disturb one another. */
export const buildWeb = (): { readonly folder: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-web-'))
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const built = spawnSync(
    process.execPath,
    [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  if (built.status !== 0) throw new Error(`vite build failed:\n${built.stdout}\n${built.stderr}`)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

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
    response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY)
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
