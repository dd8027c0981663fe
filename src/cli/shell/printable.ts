/** What strangers wrote (alerts above all) must not drive the terminal of whoever reads it at night. */

/** Control characters, and those that turn the direction of writing, so that a line reads as something else. */
const DRIVING = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** One line: every character that could drive the terminal is shown as a replacement sign. */
export const printable = (text: string): string => text.replace(DRIVING, '\ufffd')

/** The same for text of several lines; tabs and line breaks stay. */
export const printableLines = (text: string): string =>
  text.replace(DRIVING, (found) => (found === '\n' || found === '\t' ? found : '\ufffd'))

/** JSON that says the same and is safe to look at: such characters are escaped, not replaced. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(DRIVING, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
