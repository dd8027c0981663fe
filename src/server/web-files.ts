/** Serves the built web application: hashed assets for good, the page itself always fresh, every unknown path its front door. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { projectRoot } from './platform/boot.ts'
import { Fault } from './platform/faults.ts'
import { wantsHtml } from './platform/http/server.ts'
import type { Feed } from './platform/live/feed.ts'
import { openHomePage } from './first-picture.ts'

export const webFolder = join(projectRoot, 'dist', 'web')

/** Paths that the server answers itself; the application must not pretend to know them. Its views live under /evidence too. */
const OURS =
  /^\/(api|integrations|health|metrics|openapi\.json|schema|assets|evidence\/keys\.txt|evidence\/logs\/[^/]+\/(checkpoint|tile))(\/|$)/

/**
 * What has its hash in its name. Judged below our own folder: an installation may lie under some /srv/assets/, and its
 * front door must not be kept by browsers for a year.
 */
export const isLasting = (file: string, folder: string = webFolder): boolean =>
  relative(folder, file).startsWith(`assets${sep}`)

type Chunk = { readonly file: string; readonly css?: readonly string[]; readonly imports?: readonly string[] }
type Manifest = Readonly<Record<string, Chunk>>

const HOME = 'home/Home.tsx'

const closureOf = (manifest: Manifest, name: string, seen: Set<Chunk>): Set<Chunk> => {
  const chunk = manifest[name]
  if (!chunk || seen.has(chunk)) return seen
  seen.add(chunk)
  for (const each of chunk.imports ?? []) closureOf(manifest, each, seen)
  return seen
}

/**
 * What the home view needs beside the frame, told with its page: otherwise a browser finds it only when the frame has run,
 * and who is signed in later still.
 *
 * @param manifest as Vite writes it, by source file
 * @param drawn    the answers come with the page
 * @returns the value of a Link header (RFC 8288)
 */
export const homeLinks = (manifest: Manifest, { drawn }: { drawn: boolean }): string => {
  const chunks = [...closureOf(manifest, HOME, new Set())]
  const styles = new Set(chunks.flatMap(({ css = [] }) => css))
  return [
    ...(drawn ? [] : ['</api/me>; rel=preload; as=fetch; crossorigin']),
    ...[...styles].map((file) => `</${file}>; rel=preload; as=style; crossorigin`),
    ...chunks.map(({ file }) => `</${file}>; rel=modulepreload`),
  ].join(', ')
}

/** The stylesheets of the home view beside the page's own, in the order in which they count. */
const homeStyles = (manifest: Manifest): readonly string[] => {
  const all = [...closureOf(manifest, HOME, new Set())].toReversed()
  return [...new Set(all.flatMap(({ css = [] }) => css))]
}

/** Credentials that are wrong or too old are told by the API, in the application's words. */
const isSignedIn = async (request: FastifyRequest): Promise<boolean> =>
  (await request.ctx().catch(() => undefined))?.actor.kind === 'person'

const readManifest = (): Manifest => {
  const path = join(webFolder, '.vite', 'manifest.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : {}
}

/** Without a build the API works and the front door says what to do. */
export const bindWebFiles = async (http: FastifyInstance, feed: Feed): Promise<void> => {
  const index = join(webFolder, 'index.html')
  const built = existsSync(index)
  const manifest = readManifest()
  const links = { asks: homeLinks(manifest, { drawn: false }), drawn: homeLinks(manifest, { drawn: true }) }
  const home = openHomePage(http, feed, index, homeStyles(manifest))
  if (built) {
    await http.register(fastifyStatic, {
      root: webFolder,
      index: false,
      wildcard: false,
      cacheControl: false,
      preCompressed: true,
      setHeaders: (reply, path) => {
        reply.header('cache-control', isLasting(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  http.get('/*', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    if (!wantsHtml(request) || OURS.test(path)) return reply.callNotFound()
    if (!built) {
      const advice = 'Run `npm start`, which builds it, or `npm run build`.'
      throw new Fault('unavailable', `The web application is not built yet. ${advice}`)
    }
    if (path === '/') {
      const drawn = home && (await isSignedIn(request))
      void reply.header('link', drawn ? links.drawn : links.asks)
      if (drawn) return home.send(request, reply)
    }
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}
