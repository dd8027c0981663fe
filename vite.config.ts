/** Builds what people see into dist/web: hashed files, a manifest for preloading, nothing from other origins. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const server = 'http://localhost:4280'

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
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'frame',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-router|router-core|react-query|query-core|react-store|store|history))\//,
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
