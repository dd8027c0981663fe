/** The sentences about the ways one can be reached. */
import { contactMethods } from '../../messages/en/contact-methods.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('contact-methods', contactMethods)
