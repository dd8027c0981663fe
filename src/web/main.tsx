/** Starts the application: takes what came with the page, follows changes, shows the view of the address. */
import { hydrate } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { PICTURE } from '../contract/first-picture.ts'
import './parts/tokens.css'
import './parts/base.css'
import { Application } from './shell/Application.tsx'
import { followChanges } from './shell/live.ts'
import { onSignedOut, queryClient } from './shell/query-client.ts'
import { newRouter } from './shell/router.tsx'
import { registerServiceWorker } from './shell/service-worker.ts'
import { meQuery } from './shell/session.ts'
import { takePlace } from './shell/take-place.ts'

const picture = document.getElementById(PICTURE.drawn)
const answers = document.getElementById(PICTURE.answers)
if (answers) hydrate(queryClient, JSON.parse(answers.textContent))
followChanges(answers?.dataset[PICTURE.place])

const router = newRouter(queryClient)
onSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  queryClient.removeQueries({ queryKey: meQuery.queryKey })
  void router.navigate({ to: '/sign-in', search: pathname === '/' ? {} : { to: href } })
})

const root = document.getElementById('root')
const show = (): void => {
  if (root) createRoot(root).render(<Application queryClient={queryClient} router={router} />)
}
// What the server drew is looked at until there is as much to see here.
if (picture && root) void router.load().finally(() => takePlace(picture, root, show))
else show()
answers?.remove()
registerServiceWorker()
