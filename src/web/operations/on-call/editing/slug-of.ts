/** A short name made of a long one: `Primär jour` becomes `primar-jour`. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    // Marks that stood on a letter go with it.
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
