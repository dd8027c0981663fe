/**
 * A terminal just large enough for the line being typed: editors move back and forth over it, wrap it at the screen's
 * edge and suggest endings, so the bytes alone do not say what could be read there.
 */

export type EditedLine = {
  readonly write: (text: string) => void
  readonly resize: (cols: number) => void
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

export const openEditedLine = (initialCols: number): EditedLine => {
  let cols = Math.max(2, initialCols)
  let rows: Row[] = [{ cells: [], wrapped: false }]
  let row = 0
  let col = 0
  let saved = { row: 0, col: 0 }
  let start = { row: 0, col: 0 }

  const rowAt = (index: number): Row => {
    while (rows.length <= index) rows.push({ cells: [], wrapped: false })
    return rows[index]!
  }

  const put = (character: string): void => {
    const width = columnsOf(character)
    if (width === 0) {
      const cells = rowAt(row).cells
      if (col > 0) cells[col - 1] = (cells[col - 1] ?? ' ') + character
      return
    }
    if (col + width > cols) {
      rowAt(row).wrapped = true
      down(1)
      col = 0
    }
    const cells = rowAt(row).cells
    while (cells.length < col) cells.push(' ')
    cells[col] = character
    if (width === 2) cells[col + 1] = ''
    col += width
  }

  const down = (count: number): void => {
    row = Math.min(ROWS_MAX - 1, row + count)
    rowAt(row)
  }

  const control = (character: string): void => {
    switch (character) {
      case '\b':
        col = Math.max(0, Math.min(col, cols) - 1)
        return
      case '\r':
        col = 0
        return
      case '\n':
        down(1)
        return
      case '\t':
        col = Math.min(cols - 1, (Math.floor(col / 8) + 1) * 8)
    }
  }

  const csi = (parameters: string, final: string): void => {
    const n = Math.max(1, Math.min(10_000, Number.parseInt(parameters, 10) || 1))
    const cells = rowAt(row).cells
    switch (final) {
      case 'A':
        row = Math.max(0, row - n)
        return
      case 'B':
        down(n)
        return
      case 'C':
        col = Math.min(cols - 1, col + n)
        return
      case 'D':
        col = Math.max(0, Math.min(col, cols - 1) - n)
        return
      case 'G':
        col = Math.min(cols - 1, n - 1)
        return
      case 'H':
      case 'f':
        rows = [{ cells: [], wrapped: false }]
        row = col = 0
        start = { row: 0, col: 0 }
        return
      case 'J':
        if (parameters === '' || parameters === '0') {
          cells.length = Math.min(cells.length, col)
          rows.length = row + 1
        }
        return
      case 'K':
        if (parameters === '' || parameters === '0') {
          cells.length = Math.min(cells.length, col)
          rowAt(row).wrapped = false
        } else for (let i = 0; i < (parameters === '2' ? cells.length : col); i++) cells[i] = ' '
        return
      case 'P':
        cells.splice(col, n)
        return
      case '@':
        cells.splice(col, 0, ...Array.from({ length: Math.min(n, cols) }, () => ' '))
        return
      case 'X':
        for (let i = col; i < Math.min(cells.length, col + n); i++) cells[i] = ' '
        return
      case 's':
        saved = { row, col }
        return
      case 'u':
        ;({ row, col } = saved)
    }
  }

  const write = (text: string): void => {
    for (const match of text.matchAll(TOKEN)) {
      const [, parameters, final, escape, controlCharacter, printable] = match
      if (printable !== undefined) put(printable)
      else if (controlCharacter !== undefined) control(controlCharacter)
      else if (final !== undefined) csi(parameters ?? '', final)
      else if (escape === '7') saved = { row, col }
      else if (escape === '8') ({ row, col } = saved)
      else if (escape === 'M') row = Math.max(0, row - 1)
    }
  }

  return {
    write,
    resize: (next) => {
      cols = Math.max(2, next)
    },
    markStart: () => {
      start = { row, col }
    },
    typed: () => {
      let text = ''
      for (let i = start.row; i < rows.length; i++) {
        const current = rows[i]!
        text += (i === start.row ? current.cells.slice(start.col) : current.cells).join('')
        if (!current.wrapped && i < rows.length - 1) text = `${text.trimEnd()}\n`
      }
      return text.trimEnd()
    },
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
