/** Installs the worker that shows pages as notifications; without it everything else works. */

export const registerServiceWorker = (): void => {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  void navigator.serviceWorker.register('/sw.js').catch(() => undefined)
}
