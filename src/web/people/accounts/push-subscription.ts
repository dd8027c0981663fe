/** Registers this browser as one that rings. */
import { api } from '../../shell/api.ts'

export const pushWorks = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

export const isPushForbidden = (): boolean => pushWorks && Notification.permission === 'denied'

export const currentSubscription = async (): Promise<PushSubscription | null> => {
  if (!pushWorks) return null
  const registration = await navigator.serviceWorker.getRegistration()
  return (await registration?.pushManager.getSubscription()) ?? null
}

const keyBytes = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

/** @throws Error named `forbidden` when the person says no to the browser's question */
export const subscribeHere = async (): Promise<void> => {
  if ((await Notification.requestPermission()) !== 'granted')
    throw Object.assign(new Error('not granted'), { name: 'forbidden' })
  const { publicKey } = await api('GET /api/push/key')
  const registration = await navigator.serviceWorker.ready
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: keyBytes(publicKey),
  })
  const { endpoint, keys } = subscription.toJSON()
  await api('POST /api/push/subscriptions', {
    endpoint: endpoint ?? '',
    keys: { p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' },
  })
}
