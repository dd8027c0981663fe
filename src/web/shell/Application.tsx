/** The application around a router: the same in a browser and where its first picture is drawn. */
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import type { newRouter } from './router.tsx'

export const Application = ({
  queryClient,
  router,
}: {
  queryClient: QueryClient
  router: ReturnType<typeof newRouter>
}) => (
  <QueryClientProvider client={queryClient}>
    <RouterProvider router={router} />
  </QueryClientProvider>
)
