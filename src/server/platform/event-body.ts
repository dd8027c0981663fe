/** Reads an event's words back from its disclosures. An erased field is simply absent. */

/** @param disclosures exact JCS texts `["salt","name",value]` as stored in event_bodies */
export const bodyOf = (disclosures: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    disclosures.map((text) => {
      const [, name, value] = JSON.parse(text) as [string, string, unknown]
      return [name, value]
    }),
  )
