// Shows pages as notifications and acknowledges from them. It caches nothing: what is on screen always comes from the server.
// A push carries { title, body, url, pageId?, acknowledge?: { url, token }, words? } in the person's language; the token works
// once, for one page and person.

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

/** For a push of a server that sends no words of its own yet. */
const inEnglish = {
  acknowledge: 'Acknowledge',
  open: 'Open',
  lost: 'It did not arrive. Open the page and acknowledge there.',
  'not-acknowledged': 'Not acknowledged',
  acknowledged: 'Acknowledged',
  faster: 'Somebody was faster',
  'faster-who': '[name] has it.',
  colleague: 'A colleague',
  over: 'It is over',
  'over-why': 'Every alert of this page is closed.',
}

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
  const { title, body, url, pageId, acknowledge, words: sent } = read(event)
  const words = { ...inEnglish, ...sent }
  event.waitUntil(
    self.registration.showNotification(title || 'Fortnight', {
      body: body || 'Something needs you. Open Fortnight.',
      tag: pageId || 'fortnight',
      // A second message about the same page rings again.
      renotify: Boolean(pageId),
      requireInteraction: true,
      icon: '/icon-192.png',
      badge: '/icon-192.png',
      data: { url: url || '/', acknowledge, title, words },
      actions: acknowledge
        ? [
            { action: 'acknowledge', title: words.acknowledge },
            { action: 'open', title: words.open },
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
const outcomeOf = async (answer, words) => {
  const said = /json/.test(answer?.headers.get('content-type') || '')
    ? await answer.json().catch(() => ({}))
    : {}
  if (!answer?.ok) return { worked: false, title: words['not-acknowledged'], text: said.detail || words.lost }
  if (said.status === 'resolved' && !said.by)
    return { worked: true, title: words.over, text: words['over-why'] }
  if (said.mine === false)
    return {
      worked: true,
      title: words.faster,
      text: words['faster-who'].replace('[name]', () => said.by || words.colleague),
    }
  return { worked: true, title: words.acknowledged, text: undefined }
}

const acknowledge = async ({ acknowledge: way, url, title, words: sent }, tag) => {
  const target = own(way.url)
  const answer = target
    ? await fetch(target, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: way.token }).toString(),
        credentials: 'same-origin',
      }).catch(() => undefined)
    : undefined
  const outcome = await outcomeOf(answer, { ...inEnglish, ...sent })
  await self.registration.showNotification(outcome.title, {
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
