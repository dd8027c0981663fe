/** What a person wrote, as the record can keep it: no control characters, no half characters, no more than fits. */

export const plainText = (text: string, length: number): string =>
  text
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '')
    .trim()
    .slice(0, length)
    .toWellFormed()
