/** Text messages and calls: one face for whichever gateway SMS_GATEWAY names. */
import type { Config } from '../config.ts'
import type { Platform } from '../context.ts'
import type { Carried } from './carried.ts'
import type { Call, Text } from './said-by-phone.ts'
import { callThroughGateway, textThroughGateway } from './phone-gateway.ts'
import { callThroughTwilio, textThroughTwilio } from './twilio.ts'

/** E.164: a plus, a country code, at most fifteen digits. */
export const isPhoneNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text)

/** `twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com` speaks Twilio's REST API; `https://…` is a gateway of one's own. */
export const isTwilio = ({ SMS_GATEWAY = '' }: Pick<Config, 'SMS_GATEWAY'>): boolean =>
  SMS_GATEWAY.startsWith('twilio')

export const canText = ({ config }: Pick<Platform, 'config'>): boolean =>
  config.SMS_GATEWAY !== undefined && config.SMS_FROM !== undefined

export const canCall = ({ config }: Pick<Platform, 'config'>): boolean =>
  config.SMS_GATEWAY !== undefined && config.VOICE_FROM !== undefined

const off: Carried = { kind: 'refused', detail: 'no gateway for this is set (SMS_GATEWAY)' }

export const sendText = async (platform: Platform, text: Text): Promise<Carried> => {
  if (!canText(platform)) return off
  return isTwilio(platform.config) ? textThroughTwilio(platform, text) : textThroughGateway(platform, text)
}

export const placeCall = async (platform: Platform, call: Call): Promise<Carried> => {
  if (!canCall(platform)) return off
  return isTwilio(platform.config) ? callThroughTwilio(platform, call) : callThroughGateway(platform, call)
}
