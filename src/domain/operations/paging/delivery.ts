/** What the carrier said later about a message it had accepted. */

/** delivered: a phone confirmed it, or a person answered. failed: it certainly did not arrive. unknown: they cannot tell. */
export type Delivery = 'delivered' | 'failed' | 'unknown'

const WEIGHT: Readonly<Record<Delivery, number>> = { unknown: 1, failed: 2, delivered: 3 }

/** Reports come twice and in any order: what is more certain stays. Undefined when nothing is new. */
export const deliveryAfter = (before: Delivery | null, reported: Delivery): Delivery | undefined =>
  before !== null && WEIGHT[before] >= WEIGHT[reported] ? undefined : reported

/** A report of Twilio's about a text message: MessageStatus. Undefined while it is on its way. */
export const deliveryOfMessageStatus = (status: string): Delivery | undefined => {
  switch (status) {
    case 'delivered':
    case 'read':
      return 'delivered'
    case 'undelivered':
    case 'failed':
    case 'canceled':
      return 'failed'
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
      return undefined
    default:
      return 'unknown'
  }
}

/** A report of Twilio's about a call: CallStatus. `completed` means that somebody, or their voice mail, answered. */
export const deliveryOfCallStatus = (status: string): Delivery | undefined => {
  switch (status) {
    case 'completed':
      return 'delivered'
    case 'busy':
    case 'no-answer':
    case 'failed':
    case 'canceled':
      return 'failed'
    case 'queued':
    case 'initiated':
    case 'ringing':
    case 'in-progress':
      return undefined
    default:
      return 'unknown'
  }
}
