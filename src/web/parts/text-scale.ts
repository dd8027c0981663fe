/** How much larger than usual the reader's letters are: what is drawn to the pixel around words grows with them. As usual where there is no browser. */
export const textScale: number =
  typeof document === 'undefined'
    ? 1
    : parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1
