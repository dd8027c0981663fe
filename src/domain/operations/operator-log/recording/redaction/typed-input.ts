/** The stretch between a prompt and the command it takes: what is typed there is judged by what could be read of it. */
import type { CastEvent } from '../asciicast.ts'
import { openEditedLine } from './edited-line.ts'
import type { EditedLine } from './edited-line.ts'
import type { Redactor } from './redactor.ts'
import { visibleText } from './visible-text.ts'

/** A typed line longer than this is given away in parts, each only while clean. */
const INPUT_MAX = 64 * 1024
const SECRETS_MAX = 64
const SCREENS_MAX = 3
/** Stands for a line of which no reading can be shown. */
const TYPED_LINE = '‹redacted:typed-line›'
/** A run of a secret's characters that cannot be chance. */
const PIECE_LENGTH = 5

export type TypedResult = {
  readonly events: readonly CastEvent[]
  /** Those that were seen, for whoever has to look for pieces of them elsewhere. */
  readonly secrets: readonly string[]
  /** The command as it may be shown. */
  readonly command: string
}

export const sharesPiece = (text: string, secret: string): boolean => {
  for (let i = 0; i + PIECE_LENGTH <= secret.length; i++) {
    if (text.includes(secret.slice(i, i + PIECE_LENGTH))) return true
  }
  return false
}

export class TypedInput {
  readonly #redactor: Redactor
  /** The screen at each width the terminal has had: after a resize the editor goes on for a while at the old one. */
  readonly #screens: EditedLine[]
  readonly #promptBytes: string
  readonly #prompt: string
  readonly #secrets = new Set<string>()
  #events: CastEvent[] = []
  #raw = ''

  /** @param promptBytes the prompt's last line as it was drawn: editors draw it again in the midst of what is typed. */
  constructor(redactor: Redactor, cols: number, promptBytes: string) {
    this.#redactor = redactor
    this.#promptBytes = promptBytes
    this.#prompt = visibleText(promptBytes).text.split('\r').at(-1)?.trim() ?? ''
    this.#screens = [this.#screen(cols)]
  }

  resize(cols: number): void {
    const screen = this.#screen(cols)
    screen.write(this.#raw)
    this.#screens.unshift(screen)
    this.#screens.length = Math.min(this.#screens.length, SCREENS_MAX)
  }

  /** The prompt was drawn again. */
  markStart(): void {
    for (const screen of this.#screens) screen.markStart()
  }

  /** Returns what may be given away at once: nothing, but for a line too long to hold. */
  add(event: CastEvent): readonly CastEvent[] {
    this.#events.push(event)
    if (event.code !== 'o') return []
    this.#raw += event.data
    for (const screen of this.#screens) screen.write(event.data, () => this.#look(screen.typed()))
    if (this.#raw.length <= INPUT_MAX) return []
    this.#lookAtRaw()
    const released = this.#secrets.size === 0 ? this.#events : this.#events.filter((one) => one.code !== 'o')
    this.#events = []
    this.#raw = ''
    return released
  }

  shown(): string {
    return this.#screens[0]!.typed()
  }

  heldSinceMs(): number | null {
    return this.#events[0]?.atMs ?? null
  }

  /**
   * The events as they came when nothing secret could be read at any moment; else the redacted command alone.
   * `witnesses` are other readings of the same line. No reading is trusted to leave no piece of what another one knew.
   */
  end(atMs: number, command: string, witnesses: readonly string[]): TypedResult {
    this.#lookAtRaw()
    for (const text of [command, ...witnesses]) this.#look(text)
    if (this.#secrets.size === 0) return { events: this.#events, secrets: [], command }
    const secrets = [...this.#secrets]
    const redacted = this.#redactor.redactText(command)
    const safe = secrets.some((secret) => sharesPiece(redacted, secret)) ? TYPED_LINE : redacted
    const newLine = this.#raw.includes('\n') ? '\r\n' : ''
    const others = this.#events.filter((event) => event.code !== 'o')
    const events = [...others, { atMs, code: 'o', data: safe.replaceAll('\n', '\r\n') + newLine }]
    return { events, secrets, command: safe }
  }

  /** Without escapes and prompts the bytes read nearly like the line, also where the screen was misread. */
  #lookAtRaw(): void {
    const visible = visibleText(this.#raw).text
    this.#look(visible)
    if (this.#prompt === '') return
    const bare = visible.replaceAll(`${this.#prompt} `, '').replaceAll(this.#prompt, '')
    this.#look(bare.replaceAll(/[\r\n]/g, ''))
  }

  #screen(cols: number): EditedLine {
    const screen = openEditedLine(cols)
    screen.write(this.#promptBytes)
    screen.markStart()
    return screen
  }

  #look(text: string): void {
    for (const secret of this.#redactor.secretsIn(text)) {
      if (this.#secrets.size < SECRETS_MAX) this.#secrets.add(secret)
    }
  }
}
