/** Builds what people see into dist/web: hashed files, a manifest for preloading, nothing from other origins. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const server = 'http://localhost:4280'

/** Files of src/web by folder, without their endings. */
const common: Readonly<Record<string, readonly string[]>> = {
  parts: [
    'Badge',
    'Button',
    'classes',
    'days',
    'EmptyState',
    'ErrorNote',
    'Icon',
    'KeyHint',
    'keys',
    'Page',
    'reader',
    'Rows',
    'Settled',
    'Skeleton',
    'text-scale',
    'TimeText',
    'Toast',
    'words',
  ],
  messages: ['format', 'translate'],
  'messages/en': ['alert-status', 'decision-status', 'duty', 'incident-status', 'paging', 'parts', 'shell'],
  'operations/alerts': ['AlertStatus', 'queries', 'status-words'],
  'operations/decision-log': ['DecisionStatus', 'queries', 'status-words'],
  'operations/incidents': ['IncidentStatus', 'queries', 'status-words'],
  'operations/on-call': ['duty-words', 'OnCallNow', 'queries', 'RotaPicture', 'week-spans'],
  'operations/paging': ['acknowledge-page', 'PageStatus', 'queries', 'words'],
  'people/environments': ['queries'],
  shell: [
    'api',
    'counts',
    'failure',
    'Frame',
    'live',
    'Lost',
    'Navigation',
    'Notes',
    'places',
    'query-client',
    'refresh',
    'router',
    'scheme',
    'search',
    'SelfRow',
    'session',
    'words',
  ],
}
const commonFiles = new RegExp(
  `src/web/(${Object.entries(common)
    .map(([folder, files]) => `${folder}/(${files.join('|')})\\.`)
    .join('|')})`,
)

export default defineConfig({
  root: at('./src/web'),
  publicDir: at('./src/web/public'),
  plugins: [react()],
  // The worker's cache would otherwise land inside the sources.
  cacheDir: at('./node_modules/.vite'),
  build: {
    outDir: at('./dist/web'),
    emptyOutDir: true,
    manifest: true,
    // light-dark() is used as it is: every browser below has it.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // Data URLs would be refused by nothing, but a file is cached once for all views.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // How long each plugin took is nothing to whoever starts the server.
      checks: { pluginTimings: false },
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'frame',
              // Only forms block leaving; nobody else pays for it.
              test: /node_modules\/(?!.*useBlocker)(react|react-dom|scheduler|@tanstack\/(react-router|router-core|react-query|query-core|react-store|store|history))\//,
            },
            {
              // What the home view and most others show: one file compresses better than forty (146.4 kB became 137.9), and is named once.
              name: 'common',
              test: commonFiles,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': server, '/health': server, '^/pages/[^/]+': server, '/openapi.json': server },
  },
})
