/** Making a passkey on this device; the ceremony's code is loaded only now. */
import { api } from '../../shell/api.ts'

export const passkeysWork = typeof PublicKeyCredential !== 'undefined'

export const addPasskey = async (name: string): Promise<void> => {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const { challenge, options } = await api('POST /api/me/passkeys/options')
  const response = await startRegistration({ optionsJSON: options as never })
  await api('POST /api/me/passkeys', { name, challenge, response: { ...response } })
}
