/** How good a password must be: long, and not made of what everybody knows about its owner (NIST SP 800-63B-4, section 3.1.1). */
import { refuse, type Refusal } from '../refusal.ts'

export const SHORTEST_PASSWORD = 12
/** Longer ones are refused at the contract. */
const SMALLEST_VARIETY = 5

/** Passwords of twelve characters and more that lists of leaked ones begin with. */
const known = [
  '123456789012',
  '1234567890123',
  'administrator',
  'password1234',
  'passwordpassword',
  'qwertyuiop12',
  'qwertyuiopas',
  'qwertyqwerty',
  'iloveyou1234',
  'letmeinletmein',
  'changemechangeme',
]

/**
 * @param about what others know: handle, name, e-mail address, the product's name
 * @returns a refusal that says what to do, or undefined
 */
export const checkPassword = (
  password: string,
  about: readonly string[],
): Refusal<'weak-password'> | undefined => {
  const lower = password.toLowerCase()
  if ([...password].length < SHORTEST_PASSWORD)
    return refuse(
      'weak-password',
      `A password has at least ${SHORTEST_PASSWORD} characters. A few words in a row are fine.`,
    )
  if (new Set(lower).size < SMALLEST_VARIETY)
    return refuse('weak-password', 'This password repeats too few characters. Choose another.')
  const rest = [...about, 'fortnight']
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 3)
    .reduce((text, word) => text.replaceAll(word, ''), lower)
  if (known.includes(lower) || [...rest].length < SHORTEST_PASSWORD / 2)
    return refuse(
      'weak-password',
      'This password is easy to guess from your name or from known lists. Choose another.',
    )
  return undefined
}
