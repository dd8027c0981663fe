// Shows pages as notifications and acknowledges from them. It caches nothing: what is on screen always comes from the server.
// The payload of a push: { title, body, tag, url, acknowledgeUrl? }. acknowledgeUrl takes a POST, once, for one page and person.

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
  const { title, body, tag, url, acknowledgeUrl } = read(event)
  event.waitUntil(
    self.registration.showNotification(title || 'Fortnight', {
      body: body || 'Something needs you. Open Fortnight.',
      tag: tag || 'fortnight',
      // A second message about the same page rings again.
      renotify: Boolean(tag),
      requireInteraction: true,
      icon: '/icon-192.png',
      badge: '/icon-192.png',
      data: { url: url || '/', acknowledgeUrl, title },
      actions: acknowledgeUrl
        ? [
            { action: 'acknowledge', title: 'Acknowledge' },
            { action: 'open', title: 'Open' },
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

const acknowledge = async ({ acknowledgeUrl, url, title }, tag) => {
  const target = own(acknowledgeUrl)
  const answer = target
    ? await fetch(target, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: '',
        credentials: 'omit',
        redirect: 'manual',
      }).catch(() => undefined)
    : undefined
  const worked = answer !== undefined && (answer.ok || answer.type === 'opaqueredirect')
  await self.registration.showNotification(worked ? 'You have it' : 'Not acknowledged', {
    body: worked
      ? title || 'Acknowledged.'
      : 'The acknowledgement did not arrive. Open the page and acknowledge there.',
    tag: tag || 'fortnight',
    renotify: !worked,
    requireInteraction: !worked,
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    data: { url },
  })
}

self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event
  const about = notification.data || {}
  notification.close()
  if (action === 'acknowledge' && about.acknowledgeUrl) event.waitUntil(acknowledge(about, notification.tag))
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
