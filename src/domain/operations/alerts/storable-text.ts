/** Text of strangers made fit to be stored: PostgreSQL takes no NUL, and its JSON no half of a surrogate pair. */

// eslint-disable-next-line no-control-regex
const unstorable = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Most text needs no mending; one cheap look saves the slow replacement. */
const mend = (text: string): string =>
  text.isWellFormed() && !text.includes('\u0000') ? text : text.replace(unstorable, '\ufffd')

/**
 * What cannot be stored is replaced visibly by U+FFFD. One such text would otherwise fail the whole notification, at
 * every attempt of its sender.
 * @param longest in UTF-16 units; a character is never cut in half
 */
export const storable = (text: string, longest: number): string => {
  const whole = mend(text.length > longest ? text.slice(0, longest + 1) : text)
  if (whole.length <= longest) return whole
  const cut = whole.slice(0, longest)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}
