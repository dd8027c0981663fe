/** What Twilio is told to say or text back. */
import { writtenIn } from '../../../platform/messages/languages.ts'
import type { Answer } from '../take-by-message.ts'

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/** An unknown number or call is answered with nothing at all. */
const response = (answer: Answer | undefined, inner: (words: string, lang: string) => string): string =>
  answer === undefined
    ? NOTHING
    : `<?xml version="1.0" encoding="UTF-8"?><Response>${inner(escaped(answer.words), escaped(writtenIn(answer.reader).lang))}</Response>`

export const twimlSaying = (answer: Answer | undefined): string =>
  response(answer, (words, lang) => `<Say language="${lang}">${words}</Say>`)

export const twimlTexting = (answer: Answer | undefined): string =>
  response(answer, (words) => `<Message>${words}</Message>`)
