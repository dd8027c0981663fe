/** What a calendar shows of a rota. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('on-call', {
  'on-call': 'On call: {name} ({schedule})',
  nobody: 'Nobody is on call ({schedule})',
})
