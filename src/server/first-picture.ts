/** The home view as a person would see it, sent with its page: the web draws it here, from the API's own answers to that person. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PICTURE, type FirstPicture } from '../contract/first-picture.ts'
import { projectRoot } from './platform/boot.ts'
import { takesGzip } from './platform/http/compress.ts'
import type { Feed } from './platform/live/feed.ts'
import { placeOf } from './platform/live/stream.ts'
import { keepPainter, type Ask } from './picture-painter.ts'

const program = join(projectRoot, 'dist', 'web-picture', 'first-picture.mjs')
/** A page without its picture works as well: nobody waits longer for one than for the application to ask by itself. */
const PATIENCE_MS = 1_000
/** Drawing takes the processor that pages are sent with. */
const MOST_AT_ONCE = 4

/** Each part leaves when it is written. A window of 8 kB instead of 32 is enough for 30 kB of page and takes 40 kB of memory instead of 268. */
const PACKING = { flush: constants.Z_SYNC_FLUSH, windowBits: 13, memLevel: 5 }

const ROOT = '<div id="root"></div>'

const within = async <T>(work: Promise<T>, ms: number): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** RFC 9110's client hints where they are sent, and what every phone's browser calls itself where they are not. */
const isNarrow = ({ headers }: FastifyRequest): boolean =>
  headers['sec-ch-ua-mobile'] === '?1' || /\bMobile\b/.test(headers['user-agent'] ?? '')

const inPage = ({ html, answers }: FirstPicture, place: string): string =>
  `<div id="${PICTURE.drawn}">${html}</div>` +
  `<script type="application/json" id="${PICTURE.answers}" data-${PICTURE.place}="${place}">${answers}</script>`

export type HomePage = { readonly send: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> }

/**
 * @param styles addresses of the stylesheets that the home view needs beside the page's own
 * @returns undefined where the web, or what draws it, is not built
 */
export const openHomePage = (
  http: FastifyInstance,
  feed: Feed,
  index: string,
  styles: readonly string[],
): HomePage | undefined => {
  if (!existsSync(program) || !existsSync(index)) return undefined
  const [before = '', after = ''] = readFileSync(index, 'utf8').split(ROOT)
  const builtAt = statSync(index).mtimeMs
  const links = styles
    .filter((file) => !before.includes(`"/${file}"`))
    .map((file) => `<link rel="stylesheet" crossorigin href="/${file}">`)
    .join('')
  const head = before.replace('</head>', `${links}</head>`)
  let drawing = 0

  const painter = keepPainter(program)
  http.addHook('preClose', async () => painter.stop())

  const askAs =
    ({ headers }: FastifyRequest): Ask =>
    async (url) => {
      const cookie = headers.cookie ?? ''
      const reply = await http.inject({ url, headers: { cookie, accept: 'application/json' } })
      return { status: reply.statusCode, text: reply.payload }
    }
  const draw = async (request: FastifyRequest): Promise<string> => {
    // Rebuilt under a running process: its class names are no longer ours.
    if (drawing >= MOST_AT_ONCE || statSync(index).mtimeMs !== builtAt) return ''
    drawing++
    try {
      const place = placeOf(feed)
      const work = painter.draw({ ask: askAs(request), narrow: isNarrow(request) })
      const drawn = await within(work, PATIENCE_MS)
      return drawn ? inPage(drawn, place) : ''
    } finally {
      drawing--
    }
  }
  async function* page(request: FastifyRequest): AsyncGenerator<string> {
    // Scripts and styles are on their way while the answers are read.
    yield head
    const picture = await draw(request).catch(async (error: unknown) => {
      const { log } = await request.ctx()
      log.warn({ err: error }, 'the home view was sent without its first picture')
      return ''
    })
    yield `${picture}${ROOT}${after}`
  }

  return {
    send: async (request, reply) => {
      const packed = takesGzip(request)
      void reply.headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-cache',
        vary: 'cookie, accept-encoding',
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
      })
      const stream = Readable.from(page(request))
      return reply.send(packed ? stream.pipe(createGzip(PACKING)) : stream)
    },
  }
}
