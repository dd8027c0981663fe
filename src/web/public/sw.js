// Shows pages as notifications and acknowledges from them. It caches nothing: what is on screen always comes from the server.
// A push carries { title, body, url, pageId?, acknowledge?: { url, token }, buttons? } in the person's language; the token
// works once, for one page and person.

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

const read = (event) => {
  try {
    return event.data?.json() ?? {}
  } catch {
    return { body: event.data?.text() }
  }
}

// Only our own addresses are ever called or opened, whatever a payload says.
const own = (address, otherwise) => {
  try {
    const url = new URL(address, self.location.origin)
    return url.origin === self.location.origin ? url.href : otherwise
  } catch {
    return otherwise
  }
}

self.addEventListener('push', (event) => {
  const { title, body, url, pageId, acknowledge, buttons } = read(event)
  event.waitUntil(
    self.registration.showNotification(title || 'Fortnight', {
      body: body || 'Something needs you. Open Fortnight.',
      tag: pageId || 'fortnight',
      // A second message about the same page rings again.
      renotify: Boolean(pageId),
      requireInteraction: true,
      icon: '/icon-192.png',
      badge: '/icon-192.png',
      data: { url: url || '/', acknowledge, title },
      actions: acknowledge
        ? [
            { action: 'acknowledge', title: buttons?.acknowledge || 'Acknowledge' },
            { action: 'open', title: buttons?.open || 'Open' },
          ]
        : [],
    }),
  )
})

const open = async (address) => {
  const url = own(address, self.location.origin)
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const shown = windows.find((client) => client.url === url)
  if (shown) return shown.focus()
  return self.clients.openWindow(url)
}

/** What came of it, in words; the server may say who has the page when somebody was faster. */
const outcomeOf = async (answer) => {
  const said = /json/.test(answer?.headers.get('content-type') || '')
    ? await answer.json().catch(() => ({}))
    : {}
  if (!answer?.ok)
    return { worked: false, text: said.detail || 'It did not arrive. Open the page and acknowledge there.' }
  if (said.status === 'resolved' && !said.by)
    return { worked: true, title: 'It is over', text: 'Every alert of this page is closed.' }
  if (said.mine === false)
    return { worked: true, title: 'Somebody was faster', text: `${said.by || 'A colleague'} has it.` }
  return { worked: true, title: 'Acknowledged', text: undefined }
}

const acknowledge = async ({ acknowledge: way, url, title }, tag) => {
  const target = own(way.url)
  const answer = target
    ? await fetch(target, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: way.token }).toString(),
        credentials: 'same-origin',
      }).catch(() => undefined)
    : undefined
  const outcome = await outcomeOf(answer)
  await self.registration.showNotification(outcome.title || 'Not acknowledged', {
    body: outcome.text || title || '',
    tag: tag || 'fortnight',
    renotify: !outcome.worked,
    requireInteraction: !outcome.worked,
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    data: { url },
  })
}

self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event
  const about = notification.data || {}
  notification.close()
  if (action === 'acknowledge' && about.acknowledge) event.waitUntil(acknowledge(about, notification.tag))
  else event.waitUntil(open(about.url || '/'))
})

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a Client takes none
const tellOfChange = (client) => client.postMessage({ kind: 'push-subscription-changed' })

// The push service may renew a subscription by itself; the application registers the new one when it is next opened.
self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(
    self.clients
      .matchAll({ type: 'window', includeUncontrolled: true })
      .then((windows) => windows.forEach(tellOfChange)),
  )
})
