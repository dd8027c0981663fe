/** What a calendar shows of a rota, and what is said about a swap: in mails, and on the page behind their link. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('on-call', {
  'on-call': 'On call: {name} ({schedule})',
  nobody: 'Nobody is on call ({schedule})',
  'calendar-of-person': 'On call: {name}',
  'calendar-of-team': 'On call: {team}',
  // Swaps: subjects of mails.
  'swap-offered': '{asker} asks you to take a shift ({schedule})',
  'swap-accepted': '{asked} accepted your swap ({schedule})',
  'swap-declined': '{asked} declined your swap: you keep your shift ({schedule})',
  'swap-withdrawn': '{asker} no longer asks you for a swap ({schedule})',
  'swap-expired': 'Nobody answered your swap: you keep your shift ({schedule})',
  'swap-moved': 'The rota was changed, and your swap moved with the shift ({schedule})',
  'swap-voided': 'The swap of {asker} and {asked} is void ({schedule})',
  // Their lines, and the page behind the link.
  'swap-leg': '{taker} instead of {giver}: {from} to {to}',
  'swap-why-shift-gone': 'The rota was changed: the shift is not there any more.',
  'swap-why-override-removed': 'Somebody took its override away: the rota decides again.',
  'swap-why-schedule-archived': 'The rota was put away.',
  'swap-answer': 'Accept or decline. Until you accept, nobody’s duty moves:',
  'swap-look': 'See the rota:',
  'swap-title': '{asker} asks for a swap in {schedule}',
  'swap-as': 'You answer as {name}. Until you accept, nobody’s duty moves.',
  'swap-accept': 'Accept',
  'swap-decline': 'Decline',
  'swap-open': 'Open the rota',
  'swap-is-accepted': 'Accepted: it stands in the rota.',
  'swap-is-declined': 'Declined.',
  'swap-is-withdrawn': 'It was taken back.',
  'swap-is-expired': 'Nobody answered before the shift began.',
  'swap-is-void': 'Void.',
})
