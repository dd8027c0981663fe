/** Starts the application: reads who is signed in, follows changes, shows the view of the address. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import './parts/tokens.css'
import './parts/base.css'
import { followChanges } from './shell/live.ts'
import { queryClient } from './shell/query-client.ts'
import { router } from './shell/router.tsx'
import { registerServiceWorker } from './shell/service-worker.ts'

followChanges()
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
registerServiceWorker()
