/** How much larger than usual the reader's letters are: what is drawn to the pixel around words grows with them. */
export const textScale: number = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1
