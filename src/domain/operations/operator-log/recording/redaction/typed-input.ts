/** The stretch between a prompt and the command it takes: what is typed there is judged by what could be read of it. */
import type { CastEvent } from '../asciicast.ts'
import type { EditedLine } from './edited-line.ts'
import type { Redactor } from './redactor.ts'

/** A typed line longer than this is given away in parts, each only while clean. */
const INPUT_MAX = 64 * 1024
const SECRETS_MAX = 64

export class TypedInput {
  readonly #redactor: Redactor
  readonly #line: EditedLine
  readonly #secrets = new Set<string>()
  #events: CastEvent[] = []
  #raw = ''

  constructor(redactor: Redactor, line: EditedLine) {
    this.#redactor = redactor
    this.#line = line
  }

  /** Returns what may be given away at once: nothing, but for a line too long to hold. */
  add(event: CastEvent): readonly CastEvent[] {
    this.#events.push(event)
    if (event.code !== 'o') return []
    this.#raw += event.data
    this.#line.write(event.data, () => this.#look(this.#line.typed()))
    if (this.#raw.length <= INPUT_MAX) return []
    this.#look(this.#raw)
    const released = this.#secrets.size === 0 ? this.#events : this.#events.filter((one) => one.code !== 'o')
    this.#events = []
    this.#raw = ''
    return released
  }

  shown(): string {
    return this.#line.typed()
  }

  heldSinceMs(): number | null {
    return this.#events[0]?.atMs ?? null
  }

  /**
   * The events as they came when nothing secret could be read at any moment; else the redacted command alone.
   * `secrets` are those that were seen, for whoever has to look for pieces of them elsewhere.
   */
  end(
    atMs: number,
    command: string,
  ): { readonly events: readonly CastEvent[]; readonly secrets: readonly string[] } {
    this.#look(this.#raw)
    this.#look(command)
    if (this.#secrets.size === 0) return { events: this.#events, secrets: [] }
    const text = this.#redactor.redactText(command).replaceAll('\n', '\r\n')
    const newLine = this.#raw.includes('\n') ? '\r\n' : ''
    const others = this.#events.filter((event) => event.code !== 'o')
    return { events: [...others, { atMs, code: 'o', data: text + newLine }], secrets: [...this.#secrets] }
  }

  #look(text: string): void {
    for (const secret of this.#redactor.secretsIn(text)) {
      if (this.#secrets.size < SECRETS_MAX) this.#secrets.add(secret)
    }
  }
}
