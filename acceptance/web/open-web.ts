/** The built application, served with fixed replies, and a browser before it. */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { buildWeb } from '../../tools/build/web.ts'
import { openBrowser } from './browser.ts'
import { serveWeb, type WebServer } from './web-server.ts'

export const webFolder = join(import.meta.dirname, '../../dist/web')

export type OpenedWeb = {
  readonly browser: Browser
  readonly web: WebServer
  readonly close: () => Promise<void>
}

/** @param letterPx how large the reader has letters drawn; the browser's own 16 when absent */
export const openWeb = async (letterPx?: number): Promise<OpenedWeb> => {
  await buildWeb(() => undefined)
  const web = await serveWeb(webFolder)
  const browser = await openBrowser(letterPx)
  return {
    browser,
    web,
    close: async () => {
      await browser.close()
      await web.stop()
    },
  }
}
