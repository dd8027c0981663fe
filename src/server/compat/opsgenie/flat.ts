/** Parameters and queries as plain texts. */

/** Of a name that is sent twice the first counts. */
export const flat = (given: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((given ?? {}) as Record<string, string | string[]>).map(([name, value]) => [
      name,
      String([value].flat()[0] ?? ''),
    ]),
  )
