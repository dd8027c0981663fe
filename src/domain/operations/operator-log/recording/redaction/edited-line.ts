/**
 * A terminal just large enough for the line being typed: editors move back and forth over it, wrap it at the screen's
 * edge and suggest endings, so the bytes alone do not say what could be read there.
 */

export type EditedLine = {
  /** `onStep` is called whenever something was added and before anything of it can be taken away again. */
  readonly write: (text: string, onStep?: () => void) => void
  /** What follows is typed by the operator; what came before is the prompt. */
  readonly markStart: () => void
  /** What stands on the screen from the mark on; wrapped rows are joined, real new lines are kept. */
  readonly typed: () => string
}

type Row = { cells: string[]; wrapped: boolean }

const ROWS_MAX = 400

const TOKEN =
  // oxlint-disable-next-line no-control-regex
  /(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]+[0-~]|\x1b([0-OQ-WYZ\\`-~])|([\x00-\x1f\x7f])|([^\x00-\x1f\x7f\x9b])/gu

export const openEditedLine = (cols: number): EditedLine => new LineScreen(cols)

class LineScreen implements EditedLine {
  readonly #cols: number
  #rows: Row[] = [{ cells: [], wrapped: false }]
  #row = 0
  #col = 0
  #saved = { row: 0, col: 0 }
  #start = { row: 0, col: 0 }

  constructor(cols: number) {
    this.#cols = Math.max(2, cols)
  }

  write(text: string, onStep?: () => void): void {
    let added = false
    const step = (): void => {
      if (added) onStep?.()
      added = false
    }
    for (const match of text.matchAll(TOKEN)) {
      const [, parameters, final, escape, controlCharacter, printable] = match
      if (printable !== undefined) {
        this.#put(printable)
        added = true
        continue
      }
      // Colours change nothing that can be read.
      if (final !== 'm') step()
      if (controlCharacter !== undefined) this.#control(controlCharacter)
      else if (final !== undefined) this.#csi(parameters ?? '', final)
      else if (escape === '7') this.#save()
      else if (escape === '8') this.#restore()
      else if (escape === 'M') this.#row = Math.max(0, this.#row - 1)
    }
    step()
  }

  markStart(): void {
    this.#start = { row: this.#row, col: this.#col }
  }

  typed(): string {
    let text = ''
    for (let i = this.#start.row; i < this.#rows.length; i++) {
      const row = this.#rows[i]!
      text += (i === this.#start.row ? row.cells.slice(this.#start.col) : row.cells).join('')
      if (!row.wrapped && i < this.#rows.length - 1) text = `${text.trimEnd()}\n`
    }
    return text.trimEnd()
  }

  #rowAt(index: number): Row {
    while (this.#rows.length <= index) this.#rows.push({ cells: [], wrapped: false })
    return this.#rows[index]!
  }

  #put(character: string): void {
    const width = columnsOf(character)
    if (width === 0) {
      const { cells } = this.#rowAt(this.#row)
      if (this.#col > 0) cells[this.#col - 1] = (cells[this.#col - 1] ?? ' ') + character
      return
    }
    if (this.#col + width > this.#cols) {
      this.#rowAt(this.#row).wrapped = true
      this.#down(1)
      this.#col = 0
    }
    const { cells } = this.#rowAt(this.#row)
    while (cells.length < this.#col) cells.push(' ')
    cells[this.#col] = character
    if (width === 2) cells[this.#col + 1] = ''
    this.#col += width
  }

  #down(count: number): void {
    this.#row = Math.min(ROWS_MAX - 1, this.#row + count)
    this.#rowAt(this.#row)
  }

  #save(): void {
    this.#saved = { row: this.#row, col: this.#col }
  }

  #restore(): void {
    this.#row = this.#saved.row
    this.#col = this.#saved.col
  }

  #control(character: string): void {
    switch (character) {
      case '\b':
        this.#col = Math.max(0, Math.min(this.#col, this.#cols) - 1)
        return
      case '\r':
        this.#col = 0
        return
      case '\n':
        this.#down(1)
        return
      case '\t':
        this.#col = Math.min(this.#cols - 1, (Math.floor(this.#col / 8) + 1) * 8)
    }
  }

  #csi(parameters: string, final: string): void {
    const n = Math.max(1, Math.min(10_000, Number.parseInt(parameters, 10) || 1))
    switch (final) {
      case 'A':
        this.#row = Math.max(0, this.#row - n)
        return
      case 'B':
        this.#down(n)
        return
      case 'C':
        this.#col = Math.min(this.#cols - 1, this.#col + n)
        return
      case 'D':
        this.#col = Math.max(0, Math.min(this.#col, this.#cols - 1) - n)
        return
      case 'G':
        this.#col = Math.min(this.#cols - 1, n - 1)
        return
      case 'H':
      case 'f':
        this.#clear()
        return
      case 's':
        this.#save()
        return
      case 'u':
        this.#restore()
        return
      default:
        this.#edit(parameters === '' ? '0' : parameters, final, n)
    }
  }

  /** Where on the screen we stand is not known: going to a place on it is beginning anew. */
  #clear(): void {
    this.#rows = [{ cells: [], wrapped: false }]
    this.#row = this.#col = 0
    this.#start = { row: 0, col: 0 }
  }

  #edit(mode: string, final: string, n: number): void {
    const current = this.#rowAt(this.#row)
    const { cells } = current
    switch (final) {
      case 'J':
        if (mode !== '0') return
        cells.length = Math.min(cells.length, this.#col)
        this.#rows.length = this.#row + 1
        return
      case 'K':
        if (mode === '0') {
          cells.length = Math.min(cells.length, this.#col)
          current.wrapped = false
        } else cells.fill(' ', 0, mode === '2' ? cells.length : this.#col)
        return
      case 'P':
        cells.splice(this.#col, n)
        return
      case '@':
        cells.splice(this.#col, 0, ...Array.from({ length: Math.min(n, this.#cols) }, () => ' '))
        return
      case 'X':
        cells.fill(' ', this.#col, this.#col + n)
    }
  }
}

/** Columns a character takes: 0 combining, 2 East Asian wide and emoji, else 1. Near enough for finding wraps. */
const columnsOf = (character: string): 0 | 1 | 2 => {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  if (/\p{Mn}|\p{Me}|\u200d|[\ufe00-\ufe0f]/u.test(character)) return 0
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  return wide ? 2 : 1
}
