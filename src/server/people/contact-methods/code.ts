/** The code that proves a way: six digits that follow from the method and the moment it was issued, so that none is stored. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { CODE_DIGITS } from '../../../domain/people/contact-methods/contact-method.ts'
import type { Platform } from '../../platform/context.ts'

/** Of 48 bits a millionth is even to one part in hundreds of millions. */
export const codeOf = ({ secrets }: Platform, methodId: string, issuedAt: number): string => {
  const mac = createHmac('sha256', secrets.derive('contact-codes'))
    .update(`${methodId}\n${issuedAt}`)
    .digest()
  return String(mac.readUIntBE(0, 6) % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0')
}

/** People copy codes with spaces, hyphens and the digits of their own script's keyboard left as they are. */
export const isCode = (given: string, code: string): boolean => {
  const digits = Buffer.from(
    given
      .replace(/[\s-]/g, '')
      .padEnd(CODE_DIGITS)
      .slice(0, CODE_DIGITS + 1),
  )
  const wanted = Buffer.from(code)
  return digits.length === wanted.length && timingSafeEqual(digits, wanted)
}
