/** A rule's "no", as plain data: every area answers with this shape, and one place turns it into a reply. */

/**
 * @property code   stable kebab-case name, listed in docs/errors.md
 * @property detail a sentence a tired person can act on; never contains a secret
 */
export type Refusal<Code extends string = string> = {
  readonly refused: true
  readonly code: Code
  readonly detail: string
}

export const refuse = <Code extends string>(code: Code, detail: string): Refusal<Code> => ({
  refused: true,
  code,
  detail,
})

export const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === 'object' && answer !== null && (answer as { refused?: unknown }).refused === true
