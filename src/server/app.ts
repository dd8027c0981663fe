/** The whole server over one platform: areas bind their routes, chains join them. */
import type { FastifyInstance } from 'fastify'
import { authenticate } from './people/accounts/authenticate.ts'
import type { Platform } from './platform/context.ts'
import { bindHealth } from './platform/health.ts'
import { compressReplies } from './platform/http/compress.ts'
import { openHttp } from './platform/http/server.ts'
import { openFeed, type Feed } from './platform/live/feed.ts'
import { bindLiveStream } from './platform/live/stream.ts'
import { bindAreas } from './areas.ts'
import { bindWebFiles } from './web-files.ts'

export type App = { readonly http: FastifyInstance; readonly feed: Feed }

export const openApp = async (platform: Platform): Promise<App> => {
  const http = openHttp(platform, authenticate)
  compressReplies(http)
  const feed = openFeed(platform)
  bindHealth(http, platform)
  bindLiveStream(http, feed)
  await bindAreas(http, platform)
  await bindWebFiles(http, feed)
  return { http, feed }
}
